"""`make install` into an empty folder gives a tool that works from there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMANDS = (
    "compile",
    "check",
    "dump",
    "query",
    "explain",
    "run",
    "suggest",
    "profile",
    "format",
    "test",
    "init",
)


@pytest.fixture(scope="module")
def installed(portcullis: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the prefix of an installation of what was built for the tests."""
    folder = tmp_path_factory.mktemp("installed")
    built = Path(portcullis).resolve().parent
    if not (built / "libPortcullisGate.so").exists():
        pytest.skip("the gate is not built")
    environment = os.environ | {"DESTDIR": str(folder), "BUILT": str(built)}
    subprocess.run([ROOT / "Scripts" / "install", "/usr"], env=environment, check=True)
    return folder / "usr"


def run(installed: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/nonexistent", "PORTCULLIS_CACHE": ""}
    return subprocess.run(
        [installed / "bin" / "portcullis", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_everything_is_there(installed: Path) -> None:
    share = installed / "share"
    shipped = {path.name for path in (ROOT / "policies").glob("*.xml")}
    assert {path.name for path in (share / "portcullis/policies").glob("*.xml")} == shipped
    schemas = {path.name for path in (ROOT / "schemas").iterdir()}
    assert {path.name for path in (share / "portcullis/schemas").iterdir()} == schemas
    assert not list(installed.rglob("__pycache__"))


def test_a_new_policy_is_tested_with_its_code(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "init", folder=tmp_path).returncode == 0
    arguments = ("test", "--python", sys.executable, "--threshold", "100", "--format", "json")
    outcome = run(installed, *arguments, folder=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout)["files"][0]["skipped"] == 0


def test_completions_know_every_command(installed: Path) -> None:
    share = installed / "share"
    bash = share / "bash-completion/completions/portcullis"
    zsh = share / "zsh/site-functions/_portcullis"
    fish = share / "fish/vendor_completions.d/portcullis.fish"
    for script in (bash, zsh, fish):
        text = script.read_text()
        for command in COMMANDS:
            assert command in text
        assert "policybc" in text, "files are not completed"
    subprocess.run(["bash", "-n", bash], check=True)


def test_every_command_has_a_manual_page(installed: Path) -> None:
    pages = installed / "share" / "man" / "man1"
    names = {path.name for path in pages.iterdir()}
    assert names >= {"portcullis.1"} | {f"portcullis-{command}.1" for command in COMMANDS}
    for page in pages.iterdir():
        text = page.read_text()
        assert text.startswith('.TH "PORTCULLIS')
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"):
            assert f"\n.SH {section}\n" in text
    if groff := shutil.which("groff"):
        command = [groff, "-man", "-ww", "-Tascii", *sorted(pages.iterdir())]
        outcome = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "warning" not in outcome.stderr
        assert "The least coverage" in outcome.stdout


def test_a_relative_prefix_is_refused() -> None:
    command = [ROOT / "Scripts" / "install", "somewhere"]
    outcome = subprocess.run(command, capture_output=True, text=True)
    assert outcome.returncode == 2
    assert "not an absolute path" in outcome.stderr
