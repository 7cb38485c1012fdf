from .. import labels, weights


def chute(weight):
    return labels.label(weight), weight - weights.LIGHT
