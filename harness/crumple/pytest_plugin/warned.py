"""What the plugin warns of; light, for filters in pytest's configuration import it at every start."""

from __future__ import annotations

import pytest


class SharedFixtureWarning(pytest.PytestWarning):
    """A fixture of function scope is set up once for all documents of a test."""


class SkippedWarning(pytest.PytestWarning):
    """A test has itself skipped many of its documents, which are in no rate."""


class CleanFailureWarning(pytest.PytestWarning):
    """Some clean documents fail, and were left out."""
