"""What documents look like to the system, whose form of input may hide a difference in their bytes."""

from __future__ import annotations

from crumple.adapters import Preparing, Request
from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.mutation.bench import Degradation


class Looks:
    """What documents look like to the system, each asked once."""

    def __init__(self, adapter: Preparing) -> None:
        """Ask this adapter for the form that the system takes documents in."""
        self._adapter = adapter
        self._forms: dict[Document, bytes | None] = {}

    def alike(self, one: Degradation, other: Degradation) -> bool:
        """Whether two documents look the same to the system, where that can be told."""
        if (one.parts, one.inputs, one.faults) != (other.parts, other.inputs, other.faults):
            return False
        form = self._form(one)
        return form is not None and form == self._form(other)

    def _form(self, made: Degradation) -> bytes | None:
        if made.document not in self._forms:
            try:
                form = self._adapter.prepare(Request(made.document, made.inputs)).form
            except NotApplicable:
                form = None
            self._forms[made.document] = form
        return self._forms[made.document]
