"""Runs the terminal sessions of the documentation and writes what they print into the pages.

`Scripts/sessions.py PORTCULLIS [PAGE...]` runs each command of each `console` block and replaces
what stands below it; `--check` writes nothing and shows what would change. A page is its own
source: what follows `$ ` is run by bash, in a folder that is made for the page. The folder holds
the files that the page shows up to there, each in a block below a line with its name and a colon:

    `orders.xml`:

A page in the top folder of the repository finds `Examples` and `policies` as they are there.
"""

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "Sources/*/*.docc/*.md", "Sources/Python/Documentation/*.md", "docs/*.md")
#: What a page of the top folder is about.
SUBJECTS = ("Examples", "policies")
#: The folder of a page as its reader sees it.
SHOWN_FOLDER = "/home/ada/orders"
#: The longest that a command may take, in seconds.
LONGEST = 60

BLOCK = re.compile(
    r"(?P<head>(?:^`(?P<file>[\w./-]+)`[^\n`]*:\n\n)?^```(?P<language>\w*)\n)"
    r"(?P<body>.*?)(?P<tail>^```$)",
    re.M | re.S,
)
#: Commands that measure: their figures, and the spaces that align them, are never the same twice.
MEASURES = re.compile(r"^\$ portcullis profile\b", re.M)
FIGURE = re.compile(r"\d+(?:\.\d+)?| +")


class Page:
    """A page, the folder of its sessions and the text that it should have."""

    def __init__(self, path: Path, tool: Path) -> None:
        self.path = path
        self.tool = tool
        self.old = path.read_text(encoding="utf-8")

    def has_sessions(self) -> bool:
        return any(is_session(block) for block in BLOCK.finditer(self.old))

    def recorded(self) -> str:
        """Returns the page with what its commands print today."""
        with tempfile.TemporaryDirectory(prefix="portcullis-session-") as name:
            folder = Path(name).resolve() / "orders"
            folder.mkdir()
            if self.path.parent == ROOT:
                for subject in SUBJECTS:
                    shutil.copytree(ROOT / subject, folder / subject)
                (folder / ".build").mkdir()
            return BLOCK.sub(lambda block: self.block(block, folder), self.old)

    def block(self, block: re.Match[str], folder: Path) -> str:
        if is_session(block):
            new = "".join(self.ran(command, folder) for command in commands(block["body"]))
            if comparable(new) == comparable(block["body"]):
                new = block["body"]
            return block["head"] + new + block["tail"]
        if block["file"]:
            file = folder / block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["body"], encoding="utf-8")
        return block[0]

    def ran(self, command: str, folder: Path) -> str:
        """Returns a command with what it prints and, unless that is 0, its exit code."""
        environment = {
            "PATH": os.pathsep.join((str(self.tool.parent), os.environ["PATH"])),
            "VIRTUAL_ENV": str(python_environment()),
            "HOME": str(folder.parent),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PORTCULLIS_CACHE": "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        outcome = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
        )
        text = outcome.stdout.decode("utf-8").replace(str(folder), SHOWN_FOLDER)
        if text and not text.endswith("\n"):
            text += "\n"
        if outcome.returncode:
            text += f"[exit code {outcome.returncode}]\n"
        return f"$ {command}\n{text}"


def is_session(block: re.Match[str]) -> bool:
    return block["language"] == "console"


def commands(body: str) -> Iterator[str]:
    """Yields the commands of a session; a line that ends with a backslash goes on."""
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            while command.endswith("\\"):
                command += "\n" + next(lines, "")
            yield command


def comparable(session: str) -> str:
    return FIGURE.sub("#", session) if MEASURES.search(session) else session


def python_environment() -> Path:
    """Returns the environment that `Scripts/setup` makes, else the one that runs this."""
    made = ROOT / ".venv"
    return made if made.exists() else Path(sys.prefix)


def pages(named: list[str]) -> list[Path]:
    if named:
        return [Path(name).resolve() for name in named]
    return sorted(path for pattern in PAGES for path in ROOT.glob(pattern))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, show what changes")
    parser.add_argument("tool", type=Path, help="the executable")
    parser.add_argument("pages", nargs="*", help="the pages; by default all of them")
    arguments = parser.parse_args()
    tool = arguments.tool.resolve()
    if tool.name != "portcullis" or not tool.exists():
        parser.error(f"there is no executable `portcullis` at `{tool}`")
    found = [page for path in pages(arguments.pages) if (page := Page(path, tool)).has_sessions()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        recorded = list(pool.map(Page.recorded, found))
    stale = 0
    for page, new in zip(found, recorded, strict=True):
        if new == page.old:
            continue
        stale += 1
        name = os.path.relpath(page.path, ROOT)
        old_lines, new_lines = page.old.splitlines(True), new.splitlines(True)
        sys.stdout.writelines(difflib.unified_diff(old_lines, new_lines, name, name))
        if not arguments.check:
            page.path.write_text(new, encoding="utf-8")
    print(f"{len(found)} pages with sessions, {stale} of them {'stale' if stale else 'changed'}")
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
