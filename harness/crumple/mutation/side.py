"""One of the two documents that are held against one another: the clean one, or what has become of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crumple.case import Case
from crumple.document import Document
from crumple.errors import NotApplicable, Unreadable
from crumple.mutation.changes.of_text import Edit, edits_of
from crumple.mutation.locate import locate
from crumple.mutation.located import Located
from crumple.truth import Truth
from crumple.views.format import read, views_of
from crumple.views.pages import Pages
from crumple.views.parts import Parts
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_LONGEST = 1 << 20  # characters of a document
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ZIP = b"PK"


@dataclass
class Side:
    """One document, as what it can be seen as; each view is read once.

    Attributes:
        document: the bytes.
    """

    document: Document
    _edits: Sequence[Edit] | None = field(default=None, init=False)
    _located: tuple[Truth, Located] | None = field(default=None, init=False)

    def located(self, truth: Truth) -> Located:
        """Where a truth stands in it; looked up once for the one that is asked for."""
        if self._located is None or self._located[0] is not truth:
            self._located = truth, locate(truth, self.document, Case(self.document.name, self.document))
        return self._located[1]

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
        if text is None and Text in views_of(self.document.media_type) and not self.document.data.startswith(_ZIP):
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
        """What it carries inside, by path; what has pages is left out, for nobody can say what stands there now."""
        parts = self._view(Parts)
        return {
            part.name: Side(part.document)
            for part in (parts.parts if isinstance(parts, Parts) else ())
            if Pages not in views_of(part.document.media_type)
        }

    @property
    def numbers(self) -> list[str]:
        """What it says in digits, in its order."""
        if self.text is None and self.table is not None:
            return [each for row in self.table.rows for cell in row.cells for each in _NUMBER.findall(cell)]
        return _NUMBER.findall(self.text.value) if self.text else []

    def _view(self, kind: type) -> object:
        if kind not in views_of(self.document.media_type):
            return None
        try:
            return read(self.document, kind)
        except (Unreadable, NotApplicable):
            return None
