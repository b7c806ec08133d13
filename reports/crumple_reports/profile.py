"""A profile on a terminal: what the files are, what is the matter with them, and the mix to paste."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import excerpt, visible
from crumple_reports.figures import count, interval, listed, percent, points
from crumple_reports.page import BAD, FAINT, HEAD, Page

_MOST_CLOSED = 10
_PATH = 48
_LEVELS = tuple(f"L{level} %" for level in range(1, 6))


def render(document: Mapping[str, Any], *, width: int = 100, color: bool = False) -> str:
    """The whole of it as text.

    Args:
        document: what `crumple profile --json` writes, and under "toml" the mix as text.
        width: cells across.
        color: whether the text may hold colours.
    """
    page = Page(width, color)
    _headline(page, document)
    _kinds(page, document)
    _damages(page, document)
    _strangest(page, document)
    _copies(page, document)
    _closed(page, document)
    _remarks(page, document)
    _mix(page, document)
    return str(page)


def _headline(page: Page, document: Mapping[str, Any]) -> None:
    files, there, opened = document["files"], document["there"], document["opened"]
    of = f", drawn at random from {there:,} (seed {document['seed']})," if there > document["drawn"] else ""
    page.line(f"{count(files, 'file')}{of} in {visible(document['folder'])}", HEAD)
    if not opened:
        page.line(
            "None of them could be opened; the reasons are below." if files else "There is nothing to measure.", BAD
        )
        return
    clean = document["clean"]
    page.line(
        f"{percent(clean['share'])} of the {opened:,} that could be opened are clean (with 95 % confidence "
        f"{interval(clean['low'], clean['high'])} % of files like these)."
    )


def _kinds(page: Page, document: Mapping[str, Any]) -> None:
    if document["kinds"]:
        kinds = [f"{each['files']:,} {visible(each['media_type'])}" for each in document["kinds"]]
        page.line(f"They are {listed(kinds, 8)}.")


def _damages(page: Page, document: Mapping[str, Any]) -> None:
    rows = document["damages"]
    if not rows:
        return
    page.heading("What is the matter with them")
    heads = ["damage", "files", "share %", "95 %", *_LEVELS]
    cells = [
        (
            visible(each["name"]) + ("" if each["mutator"] else " *"),
            f"{each['files']:,}",
            points(each["share"]),
            interval(each["low"], each["high"]),
            *_levels(each),
        )
        for each in rows
    ]
    if page.fits(heads, cells):
        page.table(heads, cells)
    else:
        page.table(heads[:4], [each[:4] for each in cells])
        page.line()
        page.table(["damage at level", *_LEVELS], [(each[0], *each[4:]) for each in cells])
    page.line()
    page.line(
        "Shares are of all files that could be opened; a file may have several. Levels: how bad it is where it is "
        "found, 1 everyday to 5 the worst; - where its level cannot be told.",
        FAINT,
    )
    if not all(each["mutator"] for each in rows):
        page.line("* No mutator does this; it is no part of the mix.", FAINT)


def _levels(each: Mapping[str, Any]) -> list[str]:
    if each["levels"] is None:
        return ["-"] * len(_LEVELS)
    return ["" if not share else points(share) for share in each["levels"]]


def _strangest(page: Page, document: Mapping[str, Any]) -> None:
    rows = document["damages"]
    if not rows:
        return
    page.heading("The strangest files of each kind")
    for each in rows:
        shown = [f"{_short(file['path'])}{_said(file['value'], each['unit'])}" for file in each["strangest"]]
        page.labelled(visible(each["name"]), "\n".join(shown), column=max(len(row["name"]) for row in rows) + 2)


def _short(path: str) -> str:
    """A path from its end, where files differ."""
    path = visible(path)
    return path if len(path) <= _PATH else f"...{path[3 - _PATH :]}"


def _said(value: object, unit: str) -> str:
    """A value as people read it: ", 6.1 deg"; "" where it was only found."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return f": {_NAMES.get(value) or visible(value)}"
    number = float(str(value))
    if unit.startswith("share"):
        return f": {points(min(1.0, max(0.0, number)))} %{unit.removeprefix('share')}"
    return f": {number:,.3g} {unit}".rstrip()


_NAMES = {
    "\t": "tab",
    "\x1f": "unit separator (U+001F)",
    ", ": "comma and space",
    ";": "semicolon",
    "|": "vertical bar",
}


def _copies(page: Page, document: Mapping[str, Any]) -> None:
    copies = document["duplicates"]
    if copies["files"]:
        page.heading("Files that are there twice")
        named = [
            f"{_short(each['path'])} ({count(each['copies'], 'more copy', 'more copies')})"
            for each in copies["largest"]
        ]
        sure = interval(copies["low"], copies["high"])
        page.line(
            f"{count(copies['files'], 'file')} ({percent(copies['share'])}, {sure} %) "
            f"{'has' if copies['files'] == 1 else 'have'} the same bytes as another: {'; '.join(named)}."
        )


def _closed(page: Page, document: Mapping[str, Any]) -> None:
    closed = document["not_opened"]
    if not closed:
        return
    page.heading(
        f"{count(len(closed), 'file')} could not be opened, and {'is' if len(closed) == 1 else 'are'} in no share"
    )
    for each in closed[:_MOST_CLOSED]:
        page.line(f"{_short(each['path'])}: {excerpt(each['why'], 160)}", indent=2)
    if len(closed) > _MOST_CLOSED:
        page.line(f"and {len(closed) - _MOST_CLOSED:,} more; --json lists them all", indent=2)


def _remarks(page: Page, document: Mapping[str, Any]) -> None:
    remarks = []
    if document["looked_for"]:
        remarks.append(f"{count(len(document['looked_for']), 'further kind')} of damage looked for and found nowhere.")
    doubtful = [each for each in document["damages"] if each["untold"]]
    if doubtful:
        named = [f"{each['name']} on {each['untold']:,}" for each in doubtful]
        remarks.append(f"Could not be told, and counts as clean: {listed(named, 6)}.")
    if document["hidden"]:
        remarks.append(f"{count(document['hidden'], 'name')} with a dot at the beginning left out.")
    remarks += [
        f"{each['measure']} failed on {count(each['files'], 'file')} ({_short(each['path'])}): "
        f"{excerpt(each['why'], 160)}"
        for each in document["failed"]
    ]
    if remarks:
        page.line()
        for each in remarks:
            page.line(each, FAINT)


def _mix(page: Page, document: Mapping[str, Any]) -> None:
    if not document.get("toml"):
        return
    page.heading("The mix, to paste into crumple.toml (or --write)")
    for line in document["toml"].splitlines():
        page.copyable(visible(line))
    if any(not each["levels"] and each["mutator"] for each in document["damages"]):
        page.line()
        page.line("A share without levels is spread evenly over those that are run.", FAINT)
