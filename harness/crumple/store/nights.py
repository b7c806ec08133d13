"""Past runs and nights, by SQL: which there are, and what came of certain calls; no result is put together for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, case, func, select, text

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
_CLEAN: Final = "clean/"
_ROWS_READ: Final = 5000
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
    for number, said in found:
        info = _object(said)
        known = info.get("known")
        if info.get("kind") != "night" or not isinstance(known, dict) or known.get("baseline") != baseline:
            continue
        with database.reading() as connection:
            document = connection.execute(select(RUNS.c.document).where(RUNS.c.number == number)).scalar_one_or_none()
        yield number, info, _object(document)


def identities(database: Database, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """What the calls of some runs depend on: number of the run -> name -> digest.

    Raises:
        StoreError: they cannot be read.
    """
    with database.reading() as connection:
        rows = connection.execute(select(RUNS.c.number, RUNS.c.identities).where(RUNS.c.number.in_(numbers))).all()
    return {number: {name: str(each) for name, each in _object(said).items()} for number, said in rows}


def removed(database: Database) -> int | None:
    """How many runs were once there and are not any more; None where that cannot be told.

    Raises:
        StoreError: the store cannot be read.
    """
    if database.path is None:
        return None  # a server's numbers have gaps for other reasons too
    with database.reading() as connection:
        made = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": RUNS.name})
        there = connection.execute(select(func.count()).select_from(RUNS)).scalar_one()
        return max(0, int(made.scalar_one_or_none() or 0) - int(there))


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
    wanted = {_mark(call[0], recipe): call for call, recipe in asked.items()}
    longest = len(_BEGINS) + max((len(steps) for _, steps in wanted), default=0) + len(_ENDS)
    came: dict[int, Came] = {number: {} for number in numbers}
    with database.reading() as connection:
        for number in numbers:
            whole, aside = _whole(connection, number)
            rows = connection.execute(_rows(number, longest), execution_options={"yield_per": _ROWS_READ})
            for round_, key, name, failure, digest, rest in rows:
                if round_ >= whole or key in aside.get(round_, ()) or not _is_first(key, round_, rest):
                    continue
                # Mostly the steps end where that stands first, and reading the JSON takes longer than all else.
                end = rest.find(_ENDS)
                call = wanted.get((name, rest[len(_BEGINS) : end + 2])) if end > 0 else None
                call = call or wanted.get((name, _steps(rest)))
                if call is not None:
                    came[number][call] = digest, bool(failure)
    return came


def _is_first(key: str, round_: int, rest: str) -> bool:
    """Whether it is the first call of a repetition, and before the rounds a clean one."""
    if key.startswith(HASHED):
        key = str(_object(rest).get("key", ""))
    return key.endswith(_FIRST) and (round_ >= 0 or key.startswith(_CLEAN))


def _rows(number: int, longest: int) -> Any:
    """The calls of a run of which something came; of a row's JSON as much as the longest recipe has."""
    # What a key is that is hashed stands at the end of it.
    rest = case((RESULTS.c.key.startswith(HASHED), RESULTS.c.rest), else_=func.substr(RESULTS.c.rest, 1, longest))
    clean = RESULTS.c.key.startswith(_CLEAN) | RESULTS.c.key.startswith(HASHED)
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


def _object(said: str | None) -> dict[str, Any]:
    """A JSON object; an empty one where there is none."""
    try:
        found = json.loads(said or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
