"""How a call ended that brought no answer, as exceptions of people's own tests."""

from __future__ import annotations

from crumple.outcome import Outcome


class CallFailed(Exception):  # noqa: N818 - what became of a call, as outcomes are called
    """How a function ended that was called in a worker, where that was not with an answer.

    Attributes:
        outcome: the word for it.
        kind: what failures with one cause share.
        detail: the end of its traceback and of what it printed.
    """

    outcome = Outcome.CRASHED

    def __init__(self, cause: str, *, kind: str = "", detail: str = "") -> None:
        super().__init__(cause)
        self.kind, self.detail = kind, detail


class Crashed(CallFailed):
    """It raised an exception, died of a signal, exited, or returned what is not JSON-able."""


class Hung(CallFailed):
    """It did not end within its time limit, and was killed."""

    outcome = Outcome.HUNG


class Exhausted(CallFailed):
    """It took more memory than it may, or printed or returned more, and was killed."""

    outcome = Outcome.EXHAUSTED


class Refused(CallFailed):
    """It raised an exception that is declared as a refusal."""

    outcome = Outcome.REFUSED
