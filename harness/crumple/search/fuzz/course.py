"""The course of a search: known findings first, then rounds that explore, and minimise what they meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crumple.case import Entry
from crumple.events import CleanEnded, Discovered, Discovery, Event, RoundEnded
from crumple.findings.status import Known, Status
from crumple.outcome import Outcome
from crumple.plan import Plan, Trial, Turn, draws
from crumple.recipe import Recipe
from crumple.result import Result
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.causes import same_cause
from crumple.search.fuzz.discoveries import CUT, Discoveries
from crumple.search.fuzz.errands import Errands
from crumple.search.fuzz.exploring import Drawn, Explorer
from crumple.search.fuzz.minimised import Minimised
from crumple.search.fuzz.minimising import CAP, minimising
from crumple.search.fuzz.replaying import Replaying
from crumple.targets import Target

_LAG = 1
_EXPLORING = 4
"""At least one call in so many of a round explores, however much there is to be made smaller."""
_ABREAST = 2
"""At most so many discoveries are made smaller at a time for each call of a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search is to do; part of what a run is.

    Attributes:
        width: how many calls a round has.
        quiet: it ends when the chance that the next call shows a new kind of failure is at most this, for certain
            as a 95 % interval is; None: budgets end it.
        cap: how many calls minimising one finding may take.
        explores: whether it goes on after the known findings were called again; those that are fixed or accepted are
            called only where it does not.
    """

    width: int = 4
    quiet: float | None = None
    cap: int = CAP
    explores: bool = True


_LEAST_ANEW = 8
"""With fewer calls left of its cap a discovery is not made smaller in another way."""

_Errand: TypeAlias = "Drawn | Known | int"
"""What a call is for: to explore, to see how a finding stands, or to make the discovery of a number smaller."""


class Fuzzing:
    """A `Course`."""

    def __init__(self, plan: Plan, search: Search | None = None) -> None:
        """Search by the plan's seed."""
        self._plan = plan
        self._search = search or Search()
        self._known: Sequence[Known] = ()
        self._number = 0
        self._over = ""
        self._entries: Mapping[str, Entry] = {}
        self._explorer: Explorer | None = None
        self._replaying: Replaying | None = None
        self._errands = Errands(_ABREAST * self._search.width, self._begun)
        self._discoveries = Discoveries(())
        self._out: dict[tuple[int, str], _Errand] = {}
        self._untold: list[Event] = []
        self._anew: dict[int, Result] = {}  # what discoveries are made smaller from in place of what they were met by
        self._rest: set[str] = set()  # failures that were put down to a second cause: one is looked for, and no third

    def know(self, known: Sequence[Known]) -> None:
        """Take what was found before; before the course begins."""
        self._known = known

    @property
    def lag(self) -> int | None:
        """A round may be out beyond the one that is drawn, so that lanes need not wait for its last call.

        Where nothing is explored there may be nothing to fill such a round with.
        """
        return _LAG if self._search.explores else 0

    @property
    def gives_up(self) -> bool:
        """Skips cost nothing, and what is skipped everywhere is nothing to search with."""
        return False

    @property
    def over(self) -> str:
        """Why nothing follows; "" while there is more to do."""
        return self._over

    @property
    def asked(self) -> str:
        """What is searched for."""
        search = self._search
        return f"fuzz {search.width} {search.quiet} {search.cap} {search.explores}"

    @property
    def found(self) -> Sequence[Discovery]:
        """What it has found so far."""
        return self._discoveries.all

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what there is to search in."""
        explores = self._search.explores
        entries = [each for each in clean.population if each.id in clean.passed]
        self._entries = {each.id: each for each in entries}
        called = [each for each in self._known if each.state == "open" or not explores]
        self._replaying = Replaying(called, self._plan.registry, clean)
        self._discoveries = Discoveries(self._known)
        if explores:
            self._explorer = Explorer(self._plan.registry, targets, entries, draws(self._plan.seed, 1))

    def following(self) -> Sequence[Turn]:
        """The next round."""
        turns: list[Turn] = []
        if not self._over:
            turns = self._replays()
            turns += self._smaller(self._search.width - len(turns))
            turns += self._exploring(self._search.width - len(turns))
            self._number += 1
        if not turns and not self._over:
            self._over = "" if self._search.explores else "replayed"
        return turns

    def _replays(self) -> list[Turn]:
        """Findings that are not called often enough yet."""
        assert self._replaying is not None
        known = self._replaying.next(self._search.width)
        return [self._trial(at, each.case, each.recipe, each) for at, each in enumerate(known)]

    def _smaller(self, room: int) -> list[Turn]:
        """Calls that make smaller what was met."""
        width = self._search.width
        first = width - room
        asks = self._errands.next(max(0, room - max(1, width // _EXPLORING)))
        return [
            self._trial(first + at, ask.case, ask.recipe, number, counts=ask.counts)
            for at, (number, ask) in enumerate(asks)
        ]

    def _exploring(self, room: int) -> list[Turn]:
        """Calls that look for what was not met yet."""
        if self._explorer is None or room <= 0:
            return []
        first = self._search.width - room
        drawn = self._explorer.draw(room)
        return [self._trial(first + at, each.case, each.recipe, each, fitting=True) for at, each in enumerate(drawn)]

    def _trial(
        self, name: int, case: str, recipe: Recipe, errand: _Errand, *, fitting: bool = False, counts: bool = False
    ) -> Trial:
        if isinstance(errand, Drawn):
            level = errand.level
        else:
            level = max((self._plan.registry.get(step.mutator).level_of(step) for step in recipe.steps), default=0.0)
        self._out[self._number, str(name)] = errand
        return Trial(self._number, str(name), case, recipe, level, fitting, counts)

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take the answers in, in the order of their names."""
        assert self._replaying is not None
        events, self._untold = self._untold, []
        for result in sorted(ended.results, key=lambda each: int(each.work.key.split("/")[1])):
            errand = self._out.pop((ended.number, result.work.key.split("/")[1]))
            match errand:
                case Drawn():
                    events += self._explored(errand, result)
                case int():
                    events += self._goes_on(errand, result)
                case Known():
                    self._replaying.take(errand, result)
        events += self._replayed()
        return [*events, *self._so_far()] if self._search.explores else events

    def _replayed(self) -> Iterable[Event]:
        """What is known now of findings; one that fails otherwise may be news."""
        assert self._replaying is not None
        known = {each.id: each for each in self._known}
        events: list[Event] = []
        for told in self._replaying.told():
            events.append(told)
            if self._explorer is not None and told.status in {Status.FAILS, Status.CHANGED, Status.FLAKY}:
                met = self._discoveries.replayed(known[told.finding], told.results)
                events += [] if met is None else [Discovered(met)]
                failures = [each for each in told.results if each.verdict is not None and each.verdict.failure]
                self._explorer.learned(failures[-1], failures[-1])
                if told.status == Status.CHANGED or not known[told.finding].small:
                    events += self._is_met(*self._discoveries.met(failures[-1], exploring=False))
        return events

    def _explored(self, drawn: Drawn, result: Result) -> list[Event]:
        assert self._explorer is not None
        verdict = result.verdict
        if verdict is None or verdict.outcome is Outcome.VOID:
            self._explorer.skipped(drawn)
            return []
        self._discoveries.called()
        if not verdict.failure:
            self._explorer.passed(drawn, result)
            return []
        found, new = self._discoveries.met(result, exploring=True)
        self._explorer.failed(drawn, result, new=new)
        return self._is_met(found, new)

    def _is_met(self, found: Discovery | None, new: bool) -> list[Event]:
        """A failure was put down to its cause, which is to be made smaller where it is news."""
        if found is None:
            return []
        if new and found.state == "met":
            self._errands.add(found.number)
        self._shorten(found.number)
        return [Discovered(found), *map(Discovered, self._discoveries.joined(found.number))]

    def _shorten(self, number: int) -> None:
        """What takes several steps as it was met is made smaller anew from a failure by one, with what is left."""
        left = self._search.cap - self._discoveries[number].calls
        if left >= _LEAST_ANEW and (failure := self._discoveries.shorter(number)) is not None:
            self._anew[number] = failure
            self._errands.add(number)

    def _begun(self, number: int) -> Asking[Minimised] | None:
        """Begin to make a discovery smaller, unless what was found since accounts for it."""
        if (failure := self._anew.pop(number, None)) is not None:
            left = self._search.cap - self._discoveries[number].calls
            doubtful = self._discoveries.are_doubtful
            return minimising(failure, self._plan.registry.mutators, (), left, frozenset(), doubtful=doubtful)
        accounted = self._discoveries.accounted(number)
        if accounted is not None:
            self._untold.append(Discovered(accounted))
            return None
        found = self._discoveries[number]
        own = self._entries[found.first.work.case]
        parts = {step.part for step in found.first.work.recipe.steps}
        simpler = [
            each
            for each in self._entries.values()
            if 0 < each.size < own.size
            and each.media_type == own.media_type
            and parts <= {name for name, _ in each.documents} | {""}
        ]
        others = [each.id for each in sorted(simpler, key=lambda each: (each.size, each.id))]
        news = self._discoveries.news(number)
        doubtful = self._discoveries.are_doubtful
        left = max(1, self._search.cap - found.calls)
        return minimising(found.first, self._plan.registry.mutators, others, left, news, doubtful=doubtful)

    def _goes_on(self, number: int, result: Result) -> list[Event]:
        """One more call was made to make a discovery smaller."""
        if not self._errands.is_open(number):
            return []
        events: list[Event] = [Discovered(self._discoveries.asked(number))]
        done = self._errands.take(number, result)
        return events if done is None else self._is_small(number, done)

    def _is_small(self, number: int, done: Minimised) -> list[Event]:
        """A discovery is as small as it gets: what else was met on the way, and whether it is anything of its own."""
        assert self._explorer is not None
        found = self._discoveries.done(number, done)
        self._explorer.learned(found.first, found.example)
        events: list[Event] = []
        others: dict[int, None] = {}
        for other in done.others:
            if other.verdict is not None and other.verdict.failure:
                met, _ = told = self._discoveries.met(other, exploring=False)
                events += self._is_met(*told)
                others |= {} if met is None else {met.number: None}
                self._explorer.learned(other, other)
        events += map(Discovered, self._discoveries.settle(number, list(others)))
        first = found.first.work.key
        if (
            found.state == "minimised"
            and first not in self._rest
            and same_cause(found.first, self._discoveries.all) is None
        ):
            # Its smallest example no longer shows all that the first one did: the rest may have another cause.
            self._rest.add(first)
            events += self._is_met(*self._discoveries.met(found.first, exploring=False))
        self._shorten(number)
        return events

    def _so_far(self) -> list[Event]:
        explored = self._discoveries.explored(len(self._errands))
        if self._search.quiet is not None and self._discoveries.is_quiet(self._search.quiet):
            assert self._replaying is not None
            if not self._errands and self._replaying.done:
                self._over = "quiet"
        return [explored]

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """A failure is one, whatever becomes of its round."""
        return self.told(ended)

    def ended(self) -> Sequence[Event]:
        """Everything was told."""
        assert self._replaying is not None
        events: list[Event] = [*self._untold, *self._replayed(), *self._replaying.ended()]
        while self._errands:
            for number, done in self._errands.end(CUT):
                cut = [Discovered(self._discoveries.cut(number))] if done is None else self._is_small(number, done)
                events += cut
        return [*events, *map(Discovered, self._discoveries.full())]
