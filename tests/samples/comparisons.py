"""Two runs that can be compared, made up call by call; and the document that comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from crumple.comparing.document import comparison
from crumple.comparing.sides import Called, Key, Side
from crumple.comparing.sums import side_by_side
from crumple.nightly.baseline import Call
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from documents_of_runs import limit, mutator, run
from night_calls import call

RIGHT, WRONG, CRASHED = Outcome.RIGHT, Outcome.WRONG, Outcome.CRASHED
Outcomes: TypeAlias = Sequence[tuple[str, Outcome, Outcome, int]]
"""Mutator, how the first ended, how the second did, and how many documents there are of that."""
SETTINGS = {"[judge] kind": "fields", "[judge] pass": "1"}
BUY_IS_BETTER: Outcomes = (
    ("", RIGHT, RIGHT, 10),
    ("encoding.bom", CRASHED, RIGHT, 30),
    ("encoding.bom", RIGHT, RIGHT, 40),
    ("table.delimiter", CRASHED, WRONG, 12),
    ("table.delimiter", WRONG, WRONG, 3),
    ("table.delimiter", RIGHT, WRONG, 2),
    ("scan.skew", RIGHT, RIGHT, 40),
)


def calls(outcomes: Outcomes, at: int) -> list[Call]:
    """The calls of the first (0) or the second (1)."""
    made, number = [], 0
    for mutator_, *ends, many in outcomes:
        for _ in range(many):
            number += 1
            made.append(call(number, ends[at], mutator=mutator_, case=f"{number}.txt", cause=_cause(ends[at])))
    clean = {each.case: replace(call(0, mutator="", case=each.case, digest=f"clean {each.case}")) for each in made}
    damaged = [each for each in made if each.mutator]
    return [*(clean[each.case] for each in made if not each.mutator), *damaged]


def _cause(outcome: Outcome) -> str:
    return "ValueError: no total" if outcome is CRASHED else ""


def side(
    made: Sequence[Call],
    name: str = "a",
    *,
    about: Mapping[str, Any] | None = None,
    void: Iterable[Key] = (),
    skipped: Iterable[Key] = (),
    **more: Any,
) -> Side:
    """A side of these calls."""
    cases: dict[str, Called] = {}
    for each in made:
        cases.setdefault(each.case, Called()).calls[each.key] = each
    for key in void:
        cases.setdefault(key[0], Called()).void.add(key)
    for key in skipped:
        cases.setdefault(key[0], Called()).skipped.add(key)
    known = {each.key: each for each in made}
    document = run(contract=[limit("met", method="fixed")])
    document["run"] |= {"id": f"20260101-00000{name}-abcd", "settings": SETTINGS, "levels": [2.0], "project": name}
    document["run"] |= dict(about or {})
    document["mutators"] = {each.mutator: mutator(1, 0) for each in made if each.mutator}
    values: dict[str, Any] = {"run": str(document["run"]["id"]), "state": "ended", "document": document}
    values |= {"cases": lambda: iter(sorted(cases.items()))}
    values |= {"results": lambda keys: {key: _result(known[key]) for key in keys}}
    return Side(**(values | more))


def sides(outcomes: Outcomes = BUY_IS_BETTER) -> tuple[Side, Side]:
    """Both."""
    return side(calls(outcomes, 0), "1", config="build"), side(calls(outcomes, 1), "2", config="buy")


def document(outcomes: Outcomes = BUY_IS_BETTER, *, names: tuple[str, str] = ("build", "buy"), **more: Any) -> Any:
    """The document of a comparison."""
    first, second = sides(outcomes)
    return of_sides(first, second, names=names) | more


def of_sides(first: Side, second: Side, *, names: tuple[str, str] = ("A", "B")) -> dict[str, Any]:
    """The document of two sides."""
    command = "crumple run --config buy --calls-of build"
    return comparison(first, second, side_by_side(first, second), names=names, command=command)


def _result(made: Call) -> Result:
    work = Work(0, made.case, made.recipe, made.level, made.mutator, "0/x/0/0")
    verdict = Verdict(made.outcome, made.failure, wrong=("/total",) if made.outcome is WRONG else ())
    wrong = made.outcome is WRONG
    return Result(
        work,
        verdict,
        cause=made.cause,
        expected='{"total":119.0}' if wrong else "",
        answer='{"total":11.9}' if wrong else "",
        digest=made.digest,
    )
