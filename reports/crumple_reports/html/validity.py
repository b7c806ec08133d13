"""Which answers keep to the JSON schema that was given: by category, and the mutators whose answers do so least."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple import Material
from crumple_reports.html.section import Section
from crumple_reports.validity import ABOUT_VALIDITY, validity_of

_MOST: Final = 100
_FEW: Final = 5


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where there is no schema, or no answer, or nothing to say but that clean answers keep to it."""
    if "clean" not in document:
        return None
    shares = validity_of(document)
    if not [each for each in shares if each[0] != "clean" or each[1] < 1]:
        return None
    rows = [
        {
            "category": name,
            "share": share,
            "mutators": mutators[:_FEW],
            "more": max(0, len(mutators) - _FEW),
        }
        for name, share, mutators in shares
        if share < 1
    ]
    model = {
        "rows": rows[:_MOST],
        "more": max(0, len(rows) - _MOST),
        "whole": [name for name, share, _ in shares if share == 1][:_MOST],
        "about": ABOUT_VALIDITY,
    }
    return Section("validity", "Answers that keep to the JSON schema", model)
