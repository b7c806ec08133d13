"""What undoes truncation: a reader that takes what is there, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crumple import Document, Step
from oracles.damaged_orders import salvaged


def _salvaged(document: Document, step: Step) -> Document:
    return salvaged(document)


def _as_it_is(document: Document, step: Step) -> Document:
    return document


UNDO: Mapping[str, Callable[[Document, Step], Document]] = {
    "truncation.cut": _salvaged,
    "truncation.at_boundary": _salvaged,
    "truncation.head_missing": _salvaged,
    "truncation.mid_character": _salvaged,
    "truncation.cut_table": _as_it_is,
    "truncation.header_only": _as_it_is,
    "truncation.last_rows_missing": _as_it_is,
}
