"""Matchers as automata, and how one is laid over another.

An automaton reads a dotted path name by name and decides it in four contexts: access at import and
at run time, use at import and at run time. Policies in code are made of these: the automaton of
a compiled policy, and over it those of exceptions, of matchers and of other policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

#: What is decided in one context: one of these, or the number of a rule.
UNDECIDED = -1
ALLOWED = -2
#: Nothing is said, so that what is below decides.
SILENT = -3
#: It matches, and no rule says why.
MATCHED = -4

Decided: TypeAlias = tuple[int, int, int, int]

#: How many names a path can have.
DEPTH_LIMIT = 128

_UNDECIDED: Decided = (UNDECIDED,) * 4
_ALLOWED: Decided = (ALLOWED,) * 4
_SILENT: Decided = (SILENT,) * 4
_MATCHED: Decided = (MATCHED,) * 4
_USE = (False, False, True, True)


class Edge(NamedTuple):
    """What one more name decides, and where the contexts that are not decided go on."""

    decided: Decided
    child: State | None


class State:
    """A place in an automaton."""

    __slots__ = ("edges", "end", "other")

    def __init__(self, edges: Mapping[str, Edge], other: Edge, end: Decided) -> None:
        """Make a state.

        Args:
            edges: by name, for the names that are spoken of.
            other: the edge of every other name.
            end: what is decided if the path ends here.
        """
        self.edges = edges
        self.other = other
        self.end = end


#: Nothing is restricted.
NOTHING = State({}, Edge(_ALLOWED, None), _ALLOWED)


class RuleRecord(NamedTuple):
    """One rule as an image holds it; absent texts are empty."""

    prefix: str
    leaf: str
    kind: int
    effect: int = 0
    category: str = ""
    message: str = ""
    because: str = ""
    see: str = ""
    instead: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    id: str = ""
    arguments: int = 0


ACCESS, USE, SELF = range(3)
DENY, WARN, AUDIT = range(3)


class TooDeep(ValueError):
    """A matcher has more levels than a path can have names."""


# Composition


def over(base: State, layer: State) -> State:
    """The automaton of a layer over a base: what the layer says holds, else what the base says."""
    return _Overlay().state(base, layer, _UNDECIDED, _UNDECIDED)


class _Overlay:
    """Walks two automata at once; every pair of places that is met becomes one state."""

    def __init__(self) -> None:
        self._states: dict[tuple[int, int, Decided, Decided], State] = {}

    def state(
        self, base: State | None, layer: State | None, below: Decided, above: Decided
    ) -> State:
        key = (id(base), id(layer), below, above)
        known = self._states.get(key)
        if known is not None:
            return known
        names: dict[str, None] = {}
        for side in (base, layer):
            if side is not None:
                names.update(dict.fromkeys(side.edges))
        edges = {name: self._edge(base, layer, below, above, name) for name in names}
        other = self._edge(base, layer, below, above, None)
        end = _joined(
            below if base is None else _merged(below, base.end),
            above if layer is None else _merged(above, layer.end),
        )
        made = self._states[key] = State(edges, other, end)
        return made

    def _edge(
        self,
        base: State | None,
        layer: State | None,
        below: Decided,
        above: Decided,
        name: str | None,
    ) -> Edge:
        if base is not None:
            edge = base.other if name is None else base.edges.get(name, base.other)
            below, base = _merged(below, edge.decided), edge.child
        if layer is not None:
            edge = layer.other if name is None else layer.edges.get(name, layer.other)
            above, layer = _merged(above, edge.decided), edge.child
        decided = _joined(below, above)
        if UNDECIDED not in decided:
            return Edge(decided, None)
        child = self.state(base, layer, below, above)
        decided = _folded(decided, child)
        return Edge(decided, child if UNDECIDED in decided else None)


def _merged(first: Decided, then: Decided) -> Decided:
    """What was decided first, and where nothing was, what is decided then."""
    if first == _UNDECIDED:
        return then
    return tuple(b if a == UNDECIDED else a for a, b in zip(first, then, strict=True))  # type: ignore[return-value]


def _joined(below: Decided, above: Decided) -> Decided:
    return tuple(b if a == SILENT else a for a, b in zip(above, below, strict=True))  # type: ignore[return-value]


def _folded(decided: Decided, child: State) -> Decided:
    """Decides on the edge what comes out the same whatever follows."""
    same: list[int] = list(child.end)
    for edge in (child.other, *child.edges.values()):
        for context in range(4):
            if edge.decided[context] != same[context]:
                same[context] = UNDECIDED
    return _merged(decided, tuple(same))  # type: ignore[arg-type]


def restricts(state: State, path: Iterable[str]) -> bool:
    """Whether anything at a path or below it is restricted in any context."""
    here: State | None = state
    decided = _UNDECIDED
    for name in path:
        if here is None:
            break
        edge = here.edges.get(name, here.other)
        decided, here = _merged(decided, edge.decided), edge.child
    if any(d not in (UNDECIDED, ALLOWED) for d in decided):
        return True
    undecided = [context for context, d in enumerate(decided) if d == UNDECIDED]
    return here is not None and _restricts_below(here, undecided)


def matches(state: State, path: Iterable[str]) -> bool:
    """Whether a path, or one above it, matches in the first context."""
    for name in path:
        edge = state.edges.get(name, state.other)
        if edge.decided[0] != UNDECIDED or edge.child is None:
            return edge.decided[0] != ALLOWED
        state = edge.child
    return state.end[0] != ALLOWED


def _restricts_below(state: State, contexts: list[int]) -> bool:
    if any(state.end[context] != ALLOWED for context in contexts):
        return True
    for edge in (state.other, *state.edges.values()):
        if any(edge.decided[context] not in (UNDECIDED, ALLOWED) for context in contexts):
            return True
        still = [context for context in contexts if edge.decided[context] == UNDECIDED]
        if still and edge.child is not None and _restricts_below(edge.child, still):
            return True
    return False


# Layers


def exception(path: Iterable[str]) -> State:
    """The layer that allows a path and everything below it."""
    state = State({}, Edge(_ALLOWED, None), _ALLOWED)
    edge = Edge(_ALLOWED, None)
    for name in reversed(list(path)):
        state = State({name: edge}, Edge(_SILENT, None), _SILENT)
        edge = Edge(_UNDECIDED, state)
    return state


def module_names(names: Iterable[str]) -> State:
    """The layer that matches dotted names, each with everything below it."""
    tree: dict[str | None, Any] = {}
    for name in names:
        parts = name.split(".")
        _check_depth(len(parts))
        node = tree
        for part in parts:
            node = node.setdefault(part, {})
        node[None] = {}  # a name ends here
    return _names_state(tree)


def _names_state(tree: dict[str | None, Any]) -> State:
    edges = {
        name: Edge(_MATCHED, None) if None in below else Edge(_UNDECIDED, _names_state(below))
        for name, below in tree.items()
        if name is not None
    }
    return State(edges, Edge(_SILENT, None), _SILENT)


def restrictions_alone(state: State, first: int) -> State:
    """The automaton of a policy as a layer: what it allows, it says nothing about.

    Args:
        state: the automaton.
        first: the number that its first rule gets.
    """
    known: dict[int, State] = {}

    def silent(decided: Decided) -> Decided:
        return tuple(  # type: ignore[return-value]
            SILENT if d == ALLOWED else d + first if d >= 0 else d for d in decided
        )

    def copied(state: State) -> State:
        made = known.get(id(state))
        if made is None:
            made = known[id(state)] = State(
                {name: edge(e) for name, e in state.edges.items()},
                edge(state.other),
                silent(state.end),
            )
        return made

    def edge(e: Edge) -> Edge:
        return Edge(silent(e.decided), None if e.child is None else copied(e.child))

    return copied(state)


class MatcherLayer:
    """Turns a tree of matchers with the fields of temporalio's ``SandboxMatcher`` into a layer."""

    def __init__(self, rules: list[RuleRecord], *, warns: bool = True) -> None:
        """Make it.

        Args:
            rules: where the rules of the matcher are added.
            warns: whether a leaf's warning replaces the error.
        """
        self._rules = rules
        self._warns = warns
        #: The classes of the warnings, by the name that the rules give them.
        self.categories: dict[str, type[Warning]] = {}

    def state(self, matcher: Any, prefix: str = "", leaf: str = "", depth: int = 0) -> State:
        """The state of a matcher that stands at ``prefix.leaf``."""
        _check_depth(depth)
        return _Node(self, matcher, prefix, leaf, depth).state()

    def rule(self, prefix: str, leaf: str, kind: int, matcher: Any) -> int:
        """A new rule; the message and the warning are those of the matcher that matched."""
        message, category, effect = getattr(matcher, "leaf_message", None) or "", "", DENY
        warning = getattr(matcher, "leaf_warning", None)
        if warning is not None and self._warns:
            category, effect = _category(warning), WARN
            self.categories[category] = warning
        self._rules.append(RuleRecord(prefix, leaf, kind, effect, category, message))
        return len(self._rules) - 1


class _Node:
    """One matcher on the way to its state."""

    def __init__(
        self, layer: MatcherLayer, matcher: Any, prefix: str, leaf: str, depth: int
    ) -> None:
        self._layer = layer
        self._matcher = matcher
        self._path = f"{prefix}.{leaf}" if prefix else leaf
        self._depth = depth
        self._children = matcher.children or {}
        self._is_live = (not matcher.only_runtime, True, not matcher.only_runtime, True)
        self._rules: dict[tuple[str, int], int] = {}
        self._self = layer.rule(prefix, leaf, SELF, matcher) if matcher.match_self else None
        self._any = self._children.get("*")
        self._any_state: State | None = None

    def state(self) -> State:
        matcher = self._matcher
        names = {*matcher.access, *matcher.use, *self._children, *matcher.exclude}
        # The name `*` differs from any other unknown one only where it is excluded.
        if "*" not in matcher.exclude:
            names.discard("*")
        edges = {name: self._edge(name) for name in sorted(names)}
        end = SILENT if self._self is None else self._self
        return State(edges, self._edge(None), self._in_live(end))

    def _edge(self, name: str | None) -> Edge:
        matcher = self._matcher
        if name in matcher.exclude:
            return Edge(_SILENT, None)
        if self._self is not None:
            return Edge(self._in_live(self._self), None)
        access = self._listed(matcher.access, ACCESS, name)
        if access is not None:
            return Edge(self._in_live(access), None)
        use = self._listed(matcher.use, USE, name)
        child = self._child(name)
        below = SILENT if child is None else UNDECIDED
        decided = tuple(
            SILENT if not live else use if is_use and use is not None else below
            for live, is_use in zip(self._is_live, _USE, strict=True)
        )
        return Edge(decided, child if UNDECIDED in decided else None)  # type: ignore[arg-type]

    def _in_live(self, decision: int) -> Decided:
        return tuple(decision if live else SILENT for live in self._is_live)  # type: ignore[return-value]

    def _listed(self, listed: Any, kind: int, name: str | None) -> int | None:
        """The rule for a name that is listed, or for the wildcard."""
        found = name if name is not None and name in listed else "*" if "*" in listed else None
        if found is None:
            return None
        if (found, kind) not in self._rules:
            self._rules[found, kind] = self._layer.rule(self._path, found, kind, None)
        return self._rules[found, kind]

    def _child(self, name: str | None) -> State | None:
        child = self._children.get(name) if name is not None else None
        if child is not None:
            return self._layer.state(child, self._path, name or "", self._depth + 1)
        if self._any is None:
            return None
        if self._any_state is None:
            self._any_state = self._layer.state(self._any, self._path, "*", self._depth + 1)
        return self._any_state


def _category(warning: type[Warning]) -> str:
    if warning.__module__ == "builtins":
        return warning.__name__
    return f"{warning.__module__}.{warning.__qualname__}"


def _check_depth(depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise TooDeep(f"a path has more than {DEPTH_LIMIT} names")
