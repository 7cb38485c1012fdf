"""Gated code on disk: shared between processes, never stale, never trusted blindly."""

import importlib.machinery
import os

import pytest


@pytest.fixture
def caches(package, tmp_path):
    """Makes a new cache on the same folder, and says what is in the folder."""
    from portcullis._codecache import CodeCache

    folder = tmp_path / "cache"
    source = tmp_path / "module.py"
    source.write_text("import datetime\nvalue = [datetime.datetime.now]\n")

    def code(names=frozenset({"now"})):
        loader = importlib.machinery.SourceFileLoader("module", str(source))
        return CodeCache(names, folder).of_file(str(source), loader, private=False)

    return code, folder, source


def names_of(code) -> set[str]:
    return set(code.co_names)


def test_code_is_read_back(caches):
    code, folder, _ = caches
    first = code()
    (file,) = folder.iterdir()
    before = file.stat().st_mtime_ns
    assert code() == first
    assert [f.stat().st_mtime_ns for f in folder.iterdir()] == [before]
    assert folder.stat().st_mode & 0o077 == 0


def test_another_source_or_other_names_are_other_code(caches):
    code, folder, source = caches
    assert "__portcullis_attr__" in names_of(code())
    assert "__portcullis_attr__" not in names_of(code(frozenset({"today"})))
    source.write_text("value = 1\n")
    assert names_of(code()) == {"value"}
    assert len(list(folder.iterdir())) == 3


def test_a_damaged_file_is_compiled_again(caches):
    code, folder, _ = caches
    first = code()
    (file,) = folder.iterdir()
    good = file.read_bytes()
    for position in range(0, len(good), 7):
        file.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        assert code() == first
    for length in (0, 5, 32, len(good) - 1):
        file.write_bytes(good[:length])
        assert code() == first


def test_a_file_that_others_can_write_is_not_run(caches, monkeypatch):
    code, folder, _ = caches
    first = code()
    (file,) = folder.iterdir()
    file.chmod(0o666)
    assert code() == first
    assert file.stat().st_mode & 0o002 == 0


def test_a_folder_that_cannot_be_written_is_no_fault(caches):
    code, folder, _ = caches
    folder.write_text("in the way")
    assert names_of(code()) >= {"value"}
    assert folder.read_text() == "in the way"


def test_the_folder_is_said_by_the_environment(package, monkeypatch):
    from portcullis._codecache import default_folder

    monkeypatch.setenv("PORTCULLIS_CACHE", "/named")
    assert str(default_folder()) == "/named"
    monkeypatch.setenv("PORTCULLIS_CACHE", "")
    assert default_folder() is None
    monkeypatch.delenv("PORTCULLIS_CACHE")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/base")
    assert str(default_folder()) == os.path.join("/base", "portcullis")


@pytest.fixture
def texts(package):
    """A cache of text whose gated name is `now`."""
    from portcullis._codecache import CodeCache

    return CodeCache(frozenset({"now"}), None)


def test_the_code_of_text_is_made_once(texts):
    first = texts.of_text("x.now", "<text>", "eval")
    assert "__portcullis_attr__" in names_of(first)
    assert texts.of_text("x.now", "<text>", "eval") is first
    others = [
        ("x.now ", "<text>", "eval"),
        ("x.now", "<other>", "eval"),
        ("x.now", "<text>", "exec"),
    ]
    assert all(texts.of_text(*other) is not first for other in others)


def test_text_that_lies_about_itself_is_not_remembered(texts):
    class Same(str):
        __hash__ = str.__hash__

        def __eq__(self, other):
            return True

    liar = Same("x.now")
    texts.of_text(liar, "<text>", "eval")
    assert texts._texts == {}


def test_the_memory_of_texts_is_bounded(texts, monkeypatch):
    monkeypatch.setattr("portcullis._codecache.TEXTS", 8)
    for number in range(20):
        texts.of_text(f"x + {number}", "<text>", "eval")
    assert len(texts._texts) == 8
    texts.of_text("x" * (1 << 17), "<text>", "eval")
    assert len(texts._texts) == 8
