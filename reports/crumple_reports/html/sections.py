"""Which sections a page has, in order, and how each becomes a piece of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from markupsafe import Markup

from crumple import Material
from crumple_reports.comparison_words import is_comparison
from crumple_reports.html import (
    amounts,
    breaking_points,
    comparison,
    forecast,
    heatmap,
    labels,
    left_out,
    limits,
    made,
    night,
    problems,
    search,
    session,
    trends,
    validity,
)
from crumple_reports.html.attempts import Attempts
from crumple_reports.html.environment import environment
from crumple_reports.html.section import Section

Make: TypeAlias = Callable[[Mapping[str, Any], Material], Section | None]

_ALL: Final[tuple[Make, ...]] = (
    night.section,
    session.section,
    limits.section,
    heatmap.section,
    breaking_points.section,
    forecast.section,
    problems.section,
    search.section,
    validity.section,
    labels.section,
    amounts.section,
    trends.section,
    left_out.section,
    made.section,
)
_COMPARED: Final[tuple[Make, ...]] = (comparison.side_by_side, comparison.documents, comparison.rest)


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as it stands on the page.

    Attributes:
        id: its anchor.
        title: its heading.
        body: what its template made of it.
    """

    id: str
    title: str
    body: Markup


def shown_sections(document: Mapping[str, Any], material: Material, attempts: Attempts) -> list[Shown]:
    """The sections that have something to say and can be made."""
    shown = []
    for make in _COMPARED if is_comparison(document) else _ALL:
        name = make.__module__.rpartition(".")[2].replace("_", " ")
        made_of_it = attempts.made(f"the section on {name}", partial(_shown, make, document, material), None)
        if made_of_it is not None:
            shown.append(made_of_it)
    return shown


def _shown(make: Make, document: Mapping[str, Any], material: Material) -> Shown | None:
    section = make(document, material)
    if section is None:
        return None
    text = environment().get_template(f"{section.id}.html").render(it=section.model)
    # What the engine made: everything that was put into it is escaped.
    return Shown(section.id, section.title, Markup(text))  # noqa: S704
