"""The run's document itself, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def render(document: Mapping[str, Any]) -> str:
    """The document as indented JSON, ASCII alone so that it survives any pipe; NaN is an error, not JSON.

    Args:
        document: what `"schema": 1` describes.

    Raises:
        ValueError: it holds NaN or an infinity.
    """
    return json.dumps(document, indent=2, allow_nan=False)
