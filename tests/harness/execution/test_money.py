"""What calls have cost, also where nobody can say."""

from dataclasses import replace

import pytest

from crumple.errors import CrumpleError
from crumple.execution.calls import Calls
from crumple.execution.money import Money
from crumple.outcome import Ending, Reply


def test_a_function_that_raises_ends_no_lane_where_a_call_is_added_to_another(make_spec, tmp_path):
    """The clean control is answered like any call, and what it has cost may be asked of the user's function."""
    (tmp_path / "dear_function.py").write_text("def cost(answer):\n    raise SystemExit(3)\n")
    spec = replace(make_spec(), cost="dear_function:cost", root=tmp_path, mutators={})
    calls = Calls(spec, spec.system.adapter(tmp_path))
    both = calls.together(Reply(Ending.VOID, suspect=True), Reply(Ending.ANSWERED, answer="x", attempts=2))
    assert (both.cost, both.attempts) == (0.0, 3)


def test_what_a_call_costs_is_paid_for_every_attempt_whatever_becomes_of_the_answer(tmp_path):
    money = Money(0.5, tmp_path)
    assert money.told(Reply(Ending.ANSWERED, attempts=3)) == 1.5
    assert money.told(Reply(Ending.VOID, cost=0.25)) == 0.25


def test_a_function_that_says_no_amount_is_an_error_where_the_call_itself_is_asked_about(tmp_path):
    (tmp_path / "mute_function.py").write_text("def cost(answer):\n    return -1\n")
    with pytest.raises(CrumpleError, match="no amount of money"):
        Money("mute_function:cost", tmp_path).of(Reply(Ending.ANSWERED, answer="x"))
