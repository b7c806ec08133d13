"""A page of text being laid out: headings, wrapped paragraphs, lines to copy, tables without drawn lines."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crumple import visible

HEAD, BAD, FAINT, PLAIN = "bold", "bold red", "dim", ""
_NARROWEST = 40


class Page:
    """Lines of text of at most `width` cells, but for those that are there to be copied.

    No text that is given here can command a terminal, nor make a line of its own: what would is written as an escape.
    """

    def __init__(self, width: int, color: bool) -> None:
        """Begin an empty page."""
        self.width = max(width, _NARROWEST)
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=self.width,
            force_terminal=color,
            color_system="standard" if color else None,
            highlight=False,
            legacy_windows=False,
        )

    def line(self, text: str = "", style: str = PLAIN, *, indent: int = 0) -> None:
        """A paragraph, wrapped; continuation lines are indented alike."""
        self._console.print(Padding(Text(visible(text), style), (0, 0, 0, indent)))

    def copyable(self, text: str, *, indent: int = 0) -> None:
        """A line that is never broken, so that it can be copied."""
        self._console.print(Text(" " * indent + visible(text)), soft_wrap=True)

    def heading(self, text: str) -> None:
        """A heading, after an empty line."""
        self.line()
        self.line(text, HEAD)

    def labelled(self, label: str, text: str, *, indent: int = 2, column: int = 10) -> None:
        """A text beside its label, wrapped in a column of its own."""
        table = Table.grid(padding=0)
        table.add_column(width=indent + column)
        table.add_column(overflow="fold")
        table.add_row(Text(" " * indent + visible(label), FAINT), Text(visible(text)))
        self._console.print(table)

    def fits(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
        """Whether a table is narrow enough, its columns at least one cell apart."""
        return _widths(heads, rows) + len(heads) - 1 <= self.width

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, styles: Sequence[str] = (), names: int = 1
    ) -> None:
        """Figures flush right under their heads, the first columns (`names`) flush left; long names are wrapped.

        A head may have two lines; then those of one line stand beside the second.
        """
        rows = [tuple(map(visible, row)) for row in rows]
        if any("\n" in head for head in heads):
            heads = [head if "\n" in head else f"\n{head}" for head in heads]
        roomy = _widths(heads, rows) + 2 * (len(heads) - 1) <= self.width
        table = Table(box=None, pad_edge=False, padding=(0, 2 if roomy else 1, 0, 0), header_style=FAINT)
        for index, head in enumerate(heads):
            if index >= names:
                table.add_column(Text(head, justify="right"), justify="right", no_wrap=True)
            else:
                table.add_column(Text(head), overflow="fold")
        for number, row in enumerate(rows):
            table.add_row(*map(Text, row), style=styles[number] if styles else None)
        self._console.print(table)

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self._out.getvalue().split("\n")).rstrip() + "\n"


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    return sum(
        max(len(line) for cell in column for line in cell.split("\n")) for column in zip(heads, *rows, strict=True)
    )
