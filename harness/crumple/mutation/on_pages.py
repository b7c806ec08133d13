"""Where the values of a truth stand on pages: by what the corpus says, a form's boxes, a PDF's text, or recognition."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crumple.case import Case
from crumple.document import Document
from crumple.errors import Unreadable
from crumple.mutation.located import Located
from crumple.mutation.occurrences import Occurrence, occurrences
from crumple.places import Pointer, Region
from crumple.truth import Json
from crumple.views.recognition import recognised


def on_pages(fields: Mapping[str, Json], short: frozenset[str], document: Document, case: Case) -> Located:
    """Places by the corpus's regions, else by a PDF's own text, else by recognition of the clean pages."""
    found: dict[str, tuple[Occurrence, ...]] = {
        path: tuple((region,) for region in case.regions.get(path, ())) for path in fields
    }
    known, unsure = bool(case.regions), frozenset[str]()
    if any(not each for each in found.values()):
        words = _words(document)
        known = known or bool(words)
        _look_up(fields, found, words)
    if not known:
        read_words = recognised(document) or []
        known = bool(read_words)
        _look_up(fields, found, read_words)
        unsure = frozenset(path for path, each in found.items() if not each)
    return Located(found, short, known, lambda place, kind: place if isinstance(place, kind) else None, unsure=unsure)


def on_form(found: Located, fields: Mapping[str, Json], document: Document, case: Case) -> Located:
    """Places in a PDF's form with the boxes that show them, and elsewhere on its pages what stands in no field."""
    from crumple.views.acroform import field_regions  # heavy, only for forms

    boxes = field_regions(document)
    placed = {path: tuple(_with_boxes(each, boxes) for each in every) for path, every in found.fields.items()}
    missing = {path: fields[path] for path, every in placed.items() if not every}
    printed = on_pages(missing, found.short, document, case).fields if missing else {}
    return replace(found, fields={**placed, **printed})


def _with_boxes(occurrence: Occurrence, boxes: Mapping[str, tuple[Region, ...]]) -> Occurrence:
    regions = (region for place in occurrence if isinstance(place, Pointer) for region in boxes.get(place.path, ()))
    return (*occurrence, *regions)


def _look_up(
    fields: Mapping[str, Json], found: dict[str, tuple[Occurrence, ...]], words: Sequence[tuple[str, Region]]
) -> None:
    """Look the fields that were not found yet up among words with places."""
    text = " ".join(word for word, _ in words)
    starts = list(itertools.accumulate((len(word) + 1 for word, _ in words), initial=0))
    for path in [path for path, each in found.items() if not each and words]:
        found[path] = tuple(
            tuple(region for _, region in words[_word_at(starts, span.start) : _word_at(starts, span.end - 1) + 1])
            for span in occurrences(fields[path], text)
        )


def _word_at(starts: Sequence[int], character: int) -> int:
    return bisect.bisect_right(starts, character) - 1


def _words(document: Document) -> list[tuple[str, Region]]:
    if document.media_type != "application/pdf":
        return []
    from crumple.views import pdf  # heavy, and only for PDF

    try:
        return pdf.words(document)
    except Unreadable:
        return []
