"""What undoes mutators of HTML: a reader that sees what a browser shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]
_HIDDEN = re.compile(
    r"<template>[^<>]*</template>|<span\s[^<>]*(?:display:\s*none|hidden|font-size:0)[^<>]*>[^<>]*</span>",
    re.IGNORECASE,
)


def _edited(edit: Callable[[str], str]) -> Undo:
    def undo(document: Document, step: Step) -> Document:
        return Document(edit(document.data.decode()).encode(), document.media_type, document.name)

    return undo


def _without_hidden(source: str) -> str:
    return _HIDDEN.sub("", source)


def _tables(source: str) -> str:
    """Blocks that are laid out as rows and cells, as the table that they were: a block ends where its like does."""
    open_ = list[str]()

    def tag(found: re.Match[str]) -> str:
        if not found[0].startswith("</"):
            role = re.search(r'role="(\w+)"', found[0])
            open_.append(role[1] if role else "div")
            return f"<{open_[-1]}>"
        return f"</{open_.pop()}>"

    return re.sub(r"</?div\b[^<>]*>", tag, source)


def _filled(source: str) -> str:
    """Each cell that spans rows, once in every one of them."""
    spanning: dict[int, tuple[str, int]] = {}

    def row(found: re.Match[str]) -> str:
        cells, filled = re.findall(r"<t[dh][^<>]*>[^<>]*</t[dh]>", found[1]), list[str]()
        while cells or len(filled) in spanning:
            column = len(filled)
            cell, more = spanning.pop(column, ("", 0))
            if not more:
                cell = cells.pop(0)
                rows = re.search(r' rowspan="(\d+)"', cell)
                more = int(rows[1]) if rows else 1
                cell = cell.replace(rows[0], "") if rows else cell
            filled.append(cell)
            following[column] = cell, more - 1
        spanning.update({column: each for column, each in following.items() if each[1]})
        following.clear()
        return f"<tr>{''.join(filled)}</tr>"

    following: dict[int, tuple[str, int]] = {}
    return re.sub(r"<tr>(.*?)</tr>", row, source, flags=re.DOTALL)


def _without_layout(source: str) -> str:
    """What stands in the innermost of the tables that only lay the page out."""
    spacer = r'(?:<td width="20">&nbsp;</td>)?'
    opening = rf'\s*<table[^<>]*role="presentation"><tr>{spacer}<td>'
    while re.search(rf"<body>{opening}", source):
        source = re.sub(rf"<body>{opening}", "<body>", source)
        source = re.sub(rf"</td>{spacer}</tr></table>\s*</body>", "</body>", source)
    return source


def _without_marks(source: str) -> str:
    return re.sub("<wbr>|[\u00ad\u200b\u200c\u2060]", "", re.sub(r"&(?:shy|zwnj|#8203|#x2060);", "", source))


def as_it_is(document: Document, step: Step) -> Document:
    """Nothing needs undoing: any parser of HTML reads it."""
    return document


UNDO: Mapping[str, Undo] = {
    "format.html_hidden": _edited(_without_hidden),
    "format.html_soft_breaks": _edited(_without_marks),
    "format.html_layout_tables": _edited(_without_layout),
    "format.html_row_spans": _edited(_filled),
    "format.html_blocks_for_tables": _edited(_tables),
    **{
        f"format.html_{name}": as_it_is
        for name in (
            "split_words",
            "references",
            "comments",
            "unclosed",
            "tags",
            "soup",
            "breaks",
            "boilerplate",
            "scripts",
        )
    },
}
