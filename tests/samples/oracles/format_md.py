"""What undoes mutators of Markdown: a reader that sees what is rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]


def _edited(edit: Callable[[str], str]) -> Undo:
    def undo(document: Document, step: Step) -> Document:
        return Document(edit(document.data.decode()).encode(), document.media_type, document.name)

    return undo


def _unescaped(source: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", source)


def _without_emphasis(source: str) -> str:
    return re.sub(r"\*{1,3}|`|</?b>", "", source)


def _without_html(source: str) -> str:
    return re.sub(r"<br>|<!--.*?-->|&nbsp;|</?span>|<a id=\"\w+\"></a>", "", source)


def _without_block(source: str) -> str:
    return re.sub(r"^(?:(?:> ?)+| {4}|```\w*$)", "", source, flags=re.MULTILINE)


UNDO: Mapping[str, Undo] = {
    "format.md_escapes": _edited(_unescaped),
    "format.md_emphasis": _edited(_without_emphasis),
    "format.md_html": _edited(_without_html),
    "format.md_block": _edited(_without_block),
    "format.md_front_matter": lambda document, step: document,
}
