"""What the documentation promises: links that lead somewhere, and a section for each code."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

LINK = re.compile(r"(?<!!)\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")
PAGE_REFERENCE = re.compile(r"<doc:([\w-]+)(?:#([\w-]+))?>")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
CODE_BLOCK = re.compile(r"^```.*?^```$", re.M | re.S)
INLINE_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
#: Folders with pages of the project; what lies deeper in hidden ones is not ours.
PAGE_FOLDERS = ("Sources", "Tests", "docs", "Examples", "policies")

#: Where diagnostics are made, and the pages that explain them.
CODED = ("PolicyXML", "PolicyCompiler", "PolicyAnalysis", "PortcullisCommands")
CODED_ENUMERATIONS = {
    "PolicyFormat/FormatError.swift": "Code",
    "PythonHost/PythonHostError.swift": "Code",
    "PythonHost/WorkflowRun.swift": "Kind",
    "PolicyAnalysis/Lint/LintRule.swift": "LintRule",
}
CODE_PAGES = (
    "PortcullisCommands/PortcullisCommands.docc/Diagnostics.md",
    "PolicyAnalysis/PolicyAnalysis.docc/Lint.md",
)
WORD = "[a-z]+(?:-[a-z]+)*"
#: Functions that take a code as their first argument, or, as `outcome`, a later one.
MAKERS = r"(?:fault|faultInValue|add|warn|duplicate|refuse|failed|environment)"
CODES = (
    re.compile(rf"\b{MAKERS}\(\s*\"({WORD})\""),
    re.compile(rf"\boutcome\(\s*\w+, \w+, \"({WORD})\""),
    re.compile(rf"\bcode(?:: | = )(?:\w+ \? \"{WORD}\" : )?\"({WORD})\""),
    re.compile(rf"\bcode: \w+ \? \"({WORD})\""),
    re.compile(rf"\[({WORD})\]\"$", re.M),
)
#: Codes that are put together from the name of an element.
COMPOSED = {'"duplicate-\\(element.name)"': {"duplicate-module", "duplicate-member"}}
#: Words with a hyphen in these sources that are no codes and not of the schemas' vocabulary.
OTHER_WORDS = {"us-ascii", "by-time", "by-memory", "continued-as-new", "import-temporal"}
OTHER_WORDS |= {"pass-through", "yyyy-mm-dd"}


def pages(root: Path) -> list[Path]:
    found = [path for folder in PAGE_FOLDERS for path in (root / folder).rglob("*.md")]
    hidden = [
        path for path in found if any(part[0] == "." for part in path.relative_to(root).parts)
    ]
    return sorted({*root.glob("*.md"), *found} - set(hidden))


def anchors(page: Path) -> set[str]:
    """Returns the anchors of a page's headings, as GitHub and DocC make them."""
    text = CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
    names = set()
    for heading in HEADING.findall(text):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        names.add(plain.strip().replace(" ", "-"))
    return names


def link_faults(root: Path) -> list[str]:
    """Returns one line for each link of a page that leads nowhere inside the repository."""
    faults = []
    for page in pages(root):
        text = CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
        for target, anchor, shown in targets(page, INLINE_CODE.sub("", text)):
            if not target.exists():
                faults.append(f"{page.relative_to(root)}: there is no `{shown}`")
            elif anchor and anchor not in anchors(target):
                faults.append(f"{page.relative_to(root)}: no heading for `{shown}`")
    return faults


def targets(page: Path, text: str) -> Iterator[tuple[Path, str, str]]:
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        yield (page.parent / name if name else page), anchor, link
    for name, anchor in PAGE_REFERENCE.findall(text):
        yield page.parent / f"{name}.md", anchor, f"doc:{name}"


def sources(root: Path) -> Iterator[str]:
    for target in CODED:
        for file in sorted((root / "Sources" / target).rglob("*.swift")):
            code = re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.M)
            yield re.sub(r'""".*?"""', '""', code, flags=re.S)


def codes(root: Path) -> set[str]:
    """Returns every code of a diagnostic that the sources can make."""
    found: set[str] = set()
    for text in sources(root):
        for pattern in CODES:
            found |= set(pattern.findall(text))
        for spelling, composed in COMPOSED.items():
            if spelling in text:
                found |= composed
    for path, name in CODED_ENUMERATIONS.items():
        found |= set(raw_values((root / "Sources" / path).read_text(encoding="utf-8"), name))
    return found


def raw_values(text: str, enumeration: str) -> list[str]:
    """Returns the raw values of the cases of an enumeration of strings."""
    found = re.search(rf"^( *)public enum {enumeration}: String.*?^\1\}}", text, re.M | re.S)
    assert found, enumeration
    cases = re.findall(r"^ *case (\w+)(?: = \"([\w-]+)\")?$", found[0], re.M)
    return [raw or name for name, raw in cases]


def unexplained_words(root: Path) -> set[str]:
    """Returns hyphenated words of the sources that are neither codes nor the schemas' words."""
    known = codes(root) | OTHER_WORDS
    for schema in (root / "schemas").glob("*.xsd"):
        known |= set(re.findall(rf'"({WORD})"', schema.read_text(encoding="utf-8")))
    words = {word for text in sources(root) for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}
    return words - known


def sections(root: Path) -> list[str]:
    """Returns the headings of the pages that explain codes, one for each."""
    found: list[str] = []
    for page in CODE_PAGES:
        text = (root / "Sources" / page).read_text(encoding="utf-8")
        found += re.findall(rf"^### ({WORD})$", text, re.M)
    return found


def repeated(words: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {word for word in words if word in seen or seen.add(word)}
