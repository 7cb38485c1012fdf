"""Builds a server's routes and a client's pieces, and opens nothing."""

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL


async def handle(request):
    return web.json_response({"ok": True})


def use():
    application = web.Application()
    route = application.router.add_get("/orders/{id}", handle, name="order")
    url = URL("https://example.com/a?b=c") / "d"
    headers = CIMultiDict({"Accept": "x"})
    response = web.json_response({"a": 1}, status=201)
    return [
        str(application.router["order"].url_for(id="7")),
        route.method,
        str(url),
        headers["ACCEPT"],
        response.text,
        response.status,
        aiohttp.ClientTimeout(total=7).total,
    ]
