"""One test over many inputs: fewer items than a test for each, and a failure still says on which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crumple import NotApplicable


@contextmanager
def degraded_or_refused(what: str) -> Iterator[None]:
    """A refusal with a reason is fine; anything else that is raised is named after the input."""
    try:
        yield
    except NotApplicable:
        return
    except BaseException as error:
        error.add_note(f"on the input {what!r}")
        raise
