"""The verdict as it is read: the sentence first, the limits, then what is to be said of those that are not met."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from crumple.cli.carry_out import Manner, show
from crumple.contract.limits import LIKE_THESE, Pin
from crumple.contract.sentences import row
from crumple.contract.verdicts import decisions
from crumple.discretion import Discretion
from crumple.events import RoundEnded, Standing, Watched
from crumple.soundness import contract_state
from crumple.summary import Tally
from crumple_reports.contract import verdict
from crumple_reports.terminal import render
from engine_scripts import A, B, registry
from ledgers import call, calls, clean, ledger, limit


def document(**more: Any) -> dict[str, Any]:
    """Of a run of 100 calls of each of two mutators on twenty documents; one of them fails as a whole."""
    tally = Tally(registry(A, B), {"seed": 0, "levels": [1]})
    tally.add(clean(20))
    for at in range(100):
        outcome = "wrong" if at % 20 == 3 else "right"
        results = [
            call(at % 20, type(calls(0, 1)[0].verdict.outcome)(outcome), mutator=name, key=f"{at}/{name}/0/0")
            for name in ("text.a", "text.b")
        ]  # type: ignore[union-attr]  # it has a verdict
        tally.add(RoundEnded(at, results))
    made = tally.document(1.0)
    made["run"] |= {"ended": "calls", "calls": 220}
    return made | more


def contract(*rows: str) -> list[dict[str, Any]]:
    """Limits that came out as asked."""
    made = {
        "met": row(decisions(ledger(limit(bound=0.1), calls(2, 100), clean(100)))[0]),
        "broken": row(decisions(ledger(limit("text", "silent"), calls(20, 100), clean(100)))[0]),
        "undecided": row(
            decisions(ledger(limit(about=LIKE_THESE, up_to_level=3), [call(at % 15) for at in range(90)], clean(15)))[0]
        ),
    }
    return [copy.deepcopy(made[each]) for each in rows]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["met"], "The contract is met: it has one limit."),
        (["met", "met"], "The contract is met: both limits are met."),
        (["broken"] * 3, "The contract is broken: all 3 limits are broken."),
        (
            ["met", "broken", "met", "undecided", "broken", "met"],
            "The contract is broken: 2 of 6 limits are broken, 3 met, 1 undecided.",
        ),
        (["undecided", "met"], "The contract is undecided: 1 of 2 limits is undecided, 1 met."),
    ],
)
def test_the_contract_comes_first_in_a_sentence(rows: list[str], said: str) -> None:
    made = document(contract=contract(*rows))
    assert verdict(made) == said
    assert render(made, width=120).startswith(said + "\n")


def test_the_limits_at_80_columns() -> None:
    text = render(document(contract=contract("met", "broken", "undecided")), width=80)
    start = text.index("Contract\n")
    assert text[start : text.index("Failures by category")] == (
        """Contract
limit                        state     figure           bound      must be calls
text.a, failures             met          2 %   at most 6.2 % at most 10 %   100
text, silent failures        broken      20 % at least 13.6 %  at most 5 %   100
text.a, failures, up to      undecided    0 %        0-18.2 %  at most 5 %    90
level 3

On these documents text fails silently 20 % of the time, at least 13.6 % with 95
% confidence; the limit is 5 %.
  About these documents: 100 calls of 100 groups. About documents like these: 20
  %, between 13.6 % and 27.8 %, design effect 1.0.

On documents like these text.a up to level 3 fails 0 % of the time, at most 18.2
% with 95 % confidence; the limit is 5 %: it needs at least 59 documents like
these, and had 15.
  About documents like these: 90 calls of 15 groups, design effect not known.
  About these documents: 0 %, between 0 % and 3.3 %.

text.a, failures: met. About these documents: 100 calls of 100 groups. About
documents like these: 2 %, between 0.3 % and 6.2 %, design effect 1.0.

Bounds are one-sided, each at its limit's confidence. Broken is said with all
limits in mind: of many that are kept, one looks broken by chance. Documents
like these are new ones of the same kind: what counts there is how many groups
of documents were tried, not how many calls. These documents are those of the
corpus, and no others.

"""
    )


def test_without_a_contract_nothing_is_said_of_one() -> None:
    for made in (document(), document(contract=[])):
        assert "ontract" not in render(made)
    old = document()
    del old["contract"]
    assert contract_state(old) == ""
    assert "ontract" not in render(old)


def test_what_a_rate_is_about_stands_over_it_with_groups_and_design_effect() -> None:
    """All ten calls of one of twenty documents fail: 200 calls say as much as twenty documents, and they say little."""
    made = document()
    known = made["categories"]["text"]["like_these"]
    assert known["groups"] == 20
    assert known["design_effect"] == pytest.approx(200 / 19, rel=0.02)
    assert known["high"] > made["categories"]["text"]["high"] + 0.1
    text = render(made, width=100)
    assert "95 %        95 %          design\n" in text
    assert "rate %  these  like these  groups  effect" in text
    assert "95 % like these: the interval about new documents like these" in " ".join(text.split())


def test_a_document_of_an_earlier_crumple_has_its_one_interval() -> None:
    made = document()
    for each in [*made["categories"].values(), *made["mutators"].values()]:
        del each["like_these"]
    text = render(made, width=100)
    assert "like these" not in text
    assert "rate %  95 %" in text


def test_a_run_that_decides_says_which_figures_are_the_verdicts() -> None:
    standing = Standing(0, "met", 80, 60, 0.0, 0.0, 0.04, 80)
    rows = [row(each) for each in decisions(ledger(limit(), calls(9, 90), clean(90), Watched([standing])))]
    text = " ".join(render(document(contract=rows), width=100).split())
    assert "About these documents: 80 calls of 60 groups, decided after 80." in text
    assert "About documents like these, by all 90 calls of the run: 10 %" in text
    assert "the verdict's figures are those of each limit's own stream" in text
    assert "these intervals do not allow for that, the contract's do" in text


def test_what_is_newer_than_the_pin_is_named() -> None:
    pin = Pin({A.name: A.version})  # type: ignore[attr-defined]  # it is a mutator
    made = ledger(limit("text"), [*calls(0, 90), *calls(9, 9, mutator="text.b")], clean(90), pin=pin)
    text = render(document(contract=[row(each) for each in decisions(made)]), width=120)
    assert "Newer than the contract's pin, or changed since, and in no limit: text.b." in text


def test_broken_limits_are_in_colour_where_there_is_colour() -> None:
    made = document(contract=contract("broken", "met", "undecided"))
    assert "\x1b" not in render(made)
    assert "\x1b[1;31m" in render(made, color=True)


@pytest.mark.parametrize(
    ("rows", "more", "strict", "code"),
    [
        (["met"], {}, True, 0),
        ([], {}, True, 0),
        (["broken", "undecided"], {}, False, 1),
        (["undecided", "met"], {}, False, 0),
        (["undecided", "met"], {}, True, 3),
        (["broken"], {"void": {"calls": 200, "causes": {"no route": 200}}}, True, 4),
        (["broken"], {"ended": "interrupted"}, True, 130),
    ],
)
def test_exit_codes_say_what_became_of_the_contract(
    rows: list[str], more: dict[str, Any], strict: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    made = document(contract=contract(*rows))
    made["run"]["ended"] = more.pop("ended", "calls")
    assert show(made | more, Manner(strict=strict), Discretion(), Path("crumple.toml")) == code
    assert capsys.readouterr().out
