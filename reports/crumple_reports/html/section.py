"""What a section of the page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page.

    Attributes:
        id: its anchor, and the name of its template.
        title: its heading, and its name in the list of contents.
        model: what its template is given, as `it`.
    """

    id: str
    title: str
    model: Mapping[str, Any]
