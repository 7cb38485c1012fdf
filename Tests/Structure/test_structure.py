"""Holds this repository to its layout, and shows that each check can fail."""

import json
import subprocess
from pathlib import Path

import pytest
import structure

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dependencies() -> dict[str, set[str]]:
    printed = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, check=True
    )
    return structure.manifest_dependencies(json.loads(printed.stdout))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for target in structure.MAY_IMPORT:
        folder = tmp_path / "Sources" / target
        folder.mkdir(parents=True)
        (folder / f"{target}.swift").write_text("struct Nothing {}\n")
    (tmp_path / "Tests").mkdir()
    (tmp_path / "Package.swift").write_text("\n")
    return tmp_path


def test_every_import_is_in_the_table() -> None:
    assert structure.import_faults(ROOT) == []


def test_no_file_is_too_long() -> None:
    assert structure.length_faults(ROOT) == []


def test_the_manifest_agrees_with_the_table(dependencies: dict[str, set[str]]) -> None:
    assert structure.manifest_faults(dependencies) == []
    assert dependencies["PolicyRuntime"] == {"PolicyFormat"}


def test_a_clean_tree_has_no_faults(tree: Path) -> None:
    assert structure.import_faults(tree) == []
    assert structure.length_faults(tree) == []


@pytest.mark.parametrize(
    ("target", "statement", "module"),
    [
        ("PolicyModel", "import PolicyFormat", "PolicyFormat"),
        ("PolicyModel", "import Glibc", "Glibc"),
        ("PolicyFormat", "internal import Foundation", "Foundation"),
        ("PolicyRuntime", "public import PolicyModel", "PolicyModel"),
        ("PolicyRuntime", "import FoundationEssentials", "FoundationEssentials"),
        ("PolicyRuntime", "@preconcurrency import PolicyCompiler", "PolicyCompiler"),
        ("PythonGate", "import struct Foundation.URL", "Foundation"),
        ("PythonGate", "@_spi(Gate) import PythonHost", "PythonHost"),
        ("PolicyXML", "let a = 1; import PolicyCompiler", "PolicyCompiler"),
        ("PythonHost", "import CPythonABI", "CPythonABI"),
        ("PortcullisCommands", "import CLibXML2", "CLibXML2"),
        ("portcullis", "import PolicyModel", "PolicyModel"),
    ],
)
def test_a_forbidden_import_is_found(tree: Path, target: str, statement: str, module: str) -> None:
    file = tree / "Sources" / target / "More.swift"
    file.write_text(f"// why\n{statement}\n")
    expected = f"Sources/{target}/More.swift:2: `{target}` may not import `{module}`"
    assert structure.import_faults(tree) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "// import Foundation\n",
        "/*\nimport Foundation\n*/\n",
        'let code = """\n    import Foundation\n    """\n',
    ],
)
def test_comments_and_strings_are_not_imports(tree: Path, text: str) -> None:
    (tree / "Sources/PolicyModel/More.swift").write_text(text)
    assert structure.import_faults(tree) == []


def test_an_unknown_target_is_found(tree: Path) -> None:
    (tree / "Sources/Extra").mkdir()
    assert structure.import_faults(tree) == ["Sources/Extra: is not a target of the table"]


@pytest.mark.parametrize("place", ["Sources/PolicyXML/Long.swift", "Tests/long.py"])
def test_a_long_file_is_found(tree: Path, place: str) -> None:
    (tree / place).write_text("\n" * structure.LONGEST_FILE)
    assert structure.length_faults(tree) == []
    (tree / place).write_text("\n" * (structure.LONGEST_FILE + 1))
    assert structure.length_faults(tree) == [f"{place}: 601 lines, 600 are allowed"]


@pytest.mark.parametrize(
    ("target", "extra"),
    [("PolicyRuntime", "PolicyModel"), ("PythonHost", "CPythonABI"), ("PolicyXML", "Yams")],
)
def test_a_forbidden_dependency_is_found(
    dependencies: dict[str, set[str]], target: str, extra: str
) -> None:
    changed = dependencies | {target: dependencies[target] | {extra}}
    expected = f"Package.swift: `{target}` may not depend on `{extra}`"
    assert structure.manifest_faults(changed) == [expected]
