"""Writes the manual pages of the tool from what it says about itself.

`Scripts/manual.py portcullis FOLDER` asks `portcullis --experimental-dump-help`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def escaped(text: str) -> str:
    """Returns text as roff reads it: no line starts with a control character."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def names(argument: dict[str, Any]) -> list[str]:
    """Returns the spellings of an option, the short one first."""
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    spelled = [dashes[name["kind"]] + name["name"] for name in argument.get("names") or []]
    return sorted(spelled, key=len)


def value(argument: dict[str, Any]) -> str:
    return f"\\fI{escaped(argument.get('valueName') or 'value')}\\fR"


def synopsis(argument: dict[str, Any]) -> str:
    """Returns an argument as the synopsis shows it."""
    if argument["kind"] == "positional":
        text = value(argument)
    else:
        text = f"\\fB{escaped(names(argument)[-1])}\\fR"
        if argument["kind"] == "option":
            text += " " + value(argument)
    if argument.get("isRepeating"):
        text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def item(argument: dict[str, Any]) -> str:
    """Returns an argument with what it is for."""
    if argument["kind"] == "positional":
        head = value(argument)
    else:
        head = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names(argument))
        if argument["kind"] == "option":
            head += " " + value(argument)
    text = escaped(argument.get("abstract") or "")
    if default := argument.get("defaultValue"):
        text += f" The default is {escaped(default)}."
    return f".TP\n{head}\n{text}\n"


def discussion(text: str) -> str:
    """Returns paragraphs; indented lines are examples, shown as they are."""
    parts = []
    for paragraph in text.strip("\n").split("\n\n"):
        if paragraph.startswith("  "):
            parts.append(f".PP\n.nf\n{escaped(paragraph)}\n.fi")
        else:
            parts.append(f".PP\n{escaped(paragraph)}")
    return "\n".join(parts) + "\n"


def page(command: dict[str, Any], parents: list[str], version: str) -> str:
    """Returns the page of a command."""
    words = [*parents, command["commandName"]]
    title = "-".join(words)
    arguments = [each for each in command.get("arguments") or [] if each.get("shouldDisplay")]
    subcommands = [each for each in command.get("subcommands") or [] if each.get("shouldDisplay")]
    text = f'.TH "{title.upper()}" 1 "" "{version}" "User Commands"\n'
    abstract = command.get("abstract") or ""
    text += f".SH NAME\n{escaped(title)} \\- {escaped(abstract[:1].lower() + abstract[1:])}\n"
    shown = [synopsis(each) for each in arguments]
    if subcommands:
        shown.append("\\fIcommand\\fR")
    text += f".SH SYNOPSIS\n\\fB{escaped(' '.join(words))}\\fR {' '.join(shown)}\n"
    if about := command.get("discussion"):
        text += f".SH DESCRIPTION\n{discussion(about)}"
    if subcommands:
        text += ".SH COMMANDS\n"
        for each in subcommands:
            name = f"{title}-{each['commandName']}"
            text += f".TP\n\\fB{escaped(name)}\\fR(1)\n{escaped(each.get('abstract') or '')}\n"
    if arguments:
        text += ".SH OPTIONS\n" + "".join(map(item, arguments))
    return text


def pages(command: dict[str, Any], parents: list[str], version: str) -> dict[str, str]:
    """Returns the pages of a command and of those below it, by file name."""
    words = [*parents, command["commandName"]]
    found = {"-".join(words) + ".1": page(command, parents, version)}
    for each in command.get("subcommands") or []:
        if each["commandName"] != "help" and each.get("shouldDisplay"):
            found |= pages(each, words, version)
    return found


def main() -> None:
    tool, folder = sys.argv[1], Path(sys.argv[2])
    dump = subprocess.run(
        [tool, "--experimental-dump-help"], check=True, capture_output=True, text=True
    )
    version = subprocess.run([tool, "--version"], check=True, capture_output=True, text=True)
    folder.mkdir(parents=True, exist_ok=True)
    command = json.loads(dump.stdout)["command"]
    for name, text in pages(command, [], version.stdout.strip()).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
