"""An audit: what the policy denies goes on and is recorded, once for each place."""

import json
import logging
import sys

import pytest

SOURCE = """
import os
import time

def run():
    for _ in range(3):
        time.time()
    return os.getcwd()
"""


@pytest.fixture
def audited(package, policy, tmp_path):
    """Runs text in a sandbox with an audit that writes to the given sink."""

    def run(source: str, sink, body: str = "") -> object:
        file = tmp_path / "audited.py"
        file.write_text(source)
        audit = package.Audit(sink)
        sandbox = package.Sandbox(policy(body), workflow_module="audited", audit=audit)
        module = sandbox.load(str(file), "audited")
        with sandbox.running():
            module.run()
        return audit

    return run


def test_each_place_is_recorded_once_and_goes_on(audited):
    entries = []
    audited(SOURCE, entries.append)
    assert [(e["path"], e["operation"], e["phase"]) for e in entries] == [
        ("time.time", "__call__", "runtime"),
        ("os.getcwd", "__call__", "runtime"),
    ]
    first = entries[0]
    assert first["caller"].endswith("audited.py:7")
    assert (first["module"], first["function"]) == ("audited", "run")
    assert first["instead"] == "workflow.time()"
    assert first["rule"] == "time.time#use"


def test_a_file_gets_a_line_an_entry(audited, tmp_path):
    log = tmp_path / "audit.jsonl"
    log.write_text('{"kind": "access"}\n')
    audited(SOURCE, log)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line.get("path") for line in lines] == [None, "time.time", "os.getcwd"]


def test_a_file_that_cannot_be_written_is_a_fault_at_once(package, tmp_path):
    with pytest.raises(FileNotFoundError):
        package.Audit(tmp_path / "missing" / "audit.jsonl")


def test_invalid_modules_and_missing_passthrough_are_recorded(audited, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_part.py").write_text("")
    entries = []
    body = """
      <invalid-modules><module name="this"/></invalid-modules>
      <import-notification-policy raise-on-unintentional-passthrough="true"/>
    """
    audited("import own_part, this\n\ndef run():\n    pass\n", entries.append, body)
    assert [(e["kind"], e["path"], e["phase"]) for e in entries[:2]] == [
        ("passthrough", "own_part", "import"),
        ("import", "this", "import"),
    ]


def test_what_exceeds_the_limit_is_counted(audited, monkeypatch):
    monkeypatch.setattr("portcullis._audit.LIMIT", 1)
    entries = []
    audit = audited(SOURCE, entries.append)
    assert len(entries) == 1
    assert audit.left_out == 1


def test_without_an_audit_rules_to_audit_go_to_the_log(box, caplog):
    body = """
      <invalid-module-members>
        <module name="json"><member name="dumps" match="use" effect="audit"/></module>
      </invalid-module-members>
    """
    made = box("import json\n\ndef run():\n    return json.dumps(1)\n", body)
    with caplog.at_level(logging.INFO, logger="portcullis.audit"):
        assert made.call("run") == "1"
    (record,) = caplog.records
    assert json.loads(record.getMessage())["path"] == "json.dumps"


def test_an_invalid_module_may_be_warned_about(box):
    body = """
      <invalid-modules><module name="this" effect="warn" message="no poems"/></invalid-modules>
    """
    with pytest.warns(UserWarning, match="no poems"):
        box("import this\n", body)


def test_what_would_change_the_process_is_recorded_and_does_nothing(audited):
    before = sys.getrecursionlimit()
    entries = []
    source = f"import sys\n\ndef run():\n    sys.setrecursionlimit({before + 500})\n"
    audited(source, entries.append)
    assert [(e["kind"], e["path"]) for e in entries] == [("setting", "sys.setrecursionlimit")]
    assert sys.getrecursionlimit() == before
