from .weights import HEAVY as _HEAVY


def label(weight):
    return "heavy" if weight >= _HEAVY else "light"
