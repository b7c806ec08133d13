"""One of the two documents that are held against one another: the clean one, or what has become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crumple.document import Document
from crumple.errors import NotApplicable, Unreadable
from crumple.mutation.changes.of_text import Edit, edits_of
from crumple.views.format import read, views_of
from crumple.views.parts import Parts
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_LONGEST = 1 << 20  # characters of a document
_ZIP = b"PK"


@dataclass
class Side:
    """One document, as what it can be seen as; each view is read once.

    Attributes:
        document: the bytes.
    """

    document: Document
    _edits: Sequence[Edit] | None = field(default=None, init=False)

    def edits(self, other: Side) -> Sequence[Edit]:
        """What makes the other text of this one; asked of one other document only."""
        if self._edits is None:
            assert self.text
            assert other.text
            self._edits = list(edits_of(self.text.value, other.text.value))
        return self._edits

    @cached_property
    def text(self) -> Text | None:
        """Its characters; None where it has none, or more than a million."""
        text = self._view(Text)
        if text is None and not self.document.data.startswith(_ZIP):
            try:  # a NUL in it does not hide the rest
                text = Text.decoded(self.document.data)
            except Unreadable:
                return None
        return text if isinstance(text, Text) and len(text.value) <= _LONGEST else None

    @cached_property
    def record(self) -> Record | None:
        """As JSON, where it is."""
        record = self._view(Record)
        return record if isinstance(record, Record) else None

    @cached_property
    def table(self) -> Table | None:
        """As rows, where it has some and not too many."""
        table = self._view(Table)
        return table if isinstance(table, Table) and len(table.rows) <= _LONGEST // 20 else None

    @cached_property
    def parts(self) -> Mapping[str, Side]:
        """What it carries inside, by path."""
        parts = self._view(Parts)
        return {part.name: Side(part.document) for part in parts.parts} if isinstance(parts, Parts) else {}

    def _view(self, kind: type) -> object:
        if kind not in views_of(self.document.media_type):
            return None
        try:
            return read(self.document, kind)
        except (Unreadable, NotApplicable):
            return None
