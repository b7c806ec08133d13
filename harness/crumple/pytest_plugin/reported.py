"""What pytest is told of each degraded document."""

from __future__ import annotations

import pytest

from crumple.result import Result


def told(item: pytest.Item, result: Result) -> None:
    """Report one call for itself."""
    verdict = result.verdict
    if verdict is None or not result.work.recipe.steps:
        return
    report = pytest.TestReport(
        nodeid=f"{item.nodeid}[{result.work.replay}]",
        location=item.location,
        keywords={},
        outcome="passed",  # a test fails by its limit alone
        longrepr=result.cause or None,
        when="call",
        duration=result.seconds,
    )
    report.__dict__["crumple"] = str(verdict.outcome)
    item.ihook.pytest_runtest_logreport(report=report)
