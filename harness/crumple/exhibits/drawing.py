"""One document beside the clean one, as an exhibit: by the first view that shows what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from crumple.document import Document
from crumple.errors import NotApplicable, in_words
from crumple.exhibit import Exhibit, PagePair
from crumple.exhibits.bounds import Bounds
from crumple.exhibits.lines import differing_bytes, dump_of, lines_of, texts
from crumple.exhibits.pages import page_pairs, pages_in, picture
from crumple.exhibits.rows import as_tables, rows_of
from crumple.places import Place
from crumple.plain_text import excerpt
from crumple.views.format import read, views_of
from crumple.views.pages import Pages
from crumple.views.parts import Parts, inside
from crumple.views.table import Table
from crumple.views.text import Text

_LARGEST: Final = 20 << 20
_LONG: Final = 160
_DEEPEST: Final = 3
_FEW_BYTES: Final = 200


def drawn(
    replay: str, clean: Document, degraded: Document, bounds: Bounds, touched: Sequence[Place] = (), *, depth: int = 0
) -> Exhibit:
    """What differs between two documents, as far as there is room.

    Args:
        replay: the line that makes the degraded one.
        clean: as it was.
        degraded: as it is.
        bounds: how much is shown.
        touched: where the clean one was changed, as far as that is known.
        depth: how many documents these are inside.
    """
    whole = Exhibit(
        replay=replay,
        clean_type=clean.media_type,
        degraded_type=degraded.media_type,
        clean_bytes=len(clean.data),
        degraded_bytes=len(degraded.data),
    )
    if clean.data == degraded.data:
        return replace(whole, note=_named_otherwise(clean, degraded))
    if max(len(clean.data), len(degraded.data)) > _LARGEST:
        return replace(
            whole, note=f"the documents have more than {_LARGEST >> 20} MiB: {_bytes_that_differ(clean, degraded)}"
        )
    if not degraded.data:
        return replace(_alone(whole, clean, bounds), note="nothing is left of it: the degraded document is empty")
    found = _seen(whole, clean, degraded, bounds, touched, depth)
    return found or _as_bytes(whole, clean, degraded, bounds)


def _named_otherwise(clean: Document, degraded: Document) -> str:
    """What is changed of a document whose bytes are the same."""
    changed = [
        f"{what} is {excerpt(after, _LONG)!r}, which was {excerpt(before, _LONG)!r}"
        for what, before, after in (
            ("its name", clean.name, degraded.name),
            ("its media type", clean.media_type, degraded.media_type),
        )
        if before != after
    ]
    if not changed:
        return "the document is the clean one: what is changed goes beside it"
    return f"its bytes are the clean document's; {' and '.join(changed)}"


def _seen(
    whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds, touched: Sequence[Place], depth: int
) -> Exhibit | None:
    views = views_of(clean.media_type)
    if Pages in views:
        return _as_pages(whole, clean, degraded, bounds, touched)
    for view, draw in ((Table, _as_rows), (Text, _as_lines)):
        if view in views:
            try:
                return draw(whole, clean, degraded, bounds)
            except NotApplicable:
                continue
    return _as_parts(whole, clean, degraded, bounds, depth) if Parts in views and depth < _DEEPEST else None


def _as_pages(whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds, touched: Sequence[Place]) -> Exhibit:
    before = pages_in(clean)
    try:
        after = pages_in(degraded)
    except NotApplicable as why:
        note = f"what it was made into cannot be opened as pages: {_words(why)}; {_bytes_that_differ(clean, degraded)}"
        return _with_dump(replace(_alone(whole, clean, bounds), note=note), clean, degraded, bounds)
    if not bounds.pages:
        return replace(whole, note=_counted(before, after, clean, degraded))
    pairs, left_out = page_pairs(before, after, touched, bounds.pages)
    if pairs:
        number = "" if len(before) == len(after) else f"{_pages(len(before))} became {_pages(len(after))}"
        return replace(whole, kind="pages", pages=pairs, left_out=left_out, note=number)
    same = "its page looks" if len(before) == 1 else f"its {len(before)} pages look"
    note = f"{same} the same; {_bytes_that_differ(clean, degraded)}, in what is not seen on a page"
    return _with_dump(replace(whole, note=note), clean, degraded, bounds)


def _with_dump(exhibit: Exhibit, clean: Document, degraded: Document, bounds: Bounds) -> Exhibit:
    """The bytes that differ beside a page that cannot be opened any more, where they are few."""
    if len(clean.data) != len(degraded.data) or differing_bytes(clean.data, degraded.data) > _FEW_BYTES:
        return exhibit
    lines, left_out = dump_of(clean.data, degraded.data, bounds)
    return replace(exhibit, kind=exhibit.kind or "bytes", lines=lines, left_out=left_out)


def _alone(whole: Exhibit, clean: Document, bounds: Bounds) -> Exhibit:
    """The clean document's first page, where nothing can be shown beside it."""
    if not bounds.pages or Pages not in views_of(clean.media_type):
        return whole
    pages = pages_in(clean)
    return replace(whole, kind="pages", pages=(PagePair(1, picture(pages[0]), None),), left_out=max(0, len(pages) - 1))


def _counted(before: Pages, after: Pages, clean: Document, degraded: Document) -> str:
    number = _pages(len(before)) if len(before) == len(after) else f"{_pages(len(before))} became {_pages(len(after))}"
    return f'pictures of pages need [privacy] reports = "full"; {number}, {_bytes_that_differ(clean, degraded)}'


def _pages(number: int) -> str:
    return f"{number} page{'s' * (number != 1)}"


def _as_rows(whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds) -> Exhibit:
    before, after = read(clean, Table), read(degraded, Table)
    if not as_tables(before, after):
        raise NotApplicable("it is written otherwise")
    rows, left_out = rows_of(before, after, bounds)
    return replace(whole, kind="rows", rows=rows, left_out=left_out)


def _as_lines(whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds) -> Exhibit:
    before, after, note = texts(clean, degraded)
    lines, left_out = lines_of(before, after, bounds)
    if not lines:
        raise NotApplicable("no line differs")
    return replace(whole, kind="lines", lines=lines, left_out=left_out, note=note)


def _as_parts(whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds, depth: int) -> Exhibit | None:
    """The first part of an archive that differs."""
    before, after = dict(inside(clean, depth=1)), dict(inside(degraded, depth=1))
    for name, one, other in _parts_that_differ(before, after) if after else ():
        if one is None or other is None:
            what = "is missing" if other is None else "was added"
            return replace(whole, note=f"{excerpt(name, _LONG)} {what}; it has {len(after)} of {len(before)} parts")
        found = drawn(whole.replay, one, other, bounds, depth=depth + 1)
        where = f"in {excerpt(name, _LONG)}"
        return replace(found, note=f"{where}: {found.note}" if found.note else where)
    return None


def _parts_that_differ(
    before: Mapping[str, Document], after: Mapping[str, Document]
) -> Iterator[tuple[str, Document | None, Document | None]]:
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None or one.data != other.data:
            yield name, one, other


def _as_bytes(whole: Exhibit, clean: Document, degraded: Document, bounds: Bounds) -> Exhibit:
    lines, left_out = dump_of(clean.data, degraded.data, bounds)
    note = _bytes_that_differ(clean, degraded)
    return replace(whole, kind="bytes", lines=lines, left_out=left_out, note=note)


def _bytes_that_differ(clean: Document, degraded: Document) -> str:
    before, after = len(clean.data), len(degraded.data)
    if before != after:
        return f"{before:,} bytes became {after:,}"
    number = differing_bytes(clean.data, degraded.data)
    return f"{number:,} byte{'s differ' if number != 1 else ' differs'}"


def _words(error: Any) -> str:
    return excerpt(str(error) if isinstance(error, NotApplicable) else in_words(error), _LONG).rstrip(".")
