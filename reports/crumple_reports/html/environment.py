"""The template engine: whatever is put into a page is escaped, and made harmless, here and nowhere else."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from crumple import excerpt, visible
from crumple_reports.figures import count, duration, interval, money, percent, points


def _harmless(value: Any) -> Any:
    """A text line by line as it can be shown: no control or bidirectional character acts on what stands beside it."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(map(visible, value.split("\n")))


def together(text: str) -> Markup:
    """A sentence of ours in which no line ends between a number and its per cent sign."""
    return Markup(re.sub(r"(?<=\d) (?=%)", "&nbsp;", escape(_harmless(text))))  # noqa: S704 - escaped just before


@cache
def environment() -> Environment:
    """The engine, with the project's ways of writing figures as filters."""
    made = Environment(
        loader=PackageLoader("crumple_reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    for write in (count, duration, excerpt, interval, money, percent, points, together):
        made.filters[write.__name__] = write
    return made
