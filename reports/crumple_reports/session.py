"""What pytest shows in the end of everything that ran under crumple: one table, and what is to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple import excerpt, visible
from crumple_reports.content import content_of
from crumple_reports.figures import count, interval, points
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page
from crumple_reports.parts import Content, Finding

_MOST = 8
_EXAMPLES = 3
_LONG = 200


def render(document: Mapping[str, Any], *, width: int = 80, color: bool = False) -> str:
    """The session as text; one line where all is well.

    Args:
        document: of a pytest session.
        width: how many cells a line may have; lines to be copied are never broken.
        color: whether to use ANSI colours.
    """
    content = content_of(document)
    page = Page(width, color)
    page.line(content.verdict, BAD if content.state == "bad" else HEAD)
    failures = any(each["failures"] for each in content.categories.values())
    bad = [each for each in content.findings if each.bad]
    if failures:
        page.line()
        _table(page, content)
    _limits(page, content)
    for each in bad[:_MOST]:
        page.line(f"{visible(each.item)}: {excerpt(each.status, 80)}. {excerpt(each.what, _LONG)}".rstrip())
    if len(bad) > _MOST:
        page.line(f"and {count(len(bad) - _MOST, 'more finding')}", FAINT)
    for line in content.lines[:_MOST]:
        page.line(line)
    if len(content.lines) > _MOST:
        page.line(
            f"and {count(len(content.lines) - _MOST, 'more line')} like these; --crumple-report keeps them", FAINT
        )
    if content.state != "good" and (content.examples or bad):
        _examples(page, content, bad)
    return str(page)


def _table(page: Page, content: Content) -> None:
    rows = [
        (
            visible(name),
            *(f"{each[key]:,}" for key in ("runs", "failures", "silent")),
            points(each["rate"]),
            interval(each["low"], each["high"]) if each["rate"] is not None else "-",
        )
        for name, each in content.categories.items()
    ]
    page.table(["category", "documents", "failed", "silent", "rate %", "95 %"], rows)
    if content.note:
        page.line(content.note, FAINT)


def _limits(page: Page, content: Content) -> None:
    """What each limit came to: those that are met by name, the others in a sentence of their own."""
    others = [each for each in content.limits if each.row["state"] != "met"]
    met = len(content.limits) - len(others)
    if others:
        page.line()
    for each in others[:_MOST]:
        style = BAD if each.row["state"] == "broken" else PLAIN
        page.line(f"{visible(each.item)}: {each.row['state']}. {visible(each.row['sentence'])}", style)
    if len(others) > _MOST:
        page.line(f"and {count(len(others) - _MOST, 'more limit')} that are not met", FAINT)
    if met:
        page.line(f"{count(met, 'limit')} met.")


def _examples(page: Page, content: Content, back: Sequence[Finding]) -> None:
    """What was mended and is back, then the worst of what fails."""
    page.heading("To look at first")
    for finding in back[:_EXAMPLES]:
        page.line(excerpt(f"{visible(finding.id)}: {finding.what}", _LONG))
        page.copyable(f"  {finding.replay}")
    for each in content.examples[: max(0, _EXAMPLES - len(back))]:
        page.line(visible(each.title))
        page.copyable(f"  {each.command}")
