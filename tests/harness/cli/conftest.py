"""Commands are called in this process; what one sets for the rest of its process does not outlive the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crumple.config.quantities import PIXELS
from crumple.views.limits import limit_pixels


@pytest.fixture(autouse=True)
def pixels_as_ever() -> Iterator[None]:
    """Let the next test unpack as many pixels as where nothing is configured."""
    yield
    limit_pixels(PIXELS)
