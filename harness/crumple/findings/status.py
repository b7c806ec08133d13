"""What replaying a finding says of it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result

TRIES = 2
"""How often a finding is called where the calls agree."""
MOST_TRIES = 4
"""How often where they do not."""


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
        fingerprints: those that its failures have had.
        digest: of the degraded document; "" where it is not known.
        state: "open", "fixed" or "accepted".
    """

    id: str
    case: str
    recipe: Recipe
    fingerprints: tuple[str, ...]
    digest: str = ""
    state: str = "open"

    def to_json(self) -> dict[str, Any]:
        """As JSON; `from_json` gives the same back."""
        return {
            "id": self.id,
            "case": self.case,
            "recipe": str(self.recipe),
            "fingerprints": list(self.fingerprints),
            "digest": self.digest,
            "state": self.state,
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
        )


def status_of(known: Known, tries: Sequence[Result]) -> Status | None:
    """What the calls say, or None where another one is to be made.

    Args:
        known: the finding.
        tries: what came of its calls so far, in order.
    """
    made = [each.verdict for each in tries if each.verdict is not None]
    if len(made) < len(tries) or any(each.outcome is Outcome.VOID for each in made):
        return Status.ERROR
    if known.digest and any(each.digest and each.digest != known.digest for each in tries):
        return Status.OTHER_BYTES
    failures = [each for each in made if each.failure]
    if len(tries) < TRIES or (0 < len(failures) < len(tries) and len(tries) < MOST_TRIES):
        return None
    if not failures:
        return Status.FIXED
    if len(failures) < len(tries):
        return Status.FLAKY
    return Status.FAILS if all(each.fingerprint in known.fingerprints for each in failures) else Status.CHANGED
