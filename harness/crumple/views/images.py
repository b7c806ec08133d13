"""Image files as pages: PNG, JPEG, WebP, BMP, GIF and TIFF.

A page is 8 bit, grey or RGB: a file of another kind (16 bit, CMYK, a palette, alpha) stays what it is as long as
nothing is changed, and is written as 8 bit grey or RGB where something is, as a scanner would have made it.
Only TIFF holds several pages; an animation is not a document and is refused. The work on files is in
`image_files`, which is imported when the first image is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.views.format import Format, signature
from crumple.views.pages import Pages

# The second header of a BMP begins with its own size.
_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))


@dataclass(frozen=True, slots=True)
class OnePage:
    """Files that hold one page.

    Attributes:
        media_type: which of the image formats.
        exact: whether encoding other pixels loses nothing of them.
    """

    media_type: str
    exact: bool

    def read(self, document: Document) -> Pages:
        """The page of an image file.

        Raises:
            Unreadable: it is damaged, too large, or an animation.
        """
        from crumple.views import image_files  # heavy, only for images

        return Pages((image_files.read_one(document),))

    def write(self, view: Pages, document: Document) -> bytes:
        """The file with other pixels, its resolution, profile and Exif kept; unchanged, the file itself.

        Raises:
            Unreadable: the view has not exactly one page.
        """
        if view.unchanged(document):
            return document.data
        if len(view) != 1:
            raise Unreadable(f"{self.media_type} holds one page, not {len(view)}")
        from crumple.views import image_files  # see above

        return image_files.write_one(view[0], document)


@dataclass(frozen=True, slots=True)
class ManyPages:
    """TIFF files, of one page or many; written without loss whatever they were compressed with."""

    exact: bool = True

    def read(self, document: Document) -> Pages:
        """All pages.

        Raises:
            Unreadable: it is damaged or too large.
        """
        from crumple.views import image_files  # see above

        return image_files.read_tiff(document)

    def write(self, view: Pages, document: Document) -> bytes:
        """All pages, each with its own resolution and, where that loses nothing, its compression.

        Raises:
            Unreadable: the view has no page.
        """
        if view.unchanged(document):
            return document.data
        if not view:
            raise Unreadable("image/tiff holds at least one page")
        from crumple.views import image_files  # see above

        return image_files.write_tiff(view, document)


def _sniff_webp(head: bytes, _extension: str) -> int:
    return 3 if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else 0


def _sniff_bmp(head: bytes, _extension: str) -> int:
    # A text may begin with "BM" as well.
    return 3 if head[:2] == b"BM" and head[14:18] in _BMP_HEADERS else 0


PNG = Format(
    "image/png",
    (".png",),
    signature(b"\x89PNG\r\n\x1a\n"),
    {Pages: OnePage("image/png", exact=True)},
)
JPEG = Format(
    "image/jpeg",
    (".jpg", ".jpeg", ".jpe", ".jfif"),
    signature(b"\xff\xd8\xff"),
    {Pages: OnePage("image/jpeg", exact=False)},
)
WEBP = Format("image/webp", (".webp",), _sniff_webp, {Pages: OnePage("image/webp", exact=False)})
BMP = Format("image/bmp", (".bmp", ".dib"), _sniff_bmp, {Pages: OnePage("image/bmp", exact=True)})
# A GIF has 256 colours: grey pages survive, coloured ones lose shades.
GIF = Format("image/gif", (".gif",), signature(b"GIF87a", b"GIF89a"), {Pages: OnePage("image/gif", exact=False)})
TIFF = Format(
    "image/tiff",
    (".tif", ".tiff"),
    signature(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    {Pages: ManyPages()},
)
