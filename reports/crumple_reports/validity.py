"""Which answers keep to the JSON schema: by category, and of those that do not the mutators that make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple_reports.figures import listed, percent
from crumple_reports.page import FAINT, Page

_VALID = "valid"
_MOST = 3
_COLUMN = 13


def show_validity(page: Page, document: Mapping[str, Any]) -> None:
    """The share of answers that keep to it, worst first; nothing where there is no schema, or no answer."""
    clean = {"clean": document["clean"]}
    shares = {name: share for name, each in (clean | document["categories"]).items() if (share := _share(each)) >= 0}
    if not shares:
        return
    page.heading("Answers that keep to the JSON schema")
    for name, share in sorted(shares.items(), key=lambda item: item[1]):
        if share < 1:
            mutators = _worst(document, name)
            page.labelled(name, percent(share) + (f": {mutators}" if mutators else ""), column=_COLUMN)
    if whole := [name for name, share in shares.items() if share == 1]:
        page.labelled("100 %", listed(whole, 12), column=_COLUMN)
    page.line("Of the answers that there were, right or wrong; a crash or a declared refusal is none.", FAINT, indent=2)


def _share(figures: Mapping[str, Any]) -> float:
    """The share; below 0 where there was no answer."""
    return float((figures.get("figures") or {}).get(_VALID, -1.0))


def _worst(document: Mapping[str, Any], category: str) -> str:
    """The mutators of a category whose answers keep to it least."""
    own = {
        name.removeprefix(f"{category}."): share
        for name, each in document["mutators"].items()
        if each["category"] == category and 0 <= (share := _share(each)) < 1
    }
    ranked = sorted(own, key=lambda name: (own[name], name))
    return listed([f"{name} {percent(own[name])}" for name in ranked], _MOST)
