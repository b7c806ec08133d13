"""One file: opened, seen as each view that something measures, and measured. Reads the file and nothing else."""

from __future__ import annotations

import functools
import io
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, Unreadable, in_words
from crumple.measuring import Measure
from crumple.mutation.ladder import Ladder
from crumple.profile.findings import Finding, Measured
from crumple.recipe import Value
from crumple.views.format import BINARY, formats, identify, read, views_of
from crumple.views.pages import Page, Pages
from crumple.views.text import Text

LARGEST: Final = 256 << 20
"""Bytes of a file that is opened at all."""
LONGEST: Final = 1 << 20
"""Characters of a text that are looked at."""
PAGES: Final = 5
"""How many pages of a document are looked at: the first, the last, and those evenly between them."""
_PDF = "application/pdf"


def measure_file(folder: Path, path: str, measures: Sequence[Measure], ladders: Mapping[str, Ladder]) -> Measured:
    """Open one file and measure it.

    Args:
        folder: what `path` is told from.
        path: as `folder.listed` names it.
        measures: all there are.
        ladders: of the mutators that have one, by which several pages are put in order.
    """
    try:
        size, data = _read(folder / path)
    except OSError as error:
        return Measured(path, closed=f"it cannot be read: {error.strerror}")
    if data is None:
        return Measured(path, size, closed=f"it has {size / 1e6:,.0f} MB, and at most {LARGEST / 1e6:,.0f} are read")
    name = PurePosixPath(path).name
    document = Document(data, kind_of(data, name), name)
    return measured(document, path, measures, ladders)


def _read(path: Path) -> tuple[int, bytes | None]:
    # A pipe that has come to stand there since the folder was listed would be waited for.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        size = os.fstat(handle).st_size
        if size > LARGEST:
            return size, None
        data = file.read(LARGEST + 1)
    return len(data), data if len(data) <= LARGEST else None


def kind_of(data: bytes, name: str) -> str:
    """The media type by content; where that says nothing (empty, full of controls, EBCDIC), by a text's ending."""
    found = identify(data, name)
    if found != BINARY:
        return found
    return _textual().get(PurePosixPath(name).suffix.lower(), BINARY)


@functools.cache
def _textual() -> Mapping[str, str]:
    """Endings of formats that are text -> media type."""
    return {
        ending: each.media_type
        for each in formats().values()
        if Text in each.codecs
        and (each.media_type.startswith("text/") or each.media_type in {"application/json", "application/xml"})
        for ending in each.extensions
    }


def measured(document: Document, path: str, measures: Sequence[Measure], ladders: Mapping[str, Ladder]) -> Measured:
    """Measure a document that is in memory; the name of a view that it cannot be seen as is no fault of it."""
    views = views_of(document.media_type)
    findings: list[Finding] = []
    failed: list[tuple[str, str]] = []
    closed = ""
    fitting = [each for each in measures if (Pages if each.view is Page else each.view) in views]
    # What a document is first of all is opened in any case: whether it can be is to be known.
    first = [Page if each is Pages else each for each in views[:1] if each not in (bytes, Document)]
    for view in dict.fromkeys([*(each.view for each in fitting), *first]):
        seen, why = _seen(document, view)
        if seen is None:
            closed = closed or (why if document.data else "")
            continue
        for each in fitting:
            if each.view is view:
                try:
                    value = _value(each, seen, ladders.get(each.of))
                    # Of a page nothing may be told; of a file it means that the measure is for others.
                    if value is not None or view is Page:
                        findings.append(Finding(each.of, value))
                except (NotApplicable, MemoryError):
                    continue
                except CrumpleError as error:
                    failed.append((each.of, str(error)))
                except Exception as error:  # noqa: BLE001 - a plugin's measure, of a stranger's file
                    failed.append((each.of, in_words(error)))
    if document.media_type == BINARY and document.data:
        closed = closed or "nothing in it tells what kind of file it is"
    return Measured(
        path, len(document.data), document.media_type, document.digest, _one_each(findings), closed, tuple(failed)
    )


def _one_each(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for each name: what was found goes before what was not, and that before what cannot be told."""
    best: dict[str, Finding] = {}
    for each in findings:
        known = best.get(each.of)
        if known is None or known.value is None or (known.value is False and each.value):
            best[each.of] = each
    return tuple(best[name] for name in sorted(best))


def _seen(document: Document, view: type) -> tuple[Any, str]:
    """The document as a view, or why it cannot be seen so."""
    try:
        if view is Page or view is Pages:
            return read(_few_pages(document), Pages), ""
        seen: Any = read(document, view)
        return (_beginning(seen) if isinstance(seen, Text) else seen), ""
    except Unreadable as reason:
        return None, str(reason)
    except MemoryError:
        return None, "it takes more memory than it may"
    except (CrumpleError, NotApplicable) as error:
        return None, str(error)
    except Exception as error:  # noqa: BLE001 - a damaged file trips readers in many ways
        return None, in_words(error)


def _beginning(text: Text) -> Text:
    """The lines at the beginning of a long text: its shares are those of the whole, near enough."""
    if len(text.value) <= LONGEST:
        return text
    end = text.value.rfind("\n", 0, LONGEST) + 1
    return text.with_value(text.value[: end or LONGEST])


def _few_pages(document: Document) -> Document:
    """A PDF of many pages as one of few, so that a thousand pages take no longer than five."""
    if document.media_type != _PDF:
        return document
    import pypdfium2 as pdfium  # heavy

    try:
        with pdfium.PdfDocument(document.data) as pdf:
            if len(pdf) <= PAGES:
                return document
            chosen = sorted({round(at * (len(pdf) - 1) / (PAGES - 1)) for at in range(PAGES)})
            with pdfium.PdfDocument.new() as few:
                few.import_pages(pdf, pages=chosen)
                out = io.BytesIO()
                few.save(out)
    except pdfium.PdfiumError:
        return document  # whoever reads it says why it cannot be
    return Document(out.getvalue(), document.media_type, document.name)


def _value(measure: Measure, seen: Any, ladder: Ladder | None) -> Value | None:
    if measure.view is not Page:
        return measure(seen)
    told = []
    for page in list(seen)[:PAGES]:
        try:
            value = measure(page)
        except NotApplicable:
            continue
        if value is not None:
            told.append(value)
    return _worst(told, ladder)


def _worst(values: Sequence[Value], ladder: Ladder | None) -> Value | None:
    """What the worst of the pages shows: a file with one page that is upside down is not clean."""
    if not values:
        return None

    def badness(value: Value) -> float:
        if isinstance(value, bool):
            return math.inf if value else -math.inf
        if ladder is None:
            return float(value) if isinstance(value, (int, float)) else 0.0
        if isinstance(value, str):
            return float(ladder.rungs.index(value) + 1) if value in ladder.rungs else 0.0
        falls = float(ladder.rungs[-1]) < float(ladder.rungs[0])
        return -float(value) if falls else float(value)

    return max(values, key=badness)
