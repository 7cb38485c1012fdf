"""C programs that are compiled against libportcullis and its header."""

from __future__ import annotations

import subprocess

import pytest


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


@pytest.fixture(params=[False, True], ids=["dynamic", "static"])
def static(request) -> bool:
    return request.param


def test_a_program_asks_a_policy(program, static, image) -> None:
    ran = run(program("ask.c", static=static), image, "shop.buy", "json.loads", "os.getcwd")
    assert ran.returncode == 0, ran.stderr
    bought, loaded, folder = ran.stdout.splitlines()
    assert bought.startswith("shop.buy 1 shop-1|käuflich ist nichts|")
    assert bought.endswith("policy.xml:7")
    assert loaded == "json.loads 0 ||:0"
    assert folder.startswith("os.getcwd 1 os.*")


@pytest.mark.parametrize("standard", ["-std=c99", "-xc++"])
def test_the_header_is_c99_and_cpp(program, standard) -> None:
    program("ask.c", flags=(standard, "-pedantic"))


def test_a_program_says_why_it_has_no_policy(program, tmp_path) -> None:
    ran = run(program("ask.c"), tmp_path / "missing.policybc")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("2 cannot read `")
    assert "No such file or directory" in ran.stderr


def test_no_decision_allocates_and_closing_frees_everything(program, static, image) -> None:
    ran = run(program("allocations.c", static=static), image)
    assert (ran.returncode, ran.stdout) == (0, "open 1 decide 0 live 0 sum 1\n")


def test_threads_share_a_policy(program, image) -> None:
    ran = run(program("threads.c"), image)
    assert (ran.returncode, ran.stdout) == (0, "0 wrong\n")
