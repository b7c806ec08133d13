"""Inputs: what is passed to the system beside the document, such as a question."""

from __future__ import annotations

from dataclasses import dataclass

from crumple.truth import Json


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a case passes on beside its document; no media type is seen as this, only cases are.

    Attributes:
        value: JSON; never None.
    """

    value: Json
