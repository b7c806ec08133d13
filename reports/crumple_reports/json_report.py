"""The run's document itself, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crumple import FIGURES, Material
from crumple_reports.let_out import let_out


def render(document: Mapping[str, Any], material: Material = FIGURES) -> str:
    """The document as indented JSON, ASCII alone so that it survives any pipe; NaN is an error, not JSON.

    Args:
        document: what `"schema": 1` describes.
        material: not needed.

    Raises:
        ValueError: it holds NaN or an infinity.
    """
    return json.dumps(document, indent=2, allow_nan=False)


def report(document: Mapping[str, Any], material: Material = FIGURES) -> str:
    """The document as a file, with texts of documents and answers as far as they may be shown.

    Args:
        document: of a run, a night, a pytest session or a comparison.
        material: says what may be shown; of a session each item does.

    Raises:
        ValueError: it holds NaN or an infinity.
    """
    return f"{render(let_out(document, material))}\n"
