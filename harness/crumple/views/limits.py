"""How many pixels are unpacked of one document: a small file may claim to be a page as large as a house.

The limit is a context variable and not an argument, because a page is read in many places (for a mutator, to find
where a truth stands, for the form that a system is given, inside mutators of whole documents) and all of them have
to agree. It is set once, where a lane or a command begins, and never changed within a run.
"""

from __future__ import annotations

from contextvars import ContextVar

from crumple.config.quantities import PIXELS
from crumple.errors import Unreadable

_PAGES_SHARE = 4  # copies are made of one page at a time, so that one page has to be smaller than a document

_most: ContextVar[int] = ContextVar("crumple_pixels", default=PIXELS)


def limit_pixels(most: int) -> None:
    """Unpack at most this many pixels of one document from now on, and a quarter of them for one page."""
    _most.set(most)


def count_pixels(width: int, height: int, before: int = 0, *, page: int = 1) -> int:
    """The pixels of a document with one page more.

    Args:
        width: of the page, in pixels.
        height: likewise.
        before: what the pages before it came to.
        page: its number, from 1.

    Raises:
        Unreadable: those are too many, of this page or of all.
    """
    most, pixels = _most.get(), width * height
    if pixels > most // _PAGES_SHARE:
        raise Unreadable(
            f"page {page} has {_millions(pixels)} million pixels, and the limit for one page is "
            f"{_millions(most // _PAGES_SHARE)} million, a quarter of [mutate] pixels"
        )
    if before + pixels > most:
        raise Unreadable(f"the document has more than {_millions(most)} million pixels, the limit in [mutate] pixels")
    return before + pixels


def _millions(pixels: int) -> str:
    return f"{pixels / 1e6:,.0f}" if pixels >= 1e7 else f"{pixels / 1e6:.3g}"
