"""What a marked test says where it fails, is undecided or void: figures, the worst examples, what replays them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pytest

from crumple.contract.amounts import percent
from crumple.contract.lacking import OPEN
from crumple.outcome import Outcome
from crumple.plain_text import excerpt, quoted, visible
from crumple.pytest_plugin.failure_table import failure_table
from crumple.result import Result, simplest

_EXAMPLES: Final = 3
_MANY_SKIPPED: Final = 0.2
_KINDS, _REASONS = 6, 5
_WORST: Final = (Outcome.WRONG, Outcome.HUNG, Outcome.CRASHED, Outcome.EXHAUSTED, Outcome.REFUSED)


def message(item: pytest.Item, document: Mapping[str, Any], failures: Iterable[Result], clean: Sequence[Result]) -> str:
    """What is said of a test whose limit is broken.

    Args:
        item: the test.
        document: of its run.
        failures: one of each kind.
        clean: the clean documents that are not right.
    """
    blocks = [str(document["contract"][0]["sentence"])]
    if clean:
        blocks.append(clean_failures(clean, document))
    blocks += filter(None, ["\n".join(failure_table(document)), _kinds(document)])
    worst = sorted(failures, key=lambda each: (_rank(each), simplest(each)))
    blocks += [example(item, each) for each in worst[:_EXAMPLES]]
    return "\n\n".join(blocks)


def none_may(document: Mapping[str, Any]) -> dict[str, Any]:
    """What has come out where every failure is one too many, in the words of a contract's row."""
    runs, failures = _sums(document)
    said = (
        f"{failures:,} of {runs:,} degraded documents failed"
        if failures
        else f"None of {runs:,} degraded documents failed"
    )
    state = "broken" if failures else "met"
    return {"state": state, "sentence": f"{said}, and none may.", "why": "", "method": "each", "calls": runs}


def undecided(document: Mapping[str, Any], enough: int | None) -> str:
    """What an undecided limit lacks, in one line.

    Args:
        document: of its run.
        enough: with how many documents it is met where none fails; None: more than can be asked for.
    """
    row = document["contract"][0]
    runs, failures = _sums(document)
    why = row["why"]
    if enough is not None and runs < enough and (not why or why == OPEN):
        why = f"{enough:,} documents without failure would do, and it had {runs:,}"
    said = f"undecided: {failures:,} of {runs:,} degraded documents failed, and the limit is {percent(row['limit'])}"
    return f"{said}; {why}" if why else said


def many_skipped(document: Mapping[str, Any], skipped: int) -> str:
    """That a test has itself skipped many of its degraded documents; "" where it has not.

    Args:
        document: of its run.
        skipped: how many of them.
    """
    tried = skipped + _sums(document)[0]
    if skipped <= _MANY_SKIPPED * tried:
        return ""
    return f"the test has skipped {skipped:,} of {tried:,} degraded documents, and no rate counts them"


def void(reason: str, document: Mapping[str, Any]) -> str:
    """Why a test says nothing."""
    reasons: dict[str, list[str]] = {}
    for each in document["skipped"]:
        reasons.setdefault(each["reason"], []).append(each["mutator"] or "clean documents")
    ranked = sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_REASONS]
    told = [f"  {excerpt(why, 120)}: {', '.join(names[:4])}{' ...' if len(names) > 4 else ''}" for why, names in ranked]
    told += [f"  {excerpt(cause, 160)} ({count} times)" for cause, count in document["void"]["causes"].items()]
    return "\n".join([reason.replace("; the reasons are below", ""), *told])


def clean_failures(clean: Sequence[Result], document: Mapping[str, Any], *, short: bool = False) -> str:
    """Which clean documents fail, and how the first of them does."""
    cases = document["clean"]["cases"] or len(clean)
    first = clean[0]
    head = f"{len(clean):,} of {cases:,} clean documents fail before any damage is done, and were left out"
    named = ", ".join(visible(each.work.case) for each in clean[:3]) + (" ..." if len(clean) > 3 else "")
    why = first.skipped and f"skipped: {excerpt(first.skipped, 160)}"
    if short:
        return f"{head}: {named} ({why or excerpt(first.cause, 160)})"
    return f"{head}: {named}\n{_indented(why or first.detail or first.cause)}"


def example(item: pytest.Item, result: Result) -> str:
    """One failure: what the test said of it, and the line that replays it."""
    outcome = result.verdict.outcome if result.verdict is not None else ""
    lines = [f"{visible(result.work.replay)}  ({outcome}, level {result.work.level:g})", _indented(result.detail)]
    if result.expected or result.answer:
        lines.append(f"    expected {excerpt(result.expected, 160)}, got {excerpt(result.answer, 160)}")
    return "\n".join([*filter(None, lines), f"  {replay_line(item, result.work.replay)}"])


def replay_line(item: pytest.Item, line: str) -> str:
    """The command that runs a test again for one document."""
    return f"{command(item)} {quoted(line)}"


def command(item: pytest.Item) -> str:
    """That command but for the line, from the folder that pytest was started in."""
    start = str(item.config.invocation_params.dir)
    path = os.path.relpath(item.path, start) if item.path.is_relative_to(start) else str(item.path)
    below = item.nodeid.partition("::")[2]
    return f"pytest {quoted(f'{path}::{below}')} --crumple-replay"


def _kinds(document: Mapping[str, Any]) -> str:
    buckets = document["buckets"]
    if len(buckets) < 2:
        return ""
    lines = [f"{each['count']:>5,}  {excerpt(each['fingerprint'], 100)}" for each in buckets[:_KINDS]]
    rest = len(buckets) - _KINDS
    return "\n".join(["kinds of failure", *lines, *([f"       and {rest} more"] if rest > 0 else [])])


def _rank(result: Result) -> int:
    assert result.verdict is not None
    return _WORST.index(result.verdict.outcome)


def _sums(document: Mapping[str, Any]) -> tuple[int, int]:
    found = document["categories"].values()
    return sum(each["runs"] for each in found), sum(each["failures"] for each in found)


def _indented(text: str) -> str:
    return "\n".join(f"    {visible(line)}" for line in text.splitlines())
