"""What a night says first: what got worse since the baseline, and how to see it happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import visible
from crumple_reports.page import BAD, PLAIN, Page


def show_night(page: Page, document: Mapping[str, Any]) -> None:
    """The comparison with the baseline; nothing where the run is no night."""
    night = document.get("night")
    if not night:
        return
    if night["baseline"] is None:
        page.line("There is no baseline yet, so that nothing can have got worse: crumple baseline latest ...", PLAIN)
        return
    for each in night["categories"]:
        style = BAD if each["state"] == "worse" else PLAIN
        page.line(
            f"{each['category']}: {each['state']} ({each['before']} -> {each['now']} of {each['pairs']}, "
            f"{each['worse']} worse, {each['better']} better)",
            style,
        )
        if each["state"] == "worse":
            for row in each["documents"]:
                page.line(f"  {visible(row['replay'])}", PLAIN)
    page.line()
