"""Scripts/setup on machines that lack something: it installs it, or says what a person must run."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "cksum", "cut", "dirname", "env", "mkdir", "tail", "touch", "uname")


class Machine:
    """A search path that holds nothing but what a test puts on it."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.tools = folder / "bin"
        self.tools.mkdir(parents=True)
        shutil.copytree(ROOT / "Scripts", self.repository / "Scripts")
        for name in TOOLS:
            (self.tools / name).symlink_to(shutil.which(name))

    def has(self, name: str, script: str = "exit 0") -> None:
        """Puts a command that runs `script` on the search path."""
        self.tools.joinpath(name).write_text(f"#!{self.tools}/bash\n{script}\n")
        self.tools.joinpath(name).chmod(0o755)

    def setup(self, purpose: str) -> subprocess.CompletedProcess[str]:
        """Runs the script as a user without a home."""
        return subprocess.run(
            [self.tools / "bash", self.repository / "Scripts" / "setup", purpose],
            env={"PATH": str(self.tools), "HOME": str(self.repository)},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.has("swift")
    machine.has("pkg-config")
    machine.has("id", "echo 0")
    return machine


def test_nothing_is_installed_where_all_is_there(machine: Machine) -> None:
    machine.has("apt-get", f"touch {machine.repository}/called")
    ran = machine.setup("build")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert not (machine.repository / "called").exists()


def test_without_swift_it_says_how_to_get_it(machine: Machine) -> None:
    (machine.tools / "swift").unlink()
    ran = machine.setup("run")
    assert ran.returncode == 2
    assert "needs Swift" in ran.stderr
    assert "\n    curl " in ran.stderr


def test_libxml2_comes_through_apt(machine: Machine) -> None:
    machine.has("pkg-config", f"[ -e {machine.repository}/installed ]")
    machine.has("apt-get", f'[ "$1" = update ] || echo "$@" >{machine.repository}/installed')
    ran = machine.setup("build")
    assert ran.returncode == 0
    installed = (machine.repository / "installed").read_text().split()
    assert {"libxml2-dev", "pkg-config"} <= set(installed)
    assert machine.setup("build").stdout == ""


@pytest.mark.parametrize(
    ("identity", "sudo", "says"),
    [
        ("0", None, "    apt-get install -y --no-install-recommends libxml2-dev pkg-config"),
        ("1000", None, "    apt-get install -y --no-install-recommends libxml2-dev pkg-config"),
        ("1000", "exit 1", "    sudo apt-get install -y --no-install-recommends libxml2-dev"),
    ],
)
def test_where_apt_cannot_a_person_is_told_the_command(
    machine: Machine, identity: str, sudo: str | None, says: str
) -> None:
    machine.has("id", f"echo {identity}")
    machine.has("pkg-config", "exit 1")
    machine.has("apt-get", "exit 100")
    if sudo:
        machine.has("sudo", sudo)
    ran = machine.setup("build")
    assert ran.returncode == 2
    assert says in ran.stderr


def test_without_apt_the_packages_are_named(machine: Machine) -> None:
    machine.has("pkg-config", "exit 1")
    ran = machine.setup("build")
    assert ran.returncode == 2
    assert "libxml2-dev pkg-config" in ran.stderr


def test_without_a_python_it_asks_apt_for_one(machine: Machine) -> None:
    machine.has("python3", "exit 1")
    machine.has("apt-get", f'echo "$@" >>{machine.repository}/asked')
    ran = machine.setup("run")
    assert ran.returncode == 2
    assert "CPython >= 3.10" in ran.stderr
    assert "python3-venv libpython3." in (machine.repository / "asked").read_text()
    assert not (machine.repository / ".venv").exists()
