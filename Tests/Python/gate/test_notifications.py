"""The import notification policy, with temporalio's texts, and the unsafe context managers."""

import importlib.util
import warnings

import pytest

HELPER = {"helper.py": "VALUE = 1\n"}
UNINTENTIONAL = "Module helper was not intentionally passed through to the sandbox."
DYNAMIC = "Module helper was imported after initial workflow load."
STATIC = "import helper\n"
LAZY = "def use():\n    import helper\n    return helper.VALUE\n"


@pytest.fixture
def workflow(package) -> str:
    """The import of the context managers: temporalio's own where there is one."""
    has_temporalio = importlib.util.find_spec("temporalio") is not None
    return f"from {'temporalio' if has_temporalio else 'portcullis'} import workflow\n"


def notifications(**flags: str) -> str:
    attributes = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in flags.items())
    return f"<import-notification-policy {attributes}/>"


def messages(action) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
    return [str(warning.message) for warning in caught]


def test_the_default_warns_on_dynamic_imports_only(box):
    assert messages(lambda: box(STATIC, files=HELPER)) == []
    made = box(LAZY, files=HELPER)
    assert messages(lambda: made.call("use")) == [DYNAMIC]
    assert messages(lambda: made.call("use")) == []


def test_silent(box):
    body = notifications(warn_on_dynamic_import="false")
    made = box(LAZY, body, files=HELPER)
    assert messages(lambda: made.call("use")) == []


def test_warn_on_unintentional_passthrough(box):
    body = notifications(warn_on_unintentional_passthrough="true")
    assert messages(lambda: box(STATIC, body, files=HELPER)) == [UNINTENTIONAL]
    made = box(LAZY, body, files=HELPER)
    assert messages(lambda: made.call("use")) == [UNINTENTIONAL, DYNAMIC]


def test_raise_on_unintentional_passthrough(box, package):
    body = notifications(raise_on_unintentional_passthrough="true")
    with pytest.raises(package.UnintentionalPassthroughError) as caught:
        box(STATIC, body, files=HELPER)
    assert str(caught.value) == UNINTENTIONAL
    assert caught.value.qualified_name == "helper"
    # The workflow's own module and what is passed through are no accident.
    assert box("import json\n", body).module.json


def test_the_warning_stands_at_the_import(box):
    made = box(LAZY, files=HELPER)
    with pytest.warns(UserWarning) as caught:
        made.call("use")
    assert (caught[0].filename, caught[0].lineno) == (made.module.__file__, 2)


def test_the_context_manager_wins_over_the_policy(box, workflow, package):
    flag = "workflow.SandboxImportNotificationPolicy"
    within = f"{workflow}with workflow.unsafe.sandbox_import_notification_policy({{}}):\n"
    raising = notifications(raise_on_unintentional_passthrough="true")
    silent = within.format(f"{flag}.SILENT") + "    import helper\n"
    assert messages(lambda: box(silent, raising, files=HELPER)) == []
    warning = within.format(f"{flag}.WARN_ON_UNINTENTIONAL_PASSTHROUGH") + "    import helper\n"
    assert messages(lambda: box(warning, files=HELPER)) == [UNINTENTIONAL]
    with pytest.raises(package.UnintentionalPassthroughError):
        box(
            within.format(f"{flag}.SILENT | {flag}.RAISE_ON_UNINTENTIONAL_PASSTHROUGH")
            + "    import helper\n",
            files=HELPER,
        )


def test_imports_passed_through(box, workflow):
    source = f"{workflow}with workflow.unsafe.imports_passed_through():\n    import shared_state\n"
    files = {"shared_state.py": "VALUE = object()\n"}
    first, second = box(source, files=files), box(source, files=files)
    assert first.module.shared_state is second.module.shared_state


def test_sandbox_unrestricted(box, workflow, denied):
    made = box(
        f"""{workflow}
import datetime, os, time

def inside():
    with workflow.unsafe.sandbox_unrestricted():
        return [time.time() > 0, datetime.datetime.now().year > 2000, os.getcwd() != "", os.name]

def after():
    inside()
    return time.time()
"""
    )
    assert made.call("inside")[:3] == [True, True, True]
    with denied():
        made.call("after")


def test_unrestricted_code_may_import_invalid_modules(box, workflow):
    body = '<invalid-modules><module name="helper"/></invalid-modules>'
    made = box(
        f"{workflow}with workflow.unsafe.sandbox_unrestricted():\n    import helper\n",
        body,
        files=HELPER,
    )
    assert made.module.helper.VALUE == 1
