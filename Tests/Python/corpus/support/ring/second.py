import ring.first

TWO = 2


def both():
    return TWO * 10 + ring.first.ONE
