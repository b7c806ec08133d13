"""A run's results as flat rows, for people's own analysis; read a page at a time, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import and_, not_, select

from crumple.discretion import Discretion
from crumple.material import Shown
from crumple.outcome import Outcome
from crumple.recipe import Value
from crumple.result import Result
from crumple.store.lines import Line
from crumple.store.past import pages, put_aside, read_past
from crumple.store.rows import COLUMNS, from_row
from crumple.store.runs import Store
from crumple.store.schema import RESULTS

_ROUND, _KEY = map(COLUMNS.index, ("round", "key"))
_SECOND: Final = "again/"
_JUDGED: Final = frozenset({Outcome.RIGHT, Outcome.WRONG})
_FIGURES: Final = Discretion(store="recipe")


def rows(
    store: Store,
    line: Line,
    *,
    privacy: Shown = "figures",
    document: Mapping[str, Any] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Every result that is stored: what came before the rounds, round by round, and what was called again.

    All rows have the same columns, which docs/reports.md describes; what is not known is None.

    Args:
        store: where they are.
        line: the run.
        privacy: with "figures" no text of an answer or a document is in them.
        document: the run's, which knows the parameters of its mutators; None: the first one of a step is shown.
        groups: case -> its group, as far as they are known.

    Raises:
        StoreError: the store cannot be read.
    """
    whole = read_past(store.database, line.number).rounds
    mutators = (document or {}).get("mutators") or {}
    again = and_(RESULTS.c.round < 0, RESULTS.c.key.startswith(_SECOND))
    read = (pages(store.database, line.number, some) for some in (not_(again), again))
    for page in chain.from_iterable(read):
        with store.database.reading() as connection:
            aside = put_aside(connection, line.number, page[0][_ROUND], page[-1][_ROUND] + 1)
        for row in page:
            result = from_row(row, 0)
            in_round = 0 <= row[_ROUND] < whole and row[_KEY] not in aside
            known = result if privacy != "figures" else _FIGURES.discreet(_FIGURES.stored(result))
            yield {"run": line.id, **_asked(result, mutators, groups or {}), **_came(known, in_round=in_round)}


def cases(store: Store, line: Line) -> frozenset[str]:
    """The cases that a run has called clean, by their ids.

    Raises:
        StoreError: the store cannot be read.
    """
    mine = RESULTS.c.run == line.number, RESULTS.c.round < 0
    with store.database.reading() as connection:
        return frozenset(connection.execute(select(RESULTS.c.case_id).where(*mine).distinct()).scalars())


def _asked(result: Result, mutators: Mapping[str, Any], groups: Mapping[str, str]) -> dict[str, Any]:
    """What was called: the columns from `key` to `recipe`."""
    work = result.work
    kind = _kind(result)
    degraded = kind in {"degraded", "control"} or bool(work.mutator)
    told = mutators.get(work.mutator) or {}
    parameter, value = _parameter(result, str(told.get("parameter") or ""))
    number = not isinstance(value, (str, bool)) and value is not None
    return {
        "key": work.key,
        "kind": kind,
        "round": work.round if work.round >= 0 else None,
        "case": work.case,
        "group": groups.get(work.case),
        "category": str(told.get("category") or work.mutator.partition(".")[0]) or None,
        "mutator": work.mutator or None,
        "level": work.level if degraded or work.recipe.steps else None,
        "parameter": parameter,
        "value": value if number else None,
        "choice": str(value) if value is not None and not number else None,
        "unit": str(told.get("unit") or "") or None,
        "recipe": str(work.recipe) if work.recipe.steps else None,
    }


def _kind(result: Result) -> str:
    begins = result.work.key.partition("/")[0]
    if begins in {"clean", "control", "again"}:
        return begins
    return "degraded" if result.work.mutator else "trial"


def _parameter(result: Result, named: str) -> tuple[str | None, Value | None]:
    """The main parameter of a mutator and its value; nothing of a recipe of several steps, which has several."""
    steps = result.work.recipe.steps
    if len(steps) != 1 or not steps[0].parameters:
        return None, None
    values = dict(steps[0].parameters)
    name = named if named in values else steps[0].parameters[0][0]
    return name, values[name]


def _came(result: Result, *, in_round: bool) -> dict[str, Any]:
    """What came of it: the columns from `outcome` on."""
    verdict = result.verdict
    outcome = verdict.outcome if verdict is not None else None
    said = verdict is not None and outcome is not Outcome.VOID
    judged = verdict is not None and said and (outcome in _JUDGED or verdict.score > 0)
    return {
        "outcome": str(outcome) if outcome is not None else None,
        "counted": in_round and said and _kind(result) == "degraded",
        "failure": verdict.failure if verdict is not None and said else None,
        "silent": verdict.failure and verdict.silent if verdict is not None and said else None,
        "score": verdict.score if verdict is not None and judged else None,
        "wrong": list(verdict.wrong) if verdict is not None and said else None,
        "abstained": list(verdict.abstained) if verdict is not None and said else None,
        "fingerprint": (verdict.fingerprint or None) if verdict is not None else None,
        "cause": result.cause or None,
        "expected": result.expected or None,
        "answer": result.answer or None,
        "seconds": result.seconds if verdict is not None else None,
        "cost": result.cost,
        "attempts": result.attempts,
        "digest": result.digest or None,
        "skipped": result.skipped or None,
    }
