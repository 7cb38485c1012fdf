from ..weights import HEAVY
from .rules import chute

__all__ = ["HEAVY", "chute"]
