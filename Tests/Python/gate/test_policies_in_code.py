"""Policies that are made of others in code."""

from __future__ import annotations

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class Matcher:
    """The fields of temporalio's ``SandboxMatcher``."""

    access: Set[str] = frozenset()
    use: Set[str] = frozenset()
    children: Mapping[str, Matcher] = field(default_factory=dict)
    match_self: bool = False
    only_runtime: bool = False
    leaf_message: str | None = None
    leaf_warning: type[Warning] | None = None
    exclude: Set[str] = frozenset()


@pytest.fixture(scope="module")
def default(policy):
    return policy()


TODAY = ("datetime", "date", "today")


def test_a_derived_policy_leaves_the_first_as_it_was(default) -> None:
    image = default.image
    more = default.with_passthrough_modules("orders", "shop.models")
    assert [more.is_passthrough(n) for n in ("orders.x", "shop.models", "shop", "os")] == [
        True, True, False, True,
    ]  # fmt: skip
    assert not default.is_passthrough("orders") and default.image == image
    assert more.with_passthrough_modules("orders") == more != default


def test_all_modules_pass_through(default) -> None:
    everything = default.with_passthrough_all_modules()
    assert everything.is_passthrough("whatever") and everything.passes_all_through
    assert not everything.lists_passthrough("whatever")
    assert everything.decide("time.time").effect == "deny"


def test_the_notification_policy(default) -> None:
    from portcullis.workflow import SandboxImportNotificationPolicy as Notify

    assert default.with_import_notification_policy(Notify.SILENT).import_notification_policy == 0
    both = Notify.WARN_ON_DYNAMIC_IMPORT | Notify.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    assert default.with_import_notification_policy(both).import_notification_policy == 5


def test_a_path_is_unrestricted_with_all_below_it(default) -> None:
    free = default.with_child_unrestricted(*TODAY)
    assert default.decide(TODAY).effect == "deny"
    assert free.decide(TODAY).is_allowed
    assert free.decide((*TODAY, "__call__")).is_allowed
    for path in ("datetime.datetime.today", "datetime.datetime.now", "time.time", "os.getcwd"):
        assert free.decide(path) == default.decide(path) and not free.decide(path).is_allowed
    assert free == default.with_child_unrestricted("datetime.date.today")


def test_a_path_under_a_wildcard_is_unrestricted(default) -> None:
    free = default.with_child_unrestricted("os", "getcwd")
    assert free.decide("os.getcwd").is_allowed and not free.decide("os.getpid").is_allowed


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            ("datetime", "date", "todya"),
            "`datetime.date.todya`; did you mean `datetime.date.today`",
        ),
        (("tiem", "time"), "did you mean `time.time`?"),
        (("os", "stat"), "nothing is restricted at `os.stat`"),
        ((), "nothing is restricted at ``"),
    ],
)
def test_an_exception_that_changes_nothing_is_an_error(package, default, path, said) -> None:
    with pytest.raises(package.PolicyError) as caught:
        default.with_child_unrestricted(*path)
    assert said in str(caught.value)


def test_a_matcher_adds_what_it_names_and_nothing_else(default) -> None:
    more = default | Matcher(
        children={
            "datetime": Matcher(use={"date"}),
            "os": Matcher(use={"stat"}),
            "time": Matcher(use={"gmtime"}),
            "asyncio": Matcher(exclude={"wait"}),
        }
    )
    assert more.decide("datetime.date").rule.id == "datetime.date#use"
    assert more.decide("datetime.date", operation="access").is_allowed
    assert not more.decide("os.stat").is_allowed
    assert not more.decide("time.gmtime").is_allowed
    # What the default says beside it stays: messages, excludes and what is for run time only.
    for path in ("datetime.datetime.now", "os.getcwd", "time.time", "asyncio.wait.__call__"):
        for phase in ("import", "runtime"):
            assert more.decide(path, phase) == default.decide(path, phase)


def test_the_rule_of_the_right_side_counts(default) -> None:
    loud = Matcher(
        children={"time": Matcher(children={"time": Matcher(match_self=True, leaf_message="no")})}
    )
    assert (default | loud).decide("time.time").rule.message == "no"
    assert (default | loud).decide("time.time", "import").rule.message == "no"


def test_two_policies(policy, default) -> None:
    one = policy('<invalid-modules><module name="requests" message="no"/></invalid-modules>', "")
    two = policy('<passthrough-modules><module name="orders"/></passthrough-modules>')
    joined = two | one
    assert joined.is_passthrough("orders") and joined.is_passthrough("os")
    assert joined.decide_import("requests.api").rule.message == "no"
    assert two.decide_import("requests").is_allowed
    for path in ("time.time", "datetime.datetime.now", "os.getcwd", "random.random"):
        assert joined.decide(path).rule == default.decide(path).rule is not None
    with pytest.raises(TypeError):
        default | 7


def test_a_derived_policy_gates_a_sandbox(package, default, tmp_path, monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "asking.py").write_text(
        "import datetime\ntoday = datetime.date.today\nnow = datetime.datetime.now\n"
    )
    free = default.with_child_unrestricted(*TODAY)
    for policy, is_free in ((free, True), (default, False)):
        sandbox = package.Sandbox(policy)
        module = sandbox.import_module("asking")
        with sandbox.running():
            if is_free:
                assert module.today().year > 2000
            else:
                with pytest.raises(package.RestrictedWorkflowAccessError):
                    module.today()
            with pytest.raises(package.RestrictedWorkflowAccessError):
                module.now()
        sandbox.close()


def test_questions_are_checked(default) -> None:
    for arguments in (("os.getcwd", "later"), ("os.getcwd", "runtime", "call")):
        with pytest.raises(ValueError, match="is neither"):
            default.decide(*arguments)


def test_an_explanation(default) -> None:
    text = default.explain("datetime.datetime.now")
    assert text.splitlines()[:4] == [
        "datetime.datetime.now (runtime use): denied",
        "  datetime: named by the policy, goes on",
        "  datetime.datetime: named by the policy, goes on",
        "  datetime.datetime.now: named by the policy, a rule matches",
    ]
    assert "workflow.now()" in text and "temporal-1.35.xml" in text
    assert default.explain("orders.models", "import", "access").splitlines() == [
        "orders.models (import access): allowed",
        "  orders: one of any other name, nothing matches here or below",
    ]


def test_names_and_depths_have_limits(package, default) -> None:
    with pytest.raises(package.PolicyError, match="more than 255 bytes"):
        default | Matcher(use={"x" * 256})
    deep = Matcher(match_self=True)
    for _ in range(200):
        deep = Matcher(children={"x": deep})
    with pytest.raises(package.PolicyError, match="more than 128 names"):
        default | deep


def test_making_one_is_fast_and_equal_ones_are_one(default) -> None:
    fastest = 1.0
    for number in range(5):
        start = time.perf_counter()
        default.with_passthrough_modules(f"orders{number}")
        fastest = min(fastest, time.perf_counter() - start)
    assert fastest < 0.05
    first = default.with_passthrough_modules("orders")
    assert default.with_passthrough_modules("orders") is first
