"""What replaying a finding says of it. Pure."""

from __future__ import annotations

import enum
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crumple.discretion import general
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result

TRIES = 2
"""How often a finding is called where the calls agree."""
MOST_TRIES = 4
"""How often where they do not."""
MOST_OF_FLAKY = 12
"""How often a finding at most that has failed now and then only: to fail in none of two calls says little of it."""
_MOST_VOID = 2
_DOUBT = 0.05


class Status(enum.StrEnum):
    """How replaying a finding ended."""

    FIXED = "FIXED"
    FAILS = "FAILS"
    CHANGED = "CHANGED"
    FLAKY = "FLAKY"
    ERROR = "ERROR"
    OTHER_BYTES = "OTHER BYTES"


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known of a finding to call it again, and to tell it when it is met.

    Attributes:
        id: its folder's name.
        case: the case's id.
        recipe: how its document is degraded.
        fingerprints: those that its failures have had, as `concealed` leaves them; ask `knows`.
        digest: of the degraded document; "" where it is not known.
        state: "open", "fixed" or "accepted".
        tries: how often it was called when it was found.
        failed: how many of these calls failed.
        small: whether it was made as small as it gets; a run that ended too early leaves some that were not.
    """

    id: str
    case: str
    recipe: Recipe
    fingerprints: tuple[str, ...]
    digest: str = ""
    state: str = "open"
    tries: int = 0
    failed: int = 0
    small: bool = True

    def knows(self, fingerprint: str) -> bool:
        """Whether a failure with this fingerprint is one of this finding's."""
        return fingerprint in self.fingerprints or concealed(fingerprint) in self.fingerprints

    def to_json(self) -> dict[str, Any]:
        """As JSON; `from_json` gives the same back."""
        return {
            "id": self.id,
            "case": self.case,
            "recipe": str(self.recipe),
            "fingerprints": list(self.fingerprints),
            "digest": self.digest,
            "state": self.state,
            "tries": self.tries,
            "failed": self.failed,
            "small": self.small,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Known:
        """What `to_json` was made of."""
        return cls(
            data["id"],
            data["case"],
            Recipe.parse(data["recipe"]),
            tuple(data["fingerprints"]),
            data["digest"],
            data["state"],
            data.get("tries", 0),
            data.get("failed", 0),
            data.get("small", True),
        )


def concealed(fingerprint: str) -> str:
    """A fingerprint without what it may quote of a document or of what a system said; still one of its own.

    What is left out is told apart by a digest: "exit code 3 #1f0c...". Where nothing is, it stays as it is.
    """
    kind = general(fingerprint)
    if kind == fingerprint:
        return fingerprint
    return f"{kind} #{hashlib.blake2b(fingerprint.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def status_of(known: Known, tries: Sequence[Result]) -> Status | None:
    """What the calls say, or None where another one is to be made.

    A void call says nothing, and is made again once.

    Args:
        known: the finding.
        tries: what came of its calls so far, in order.
    """
    made = [each.verdict for each in tries if each.verdict is not None]
    sound = [each for each in made if each.outcome is not Outcome.VOID]
    if len(made) < len(tries) or len(made) - len(sound) >= _MOST_VOID:
        return Status.ERROR
    if _other_bytes(known, tries):
        return Status.OTHER_BYTES
    failures = [each for each in sound if each.failure]
    if not failures:
        return Status.FIXED if len(sound) >= _enough(known) else None
    if len(sound) < TRIES or (len(failures) < len(sound) and len(sound) < MOST_TRIES):
        return None
    if len(failures) < len(sound):
        return Status.FLAKY
    return Status.FAILS if any(known.knows(each.fingerprint) for each in failures) else Status.CHANGED


def why_of(known: Known, tries: Sequence[Result]) -> str:
    """What stands behind a status, for a person; "" where the status says it all."""
    failures = [each for each in tries if each.verdict is not None and each.verdict.failure]
    sound = [each for each in tries if each.verdict is not None and each.verdict.outcome is not Outcome.VOID]
    match status_of(known, tries):
        case Status.ERROR:
            last = tries[-1]
            return (
                f"it does not apply: {general(last.skipped, void=True)}"
                if last.verdict is None
                else general(last.cause, void=True)
            )
        case Status.FLAKY:
            return f"failed {len(failures)} of {len(sound)} times"
        case Status.CHANGED:
            return f"another failure: {_fingerprint(failures[0].verdict)}"
        case Status.OTHER_BYTES:
            return "its recipe makes another document now"
        case Status.FIXED if len(sound) > TRIES:
            return f"failed in none of {len(sound)} calls, and in {known.failed} of {known.tries} when it was found"
    return ""


def _other_bytes(known: Known, tries: Sequence[Result]) -> bool:
    return bool(known.digest) and any(each.digest and each.digest != known.digest for each in tries)


def _fingerprint(verdict: Verdict | None) -> str:
    return verdict.fingerprint if verdict is not None else ""


def _enough(known: Known) -> int:
    """After how many calls without a failure it is fixed: so many that one that fails as before is hardly missed."""
    if not 0 < known.failed < known.tries:
        return TRIES
    return min(MOST_OF_FLAKY, max(TRIES, math.ceil(math.log(_DOUBT) / math.log(1 - known.failed / known.tries))))
