"""The example of docs/property-tests.md, run as a reader's own test."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from doc_examples import block, write_page


@pytest.fixture
def _without_explaining() -> Iterator[None]:
    """Hypothesis tries, and shrinks; to trace every line of what failed as well takes four times as long."""
    before = settings.get_current_profile_name()
    settings.register_profile(
        "page", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate, Phase.shrink)
    )
    settings.load_profile("page")
    yield
    settings.load_profile(before)


@pytest.mark.usefixtures("_without_explaining")
def test_the_example_fails_as_the_page_says(tmp_path: Path) -> None:
    write_page("docs/property-tests.md", tmp_path)
    reader = runpy.run_path(str(tmp_path / "test_orders.py"))
    with pytest.raises(ExceptionGroup) as failed:  # a failure of each of two causes
        reader["test_orders_are_read"]()
    said = "\n".join(note for each in failed.value.exceptions for note in each.__notes__)
    failing = re.findall(r"order=<order\.csv > .*>", said)
    assert len(failing) == len(failed.value.exceptions)
    assert all(each.count(" > ") == 1 for each in failing), "one step each"
    assert block("docs/property-tests.md", "order=").strip() in failing
