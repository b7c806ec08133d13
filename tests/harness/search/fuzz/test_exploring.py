"""Where the calls of a search go: everything has its turn, and what is found soon is found by mixtures."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import pytest

from crumple.case import Entry
from crumple.mutation.registry import Registry, discover
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan, draws, eligible
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.search.fuzz.exploring import Drawn, Explorer
from crumple.targets import Target
from crumple.views.inputs import Inputs
from crumple.views.table import Table
from crumple.views.text import Text
from engine_scripts import Listed, registry, scripted_mutator

RIGHT = Verdict(Outcome.RIGHT, failure=False, score=1.0)
REFUSED = Verdict(Outcome.REFUSED, failure=False)
CRASHED = Verdict(Outcome.CRASHED, failure=True, fingerprint="crashed ValueError at reader.py:total: float(text)")
CATEGORIES = ("encoding", "text", "language", "format")
FEW = [scripted_mutator(f"{category}.m{n}", Text) for category in CATEGORIES for n in range(6)]


@cache
def everything() -> Registry:
    return Registry({each.name: each for each in discover() if not each.control})


class Searching:
    """An explorer and a system that answers at once."""

    def __init__(
        self, mutators: Registry, kinds: Sequence[str] = ("text/plain",), seed: int = 0, cases: int = 4, width: int = 4
    ) -> None:
        entries = [Entry(f"{n} {kind}", kind, f"{n}", True, has_inputs=True) for kind in kinds for n in range(cases)]
        found = eligible(Plan(Listed(tuple(entries)), mutators, dependency=True), entries, set())
        targets = {name: own for name, own in found.items() if not isinstance(own, str)}
        self.targets, self.width = targets, width
        self.explorer = Explorer(mutators, targets, entries, draws(seed, 0))
        self.drawn: list[Drawn] = []

    def go(
        self,
        calls: int,
        system: Callable[[Recipe], Verdict] = lambda recipe: RIGHT,
        applies: Callable[[Step], bool] = lambda step: True,
    ) -> list[Drawn]:
        """Draw so many calls, and tell what the system makes of the steps that apply."""
        met: set[str] = set()
        made: list[Drawn] = []
        while len(made) < calls:
            now = self.explorer.draw(self.width)
            made += now
            for each in now:
                fitted = Recipe(tuple(filter(applies, each.recipe.steps)))
                if not fitted.steps:
                    self.explorer.skipped(each)
                    continue
                verdict = system(fitted)
                result = Result(Work(1, each.case, fitted), verdict)
                if verdict.failure:
                    self.explorer.failed(each, result, new=verdict.fingerprint not in met)
                    met.add(verdict.fingerprint)
                else:
                    self.explorer.passed(each, result)
        self.drawn += made
        return made


def names(drawn: Drawn) -> list[str]:
    return [step.mutator for step in drawn.recipe.steps]


def fails_on(chosen: Iterable[str]) -> Callable[[Recipe], Verdict]:
    bad = set(chosen)
    return lambda recipe: CRASHED if bad & {step.mutator for step in recipe.steps} else RIGHT


def no_format(step: Step) -> bool:
    return not step.mutator.startswith("format.")


KINDS = ("text/plain", "text/csv", "application/json", "application/pdf", "message/rfc822", "image/png")


class TestRecipes:
    def test_they_have_one_to_four_steps_of_different_mutators_at_any_real_level(self) -> None:
        drawn = Searching(everything(), KINDS).go(600)
        assert {len(each.recipe.steps) for each in drawn} == {1, 2, 3, 4}
        assert all(len(set(names(each))) == len(names(each)) for each in drawn)
        levels = [everything().get(step.mutator).level_of(step) for each in drawn for step in each.recipe.steps]
        assert all(0 < level <= 5 for level in levels)
        assert sum(level != int(level) for level in levels) > len(levels) / 3
        assert sum(level > 4 for level in levels) > len(levels) / 20
        assert sum(level < 2 for level in levels) > len(levels) / 20

    def test_content_comes_before_how_it_is_written_and_that_before_its_bytes(self) -> None:
        for each in Searching(everything(), ("text/csv",)).go(300):
            places = [
                0 if view is Table else 3 if view is bytes else 2 if step.mutator.startswith("encoding.") else 1
                for step in each.recipe.steps
                for view in [everything().get(step.mutator).view]
                if view in (Table, Text, bytes) and not step.mutator.startswith("truncation.")
            ]
            assert places == sorted(places), str(each.recipe)

    def test_all_steps_act_on_one_document_and_what_is_passed_beside_it_is_an_arm_too(self) -> None:
        entry = Entry("mail", "message/rfc822", "mail", True, inside=(("a.csv", "text/csv"),), has_inputs=True)
        targets = {
            each.name: [Target("mail", part)]
            for part, view in (("", Inputs), ("a.csv", Table))
            for each in everything()
            if each.view is view
        }
        explorer = Explorer(everything(), targets, [entry], draws(0, 0))
        drawn = explorer.draw(60)
        assert {step.part for each in drawn for step in each.recipe.steps} == {"", "a.csv"}
        assert all(len({step.part for step in each.recipe.steps}) == 1 for each in drawn)

    def test_what_excuses_the_system_is_milder_in_a_mixture(self) -> None:
        """A refusal that is acceptable would hide what the others show."""
        late = [scripted_mutator(f"text.m{n}", Text, refusable_from=4) for n in range(12)]
        drawn = Searching(registry(*late)).go(100)
        levels = [step.parameters[0][1] for each in drawn if len(each.recipe.steps) > 1 for step in each.recipe.steps]
        assert levels
        assert max(levels) <= 3
        alone = [step.parameters[0][1] for each in drawn if len(each.recipe.steps) == 1 for step in each.recipe.steps]
        assert max(alone) > 3, "but alone it is tried at all levels"

    def test_two_that_make_the_answer_another_one_are_never_together(self) -> None:
        edits = [scripted_mutator(f"text.e{n}", Text, truth="new") for n in range(8)]
        drawn = Searching(registry(*edits, *FEW)).go(200)
        assert max(sum(".e" in name for name in names(each)) for each in drawn) == 1


class TestTurns:
    def test_every_mutator_has_its_turn_before_one_has_a_second(self) -> None:
        search = Searching(registry(*FEW))
        seen: Counter[str] = Counter()
        for each in search.go(40):
            if len(seen) == len(FEW):
                break
            seen.update(names(each))
        assert len(seen) == len(FEW)
        assert sum(seen.values()) <= len(FEW) + 4

    def test_categories_and_kinds_of_documents_take_turns(self) -> None:
        drawn = Searching(everything(), KINDS).go(12)
        assert Counter(each.kind for each in drawn) == dict.fromkeys(KINDS, 2)
        one = Searching(everything(), ("text/csv",)).go(12)
        assert len({name.partition(".")[0] for each in one for name in names(each)}) >= 5

    def test_nothing_is_ever_given_up(self) -> None:
        """All of one category crash, all of another never apply."""

        def system(recipe: Recipe) -> Verdict:
            return CRASHED if any(step.mutator.startswith("text.") for step in recipe.steps) else RIGHT

        search = Searching(registry(*FEW))
        search.go(100, system, no_format)
        later = Counter(name for each in search.go(1500, system, no_format) for name in names(each))
        assert len(later) == len(FEW)

    def test_what_never_applies_is_hardly_drawn(self) -> None:
        search = Searching(registry(*FEW))
        search.go(150, applies=no_format)
        later = Counter(name.partition(".")[0] for each in search.go(300, applies=no_format) for name in names(each))
        assert later["format"] < later["text"] / 5


class TestLearning:
    def test_what_is_known_to_fail_stays_out_of_mixtures(self) -> None:
        search = Searching(registry(*FEW))
        search.go(300, fails_on(["text.m1", "encoding.m2"]))
        later = search.go(200, fails_on(["text.m1", "encoding.m2"]))
        together = [each for each in later if {"text.m1", "encoding.m2"} & set(names(each)) and len(names(each)) > 1]
        assert len(together) < 20
        assert sum(len(names(each)) > 1 for each in later) > 120, "the others are mixed all the same"

    def test_what_fails_as_is_known_sinks_to_the_floor(self) -> None:
        bad = [f"text.m{n}" for n in range(6)]
        search = Searching(registry(*FEW))
        search.go(300, fails_on(bad))
        later = Counter(name.partition(".")[0] for each in search.go(400, fails_on(bad)) for name in names(each))
        assert later["text"] < min(later[each] for each in ("encoding", "language", "format")) / 2

    def test_a_system_that_fails_on_everything_is_tried_with_one_step_at_a_time(self) -> None:
        search = Searching(registry(*FEW))
        search.go(200, lambda recipe: CRASHED)
        later = search.go(100, lambda recipe: CRASHED)
        assert all(len(each.recipe.steps) == 1 for each in later)
        assert len({name for each in later for name in names(each)}) > len(FEW) / 2, "and with all of them"

    def test_calls_go_where_new_kinds_of_failure_keep_turning_up(self) -> None:
        numbers = iter(range(10**6))

        def system(recipe: Recipe) -> Verdict:
            if any(step.mutator.startswith("format.") for step in recipe.steps):
                return Verdict(Outcome.CRASHED, failure=True, fingerprint=f"crashed {next(numbers)}")
            return RIGHT

        search = Searching(registry(*FEW))
        search.go(200, system)
        later = Counter(name.partition(".")[0] for each in search.go(400, system) for name in names(each))
        calls = sum(any(name.startswith("format.") for name in names(each)) for each in search.drawn[-400:])
        assert calls > 100, later

    def test_where_the_system_refuses_most_mixtures_get_smaller(self) -> None:
        def wary(recipe: Recipe) -> Verdict:
            return REFUSED if any(int(step.mutator[-1]) < 4 for step in recipe.steps) else RIGHT

        may = [
            scripted_mutator(f"{category}.m{n}", Text, refusable_from=1) for category in CATEGORIES for n in range(6)
        ]
        tolerant, careful = (Searching(registry(*may)) for _ in range(2))
        tolerant.go(150)
        careful.go(150, wary)
        sizes = [statistics.mean(len(names(each)) for each in search.drawn[-80:]) for search in (tolerant, careful)]
        assert sizes[0] > sizes[1] + 0.5


def calls_until(system: Callable[[Recipe], Verdict], search: Searching, most: int = 400) -> int:
    while len(search.drawn) < most:
        if CRASHED in map(system, (each.recipe for each in search.go(4, system))):
            break
    return next((at for at, each in enumerate(search.drawn, 1) if system(each.recipe) is CRASHED), most)


@pytest.mark.parametrize(
    "bad",
    [
        ("encoding.utf16", "encoding.bom", "encoding.misread"),
        ("table.delimiter",),
        ("text.case", "text.typos", "language.dates"),
    ],
)
def test_what_is_planted_is_found_in_half_the_calls_of_single_steps_at_random(bad: tuple[str, ...]) -> None:
    """On tables, whatever the level; of single steps drawn at random one in so many does it."""
    found = [calls_until(fails_on(bad), Searching(everything(), ("text/csv",), seed)) for seed in range(9)]
    mutators = len(Searching(everything(), ("text/csv",)).targets)
    alone = mutators / len(bad) * 0.69  # the median of a geometric distribution
    assert statistics.median(found) < alone / 2
