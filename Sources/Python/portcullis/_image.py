"""Policy images as values: read into automata, and written again.

The layout is documented in `PolicyFormat`. Whatever is written here is verified by the gate before
it decides anything, as every image is.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from portcullis._automaton import (
    ALLOWED,
    MATCHED,
    UNDECIDED,
    Decided,
    Edge,
    RuleRecord,
    State,
)

_MAGIC = 0x0A1A_0A0D_4342_4350
_VERSION = 1
_HEADER = struct.Struct("<QIIQII")
_ENTRY = struct.Struct("<IIQQ")
_SLOT = struct.Struct("<QII")
_CELL = struct.Struct("<III")
_TEXTS = struct.Struct("<7I")
_RULE = struct.Struct("<6I")
_ROOT = struct.Struct("<HH5I")
_OUTCOME = struct.Struct("<4I")
_RECORDS = (1, 16, 12, 16, 28, 24, 24)
_HEADER_BYTES, _DIGEST_OFFSET, _ALIGNMENT = 64, 32, 64

_NONE = 0xFFFF_FFFF
_NO_RULE = 0x7F_FFFF
_OTHER, _END, _FIRST_NAME = 0, 1, 2
_WORD = (1 << 64) - 1

#: The longest name, and the longest text of a rule, in bytes of UTF-8.
NAME_BYTES, TEXT_BYTES = 255, 65_535

PASSES_ALL_THROUGH, LAZY_SYS_MODULES = 1, 2
_NOTIFICATION_SHIFT = 8


class ImageError(ValueError):
    """A policy does not fit into an image."""


class Image(NamedTuple):
    """What holds on one version of Python."""

    name: str
    members: State
    modules: State
    passthrough: State
    rules: list[RuleRecord]
    passes_all_through: bool
    notifications: int
    lazy_sys_modules: bool


# Reading


def read(image: bytes, python: tuple[int, int]) -> Image:
    """Read an image that the gate has verified.

    Raises:
        ImageError: it does not cover the version of Python.
    """
    return _Reader(image).image(python)


class _Reader:
    def __init__(self, image: bytes) -> None:
        self._image = image
        self._name_reference = _HEADER.unpack_from(image)[5]
        self._sections = [
            image[offset : offset + length]
            for _, _, offset, length in (
                _ENTRY.unpack_from(image, _HEADER_BYTES + number * _ENTRY.size)
                for number in range(len(_RECORDS))
            )
        ]
        self._strings = self._sections[0]
        self._states: dict[int, State] = {}

    def image(self, python: tuple[int, int]) -> Image:
        version = python[0] << 8 | python[1]
        roots = _ROOT.iter_unpack(self._sections[6])
        root = next((root for root in roots if root[0] <= version <= root[1]), None)
        if root is None:
            raise ImageError(f"the policy does not cover Python {python[0]}.{python[1]}")
        _, _, flags, members, modules, passthrough, _ = root
        self._names = dict(self._read_names())
        self._outcomes = list(_OUTCOME.iter_unpack(self._sections[3]))
        self._cells: dict[int, list[tuple[int, int, int]]] = {}
        for index, (base, child, verdict) in enumerate(_CELL.iter_unpack(self._sections[2])):
            if base != _NONE:
                self._cells.setdefault(base, []).append((index - base, child, verdict))
        return Image(
            self._string(self._name_reference),
            self._state(members),
            self._state(modules),
            self._state(passthrough),
            list(self._read_rules()),
            bool(flags & PASSES_ALL_THROUGH),
            flags >> _NOTIFICATION_SHIFT & 7,
            bool(flags & LAZY_SYS_MODULES),
        )

    def _string(self, reference: int) -> str:
        (length,) = struct.unpack_from("<H", self._strings, reference)
        return self._strings[reference + 2 : reference + 2 + length].decode()

    def _read_names(self) -> Iterator[tuple[int, str]]:
        for _, number, offset in _SLOT.iter_unpack(self._sections[1]):
            if number:
                yield number >> 8, self._strings[offset : offset + (number & 0xFF)].decode()

    def _read_rules(self) -> Iterator[RuleRecord]:
        texts = list(_TEXTS.iter_unpack(self._sections[4]))
        for prefix, leaf, name, text, line, column in _RULE.iter_unpack(self._sections[5]):
            word, *references = texts[text]
            category, message, because, see, instead, file = map(self._string, references)
            yield RuleRecord(
                self._string(prefix),
                self._string(leaf),
                column >> 24,
                word & 0xFF,
                category,
                message,
                because,
                see,
                instead,
                file,
                line,
                column & 0xFF_FFFF,
                self._string(name),
                word >> 8,
            )

    def _state(self, base: int) -> State:
        known = self._states.get(base)
        if known is not None:
            return known
        edges: dict[str, Edge] = {}
        other, end = Edge((ALLOWED,) * 4, None), (ALLOWED,) * 4
        for segment, child, word in self._cells[base]:
            if segment == _END:
                end = self._decided(word)
                continue
            edge = Edge(self._decided(word), None if child == _NONE else self._state(child))
            if segment == _OTHER:
                other = edge
            else:
                edges[self._names[segment]] = edge
        made = self._states[base] = State(edges, other, end)
        return made

    def _decided(self, verdict: int) -> Decided:
        value = verdict >> 8 & _NO_RULE
        rules = self._outcomes[value] if verdict >> 31 else (value,) * 4
        return tuple(  # type: ignore[return-value]
            (MATCHED if rule == _NO_RULE else rule)
            if verdict >> context & 1
            else ALLOWED
            if verdict >> 4 + context & 1
            else UNDECIDED
            for context, rule in enumerate(rules)
        )


# Writing


def write(image: Image, python: tuple[int, int]) -> bytes:
    """Write an image for one version of Python.

    Raises:
        ImageError: a name or a text is too long.
    """
    return _Writer(image).written(python)


class _Placed(NamedTuple):
    """A state with its edges by number."""

    edges: tuple[tuple[int, int, int], ...]  # segment, verdict, child state or -1
    end: int
    height: int


class _Writer:
    def __init__(self, image: Image) -> None:
        self._image = image
        self._pool = bytearray(2)
        self._references: dict[str, int] = {}
        self._outcomes: dict[Decided, int] = {}
        self._numbers = self._numbered()
        self._states: dict[_Placed, int] = {}
        self._heights: list[int] = []
        self._known: dict[int, int] = {}

    def written(self, python: tuple[int, int]) -> bytes:
        image = self._image
        roots = [self._state(s) for s in (image.members, image.modules, image.passthrough)]
        states = list(self._states)
        bases = _layout([[1, *(edge[0] for edge in state.edges)] for state in states])
        texts, rules = self._rule_records()
        flags = image.notifications << _NOTIFICATION_SHIFT
        flags |= PASSES_ALL_THROUGH if image.passes_all_through else 0
        flags |= LAZY_SYS_MODULES if image.lazy_sys_modules else 0
        version = python[0] << 8 | python[1]
        name = self._reference(image.name)
        slots = self._slots()
        outcomes = [
            [rule if rule >= 0 else _NO_RULE for rule in decided] for decided in self._outcomes
        ]
        return _assembled(
            name,
            [
                bytes(self._pool),
                slots,
                _cells(states, bases),
                b"".join(_OUTCOME.pack(*outcome) for outcome in outcomes),
                texts,
                rules,
                _ROOT.pack(version, version, flags, *(bases[root] for root in roots), 0),
            ],
        )

    def _numbered(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        pending = [self._image.members, self._image.modules, self._image.passthrough]
        seen = set()
        while pending:
            state = pending.pop()
            if id(state) in seen:
                continue
            seen.add(id(state))
            counts.update(list(state.edges))
            children = [edge.child for edge in (*state.edges.values(), state.other)]
            pending += [child for child in children if child is not None]
        names = sorted(counts, key=lambda name: (-counts[name], name))
        return {name: number for number, name in enumerate(names, _FIRST_NAME)}

    def _state(self, state: State) -> int:
        known = self._known.get(id(state))
        if known is not None:
            return known
        edges = [self._edge(self._numbers[name], edge) for name, edge in state.edges.items()]
        if state.other.decided != (ALLOWED,) * 4:
            edges.append(self._edge(_OTHER, state.other))
        heights = [self._heights[child] + 1 for _, _, child in edges if child >= 0]
        made = _Placed(tuple(sorted(edges)), self._verdict(state.end), max(heights, default=0))
        number = self._states.setdefault(made, len(self._states))
        if number == len(self._heights):
            self._heights.append(made.height)
        self._known[id(state)] = number
        return number

    def _edge(self, segment: int, edge: Edge) -> tuple[int, int, int]:
        child = -1 if edge.child is None else self._state(edge.child)
        return segment, self._verdict(edge.decided), child

    def _verdict(self, decided: Decided) -> int:
        word, found = 0, set()
        for context, decision in enumerate(decided):
            if decision == ALLOWED:
                word |= 1 << 4 + context
            elif decision != UNDECIDED:
                word |= 1 << context
                found.add(decision)
        if len(found) > 1:
            number = self._outcomes.setdefault(decided, len(self._outcomes))
            return word | number << 8 | 1 << 31
        for decision in found:
            word |= (_NO_RULE if decision == MATCHED else decision) << 8
        return word

    def _reference(self, text: str) -> int:
        if not text:
            return 0
        known = self._references.get(text)
        if known is None:
            encoded = text.encode()
            if len(encoded) > TEXT_BYTES:
                raise ImageError(f"a text has more than {TEXT_BYTES} bytes")
            known = self._references[text] = len(self._pool)
            self._pool += struct.pack("<H", len(encoded)) + encoded
        return known

    def _slots(self) -> bytes:
        count = 8
        while count * 3 // 8 <= len(self._numbers):
            count *= 2
        slots = [(0, 0, 0)] * count
        for name, number in self._numbers.items():
            encoded = name.encode()
            if len(encoded) > NAME_BYTES:
                raise ImageError(f"a name has more than {NAME_BYTES} bytes: `{name[:40]}...`")
            reference = self._reference(name)
            slot = _hash(encoded) & (count - 1)
            while slots[slot][1]:
                slot = slot + 1 & (count - 1)
            prefix = int.from_bytes(encoded[:8], "little")
            offset = reference + 2 if reference else 0
            slots[slot] = (prefix, number << 8 | len(encoded), offset)
        return b"".join(_SLOT.pack(*slot) for slot in slots)

    def _rule_records(self) -> tuple[bytes, bytes]:
        texts: dict[tuple[int, ...], int] = {}
        records = []
        for rule in self._image.rules:
            strings = (rule.category, rule.message, rule.because, rule.see, rule.instead, rule.file)
            text = (rule.effect | rule.arguments << 8, *map(self._reference, strings))
            records.append(
                _RULE.pack(
                    self._reference(rule.prefix),
                    self._reference(rule.leaf),
                    self._reference(rule.id),
                    texts.setdefault(text, len(texts)),
                    rule.line,
                    rule.column | rule.kind << 24,
                )
            )
        return b"".join(_TEXTS.pack(*text) for text in texts), b"".join(records)


def _hash(name: bytes) -> int:
    mixed = 0
    for start in range(0, len(name), 8):
        word = int.from_bytes(name[start : start + 8], "little")
        mixed = (mixed ^ word) * 0x9E37_79B9_7F4A_7C15 & _WORD
        mixed ^= mixed >> 29
    return (mixed ^ mixed >> 32 ^ mixed >> 48) + len(name) & _WORD


#: How many places a state tries before it goes behind the end.
_ATTEMPTS = 256


def _layout(states: list[list[int]]) -> list[int]:
    """A base for each state such that no two states need the same cell."""
    taken: set[int] = set()
    bases = [0] * len(states)
    used_bases: set[int] = set()
    end = start = 0
    for number in sorted(range(len(states)), key=lambda n: -len(states[n])):
        segments = states[number]
        base = start
        for _ in range(_ATTEMPTS):
            if base not in used_bases and all(base + s not in taken for s in segments):
                break
            base += 1
        else:
            base = end
            start = max(start, base - _ATTEMPTS)
        bases[number] = base
        used_bases.add(base)
        taken.update(base + s for s in segments)
        end = max(end, base + max(segments) + 1)
    return bases


def _cells(states: list[_Placed], bases: list[int]) -> bytes:
    cells: dict[int, tuple[int, int, int]] = {}
    for state, base in zip(states, bases, strict=True):
        cells[base + _END] = (base, state.height, state.end)
        for segment, verdict, child in state.edges:
            cells[base + segment] = (base, _NONE if child < 0 else bases[child], verdict)
    free = (_NONE, _NONE, 0)
    return b"".join(_CELL.pack(*cells.get(index, free)) for index in range(max(cells) + 1))


def _assembled(name: int, sections: list[bytes]) -> bytes:
    table, body = b"", b""
    start = offset = _aligned(_HEADER_BYTES + len(sections) * _ENTRY.size)
    for kind, (section, size) in enumerate(zip(sections, _RECORDS, strict=True), 1):
        table += _ENTRY.pack(kind, size, offset, len(section))
        body += section.ljust(_aligned(len(section)), b"\0")
        offset = start + len(body)
    header = _HEADER.pack(_MAGIC, _VERSION, len(sections), offset, 0, name)
    image = bytearray((header.ljust(_HEADER_BYTES, b"\0") + table).ljust(start, b"\0") + body)
    image[_DIGEST_OFFSET : _DIGEST_OFFSET + 16] = _digest(image)
    return bytes(image)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _digest(image: bytearray) -> bytes:
    lanes = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0]
    lanes.append(0x082E_FA98_EC4E_6C89)
    for index, (word,) in enumerate(struct.iter_unpack("<Q", image)):
        lane = (lanes[index & 3] ^ word) * 0x9FB2_1C65_1E98_DF25 & _WORD
        lanes[index & 3] = lane ^ lane >> 35
    low = lanes[0] ^ (lanes[1] << 23 & _WORD | lanes[1] >> 41)
    high = lanes[2] ^ (lanes[3] << 23 & _WORD | lanes[3] >> 41)
    return struct.pack("<QQ", low, high)
