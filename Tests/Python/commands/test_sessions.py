"""The sessions in the documentation show what the commands print."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "Scripts" / "sessions.py"


def sessions(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True)


def test_sessions_are_what_the_commands_print(portcullis: str) -> None:
    # They run in one environment, whatever Python runs the tests: once is enough.
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        pytest.skip("the sessions run in .venv")
    outcome = sessions("--check", portcullis)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


PAGE = """`policy.xml`:

```xml
<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="small"/>
```

```console
$ portcullis check policy.xml
stale
$ portcullis check \\
    gone.xml
```
"""


def test_stale_sessions_are_found_and_mended(portcullis: str, tmp_path: Path) -> None:
    page = tmp_path / "Page.md"
    page.write_text(PAGE, encoding="utf-8")
    outcome = sessions("--check", portcullis, page)
    assert outcome.returncode == 1 and "-stale" in outcome.stdout
    assert page.read_text(encoding="utf-8") == PAGE
    assert sessions(portcullis, page).returncode == 0
    body = page.read_text(encoding="utf-8").split("```console\n")[1]
    assert body == (
        "$ portcullis check policy.xml\npolicy.xml: no faults\n"
        "$ portcullis check \\\n    gone.xml\n"
        "portcullis: cannot read `gone.xml`: no such file or directory\n[exit code 2]\n```\n"
    )
    assert sessions("--check", portcullis, page).returncode == 0
