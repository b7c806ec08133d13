"""A comparison on the terminal: who fails less, by category, where to look, and what could not be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.comparison_content import title_of
from crumple_reports.comparison_tables import tables
from crumple_reports.comparison_words import headline, lines, names_of, replay_lines, steps, whole
from crumple_reports.examples import told
from crumple_reports.grid import Grid
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_SHOWN: Final = 3
_LONG: Final = 160
_STYLES: Final = {"worse": BAD, "better": "green", "": PLAIN}


def render(document: Mapping[str, Any], *, width: int = 80, color: bool = False) -> str:
    """The comparison as text; see `terminal.render`."""
    page = Page(width, color)
    row = whole(document)
    page.line(visible(headline(document)), BAD if row is not None and row["state"] == "worse" else HEAD)
    for line in lines(document):
        page.line(visible(line))
    _steps(page, document)
    found, short = tables(document), {each.id: each for each in tables(document, ("A", "B"))}
    for each in found:
        if each.main:
            _table(page, document, each, short[each.id])
    _look_at(page, document)
    for each in found:
        if not each.main:
            _table(page, document, each, short[each.id])
    return str(page)


def _steps(page: Page, document: Mapping[str, Any]) -> None:
    for text, commands in steps(document):
        page.line()
        page.line(visible(text))
        for command in commands:
            page.copyable(f"  {command}")


def _table(page: Page, document: Mapping[str, Any], grid: Grid, short: Grid) -> None:
    """A table; where names are too long for its heads, with A and B for them."""
    page.heading(visible(grid.title))
    heads, rows = _shown(grid)
    if grid.names < len(heads) and not page.fits(heads, rows):
        (heads, rows), grid = _shown(short), short
        page.line(visible("A is {}, B is {}.".format(*names_of(document))), FAINT)
    if grid.names == len(heads) or page.fits(heads, rows):
        page.table(heads, rows, styles=[_STYLES[each] for each in grid.states], names=grid.names)
    else:
        _narrow(page, grid, rows)
    if grid.note:
        page.line(visible(grid.note), FAINT)


def _shown(grid: Grid) -> tuple[list[str], list[list[str]]]:
    return [_broken(visible(head)) for head in grid.heads], [[visible(cell) for cell in row] for row in grid.rows]


def _broken(head: str) -> str:
    """A head of several words in two lines, as even as can be."""
    words = head.split(" ")
    if len(words) == 1:
        return head
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return "\n".join(min(cuts, key=lambda cut: max(map(len, cut))))


def _narrow(page: Page, grid: Grid, rows: Sequence[Sequence[str]]) -> None:
    """A table without room, row by row."""
    for row in rows:
        page.line(" ".join(row[: grid.names]), HEAD)
        said = ", ".join(
            f"{head} {cell}" for head, cell in zip(grid.heads[grid.names :], row[grid.names :], strict=True)
        )
        page.line(visible(said), indent=2)


def _look_at(page: Page, document: Mapping[str, Any]) -> None:
    """The documents that say most: of which only one of the two fails."""
    a, b = names_of(document)
    for side, worse, other in (("b", b, a), ("a", a, b)):
        found = [each for each in document["look_at"] if each["worse"] == side]
        if not found:
            continue
        page.heading(visible(f"Documents that {worse} deals with worse than {other}"))
        for each in _of_all_kinds(found)[:_SHOWN]:
            page.line()
            page.line(visible(title_of(each)), HEAD)
            page.labelled(worse[:9], _how(each[side]))
            page.labelled(other[:9], _how(each["b" if side == "a" else "a"]))
            for name, command in replay_lines(document, each["replay"]):
                page.copyable(f"  {'replay ' + visible(name):<18}{command}")
        if len(found) > _SHOWN:
            page.line(f"and {len(found) - _SHOWN:,} more in the HTML and JSON reports", FAINT)


def _of_all_kinds(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One of each way in which they differ before the others."""
    first = {(each["a"]["outcome"], each["b"]["outcome"]): each for each in reversed(found)}
    return sorted(found, key=lambda each: first[each["a"]["outcome"], each["b"]["outcome"]] is not each)


def _how(ended: Mapping[str, Any]) -> str:
    """How a call ended, with what was answered where it is known."""
    example = ended.get("example")
    if ended["cause"]:
        return visible(f"{ended['outcome']}: {excerpt(ended['cause'], _LONG)}")
    if example and ended["outcome"] == "wrong":
        return visible(f"wrong: {told(example)}")
    return str(ended["outcome"])
