"""What travels to a lane and what comes back: recipes out, small results in."""

from __future__ import annotations

from dataclasses import dataclass

from crumple.outcome import Verdict
from crumple.recipe import Recipe
from crumple.truth import ABSENT, Truth


@dataclass(frozen=True, slots=True)
class Work:
    """One call to make.

    Attributes:
        id: unique within a run of the program; results carry it back.
        case: the case's id.
        recipe: how its document is degraded; without steps it is the clean call.
        level: the level that it stands for in the tables; 0 for a clean call.
        mutator: whose rate it counts in; "" for a clean call, and for a trial of a whole recipe, which is in no rate.
        key: unique within a run, and the same whenever the run is made again: "clean/CASE/0",
            "control/MUTATOR/CASE/PART/0", "ROUND/MUTATOR/CANDIDATE/REPEAT", "ROUND/TRIAL/0/0", "again/" and the key of
            a failure.
        round: the round's number; -1 before the rounds, and for what is in none.
        pass_mark: the score from which on the answer is right.
        known_wrong: the fields that are wrong on the clean document already, where the mark is the clean score.
        fitting: whether steps that cannot act on the document are left out, rather than all of it skipped; then the
            result's work has the recipe that was carried out.
        counts: whether the changes that each step makes are counted, for `Result.changes`.
        unstable: fields of the answer that are set aside, because clean answers of such a case differ in them.
        stand_in: for a case without truth, what the system itself says of the clean document; a clean call
            of such a case has none yet, is not judged, and brings its whole answer back.
    """

    id: int
    case: str
    recipe: Recipe = Recipe()
    level: float = 0.0
    mutator: str = ""
    key: str = ""
    round: int = -1
    pass_mark: float = 1.0
    stand_in: Truth = ABSENT
    known_wrong: frozenset[str] = frozenset()
    unstable: tuple[str, ...] = ()
    fitting: bool = False
    counts: bool = False

    @property
    def replay(self) -> str:
        """The line that `crumple replay` takes: "case > recipe"."""
        return f"{self.case} > {self.recipe}" if self.recipe.steps else self.case


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one `Work`.

    Attributes:
        work: what was asked for.
        verdict: how it ended, or None where the call was not made.
        skipped: why it was not made: the recipe does not apply to this case.
        cause: for anything but a judged answer, one short line.
        detail: the traceback's last frames or the end of the output, at most a few KB.
        expected, answer: short text of both, kept for failures only.
        seconds: how long the call took.
        digest: hash of the degraded document.
        value: the whole answer, only of a clean call of a case without truth.
        cost: the money that it took, all attempts and controls together.
        changes: how many changes each step of the recipe made that `only` can tell apart, 0 where it cannot; () unless
            the work asked for it.
        attempts: how often the system was asked, retries and controls included; 0 where the call was not made.
    """

    work: Work
    verdict: Verdict | None
    skipped: str = ""
    cause: str = ""
    detail: str = ""
    expected: str = ""
    answer: str = ""
    seconds: float = 0.0
    digest: str = ""
    value: Truth = ABSENT
    cost: float = 0.0
    attempts: int = 0
    changes: tuple[int, ...] = ()

    @property
    def made(self) -> bool:
        """Whether the system was called; also where it then turned out that the call was no test."""
        return not self.skipped or self.attempts > 0


def simplest(result: Result) -> tuple[float, str, str]:
    """The order in which examples of one thing are preferred: the lowest level first."""
    return result.work.level, result.work.case, str(result.work.recipe)
