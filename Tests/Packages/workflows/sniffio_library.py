"""Asks which asynchronous library runs."""

import sniffio


def use():
    try:
        sniffio.current_async_library()
    except sniffio.AsyncLibraryNotFoundError as error:
        missing = type(error).__name__
    token = sniffio.current_async_library_cvar.set("mine")
    try:
        return [missing, sniffio.current_async_library()]
    finally:
        sniffio.current_async_library_cvar.reset(token)
