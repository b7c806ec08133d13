"""The course of a search: what is called when, what is told of it, and that it is the same whenever gone through."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from crumple.case import Entry
from crumple.engine import run
from crumple.errors import Enough
from crumple.events import CallEnded, Discovered, Discovery, Ended, Event, Explored, Replayed, RoundEnded
from crumple.findings.status import Known
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search
from crumple.search.fuzz.discoveries import MOST
from crumple.truth import ABSENT
from crumple.views.text import Text
from engine_scripts import C, Listed, Scripted, registry, scripted_mutator

CATEGORIES = ("encoding", "text", "language", "format", "truncation")
MUTATORS = [scripted_mutator(f"{category}.m{n}", Text) for category in CATEGORIES for n in range(6)]
CRASH = "crashed ValueError at reader.py:total: float(text)"
OTHER = "crashed KeyError at reader.py:lines: row[2]"


class Said(Scripted):
    """An executor whose failures are fingerprints; it keeps a count of rounds that are out."""

    def _result(self, work: Work) -> Result:
        said = self.script(work)
        if isinstance(said, Outcome) and said is not Outcome.WRONG:
            return Result(work, Verdict(said, failure=False, score=float(said is Outcome.RIGHT)), attempts=1)
        if said.startswith("skip "):
            return Result(work, None, skipped=said.removeprefix("skip "))
        outcome = Outcome(said.partition(" ")[0])
        return Result(work, Verdict(outcome, failure=True, fingerprint=said), cause=said, attempts=1)


def corpus(count: int = 4) -> Listed:
    return Listed(tuple(Entry(f"{n}.txt", "text/plain", f"{n}", True) for n in range(count)))


def plan(calls: int = 120, seed: int = 0, mutators: Sequence[object] = MUTATORS, width: int = 4) -> Plan:
    return Plan(corpus(), registry(*mutators), seed=seed, calls=calls, round_size=width, again=False)


def fails_on(*names: str, mark: str = CRASH) -> Callable[[Work], Outcome | str]:
    return lambda work: mark if {step.mutator for step in work.recipe.steps} & set(names) else Outcome.RIGHT


@dataclass
class Searched:
    """What came of a search."""

    events: list[Event]
    executor: Scripted

    def all(self, kind: type) -> list:  # type: ignore[type-arg]  # of that kind
        return [each for each in self.events if isinstance(each, kind)]

    @property
    def discoveries(self) -> dict[int, Discovery]:
        return {each.discovery.number: each.discovery for each in self.all(Discovered)}

    @property
    def rounds(self) -> list[RoundEnded]:
        return self.all(RoundEnded)

    @property
    def exploring(self) -> list[Work]:
        return [work for work in self.executor.seen if work.fitting]


def searched(
    script: Callable[[Work], Outcome | str] = lambda work: Outcome.RIGHT,
    *,
    known: Sequence[Known] = (),
    search: Search | None = None,
    of: Plan | None = None,
    past: Done | None = None,
    room: int = 7,
) -> Searched:
    of = of or plan()
    course = Fuzzing(of, search or Search(width=4))
    course.know(known)
    executor = Said(script, room)
    return Searched(list(run(of, executor, past, course)), executor)


@dataclass
class Done:
    """The rounds that were whole before the search was killed."""

    whole: Sequence[RoundEnded] = ()
    before: Mapping[str, bool] = field(default_factory=lambda: {f"clean/{n}.txt/0": True for n in range(4)})
    seconds: float = 0.0
    begun: bool = True
    calls: int = 0
    cost: float = 0.0
    made: int = 0

    @property
    def rounds(self) -> int:
        return len(self.whole)

    def ended(self) -> Iterator[RoundEnded]:
        yield from self.whole


def known(name: str, recipe: str, *marks: str, case: str = "0.txt", state: str = "open") -> Known:
    return Known(name, case, Recipe.parse(recipe), marks or (CRASH,), state=state)


FAILS = known("fails", "text.m0(count=5,seed=1)")
PASSES = known("passes", "text.m1(count=5,seed=1)")


class TestKnownFindings:
    def test_open_ones_are_called_first_and_told_of_at_once(self) -> None:
        found = searched(fails_on("text.m0"), known=[FAILS, PASSES])
        first = [work for work in found.executor.seen if work.recipe.steps][:4]
        assert sorted(str(work.recipe) for work in first) == sorted([str(FAILS.recipe), str(PASSES.recipe)] * 2)
        told = found.all(Replayed)
        assert [(each.finding, each.status, len(each.results)) for each in told] == [
            ("fails", "FAILS", 2),
            ("passes", "FIXED", 2),
        ]
        calls = [isinstance(each, CallEnded) for each in found.events[: found.events.index(told[-1])]]
        assert sum(calls) < 4 + 4 + 12, "long before the end"

    @pytest.mark.parametrize(
        ("each", "why"),
        [
            (known("a", "text.m0(count=5,seed=1)", case="gone.txt"), "not among those"),
            (known("a", "text.m0(count=5,seed=1)", case="3.txt"), "not right on the clean document"),
            (known("a", "text.gone(count=5,seed=1)"), "no mutator 'text.gone'"),
            (known("a", "text.m0(share=5,seed=1)"), "share"),
            (known("a", 'text.m0(count=5,seed=1,part="x.pdf")'), "no part 'x.pdf'"),
        ],
    )
    def test_one_that_cannot_be_called_is_an_error_and_costs_no_call(self, each: Known, why: str) -> None:
        def script(work: Work) -> Outcome:
            return Outcome.CRASHED if work.case == "3.txt" and not work.recipe.steps else Outcome.RIGHT

        found = searched(script, known=[each], search=Search(width=4, explores=False))
        (told,) = found.all(Replayed)
        assert (told.status, list(told.results)) == ("ERROR", [])
        assert why in told.why
        assert not [work for work in found.executor.seen if work.recipe.steps]
        assert found.events[-1] == Ended("replayed")

    def test_one_that_applies_no_more_is_an_error_with_the_reason(self) -> None:
        found = searched(lambda work: "skip no numbers" if work.recipe.steps else Outcome.RIGHT, known=[FAILS])
        assert [(each.status, each.why) for each in found.all(Replayed)] == [("ERROR", "it does not apply: no numbers")]

    def test_fixed_and_accepted_ones_are_called_only_where_nothing_is_explored(self) -> None:
        both = [replace(FAILS, state="accepted"), replace(PASSES, state="fixed")]
        assert not searched(fails_on("text.m0"), known=both).all(Replayed)
        alone = searched(fails_on("text.m0"), known=both, search=Search(width=4, explores=False))
        assert [each.status for each in alone.all(Replayed)] == ["FAILS", "FIXED"]
        assert not alone.exploring
        assert not alone.all(Explored)

    def test_many_are_told_of_as_they_are_known(self) -> None:
        many = [known(f"f{n}", f"text.m{n % 6}(count=5,seed={n})") for n in range(10)]
        found = searched(known=many, search=Search(width=4, explores=False))
        told = [at for at, each in enumerate(found.events) if isinstance(each, Replayed)]
        calls = [at for at, each in enumerate(found.events) if isinstance(each, CallEnded)]
        assert len(told) == 10
        assert told[0] < calls[-8], "not all of them in the end"

    def test_a_failure_of_an_open_one_is_put_down_to_it(self) -> None:
        found = searched(fails_on("text.m0"), known=[FAILS], of=plan(400))
        (discovery,) = found.discoveries.values()
        assert (discovery.known, discovery.state) == ("fails", "minimised")
        assert discovery.example.work.recipe == FAILS.recipe, "as it was replayed, not as it was met"
        assert not [work for work in found.executor.seen if work.recipe.steps and not work.fitting][2:]

    def test_one_that_fails_now_and_then_as_it_is_replayed_is_not_said_to_fail_always(self) -> None:
        tries: list[str] = []

        def script(work: Work) -> Outcome | str:
            if work.recipe == FAILS.recipe and not work.fitting:
                tries.append(work.key)
                return CRASH if len(tries) % 2 else Outcome.RIGHT
            return fails_on("text.m0")(work)

        (found,) = searched(script, known=[FAILS], of=plan(300)).discoveries.values()
        assert (found.known, found.state, found.failed, found.tries) == ("fails", "flaky", 2, 4)

    def test_a_fixed_one_that_is_met_again_is_made_smaller_under_its_id(self) -> None:
        found = searched(fails_on("text.m0"), known=[replace(FAILS, state="fixed")], of=plan(400))
        (discovery,) = found.discoveries.values()
        assert (discovery.known, discovery.state) == ("fails", "minimised")
        assert discovery.calls > 0
        assert [step.mutator for step in discovery.example.work.recipe.steps] == ["text.m0"]

    def test_behind_one_that_is_accepted_no_other_mutator_hides(self) -> None:
        """Both make the same field wrong in the same manner, and are of one category."""
        wrong = "wrong /total (other value)"
        accepted = known("accepted", "text.m0(count=5,seed=1)", wrong, state="accepted")
        script = fails_on("text.m0", "text.m3", mark=wrong)
        found = searched(script, known=[accepted], of=plan(400)).discoveries.values()
        assert {each.known for each in found if each.state != "explained"} == {"", "accepted"}
        (new,) = (each for each in found if not each.known and each.state != "explained")
        assert [step.mutator for step in new.example.work.recipe.steps] == ["text.m3"]
        assert all(len(each.fingerprints) == 1 for each in found)

    def test_one_that_fails_otherwise_is_changed_and_news(self) -> None:
        found = searched(fails_on("text.m0", mark=OTHER), known=[FAILS])
        (told,) = found.all(Replayed)
        assert told.status == "CHANGED"
        assert OTHER in told.why
        assert [(each.known, each.state) for each in found.discoveries.values()] == [("", "minimised")]


class TestScheduling:
    def test_a_quarter_of_every_round_explores_however_much_is_to_be_made_smaller(self) -> None:
        """Each mutator crashes at a place of its own."""
        found = searched(_each_its_own, of=plan(200, width=8), search=Search(width=8))
        shares = [sum(each.work.fitting for each in ended.results) for ended in found.rounds]
        assert min(shares) >= 2
        smaller = [8 - share for share in shares]
        assert max(smaller) == 6, "and the rest does not"

    def test_many_are_made_smaller_in_turns_and_not_all_at_a_time(self) -> None:
        found = searched(_each_its_own, of=plan(300))
        states: dict[int, list[str]] = {}
        for each in found.all(Discovered):
            states.setdefault(each.discovery.number, []).append(each.discovery.state)
        assert len(states) > 12
        assert states[0][-1] == "minimised"
        explored = found.all(Explored)
        assert max(each.open for each in explored) > 0

    def test_what_is_not_done_when_the_budget_ends_says_so(self) -> None:
        found = searched(_each_its_own, of=plan(60))
        cut = [each for each in found.discoveries.values() if each.state == "not minimised"]
        assert cut
        assert all("ended" in each.why for each in cut)
        assert not [each for each in found.discoveries.values() if each.state in {"met", "minimising"}]

    def test_a_system_that_fails_on_everything_alike_is_one_finding_and_all_of_it_is_explored(self) -> None:
        found = searched(lambda work: CRASH if work.recipe.steps else Outcome.RIGHT, of=plan(300))
        (discovery,) = found.discoveries.values()
        assert discovery.count > 150
        tried = {step.mutator for work in found.exploring for step in work.recipe.steps}
        assert len(tried) == len(MUTATORS)

    def test_a_system_that_fails_in_another_way_each_time_does_not_fill_the_memory(self) -> None:
        def script(work: Work) -> Outcome | str:
            mark = hashlib.blake2b(work.key.encode(), digest_size=6).hexdigest()
            place = "".join(chr(ord("a") + int(each, 16)) for each in mark)
            return f"crashed ValueError at {place}.py:total: float(text)" if work.recipe.steps else Outcome.RIGHT

        found = searched(script, of=plan(900))
        assert len(found.discoveries) == MOST
        assert "more failures, of kinds not listed" in found.discoveries[MOST - 1].why
        assert found.events[-1] == Ended("calls")

    def test_kinds_that_are_not_listed_count_where_it_is_said_how_much_is_left(self) -> None:
        """One exploring call in four fails, each in a way of its own: nothing is quiet about that."""

        def script(work: Work) -> Outcome | str:
            if not work.recipe.steps or not work.key.endswith("/3/0/0"):
                return Outcome.RIGHT
            place = "".join(chr(ord("a") + int(each)) for each in work.key.partition("/")[0])
            return f"crashed ValueError at {place}.py:total: float(text)"

        found = searched(script, of=plan(1300), search=Search(width=4, cap=4, quiet=0.2))
        assert len(found.discoveries) == MOST
        last = found.all(Explored)[-1]
        assert last.low > 0.2
        assert last.kinds > MOST
        assert found.events[-1] == Ended("calls")

    def test_a_known_finding_on_documents_that_no_mutator_in_use_acts_on_is_called_all_the_same(self) -> None:
        listed = Listed((Entry("0.txt", "text/plain", "0", True), Entry("1.csv", "text/csv", "1", True)))
        own = replace(plan(40), corpus=listed, registry=registry(C))
        course = Fuzzing(replace(own, registry=registry(C, *MUTATORS)), Search(width=4))
        course.know([FAILS])
        events = list(run(own, Said(fails_on("text.m0")), None, course))
        assert [each.status for each in events if isinstance(each, Replayed)] == ["FAILS"]

    def test_what_somebody_has_seen_enough_of_is_told_as_far_as_it_is_known(self) -> None:
        class Stopping(Said):
            def results(self, timeout: float | None = None) -> list[Result]:
                if len(self.seen) > 60:
                    raise Enough
                return super().results(timeout)

        course = Fuzzing(plan(300), Search(width=4))
        events = list(run(plan(300), Stopping(_each_its_own), None, course))
        assert events[-1] == Ended("by hand", events[-1].cut)
        states = {each.discovery.number: each.discovery.state for each in events if isinstance(each, Discovered)}
        assert states
        assert not {"met", "minimising"} & set(states.values())

    def test_what_failed_once_by_chance_hides_no_failure_that_shows_the_same(self) -> None:
        wrong, degraded = "wrong /total (other value)", list[str]()

        def script(work: Work) -> Outcome | str:
            degraded.extend([work.key] if work.recipe.steps else [])
            if len(degraded) == 1:
                return wrong
            return fails_on("text.m0", "format.m1", mark=wrong)(work) if len(degraded) > 80 else Outcome.RIGHT

        found = searched(script, of=plan(500)).discoveries.values()
        small = {each.example.work.recipe.steps[0].mutator for each in found if each.state == "minimised"}
        assert small == {"text.m0", "format.m1"}

    def test_a_failure_is_told_of_whatever_becomes_of_its_round(self) -> None:
        """Somebody ends the search while the fourth call of a round, and all of the next one, are out."""

        class Cut(Said):
            def results(self, timeout: float | None = None) -> list[Result]:
                back = [each for each in self.waiting if not each.key.endswith("/3/0/0") or each.round < 5]
                if not back:
                    raise Enough
                self.waiting = [each for each in self.waiting if each not in back]
                return [self._result(each) for each in back]

        course = Fuzzing(plan(300), Search(width=4))
        script = lambda work: CRASH if work.round == 6 else Outcome.RIGHT  # noqa: E731
        events = list(run(plan(300), Cut(script), None, course))
        assert [each.discovery.fingerprints for each in events if isinstance(each, Discovered)]

    def test_of_a_system_that_fails_now_and_then_more_is_asked_before_a_failure_counts_as_one(self) -> None:
        degraded: list[str] = []

        def script(work: Work) -> Outcome | str:
            degraded.extend([work.key] if work.recipe.steps else [])
            if len(degraded) == 1:
                return CRASH
            return fails_on("text.m0", mark=OTHER)(work) if len(degraded) > 80 else Outcome.RIGHT

        first, second = searched(script, of=plan(300)).discoveries.values()
        assert (first.state, second.state) == ("not reproduced", "minimised")
        assert (second.failed, second.tries) == (5, 5), "three where nothing had come and gone before"

    @pytest.mark.parametrize("alone", [True, False])
    def test_what_took_two_steps_is_made_smaller_anew_where_one_is_met_that_does_it_alone(self, alone: bool) -> None:
        degraded: list[str] = []

        def script(work: Work) -> Outcome | str:
            degraded.extend([work.key] if work.recipe.steps else [])
            names = {step.mutator for step in work.recipe.steps}
            fails = names >= {"text.m0", "text.m1"} or (alone and len(degraded) > 150 and "text.m2" in names)
            return CRASH if fails else Outcome.RIGHT

        (found,) = searched(script, of=plan(400)).discoveries.values()
        steps = sorted(step.mutator for step in found.example.work.recipe.steps)
        assert (found.state, steps) == ("minimised", ["text.m2"] if alone else ["text.m0", "text.m1"])
        assert found.calls <= Search().cap

    def test_a_call_that_came_to_nothing_is_made_once_more(self) -> None:
        voided: list[str] = []

        def script(work: Work) -> Outcome | str:
            if work.recipe.steps and not work.fitting and not voided:
                voided.append(str(work.recipe))
                return Outcome.VOID
            return fails_on("text.m0")(work)

        found = searched(script, of=plan(300))
        assert sum(str(work.recipe) == voided[0] and not work.fitting for work in found.executor.seen) >= 2
        assert [each.state for each in found.discoveries.values()] == ["minimised"]

    def test_it_ends_when_hardly_anything_new_is_to_be_expected(self) -> None:
        found = searched(of=plan(2000), search=Search(width=4, quiet=0.05))
        assert found.events[-1] == Ended("quiet")
        assert found.all(Explored)[-1].high <= 0.05

    def test_skips_are_in_no_estimate(self) -> None:
        found = searched(lambda work: "skip no numbers" if work.recipe.steps else Outcome.RIGHT)
        assert not any(each.calls for each in found.all(Explored))


class TestCauses:
    def test_of_a_mixture_the_step_that_does_it_is_the_finding(self) -> None:
        found = searched(fails_on("text.m0"), of=plan(300))
        (discovery,) = found.discoveries.values()
        assert [step.mutator for step in discovery.example.work.recipe.steps] == ["text.m0"]

    def test_a_mixture_that_its_steps_explain_is_no_finding(self) -> None:
        """Wrong fields of a mixture are those of its steps."""

        def script(work: Work) -> Outcome | str:
            names = {step.mutator for step in work.recipe.steps}
            wrong = [f"/{name[-1]}{name[0]}" for name in ("text.m0", "format.m1", "encoding.m2") if name in names]
            return f"wrong {', '.join(sorted(wrong))} (empty)" if wrong else Outcome.RIGHT

        found = searched(script, of=plan(500))
        alone = [each for each in found.discoveries.values() if each.state != "explained"]
        assert sorted(each.example.work.recipe.steps[0].mutator for each in alone) == [
            "encoding.m2",
            "format.m1",
            "text.m0",
        ]
        assert all(len(each.example.work.recipe.steps) == 1 for each in alone)

    def test_two_bugs_are_two_findings(self) -> None:
        def script(work: Work) -> Outcome | str:
            said = fails_on("text.m0")(work)
            return fails_on("format.m3", mark=OTHER)(work) if said is Outcome.RIGHT else said

        found = searched(script, of=plan(300))
        assert sorted(each.fingerprints[0] for each in found.discoveries.values()) == sorted([CRASH, OTHER])


def _each_its_own(work: Work) -> Outcome | str:
    if not work.recipe.steps:
        return Outcome.RIGHT
    name = min(step.mutator for step in work.recipe.steps).replace(".", "_")
    return f"crashed ValueError at {name}.py:total: float(text)"


class TestDeterminism:
    def test_a_search_that_was_killed_goes_on_as_if_it_had_not_been_wherever_it_was(self) -> None:
        def script(work: Work) -> Outcome | str:
            said = fails_on("text.m0", "format.m2")(work)
            return fails_on("encoding.m1", mark=OTHER)(work) if said is Outcome.RIGHT else said

        whole = searched(script, known=[FAILS, PASSES], of=plan(70))
        asked = _asked(whole.executor)
        rounds = sorted(whole.rounds, key=lambda each: each.number)
        for ended in range(1, len(rounds), 3):
            before = rounds[:ended]
            past = Done(before, calls=sum(each.calls for each in before))
            again = searched(script, known=[FAILS, PASSES], of=plan(70), past=past)
            made = _asked(again.executor)
            assert made, "there is something left to do"
            assert all(asked[key] == recipe for key, recipe in made.items()), ended
            assert [_said(each) for each in again.discoveries.values()] == [
                _said(each) for each in whole.discoveries.values()
            ]

    @pytest.mark.parametrize("room", [1, 3, 20])
    def test_the_pace_of_the_calls_changes_nothing(self, room: int) -> None:
        one, other = (searched(fails_on("text.m0"), room=each) for each in (7, room))
        assert _asked(one.executor) == _asked(other.executor)

    def test_a_search_that_goes_on_knows_what_stood_in_for_the_truth(self) -> None:
        listed = Listed(tuple(replace(each, has_truth=False) for each in corpus().entries()))
        own = replace(plan(60), corpus=listed)

        class Answers(Said):
            def _result(self, work: Work) -> Result:
                return replace(super()._result(work), value=ABSENT if work.recipe.steps else {"total": 1})

        one = list(run(own, Answers(fails_on("text.m0")), None, Fuzzing(own, Search(width=4))))
        stored = [each for each in one if isinstance(each, RoundEnded)]
        bare = [replace(each, results=[_stored(result) for result in each.results]) for each in stored]
        before = {f"clean/{n}.txt/{k}": True for n in range(4) for k in range(3)}
        past = Done(sorted(bare, key=lambda each: each.number), before=before, calls=60)
        again = list(run(own, Answers(fails_on("text.m0")), past, Fuzzing(own, Search(width=4))))
        found = [each.discovery for each in again if isinstance(each, Discovered)]
        assert found
        assert all(each.example.work.stand_in == {"total": 1} for each in found)

    def test_another_seed_is_another_search(self) -> None:
        one, other = (searched(of=plan(seed=each)) for each in (1, 2))
        assert _asked(one.executor) != _asked(other.executor)


def _stored(result: Result) -> Result:
    return replace(result, work=replace(result.work, stand_in=ABSENT))


def _asked(executor: Scripted) -> dict[str, str]:
    return {work.key: f"{work.case} {work.recipe}" for work in executor.seen if work.recipe.steps}


def _said(discovery: Discovery) -> tuple[object, ...]:
    return (
        discovery.number,
        discovery.state,
        discovery.fingerprints,
        discovery.count,
        str(discovery.example.work.recipe),
    )
