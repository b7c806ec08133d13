"""The forms that a Python function takes documents in, and which damage survives them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.views.format import codec, read
from crumple.views.pages import Page, Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text, TextCodec

_SHORT = 256 * 1024
NO_BYTES: Final = "the system never sees bytes"


@dataclass(frozen=True, slots=True)
class Form:
    """A document as it travels to a worker.

    Attributes:
        body: what is sent.
        words: what the worker must know besides.
    """

    body: bytes
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seen(self) -> bytes:
        """The same bytes for what looks the same to the system: the body itself, or a digest of a long one."""
        if len(self.body) <= _SHORT:
            return self.body
        return hashlib.blake2b(self.body + repr(self.words).encode()).digest()


def as_text(document: Document) -> Form:
    """The characters, without byte order mark.

    Raises:
        NotApplicable: it is not text, or holds bytes that no decoding shows.
    """
    data, reader = document.data, codec(document.media_type, Text)
    if not data or (isinstance(reader, TextCodec) and data.isascii() and b"\0" not in data):
        return Form(data)  # ASCII is its own reading, and most text that is called often is ASCII
    try:
        return Form(read(document, Text).value.encode("utf-8"))
    except UnicodeEncodeError:
        # Undecodable bytes stand as lone surrogates; whoever decodes for the system would have met them, not it.
        raise NotApplicable(NO_BYTES) from None


def as_image(document: Document) -> Form:
    """The pixels of a document of one page.

    Raises:
        NotApplicable: it has no pages or several.
    """
    pages = read(document, Pages).pages
    if len(pages) != 1:
        raise NotApplicable(f"the system is given one page, and the document has {len(pages)}")
    pixels = pages[0].pixels
    return Form(pixels.tobytes(), {"shape": pixels.shape})


def as_record(document: Document) -> Form:
    """The JSON values; NaN and infinities stay what they are.

    Raises:
        NotApplicable: it is not JSON.
    """
    value = read(document, Record).value
    return Form(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def as_bytes(document: Document) -> Form:
    """The document itself."""
    return Form(document.data)


@dataclass(frozen=True, slots=True)
class Input:
    """One word of `input`.

    Attributes:
        form: makes the form of a document.
        views: the views whose damage reaches the system; None: every view's.
    """

    form: Callable[[Document], Form]
    views: tuple[type, ...] | None = None

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the system."""
        return self.views is None or issubclass(view, self.views)


INPUTS: Final[Mapping[str, Input]] = {
    "bytes": Input(as_bytes),
    "path": Input(as_bytes),
    "text": Input(as_text, (Text, Table, Record)),
    "image": Input(as_image, (Page, Pages)),
    "record": Input(as_record, (Record,)),
}
