"""A package whose modules import each other."""

from . import first, second

TOTAL = first.ONE + second.TWO
