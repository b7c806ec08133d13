"""An exhibit as a template takes it: pages, rows or lines beside the clean ones. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from crumple import Exhibit, LinePair, PagePair, Picture, Piece, RowPair
from crumple_reports.figures import count

_SHORT: Final = 16
"""Characters of a cell that are not broken."""
_SIDE_BY_SIDE: Final = 64
"""Characters of a line up to which two of them stand beside each other; longer ones stand one above the other."""


class Pictures:
    """The pictures of a page, each of them in it once.

    A picture that is shown in several places stands among the page's definitions, and is used from there.
    """

    def __init__(self, exhibits: Iterable[Exhibit]) -> None:
        """Take all that will be shown."""
        times: dict[bytes, int] = {}
        pictures: dict[bytes, Picture] = {}
        for picture in _pictures(exhibits):
            times[picture.data] = times.get(picture.data, 0) + 1
            pictures[picture.data] = picture
        often = [data for data, number in times.items() if number > 1]
        self._names = {data: f"picture-{at}" for at, data in enumerate(often, 1)}
        self.shared = [{"id": self._names[data], **_drawn(pictures[data])} for data in often]

    def shown(self, picture: Picture | None, alt: str) -> dict[str, Any] | None:
        """A picture in one place."""
        if picture is None:
            return None
        name = self._names.get(picture.data, "")
        size = {"width": picture.width, "height": picture.height}
        return {"use": name, "alt": alt, **size, "source": "" if name else _drawn(picture)["source"]}


def _pictures(exhibits: Iterable[Exhibit]) -> Iterator[Picture]:
    for exhibit in exhibits:
        for pair in exhibit.pages:
            yield from pair.pictures


def _drawn(picture: Picture) -> dict[str, Any]:
    data = base64.b64encode(picture.data).decode("ascii")
    return {
        "width": picture.width,
        "height": picture.height,
        "source": f"data:{picture.media_type};base64,{data}",
    }


def exhibit_model(exhibit: Exhibit, pictures: Pictures) -> dict[str, Any]:
    """What a template needs of one exhibit."""
    dump = exhibit.kind == "bytes" or (exhibit.kind == "pages" and bool(exhibit.lines))
    differ = "row of bytes" if dump else {"pages": "page", "rows": "row", "lines": "line"}.get(exhibit.kind, "place")
    more = count(
        exhibit.left_out, f"more {differ}", f"more {'rows of bytes' if differ.endswith('bytes') else differ + 's'}"
    )
    return {
        "kind": exhibit.kind,
        "note": _sentence(exhibit.note),
        "pages": [_page(each, pictures, alone=_is_alone(exhibit)) for each in exhibit.pages],
        "rows": list(_rows(exhibit.rows)),
        "lines": list(_lines(exhibit.lines)),
        "dump": dump,
        "stacked": dump or _longest(exhibit.lines) > _SIDE_BY_SIDE,
        "sizes": _sizes(exhibit),
        "more": f"and {more} {_that(exhibit)}" if exhibit.left_out else "",
    }


def _is_alone(exhibit: Exhibit) -> bool:
    """Whether the clean document's page stands alone, because the degraded one cannot be opened."""
    return bool(exhibit.note) and len(exhibit.pages) == 1 and exhibit.pages[0].degraded is None


def _that(exhibit: Exhibit) -> str:
    return (
        "of the clean document"
        if _is_alone(exhibit) and not exhibit.lines
        else "differs"
        if exhibit.left_out == 1
        else "differ"
    )


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}." if note else ""


def _sizes(exhibit: Exhibit) -> str:
    if not exhibit.clean_type:
        return ""
    before, after = count(exhibit.clean_bytes, "byte"), count(exhibit.degraded_bytes, "byte")
    return before if before == after else f"{before} clean, {after} degraded"


def _page(pair: PagePair, pictures: Pictures, *, alone: bool) -> dict[str, Any]:
    return {
        "number": pair.number,
        "missing": "cannot be shown" if alone else "no such page",
        "clean": pictures.shown(pair.clean, f"Page {pair.number} of the clean document"),
        "degraded": pictures.shown(pair.degraded, f"Page {pair.number} of the degraded document"),
        "clean_detail": pictures.shown(pair.clean_detail, "A part of it where they differ"),
        "degraded_detail": pictures.shown(pair.degraded_detail, "The same part, degraded"),
    }


def _lines(pairs: Sequence[LinePair]) -> Iterator[dict[str, Any]]:
    """Lines, with a gap where some that are the same are left out."""
    before: LinePair | None = None
    for each in pairs:
        if before is not None and _skips(before, each):
            yield {"gap": True}
        yield {
            "gap": False,
            "same": not _differs(each),
            "clean_number": each.clean_number,
            "degraded_number": each.degraded_number,
            "clean": _pieces(each.clean),
            "degraded": _pieces(each.degraded),
        }
        before = each


def _rows(pairs: Sequence[RowPair]) -> Iterator[dict[str, Any]]:
    """Rows one below the other: one that is the same once, one that differs before and after."""
    before: RowPair | None = None
    for each in pairs:
        if before is not None and _skips(before, each):
            yield {"gap": True}
        before = each
        if not _differs(each):
            yield _row("", each.degraded_number, each.degraded, head=each is pairs[0] and each.clean_number == 1)
            continue
        if each.clean_number is not None:
            yield _row("clean", each.clean_number, each.clean)
        if each.degraded_number is not None:
            yield _row("degraded", each.degraded_number, each.degraded)


def _row(side: str, number: int | None, cells: Sequence[Piece], *, head: bool = False) -> dict[str, Any]:
    return {"gap": False, "side": side, "number": number, "cells": _pieces(cells), "head": head}


def _differs(pair: LinePair | RowPair) -> bool:
    return None in {pair.clean_number, pair.degraded_number} or any(
        each.changed for each in (*pair.clean, *pair.degraded)
    )


def _skips(before: LinePair | RowPair, after: LinePair | RowPair) -> bool:
    sides = ((before.clean_number, after.clean_number), (before.degraded_number, after.degraded_number))
    return any(one is not None and other is not None and other > one + 1 for one, other in sides)


def _pieces(pieces: Sequence[Piece]) -> list[Mapping[str, Any]]:
    return [{"text": each.text, "changed": each.changed, "short": len(each.text) <= _SHORT} for each in pieces]


def _longest(pairs: Sequence[LinePair]) -> int:
    return max(
        (sum(len(each.text) for each in side) for pair in pairs for side in (pair.clean, pair.degraded)), default=0
    )
