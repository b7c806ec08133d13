"""Met, broken, undecided: each metric, each way of deciding, with figures worked by hand."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from crumple.contract.limits import LIKE_THESE, THESE, Contract, Metric, Pin, State
from crumple.contract.sentences import row
from crumple.contract.verdicts import decisions
from crumple.events import CleanEnded, Standing, Watched
from crumple.mix import Mix
from crumple.outcome import Outcome
from engine_scripts import A, B
from ledgers import (
    CRASHED,
    HUNG,
    REFUSED,
    RIGHT,
    VOID,
    WRONG,
    call,
    calls,
    clean,
    decided,
    ledger,
    limit,
    rounds,
    told,
)

MET, BROKEN, UNDECIDED = State.MET, State.BROKEN, State.UNDECIDED


def test_59_calls_without_a_failure_meet_5_per_cent_and_58_do_not() -> None:
    assert decided(limit(), calls(0, 59)).state is MET
    open_one = decided(limit(), calls(0, 58))
    assert open_one.state is UNDECIDED
    assert told(open_one).endswith("the limit is 5 %: it needs at least 59 calls, and had 58.")


def test_what_meets_and_what_breaks_a_limit_is_clopper_and_pearson_one_sided() -> None:
    found = decided(limit(), calls(20, 100))
    assert found.state is BROKEN
    assert found.low == pytest.approx(stats.beta.ppf(0.05, 20, 81))
    assert told(found).startswith(
        "On these documents text.a fails 20 % of the time, at least 13.6 % with 95 % confidence; the limit is 5 %"
    )
    assert decided(limit(bound=0.3), calls(20, 100)).state is MET
    assert decided(limit(bound=0.25), calls(20, 100)).state is UNDECIDED


def test_versions_of_few_documents_cannot_certify_documents_like_these() -> None:
    """600 calls without a failure, of 15 documents: these are fine, and of others little is known."""
    many = [call(at % 15) for at in range(600)]
    found = decided(limit(about=LIKE_THESE), many, clean(15))
    assert found.state is UNDECIDED
    assert "it needs at least 59 documents like these, and had 15" in told(found)
    assert row(found)["groups"] == 15
    assert row(found)["other"]["about"] == THESE
    assert row(found)["other"]["high"] == pytest.approx(stats.beta.ppf(0.95, 1, 600))
    assert decided(limit(about=THESE), many, clean(15)).state is MET


def test_documents_that_fail_as_a_whole_have_a_design_effect() -> None:
    """Six of 60 documents fail each of their 10 calls: 600 calls say no more than 60."""
    found = row(
        decided(
            limit(about=LIKE_THESE, bound=0.2),
            [call(at % 60, WRONG if at % 60 < 6 else RIGHT) for at in range(600)],
            clean(60),
        )
    )
    assert found["design_effect"] == pytest.approx(600 / 59, rel=0.02)
    assert found["state"] == "met"
    assert found["high"] > row(decided(limit(bound=0.2), calls(60, 600)))["high"] + 0.03


def test_a_rate_is_the_mean_over_mutators_of_the_mean_over_levels() -> None:
    """text.a: 1/2 at level 1, 0 of 8 at level 3; text.b: 1 of 4. (1/4 + 1/4) / 2, though 3 of 14 calls failed."""
    made = [
        *calls(1, 2),
        *calls(0, 8, level=3.0),
        *calls(1, 4, mutator="text.b"),
    ]
    found = decided(limit("text"), made)
    assert found.side.rate == pytest.approx(0.25)
    assert found.side.effective_calls == pytest.approx(1 / (0.25**2 / 2 + 0.25**2 / 8 + 0.5**2 / 4))
    assert found.side.calls == 14


def test_levels_above_the_limits_do_not_count() -> None:
    made = [*calls(0, 60), *calls(60, 60, level=3.0)]
    assert decided(limit(up_to_level=1), made).state is MET
    assert decided(limit(up_to_level=3), made).state is BROKEN


@pytest.mark.parametrize(
    ("metric", "bound", "kept", "broken", "said"),
    [
        ("failures", 0.2, calls(2, 100), calls(50, 100), "fails 50 % of the time, at least 41.3 %"),
        (
            "silent",
            0.2,
            calls(50, 100, outcome=CRASHED),
            calls(50, 100),
            "fails silently 50 % of the time, at least 41.3",
        ),
        (
            "refusals",
            0.2,
            calls(50, 100),
            calls(50, 100, outcome=REFUSED),
            "is refused 50 % of the time, at least 41.3",
        ),
        ("accuracy", 0.8, calls(2, 100), calls(50, 100), "scores 50 % on average, at most 63."),
        (
            "valid",
            0.8,
            calls(2, 100, figures={"valid": 1.0}),
            calls(50, 100, figures={"valid": 0.0}),
            "keeps to the schema 0 % of the time, at most 3 %",
        ),
        (
            "latency_p95",
            2.0,
            calls(0, 100),
            calls(0, 100, seconds=2.5),
            "takes up to 2.5 s in 95 % of the calls, at least",
        ),
        (
            "cost_mean",
            0.01,
            calls(0, 100, cost=0.009),
            calls(0, 100, cost=0.02),
            "costs 0.02 a call, at least 0.02 with",
        ),
    ],
)
def test_every_metric_is_met_broken_and_undecided(
    metric: str, bound: float, kept: list, broken: list, said: str
) -> None:
    assert decided(limit(metric=metric, bound=bound), kept).state is MET
    found = decided(limit(metric=metric, bound=bound), broken)
    assert found.state is BROKEN
    assert said in told(found)
    assert decided(limit(metric=metric, bound=bound), kept[:3]).state is UNDECIDED


@pytest.mark.parametrize("metric", ["failures", "accuracy", "valid", "latency_p95", "cost_mean"])
@pytest.mark.parametrize("about", [THESE, LIKE_THESE])
@pytest.mark.parametrize("of", ["text.a", "text", "all", "clean", "production"])
def test_without_data_a_limit_is_undecided(metric: str, about: str, of: str) -> None:
    found = decided(limit(of, metric, 0.5, about=about))
    assert found.state is UNDECIDED
    assert "nothing is known" in told(found)
    assert ",:" not in told(found)
    assert row(found)["figure"] is None
    assert (found.side.calls, found.side.groups) == (0, 0)


def test_void_calls_are_no_data() -> None:
    found = decided(limit(), calls(100, 100, outcome=VOID))
    assert found.state is UNDECIDED
    assert "every call of text.a came to nothing, through no fault of the system" in told(found)


def test_a_category_of_which_one_mutator_only_came_to_nothing_is_not_met() -> None:
    """What is known of the other says nothing of it."""
    made = [*calls(0, 500), *calls(20, 20, mutator="text.b", outcome=VOID)]
    found = decided(limit("text"), made)
    assert found.state is UNDECIDED
    assert "nothing is known of text.b" in told(found)


def test_clean_documents_that_were_all_tried_are_simply_compared() -> None:
    """1 of 20 is 5 %, and no interval is needed for what is not drawn."""
    kept = decided(limit("clean"), (), clean(19, 1), corpus_cases=20)
    assert (kept.state, kept.method) == (MET, "census")
    assert (
        told(kept)
        == "Clean documents fail 5 % of the time, on all 20 clean documents that there are; the limit is 5 %."
    )
    assert decided(limit("clean", bound=0.049), (), clean(19, 1), corpus_cases=20).state is BROKEN
    assert decided(limit("clean", bound=0.0), (), clean(20), corpus_cases=20).state is MET
    assert decided(limit("clean"), (), clean(19, 1), corpus_cases=21).state is UNDECIDED, "one was not tried"
    assert decided(limit("clean", about=LIKE_THESE), (), clean(20), corpus_cases=20).state is UNDECIDED


def test_a_case_whose_clean_answers_disagree_fails_clean() -> None:
    """Each of its calls came to an answer; together they are no answer."""
    event = clean(20)
    apart = CleanEnded(event.population, event.passed - {"3"}, event.results, frozenset({"3"}), {})
    assert decided(limit("clean"), (), apart, corpus_cases=20).side.rate == 0.05


def test_one_limit_of_ten_is_not_broken_by_what_one_in_ten_shows_by_chance() -> None:
    """9 of 100 against 5 %: p = 0.063; 10 of 100: 0.028, enough for one limit and not for ten."""
    results = calls(10, 100)
    assert stats.binom.sf(9, 100, 0.05) == pytest.approx(0.028, abs=0.001)
    assert decided(limit(), results).state is BROKEN
    many = [limit(), *(limit(bound=0.5 + at / 100) for at in range(9))]
    found = decided(many, results)
    assert found.state is UNDECIDED
    assert "among 10 limits one looks broken by chance" in told(found)
    assert [each.state for each in decisions(ledger(many, results))[1:]] == [MET] * 9


def test_what_is_counted_to_the_last_does_not_make_the_others_wait() -> None:
    """A census cannot be wrong by chance, so it is no part of the family."""
    found = decisions(ledger([limit(), limit("clean")], calls(10, 100), clean(19, 1), corpus_cases=20))
    assert [each.state for each in found] == [BROKEN, MET]


def test_a_run_that_was_interrupted_decides_nothing_by_a_fixed_number_of_calls() -> None:
    """It may have been stopped because of what it showed. The clean calls were all made."""
    both = [limit(), limit("clean")]
    found = decisions(ledger(both, calls(0, 200), clean(20), corpus_cases=20), over=False)
    assert [each.state for each in found] == [UNDECIDED, MET]
    assert "interrupted" in told(found[0])
    stream = ledger(limit(), (), Watched([standing("undecided")]))
    assert "interrupted before it was decided" in told(decisions(stream, over=False)[0])


def standing(state: str = "met", **more: object) -> Standing:
    figures = {"limit": 0, "calls": 80, "groups": 60, "figure": 0.0125, "low": 0.001, "high": 0.049}
    return Standing(state=state, **(figures | {"decided_after": 80 if state != "undecided" else None} | more))  # type: ignore[arg-type]


def test_in_a_run_that_decides_the_streams_figures_are_the_verdicts() -> None:
    """The calls of the whole run went where failures were: they say another thing, and bear no interval."""
    found = decided(limit(about=LIKE_THESE), calls(100, 200), clean(200), Watched([standing()]))
    made = row(found)
    assert (made["state"], made["method"], made["decided_after"]) == ("met", "sequential", 80)
    assert (made["figure"], made["high"], made["calls"], made["groups"]) == (0.0125, 0.049, 80, 60)
    assert (made["other"]["figure"], made["other"]["low"], made["other"]["calls"]) == (0.5, None, 200)
    assert made["sentence"] == (
        "On documents like these text.a fails 1.2 % of the time, at most 4.9 % with 95 % confidence; the limit is 5 %."
    )


def test_what_was_once_decided_is_not_contradicted_by_its_later_bounds() -> None:
    kept = decided(limit(), (), Watched([standing(high=0.056)]))
    assert (kept.state, kept.high) == (MET, 0.05)
    gone = decided(limit(), (), Watched([standing("broken", figure=0.09, low=0.0481, high=0.2)]))
    assert "more than 5 % with 95 % confidence" in told(gone)
    assert row(gone)["shown"]["bound"] == "over 5 %"


def test_an_open_stream_says_why_it_gets_no_further() -> None:
    why = "each group of documents was used once"
    assert told(decided(limit(), (), Watched([standing("undecided", why=why)]))).endswith(f"the limit is 5 %: {why}.")
    assert "the budget was spent" in told(decided(limit(), (), Watched([standing("undecided")])))
    silent = standing("undecided", calls=0, groups=0, figure=None, low=0.0, high=1.0)
    assert "nothing is known" in told(decided(limit(), (), Watched([silent])))


def test_scores_and_latencies_of_a_stream_are_told_as_people_read_them() -> None:
    scores = decided(limit(metric="accuracy", bound=0.9), (), Watched([standing(figure=0.95, low=0.92, high=0.99)]))
    assert "scores 95 % on average, at least 92 %" in told(scores)
    slow = decided(limit(metric="latency_p95", bound=2.0), (), Watched([standing()]))
    assert "takes longer than 2 s 1.2 % of the time, at most 4.9 % with 95 % confidence; the limit is 5 %" in told(slow)
    assert row(slow)["shown"] == {"figure": "1.2 % over", "bound": "at most 4.9 %", "limit": "5 % over 2 s"}


def test_repetitions_of_one_draw_are_one_draw() -> None:
    """Half of the repetitions of each fail: 50 %, and 20 draws are no more than 20."""
    made = [call(at, WRONG if turn else RIGHT, key=f"{at}/text.a/0/{turn}") for at in range(20) for turn in (0, 1)]
    told_together = ledger(limit())
    for at in range(20):
        told_together.add(type(rounds(made)[0])(at, made[2 * at : 2 * at + 2]))
    (found,) = decisions(told_together)
    assert (found.side.rate, found.side.calls, found.side.effective_calls) == (0.5, 20, pytest.approx(20))


def test_production_weighs_by_the_mix_and_counts_what_fails_clean() -> None:
    """One in ten fails clean, whatever its damage; a fifth is damaged, and of that half fails."""
    mix = Mix(0.8, {("text.a", 1.0): 0.2})
    events = clean(90, 10)
    found = decided(limit("production", bound=0.5), calls(200, 400), events, mix=mix, corpus_cases=100)
    assert found.side.rate == pytest.approx(0.1 + 0.9 * 0.2 * 0.5)
    assert found.state is MET
    assert decided(limit("production", bound=0.01), calls(200, 400), events, mix=mix).state is BROKEN


def test_a_mix_that_was_run_in_part_decides_nothing() -> None:
    mix = Mix(0.5, {("text.a", 1.0): 0.2, ("text.b", 1.0): 0.3})
    found = decided(limit("production"), calls(0, 400), clean(400), mix=mix)
    assert found.state is UNDECIDED
    assert "of 70 % of the volume" in told(found)


def test_latency_and_cost_of_production_are_weighed_by_the_mix() -> None:
    mix = Mix(0.5, {("text.a", 1.0): 0.5})
    events = clean(100, cost=0.01)
    cost = decided(limit("production", "cost_mean", 0.03), calls(0, 100, cost=0.03), events, mix=mix)
    assert (cost.state, cost.side.rate) == (MET, pytest.approx(0.02))
    slow = decided(limit("production", "latency_p95", 2.0), calls(0, 100, seconds=3.0), events, mix=mix)
    assert slow.state is BROKEN
    assert row(slow)["figure"] == 3.0


def pinned(*mutators: object) -> Pin:
    return Pin({each.name: each.version for each in mutators})  # type: ignore[attr-defined]  # they are mutators


def test_what_is_newer_than_the_pin_stands_beside_the_limit_never_inside() -> None:
    made = [*calls(0, 100), *calls(100, 100, mutator="text.b")]
    found = decided(limit("text"), made, pin=pinned(A))
    assert (found.state, found.left_out) == (MET, ("text.b",))
    assert decided(limit("text"), made, pin=pinned(A, B)).state is BROKEN


def test_what_has_changed_since_the_pin_is_named_also_where_it_was_not_run() -> None:
    pin = Pin({**pinned(A).mutators, "text.b": "00000000"})
    assert decided(limit("text"), calls(0, 100), pin=pin).left_out == ("text.b",)


def test_a_pinned_mutator_that_was_not_run_keeps_a_limit_from_being_met() -> None:
    pin = Pin({**pinned(A, B).mutators, "text.gone": "0"})
    found = decided(limit("text"), [*calls(0, 100), *calls(0, 100, mutator="text.b")], pin=pin)
    assert found.state is UNDECIDED
    assert "text.gone, which was not run" in told(found)


def test_levels_that_are_not_pinned_do_not_count() -> None:
    pin = Pin(pinned(A).mutators, levels=(1.0,))
    assert decided(limit(), [*calls(0, 100), *calls(100, 100, level=3.0)], pin=pin).state is MET


def test_what_hangs_is_slower_than_any_limit() -> None:
    """Killed after 1 s, and the limit is 2: that it would have come back in time is not known."""
    found = decided(limit(metric="latency_p95", bound=2.0), calls(50, 100, outcome=HUNG, seconds=1.0))
    assert found.state is BROKEN
    assert row(found)["figure"] is None
    assert "takes longer than 2 s 50 % of the time" in told(found)


def test_an_answer_that_never_came_keeps_to_no_schema_and_breaks_none() -> None:
    made = [*calls(0, 60, figures={"valid": 1.0}), *calls(60, 60, outcome=CRASHED)]
    found = decided(limit(metric="valid", bound=0.95), made)
    assert (found.state, found.side.calls) == (MET, 60)


OUTCOMES = st.lists(st.tuples(st.integers(0, 11), st.sampled_from([1.0, 3.0]), st.booleans()), min_size=1, max_size=150)


@settings(max_examples=40)
@given(OUTCOMES, st.randoms(use_true_random=False), st.sampled_from([THESE, LIKE_THESE]))
def test_the_order_of_rounds_changes_nothing(drawn: list, order: object, about: str) -> None:
    made = [call(case, WRONG if fails else RIGHT, level=level) for case, level, fails in drawn]
    before = row(decided(limit(about=about), made, clean(12)))
    order.shuffle(made)  # type: ignore[attr-defined]  # it is a Random
    assert row(decided(limit(about=about), made, clean(12))) == before


@settings(max_examples=60)
@given(OUTCOMES, st.integers(0, 150), st.sampled_from([THESE, LIKE_THESE]), st.sampled_from([0.05, 0.3, 0.8]))
def test_more_failures_never_turn_broken_into_met(drawn: list, more: int, about: str, bound: float) -> None:
    def state(worse: int) -> State:
        made = [call(c, WRONG if f or at < worse else RIGHT, level=level) for at, (c, level, f) in enumerate(drawn)]
        return decided(limit(about=about, bound=bound), made, clean(12)).state

    assert (state(0), state(more)) not in {(BROKEN, MET), (BROKEN, UNDECIDED) if about == THESE else (BROKEN, MET)}
    assert (state(0), state(more)) != (UNDECIDED, MET) or about == LIKE_THESE


def test_what_it_keeps_grows_with_documents_not_with_calls() -> None:
    both = [limit(), limit(metric="latency_p95", bound=2.0), limit(metric="accuracy", bound=0.9)]

    def size(count: int) -> int:
        made = ledger(both, (call(at % 10, seconds=0.1 + (at % 50) / 1000) for at in range(count)), clean(10))
        return sum(len(each.calls) + len(each.timings.bins) for each in made._cells.values())

    assert size(4000) == size(400)


def test_a_contract_without_limits_keeps_nothing() -> None:
    made = ledger((), calls(5, 10), clean(10))
    assert made.contract == Contract()
    assert decisions(made) == []


def test_bounds_that_are_not_known_are_no_numbers_in_the_document() -> None:
    found = row(decided(limit(metric="cost_mean", bound=0.1), calls(0, 5, cost=0.2)))
    assert (found["low"], found["high"]) == (None, None)
    assert "at least 60 calls" in found["sentence"]
    assert all(not isinstance(each, float) or math.isfinite(each) for each in found.values())


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(list(Outcome)), st.floats(0, 3)), max_size=90),
    st.sampled_from(list(Metric)),
    st.sampled_from(["all", "clean", "text", "text.a", "production"]),
    st.sampled_from([0.0, 0.01, 0.05, 0.5, 0.95, 1.0]),
    st.sampled_from([THESE, LIKE_THESE]),
    st.integers(2, 12),
)
def test_whatever_comes_out_is_said_and_bears_its_state(
    drawn: list, metric: Metric, of: str, bound: float, about: str, groups: int
) -> None:
    """The bound that is shown is on the side of the limit that the state says, after rounding too."""
    assume(bound > 0 or metric not in {Metric.LATENCY, Metric.COST})
    made = [call(case, out, seconds=x, cost=x, figures={"valid": float(x < 2)}) for case, out, x in drawn]
    mix = Mix(0.5, {("text.a", 1.0): 0.5})
    it = limit(of, metric, bound, about=about)
    found = row(decided(it, made, clean(10, 2, groups=groups), mix=mix, corpus_cases=12))
    assert found["sentence"].endswith(".")
    assert (found["why"] == "") == (found["state"] != "undecided")
    kept = {"met": True, "broken": False}.get(found["state"])
    if kept is not None and found["figure"] is not None:
        end = found["high"] if kept != it.metric.at_least else found["low"]
        good = end >= bound - 1e-9 if it.metric.at_least else end <= bound + 1e-9
        assert good == kept
    json.dumps(found, allow_nan=False)


def test_what_is_watched_is_not_decided_either_where_nothing_is_known_of_a_mutator() -> None:
    """Calls that all came to nothing are not among those that were watched."""
    void = [call(at, VOID, mutator="text.b") for at in range(5)]
    found = decided(limit("text"), [*calls(0, 100), *void], clean(100), Watched([standing()]))
    assert (found.state, found.decided_after) == ("undecided", None)
    assert "text.b" in found.why


def test_a_void_run_has_decided_nothing_with_any_number_of_calls() -> None:
    found = decisions(ledger(limit(), calls(0, 100), clean(100), Watched([standing()])), void=True)[0]
    assert (found.state, found.decided_after) == ("undecided", None)
