"""Writes random matchers, random paths, and what temporalio decides about them, as JSON lines.

One line a matcher: ``{"m": matcher, "q": [[path, runtime, use, answer], ...]}`` where an answer is
null (no match) or ``[message, warning]``. Usage: ``matchers.py [--seed N] [--cases N]``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from typing import Any

from temporalio.worker.workflow_sandbox import SandboxMatcher
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

NAMES = ["os", "path", "join", "datetime", "now", "today", "__call__", "__init__", "x", "größe"]
LONG = ["a_name_of_more_than_eight_bytes", "a_name_of_more_than_eight_bits", "eight_by"]
ALPHABET = NAMES + LONG
WARNINGS = {w.__name__: w for w in (UserWarning, DeprecationWarning, RuntimeWarning)}
QUERIES = 40


def contexts() -> tuple[RestrictionContext, RestrictionContext]:
    importing, running = RestrictionContext(), RestrictionContext()
    running.is_runtime = True
    return importing, running


CONTEXTS = contexts()


class Generator:
    """Makes matchers, as the JSON that describes them, and paths through them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.messages = 0

    def names(self, chance: float, star: float) -> list[str]:
        if self.random.random() >= chance:
            return []
        names = set(self.random.sample(ALPHABET, self.random.randint(1, 3)))
        if self.random.random() < star:
            names.add("*")
        return sorted(names)

    def matcher(self, depth: int = 0) -> dict[str, Any]:
        rnd = self.random
        made: dict[str, Any] = {}
        for field, chance, star in (
            ("access", 0.3, 0.2),
            ("use", 0.4, 0.3),
            ("exclude", 0.25, 0.2),
        ):
            if names := self.names(chance, star):
                made[field] = names
        if rnd.random() < 0.25:
            made["only_runtime"] = True
        if rnd.random() < (0.25 if depth else 0.05):
            made["match_self"] = True
            if rnd.random() < 0.6:
                self.messages += 1
                made["leaf_message"] = f"message {self.messages}" if rnd.random() < 0.9 else ""
            if rnd.random() < 0.3:
                made["leaf_warning"] = rnd.choice(sorted(WARNINGS))
        if rnd.random() < (0.95, 0.7, 0.5, 0.25, 0.0)[depth]:
            names = rnd.sample(ALPHABET, rnd.randint(1, 4 if depth < 2 else 2))
            if rnd.random() < 0.35:
                names[-1] = "*"
            made["children"] = {name: self.matcher(depth + 1) for name in sorted(names)}
        return made

    def path(self, matcher: dict[str, Any]) -> list[str]:
        rnd = self.random
        path: list[str] = []
        node: dict[str, Any] | None = matcher
        for _ in range(rnd.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5))):
            pool: list[str] = []
            if node and rnd.random() < 0.75:
                pool += list(node.get("children", ())) * 3
                for field in ("access", "use", "exclude"):
                    pool += node.get(field, [])
            name = rnd.choice(pool) if pool else rnd.choice(ALPHABET)
            if name == "*" and rnd.random() < 0.8:
                name = rnd.choice(ALPHABET)
            path.append(name)
            children = node.get("children", {}) if node else {}
            node = children.get(name) or children.get("*")
        return path


def build(made: dict[str, Any]) -> SandboxMatcher:
    warning = made.get("leaf_warning")
    return SandboxMatcher(
        access=set(made.get("access", ())),
        use=set(made.get("use", ())),
        exclude=set(made.get("exclude", ())),
        children={name: build(child) for name, child in made.get("children", {}).items()},
        match_self=made.get("match_self", False),
        only_runtime=made.get("only_runtime", False),
        leaf_message=made.get("leaf_message"),
        leaf_warning=WARNINGS[warning] if warning else None,
    )


def answer(matcher: SandboxMatcher, path: list[str], runtime: int, use: int) -> list[Any] | None:
    found = matcher.access_matcher(CONTEXTS[runtime], *path, include_use=bool(use))
    if found is None:
        return None
    warning = found.leaf_warning.__name__ if found.leaf_warning else None
    return [found.leaf_message or None, warning]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=200_000)
    arguments = parser.parse_args()
    generator = Generator(arguments.seed)
    for _ in range(arguments.cases // QUERIES):
        made = generator.matcher()
        matcher = build(made)
        queries = []
        for _ in range(QUERIES):
            path = generator.path(made)
            runtime, use = generator.random.randint(0, 1), generator.random.randint(0, 1)
            queries.append([path, runtime, use, answer(matcher, path, runtime, use)])
        line = json.dumps({"m": made, "q": queries}, separators=(",", ":"))
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
