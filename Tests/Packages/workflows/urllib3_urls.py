"""Parses addresses, encodes a form and counts retries."""

import urllib3
from urllib3.filepost import encode_multipart_formdata
from urllib3.util import Retry, Timeout, make_headers, parse_url


def use():
    url = parse_url("https://user@example.com:8443/a/../b?q=1#top")
    body, kind = encode_multipart_formdata({"name": "value"}, boundary="xxx")
    retry = Retry(total=3, backoff_factor=0.5).increment("GET", "/", error=TimeoutError("late"))
    timeout = Timeout(connect=2.0, read=7.0)
    headers = urllib3.HTTPHeaderDict({"Accept": "a"})
    headers.add("accept", "b")
    return [
        list(url),
        body.decode(),
        kind,
        retry.total,
        timeout.connect_timeout,
        make_headers(basic_auth="a:b"),
        dict(headers),
    ]
