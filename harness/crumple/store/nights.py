"""Past nights, by SQL: which there are, and what came of certain calls in them; no result is put together for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, case, func, select

from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.store.database import Database
from crumple.store.record import ENDED
from crumple.store.rows import HASHED, column, to_row
from crumple.store.schema import RESULTS, ROUNDS, RUNS

Asked: TypeAlias = "Mapping[tuple[str, str], Recipe]"
"""(case, recipe's text) -> that recipe."""
Came: TypeAlias = "dict[tuple[str, str], tuple[str, bool]]"
"""(case, recipe's text) -> (digest of the degraded document, whether it failed)."""

_BEGINS: Final = '{"recipe":'
_ENDS: Final = ']],"'
_FIRST: Final = "/0"
"""How the key of the first of repetitions ends."""
_decode = json.JSONDecoder().raw_decode


def ended_nights(database: Database, baseline: str) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """The nights that ended and were compared with a baseline, the newest first: number, info, document.

    Each document is read when it is asked for.

    Args:
        database: whose nights.
        baseline: its id.

    Raises:
        StoreError: they cannot be read.
    """
    # What the text of the JSON cannot rule out is ruled out below.
    likely = RUNS.c.info.contains(f'"{baseline}"', autoescape=True)
    with database.reading() as connection:
        found = connection.execute(
            select(RUNS.c.number, RUNS.c.info).where(RUNS.c.state == ENDED, likely).order_by(RUNS.c.number.desc())
        ).all()
    for number, text in found:
        info = _object(text)
        known = info.get("known")
        if info.get("kind") != "night" or not isinstance(known, dict) or known.get("baseline") != baseline:
            continue
        with database.reading() as connection:
            document = connection.execute(select(RUNS.c.document).where(RUNS.c.number == number)).scalar_one_or_none()
        yield number, info, _object(document)


def outcomes(database: Database, numbers: Sequence[int], asked: Asked) -> dict[int, Came]:
    """What came of certain calls in certain runs.

    Only first calls of a repetition, and only clean ones and those of whole rounds. What was skipped or void did not
    come to anything.

    Args:
        database: whose runs.
        numbers: of the runs.
        asked: the calls.

    Raises:
        StoreError: they cannot be read.
    """
    wanted = {_mark(name, recipe): (name, text) for (name, text), recipe in asked.items()}
    longest = max((len(recipe) for _, recipe in wanted), default=0) + len(_BEGINS) + 1
    came: dict[int, Came] = {number: {} for number in numbers}
    with database.reading() as connection:
        for number in numbers:
            whole, aside = _whole(connection, number)
            for round_, key, name, failure, digest, rest in connection.execute(_rows(number, longest)):
                if round_ >= 0 and (round_ >= whole or key in aside.get(round_, ())):
                    continue
                if key.startswith(HASHED):
                    key = str(_object(rest).get("key", key))
                if not key.endswith(_FIRST) or (round_ < 0 and not key.startswith("clean/")):
                    continue
                # Mostly the steps end where that stands first, and reading the JSON takes longer than all else.
                end = rest.find(_ENDS)
                call = wanted.get((name, rest[len(_BEGINS) : end + 2])) if end > 0 else None
                call = call or wanted.get((name, _steps(rest)))
                if call is not None:
                    came[number][call] = digest, bool(failure)
    return came


def _rows(number: int, longest: int) -> Any:
    """The calls of a run of which something came; of a row's JSON as much as the longest recipe has."""
    # What a key is that is hashed stands at the end of it.
    rest = case((RESULTS.c.key.startswith(HASHED), RESULTS.c.rest), else_=func.substr(RESULTS.c.rest, 1, longest))
    clean = RESULTS.c.key.startswith("clean/") | RESULTS.c.key.startswith(HASHED)
    return select(RESULTS.c.round, RESULTS.c.key, RESULTS.c.case_id, RESULTS.c.failure, RESULTS.c.digest, rest).where(
        RESULTS.c.run == number,
        RESULTS.c.outcome.is_not(None),
        RESULTS.c.outcome != "void",
        ((RESULTS.c.round < 0) & clean) | ((RESULTS.c.round >= 0) & (RESULTS.c.mutator != "")),
    )


def _whole(connection: Connection, number: int) -> tuple[int, dict[int, frozenset[str]]]:
    """How many whole rounds a run has, from 0 on without a gap; and what of them is not counted."""
    rounds = select(ROUNDS.c.number, ROUNDS.c.aside).where(ROUNDS.c.run == number).order_by(ROUNDS.c.number)
    whole = 0
    aside: dict[int, frozenset[str]] = {}
    for found, keys in connection.execute(rounds):
        if found != whole:
            break
        whole += 1
        if keys != "[]":
            aside[found] = frozenset(json.loads(keys))
    return whole, aside


def _mark(name: str, recipe: Recipe) -> tuple[str, str]:
    """A call as a row has it: the case, and the JSON of the recipe's steps; "" without any."""
    return column(name), _steps(to_row(Result(Work(0, name, recipe), None))[-1])


def _steps(rest: str) -> str:
    """The recipe's steps in a row's JSON, as they are written there; "" without any, or where they are cut off."""
    if not rest.startswith(_BEGINS):
        return ""
    try:
        return rest[len(_BEGINS) : _decode(rest, len(_BEGINS))[1]]
    except ValueError:
        return "cut off"


def _object(text: str | None) -> dict[str, Any]:
    """A JSON object; an empty one where there is none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
