"""What of a document a report may show at all, decided once: nothing behind this can let out more. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import Material, figures_of


def let_out(document: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """The document without any text of a document or an answer, where `[privacy] reports` shows figures only.

    Args:
        document: of a run, a night, a pytest session or a comparison.
        material: says what may be shown; of a session each item does.
    """
    if document.get("kind") == "pytest":
        return {**document, "items": [_item(each) for each in document["items"]]}
    return figures_of(document) if material.privacy == "figures" else dict(document)


def _item(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return figures_of(item) if item.get("privacy", "figures") == "figures" else item
