"""What the package's layout allows, as data, and the checks that hold the sources to it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

#: What each target may import of the package. A target that is not listed may not exist.
POLICY = {"PolicyModel", "PolicyFormat", "PolicyXML", "PolicyCompiler", "PolicyAnalysis"}
MAY_IMPORT: dict[str, set[str]] = {
    "PolicyModel": set(),
    "PolicyFormat": set(),
    "CLibXML2": set(),
    "PolicyXML": {"PolicyModel", "CLibXML2"},
    "PolicyCompiler": {"PolicyModel", "PolicyFormat", "PolicyRuntime"},
    "PolicyAnalysis": {"PolicyModel", "PolicyFormat", "PolicyRuntime"},
    "PolicyRuntime": {"PolicyFormat"},
    "PortcullisC": {"PolicyRuntime", "CPortcullis"},
    "CPortcullis": set(),
    "CPythonABI": set(),
    "PythonGate": {"PolicyRuntime", "CPythonABI"},
    "PythonHost": {"PolicyRuntime"},
    "PortcullisCommands": POLICY | {"PolicyRuntime", "PythonHost", "ArgumentParser"},
    "portcullis": {"PortcullisCommands"},
}
#: The platform's own modules: a C library, and what the toolchain brings without Foundation.
PLATFORM = {"Glibc", "Musl", "Darwin", "Synchronization"}
FOUNDATION = {"Foundation", "FoundationEssentials", "FoundationInternationalization"}
WITHOUT_FOUNDATION = {
    "PolicyModel",
    "PolicyFormat",
    "PolicyRuntime",
    "PortcullisC",
    "PythonGate",
}
#: Values only: not even the platform.
WITHOUT_PLATFORM = {"PolicyModel", "PolicyFormat"}
LONGEST_FILE = 600
SOURCE_SUFFIXES = {".swift", ".c", ".h", ".py", ".bash"}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)
NOT_CODE = re.compile(r'#*"""(?s:.*?)"""#*|/\*(?s:.*?)\*/|//[^\n]*')


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Yields the line and the module of each import, outside of comments and long strings."""
    code = NOT_CODE.sub(lambda text: "\n" * text[0].count("\n"), source)
    for number, line in enumerate(code.splitlines(), 1):
        for statement in line.split(";"):
            if found := IMPORT.match(statement):
                yield number, found[1]


def allowed(target: str) -> set[str]:
    """Returns every module that the target's sources may import."""
    modules = set(MAY_IMPORT.get(target, ()))
    if target not in WITHOUT_PLATFORM:
        modules |= PLATFORM
    if target not in WITHOUT_FOUNDATION:
        modules |= FOUNDATION
    return modules


def import_faults(root: Path) -> list[str]:
    """Returns one line for each import that the table forbids."""
    faults = []
    for folder in sorted(path for path in (root / "Sources").iterdir() if path.is_dir()):
        target = folder.name
        if target == "Python":
            continue
        if target not in MAY_IMPORT:
            faults.append(f"Sources/{target}: is not a target of the table")
        for file in sorted(folder.rglob("*.swift")):
            for line, module in imports(file.read_text()):
                if module != target and module not in allowed(target):
                    where = file.relative_to(root)
                    faults.append(f"{where}:{line}: `{target}` may not import `{module}`")
    return faults


def length_faults(root: Path) -> list[str]:
    """Returns one line for each source file that is too long."""
    faults = []
    for top in ("Sources", "Tests", "Scripts", "Examples", "Package.swift"):
        files = [root / top] if (root / top).is_file() else sorted((root / top).rglob("*"))
        for file in files:
            hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
            if hidden or not file.is_file() or file.suffix not in SOURCE_SUFFIXES:
                continue
            lines = len(file.read_bytes().splitlines())
            if lines > LONGEST_FILE:
                where = file.relative_to(root)
                faults.append(f"{where}: {lines} lines, {LONGEST_FILE} are allowed")
    return faults


def manifest_dependencies(manifest: Mapping) -> dict[str, set[str]]:
    """Returns the direct dependencies of each target that `swift package dump-package` prints."""
    targets = {}
    for target in manifest["targets"]:
        if target["type"] == "test":
            continue
        named = [next(iter(entry.values()))[0] for entry in target["dependencies"]]
        targets[target["name"]] = set(named)
    return targets


def manifest_faults(dependencies: Mapping[str, set[str]]) -> list[str]:
    """Returns one line for each dependency of the manifest that the table forbids."""
    faults = []
    for target, named in sorted(dependencies.items()):
        if target not in MAY_IMPORT:
            faults.append(f"Package.swift: `{target}` is not a target of the table")
        for module in sorted(named - MAY_IMPORT.get(target, set())):
            faults.append(f"Package.swift: `{target}` may not depend on `{module}`")
    return faults
