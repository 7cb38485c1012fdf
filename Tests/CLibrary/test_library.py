"""libportcullis through Python's ctypes: what it answers, refuses and exports."""

from __future__ import annotations

import ctypes
import json
import random
import re
import subprocess
from pathlib import Path

from calls import SIGNATURES, Error

ROOT = Path(__file__).parents[2]
ALLOWED, RESTRICTED, UNDECIDED, INVALID = range(4)
ACCESS, USE, IMPORT = range(3)
NO_RULE = 0xFFFF_FFFF


def opened(library, content: bytes, count: int | None = None, python=(3, 11)):
    """The status, whether there is a policy, and the message."""
    handle, error = ctypes.c_void_p(1), Error()
    size = len(content) if count is None else count
    status = library.portcullis_open_bytes(
        content, size, *python, ctypes.byref(handle), ctypes.byref(error)
    )
    assert error.status == status
    if handle:
        library.portcullis_close(handle)
    return status, bool(handle), error.message.decode()


def test_it_exports_its_own_names_with_a_version_and_nothing_else(folder) -> None:
    header = (folder / "include" / "portcullis.h").read_text()
    library = folder / "lib" / "libportcullis.so.1"
    listed = subprocess.run(
        ["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True
    )
    names = {line.split()[-1] for line in listed.stdout.splitlines()} - {"PORTCULLIS_1.0"}
    assert names == {f"portcullis_{name}@@PORTCULLIS_1.0" for name in SIGNATURES}
    declared = set(re.findall(r"^(?:\w[\w ]*\W+)?portcullis_(\w+)\($", header, re.M))
    declared |= set(re.findall(r"\bportcullis_(\w+)\(", header))
    assert declared == set(SIGNATURES)
    told = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True)
    assert "Library soname: [libportcullis.so.1]" in told.stdout
    assert "swift" not in told.stdout


def test_the_static_library_exports_the_same(folder) -> None:
    library = folder / "lib" / "libportcullis.a"
    command = ["nm", "-g", "--defined-only", str(library)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in listed.splitlines() if " " in line}
    assert names == {f"portcullis_{name}" for name in SIGNATURES}


def test_its_version_is_that_of_the_tool(library, portcullis) -> None:
    told = subprocess.run([portcullis, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"portcullis {library.portcullis_version().decode()}\n"


def test_decisions_and_rules(policy) -> None:
    decision, rule = policy.decide(b"shop.buy")
    assert decision == RESTRICTED
    texts = [policy.text(rule, kind) for kind in range(8)]
    assert texts[0:2] == ["shop-1", "shop.buy"]
    assert texts[2].endswith("policy.xml")
    assert texts[3:] == [
        "käuflich ist nichts",
        "shop.reserve()",
        "it costs",
        "https://example.org/shop",
        "",
    ]
    library, handle = policy.library, policy.handle
    assert library.portcullis_line(handle, rule) == 7
    assert library.portcullis_column(handle, rule) == 7
    assert library.portcullis_effect(handle, rule) == 0
    assert library.portcullis_arguments(handle, rule) == -1
    assert policy.decide(b"shop.buy", operation=ACCESS) == (ALLOWED, NO_RULE)
    decision, rule = policy.decide(b"shop.look", operation=ACCESS)
    assert (decision, library.portcullis_effect(handle, rule)) == (RESTRICTED, 1)
    assert policy.text(rule, 7) == "UserWarning"
    assert policy.decide(b"requests.get", operation=IMPORT)[0] == RESTRICTED
    assert policy.decide(b"httpx", operation=IMPORT) == (ALLOWED, NO_RULE)


def test_passthrough(policy) -> None:
    ask = policy.library.portcullis_is_passthrough
    assert ask(policy.handle, b"models.order", 12) == 1
    assert ask(policy.handle, b"modelsx", 7) == 0
    assert ask(policy.handle, None, 0) == 0


def test_it_decides_as_the_tool_does(policy, portcullis, image) -> None:
    """Whole and name by name, for paths that rules name and for some beside them."""
    rules = range(policy.library.portcullis_rule_count(policy.handle))
    paths = {policy.text(rule, 1).replace("*", "other") for rule in rules}
    paths |= {f"{path}.more" for path in paths} | {path.rpartition(".")[0] for path in paths}
    questions = [
        {"path": path.split("."), "phase": phase, "operation": operation}
        for path in sorted(paths - {""})
        for phase in ("import", "runtime")
        for operation in ("access", "use")
    ]
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    command = [portcullis, "query", str(image), "--python", "3.11"]
    asked = subprocess.run(command, input=lines, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    answers = [json.loads(line) for line in asked.stdout.splitlines()]
    assert len(answers) == len(questions) > 1000
    for question, answer in zip(questions, answers, strict=True):
        numbers = (question["phase"] == "runtime", question["operation"] == "use")
        path = ".".join(question["path"]).encode()
        mine = policy.decide(path, *numbers)
        assert policy.walk(path, *numbers) == mine
        assert (mine[0] == ALLOWED) == (answer["decision"] == "allow"), question
        if mine[0] == RESTRICTED:
            effect = policy.library.portcullis_effect(policy.handle, mine[1])
            assert ("deny", "warn", "audit")[effect] == answer["decision"]
            assert policy.text(mine[1], 0) == answer["rule"]


def test_what_is_no_question_is_not_allowed(policy) -> None:
    ask, handle = policy.library.portcullis_decide, policy.handle
    rule = ctypes.c_uint32(7)
    place = ctypes.byref(rule)
    assert ask(None, b"os", 2, 1, USE, place) == INVALID
    assert rule.value == NO_RULE
    assert ask(handle, None, 2, 1, USE, None) == INVALID
    assert ask(handle, b"os", 1 << 63, 1, USE, None) == INVALID
    for phase, operation in ((2, USE), (-1, USE), (1, 3), (1, -1)):
        assert ask(handle, b"os", 2, phase, operation, None) == INVALID
    assert ask(handle, None, 0, 1, USE, None) == ALLOWED
    step = policy.library.portcullis_step
    assert step(handle, None, 0, 1, USE, None) == INVALID
    assert step(None, place, 0, 1, USE, None) == INVALID
    assert policy.library.portcullis_decide_end(None, 0, 1, USE, None) == INVALID


def test_states_and_names_of_nowhere_do_no_harm(policy) -> None:
    library, handle = policy.library, policy.handle
    wild = random.Random(4)
    for _ in range(20_000):
        state = ctypes.c_uint32(wild.choice([wild.getrandbits(32), wild.getrandbits(13), NO_RULE]))
        name = wild.choice([wild.getrandbits(32), wild.getrandbits(10), NO_RULE, 1])
        got = library.portcullis_step(handle, ctypes.byref(state), name, 1, USE, None)
        assert got in (ALLOWED, RESTRICTED, UNDECIDED)
        assert library.portcullis_decide_end(handle, state.value, 1, USE, None) in (0, 1)


def test_bytes_that_are_no_text_are_an_unknown_name(policy) -> None:
    for name in (b"\xff\xfe", b"\x80", b"\xc3", b"get\x00cwd", b"\xed\xa0\x80"):
        assert policy.decide(b"shop." + name) == policy.decide(b"shop.unknown")
        assert policy.decide(b"os." + name)[0] == policy.decide(b"os.unknown")[0]
        assert policy.library.portcullis_name_id(policy.handle, name, len(name)) == 0
    long = b"a" * 1_000_000
    assert policy.decide(long) == (ALLOWED, NO_RULE)
    assert policy.decide(b"." * 100_000) == (ALLOWED, NO_RULE)


def test_texts_are_cut_between_characters(policy) -> None:
    _, rule = policy.decide(b"shop.buy")
    describe, handle = policy.library.portcullis_describe, policy.handle
    whole = "käuflich ist nichts".encode()
    for capacity in range(len(whole) + 3):
        buffer = ctypes.create_string_buffer(b"\x7f" * 64, 64)
        assert describe(handle, rule, 3, buffer, capacity) == len(whole)
        kept = buffer.raw[:capacity].split(b"\0")[0]
        assert whole.decode().startswith(kept.decode())
        assert len(kept) >= min(len(whole), capacity - 1) - 1
        assert buffer.raw[capacity:] == b"\x7f" * (64 - capacity)
    assert describe(handle, rule, 3, None, 4096) == len(whole)
    for number, kind in ((NO_RULE, 0), (rule, 8), (rule, -1)):
        assert describe(handle, number, kind, None, 0) == 0
    assert describe(None, rule, 0, None, 0) == 0
    assert policy.library.portcullis_line(handle, NO_RULE) == 0
    assert policy.library.portcullis_effect(None, 0) == 0


def test_null_is_refused(library, image) -> None:
    error = Error()
    handle = ctypes.c_void_p()
    place, told = ctypes.byref(handle), ctypes.byref(error)
    assert library.portcullis_open_file(None, 3, 11, place, told) == 1
    assert error.message == b"the path is null"
    assert library.portcullis_open_bytes(None, 64, 3, 11, place, told) == 1
    assert library.portcullis_open_file(bytes(image), 3, 11, None, told) == 1
    assert library.portcullis_open_file(bytes(image), 3, -1, place, None) == 1
    assert not handle
    library.portcullis_close(None)
    assert library.portcullis_rule_count(None) == 0
    assert library.portcullis_flags(None) == 0


def test_files_that_are_none_are_refused(library, tmp_path) -> None:
    handle, error = ctypes.c_void_p(1), Error()
    for name in ("missing", ".", "/dev/null", "x" * 5000):
        path = bytes(tmp_path / name)
        status = library.portcullis_open_file(
            path, 3, 11, ctypes.byref(handle), ctypes.byref(error)
        )
        assert (status, bool(handle)) == (2, False)
        assert error.message.startswith(b"cannot read `")
        assert len(error.message) < 508


def test_broken_images_are_refused(library, image) -> None:
    whole = image.read_bytes()
    assert opened(library, whole)[:2] == (0, True)
    assert opened(library, b"")[:2] == (4, False)
    assert opened(library, whole[:63])[:2] == (4, False)
    assert opened(library, whole[:-64])[:2] == (4, False)
    assert opened(library, whole + bytes(64))[:2] == (7, False)
    assert opened(library, b"<xml/>" + bytes(58))[:2] == (5, False)
    newer = bytearray(whole)
    newer[8] = 99
    status, policy, message = opened(library, bytes(newer))
    assert (status, policy) == (6, False)
    assert "format version 99" in message
    assert opened(library, whole, python=(2, 7))[:2] == (15, False)
    for count in (1 << 32, 1 << 62):
        assert opened(library, whole, count)[:2] == (3, False)
    assert opened(library, whole, 1 << 63)[:2] == (1, False)


def test_no_tampered_image_is_opened(library, image) -> None:
    whole = image.read_bytes()
    wild = random.Random(1)
    for _ in range(500):
        tampered = bytearray(whole)
        tampered[wild.randrange(len(whole))] ^= 1 << wild.randrange(8)
        assert opened(library, bytes(tampered))[:2] != (0, True)


def test_the_header_of_the_checkout_is_the_one_that_ships(folder) -> None:
    source = ROOT / "Sources" / "CPortcullis" / "include" / "portcullis.h"
    assert (folder / "include" / "portcullis.h").read_bytes() == source.read_bytes()
