"""Plain tables: columns under their heads, no lines drawn, no trailing white space."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2
_LONG_WORD = 20


def tabulate(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, color: bool) -> str:
    """Rows under their heads. What is too long for its column goes on in the next line of it, at a space.

    Words of more than 20 characters are broken wherever the column ends, but for those of the first column.
    Where even the other words do not fit side by side, the last columns are left out.
    """
    words = [_longest_word([head, *column]) for head, *column in zip(heads, *rows, strict=True)]
    words[0] = max(map(len, (heads[0], *(row[0] for row in rows))))
    shown = len(heads)
    # rich keeps the gap behind the last column as well.
    while shown > 1 and sum(words[:shown]) + _GAP * shown > width:
        shown -= 1
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    longest = [max(map(len, column)) for column in zip(heads[:shown], *(row[:shown] for row in rows), strict=True)]
    widths = _widths([min(each, width) for each in words[:shown]], longest, width - _GAP * shown)
    for index, head in enumerate(heads[:shown]):
        table.add_column(Text(head), no_wrap=index == 0, overflow="fold", width=widths[index])
    for row in rows:
        table.add_row(*map(Text, row[:shown]))
    out = io.StringIO()
    Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
    ).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _widths(least: list[int], longest: list[int], room: int) -> list[int]:
    """How wide columns are: their longest words, and what is left goes to the narrowest of those that need more."""
    widths = list(least)
    for _ in range(room - sum(widths)):
        short = [index for index, width in enumerate(widths) if width < longest[index]]
        if not short:
            break
        widths[min(short, key=widths.__getitem__)] += 1
    return widths


def _longest_word(cells: Sequence[str]) -> int:
    return min(_LONG_WORD, max(len(word) for cell in cells for word in (cell.split() or [""])))
