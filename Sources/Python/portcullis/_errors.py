"""The errors that workflow code sees, derived from temporalio's own where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from temporalio.worker.workflow_sandbox import (
        RestrictedWorkflowAccessError as _AccessErrorBase,
    )
    from temporalio.worker.workflow_sandbox import (
        UnintentionalPassthroughError as _PassthroughErrorBase,
    )

    _HAVE_TEMPORAL = True
except ImportError:
    _HAVE_TEMPORAL = False

    from portcullis._driver.failures import NondeterminismError

    _AccessErrorBase = NondeterminismError  # type: ignore[misc,assignment]
    _PassthroughErrorBase = Exception  # type: ignore[misc,assignment]

if TYPE_CHECKING:
    from portcullis._policy import Rule


def default_message(qualified_name: str) -> str:
    """The text of temporalio for a restriction without a message of its own."""
    return (
        f"Cannot access {qualified_name} from inside a workflow. "
        "If this is code from a module not used in a workflow or known to only be used "
        "deterministically from a workflow, mark the import as pass through."
    )


class RestrictedWorkflowAccessError(_AccessErrorBase):
    """Workflow code touched something that the policy restricts.

    Attributes:
        qualified_name: what was touched, for example ``datetime.datetime.now.__call__``.
        rule: the id of the rule that matched.
        policy_location: where the rule is written, ``file:line:column``, or None.
        caller: the workflow code that did it, ``file:line``, or None.
        next_step: what to do about it.
    """

    def __init__(
        self,
        qualified_name: str,
        *,
        override_message: str | None = None,
        rule: str | None = None,
        policy_location: str | None = None,
        caller: str | None = None,
        next_step: str | None = None,
    ) -> None:
        """Create the error; ``override_message`` replaces temporalio's default text."""
        message = override_message or default_message(qualified_name)
        lines = [message]
        if rule is not None:
            lines.append(f"  rule: {rule}" + (f" ({policy_location})" if policy_location else ""))
        if caller is not None:
            lines.append(f"  used at: {caller}")
        if next_step is not None:
            lines.append(f"  next: {next_step}")
        text = "\n".join(lines)
        if _HAVE_TEMPORAL:
            super().__init__(qualified_name, override_message=text)
        else:
            super().__init__(text)
        # After temporalio's own initializer, which takes the whole text for the message.
        self.message = message
        self.qualified_name = qualified_name
        self.rule = rule
        self.policy_location = policy_location
        self.caller = caller
        self.next_step = next_step

    @classmethod
    def of_rule(
        cls, qualified_name: str, rule: Rule, caller: str | None, next_step: str
    ) -> RestrictedWorkflowAccessError:
        """The error of a rule that matched."""
        return cls(
            qualified_name,
            override_message=rule.message,
            rule=rule.id,
            policy_location=rule.location,
            caller=caller,
            next_step=next_step,
        )


class UnintentionalPassthroughError(_PassthroughErrorBase):
    """A module that is not passed through was imported while the policy forbids that.

    Attributes:
        qualified_name: the module.
    """

    def __init__(self, qualified_name: str) -> None:
        """Create the error with temporalio's text."""
        if _HAVE_TEMPORAL:
            super().__init__(qualified_name)
        else:
            super().__init__(
                f"Module {qualified_name} was not intentionally passed through to the sandbox."
            )
        self.qualified_name = qualified_name
