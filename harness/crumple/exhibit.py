"""A clean and a degraded document side by side, as small as a report can show them. Frozen data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as an image.

    Attributes:
        data: the file's bytes.
        media_type: what they are: "image/webp".
        width, height: pixels.
    """

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PagePair:
    """A page before and after; None where there is none, or where it is shown elsewhere already.

    Attributes:
        number: from 1, of the page in the degraded document, or where that has none, in the clean one.
        clean_detail, degraded_detail: the same place of both, where they differ, pixel for pixel.
    """

    number: int
    clean: Picture | None
    degraded: Picture | None
    clean_detail: Picture | None = None
    degraded_detail: Picture | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Those that there are."""
        every = (self.clean, self.degraded, self.clean_detail, self.degraded_detail)
        return tuple(each for each in every if each is not None)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line or a cell; `changed`: it is not the same on the other side."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class LinePair:
    """A line before and after.

    Attributes:
        clean_number, degraded_number: from 1; None where the line is missing on that side.
        clean, degraded: its pieces in order.
    """

    clean_number: int | None
    degraded_number: int | None
    clean: tuple[Piece, ...]
    degraded: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RowPair:
    """A table's row before and after: numbers and cells as in `LinePair`."""

    clean_number: int | None
    degraded_number: int | None
    clean: tuple[Piece, ...]
    degraded: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """The document of one call, clean and degraded, as far as it may be shown.

    Attributes:
        replay: the line that makes the call again, "case > recipe".
        kind: "pages", "lines", "rows" or "bytes" (lines of a hex dump); "" where nothing is shown.
        note: why nothing is shown, or not all.
        clean_type, degraded_type: media types.
        clean_bytes, degraded_bytes: how many.
        pages, lines, rows: what differs, by `kind`.
        left_out: how many more of them differ.
    """

    replay: str
    kind: str = ""
    note: str = ""
    clean_type: str = ""
    degraded_type: str = ""
    clean_bytes: int = 0
    degraded_bytes: int = 0
    pages: tuple[PagePair, ...] = ()
    lines: tuple[LinePair, ...] = ()
    rows: tuple[RowPair, ...] = ()
    left_out: int = 0
