"""Documents as a chat model is given them: as text in its prompt, as images, or as a file beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple.adapters.forms import as_text
from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.views.format import read, views_of
from crumple.views.pages import Page, Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

MOST_PAGES: Final = 50
LARGEST: Final = 48 << 20
"""Bytes that images and files of one call may have together; services take about as much."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")

Content = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A document in the form that the model sees.

    Attributes:
        text: that stands in the prompt.
        content: what goes along with the prompt, in the words of the service's interface.
        seen: the same bytes for what looks the same to the model; None: the document itself.
    """

    text: str = ""
    content: Content = ()
    seen: bytes | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """One word of `input`.

    Attributes:
        show: puts a document into that form.
        views: the views whose damage the model sees; None: every view's.
    """

    show: Callable[[Document], Shown]
    views: tuple[type, ...] | None = None

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the model."""
        return self.views is None or issubclass(view, self.views)


def as_prompt(document: Document) -> Shown:
    """The characters of a document.

    Raises:
        NotApplicable: it is no text.
    """
    if Text not in views_of(document.media_type):
        raise NotApplicable(f'{document.media_type} is no text; input = "file" or "image" gives it otherwise')
    form = as_text(document)
    return Shown(text=form.body.decode("utf-8"), seen=form.seen)


def as_images(document: Document) -> Shown:
    """Its pages as images: a picture as it is, the pages of anything else drawn, as PNG.

    Raises:
        NotApplicable: it has no pages, or more than are sent.
    """
    if Pages not in views_of(document.media_type):
        raise NotApplicable(f'{document.media_type} has no pages; input = "text" or "file" gives it otherwise')
    if document.media_type in _PICTURES:
        return Shown(content=_within((_picture(document.media_type, document.data),)))
    pages = read(document, Pages).pages
    if len(pages) > MOST_PAGES:
        raise NotApplicable(f"it has {len(pages)} pages, and the model is given {MOST_PAGES} at the most")
    seen = hashlib.blake2b()
    for page in pages:
        seen.update(repr(page.pixels.shape).encode())
        seen.update(page.pixels.tobytes())
    return Shown(content=_within([_picture("image/png", _png(page)) for page in pages]), seen=seen.digest())


def as_file(document: Document) -> Shown:
    """The document itself; pictures as the images that such services take them as.

    Raises:
        NotApplicable: it is larger than what is sent.
    """
    if document.media_type in _PICTURES:
        return Shown(content=_within((_picture(document.media_type, document.data),)))
    name = document.name.rpartition("/")[2] or "document"
    file = {"filename": name, "file_data": _data_url(document.media_type, document.data)}
    return Shown(content=_within(({"type": "file", "file": file},)))


def _picture(media_type: str, data: bytes) -> Mapping[str, Any]:
    return {"type": "image_url", "image_url": {"url": _data_url(media_type, data)}}


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _within(content: Sequence[Mapping[str, Any]]) -> Content:
    size = sum(len(str(each)) for each in content)
    if size > LARGEST:
        raise NotApplicable(f"it takes {size >> 20} MiB as the model is given it, and {LARGEST >> 20} MiB are sent")
    return tuple(content)


def _png(page: Page) -> bytes:
    import cv2  # slow to import, and here only for pages that are drawn

    pixels = page.pixels if page.grey else cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", pixels)
    return encoded.tobytes()


SHOWINGS: Final[Mapping[str, Showing]] = {
    "text": Showing(as_prompt, (Text, Table, Record)),
    "image": Showing(as_images, (Page, Pages)),
    "file": Showing(as_file),
}
