"""What an item of crumple.toml says where it fails, is skipped or cannot be measured: figures only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crumple.contract.demand import demand
from crumple.contract.limits import CLEAN, LIKE_THESE, Limit
from crumple.plain_text import excerpt, visible
from crumple.pytest_plugin.failure_table import failure_table
from crumple.pytest_plugin.worst import Worst
from crumple.soundness import void_reason

_REASONS, _LONG = 3, 200


def broken(document: Mapping[str, Any], row: Mapping[str, Any], worst: Worst, replay: Callable[[str], str]) -> str:
    """Why a limit's item fails: its sentence, the table, the worst calls, and the lines that make them again."""
    lines = [row["sentence"], *clean(document)]
    if shown := failure_table(document):
        lines += ["", *shown]
    return "\n".join([*lines, *examples(worst, replay)])


def examples(worst: Worst, replay: Callable[[str], str]) -> list[str]:
    """The worst calls, each with the line that makes it again."""
    lines: list[str] = []
    for each in worst.first():
        lines += ["", worst.said(each), f"  {replay(each.work.replay)}"]
    return lines


def clean(document: Mapping[str, Any]) -> list[str]:
    """Of documents that fail clean, which are left out of the rates by category; [] where none does."""
    found = document["clean"]
    failing = found["cases"] - found["right"]
    if not failing:
        return []
    example = found["failed"][0] if found["failed"] else None
    which = f", such as {visible(example['case'])}" if example else ""
    return [f"{failing:,} of {found['cases']:,} clean documents fail{which}; no rate of degraded ones counts them."]


def void(document: Mapping[str, Any], replay: Callable[[str], str]) -> str:
    """Why an item says nothing about the system, and what to do; "" where it does."""
    reason = void_reason(document)
    ended = document["run"]["ended"]
    tried = sum(each["runs"] for each in document["categories"].values()) + document["void"]["calls"]
    if not reason or (not tried and document["clean"]["right"]):
        return ""  # that nothing applies is no fault of anybody's, and is said where the limit is
    lines = [f"void: {reason}"]
    failed = document["clean"]["failed"]
    if ended == "all fail clean" and failed:
        first = failed[0]
        fields = ", ".join(visible(path) for path in first["wrong"][:_REASONS] if path)
        lines.append(f"{visible(first['case'])}: {first['outcome'] or 'not called'}{f': {fields}' if fields else ''}")
        lines.append(f"  {replay(first['case'])}")
        lines.append(
            "It is called with the clean documents first, and judged by their truth: see whether the truths are "
            "right, and [judge] reads the answer as it is meant."
        )
    elif document["void"]["calls"]:
        lines.append("See whether the system can be reached from here, and is configured as [system] says.")
    return "\n".join(lines)


def undecided(document: Mapping[str, Any], row: Mapping[str, Any], limit: Limit, groups: int) -> str:
    """What a limit lacks, in one line: why it is neither met nor broken.

    Args:
        document: of the item.
        row: the limit's in it.
        limit: the limit.
        groups: how many groups of documents the corpus has.
    """
    why = str(row["why"])
    calls = f"{row['calls']:,} call{'' if row['calls'] == 1 else 's'}"
    made = f" after {calls}" if row["calls"] else ""
    needs = demand(limit).watched if limit.about == LIKE_THESE and limit.of != CLEAN else None
    reasons = not_run(document) if not row["calls"] else []
    if reasons and not any(each["runs"] for each in document["categories"].values()):
        why = f"no mutator of it could be run on these documents: {reasons[0]}"
    elif needs is not None and groups < needs:
        why = f"it needs at least {needs:,} documents like these, and the corpus has {groups:,}"
    elif limit.about == LIKE_THESE and row["groups"]:
        why += f", with {row['groups']:,} documents"
    return f"undecided{made}: {why}; the limit is {row['shown']['limit']}"


def not_run(document: Mapping[str, Any]) -> Sequence[str]:
    """Why mutators were not run, the commonest reasons first."""
    reasons: dict[str, int] = {}
    for each in document["skipped"]:
        if each["mutator"]:
            reasons[each["reason"]] = reasons.get(each["reason"], 0) + 1
    return [excerpt(each, _LONG) for each in sorted(reasons, key=lambda name: (-reasons[name], name))[:_REASONS]]


def rates(document: Mapping[str, Any], worst: Worst, replay: Callable[[str], str]) -> str:
    """Of a category without a limit: its rates, and that nothing can be broken."""
    lines = ["There is no [contract], so no rate is too high; this is what was seen.", *clean(document)]
    return "\n".join([*lines, "", *failure_table(document), *examples(worst, replay)])
