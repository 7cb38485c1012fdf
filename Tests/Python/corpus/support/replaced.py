"""A module that puts an object in its own place."""

import sys


class _Settings:
    colour = "blue"

    def __getattr__(self, name):
        return f"no {name}"


sys.modules[__name__] = _Settings()
