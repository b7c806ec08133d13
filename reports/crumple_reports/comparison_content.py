"""What Markdown, JUnit and HTML show of a comparison. Figures only. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crumple import excerpt
from crumple_reports.comparison_tables import tables
from crumple_reports.comparison_words import headline, lines, names_of, replay_lines, steps, whole
from crumple_reports.parts import BAD, TOLD, Content, Example

_CASE = 80


def comparison_content(document: Mapping[str, Any]) -> Content:
    """What a report of this comparison holds; it is bad only where it was asked to be a test, and B is worse."""
    worse = bool(document.get("fail_if_worse")) and is_worse(document)
    return Content(
        kind="compare",
        state=BAD if worse else TOLD,
        verdict=headline(document),
        lines=list(lines(document)),
        steps=steps(document),
        limits=[],
        categories={},
        night=[],
        examples=list(_examples(document)),
        findings=[],
        subject="",
        grids=tables(document),
    )


def is_worse(document: Mapping[str, Any]) -> bool:
    """Whether B is shown to fail more than A over all, or more silently."""
    row = whole(document)
    return row is not None and "worse" in {row["state"], row["silent"]["state"]}


def title_of(look_at: Mapping[str, Any]) -> str:
    """A document of a comparison: its mutator, level and case."""
    level = f" at level {look_at['level']:g}" if look_at["mutator"] else ""
    return f"{look_at['mutator'] or 'clean'}{level}: {excerpt(look_at['case'], _CASE)}"


def _examples(document: Mapping[str, Any]) -> Iterator[Example]:
    """Each document that only one of the two deals with, with the line that replays it with the one that does not."""
    a, b = names_of(document)
    for each in document["look_at"]:
        (_, with_a), (_, with_b) = replay_lines(document, each["replay"])
        said = f"{title_of(each)}; {a} {each['a']['outcome']}, {b} {each['b']['outcome']}"
        yield Example("", said, with_b if each["worse"] == "b" else with_a)
