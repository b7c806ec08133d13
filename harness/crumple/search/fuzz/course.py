"""The course of a search: known findings first, then rounds that explore, and minimise what they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crumple.events import CleanEnded, Discovered, Discovery, Event, Explored, Replayed, RoundEnded
from crumple.findings.status import Known, Status, status_of
from crumple.outcome import Outcome
from crumple.plan import Plan, Target, Trial, Turn, draws
from crumple.recipe import Recipe
from crumple.result import Result
from crumple.search.fuzz.asking import Ask, Asking
from crumple.search.fuzz.causes import same_cause
from crumple.search.fuzz.exploring import Drawn, Explorer
from crumple.search.fuzz.minimising import CAP, Minimised, minimising
from crumple.statistics.species import chance_of_new

_LAG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search is to do; part of what a run is.

    Attributes:
        width: how many calls a round has.
        quiet: it ends when the chance that the next call shows a new kind of failure is at most this, for certain
            as a 95 % interval is; None: budgets end it.
        cap: how many calls minimising one finding may take.
        explores: whether it goes on after the known findings were called again.
    """

    width: int = 4
    quiet: float | None = None
    cap: int = CAP
    explores: bool = True


class Fuzzing:
    """A `Course`."""

    def __init__(self, plan: Plan, search: Search | None = None) -> None:
        """Search by the plan's seed."""
        self._plan = plan
        self._search = search or Search()
        self._known: Sequence[Known] = ()
        self._number = 0
        self._over = ""
        self._explorer: Explorer | None = None
        self._cases: dict[str, str] = {}
        self._tries: dict[str, list[Result]] = {}
        self._statuses: dict[str, Status] = {}
        self._errands: dict[str, tuple[int, Asking[Minimised]]] = {}
        self._asked: dict[int, Ask] = {}
        self._open: dict[int, Asking[Minimised]] = {}
        self._discoveries: list[Discovery] = []
        self._calls = 0
        self._out: dict[tuple[int, str], Drawn | Known | int] = {}

    def know(self, known: Sequence[Known]) -> None:
        """Take what was found before; before the course begins."""
        self._known = known

    @property
    def lag(self) -> int | None:
        """A round may be out beyond the one that is drawn, so that lanes need not wait for its last call."""
        return _LAG

    @property
    def over(self) -> str:
        """Why nothing follows; "" while there is more to do."""
        return self._over

    @property
    def asked(self) -> str:
        """What is searched for."""
        search = self._search
        return f"fuzz {search.width} {search.quiet} {search.cap} {search.explores}"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what there is to search in."""
        entries = [each for each in clean.population if each.id in clean.passed]
        self._cases = {each.id: each.media_type for each in entries}
        self._explorer = Explorer(self._plan, targets, entries)
        for each in self._known:
            self._tries[each.id] = []

    def following(self) -> Sequence[Turn]:
        """The next round."""
        if self._over:
            return ()
        turns = self._replays() or self._exploring()
        self._number += 1
        return turns

    def _replays(self) -> list[Turn]:
        """Findings that are not called often enough yet."""
        return []

    def _exploring(self) -> list[Turn]:
        """Calls that minimise what was met, and calls that explore."""
        assert self._explorer is not None
        rng = draws(self._plan.seed, self._number + 1)
        turns: list[Turn] = []
        for number, ask in self._asked.items():
            turns.append(self._trial(f"{len(turns)}", ask.case, ask.recipe, counts=ask.counts))
            self._out[self._number, turns[-1].name] = number
        self._asked = {}
        while len(turns) < self._search.width:
            drawn = self._explorer.draw(rng)
            turns.append(self._trial(f"{len(turns)}", drawn.case, drawn.recipe, fitting=True))
            self._out[self._number, turns[-1].name] = drawn
        return turns

    def _trial(self, name: str, case: str, recipe: Recipe, *, fitting: bool = False, counts: bool = False) -> Trial:
        level = max((self._plan.registry.get(step.mutator).level_of(step) for step in recipe.steps), default=0.0)
        return Trial(self._number, name, case, recipe, level, fitting, counts)

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take the answers in, in the order of their names."""
        events: list[Event] = []
        for result in sorted(ended.results, key=lambda each: int(each.work.key.split("/")[1])):
            errand = self._out.pop((ended.number, result.work.key.split("/")[1]))
            match errand:
                case Drawn():
                    events += self._explored(errand, result)
                case int():
                    events += self._goes_on(errand, result)
                case Known():
                    self._tries[errand.id].append(result)
        return [*events, self._explored_so_far()]

    def _explored(self, drawn: Drawn, result: Result) -> list[Event]:
        assert self._explorer is not None
        if result.verdict is None or result.verdict.outcome is Outcome.VOID:
            return []
        self._calls += 1
        if not result.verdict.failure:
            self._explorer.told(drawn, result, new=False)
            return []
        met = same_cause(result, self._discoveries)
        self._explorer.told(drawn, result, new=met is None)
        if met is not None:
            self._discoveries[met.number] = replace(met, count=met.count + 1)
            return [Discovered(self._discoveries[met.number])]
        number = len(self._discoveries)
        mark = (result.verdict.fingerprint,)
        found = Discovery(
            number=number, state="met", fingerprints=mark, first=result, example=result, met_after=self._calls
        )
        self._discoveries.append(found)
        asking = minimising(result, self._plan.registry.mutators, list(self._cases), self._search.cap)
        self._open[number] = asking
        self._asked[number] = next(asking)
        return [Discovered(found)]

    def _goes_on(self, number: int, result: Result) -> list[Event]:
        found = self._discoveries[number]
        try:
            self._asked[number] = self._open[number].send(result)
            found = replace(found, state="minimising", calls=found.calls + 1)
        except StopIteration as end:
            done: Minimised = end.value
            del self._open[number]
            found = replace(
                found,
                state=done.state,
                example=done.example,
                tries=done.tries,
                failed=done.failed,
                calls=found.calls + 1,
                why=done.why,
            )
        self._discoveries[number] = found
        return [Discovered(found)]

    def _explored_so_far(self) -> Explored:
        once = sum(each.count == 1 for each in self._discoveries)
        chance, low, high = chance_of_new(self._calls, once)
        quiet = self._search.quiet
        if quiet is not None and high <= quiet and not self._open:
            self._over = "quiet"
        return Explored(self._calls, len(self._discoveries), once, chance, low, high, len(self._open))

    def ended(self) -> Sequence[Event]:
        """Everything was told."""
        statuses = [(each, status_of(each, self._tries[each.id]) or Status.ERROR) for each in self._known]
        return [Replayed(each.id, status, self._tries[each.id]) for each, status in statuses if self._tries[each.id]]
