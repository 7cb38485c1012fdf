"""The tests of the shipped policies, with the Python code among them, on the Python of this run."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

TESTS = """
<policy-tests xmlns="urn:portcullis:policy-tests:1" policy="default.xml">
  <pass name="runs">return 1</pass>
  <pass name="does not run">
    import time

    x = 1
    return time.time()
  </pass>
  <stop name="is stopped" rule="time.time#use" path="time.time.__call__">
    import time
    return time.time()
  </stop>
  <stop name="is a file" rule="datetime.datetime.now#use"><![CDATA[
from datetime import datetime

from portcullis import workflow


@workflow.defn
class Clock:
    @workflow.run
    async def run(self):
        return datetime.now().isoformat()
]]></stop>
  <stop name="is not stopped" rule="time.time#use">return 1</stop>
  <stop name="is stopped elsewhere" rule="time.sleep#use">
    import time
    return time.time()
  </stop>
  <stop name="is stopped by another name" rule="time.time#use" path="time.time">
    import time
    return time.time()
  </stop>
  <pass name="fails">return 1 / 0</pass>
  <pass name="cannot be read">return (</pass>
  <pass name="waits">await workflow.wait_condition(lambda: False)</pass>
  <pass name="is for no Python yet" python="&gt;=3.14">return 1</pass>
</policy-tests>
"""


def run(portcullis: str, *arguments: str, folder: Path = ROOT, **environment: str):
    return subprocess.run(
        [portcullis, "test", *arguments],
        cwd=folder,
        env={"PORTCULLIS_CACHE": "", "PATH": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_shipped_policies_pass_with_all_code(portcullis: str) -> None:
    run_ = run(portcullis, "policies/tests", "--python", sys.executable, "--format", "json")
    assert run_.returncode == 0, run_.stderr
    files = json.loads(run_.stdout)["files"]
    assert len(files) >= 12
    assert sum(file["skipped"] for file in files) == 0
    code = [test for file in files for test in file["tests"] if test["name"][:5] in PREFIXES]
    assert len(code) >= 12


PREFIXES = ("pass ", "stop ")

OUTCOMES = {
    "pass runs": None,
    "pass does not run": "the code is stopped, but should run to its end",
    "stop is stopped": None,
    "stop is a file": None,
    "stop is not stopped": "the code runs to its end, but should be stopped at `time.time#use`",
    "stop is stopped elsewhere": "the code is stopped by another rule than `time.sleep#use`",
    "stop is stopped by another name": "the code is stopped at another name than `time.time`",
    "pass fails": "the code fails: ZeroDivisionError: division by zero",
    "pass cannot be read": "the code cannot be run: ",
    "pass waits": "the code waits for what nothing answers",
}


def test_code_is_run_and_judged(portcullis: str, tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(TESTS.strip())
    arguments = ("t.xml", "--python", sys.executable)
    report = run(portcullis, *arguments, "--format", "json", folder=tmp_path)
    assert report.returncode == 1
    tests = {test["name"]: test for test in json.loads(report.stdout)["files"][0]["tests"]}
    for name, message in OUTCOMES.items():
        found = tests[name].get("message")
        assert (found is None) if message is None else (found or "").startswith(message), found
    last = tests["pass is for no Python yet"]
    assert last["status"] == ("passed" if sys.version_info >= (3, 14) else "skipped")
    text = run(portcullis, *arguments, folder=tmp_path).stderr
    assert "t.xml:7:1: note: it may not use `time.time.__call__`" in text
    assert "t.xml:34:1: note: here" in text


def test_without_python_code_is_skipped_or_an_error(portcullis: str, tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(TESTS.strip())
    skipped = run(portcullis, "t.xml", folder=tmp_path)
    assert skipped.returncode == 0, skipped.stderr
    assert "11 tests, 0 passed, 11 skipped" in skipped.stdout
    assert "Python code was skipped: " in skipped.stderr
    for arguments in (["--require-python"], ["--python", "/nonexistent/python"]):
        required = run(portcullis, "t.xml", *arguments, folder=tmp_path)
        assert required.returncode == 2, required.stderr
        assert "Python" in required.stderr or "python" in required.stderr
