"""Of a classification: which label was answered for which, and what a constant answer would score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import excerpt
from crumple_reports.figures import count, percent
from crumple_reports.page import Page

_MOST = 12
_LONG = 30


def show_labels(page: Page, document: Mapping[str, Any]) -> None:
    """The commonest confusions, on clean and on degraded documents."""
    for name, confusion in document.get("labels", {}).items():
        page.heading(f"Labels on {name} documents")
        page.line(
            f"{percent(confusion['accuracy'])} of {count(confusion['calls'], 'answer')} right; always answering the "
            f"commonest label would be right in {percent(confusion['constant'])}."
        )
        pairs = sorted(
            ((times, truth, answer) for truth, row in confusion["table"].items() for answer, times in row.items()),
            key=lambda pair: (pair[1] == pair[2], -pair[0], pair[1:]),
        )
        rows = [[_shown(truth), _shown(answer), f"{times:,}"] for times, truth, answer in pairs[:_MOST]]
        page.table(["right label", "answered", "times"], rows, names=2)
        if len(pairs) > _MOST:
            page.line(f"and {count(len(pairs) - _MOST, 'pair')} more", indent=2)


def _shown(label: str) -> str:
    return excerpt(label, _LONG) or "(none)"
