"""Of a classification: which label was answered for which, and what a constant answer would score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import Material, excerpt
from crumple_reports.html.section import Section

_WIDEST: Final = 8
"""Up to so many labels a table of right labels by answered ones fits a screen; more are listed in pairs."""
_MOST: Final = 40
_LONG: Final = 60
_NONE: Final = "(none)"


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where nothing is classified."""
    parts = [_part(name, confusion) for name, confusion in document.get("labels", {}).items()]
    return Section("labels", "Labels that are taken for others", {"parts": parts}) if parts else None


def _part(name: str, confusion: Mapping[str, Any]) -> dict[str, Any]:
    table = confusion["table"]
    pairs = [(truth, answer, int(times)) for truth, row in table.items() for answer, times in row.items()]
    labels = sorted({truth for truth, _, _ in pairs})
    answers = [*labels, *sorted({answer for _, answer, _ in pairs} - set(labels))]
    confused = sorted((each for each in pairs if each[0] != each[1] and each[2]), key=lambda each: (-each[2], each[:2]))
    small = len(answers) <= _WIDEST
    return {
        "on": name,
        "accuracy": confusion["accuracy"],
        "calls": int(confusion["calls"]),
        "constant": confusion["constant"],
        "answers": [_shown(each) for each in answers] if small else [],
        "rows": [_row(label, answers, table[label]) for label in labels] if small else [],
        "pairs": [] if small else [(_shown(truth), _shown(answer), times) for truth, answer, times in confused[:_MOST]],
        "more": 0 if small else max(0, len(confused) - _MOST),
    }


def _row(label: str, answers: Sequence[str], row: Mapping[str, int]) -> dict[str, Any]:
    cells = [{"times": int(row.get(answer, 0)), "right": answer == label} for answer in answers]
    return {"label": _shown(label), "cells": cells}


def _shown(label: str) -> str:
    return excerpt(label, _LONG) or _NONE
