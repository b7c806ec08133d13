"""The forecast for production: weighted, not pooled; about what was run, and surely no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple.case import Entry
from crumple.events import CleanEnded, NotRun, RoundEnded
from crumple.mix import Missing, Mix
from crumple.mix.estimate import like_these, these
from crumple.mix.forecast import Outlook, forecast
from crumple.mix.parts import parts_of
from crumple.mix.sample import CleanSum, Sample, Sum, failed, failed_silently
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.statistics.rates import clopper_pearson

Calls = Mapping[tuple[str, float], Sequence[Outcome]]


def result(number: int, case: str, mutator: str, level: float, outcome: Outcome, repeat: int = 0) -> Result:
    failure = outcome not in (Outcome.RIGHT, Outcome.VOID)
    work = Work(number, case, Recipe(), level, mutator, f"{number}/{mutator}/0/{repeat}" if mutator else "clean")
    return Result(work, Verdict(outcome, failure, float(not failure)))


def clean(cases: int, *, failing: int = 0, void: int = 0, group: int = 1) -> CleanEnded:
    """Cases, the first of which fail clean, `group` of them in a group."""
    entries = [Entry(f"{n}", "text/plain", f"g{n // group}", True) for n in range(cases)]
    told = [Outcome.WRONG] * failing + [Outcome.VOID] * void + [Outcome.RIGHT] * (cases - failing - void)
    results = [result(0, f"{n}", "", 0, told[n]) for n in range(cases)]
    passed = frozenset(f"{n}" for n in range(cases) if told[n] is Outcome.RIGHT)
    return CleanEnded(entries, passed, results, frozenset(), {})


def ended(calls: Calls, first: int, cases: int) -> RoundEnded:
    """Calls, each of another case among those from `first` on."""
    numbered = [(stratum, outcome) for stratum, own in calls.items() for outcome in own]
    return RoundEnded(
        0,
        [
            result(n, f"{first + n % (cases - first)}", name, level, outcome)
            for n, ((name, level), outcome) in enumerate(numbered)
        ],
    )


def outcomes(calls: int, wrong: int = 0, crashed: int = 0) -> list[Outcome]:
    return [Outcome.WRONG] * wrong + [Outcome.CRASHED] * crashed + [Outcome.RIGHT] * (calls - wrong - crashed)


def sampled(mix: Mix, events: Iterable[object], corpus: int | None = None) -> Sample:
    sample = Sample(mix, failed, corpus)
    for event in events:
        sample.add(event)  # type: ignore[arg-type]  # they are events
    return sample


MIX = Mix(
    0.80,
    {("scan.skew", 1.0): 0.12, ("scan.skew", 3.0): 0.04, ("scan.skew", 5.0): 0.01, ("encoding.bom", 3.0): 0.03},
    per_day=12_000,
)
FAILING = {("scan.skew", 1.0): 32, ("scan.skew", 3.0): 72, ("scan.skew", 5.0): 93, ("encoding.bom", 3.0): 35}


def whole() -> list[object]:
    calls = {
        stratum: outcomes(200, wrong=number // 4, crashed=number - number // 4) for stratum, number in FAILING.items()
    }
    return [clean(200), ended(calls, 0, 200)]


def test_production_is_weighted_by_the_mix_where_pooling_reads_five_times_as_much() -> None:
    """All calls weigh the same in a run, and not in production: 232 of 1,000 calls failed, and 4.35 % would."""
    sample = sampled(MIX, whole(), corpus=200)
    pooled = sum(FAILING.values()) / (200 + 4 * 200)
    assert pooled == 0.232
    found = these(parts_of(sample), 0.975)
    assert found is not None
    assert found.rate == pytest.approx(0.0435)
    assert (found.share, found.calls) == (pytest.approx(1.0), 1000)
    assert 0.030 < found.low < 0.0435 < found.high < 0.058
    assert clopper_pearson(232, 1000, 0.975)[0] > 0.2, "pooling is not only wrong, but sure of it"


def test_a_case_that_fails_clean_counts_as_failing_however_it_is_damaged() -> None:
    """10 of 50 fail clean; of the others half fail at level 1: 0.2 + 0.8 x 0.2 x 0.5."""
    mix = Mix(0.8, {("text.a", 1.0): 0.2})
    sample = sampled(mix, [clean(50, failing=10), ended({("text.a", 1.0): outcomes(40, wrong=20)}, 10, 50)])
    found = these(parts_of(sample), 0.975)
    assert found is not None
    assert found.rate == pytest.approx(0.2 + 0.8 * 0.2 * 0.5)


def test_void_calls_are_in_no_rate_and_repetitions_are_one_call() -> None:
    mix = Mix(0.5, {("text.a", 1.0): 0.5})
    rounds = RoundEnded(
        0,
        [
            result(1, "0", "text.a", 1.0, Outcome.VOID),
            result(2, "1", "text.a", 1.0, Outcome.WRONG, repeat=0),
            result(2, "1", "text.a", 1.0, Outcome.RIGHT, repeat=1),
            result(3, "1", "text.b", 1.0, Outcome.WRONG),
        ],
    )
    sample = sampled(mix, [clean(4, void=1), rounds], corpus=4)
    assert (sample.cases, sample.void, sample.census) == (3, True, False)
    assert sample.of(("text.a", 1.0)) == Sum(1, 0.5)
    assert list(sample.strata) == [("text.a", 1.0)]


def test_the_clean_documents_that_there_are_leave_nothing_to_chance_and_those_like_them_do() -> None:
    census, part = (sampled(Mix(1.0), [clean(20, failing=2)], corpus=corpus) for corpus in (20, 500))
    known, guessed = these(parts_of(census), 0.975), these(parts_of(part), 0.975)
    assert known is not None
    assert guessed is not None
    assert (known.low, known.rate, known.high) == (0.1, 0.1, 0.1)
    assert (guessed.low, guessed.high) == pytest.approx(clopper_pearson(2, 20, 0.975))
    like = like_these(parts_of(census), 0.975)
    assert like is not None
    assert like.high >= guessed.high


def test_versions_of_one_document_that_fail_together_make_it_less_sure() -> None:
    mix = Mix(0.5, {("text.a", 1.0): 0.5})

    def of(groups: int) -> Sample:
        """100 documents, 40 of the calls failing: by whole groups of documents, or each by itself."""
        sample = Sample(mix)
        size = 100 // groups
        sample.clean = {f"{n}": CleanSum(size) for n in range(groups)}
        failing = round(0.4 * groups)
        sample.strata["text.a", 1.0] = {f"{n}": Sum(size, size * float(n < failing)) for n in range(groups)}
        return sample

    apart, together = like_these(parts_of(of(100)), 0.975), like_these(parts_of(of(10)), 0.975)
    assert apart is not None
    assert together is not None
    assert (apart.rate, together.rate) == (pytest.approx(0.2), pytest.approx(0.2))
    assert together.high - together.low > 2 * (apart.high - apart.low)
    assert together.design_effect > 5 > 2 > apart.design_effect >= 1
    alone = Sample(mix, clean={"0": CleanSum(100)}, strata={("text.a", 1.0): {"0": Sum(100, 40)}})
    assert like_these(parts_of(alone), 0.975) is None, "one group says nothing about others"


def test_what_a_category_adds_to_the_failures_comes_to_all_of_them() -> None:
    events = [
        clean(100, failing=5),
        ended(
            {
                ("scan.skew", 1.0): outcomes(50, wrong=10),
                ("scan.skew", 3.0): outcomes(50, wrong=25),
                ("encoding.bom", 3.0): outcomes(50, wrong=5),
            },
            5,
            100,
        ),
    ]
    mix = Mix(0.6, {("scan.skew", 1.0): 0.2, ("scan.skew", 3.0): 0.1, ("encoding.bom", 3.0): 0.1})
    outlook = Outlook(mix)
    for event in events:
        outlook.add(event)
    found = outlook.document()
    scan, bom = 0.95 * (0.2 * 0.2 + 0.1 * 0.5), 0.95 * 0.1 * 0.1
    assert found["rate"] == pytest.approx(0.05 + scan + bom)
    first, second, third = found["mend_first"]
    assert [each["category"] for each in (first, second, third)] == ["scan", "clean", "encoding"]
    assert first["share_of_failures"] == pytest.approx(scan / (0.05 + scan + bom))
    assert first["without"] == pytest.approx(0.05 + bom)
    assert sum(each["share_of_failures"] for each in found["mend_first"]) == pytest.approx(1.0)


def test_a_category_that_adds_all_the_failures_adds_all_of_them() -> None:
    """Sums of shares are off in the sixteenth digit, which is not to read as ">99.9 %"."""
    mix = Mix(0.4, {("text.a", 1.0): 0.1, ("text.a", 2.0): 0.2, ("text.a", 3.0): 0.3})
    calls = {place: outcomes(7, 7) for place in mix.damaged}
    for scale in (3, 5, 7, 9):
        failing = {place: outcomes(scale, scale - 1) for place in mix.damaged}
        for made in (calls, failing):
            events = [clean(10), ended(made, 0, 10)]
            (only,) = forecast(sampled(mix, events), sampled(mix, [clean(10)])).mend_first
            assert (only.share, only.without) == (1.0, 0.0)


def test_documents_a_day_are_those_that_the_forecast_is_about() -> None:
    outlook = Outlook(Mix(0.5, {("text.a", 1.0): 0.3, ("text.b", 1.0): 0.1}, per_day=1000), corpus=20)
    for event in (clean(20), NotRun("text.b", "no letters"), ended({("text.a", 1.0): outcomes(10, 2, 2)}, 0, 20)):
        outlook.add(event)
    found = outlook.document()
    assert (found["share"], found["named"]) == (pytest.approx(0.8), pytest.approx(0.9))
    assert found["missing"] == [{"name": "text.b", "level": None, "share": 0.1, "why": "no letters"}]
    day = found["failing_per_day"]
    assert (day["documents"], day["failures"], day["silent"]) == (
        pytest.approx(800),
        pytest.approx(800 * 0.375 * 0.4),
        pytest.approx(800 * 0.375 * 0.2),
    )
    assert day["low"] < day["failures"] < day["high"] < 800


def test_parts_without_a_call_are_named_and_in_no_figure() -> None:
    left = Missing("table", None, 0.1, "it is not run")
    mix = Mix(0.5, {("text.a", 1.0): 0.2, ("text.a", 3.0): 0.1, ("text.b", 1.0): 0.1}, left_out=(left,))
    sample = sampled(mix, [clean(10), ended({("text.a", 1.0): outcomes(10)}, 0, 10)])
    found = forecast(sample, sampled(mix, [clean(10)]))
    none = "no call came to an outcome"
    assert found.missing == (left, Missing("text.a", 3.0, 0.1, none), Missing("text.b", None, 0.1, none))
    assert found.share == pytest.approx(0.7)
    assert found.mend_first == ()


def test_where_nothing_was_called_there_is_no_rate() -> None:
    document = Outlook(MIX).document()
    assert (document["rate"], document["failing_per_day"], document["like_these"]) == (None, None, None)
    assert document["share"] == 0
    only = Outlook(Mix(0, {("text.a", 1.0): 1.0}))
    only.add(clean(5))
    assert only.document()["rate"] is None, "clean documents alone say nothing of a production without any"


def test_a_silent_failure_is_one_without_a_complaint() -> None:
    sample = Sample(Mix(1.0), failed_silently, 4)
    entries = [Entry(f"{n}", "text/plain", f"{n}", True) for n in range(4)]
    told = [Outcome.WRONG, Outcome.CRASHED, Outcome.REFUSED, Outcome.RIGHT]
    results = [result(0, f"{n}", "", 0, told[n]) for n in range(4)]
    sample.add(CleanEnded(entries, frozenset({"3"}), results, frozenset(), {}))
    found = these(parts_of(sample), 0.975)
    assert found is not None
    assert found.rate == 0.25


_counts = st.integers(1, 40).flatmap(lambda calls: st.tuples(st.just(calls), st.integers(0, calls)))


@settings(max_examples=60, deadline=None)
@given(_counts, st.lists(_counts, max_size=4), st.floats(0.01, 1), st.randoms(use_true_random=False))
def test_a_rate_lies_in_its_bounds_and_more_failures_never_lower_it(
    cases: tuple[int, int], strata: list[tuple[int, int]], share: float, random: object
) -> None:
    damaged = {("text.a", float(n)): (1 - share) / len(strata) for n in range(len(strata))} if strata else {}
    mix = Mix(share, {each: part for each, part in damaged.items() if part})

    def of(more: int) -> Sample:
        sample = Sample(mix)
        for n in range(cases[0]):
            out = n < cases[1]
            sample.clean[f"{n}"] = CleanSum(1, int(out), float(out), float(out))
        for (calls, failures), stratum in zip(strata, mix.damaged, strict=False):
            failing = min(calls, failures + more)
            sample.strata[stratum] = {f"{n}": Sum(1, float(n < failing)) for n in range(calls)}
        return sample

    for about in (these, like_these):
        one, worse = (about(parts_of(of(more)), 0.975) for more in (0, 1))
        if one is not None and worse is not None:
            assert 0 <= one.low <= one.rate + 1e-9
            assert one.rate - 1e-9 <= one.high <= 1
            assert worse.rate >= one.rate - 1e-9


def test_bounds_hold_as_often_as_they_say_also_where_parts_differ_and_some_are_hardly_called() -> None:
    """150 runs of a known production: 95 % intervals about documents like these miss in at most 5 % and some luck."""
    rng = np.random.default_rng(11)
    parts = {("text.a", 1.0): (0.15, 6, 0.4), ("text.a", 3.0): (0.03, 40, 0.7), ("text.b", 1.0): (0.02, 40, 0.02)}
    mix = Mix(0.8, {stratum: share for stratum, (share, _, _) in parts.items()})
    true = 0.02 + 0.98 * sum(share * rate for share, _, rate in parts.values())
    missed = np.zeros(2)
    for _ in range(150):
        sample = Sample(mix)
        for n, out in enumerate(rng.random(60) < 0.02):
            sample.clean[f"{n}"] = CleanSum(1, int(out), float(out), float(out))
        for stratum, (_, calls, rate) in parts.items():
            for n in rng.integers(60, size=calls):
                own = sample.strata.setdefault(stratum, {})
                before = own.get(f"{n}", Sum())
                own[f"{n}"] = Sum(before.calls + 1, before.total + float(rng.random() < rate))
        found = [about(parts_of(sample), 0.975) for about in (these, like_these)]
        missed += [each is not None and not each.low <= true <= each.high for each in found]
    assert max(missed) <= 15, "twice the 5 % that are promised would be far outside of luck"


def test_four_shapes_of_one_document_are_one_document_where_none_fails_clean() -> None:
    """120 clean cases of 30 origins that all pass say as much of new documents as 30 do."""
    sample = Sample(Mix(0.9, {("text.a", 1.0): 0.1}))
    sample.clean = {f"{n}": CleanSum(4) for n in range(30)}
    sample.strata["text.a", 1.0] = {f"{n}": Sum(2, float(n % 3 == 0)) for n in range(30)}
    found = like_these(parts_of(sample), 0.975)
    assert found is not None
    assert found.high > clopper_pearson(0, 30, 0.975)[1] > 0.11
