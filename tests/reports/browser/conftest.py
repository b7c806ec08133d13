"""Reports in a real browser."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browsers import watched


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a report's text as a file; in the end nothing was asked of a network, and nothing was complained of."""
    numbers = itertools.count()
    with watched(browser) as open_page:

        def open_text(text: str, **how: object) -> Any:
            assert "could not be made of this document" not in text  # a section that fails leaves only this sentence
            path = tmp_path / f"report{next(numbers)}.html"
            path.write_text(text, "utf-8")
            return open_page(path.as_uri(), **how)

        yield open_text
