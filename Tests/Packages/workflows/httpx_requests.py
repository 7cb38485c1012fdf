"""Builds requests and reads responses, and sends nothing."""

import httpx


def use():
    client = httpx.Client(
        base_url="https://example.com/v1/",
        headers={"user-agent": "test"},
        trust_env=False,
    )
    request = client.build_request("POST", "items", params={"q": "a b"}, json={"id": 1})
    response = httpx.Response(200, json={"a": 1}, request=request)
    url = httpx.URL("https://example.org/a/b?x=1").join("../c").copy_with(port=81)
    failed = httpx.Response(503, request=request)
    try:
        failed.raise_for_status()
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
    return [str(request.url), sorted(request.headers.items()), response.json(), str(url), status]
