"""A compiled policy in a Python process, and what is worked out from it once."""

from __future__ import annotations

import builtins
import difflib
import importlib.util
import os
import sys
import weakref
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from portcullis import _flags, _gate, _image
from portcullis._automaton import (
    NOTHING,
    MatcherLayer,
    RuleRecord,
    State,
    TooDeep,
    exception,
    matches,
    module_names,
    over,
    restrictions_alone,
    restricts,
)
from portcullis._codecache import CodeCache, default_folder
from portcullis._decision import (
    WARNING_CATEGORIES,
    Decision,
    Question,
    Rule,
    explanation,
    question,
)
from portcullis._files import PolicyError, image_of, shipped
from portcullis._image import Image, ImageError
from portcullis._registries import compile_annotation
from portcullis._replacements import replacements
from portcullis._setters import OF_RUN, setters
from portcullis._structure import Structure
from portcullis._view import HostView, guarded, unruled

__all__ = ["Decision", "Policy", "PolicyError", "Rule"]

_PYTHON = sys.version_info[:2]
# Equal policies share what is worked out from them.
_policies: weakref.WeakValueDictionary[bytes, Policy] = weakref.WeakValueDictionary()


class _NoMembers:
    """What a compiled policy has in the place of a ``SandboxMatcher``."""

    children: ClassVar[dict[str, Any]] = {}


class _Shipped:
    """An attribute that is a policy of the package, read when it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._policy: Policy | None = None

    def __get__(self, instance: object, owner: type[Policy]) -> Policy:
        if self._policy is None:
            self._policy = owner.load(shipped(self._name))
        return self._policy


class Policy:
    """A compiled policy, for the running version of Python.

    Policies do not change: each ``with_`` method, and ``|``, makes another one.
    """

    #: The policy that holds where no other is named.
    default: ClassVar[Policy] = _Shipped("default")  # type: ignore[assignment]

    def __init__(self, image: bytes) -> None:
        """Read and verify an image.

        Raises:
            PolicyError: the image is damaged, of a newer format, or not for this Python.
        """
        self.image = bytes(image)
        self._content: Image | None = None
        try:
            self.native = _gate.Policy(self.image, *_PYTHON)
        except ValueError as error:
            raise PolicyError(str(error)) from None
        passes_all, notifications, lazy = self.native.flags()
        self.passes_all_through = bool(passes_all)
        self.import_notification_policy: int = notifications
        self.lazy_sys_modules_passthrough = bool(lazy)
        self.view = HostView(self.native, replacements(self._shown), setters(self._shown), OF_RUN)
        self.structure = Structure(self.native, self.view, _gate.getattr)
        gates_all = any(not _is_module(path) for path in self.native.wildcard_paths())
        self.code = CodeCache(self.native.gate_names(gates_all), default_folder())
        self._builtins = self._gated_builtins()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Policy:
        """Read a ``.policybc`` file, or an ``.xml`` file where the compiler is found.

        The compiler is the command ``portcullis`` on the ``PATH``, or what ``$PORTCULLIS`` names.

        Raises:
            PolicyError: the file cannot be read or used; the text names the file.
        """
        image = image_of(path)
        try:
            return cls._of_image(image)
        except PolicyError as error:
            raise PolicyError(f"{os.fspath(path)}: {error}") from None

    @classmethod
    def from_restrictions(cls, restrictions: Any) -> Policy:
        """The policy that decides as temporalio's ``SandboxRestrictions`` do.

        Raises:
            PolicyError: a name or a message is too long, or a matcher too deep.
        """
        rules: list[RuleRecord] = []
        members = MatcherLayer(rules)
        # An import that is invalid is an error, even if a matcher there names a warning.
        modules = MatcherLayer(rules, warns=False)
        try:
            content = Image(
                "SandboxRestrictions",
                over(NOTHING, members.state(restrictions.invalid_module_members)),
                over(NOTHING, modules.state(restrictions.invalid_modules)),
                over(NOTHING, module_names(restrictions.passthrough_modules)),
                rules,
                restrictions.passthrough_all_modules,
                _flags.bits_of(getattr(restrictions, "import_notification_policy", None)),
                not restrictions.disable_lazy_sys_module_passthrough,
            )
        except TooDeep as error:
            raise PolicyError(str(error)) from None
        WARNING_CATEGORIES.update(members.categories)
        return cls._of_content(content)

    @classmethod
    def _of_image(cls, image: bytes) -> Policy:
        known = _policies.get(image)
        if known is None:
            known = _policies[image] = cls(image)
        return known

    @classmethod
    def _of_content(cls, content: Image) -> Policy:
        try:
            made = cls._of_image(_image.write(content, _PYTHON))
        except ImageError as error:
            raise PolicyError(str(error)) from None
        made._content = content
        return made

    @property
    def _read(self) -> Image:
        if self._content is None:
            self._content = _image.read(self.image, _PYTHON)
        return self._content

    def __eq__(self, other: object) -> bool:
        """Whether the other is a policy of the same image."""
        return isinstance(other, Policy) and self.image == other.image

    def __hash__(self) -> int:
        """The hash of the image."""
        return hash(self.image)

    def __repr__(self) -> str:
        """The name of the policy."""
        return f"<Policy {self._read.name!r}>"

    # Policies made of this one

    def with_passthrough_modules(self, *modules: str) -> Policy:
        """The policy that passes these modules through too, each with everything below it."""
        content = self._read
        try:
            layer = module_names(modules)
        except TooDeep as error:
            raise PolicyError(str(error)) from None
        return self._of_content(content._replace(passthrough=over(content.passthrough, layer)))

    def with_passthrough_all_modules(self) -> Policy:
        """The policy that passes every module through, so that none is executed anew."""
        return self._of_content(self._read._replace(passes_all_through=True))

    def with_import_notification_policy(self, policy: Any) -> Policy:
        """The policy with these flags, a ``workflow.SandboxImportNotificationPolicy``."""
        return self._of_content(self._read._replace(notifications=_flags.bits_of(policy)))

    def with_child_unrestricted(self, *path: str) -> Policy:
        """The policy that allows a path and everything below it.

        Args:
            path: the names, as in ``("datetime", "date", "today")``, or joined by dots.

        Raises:
            PolicyError: nothing is restricted there; the text says which name may be meant.
        """
        names = ".".join(path).split(".")
        content = self._read
        if not path or not (restricts(content.members, names) or restricts(content.modules, names)):
            raise PolicyError(_nothing_restricted(content.members, names))
        layer = exception(names)
        return self._of_content(
            content._replace(
                members=over(content.members, layer), modules=over(content.modules, layer)
            )
        )

    def __or__(self, other: Any) -> Policy:
        """The policy that restricts what either does; where both do, the other's rule counts.

        Args:
            other: another policy, temporalio's ``SandboxRestrictions``, or a ``SandboxMatcher``
                of module members. What it allows or excludes takes nothing away from this one.
        """
        if isinstance(other, Policy):
            return self._with_policy(other)
        if hasattr(other, "invalid_module_members"):
            return self._with_policy(Policy.from_restrictions(other))
        if hasattr(other, "match_self"):
            return self._with_matcher(other)
        return NotImplemented

    def _with_matcher(self, matcher: Any) -> Policy:
        content = self._read
        rules = list(content.rules)
        layer = MatcherLayer(rules)
        try:
            members = over(content.members, layer.state(matcher))
        except TooDeep as error:
            raise PolicyError(str(error)) from None
        WARNING_CATEGORIES.update(layer.categories)
        return self._of_content(content._replace(members=members, rules=rules))

    def _with_policy(self, other: Policy) -> Policy:
        one, two = self._read, other._read
        first = len(one.rules)

        def joined(below: State, above: State) -> State:
            return over(below, restrictions_alone(above, first))

        return self._of_content(
            Image(
                f"{one.name} | {two.name}",
                joined(one.members, two.members),
                joined(one.modules, two.modules),
                joined(one.passthrough, two.passthrough),
                one.rules + two.rules,
                one.passes_all_through or two.passes_all_through,
                one.notifications | two.notifications,
                one.lazy_sys_modules and two.lazy_sys_modules,
            )
        )

    # Questions

    def decide(
        self, path: str | Sequence[str], phase: str = "runtime", operation: str = "use"
    ) -> Decision:
        """What the policy says about a member of a module.

        Args:
            path: the dotted path, or its names.
            phase: ``"import"`` or ``"runtime"``.
            operation: ``"access"`` or ``"use"``.

        Raises:
            ValueError: that is no phase or no operation, or the path is too long.
        """
        return self._decide(question(path, phase, operation))

    def decide_import(self, module: str, phase: str = "import") -> Decision:
        """What the policy says about the import of a module.

        Raises:
            ValueError: that is no phase.
        """
        asked = question(module, phase, "access")
        return self._decision(self.native.module_rule(module, bool(asked.context)))

    def explain(
        self, path: str | Sequence[str], phase: str = "runtime", operation: str = "use"
    ) -> str:
        """Why a path is allowed or not, in lines: the walk, the rule, and what would change it.

        Raises:
            ValueError: that is no phase or no operation, or the path is too long.
        """
        asked = question(path, phase, operation)
        return explanation(self._read.members, asked, self._decide(asked))

    def _decide(self, asked: Question) -> Decision:
        # The first four are access and use, each at import and at run time.
        return self._decision(self.native.verdict(asked.path)[asked.context])

    def _decision(self, number: int) -> Decision:
        return Decision(self.rule(number - 1) if number else None)

    def rule(self, number: int) -> Rule:
        """The rule of a number."""
        return Rule(*self.native.rule(number))

    def is_passthrough(self, name: str) -> bool:
        """Whether the policy passes a module through."""
        return self.native.is_passthrough(name)

    def lists_passthrough(self, name: str) -> bool:
        """Whether a module is passed through by its name, and not since all modules are."""
        return matches(self._read.passthrough, name.split("."))

    @property
    def invalid_module_members(self) -> _NoMembers:
        """No matcher: temporalio's debug mode looks here for the one about ``breakpoint()``.

        The runner lifts that restriction itself, since a compiled policy has no matchers.
        """
        return _NoMembers()

    def builtins(self) -> dict[str, object]:
        """The builtins of one more sandbox."""
        return self._builtins.copy()

    def _shown(self, function: Callable[..., Any]) -> Any:
        """A function of Portcullis as sandboxed code is given it."""
        return unruled(self.native, function, "portcullis")

    def _gated_builtins(self) -> dict[str, object]:
        table: dict[str, object] = dict(vars(builtins))
        for name, value in vars(builtins).items():
            # As with temporalio, names that begin with an underscore stay what they are, and a
            # wildcard does not speak of builtins.
            path = ("__builtins__", name)
            if not name.startswith("_") and self.native.is_stated(path):
                table[name] = guarded(self.native, value, path)
                self.view.add_guard(value, table[name])
        for name in ("getattr", "__import__", "__build_class__", "eval", "exec", "compile"):
            table[name] = getattr(_gate, name)
            self.view.add_guard(getattr(builtins, name), table[name])
        self.view.add_guard(compile_annotation, table["compile"])
        for name in ("call", "attr", "part", "target", "container", "own", "noted", "real", "text"):
            table[f"__portcullis_{name}__"] = getattr(_gate, f"__portcullis_{name}__")
        table["setattr"] = unruled(self.native, _set_attribute, "setattr")
        table["delattr"] = unruled(self.native, _delete_attribute, "delattr")
        positions = _Positions(self.native)
        table["__portcullis_positions__"] = unruled(self.native, positions, "positions")
        table["vars"] = unruled(self.native, _Variables(self.structure), "vars")
        return table


def _set_attribute(owner: Any, name: str, value: Any, /) -> None:
    """``setattr`` of a sandbox."""
    setattr(_gate.__portcullis_target__(name, owner), name, value)


def _delete_attribute(owner: Any, name: str, /) -> None:
    """``delattr`` of a sandbox."""
    delattr(_gate.__portcullis_target__(name, owner), name)


class _Positions:
    """Checks a new class whose ``__match_args__`` name members of a restricted class."""

    def __init__(self, policy: _gate.Policy) -> None:
        self._policy = policy

    def __call__(self, made: type) -> type:
        paths = [*filter(None, map(self._policy.path_of_class, made.__mro__))]
        for path in paths:
            for name in made.__dict__["__match_args__"]:
                verdict = self._policy.verdict((*path, name))
                # The pattern is used later, and the class may be made while modules are imported.
                rule = verdict[5] or verdict[4]
                if name not in made.__dict__:
                    _gate.check(self._policy, (*path, name), rule, rule)
        return made


class _Variables:
    """``vars`` of a sandbox."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

    def __call__(self, *arguments: object) -> object:
        if not arguments:
            frame = sys._getframe(1)
            return frame.f_locals
        return self._structure.variables(*arguments)


def _is_module(path: str) -> bool:
    """Whether a dotted path names a module, and not a class or nothing at all here."""
    if "*" in path:
        return False
    if path in sys.modules:
        return True
    try:
        return importlib.util.find_spec(path) is not None
    except (ImportError, ValueError):
        return False


def _nothing_restricted(members: State, path: list[str]) -> str:
    spelt = ".".join(path)
    at: State | None = members
    for depth, name in enumerate(path):
        if at is None or name not in at.edges:
            close = difflib.get_close_matches(name, at.edges if at is not None else (), 1)
            if close:
                nearest = ".".join((*path[:depth], close[0], *path[depth + 1 :]))
                return f"nothing is restricted at `{spelt}`; did you mean `{nearest}`?"
            break
        at = at.edges[name].child
    return f"nothing is restricted at `{spelt}`"
