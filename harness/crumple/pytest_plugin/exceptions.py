"""What an exception of a test's body says of a document: how the call ended, and what failures of one cause share."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

import pytest

import crumple
from crumple.adapters.traces import python_trace
from crumple.endings import CallFailed
from crumple.errors import in_words
from crumple.outcome import Outcome
from crumple.plain_text import excerpt

_HARNESS: Final = str(Path(crumple.__file__).parent)
_TIMEOUTS: Final = "pytest_timeout"
_MOST_LINES, _WIDEST, _MOST_FRAMES = 8, 160, 4
_DEEPEST = 5
_UNSAID: Final = "AssertionError (what it says is not shown: [privacy] redact)"
_TRACEBACK: Final = "Traceback (most recent call last):\n"
_FROM: Final = "\nThe above exception was the direct cause of the following exception:\n\n"
_DURING: Final = "\nDuring handling of the above exception, another exception occurred:\n\n"


def outcome_of(error: BaseException, refuses: tuple[type[BaseException], ...]) -> Outcome:
    """How a call ended: an assertion is a wrong answer, a declared exception a refusal, any other a crash."""
    if isinstance(error, CallFailed):
        return error.outcome
    if isinstance(error, refuses):
        return Outcome.REFUSED
    return Outcome.WRONG if isinstance(error, (AssertionError, pytest.fail.Exception)) else Outcome.CRASHED


def is_of_a_timeout(error: BaseException) -> bool:
    """Whether pytest-timeout has raised it: then it is the whole test that takes too long."""
    return any(frame.f_globals.get("__name__") == _TIMEOUTS for frame in _frames(error))


def kind_of(error: BaseException, root: Path) -> str:
    """What failures with one cause share: "ValueError at reader.py:total: float(text)".

    Args:
        error: what was raised.
        root: the folder whose files are the user's own.
    """
    if isinstance(error, CallFailed):
        return error.kind or str(error)
    found = python_trace(_printed(error), str(root))
    return " at ".join(found) if found else type(error).__name__


def lines_of(error: BaseException, root: Path, *, discreet: bool = False) -> str:
    """For a person: where in their own files it was raised, and what it says, as pytest shows it in short.

        tests/test_reader.py:7: in test_reads
            assert total(degraded.data) == degraded.truth["total"]
        E   assert 12.0 == 12.5

    Args:
        error: what was raised.
        root: the folder whose files are theirs.
        discreet: whether what an assertion says is left out: it quotes answers, in which nobody finds what is secret.
    """
    walked = _walked(error)
    at = [each for each in walked if _is_own(each[0].f_code.co_filename, root)] or list(walked)
    # Where it began and where it ended say most.
    shown = at if len(at) <= _MOST_FRAMES else [at[0], *at[1 - _MOST_FRAMES :]]
    lines: list[str] = []
    for each in traceback.StackSummary.extract(iter(shown), lookup_lines=True):
        path = Path(each.filename)
        place = path.relative_to(root).as_posix() if path.is_relative_to(root) else each.filename
        lines += [f"{place}:{each.lineno}: in {each.name}", *([f"    {each.line}"] if each.line else [])]
    words = [_UNSAID] if discreet and isinstance(error, AssertionError) else said(error)
    return "\n".join([*lines, *(f"E   {line}" for line in words)])


def said(error: BaseException) -> Sequence[str]:
    """What it says, a few lines of it; of an assertion pytest's own explanation."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - its own str() may be what is broken
        text = "(its str() raises)"
    bare = isinstance(error, AssertionError) and text.startswith("assert ")
    lines = (text if bare else f"{name}: {text}" if text else name).splitlines() or [name]
    more = [f"and {len(lines) - _MOST_LINES} lines more"] if len(lines) > _MOST_LINES else []
    return [*(excerpt(line.rstrip(), _WIDEST) for line in lines[:_MOST_LINES]), *more]


def cause_of(error: BaseException, *, discreet: bool = False) -> str:
    """In one line; see `lines_of`."""
    if discreet and isinstance(error, AssertionError):
        return _UNSAID
    return str(error) if isinstance(error, CallFailed) else excerpt(in_words(error), 300)


def _walked(error: BaseException) -> Sequence[tuple[FrameType, int]]:
    """The frames from the test's body on, with the line that each was at."""
    frames = list(traceback.walk_tb(error.__traceback__))
    while frames and frames[0][0].f_code.co_filename.startswith(_HARNESS):
        del frames[0]
    return frames


def _frames(error: BaseException) -> Sequence[FrameType]:
    return [frame for frame, _ in _walked(error)]


def _is_own(name: str, root: Path) -> bool:
    return name.startswith(f"{root}{os.sep}") and "-packages/" not in name and not name.startswith(_HARNESS)


def _printed(error: BaseException, depth: int = _DEEPEST) -> str:
    """As Python prints it, without what it says, which differs from document to document and may look like a trace."""
    before = ""
    if depth and error.__cause__ is not None:
        before = _printed(error.__cause__, depth - 1) + _FROM
    elif depth and error.__context__ is not None and not error.__suppress_context__:
        before = _printed(error.__context__, depth - 1) + _DURING
    stack = "".join(traceback.StackSummary.extract(iter(_walked(error)), lookup_lines=True).format())
    return f"{before}{_TRACEBACK}{stack}{type(error).__name__}\n"
