"""What is said of a kind of failure as more is known of it."""

from __future__ import annotations

import pytest

from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.search.fuzz.discoveries import Discoveries
from crumple.search.fuzz.minimised import Minimised

MARK = "crashed ConnectionError at orders.py:total: pool()"


def failed(mutator: str) -> Result:
    recipe = Recipe.parse(f"{mutator}(share=0.5,seed=1)")
    return Result(Work(1, "a.txt", recipe), Verdict(Outcome.CRASHED, failure=True, fingerprint=MARK))


@pytest.mark.parametrize("before", [True, False])
def test_what_was_met_more_than_once_but_not_when_it_was_called_again_fails_now_and_then(before: bool) -> None:
    discoveries, once = Discoveries(()), failed("text.case")
    discoveries.met(once, exploring=True)
    if before:
        discoveries.met(failed("scan.skew"), exploring=True)
    state = discoveries.done(0, Minimised(state="not reproduced", example=once, tries=4, failed=1)).state
    assert state == ("flaky" if before else "not reproduced")
    found, new = discoveries.met(failed("text.swap"), exploring=True)
    assert found is not None
    # Of what did not fail again the new failure is made smaller, for it may have a cause of its own.
    assert (found.state, found.number, new) == (("flaky", 0, False) if before else ("met", 0, True))
    again = Minimised(state="not reproduced", example=failed("text.swap"), tries=4, failed=1)
    assert discoveries.done(0, again).state == "flaky"


@pytest.mark.parametrize(("mutator", "anew"), [("combination.fax", True), ("scan.skew", False)])
def test_what_one_damage_of_several_does_is_made_smaller_anew_from_a_plain_one_once(mutator: str, anew: bool) -> None:
    discoveries, first, plain = Discoveries(()), failed(mutator), failed("text.case")
    discoveries.met(first, exploring=True)
    discoveries.met(plain, exploring=True)
    discoveries.done(0, Minimised(state="minimised", example=first, calls=5))
    assert (discoveries.shorter(0) is plain) is anew
    assert discoveries.shorter(0) is None
    kept = discoveries.done(0, Minimised(state="not reproduced", example=plain, calls=3))
    assert (kept.state, kept.example) == (("minimised", first) if anew else ("flaky", plain))
