"""Colours, widths and progress: on a terminal, and nowhere else."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

ESCAPE = "\x1b["
NAMESPACE = 'xmlns="urn:portcullis:sandbox-restrictions:1"'
WRONG = f'<sandbox-restrictions {NAMESPACE} name="x" nmae="y">{" " * 40}</sandbox-restrictions>\n'


def on_terminal(
    portcullis: str, *arguments: str, folder: Path, columns: int = 80, **environment: str
) -> str:
    """Returns what the tool writes to standard error when that is a terminal."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [portcullis, *arguments],
        cwd=folder,
        env={"TERM": "xterm", "PATH": "/nonexistent"} | environment,
        stdout=subprocess.DEVNULL,
        stderr=follower,
    )
    os.close(follower)
    output = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # What Linux says at the end of a terminal.
            break
        if not part:
            break
        output += part
    os.close(leader)
    process.wait(timeout=60)
    return output.decode().replace("\r\n", "\n")


def in_pipe(portcullis: str, *arguments: str, folder: Path, **environment: str) -> str:
    outcome = subprocess.run(
        [portcullis, *arguments],
        cwd=folder,
        env={"TERM": "xterm", "PATH": "/nonexistent"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return outcome.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.xml").write_text(WRONG)
    return tmp_path


def test_a_terminal_has_colours(portcullis: str, folder: Path) -> None:
    text = on_terminal(portcullis, "check", "p.xml", folder=folder)
    assert "\x1b[1;31merror:\x1b[0m `sandbox-restrictions` has no attribute" in text
    assert "\x1b[36mnote:\x1b[0m did you mean `name`?" in text


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
        (["--color", "never"], {}),
    ],
)
def test_colours_can_be_switched_off(
    portcullis: str, folder: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    text = on_terminal(portcullis, "check", "p.xml", *arguments, folder=folder, **environment)
    assert "error: " in text
    assert ESCAPE not in text


def test_a_pipe_has_none_unless_asked(portcullis: str, folder: Path) -> None:
    plain = in_pipe(portcullis, "check", "p.xml", folder=folder)
    assert "error: " in plain
    assert ESCAPE not in plain
    coloured = in_pipe(portcullis, "check", "p.xml", "--color", "always", folder=folder)
    assert ESCAPE in coloured
    assert ESCAPE in in_pipe(
        portcullis, "check", "p.xml", "--color", "always", folder=folder, NO_COLOR="1"
    )
    assert "\x1b[1;31m-" in in_pipe(
        portcullis, "format", "--check", "p.xml", "--color", "always", folder=folder
    )


def test_an_empty_no_color_is_none(portcullis: str, folder: Path) -> None:
    assert ESCAPE in on_terminal(portcullis, "check", "p.xml", folder=folder, NO_COLOR="")


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_source_lines_are_cut_to_the_width(portcullis: str, folder: Path, columns: int) -> None:
    text = on_terminal(portcullis, "check", "p.xml", folder=folder, columns=columns, NO_COLOR="1")
    lines = text.splitlines()
    caret = next(index for index, line in enumerate(lines) if line.strip(" ~") == "^")
    assert len(lines[caret - 1]) <= columns
    column = lines[caret].index("^")
    assert lines[caret - 1][column : column + 4] == "nmae"
    whole = in_pipe(portcullis, "check", "p.xml", folder=folder)
    assert any(len(line) > 100 for line in whole.splitlines())


def test_what_takes_long_says_so(portcullis: str, folder: Path) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [portcullis, "format", "-"],
        env={"TERM": "xterm"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    # It waits for its input, which is never there in time.
    said = b""
    while b"working ..." not in said:
        said += os.read(leader, 65536)
    output, _ = process.communicate(WRONG.encode(), timeout=60)
    assert output.startswith(b"<?xml ")
    assert os.read(leader, 65536).endswith(b"\r\x1b[K")
    os.close(leader)


def test_a_pipe_is_told_nothing_of_progress(portcullis: str, folder: Path) -> None:
    with subprocess.Popen(
        [portcullis, "format", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(1.5)
        _, error = process.communicate(WRONG.encode(), timeout=60)
    assert error == b""
