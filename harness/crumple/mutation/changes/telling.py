"""Which steps' changes can be told apart, so that the right answer stays known when some of them are undone.

Undoing some of what a step did must leave a document that its mutator might have made. It might where its ladder
counts a share of many things alike ("share of words"): it does to each what it does to any, and at a lower level to a
single one. Any mutator might where it acts on each page or sheet by itself. In running text, signs and words that
others stand in for in place can be told apart too. A layout, a dialect, an encoding or an envelope is one change.
"""

from __future__ import annotations

import re
from typing import Any

from crumple.document import Document
from crumple.mutation.changes.forms import written_anew
from crumple.mutation.changes.of_bytes import of_bytes
from crumple.mutation.changes.of_pages import of_pages
from crumple.mutation.changes.of_record import of_record
from crumple.mutation.changes.of_rest import of_dependency, of_inputs, of_parts, of_sheets
from crumple.mutation.changes.of_table import of_table
from crumple.mutation.changes.of_text import of_text
from crumple.mutation.changes.told import Changes
from crumple.mutation.mutator import Degraded, Mutator
from crumple.truth import ALL, SAME
from crumple.views.acroform_fields import FilledForm
from crumple.views.dependency import Dependency
from crumple.views.inputs import Inputs
from crumple.views.pages import Page, Pages
from crumple.views.parts import Parts
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_SHARE = re.compile(r"share of (?!an? |the )")
_LINES = re.compile(r"\b(lines|rows|records)\b")
_JSON = ("application/json", "application/x-ndjson")
_PROSE = ("text/plain", "text/markdown", "application/json", "text/csv", "text/tab-separated-values")


def changes(mutator: Mutator, before: object, degraded: Degraded[Any], media_type: str) -> Changes | str:
    """The changes that a step has made, or why they cannot be told apart.

    Args:
        mutator: of the step.
        before: the view that it acted on.
        degraded: what it made of it, and said.
        media_type: of the document; "" beside documents.
    """
    if "new" in mutator.truth or degraded.truth != SAME:
        return "the right answer hangs on all of its changes together"
    if degraded.origins:
        return "it moves pages"
    found = _found(mutator, before, degraded, media_type)
    untold = found is None or (found.vanish and not loses(degraded))
    return "its changes cannot be told apart" if found is None or untold else found


def loses(degraded: Degraded[Any]) -> bool:
    """Whether a step says that something is lost."""
    return degraded.lost is ALL or len(degraded.lost) > 0


def may_be_told(mutator: Mutator) -> bool:
    """Whether there are documents on which its changes can be told apart."""
    if "new" in mutator.truth:
        return False
    shares = bool(_SHARE.match(mutator.ladder.unit if mutator.ladder else ""))
    always = issubclass(mutator.view, (Page, Pages, FilledForm, Parts, Record))
    return shares or always or (mutator.view is Text and mutator.truth == ("same",))


def _found(mutator: Mutator, before: object, degraded: Degraded[Any], media_type: str) -> Changes | None:
    after = degraded.view
    unit = mutator.ladder.unit if mutator.ladder else ""
    shares = bool(_SHARE.match(unit))
    like = "lines" if _LINES.search(unit) else "strings" if media_type in _JSON else ""
    match before, after:
        case Text(), Text() if shares or (media_type in _PROSE and mutator.truth == ("same",)):
            anew = written_anew(media_type, before, after)
            found = None if anew else of_text(before, after, like=like, in_place=not shares)
        case Table(), Table() if shares:
            found = of_table(before, after, unit)
        case Record(), Record():
            found = of_record(before, after, values_only=not shares)
        case Pages(), Pages():
            found = of_pages(before, after, each_alone=mutator.view is Page)
        case FilledForm(), FilledForm():
            found = of_sheets(before, after)
        case Parts(), Parts():
            found = of_parts(before, after)
        case Inputs(), Inputs():
            found = of_inputs(before, after)
        case Dependency(), Dependency():
            found = of_dependency(before, after)
        case ((Document() | bytes()), (Document() | bytes())) if shares and loses(degraded):
            found = _of_file(before, after)
        case _:
            found = None
    return found


def _of_file(before: Document | bytes, after: Document | bytes) -> Changes | None:
    """The changes in the bytes of a file that is still of its kind, and of its name."""
    if isinstance(before, bytes) and isinstance(after, bytes):
        return of_bytes(before, after)
    if not isinstance(before, Document) or not isinstance(after, Document):
        return None
    if (before.media_type, before.name) != (after.media_type, after.name):
        return None
    found = of_bytes(before.data, after.data)
    if found is None:
        return None
    return Changes(found.places, lambda kept: Document(found.made(kept), before.media_type, before.name))
