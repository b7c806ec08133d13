"""What is kept of a finding: all that a developer must know who was not there. Frozen, no I/O."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from crumple.findings.status import Known, Status
from crumple.findings.typed_json import MisfitError, made, plain
from crumple.plain_text import quoted
from crumple.recipe import Recipe, Step

SCHEMA = 1
COMBINATION = "combination"
_ID_BYTES = 4

State: TypeAlias = Literal["open", "fixed", "accepted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSaid:
    """One step of the recipe in words, as its mutator had it when the finding was written.

    Attributes:
        mutator: its name.
        does: the first sentence of what it says of itself.
        parameter, value, unit: its main parameter; "" and None where it has none.
        level: what that amounts to; None where it cannot be told.
        only: which of its changes are kept; "": all.
        part: what it acts on inside the case; "": the document itself.
        version: the mutator's.
    """

    mutator: str
    does: str = ""
    parameter: str = ""
    value: bool | int | float | str | None = None
    unit: str = ""
    level: float | None = None
    only: str = ""
    part: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of a finding.

    Attributes:
        digest: BLAKE2b-128 of its bytes; "" where it could not be had.
        file: its name in the finding's folder; "" where it is not there.
        bytes: how many.
        media_type: what it is.
    """

    digest: str = ""
    file: str = ""
    bytes: int = 0
    media_type: str = ""


NO_PAPER = Paper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the failure was seen with: versions of crumple, of its libraries and mutators, and of the system."""

    crumple: str = ""
    python: str = ""
    platform: str = ""
    system: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)


UNKNOWN = Environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When it was met, and in which run ("" in a replay, which is no run); `count`: how often in that run."""

    date: dt.date
    run: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimising:
    """How it was made small; the attributes are those of `crumple.events.Discovery`, `bounds` in words."""

    state: str
    calls: int = 0
    tries: int = 1
    failed: int = 1
    why: str = ""
    met_by: str = ""
    bounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Why nothing is done about it, who says so, and until when."""

    reason: str
    by: str
    until: dt.date
    when: dt.date
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A state that it came into."""

    state: State
    when: dt.date
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """What the last replay said; `fingerprint` is that of another failure, where it has changed."""

    status: str
    when: dt.date
    tries: int = 0
    failed: int = 0
    why: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Failures with one cause.

    Attributes:
        id: its folder's name, "category-short id".
        state: "open", "fixed" or "accepted"; ask `stands`, for an acceptance ends.
        case, recipe: what makes its document again.
        steps: the recipe in words.
        fingerprints: as `Known` has them; the first is the one that it was met by.
        shows: the fingerprint of this very recipe's failure; "": the first.
        outcome: how the call ended.
        score: the judge's, in [0, 1].
        wrong, abstained: fields that went wrong, or were left out.
        cause, frames, detail: what the system said, where in its code, and all of it, as far as it may be kept.
        expected, answer: short texts of both, as far as they may be kept.
        stand_in: whether the system's own clean answer stands in for the truth.
        clean, degraded: the documents.
        difference: what differs between them, where they are text and may be kept.
        kept: what of the documents is in the folder, and why not all.
        environment: see there.
        first_seen, last_seen: when it was met, or failed again.
        seen: how often, in all runs.
        minimised: how it was made small.
        accepted: see there; None where nobody has.
        replayed: what the last replay said; None where there was none.
        history: its states, in order.
        config: the configuration's file name, where it is not the one that is found by itself.
        schema: of this JSON.
    """

    id: str
    state: State = "open"
    case: str
    recipe: Recipe
    steps: tuple[StepSaid, ...] = ()
    fingerprints: tuple[str, ...]
    shows: str = ""
    outcome: str
    score: float = 0.0
    wrong: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()
    cause: str = ""
    frames: tuple[str, ...] = ()
    detail: str = ""
    expected: str = ""
    answer: str = ""
    stand_in: bool = False
    clean: Paper = NO_PAPER
    degraded: Paper = NO_PAPER
    difference: tuple[str, ...] = ()
    kept: str = ""
    environment: Environment = UNKNOWN
    first_seen: Seen
    last_seen: Seen
    seen: int = 1
    minimised: Minimising
    accepted: Acceptance | None = None
    replayed: Replaying | None = None
    history: tuple[Change, ...] = ()
    config: str = ""
    schema: int = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """As JSON; `from_json` gives the same back."""
        found: dict[str, Any] = plain(self)
        return found

    @classmethod
    def from_json(cls, data: object) -> Finding:
        """What `to_json` was made of.

        Raises:
            MisfitError: it is of a newer schema, or something in it is not as it should be.
        """
        schema = data.get("schema") if isinstance(data, Mapping) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise MisfitError(("schema",), f"schema {schema} is newer than this crumple, which reads up to {SCHEMA}")
        if schema != SCHEMA:
            raise MisfitError(("schema",) if schema is not None else (), f"must have schema = {SCHEMA}")
        found = made(cls, data)
        if not found.recipe.steps or not found.fingerprints:
            raise MisfitError(("recipe" if not found.recipe.steps else "fingerprints",), "must not be empty")
        if found.state == "accepted" and found.accepted is None:
            raise MisfitError(("state",), "is accepted, but `accepted` does not say why, by whom and until when")
        for name, paper in (("clean", found.clean), ("degraded", found.degraded)):
            if paper.file and not re.fullmatch(rf"{name}\.[A-Za-z0-9]{{1,8}}", paper.file):
                raise MisfitError((name, "file"), f"must be a name such as {name}.pdf, not {paper.file!r}")
        return found

    @property
    def category(self) -> str:
        """What it is listed under."""
        return self.id.partition("-")[0]

    @property
    def small(self) -> bool:
        """Whether it was made as small as it gets, or tried to be; an interrupted run leaves some that were not."""
        return self.minimised.state not in {"met", "minimising", "not minimised"}

    def stands(self, today: dt.date) -> State:
        """Its state on a day: an acceptance that is over leaves it open."""
        over = self.state == "accepted" and self.accepted is not None and self.accepted.until < today
        return "open" if over else self.state

    def known(self, today: dt.date) -> Known:
        """What a search must know of it."""
        tries, failed = self.minimised.tries, self.minimised.failed
        last = self.replayed
        if last is not None and last.status == Status.FLAKY and last.failed * tries < failed * last.tries:
            tries, failed = last.tries, last.failed  # it fails less often than it had seemed
        return Known(
            self.id,
            self.case,
            self.recipe,
            self.fingerprints,
            self.degraded.digest,
            self.stands(today),
            tries,
            failed,
            self.small,
        )

    def become(self, state: State, today: dt.date, why: str) -> Finding:
        """The same in another state; its history tells."""
        if state == self.state:
            return self
        accepted = self.accepted if state == "accepted" else None
        return replace(
            self, state=state, accepted=accepted, history=(*self.history, Change(state=state, when=today, why=why))
        )

    def replay(self) -> str:
        """The command that calls it again."""
        return f"crumple replay {quoted(self.id)}" + (f" --config {quoted(self.config)}" if self.config else "")


def category_of(steps: Sequence[Step]) -> str:
    """What a recipe's finding is listed under."""
    categories = {step.mutator.partition(".")[0] for step in steps}
    return categories.pop() if len(categories) == 1 else COMBINATION


def id_of(fingerprint: str, recipe: Recipe) -> str:
    """A finding's id: its category, and a digest of what it was first met by and the mutators that it takes."""
    said = json.dumps([fingerprint, sorted({step.mutator for step in recipe.steps})], ensure_ascii=True)
    return f"{category_of(recipe.steps)}-{hashlib.blake2b(said.encode(), digest_size=_ID_BYTES).hexdigest()}"
