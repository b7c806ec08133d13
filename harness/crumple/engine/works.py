"""From what is to be tried to work for lanes: numbered, keyed, and held to what its case's clean document came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crumple.case import Entry
from crumple.clean import Standard, clean_calls
from crumple.events import RoundEnded
from crumple.mutation.mutator import Mutator
from crumple.plan import Plan, Turn, Visit
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.targets import Target
from crumple.truth import ABSENT


class Works:
    """Makes works; each has a number of its own in this session, and a key that is the same in every one.

    Attributes:
        standards: what degraded documents are held to, by the case.
    """

    def __init__(self, plan: Plan) -> None:
        """For one session of a run."""
        self._plan = plan
        self._count = 0
        self.standards: dict[str, Standard] = {}
        self._alike: dict[tuple[float, frozenset[str], tuple[str, ...]], Standard] = {}

    def hold(self, case: str, standard: Standard) -> None:
        """Hold a case's degraded answers to a standard; most cases have the same one."""
        if standard.stand_in is ABSENT:
            said = standard.pass_mark, standard.known_wrong, standard.unstable
            standard = self._alike.setdefault(said, standard)
        self.standards[case] = standard

    def clean(self, entry: Entry) -> Iterator[Work]:
        """The calls of a case's clean document."""
        for number in range(clean_calls(entry, self._plan.repeat)):
            yield Work(self.number(), entry.id, key=f"clean/{entry.id}/{number}", pass_mark=self._plan.pass_mark or 0.0)

    def control(self, control: Mutator, target: Target) -> Work:
        """The round trip of a document."""
        return self._degraded(
            target, control, control.level, 0, f"control/{control.name}/{target.case}/{target.part}/0"
        )

    def turn(self, turn: Turn, attempt: int) -> Work:
        """A turn at one of its documents."""
        key = f"{turn.round}/{turn.name}/{attempt}/0"
        if isinstance(turn, Visit):
            target, seed = turn.candidates[attempt]
            return self._degraded(target, turn.mutator, turn.level, seed, key, turn.round)
        work = Work(
            self.number(),
            turn.case,
            turn.recipe,
            turn.level,
            key=key,
            round=turn.round,
            fitting=turn.fitting,
            counts=turn.counts,
        )
        return self.standards[turn.case].work(work)

    def held(self, ended: RoundEnded) -> RoundEnded:
        """A round of an earlier session, with what stood in for the truth of its cases; that is stored but once."""
        return replace(ended, results=[self._held(each) for each in ended.results])

    def _held(self, result: Result) -> Result:
        standard = self.standards.get(result.work.case)
        if standard is None or standard.stand_in is ABSENT:
            return result
        return replace(result, work=standard.work(result.work))

    def repeats(self, result: Result) -> list[Work]:
        """The further calls of a work that was carried out for the first time."""
        stem, _, number = result.work.key.rpartition("/")
        if result.skipped or number != "0":
            return []
        return [
            replace(result.work, id=self.number(), key=f"{stem}/{repeat}") for repeat in range(1, self._plan.repeat)
        ]

    def again(self, work: Work) -> Work:
        """A failure's second try, held to what its case's clean document came to in this session."""
        second = replace(work, id=self.number(), key=f"again/{work.key}", round=-1)
        return self.standards[work.case].work(second)

    def number(self) -> int:
        """The next free one."""
        self._count += 1
        return self._count

    def _degraded(self, target: Target, mutator: Mutator, level: float, seed: int, key: str, number: int = -1) -> Work:
        recipe = Recipe((mutator.step(level, seed, part=target.part),))
        work = Work(self.number(), target.case, recipe, level, mutator.name, key, number)
        return self.standards[target.case].work(work)
