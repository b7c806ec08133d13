"""What a benchmark prints: columns for a terminal, kept as Markdown for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"


class Output:
    """What is printed, in columns for a terminal, and kept as Markdown."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._widths: Sequence[int] = ()

    def say(self, line: str) -> None:
        """A paragraph."""
        print(f"\n{line}", flush=True)
        self._kept.append(f"\n{line}")

    def heads(self, heads: Sequence[str], widths: Sequence[int]) -> None:
        """Begin a table; columns of a negative width are numbers."""
        self._widths = widths
        print()
        self._kept.append("")
        self.row(heads)
        self._kept.append(f"|{' --- |' * len(heads)}")

    def row(self, cells: Sequence[str]) -> None:
        """A row of the table."""
        padded = (
            cell.rjust(-width) + "  " if width < 0 else cell.ljust(width)
            for cell, width in zip(cells, self._widths, strict=True)
        )
        print("".join(padded).rstrip(), flush=True)
        self._kept.append(f"| {' | '.join(cells)} |")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A whole table, its columns as wide as they must be."""
        self.heads(heads, [max(len(row[at]) for row in [heads, *rows]) + 2 for at in range(len(heads))])
        for row in rows:
            self.row(row)

    def write(self, name: str, page: Path = DOCS) -> None:
        """Put it between the marks of a benchmark, in docs/benchmarks.md or another page."""
        begin, end = f"<!-- Made by `python -m benchmarks.{name} --write`. -->", f"<!-- Until here: {name}. -->"
        head, found, rest = page.read_text("utf-8").partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise SystemExit(f"{page} has no place for it, between {begin} and {end}")
        page.write_text("\n".join([head + begin, *self._kept, "", end + tail]), "utf-8")
