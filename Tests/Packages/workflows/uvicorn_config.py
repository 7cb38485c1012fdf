"""Makes the configuration of a server, and starts none."""

import uvicorn
from uvicorn.config import LOG_LEVELS
from uvicorn.importer import ImportFromStringError, import_from_string


async def application(scope, receive, send):
    return None


def use():
    config = uvicorn.Config(
        application,
        port=8001,
        interface="asgi3",
        log_config=None,
        workers=1,
        forwarded_allow_ips="127.0.0.1",
    )
    try:
        import_from_string("no_colon")
    except ImportFromStringError as error:
        refused = type(error).__name__
    loaded = import_from_string("json:dumps")([1])
    reloads = config.should_reload
    return [config.port, config.asgi_version, reloads, refused, loaded, LOG_LEVELS["info"]]
