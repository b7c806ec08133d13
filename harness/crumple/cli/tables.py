"""Plain tables: columns under their heads, no lines drawn, no trailing white space."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def tabulate(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, color: bool) -> str:
    """Rows under their heads. What is too long for its column goes on in the next line of it."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for index, head in enumerate(heads):
        table.add_column(Text(head), no_wrap=index == 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out = io.StringIO()
    Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
    ).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
