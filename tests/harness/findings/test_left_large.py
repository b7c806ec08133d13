"""What an interrupted search left large is made small by the next one, as what it is known as."""

from __future__ import annotations

from crumple.engine import run
from crumple.events import Discovered
from crumple.findings.status import Known
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search
from crumple.views.text import Text
from engine_scripts import Scripted, registry, scripted_mutator, texts

MUTATORS = [scripted_mutator(f"text.m{n}", Text) for n in range(4)]
MARK = "crashed ValueError at reader.py:total: float(text)"


class FailsOnTheFirst(Scripted):
    """An executor of a system that fails on the first mutator alone."""

    def _result(self, work: Work) -> Result:
        failure = any(step.mutator == "text.m0" for step in work.recipe.steps)
        outcome = Outcome.CRASHED if failure else Outcome.RIGHT
        verdict = Verdict(outcome, failure=failure, score=float(not failure), fingerprint=MARK if failure else "")
        return Result(work, verdict, attempts=1)


def found(*, small: bool) -> tuple[str, int, int]:
    """What the search says of the known finding in the end: its recipe's steps among it."""
    recipe = Recipe.parse("text.m0(count=5,seed=1) > text.m1(count=5,seed=2)")
    plan = Plan(texts(2), registry(*MUTATORS), calls=160, round_size=4, again=False)
    course = Fuzzing(plan, Search(width=4))
    course.know([Known("text-1", "0.txt", recipe, (MARK,), small=small)])
    events = [each for each in run(plan, FailsOnTheFirst(), None, course) if isinstance(each, Discovered)]
    last = [each.discovery for each in events if each.discovery.known == "text-1"][-1]
    return last.state, len(last.example.work.recipe.steps), last.calls


def test_what_was_left_large_is_made_small_and_what_is_small_is_left_alone() -> None:
    state, steps, calls = found(small=False)
    assert (state, steps) == ("minimised", 1)
    assert calls > 0
    assert found(small=True)[2] == 0
