"""The schemas: documented for editors, and understood by a second validator.

The product validates with libxml2; here xmlschema, which is written in Python, must come to the
same verdicts.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
XS = "{http://www.w3.org/2001/XMLSchema}"
FIXTURES = ROOT / "Tests" / "PolicyXMLTests"
SCHEMAS = {
    "policy": ROOT / "schemas" / "sandbox-restrictions.xsd",
    "tests": ROOT / "schemas" / "policy-tests.xsd",
}
#: What an editor shows documentation of.
DOCUMENTED = {
    XS + name
    for name in (
        "element",
        "attribute",
        "attributeGroup",
        "group",
        "complexType",
        "simpleType",
        "enumeration",
    )
}
#: Files that are not well formed, or not in an encoding that is read.
MALFORMED = {"malformed-xml", "document-type", "entity", "encoding"}
#: Faults that the schema sees too; all others are beyond it.
IN_SCHEMA = {
    "bad-boolean",
    "bad-condition",
    "bad-date",
    "bad-name",
    "bad-value",
    "missing-attribute",
    "misplaced-element",
    "schema",
    "unexpected-text",
    "unknown-attribute",
    "unknown-element",
    "wrong-namespace",
    "wrong-root",
}
#: Whether a file is valid where its faults alone do not tell.
EXCEPTIONS = {
    # xmlschema takes any text for a URI.
    "policy/schema-only": True,
    # One of two attributes is beyond a schema; that something must be there is not.
    "tests/missing-question": True,
    "tests/empty-group": False,
    "tests/empty-phase": False,
    "tests/empty-tests": False,
}


@pytest.mark.parametrize("path", SCHEMAS.values(), ids=lambda path: path.name)
def test_everything_is_documented(path: Path) -> None:
    declared = [
        node
        for node in ET.parse(path).iter()
        if node.tag in DOCUMENTED and not ("ref" in node.attrib and "name" not in node.attrib)
    ]
    assert len(declared) > 40
    for node in declared:
        text = node.findtext(f"{XS}annotation/{XS}documentation") or ""
        what = f"{node.tag.removeprefix(XS)} {node.get('name') or node.get('value')}"
        assert text.strip().endswith("."), f"{what} is not documented"


def test_embedded_schemas_are_the_shipped_ones() -> None:
    for path in SCHEMAS.values():
        embedded = ROOT / "Sources" / "PolicyXML" / "Resources" / path.name
        assert embedded.resolve() == path


def test_schemas_for_emacs_are_generated_from_these() -> None:
    command = [sys.executable, ROOT / "Scripts" / "relaxng.py", "--check"]
    outcome = subprocess.run(command, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout
    locations = ET.parse(ROOT / "schemas" / "schemas.xml").getroot()
    found = {node.get("ns"): node.get("uri") for node in locations}
    for path in SCHEMAS.values():
        namespace = ET.parse(path).getroot().get("targetNamespace")
        assert found[namespace] == path.with_suffix(".rnc").name


def shipped() -> list[Path]:
    return sorted((ROOT / "policies").rglob("*.xml"))


def wrong() -> list[tuple[str, Path]]:
    """Returns the wrong files that are well formed, with the schema that they should follow."""
    found = []
    for kind, folder in (("policy", "Fixtures"), ("tests", "TestFixtures")):
        for path in sorted((FIXTURES / folder).glob("*.xml")):
            if not codes(path) & MALFORMED:
                found.append((kind, path))
    return found


def codes(path: Path) -> set[str]:
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    return set(re.findall(r"^[^ ]\S*: (?:error|warning): .* \[([a-z-]+)\]$", text, re.M))


@pytest.fixture(scope="session")
def validators() -> dict[str, object]:
    xmlschema = pytest.importorskip("xmlschema")
    return {kind: xmlschema.XMLSchema(path) for kind, path in SCHEMAS.items()}


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.name)
def test_what_is_shipped_is_valid(path: Path, validators) -> None:
    kind = "tests" if "tests" in path.relative_to(ROOT / "policies").parts else "policy"
    assert [str(error) for error in validators[kind].iter_errors(path)] == []


@pytest.mark.parametrize(("kind", "path"), wrong(), ids=lambda value: getattr(value, "stem", value))
def test_wrong_files_are_invalid_where_the_schema_can_tell(
    kind: str, path: Path, validators
) -> None:
    expected = EXCEPTIONS.get(f"{kind}/{path.stem}", not codes(path) & IN_SCHEMA)
    assert validators[kind].is_valid(path) == expected, codes(path)
