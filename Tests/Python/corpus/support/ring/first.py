from . import second

ONE = 1


def both():
    return ONE + second.TWO
