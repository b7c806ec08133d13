"""A run's problems, the worst first: one for each cause of failures, in plain words. Pure.

What a system answered and what documents hold are reached through `Problem.example` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from crumple import visible
from crumple_reports.broken_limits import of_limits
from crumple_reports.night_words import drifting, worse_rows
from crumple_reports.problem import Problem, problem_of
from crumple_reports.search import is_search

__all__ = ["IN_FULL", "LEADING", "LISTED", "Problem", "by_mutator", "failures_of", "problems_of"]

IN_FULL: Final = 60
"""How many problems a page shows with all that is known of them."""
LISTED: Final = 300
"""How many it names at all; these have an anchor, `#problem-N`."""
LEADING: Final = 3
"""How many problems are named at the top of a page: one of each area, where there are as many that matter."""
_MATTERS: Final = 0.1
"""Which part of what fails in production, or of what the commonest cause makes fail, lets a problem lead its area."""
_NOW: Final = " now"
_FOUND: Final = ("minimised", "not minimised", "minimising", "met", "flaky")


def problems_of(document: Mapping[str, Any]) -> list[Problem]:
    """The problems, the worst first.

    What is newly worse than a night's baseline comes first; then what breaks a limit; silent failures before loud
    ones; what production's failures are mostly made of; what is commonest; and what fails at the lowest level. The
    first three are each the worst of another category, where so many matter: who reads no further has seen all sides.

    Args:
        document: of a run, a search, a night or a pytest session.
    """
    found = _of_session(document) if document.get("kind") == "pytest" else list(_of_run(document))
    return [replace(each, number=at) for at, each in enumerate(_apart(sorted(found, key=_rank)), 1)]


def by_mutator(problems: Iterable[Problem]) -> dict[str, int]:
    """Mutator -> the number of the worst problem that it has a part in, of those that have an anchor."""
    numbers: dict[str, int] = {}
    for each in problems:
        for name in each.mutators if each.number <= LISTED else ():
            numbers.setdefault(name, each.number)
    return numbers


def failures_of(document: Mapping[str, Any]) -> int:
    """Of how many failures the calls of problems are some; 0 where they are not the same calls."""
    if document.get("kind") == "pytest" or is_search(document):
        return 0
    return sum(int(each["failures"]) for each in (document.get("categories") or {}).values())


def _apart(ranked: Sequence[Problem]) -> list[Problem]:
    """The same, the worst of each category before the others, as far as they are named at the top."""
    commonest = max((each.count for each in ranked), default=0)
    leading: dict[tuple[str, tuple[str, ...]], Problem] = {}
    for each in ranked:
        if _matters(each, commonest):
            leading.setdefault((each.item, each.categories[:1]), each)
    first = list(leading.values())[:LEADING]
    return [*first, *(each for each in ranked if all(each is not other for other in first))]


def _matters(problem: Problem, commonest: int) -> bool:
    part = problem.weight if problem.share is not None else problem.count / max(1, commonest)
    return problem.note.endswith(_NOW) or bool(problem.limits) or part >= _MATTERS


def _rank(problem: Problem) -> tuple[object, ...]:
    level = problem.example.get("level")
    return (
        not problem.note.endswith(_NOW),
        not problem.limits,
        not problem.silent,
        -round(problem.weight, 6),
        -problem.count,
        float(level) if isinstance(level, (int, float)) else 0.0,
        problem.title,
    )


def _of_run(document: Mapping[str, Any], item: str = "", privacy: str = "") -> Iterator[Problem]:
    newly = _newly(document)
    found = [_of_bucket(document, bucket, newly) for bucket in document.get("buckets") or ()]
    found += [_of_discovery(document, each) for each in _discoveries(document)]
    covered = {name for each in found for name in each.mutators}
    shown = {each.replay for each in found}
    found += [*_of_mutators(document, covered), *_of_night(document, newly, shown)]
    found += of_limits(document, found)
    for problem in found:
        yield replace(problem, item=item, privacy=privacy)


def _of_bucket(document: Mapping[str, Any], bucket: Mapping[str, Any], newly: Mapping[str, str]) -> Problem:
    mutators = bucket.get("mutators") or {str(bucket["mutator"]): int(bucket["count"])}
    tried, failed = int(bucket.get("tried", 1)), int(bucket.get("failed", 1))
    fingerprint = str(bucket["fingerprint"])
    return problem_of(
        document,
        bucket["example"],
        mutators,
        fingerprint=fingerprint,
        count=int(bucket["count"]),
        flaky="" if tried == failed else f"{failed} of {tried}",
        note=newly.get(fingerprint, ""),
    )


def _discoveries(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if is_search(document):
        for each in (document.get("search") or {}).get("discoveries") or ():
            if each.get("state") in _FOUND:
                yield each


def _of_discovery(document: Mapping[str, Any], found: Mapping[str, Any]) -> Problem:
    tries, failed = int(found.get("tries", 1)), int(found.get("failed", 1))
    known = f"known as {visible(str(found['known']))}" if found.get("known") else ""
    return problem_of(
        document,
        found["example"],
        dict.fromkeys(map(str, found.get("mutators") or ()), 0),
        fingerprint=str(found.get("shows") or found["fingerprints"][0]),
        count=int(found["count"]),
        flaky="" if tries == failed else f"{failed} of {tries}",
        note=known,
        finding=str(found["id"]) if found.get("written") and found["state"] != "flaky" else "",
    )


def _of_mutators(document: Mapping[str, Any], covered: set[str]) -> Iterator[Problem]:
    """The worst call of each failing mutator that has a part in no cause that the document holds."""
    for name, figures in (document.get("mutators") or {}).items():
        worst = figures.get("worst")
        if worst and name not in covered:
            failures = int(figures.get("failures") or 0)
            yield problem_of(document, worst, {name: failures}, fingerprint="", count=failures)


def _newly(document: Mapping[str, Any]) -> dict[str, str]:
    """Fingerprint -> what a night says of calls that fail so, and did not in the baseline."""
    found: dict[str, str] = {}
    for each in _documents(document):
        found.setdefault(str(each.get("fingerprint", "")), _before_and_now(each))
    found.pop("", None)
    return found


def _documents(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in (*worse_rows(document), *drifting(document)):
        yield from row.get("documents") or ()


def _before_and_now(each: Mapping[str, Any]) -> str:
    return f"{visible(str(each.get('before') or 'not called'))} in the baseline, {visible(str(each['now']))} now"


def _of_night(document: Mapping[str, Any], newly: Mapping[str, str], shown: set[str]) -> Iterator[Problem]:
    """A night's documents that got worse, of kinds that no cause of the document covers."""
    told = {str(each["fingerprint"]) for each in document.get("buckets") or ()}
    for each in _documents(document):
        fingerprint, replay = str(each.get("fingerprint", "")), str(each["replay"])
        if fingerprint in told or replay in shown:
            continue
        told.add(fingerprint or replay)
        shown.add(replay)
        example = {"case": replay.partition(" > ")[0], "outcome": each["now"], "wrong": [], "cause": "", **each}
        mutator = replay.rpartition(" > ")[2].partition("(")[0]
        named = {mutator: 0} if " > " in replay else {}
        yield problem_of(document, example, named, fingerprint=fingerprint, count=0, note=_before_and_now(each))


def _of_session(document: Mapping[str, Any]) -> list[Problem]:
    """Those of each test; limits of one file call the same documents, and show a cause once."""
    found: dict[tuple[str, str, str], Problem] = {}
    for item in document.get("items") or ():
        source, privacy = str(item.get("source", item["id"])), str(item.get("privacy", "figures"))
        for each in _of_run(item["document"], str(item["id"]), privacy) if item.get("document") else ():
            key = (source, each.fingerprint or each.title, each.replay)
            before = found.get(key)
            found[key] = each if before is None else replace(before, limits=_joined(before.limits, each.limits))
    return list(found.values())


def _joined(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
