"""What crumple raises: one base class for what a user can mend, and one signal for what does not apply."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CrumpleError(Exception):
    """A mistake that its reader can mend; shown as one message, never as a traceback.

    Attributes:
        exit_code: what the command line ends with (2: usage or configuration).
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        got: str = "",
        allowed: Iterable[str] = (),
        hint: str = "",
    ) -> None:
        """Compose the message from its parts.

        Args:
            what: what is wrong, in one clause without a full stop.
            where: file, line, section or argument that it is about.
            got: the offending word, for which the nearest allowed one is looked up.
            allowed: every word that would have been accepted.
            hint: what to do about it.
        """
        options = list(allowed)
        parts = [f"{where}: {what}." if where else f"{what}."]
        if got and (near := nearest(got, options)):
            parts.append(f"Did you mean {near!r}?")
        if options:
            parts.append(f"Allowed: {', '.join(options)}.")
        if hint:
            parts.append(hint)
        super().__init__(" ".join(parts))


class VoidRunError(CrumpleError):
    """The run says nothing about the system: it could not be reached, or every case fails clean."""

    exit_code = 4


class DeniedError(VoidRunError):
    """What the run reads is kept from it: no call that follows would come to anything, and none is made."""


class NotApplicable(Exception):  # noqa: N818 - a signal with a reason, not an error
    """A mutator cannot act on this document; the message is the reason, shown beside the skip."""


class Unreadable(NotApplicable):
    """A document cannot be seen as the view that was asked for; the message is one sentence."""


def in_words(error: BaseException) -> str:
    """An exception of anybody's as one line, "ValueError: what it says", whatever its own `str` may do."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - its own str() may be what is broken
        said = "(its str() raises)"
    return " ".join(f"{type(error).__name__}: {said}".split())


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that `word` was most likely meant to be, or None where nothing is close."""
    options = list(options)
    # A bare name ("skew") for a qualified one ("scan.skew") is the commonest slip of all.
    tails = [option for option in options if option.rpartition(".")[2] == word]
    if tails:
        return tails[0]
    by_case = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(word.casefold(), by_case, n=1, cutoff=0.6)
    return by_case[close[0]] if close else None


class Enough(Exception):  # noqa: N818 - not an error: somebody has seen enough
    """The run is to end here, as if its budget were used up."""
