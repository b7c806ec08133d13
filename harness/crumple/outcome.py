"""How one call ended: what the adapter saw, what the judge said of it, and the outcome of the two."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from crumple.truth import Json


class Outcome(enum.StrEnum):
    """How one call ended; design words, see the README's table."""

    RIGHT = "right"
    REFUSED = "refused"
    WRONG = "wrong"
    CRASHED = "crashed"
    HUNG = "hung"
    EXHAUSTED = "exhausted"
    VOID = "void"


class Ending(enum.StrEnum):
    """How a call ended as an adapter sees it, before anybody has judged the answer."""

    ANSWERED = "answered"
    REFUSED = "refused"
    PARTIAL = "partial"
    """It refused or crashed, and has left values behind all the same."""
    CRASHED = "crashed"
    HUNG = "hung"
    EXHAUSTED = "exhausted"
    VOID = "void"


ALONE: Final = "answered alone"
"""The figure of a call that came to nothing together with others, and was answered when it was sent again alone."""

IN_COMPANY: Final = "in company"
"""The figure of a call that came to nothing together with others' that its lane cannot hold back: no result yet."""

VALID: Final = "valid"
"""The figure of a verdict that says whether the answer keeps to the JSON schema: 1 or 0; absent without an answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an adapter brings back from one call.

    Attributes:
        ending: how the call ended.
        answer: what the system returned or left behind, as JSON or bytes; None unless it did.
        cause: for anything but an answer, one short line: "ValueError: no total", "signal SIGSEGV",
            "exit code 3", "no answer within 30 s", "over 2 GiB of memory".
        kind: what failures of one cause have in common, without the details that differ from
            document to document: "ValueError at invoices.py:extract: float(text)", "signal SIGSEGV".
        detail: longer text for a person: the traceback's last frames, the end of the output.
        seconds: how long the call took, loading the system excluded.
        cost: the money that all attempts took together; None: what is configured for a call.
        attempts: how often the system was asked, retries included; each costs.
        figures: further measures, such as {"tokens in": 812}; reports tabulate their means.
        suspect: of a void ending: it may be an outage, or this very document's doing. A clean control tells.
        blame: the bucket where the document turns out to have done it; "": it kills the service.
        no_test: why the call was made and is no test of its recipe, which is known only now; then it is a skip.
        excuse: what else failed meanwhile, that the system depends on; unless the answer is right, the call is void.
    """

    ending: Ending
    answer: Json | bytes = None
    cause: str = ""
    kind: str = ""
    detail: str = ""
    seconds: float = 0.0
    cost: float | None = None
    attempts: int = 1
    figures: Mapping[str, float] = field(default_factory=dict)
    suspect: bool = False
    blame: str = ""
    no_test: str = ""
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of one answer.

    Attributes:
        score: in [0, 1]; 1 is wholly right.
        wrong: JSON pointers of the fields with a wrong value ("" for an answer without fields).
        abstained: JSON pointers of the fields that are null or missing in the answer.
        figures: further measures that reports may tabulate, such as {"cer": 0.02}.
        labels: of a classification, the right label and the one that was given, for the confusion table.
    """

    score: float
    wrong: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    labels: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one call, with whether it counts as a failure and why.

    Attributes:
        outcome: how it ended.
        failure: whether it counts; a refusal where refusing is acceptable does not, nor does void.
        score: the judge's score; 0 where there was no answer to judge.
        wrong, abstained, figures, labels: as in `Judgement`.
        fingerprint: what failures with one cause share; "" where nothing failed.
    """

    outcome: Outcome
    failure: bool
    score: float = 0.0
    wrong: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()
    fingerprint: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    labels: tuple[str, str] | None = None

    @property
    def silent(self) -> bool:
        """Whether it is a failure that nobody would notice: an answer, no complaint, and wrong."""
        return self.outcome is Outcome.WRONG
