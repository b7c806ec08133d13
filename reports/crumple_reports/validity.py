"""Which answers keep to the JSON schema: by category, and of those that do not the mutators that make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple_reports.figures import listed, percent
from crumple_reports.page import FAINT, Page

_VALID = "valid"
_MOST = 3
_COLUMN = 13
ABOUT_VALIDITY: Final = "Of the answers that there were, right or wrong; a crash or a declared refusal is none."


def show_validity(page: Page, document: Mapping[str, Any]) -> None:
    """The share of answers that keep to it, worst first; nothing where there is no schema, or no answer."""
    shares = validity_of(document)
    if not shares:
        return
    page.heading("Answers that keep to the JSON schema")
    for name, share, mutators in shares:
        if share < 1:
            worst = listed([f"{mutator} {percent(own)}" for mutator, own in mutators], _MOST)
            page.labelled(name, percent(share) + (f": {worst}" if worst else ""), column=_COLUMN)
    if whole := [name for name, share, _ in shares if share == 1]:
        page.labelled("100 %", listed(whole, 12), column=_COLUMN)
    page.line(ABOUT_VALIDITY, FAINT, indent=2)


def validity_of(document: Mapping[str, Any]) -> list[tuple[str, float, list[tuple[str, float]]]]:
    """Of each category whose calls were answered the share of answers that keep to the schema, the worst first.

    Returns:
        category ("clean" is one), share, and its mutators with an answer that does not, without the category's name
        and worst first; empty where there is no schema, or no answer.
    """
    clean = {"clean": document["clean"]}
    shares = {name: share for name, each in (clean | document["categories"]).items() if (share := _share(each)) >= 0}
    ranked = sorted(shares.items(), key=lambda item: item[1])
    return [(name, share, _worst(document, name) if share < 1 else []) for name, share in ranked]


def _share(figures: Mapping[str, Any]) -> float:
    """The share; below 0 where there was no answer."""
    return float((figures.get("figures") or {}).get(_VALID, -1.0))


def _worst(document: Mapping[str, Any], category: str) -> list[tuple[str, float]]:
    """The mutators of a category whose answers keep to it least."""
    own = {
        name.removeprefix(f"{category}."): share
        for name, each in document["mutators"].items()
        if each["category"] == category and 0 <= (share := _share(each)) < 1
    }
    return sorted(own.items(), key=lambda item: (item[1], item[0]))
