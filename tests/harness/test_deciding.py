"""Runs that decide a contract: calls go to open limits, and evidence is looked at after every round."""

from __future__ import annotations

import hashlib
import itertools
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from crumple.case import Entry
from crumple.contract.demand import BLOCK
from crumple.contract.limits import LIKE_THESE, THESE, Contract, Limit, Metric
from crumple.deciding.course import FLOOR, Deciding
from crumple.deciding.documents import TRIED, Documents
from crumple.deciding.populations import Population
from crumple.engine import run
from crumple.events import CleanEnded, Ended, Event, RoundEnded, Standing, Watched
from crumple.mix import Mix
from crumple.mutation.mutator import Mutator
from crumple.outcome import VALID, Outcome
from crumple.plan import Plan
from crumple.result import Result, Work
from crumple.targets import Target
from crumple.views.table import Table
from crumple.views.text import Text
from engine_scripts import RUNGS, Listed, Scripted, registry, scripted_mutator

TEXTS = [scripted_mutator(f"text.m{n}", Text) for n in range(20)]
TABLES = [scripted_mutator(f"table.m{n}", Table) for n in range(3)]


def corpus(groups: int, *, kinds: tuple[str, ...] = ("text/plain", "text/csv")) -> Listed:
    return Listed(tuple(Entry(f"{n}.{kind}", kind, f"group {n}", True) for n in range(groups) for kind in kinds))


def limit(of: str, bound: float = 0.05, **options: object) -> Limit:
    given = {"of": of, "metric": Metric.FAILURES, "bound": bound, "about": THESE} | options
    return Limit(**given)  # type: ignore[arg-type]  # options of several kinds


def fails(rate: Callable[[Work], float], seed: int = 0) -> Callable[[Work], Outcome]:
    """A system that fails on a share of the recipes, always on the same."""

    def script(work: Work) -> Outcome:
        if not work.recipe.steps:
            return Outcome.RIGHT
        number = int.from_bytes(hashlib.blake2b(f"{seed}{work.replay}".encode(), digest_size=6).digest())
        return Outcome.WRONG if number / 2**48 < rate(work) else Outcome.RIGHT

    return script


def decided(
    limits: list[Limit],
    script: Callable[[Work], Outcome | str],
    *,
    mutators: list[object] | None = None,
    groups: int = 40,
    seed: int = 0,
    calls: int = 5000,
    room: int = 7,
    mix: Mix | None = None,
    levels: tuple[float, ...] = (1, 3, 5),
) -> tuple[list[Event], dict[int, Standing], Scripted]:
    chosen = registry(*(TEXTS + TABLES if mutators is None else mutators))
    plan = Plan(corpus(groups), chosen, seed=seed, calls=calls, levels=levels, round_size=1)
    executor = Scripted(script, room)
    events = list(run(plan, executor, course=Deciding(plan, Contract(tuple(limits)), mix)))
    last = [each for each in events if isinstance(each, Watched)][-1]
    return events, {each.limit: each for each in last.standings}, executor


def visits(executor: Scripted) -> list[Work]:
    return [work for work in executor.seen if work.round >= 0]


class TestDeciding:
    def test_a_system_that_never_fails_meets_its_limit_and_the_run_ends(self) -> None:
        events, found, executor = decided([limit("text")], lambda work: Outcome.RIGHT)
        assert found[0].state == "met"
        assert found[0].decided_after is not None
        assert found[0].decided_after < 120
        assert events[-1] == Ended("decided")
        assert len(visits(executor)) <= found[0].decided_after + 3 * BLOCK + FLOOR

    def test_one_that_fails_often_breaks_it_sooner(self) -> None:
        _, found, executor = decided([limit("text")], fails(lambda work: 0.4))
        assert found[0].state == "broken"
        assert len(visits(executor)) < 60

    def test_what_is_decided_gets_no_further_calls_and_what_is_open_gets_them(self) -> None:
        rates = {"text": 0.9, "table": 0.0}
        _, found, executor = decided(
            [limit("text"), limit("table", 0.01)], fails(lambda work: rates[work.mutator.partition(".")[0]])
        )
        assert (found[0].state, found[1].state) == ("broken", "met")
        counts = Counter(work.mutator.partition(".")[0] for work in visits(executor))
        assert counts["text"] < 40
        assert counts["table"] > 250

    def test_few_documents_that_most_mutators_do_not_suit_do_not_take_the_whole_budget(self) -> None:
        many = [scripted_mutator(f"table.m{n}", Table) for n in range(40)]

        def script(work: Work) -> Outcome | str:
            unsuited = work.recipe.steps and zlib.crc32(f"{work.mutator} {work.case}".encode()) % 10 < 8
            return "does not suit" if unsuited else Outcome.RIGHT

        one = limit("table", 0.4, about=LIKE_THESE)
        events, _, executor = decided([one], script, mutators=many, groups=12, calls=3000)
        assert events[-1] == Ended("decided")
        assert len(visits(executor)) < 400

    def test_every_category_gets_its_floor_whatever_the_contract_says(self) -> None:
        _, _, executor = decided([limit("text")], lambda work: Outcome.RIGHT)
        counts = Counter(work.mutator.partition(".")[0] for work in visits(executor))
        assert FLOOR <= counts["table"] < FLOOR + len(TABLES)

    def test_limits_of_one_population_share_every_call(self) -> None:
        _, alone, one = decided([limit("text")], lambda work: Outcome.RIGHT)
        _, found, two = decided([limit("text"), limit("text", metric=Metric.SILENT)], lambda work: Outcome.RIGHT)
        assert found[1].calls == found[0].calls == alone[0].calls
        assert len(visits(one)) == len(visits(two))

    def test_a_limit_up_to_a_level_counts_no_call_above_it(self) -> None:
        _, found, executor = decided(
            [limit("text", up_to_level=3), limit("text", 0.5)],
            fails(lambda work: 1.0 if work.level > 3 else 0.0),
        )
        assert found[0].state == "met"
        assert found[0].figure == 0
        levels = Counter(work.level for work in visits(executor) if work.mutator.startswith("text"))
        assert levels[5] > 0
        assert levels[1] + levels[3] > 2 * levels[5]

    def test_alone_it_draws_from_no_level_above(self) -> None:
        _, _, executor = decided([limit("text", up_to_level=3)], lambda work: Outcome.RIGHT)
        assert {work.level for work in visits(executor) if work.mutator.startswith("text")} == {1, 3}

    def test_each_mutator_weighs_the_same_where_some_have_one_level_alone(self) -> None:
        def plain(view: Text, rng: object) -> Text:
            """Do nothing: these tests never call it."""
            return view

        from crumple.mutation.mutator import mutator

        single = mutator("text.single", level=1)(plain)
        both = [single, scripted_mutator("text.ladder", Text)]
        script = fails(lambda work: float(work.mutator == "text.single"))
        _, found, _ = decided(
            [limit("text", 0.4, up_to_level=1), limit("text", 0.2, confidence=0.9999999)],
            script,
            mutators=both,
            calls=1500,
        )
        assert found[0].figure == pytest.approx(0.5, abs=0.12)

    def test_a_group_counts_once_for_documents_like_these(self) -> None:
        events, found, _ = decided([limit("text", about=LIKE_THESE)], lambda work: Outcome.RIGHT, groups=30)
        assert found[0].state == "undecided"
        assert (found[0].calls, found[0].groups) == (30, 30)
        assert "each group" in found[0].why
        assert events[-1] == Ended("decided")

    def test_with_groups_enough_it_is_decided(self) -> None:
        _, found, _ = decided([limit("text", about=LIKE_THESE)], lambda work: Outcome.RIGHT, groups=120)
        assert found[0].state == "met"
        assert found[0].groups == found[0].calls

    def test_a_skipped_document_uses_no_group_up(self) -> None:
        def script(work: Work) -> Outcome | str:
            unfit = zlib.crc32(f"{work.case}{work.mutator}".encode()) % 3 == 0
            return "does not suit it" if work.recipe.steps and unfit else Outcome.RIGHT

        _, found, _ = decided([limit("text", about=LIKE_THESE)], script, groups=60)
        assert found[0].calls == found[0].groups
        assert found[0].calls >= 48

    def test_void_calls_count_for_nothing(self) -> None:
        turn = iter(range(10**6))
        script = lambda work: Outcome.VOID if work.recipe.steps and next(turn) % 3 == 0 else Outcome.RIGHT  # noqa: E731
        _, found, executor = decided([limit("text")], script)
        assert found[0].state == "met"
        assert found[0].calls < len(visits(executor))

    def test_a_limit_on_nothing_that_is_run_is_undecided(self) -> None:
        _, found, _ = decided([limit("scan"), limit("text")], lambda work: Outcome.RIGHT)
        assert found[0].state == "undecided"
        assert found[0].calls == 0
        assert "no mutator" in found[0].why

    def test_the_budget_ends_it_undecided(self) -> None:
        events, found, _ = decided([limit("text", 0.001)], lambda work: Outcome.RIGHT, calls=400)
        assert found[0].state == "undecided"
        assert events[-1] == Ended("calls")

    def test_the_pace_of_the_calls_changes_nothing(self) -> None:
        script = fails(lambda work: 0.05)
        limits = [limit("text"), limit("table", 0.1), limit("all", up_to_level=3), limit("text", about=LIKE_THESE)]

        def drawn(room: int) -> tuple[set[str], dict[int, Standing]]:
            _, found, executor = decided(limits, script, room=room, groups=60, calls=700)
            return {f"{work.key} {work.replay}" for work in visits(executor)}, found

        assert drawn(1) == drawn(7) == drawn(64)

    @pytest.mark.parametrize("seed", range(3))
    def test_a_run_that_goes_on_draws_what_it_would_have_drawn(self, seed: int) -> None:
        script = fails(lambda work: 0.03, seed)
        limits = [limit("text"), limit("all", 0.1, about=LIKE_THESE)]
        events, found, executor = decided(limits, script, seed=seed, calls=600)
        whole = {each.number: each for each in events if isinstance(each, RoundEnded)}
        behind = _Behind([whole[number] for number in range(3)])
        plan = Plan(corpus(40), registry(*TEXTS, *TABLES), seed=seed, calls=600, round_size=1)
        second = Scripted(script)
        again = list(run(plan, second, behind, Deciding(plan, Contract(tuple(limits)))))
        last = [each for each in again if isinstance(each, Watched)][-1]
        assert {each.limit: each for each in last.standings} == found
        keys = {work.key for work in visits(executor) if work.round >= 3}
        assert {work.key for work in visits(second)} == keys


class TestFairness:
    """What a mutator is called on, or what comes of its calls, never changes what it weighs."""

    PAIR = (scripted_mutator("text.sound", Text), scripted_mutator("text.harmful", Text))

    def seen(
        self, bound: float, unfit: Callable[[Work], Outcome | str | None], groups: int = 60, **options: object
    ) -> tuple[Standing, Scripted]:
        """How a limit stands where one of two mutators makes 40 % fail, so that the truth is 20 %."""
        script = fails(lambda work: 0.4 if work.mutator == "text.harmful" else 0.0)

        def answer(work: Work) -> Outcome | str:
            said = unfit(work) if work.mutator == "text.harmful" else None
            return script(work) if said is None else said

        _, found, executor = decided(
            [limit("text", bound, **options)], answer, mutators=list(self.PAIR), groups=groups, calls=600
        )
        return found[0], executor

    def test_one_that_few_documents_suit_weighs_as_much_as_the_others(self) -> None:
        found, _ = self.seen(0.2, lambda work: None if _group(work) % 10 == 0 else "does not suit it")
        assert found.figure == pytest.approx(0.2, abs=0.05)

    def test_where_its_new_documents_run_out_nothing_is_said_of_the_others_alone(self) -> None:
        suits = lambda work: None if _group(work) % 20 == 0 else "does not suit it"  # noqa: E731
        found, _ = self.seen(0.13, suits, groups=200, about=LIKE_THESE)
        assert found.state == "undecided"
        assert "text.harmful" in found.why

    def test_what_suits_no_document_is_in_no_rate_and_is_soon_left_alone(self) -> None:
        found, executor = self.seen(0.05, lambda work: "does not suit it")
        assert found.state == "met"
        assert len({work.key.rsplit("/", 2)[0] for work in visits(executor) if "harmful" in work.key}) < 40

    def test_one_whose_calls_are_often_void_weighs_as_much_as_the_others(self) -> None:
        void = lambda work: Outcome.VOID if _all_but_one_in(work, 2) else None  # noqa: E731
        found, _ = self.seen(0.2, void)
        assert found.figure == pytest.approx(0.2, abs=0.05)

    def test_one_that_seldom_answers_weighs_as_much_in_what_is_said_of_answers(self) -> None:
        def script(work: Work) -> Outcome:
            silent = work.mutator == "text.harmful" and _all_but_one_in(work, 3)
            return Outcome.CRASHED if silent else Outcome.RIGHT

        valid = limit("text", 0.65, metric=Metric.VALID)
        plan = Plan(corpus(40), registry(*self.PAIR), calls=2000, round_size=1)
        events = list(run(plan, _Valid(script), course=Deciding(plan, Contract((valid,)))))
        standing = [each for each in events if isinstance(each, Watched)][-1].standings[0]
        assert standing.state == "broken"

    def test_two_limits_that_use_documents_up_at_different_times_each_get_their_share(self) -> None:
        script = fails(lambda work: 1.0 if work.mutator == "text.harmful" else 0.0)
        limits = [limit("text", 0.5, about=LIKE_THESE), limit("text", 0.5, about=THESE)]
        _, found, _ = decided(limits, script, mutators=list(self.PAIR), groups=100, calls=400)
        assert found[0].figure == pytest.approx(0.5, abs=0.02)

    def test_groups_that_few_mutators_suit_are_not_lacking_among_what_the_others_see(self) -> None:
        """Half of the groups are tables; the one mutator that suits all of them fails on each table alone."""
        kinds = ("text/plain", "text/csv")
        listed = Listed(tuple(Entry(f"{n}.{kinds[n % 2]}", kinds[n % 2], f"{n}", True) for n in range(400)))
        chosen = registry(scripted_mutator("text.a", Text), scripted_mutator("table.b", Table))
        harmed = lambda work: work.mutator == "text.a" and work.case.endswith("csv")  # noqa: E731
        script = lambda work: Outcome.WRONG if harmed(work) else Outcome.RIGHT  # noqa: E731
        figures = []
        for seed in range(2):
            plan = Plan(listed, chosen, seed=seed, calls=2000, round_size=1)
            asked = Contract((limit("all", 0.25, about=LIKE_THESE),))
            events = list(run(plan, Scripted(script), course=Deciding(plan, asked)))
            figures.append([each for each in events if isinstance(each, Watched)][-1].standings[0].figure or 0)
        assert sum(figures) / 2 == pytest.approx(0.25, abs=0.04)

    def test_what_is_decided_keeps_the_figures_that_decided_it(self) -> None:
        limits = [limit("text"), limit("text", 0.001, metric=Metric.SILENT)]
        count = itertools.count()
        script = lambda work: Outcome.RIGHT if not work.recipe.steps or next(count) < 150 else Outcome.CRASHED  # noqa: E731
        _, found, _ = decided(limits, script, calls=400)
        assert (found[0].state, found[0].figure, found[0].calls) == ("met", 0.0, found[0].decided_after)
        assert found[1].calls > found[0].calls

    def test_groups_are_those_of_the_calls_that_count(self) -> None:
        found, _ = self.seen(0.5, lambda work: Outcome.VOID if _all_but_one_in(work, 3) else None, about=LIKE_THESE)
        assert found.groups == found.calls > 0


class _Valid(Scripted):
    """Says of each answer whether it keeps to the schema: those of one mutator never do."""

    def _result(self, work: Work) -> Result:
        found = super()._result(work)
        if found.verdict is None or found.verdict.outcome is Outcome.CRASHED:
            return found
        valid = float(work.mutator != "text.harmful")
        return replace(found, verdict=replace(found.verdict, figures={VALID: valid}))


def _group(work: Work) -> int:
    return int(work.case.partition(".")[0])


def _all_but_one_in(work: Work, number: int) -> bool:
    return hashlib.blake2b(work.key.encode()).digest()[0] % number != 0


class _Behind:
    """A past of whole rounds."""

    def __init__(self, rounds: list[RoundEnded]) -> None:
        self._ended = [replace(each, results=[_stored(result) for result in each.results]) for each in rounds]
        self.rounds, self.calls = len(rounds), sum(each.calls for each in rounds)
        self.cost = self.seconds = 0.0
        self.made = 0
        self.before: dict[str, bool] = {}
        self.begun = False

    def ended(self) -> list[RoundEnded]:
        return self._ended  # type: ignore[return-value]  # any iterable does


def _stored(result: Result) -> Result:
    return replace(result, work=replace(result.work, id=-1))


class TestProduction:
    MIX = Mix(clean=0.8, damaged={("text.m0", 1.0): 0.15, ("table.m0", 2.0): 0.05}, per_day=1000)

    def test_it_is_drawn_by_the_mix_and_clean_documents_cost_no_call(self) -> None:
        script = fails(lambda work: 1.0 if work.mutator.startswith("table") else 0.0)
        _, found, executor = decided([limit("production", 0.2)], script, mix=self.MIX)
        assert found[0].state == "met"
        assert found[0].figure == pytest.approx(0.05, abs=0.06)
        assert len([work for work in visits(executor) if "~mix" in work.key]) < 0.4 * found[0].calls
        assert {work.level for work in visits(executor) if "~mix" in work.key} <= {1.0, 2.0}

    def test_a_mix_of_what_cannot_be_run_is_undecided_and_says_so(self) -> None:
        mix = Mix(clean=0.8, damaged={("text.m0", 1.0): 0.15, ("table.elsewhere", 2.0): 0.05})
        limits = [limit("production", 0.2, about=LIKE_THESE), limit("text", 0.5, about=LIKE_THESE)]
        _, found, _ = decided(limits, fails(lambda work: 0.0), mix=mix)
        assert (found[0].state, found[0].calls) == ("undecided", 0)
        assert "table.elsewhere, which cannot be run" in found[0].why
        assert found[1].state == "met"

    def test_what_fails_clean_fails_in_production(self) -> None:
        script = lambda work: Outcome.WRONG if int(work.case.partition(".")[0]) % 2 else Outcome.RIGHT  # noqa: E731
        _, found, _ = decided([limit("production", 0.2)], script, mix=self.MIX)
        assert found[0].state == "broken"
        assert found[0].figure == pytest.approx(0.5, abs=0.25)

    def test_a_mix_that_does_not_name_everything_decides_nothing(self) -> None:
        _, found, _ = decided([limit("production"), limit("text")], lambda work: Outcome.RIGHT, mix=Mix(clean=0.9))
        assert found[0].state == "undecided"
        assert "90.0%" in found[0].why

    def test_a_mix_of_clean_documents_alone_needs_no_call(self) -> None:
        _, found, _ = decided([limit("production"), limit("text")], lambda work: Outcome.RIGHT, mix=Mix(clean=1.0))
        assert found[0].state == "met"


class TestAccuracy:
    def test_a_mean_score_is_held_to_its_floor(self) -> None:
        floor = limit("text", 0.8, metric=Metric.ACCURACY)
        assert decided([floor], lambda work: Outcome.RIGHT)[1][0].state == "met"
        assert decided([floor], fails(lambda work: 0.6))[1][0].state == "broken"


class TestErrors:
    def test_wrong_decisions_at_the_border_are_rare(self) -> None:
        """Three of 20 mutators fail a third of the time, so that the mean is on the border: 40 whole runs."""
        rate = lambda work: 1 / 3 if work.mutator in ("text.m0", "text.m1", "text.m2") else 0.0  # noqa: E731
        states = Counter(
            decided([limit("text")], fails(rate, seed), seed=seed, mutators=TEXTS, calls=400, groups=20)[1][0].state
            for seed in range(40)
        )
        assert states["met"] <= 4
        assert states["broken"] <= 4


def test_the_ladder_of_the_samples_has_a_level_two() -> None:
    assert RUNGS.at(2) == 2
    assert all(isinstance(each, Mutator) for each in TEXTS)


@pytest.mark.parametrize(("cases", "used"), [(30, 0), (30, 25), (30, 30), (9000, 0), (9000, 8000), (9000, 8990)])
def test_documents_are_drawn_as_if_all_that_are_looked_at_were_weighed(cases: int, used: int) -> None:
    """New to all that ask come first, those that are new to none are left out; most draws need look at a few only."""
    entries = [Entry(f"{at}", "text/plain", f"{at // 2}", has_truth=True) for at in range(cases)]
    pool = [Target(each.id) for each in entries]
    clean = CleanEnded(entries, frozenset(each.id for each in entries), (), frozenset(), {})
    documents = Documents({"text.m0": pool}, clean, keeps_clean=False)
    asking = [Population(fresh=True), Population(fresh=True)]
    groups = sorted({each.group for each in entries}, key=lambda group: hashlib.sha256(group.encode()).digest())
    asking[0].used.update(groups[: used // 2])
    asking[1].aside.update(groups[: used // 3])

    rng = np.random.default_rng(cases + used)
    drawn = rng.permutation(cases) if cases <= 4096 else rng.integers(cases, size=4096)
    order = list(dict.fromkeys(drawn.tolist()))
    by = {at: sum(not each.is_new(entries[at].group) for each in asking) for at in order}
    expected = sorted((at for at in order if by[at] < 2), key=by.__getitem__)[:TRIED] or order[:1]
    seeds = rng.integers(1, 1_000_000, size=TRIED).tolist()

    found = documents.candidates(np.random.default_rng(cases + used), "text.m0", asking)
    assert found == tuple((pool[at], seed) for at, seed in zip(expected, seeds, strict=False))
