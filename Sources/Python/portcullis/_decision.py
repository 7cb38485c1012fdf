"""What a policy answers when it is asked about one path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portcullis._automaton import ALLOWED, UNDECIDED, State

#: The classes of warnings that are no builtins, by the name that rules give them.
WARNING_CATEGORIES: dict[str, type[Warning]] = {}

_PHASES = ("import", "runtime")
_OPERATIONS = ("access", "use")


class Rule(NamedTuple):
    """One rule of a policy; every field but ``id`` and ``effect`` may be None."""

    id: str
    effect: str
    category: str | None
    message: str | None
    because: str | None
    see: str | None
    instead: str | None
    location: str | None


class Decision(NamedTuple):
    """What a policy says about a path.

    Attributes:
        rule: the rule that matches, or None if the path is allowed.
    """

    rule: Rule | None

    @property
    def effect(self) -> str:
        """``"allow"``, ``"deny"``, ``"warn"`` or ``"audit"``."""
        return "allow" if self.rule is None else self.rule.effect

    @property
    def is_allowed(self) -> bool:
        """Whether no rule matches."""
        return self.rule is None


class Question(NamedTuple):
    """A path, and in which of the four contexts it is asked about."""

    path: tuple[str, ...]
    context: int


def question(path: str | Sequence[str], phase: str, operation: str) -> Question:
    """The question about a path, dotted or as names.

    Raises:
        ValueError: that is no phase or no operation.
    """
    for given, known in ((phase, _PHASES), (operation, _OPERATIONS)):
        if given not in known:
            raise ValueError(f"`{given}` is neither `{known[0]}` nor `{known[1]}`")
    names = tuple(path.split(".")) if isinstance(path, str) else tuple(path)
    return Question(names, _PHASES.index(phase) + 2 * _OPERATIONS.index(operation))


def explanation(members: State, asked: Question, decision: Decision) -> str:
    """The walk, the rule that matches, and what would change the decision, in lines."""
    spelt = ".".join(asked.path)
    when = f"{_PHASES[asked.context & 1]} {_OPERATIONS[asked.context >> 1]}"
    words = {"allow": "allowed", "deny": "denied", "warn": "warned about", "audit": "recorded"}
    lines = [f"{spelt} ({when}): {words[decision.effect]}", *_walk(members, asked)]
    rule = decision.rule
    if rule is None:
        return "\n".join(lines)
    place = f", written at {rule.location}" if rule.location else ""
    lines.append(f"  rule `{rule.id}`{place}")
    lines += [f"  {text}" for text in (rule.message, rule.because, rule.see) if text]
    lines.append("  what would change it:")
    if rule.instead:
        lines.append(f"    - write `{rule.instead}` instead")
    lines.append(f'    - add `<unrestrict path="{spelt}" because="..."/>` to the policy')
    names = ", ".join(f'"{name}"' for name in asked.path)
    lines.append(f"    - or make one in code: `policy.with_child_unrestricted({names})`")
    return "\n".join(lines)


def _walk(members: State, asked: Question) -> list[str]:
    lines = []
    here: State | None = members
    for depth, name in enumerate(asked.path, 1):
        if here is None:
            break
        way = "named by the policy" if name in here.edges else "one of any other name"
        edge = here.edges.get(name, here.other)
        decided = edge.decided[asked.context]
        if decided == UNDECIDED:
            outcome = "goes on"
        elif decided == ALLOWED:
            outcome = "nothing matches here or below"
        else:
            outcome = "a rule matches"
        lines.append(f"  {'.'.join(asked.path[:depth])}: {way}, {outcome}")
        if decided != UNDECIDED:
            break
        here = edge.child
    return lines
