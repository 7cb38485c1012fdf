from . import weights


def price(weight):
    return weight * (2 if weight > weights.LIGHT else 1)
