"""Renders a table and markup into text."""

import io

from rich.console import Console
from rich.markup import render
from rich.table import Table
from rich.text import Text


def use():
    table = Table(title="Orders")
    table.add_column("id", justify="right")
    table.add_column("state", style="green")
    table.add_row("7", "[bold]open[/bold]")
    out = io.StringIO()
    console = Console(
        file=out, width=40, height=20, force_terminal=True, color_system="truecolor", _environ={}
    )
    console.print(table)
    text = Text.from_markup("[red]a[/red] b")
    return [
        out.getvalue(),
        text.plain,
        [str(span.style) for span in text.spans],
        str(render("[b]x")),
    ]
