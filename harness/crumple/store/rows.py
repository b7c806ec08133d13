"""Results as rows of the store, and back. Pure.

What can be asked for in SQL has a column of its own; the rest is JSON in ASCII, which holds what neither database's
text can: lone surrogates of file names, and NUL.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from sys import intern
from typing import Any, Final, TypeAlias

from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.truth import ABSENT

Row: TypeAlias = tuple[Any, ...]

COLUMNS: Final = (
    "round",
    "key",
    "case_id",
    "mutator",
    "level",
    "outcome",
    "failure",
    "seconds",
    "cost",
    "attempts",
    "digest",
    "whole",
    "rest",
)
"""Of a row, in this order."""

HASHED: Final = "sha256/"
"""How a key begins that stands for a longer one, which is in the row's JSON."""
_LONGEST_KEY = 500  # an index of PostgreSQL holds at most 2,704 bytes of a row
_SAID: Final = ("wrong", "abstained", "fingerprint", "figures", "labels")
_NOTHING: Final = Recipe()
_OUTCOMES = {str(each): each for each in Outcome}
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def column(text: str) -> str:
    """A text as both databases take it: without lone surrogates and NUL, which are written as escapes."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def stored_key(key: str) -> str:
    """A key as it stands in the store: itself, or its hash where a database would not take it."""
    if len(key) <= _LONGEST_KEY and column(key) == key:
        return key
    return f"{HASHED}{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def to_row(result: Result, *, whole: bool = True) -> Row:
    """A result as the values of `COLUMNS`.

    Args:
        result: as much of it as may be kept.
        whole: whether it holds all that a resumed run needs of it.
    """
    work, verdict = result.work, result.verdict
    rest = _rest(result)
    key, case = stored_key(work.key), column(work.case)
    if key != work.key or case != work.case:
        rest["key"], rest["case"] = work.key, work.case
    try:
        text = _encode(rest)
    except (TypeError, ValueError, RecursionError):
        # What an answer is made of is the system's choice: it may be nested too deeply, or no JSON at all.
        rest.pop("value", None)
        rest["figures"] = {}
        whole, text = result.value is ABSENT, _encode(rest)
    return (
        work.round,
        key,
        case,
        work.mutator,
        work.level,
        None if verdict is None else str(verdict.outcome),
        verdict is not None and verdict.failure,
        result.seconds,
        0.0 if result.cost != result.cost else result.cost,
        result.attempts,
        result.digest,
        whole,
        text,
    )


def _rest(result: Result) -> dict[str, Any]:
    """What has no column, or does not fit into it; defaults left out."""
    work, verdict = result.work, result.verdict
    rest: dict[str, Any] = {}
    if work.recipe.steps:
        rest["recipe"] = [
            [step.mutator, step.parameters, step.seed, step.part, step.only]
            if step.part or step.only
            else [step.mutator, step.parameters, step.seed]
            for step in work.recipe.steps
        ]
    if verdict is not None:
        said = (
            ("score", verdict.score),
            ("wrong", verdict.wrong),
            ("abstained", verdict.abstained),
            ("fingerprint", verdict.fingerprint),
            ("figures", verdict.figures and dict(verdict.figures)),
            ("labels", verdict.labels),
        )
        rest.update([pair for pair in said if pair[1]])
    for name in ("skipped", "cause", "detail", "expected", "answer"):
        if text := getattr(result, name):
            rest[name] = text
    if result.value is not ABSENT:
        rest["value"] = result.value
    if result.changes:
        rest["changes"] = result.changes
    return rest


def from_row(row: Sequence[Any], number: int) -> Result:
    """The result that `to_row` was given.

    Args:
        row: the values of `COLUMNS`.
        number: the id of its work.
    """
    rest = rest_of(row)
    round_, key, case, mutator, level = row[:5]
    # Of a million results whoever keeps names keeps each but once.
    own_key, own_case, own_mutator = rest.get("key", key), intern(rest.get("case", case)), intern(mutator)
    work = Work(number, own_case, recipe_of(rest), key=own_key, round=round_, level=level, mutator=own_mutator)
    return result_of(row, rest, work)


def rest_of(row: Sequence[Any]) -> dict[str, Any]:
    """What of a row is JSON."""
    rest: dict[str, Any] = _decode(row[-1])
    return rest


def result_of(row: Sequence[Any], rest: dict[str, Any], work: Work) -> Result:
    """What became of a work.

    Args:
        row: its result, the values of `COLUMNS`.
        rest: the row's JSON.
        work: the one that it is the result of.
    """
    outcome, failure, seconds, cost, attempts, digest = row[5:11]
    get = rest.get
    return Result(
        work,
        None if outcome is None else _verdict(outcome, bool(failure), rest),
        get("skipped", ""),
        get("cause", ""),
        get("detail", ""),
        get("expected", ""),
        get("answer", ""),
        seconds,
        digest,
        get("value", ABSENT),
        cost or 0.0,  # most cost nothing, and share that
        attempts,
        tuple(get("changes", ())),
    )


def _verdict(outcome: str, failure: bool, rest: dict[str, Any]) -> Verdict:
    if rest.keys().isdisjoint(_SAID):
        return _plain(outcome, failure, rest.get("score", 0.0))
    get = rest.get
    labels = get("labels")
    return Verdict(
        _OUTCOMES[outcome],
        failure,
        get("score", 0.0),
        tuple(get("wrong", ())),
        tuple(get("abstained", ())),
        get("fingerprint", ""),
        get("figures", {}),
        None if labels is None else (labels[0], labels[1]),
    )


@lru_cache(100)
def _plain(outcome: str, failure: bool, score: float) -> Verdict:
    """Of a million right answers the verdict is one."""
    return Verdict(_OUTCOMES[outcome], failure, score)


def recipe_of(rest: dict[str, Any]) -> Recipe:
    """The recipe in a row's JSON."""
    steps = rest.get("recipe")
    if not steps:
        return _NOTHING
    return Recipe(
        tuple(
            Step(mutator, tuple((name, value) for name, value in parameters), *more)
            for mutator, parameters, *more in steps
        )
    )
