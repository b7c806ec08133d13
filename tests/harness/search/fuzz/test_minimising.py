"""Minimising against systems that are known: what it comes to, and in how many calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from crumple.mutation.registry import discover
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step, Value
from crumple.result import Result, Work
from crumple.search.fuzz.asking import Ask
from crumple.search.fuzz.minimising import CAP, Minimised, cut_short, minimising

REGISTRY = discover().mutators
CRASH = "crashed ValueError at reader.py:total"
TOTAL, DATE = "wrong /total (garbled)", "wrong /date (other value)"
VOID = "void"

System = Callable[[Ask], str]
"""What comes of a call, as a fingerprint: "" is right, "void" is void, "skip" is a skip."""


def step(mutator: str, value: Value | None = None, seed: int = 7, only: str = "") -> Step:
    parameter = REGISTRY[mutator].parameter
    return Step(mutator, () if value is None else ((parameter, value),), seed, only=only)


def at(mutator: str, level: float) -> Step:
    return REGISTRY[mutator].step(level, 7)


@dataclass
class Calls:
    """A system, and every call that was made of it."""

    system: System
    changes: Callable[[Ask], tuple[int, ...]] = lambda ask: (0,) * len(ask.recipe.steps)
    asked: list[Ask] = field(default_factory=list)

    def of(self, ask: Ask) -> Result:
        self.asked.append(ask)
        mark = self.system(ask)
        work = Work(len(self.asked), ask.case, ask.recipe)
        if mark == "skip":
            return Result(work, None, skipped="it changed nothing")
        verdict = Verdict(Outcome.VOID, failure=False)
        if mark != VOID:
            outcome = Outcome(mark.partition(" ")[0]) if mark else Outcome.RIGHT
            fields = tuple(each for each in mark.replace(",", " ").split() if each.startswith("/"))
            verdict = Verdict(outcome, bool(mark), wrong=fields, fingerprint=mark)
        return Result(work, verdict, attempts=1, changes=self.changes(ask) if ask.counts else ())

    @property
    def made(self) -> int:
        return sum(self.system(ask) != "skip" for ask in self.asked)


def minimised(
    calls: Calls,
    *steps: Step,
    case: str = "doc",
    cases: Sequence[str] = (),
    cap: int = CAP,
    failure: Result | None = None,
) -> Minimised:
    failure = failure or calls.of(Ask(case, Recipe(steps)))
    calls.asked.clear()
    asking = minimising(failure, REGISTRY, cases, cap)
    try:
        ask = next(asking)
        while True:
            ask = asking.send(calls.of(ask))
    except StopIteration as end:
        done: Minimised = end.value
        return done


def values(done: Minimised) -> list[Value]:
    return [dict(each.parameters)[REGISTRY[each.mutator].parameter] for each in done.example.work.recipe.steps]


def names(done: Minimised) -> list[str]:
    return [each.mutator for each in done.example.work.recipe.steps]


def fails_from(mutator: str, threshold: float, mark: str = CRASH) -> System:
    """Fails where a step has its parameter at the threshold or worse."""
    ladder = REGISTRY[mutator].ladder
    assert ladder is not None
    rising = float(ladder.rungs[-1]) > float(ladder.rungs[0])

    def system(ask: Ask) -> str:
        for each in ask.recipe.steps:
            if each.mutator == mutator:
                value = float(dict(each.parameters)[REGISTRY[mutator].parameter])
                if value >= threshold if rising else value <= threshold:
                    return mark
        return ""

    return system


def has(ask: Ask, *mutators: str) -> bool:
    return set(mutators) <= {each.mutator for each in ask.recipe.steps}


FOUR = (at("scan.skew", 4), at("text.typos", 3), at("scan.jpeg", 5), at("encoding.bom", 3))


@pytest.mark.parametrize("cause", ["scan.skew", "text.typos", "scan.jpeg"])
def test_of_four_steps_the_one_that_breaks_it_is_left(cause: str) -> None:
    calls = Calls(lambda ask: CRASH if has(ask, cause) else "")
    done = minimised(calls, *FOUR)
    assert (done.state, names(done)) == ("minimised", [cause])
    assert (done.tries, done.failed, done.calls) == (2, 2, calls.made)
    assert done.calls <= 12


def test_the_simplest_of_steps_that_each_break_it_is_left() -> None:
    """A step that loses nothing and at which no refusal is acceptable has the fewest excuses."""
    done = minimised(Calls(lambda ask: CRASH), at("scan.skew", 5), at("scan.page_missing", 3), at("encoding.bom", 3))
    assert names(done) == ["encoding.bom"]


def test_two_steps_that_are_both_needed_are_left_each_at_its_lowest_level() -> None:
    skewed, squeezed = fails_from("scan.skew", 1.5), fails_from("scan.jpeg", 15)
    calls = Calls(lambda ask: CRASH if skewed(ask) and squeezed(ask) else "")
    done = minimised(calls, *FOUR)
    assert (done.state, names(done)) == ("minimised", ["scan.skew", "scan.jpeg"])
    skew, quality = values(done)
    assert 1.5 <= float(skew) <= 1.65
    assert quality == 15
    assert [(each.step, each.fails, each.passes) for each in done.thresholds][1] == (1, 15, 16)


@pytest.mark.parametrize(
    ("mutator", "threshold", "begins"),
    [
        ("scan.skew", 3.7, 5),
        ("scan.skew", 0.61, 2.3),
        ("scan.skew", 0.11, 4.4),
        ("scan.resolution", 68, 4.2),
        ("scan.cast_shadow", 0.8, 3),
        ("scan.cast_shadow", 0.97, 3),
        ("text.typos", 0.0031, 3.3),
        ("text.typos", 0.0031, 0.9),
        ("scan.print_noise", 1.2, 5),
        ("corruption.archive_member_cut", 0.03, 5),
    ],
)
def test_the_level_is_within_a_tenth_of_the_threshold(mutator: str, threshold: float, begins: float) -> None:
    calls = Calls(fails_from(mutator, threshold))
    done = minimised(calls, at(mutator, begins))
    (value,), (found,) = values(done), done.thresholds
    assert done.state == "minimised"
    assert abs(float(value) - threshold) <= 0.1 * threshold
    assert (found.fails, found.step) == (value, 0)
    assert found.passes is not None
    assert min(float(found.passes), float(value)) <= threshold <= max(float(found.passes), float(value))
    assert Recipe.parse(str(done.example.work.recipe)) == done.example.work.recipe
    assert done.calls <= 14


def test_what_breaks_at_the_mildest_that_is_tried_is_said_to() -> None:
    done = minimised(Calls(lambda ask: CRASH if ask.recipe.steps else ""), at("scan.skew", 5))
    (found,) = done.thresholds
    assert found.passes is None
    assert found.fails == pytest.approx(0.5 / 64, rel=0.01)
    assert done.calls <= 6


def test_what_changes_nothing_is_no_failure_and_costs_nothing() -> None:
    def system(ask: Ask) -> str:
        return "skip" if float(dict(ask.recipe.steps[0].parameters)["rate"]) < 0.002 else CRASH

    calls = Calls(system)
    done = minimised(calls, at("text.typos", 3))
    assert done.state == "minimised"
    assert 0.002 <= float(values(done)[0]) <= 0.0022
    assert (done.calls, len(calls.asked) > done.calls) == (calls.made, True)


@pytest.mark.parametrize(
    ("mutator", "threshold", "begins"),
    [("scan.jpeg_generations", 5, 5), ("scan.jpeg", 7, 4.7), ("scan.punch_holes", 1, 3)],
)
def test_whole_numbers_are_told_exactly(mutator: str, threshold: int, begins: float) -> None:
    done = minimised(Calls(fails_from(mutator, threshold)), at(mutator, begins))
    assert values(done) == [threshold]


@pytest.mark.parametrize("failing", [{"blank", "missing"}, {"duplicate"}, {"missing"}, {"case", "missing"}])
def test_names_are_tried_from_the_lowest_on(failing: set[str]) -> None:
    rungs = REGISTRY["table.header"].ladder
    assert rungs is not None
    calls = Calls(lambda ask: CRASH if dict(ask.recipe.steps[0].parameters)["style"] in failing else "")
    last = max(failing, key=rungs.rungs.index)
    done = minimised(calls, step("table.header", last))
    assert values(done) == [min(failing, key=rungs.rungs.index)]
    assert done.state == "minimised"


def test_a_mutator_without_levels_takes_two_calls() -> None:
    done = minimised(Calls(lambda ask: CRASH), at("encoding.bom", 3))
    assert (done.state, done.calls, done.tries, done.failed) == ("minimised", 1, 2, 2)


def test_a_system_that_breaks_in_between_ends_with_a_failure_that_was_seen_twice() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return CRASH if 0.7 < angle < 0.8 or 2.5 < angle < 3.5 or angle > 8 else ""

    calls = Calls(system)
    done = minimised(calls, at("scan.skew", 5))
    assert done.state == "minimised"
    assert system(Ask("doc", done.example.work.recipe)) == CRASH
    assert sum(each.recipe == done.example.work.recipe for each in calls.asked) >= 2


def test_the_one_change_of_forty_that_breaks_it_is_left() -> None:
    def system(ask: Ask) -> str:
        return CRASH if 7 in kept_of(ask.recipe.steps[0], 40) else ""

    calls = Calls(system, lambda ask: (40,))
    done = minimised(calls, at("encoding.bom", 3))
    assert (done.state, done.example.work.recipe.steps[0].only, done.kept) == ("minimised", "7", ((1, 40),))
    assert done.calls <= 16


def test_changes_that_are_both_needed_are_left() -> None:
    calls = Calls(lambda ask: CRASH if {3, 31} <= kept_of(ask.recipe.steps[0], 40) else "", lambda ask: (40,))
    done = minimised(calls, at("encoding.bom", 3))
    assert done.example.work.recipe.steps[0].only == "3,31"


def test_where_any_change_will_do_the_first_is_left_at_once() -> None:
    calls = Calls(lambda ask: CRASH, lambda ask: (500,))
    done = minimised(calls, at("encoding.bom", 3))
    assert (done.example.work.recipe.steps[0].only, done.calls) == ("0", 3)


def test_changes_of_each_of_two_steps_are_left_out() -> None:
    def system(ask: Ask) -> str:
        if not has(ask, "encoding.bom", "encoding.ctrl_z"):
            return ""
        one, other = ask.recipe.steps
        return CRASH if 2 in kept_of(one, 4) and {1, 5} <= kept_of(other, 9) else ""

    done = minimised(Calls(system, lambda ask: (4, 9)), at("encoding.bom", 3), at("encoding.ctrl_z", 3))
    assert [each.only for each in done.example.work.recipe.steps] == ["2", "1,5"]
    assert (done.state, done.kept) == ("minimised", ((1, 4), (2, 9)))


def test_where_hundreds_of_changes_are_needed_it_ends_and_says_so() -> None:
    calls = Calls(lambda ask: CRASH if len(kept_of(ask.recipe.steps[0], 500)) > 200 else "", lambda ask: (500,))
    done = minimised(calls, at("encoding.bom", 3))
    assert done.state == "minimised"
    assert "fewer might be left" in done.why
    assert 200 < done.kept[0][0] < 500
    assert done.calls <= 30


def kept_of(each: Step, count: int) -> set[int]:
    """Which changes a step keeps."""
    if not each.only:
        return set(range(count))
    kept: set[int] = set()
    for run in each.only.split(","):
        first, _, last = run.partition("-")
        kept |= set(range(int(first), int(last or first) + 1))
    return kept


def test_a_simpler_case_that_fails_too_takes_its_place() -> None:
    calls = Calls(lambda ask: CRASH if ask.case in ("small", "large") else "")
    done = minimised(calls, at("encoding.bom", 3), case="large", cases=["tiny", "small", "middling", "other"])
    assert (done.example.work.case, done.state) == ("small", "minimised")
    assert "middling" not in {each.case for each in calls.asked}


def test_a_mixture_of_what_its_steps_do_alone_is_explained() -> None:
    def system(ask: Ask) -> str:
        total, date = has(ask, "text.typos"), has(ask, "scan.skew")
        return "wrong /date, /total (garbled)" if total and date else TOTAL if total else DATE if date else ""

    done = minimised(Calls(system), *FOUR)
    assert done.state == "explained"
    assert {each.verdict.fingerprint for each in done.others if each.verdict} == {TOTAL, DATE}
    assert done.calls <= 5


def test_a_crash_of_two_steps_together_is_not_explained_by_what_they_do_alone() -> None:
    def system(ask: Ask) -> str:
        if has(ask, "text.typos", "scan.skew"):
            return CRASH
        return TOTAL if has(ask, "text.typos") else ""

    done = minimised(Calls(system), *FOUR)
    assert (done.state, set(names(done))) == ("minimised", {"text.typos", "scan.skew"})
    assert [each.verdict.fingerprint for each in done.others if each.verdict] == [TOTAL]


def test_another_failure_at_a_lower_level_is_handed_on_and_does_not_count() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return CRASH if angle >= 4 else "hung" if angle >= 0.4 else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert 4 <= float(values(done)[0]) <= 4.4
    assert [each.verdict.fingerprint for each in done.others if each.verdict] == ["hung"]


def test_fewer_fields_in_another_manner_are_the_same_failure_once_the_steps_are_known() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return "wrong /date, /total (truncated)" if angle >= 4 else TOTAL if angle >= 0.6 else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert 0.6 <= float(values(done)[0]) <= 0.66
    assert done.fingerprints == ("wrong /date, /total (truncated)", TOTAL)
    assert done.others == ()


def in_turn(*marks: str) -> System:
    """Answers in this order, whatever is asked; the last one for good."""
    left = list(marks)
    return lambda ask: left.pop(0) if len(left) > 1 else left[0]


def test_what_fails_once_only_is_not_reproduced() -> None:
    calls = Calls(in_turn(CRASH, ""))
    done = minimised(calls, *FOUR)
    assert (done.state, done.tries, done.failed) == ("not reproduced", 4, 1)
    assert done.why == "it failed 1 of 4 times"
    assert Counter(str(each.recipe) for each in calls.asked)[""] == 3  # the clean document


def test_what_fails_now_and_then_is_flaky_and_its_steps_are_tried_twice() -> None:
    answers = iter(["", CRASH, "", "", "", ""])

    def system(ask: Ask) -> str:
        return next(answers) if len(ask.recipe.steps) != 1 else CRASH if has(ask, "scan.jpeg") else ""

    failure = Calls(lambda ask: CRASH).of(Ask("doc", Recipe(FOUR)))
    done = minimised(Calls(system), failure=failure)
    assert (done.state, names(done), done.tries, done.failed) == ("flaky", ["scan.jpeg"], 2, 2)
    assert done.why.startswith("it failed 2 of 4 times, scan.skew alone 0 of 2, ")


def test_where_the_clean_document_fails_too_it_is_the_system() -> None:
    answers = iter(["", CRASH, "", "", CRASH])
    failure = Calls(lambda ask: CRASH).of(Ask("doc", Recipe(FOUR)))
    done = minimised(Calls(lambda ask: next(answers)), failure=failure)
    assert (done.state, done.calls) == ("flaky", 5)
    assert "it is the system, not the damage" in done.why


def test_a_smaller_one_that_comes_and_goes_is_given_up_for_the_last_that_holds() -> None:
    """At the lowest level it fails every other time only."""
    times: Counter[str] = Counter()

    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        times[str(ask.recipe)] += 1
        return CRASH if angle > 0.45 or (angle > 0.06 and times[str(ask.recipe)] % 2) else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert values(done) == [0.5]
    assert (done.state, done.tries, done.failed) == ("not minimised", 3, 3)
    assert done.why == "a smaller one failed 1 of 2 times: scan.skew(angle=0.0625,seed=7)"


def test_what_turns_out_to_come_and_go_in_the_end_is_flaky() -> None:
    """It fails twice, and so does a smaller one once; then neither does."""
    done = minimised(Calls(in_turn(CRASH, CRASH, CRASH, "", "")), at("encoding.bom", 3), at("encoding.ctrl_z", 3))
    assert (done.state, done.tries, done.failed) == ("flaky", 3, 2)
    assert done.why.startswith("it failed 2 of 3 times")


@pytest.mark.parametrize("cap", [0, 1, 2, 3, 5, 8, 13])
def test_the_cap_holds_and_what_was_verified_last_is_kept(cap: int) -> None:
    calls = Calls(fails_from("scan.skew", 3.7), lambda ask: (9,) * len(ask.recipe.steps))
    done = minimised(calls, *FOUR, cap=cap)
    assert done.calls == calls.made <= cap
    assert done.tries == done.failed >= min(2, 1 + cap)
    assert (done.state, done.why) == ("not minimised", f"the cap of {cap} calls was reached")


def test_one_void_call_is_made_again_and_two_end_it() -> None:
    done = minimised(Calls(in_turn(CRASH, VOID, CRASH)), at("encoding.bom", 3))
    assert (done.state, done.calls) == ("minimised", 2)
    done = minimised(Calls(in_turn(CRASH, CRASH, VOID, VOID, CRASH)), *FOUR)
    assert (done.state, done.tries) == ("not minimised", 2)
    assert done.why == "2 calls came to nothing"


def test_no_recipe_is_called_more_often_than_it_must() -> None:
    calls = Calls(fails_from("scan.skew", 1.5), lambda ask: (9,) * len(ask.recipe.steps))
    minimised(calls, *FOUR, cases=["a", "b", "c"])
    often = Counter((each.case, str(each.recipe)) for each in calls.asked)
    assert max(often.values()) <= 2
    assert sum(each == 2 for each in often.values()) <= 2  # the first, and the last


def test_where_the_search_ends_first_what_was_verified_is_kept() -> None:
    calls = Calls(fails_from("scan.skew", 1.5))
    failure = calls.of(Ask("doc", Recipe(FOUR)))
    for so_many in range(12):
        asking = minimising(failure, REGISTRY, [])
        ask = next(asking)
        for _ in range(so_many):
            ask = asking.send(calls.of(ask))
        done = cut_short(asking, "the search ended first")
        assert (done.state, done.why, done.calls) == ("not minimised", "the search ended first", so_many)
        assert done.tries == done.failed == min(2, 1 + so_many)


def test_a_mutator_that_is_not_there_and_a_value_off_its_ladder_are_left_as_they_are() -> None:
    strange = (Step("gone.away", (), 1), Step("table.header", (("form", "no such form"),), 1))
    done = minimised(Calls(lambda ask: CRASH if len(ask.recipe.steps) == 2 else ""), *strange)
    assert (done.state, done.example.work.recipe.steps) == ("minimised", strange)
