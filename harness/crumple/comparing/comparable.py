"""Whether two runs can be held against each other, and what differs between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crumple.comparing.sides import Side
from crumple.comparing.sums import Sums
from crumple.errors import CrumpleError
from crumple.nightly.changes import differing, judged_by
from crumple.soundness import void_reason

SCHEMA: Final = 1
POINTS: Final = "breaking-points"
_REASONS: Final = 3


def check_run(run: str, document: Mapping[str, Any] | None, calls: int) -> Mapping[str, Any]:
    """The document of a run that can be one side.

    Args:
        run: its id.
        document: the run's; None where it was never written.
        calls: how many it has stored.

    Raises:
        CrumpleError: it cannot; the message says why, and what to do.
    """
    another = "Name another run; `crumple runs` lists them."
    if document is None:
        said = f"run {run} does not have anything to compare yet: {calls:,} calls are stored"
        raise CrumpleError(said, hint="The same command goes on with it.")
    if document.get("schema") != SCHEMA:
        raise CrumpleError(
            f"run {run} was written by another version of crumple",
            got=str(document.get("schema")),
            allowed=[f'"schema": {SCHEMA}'],
            hint="Read it with that version, or run again.",
        )
    if (document["run"].get("kind") or "run") == "fuzz":
        said = f"run {run} is a search: it calls where failures are, not fairly"
        raise CrumpleError(said, hint="Compare two of `crumple run`.")
    if reason := void_reason(document):
        raise CrumpleError(f"run {run} is void, and says nothing about its system. {reason}", hint=another)
    return document


def check_sides(first: Side, second: Side, *, anyway: bool = False) -> None:
    """See that failures mean the same in both.

    Args:
        first: one.
        second: the other.
        anyway: whether answers that are judged otherwise are to be compared all the same.

    Raises:
        CrumpleError: they do not.
    """
    if (first.kind == POINTS) != (second.kind == POINTS):
        found, other = (first, second) if first.kind == POINTS else (second, first)
        raise CrumpleError(
            f"run {found.run} looks for breaking points, and run {other.run} does not: they call other things",
            hint="Compare two runs of one kind.",
        )
    judged = list(judged_otherwise(first, second))
    if judged and not anyway:
        said = "; ".join(f"{what} is {one} in A and {two} in B" for what, one, two in judged)
        raise CrumpleError(
            f"their answers are judged otherwise, so that a failure is not the same thing in both: {said}",
            hint="Give both configurations the same [judge] and refusals and run again; --anyway compares them as "
            "they are.",
        )


def check_pairs(sums: Sums, first: Side, second: Side, command: str) -> None:
    """See that there is something to compare.

    Args:
        sums: of their calls.
        first: one.
        second: the other.
        command: what makes the first run's calls with the second's system.

    Raises:
        CrumpleError: there is no pair.
    """
    if sums.count or first.kind == POINTS:
        return
    why = "; ".join(f"{why} ({mine + theirs:,} calls)" for why, (mine, theirs) in list(sums.alone.items())[:_REASONS])
    for empty in (each for each, calls in zip((first, second), sums.calls, strict=True) if not calls):
        raise CrumpleError(f"the results of run {empty.run} are not stored any more", hint="Run again.")
    raise CrumpleError(
        f"no call of run {first.run} was made in run {second.run} too: {why}",
        hint=f"This makes the very same calls with the other system: {command}",
    )


def judged_otherwise(first: Side, second: Side) -> Iterator[tuple[str, str, str]]:
    """What of the settings says which answers are failures, and differs; not a schema that nothing is judged by."""
    one, two = judged_by(first.about.get("settings")), judged_by(second.about.get("settings"))
    for what, mine, theirs in differing(one, two):
        if what == "[judge] schema" and "schema" not in {one.get("[judge] kind"), two.get("[judge] kind")}:
            continue
        yield what, mine, theirs


def differences(first: Side, second: Side) -> list[dict[str, str]]:
    """What is not the same in both runs: what, in the first, in the second. The system is the first, if it differs."""
    return [{"what": what, "a": one, "b": two} for what, one, two in _differences(first.about, second.about)]


def _differences(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, what in (("system", "system"), ("corpus", "corpus"), ("corpus_version", "state of the corpus")):
        mine, theirs = str(one.get(name) or "not known"), str(two.get(name) or "not known")
        if mine != theirs:
            yield what, mine, theirs
    for name in ("versions", "machine", "settings"):
        yield from differing(_texts(one.get(name)), _texts(two.get(name)))


def warnings(first: Side, second: Side) -> list[str]:
    """What must be known of the figures before they are believed."""
    found = []
    for name, side in (("A", first), ("B", second)):
        if side.state != "ended":
            found.append(f"Run {side.run} ({name}) did not come to its end; its whole rounds are compared.")
    if judged := [what for what, _, _ in judged_otherwise(first, second)]:
        found.append(f"Answers are judged otherwise: {', '.join(judged)}. A failure is not the same thing in both.")
    if first.about.get("corpus_version") != second.about.get("corpus_version"):
        found.append("The corpora are not the same: the same bytes are compared, but their truth may not be the same.")
    if first.about.get("machine") != second.about.get("machine"):
        found.append("The machines are not the same, which says something about latency.")
    return found


def _texts(found: object) -> dict[str, str]:
    return {str(name): str(each) for name, each in found.items()} if isinstance(found, Mapping) else {}
