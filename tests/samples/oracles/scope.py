"""Scope: what is asked for is still there, beside what nobody asked for; a reader that minds its own business."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from crumple import Document, Step


def _as_it_is(document: Document, step: Step) -> Document:
    return document


def _without_annexes(document: Document, step: Step) -> Document:
    """Only what stands before the first annex."""
    if document.media_type == "application/pdf":
        return document
    return Document(document.data.partition(b"\f\nAnnex 1\n")[0], document.media_type, document.name)


def _order_alone(document: Document, step: Step) -> Document:
    """Of two documents in one text, the one that has an order's number."""
    if document.media_type == "application/pdf":
        return document
    texts = re.split(rb"\f\n", document.data)
    own = next(text for text in texts if re.search(rb"^Number: ", text, re.MULTILINE))
    return Document(own, document.media_type, document.name)


UNDO: Mapping[str, Callable[[Document, Step], Document]] = {
    "scope.two_documents": _order_alone,
    "scope.oversized": _without_annexes,
    "scope.instructions": _as_it_is,
    "scope.hidden_instructions": _as_it_is,
    "scope.unserved_currency": _as_it_is,
}
