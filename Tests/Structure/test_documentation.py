"""The documentation: no link leads nowhere, and each code of a diagnostic is explained."""

from pathlib import Path

import pytest
from documentation import codes, link_faults, raw_values, repeated, sections, unexplained_words

ROOT = Path(__file__).parents[2]


def test_links_lead_somewhere() -> None:
    assert link_faults(ROOT) == []


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "Sources").mkdir()
    (tmp_path / "Sources" / "Other.md").write_text("# Other\n\n### a-code\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(
        "# Top\n[a](Sources/Other.md#a-code) [b](Sources/Other.md#b) [c](Gone.md) [d](#top)\n"
        "<doc:Gone> `[e](Gone.md)` [f](https://example.org/gone)\n"
        "```\n[g](Gone.md)\n```\n",
        encoding="utf-8",
    )
    assert link_faults(tmp_path) == [
        "README.md: no heading for `Sources/Other.md#b`",
        "README.md: there is no `Gone.md`",
        "README.md: there is no `doc:Gone`",
    ]


def test_each_code_has_one_section() -> None:
    explained = sections(ROOT)
    assert repeated(explained) == set()
    assert set(explained) == codes(ROOT)


def test_no_code_is_overlooked() -> None:
    assert unexplained_words(ROOT) == set()


@pytest.mark.parametrize(
    "code",
    [
        "duplicate-member",  # put together
        "entity",  # assigned to a variable
        "wrong-rule",  # one of two
        "wrong-passthrough",  # a later argument
        "damaged-image",  # of an enumeration
        "violation",  # in the text itself
        "expects-nothing",  # on a line of its own
    ],
)
def test_codes_are_found_however_they_are_made(code: str) -> None:
    assert code in codes(ROOT)


def test_raw_values() -> None:
    text = 'public enum Code: String {\n    case a = "a-b"\n    case c\n}\ncase d = "e"\n'
    assert raw_values(text, "Code") == ["a-b", "c"]
