"""Regular expressions from truths and configurations: checked at once, and ended where they would search for ever."""

from __future__ import annotations

import functools
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from crumple.errors import CrumpleError

SECONDS: Final = 1.0
"""Seconds of processor time that one search may take."""
_LONGEST: Final = 1000  # characters of a pattern


class _Endless(Exception):  # noqa: N818 - a signal, caught below
    pass


@functools.lru_cache(maxsize=1024)
def compiled(pattern: str, where: str, *, ignore_case: bool) -> re.Pattern[str]:
    """A pattern ready for use.

    Args:
        pattern: as `re` knows them.
        where: what it is part of, for messages.
        ignore_case: take letters that differ by case only for the same.

    Raises:
        CrumpleError: it is none, or longer than 1000 characters.
    """
    if len(pattern) > _LONGEST:
        raise CrumpleError(f"a pattern of {len(pattern)} characters, and {_LONGEST} are read", where=where)
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise CrumpleError(f"{pattern!r} is not a regular expression: {error}", where=where) from None


def found(pattern: re.Pattern[str], text: str, where: str) -> bool:
    """Whether a pattern is in a text.

    Some patterns, such as `(a+)+b`, take longer than a night on texts of thirty characters. Where this is a process'
    main thread, as in every lane, the search is ended after a second of processor time.

    Raises:
        CrumpleError: it has been ended.
    """
    try:
        with _limited():
            return pattern.search(text) is not None
    except _Endless:
        raise CrumpleError(
            f"{pattern.pattern!r} has searched {len(text)} characters for {SECONDS:g} s and was stopped",
            where=where,
            hint="Repeats inside repeats, as in (a+)+, try every way to share a text out; say it without.",
        ) from None


@contextmanager
def _limited() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _Endless

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
