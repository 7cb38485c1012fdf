"""Prepares a request with its cookies, and sends nothing."""

import requests


def use():
    session = requests.Session()
    session.headers["X-Tenant"] = "acme"
    request = requests.Request(
        "POST",
        "https://example.com/orders",
        params={"page": [1, 2]},
        json={"id": 7, "price": 1.5},
        auth=("user", "pass"),
        cookies={"session": "abc"},
    )
    prepared = session.prepare_request(request)
    jar = requests.cookies.cookiejar_from_dict({"a": "1"})
    try:
        requests.Request("GET", "no-scheme").prepare()
    except requests.exceptions.MissingSchema as error:
        refused = type(error).__name__
    response = requests.Response()
    response.status_code = 404
    response.url = prepared.url
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        status = str(error)
    headers = {name: value for name, value in prepared.headers.items() if name != "User-Agent"}
    body = prepared.body.decode()
    return [prepared.url, sorted(headers.items()), body, dict(jar), refused, status]
