"""What clean cases came to, which is in no rate by category: those that fail, and those without a sure answer. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crumple import Material, excerpt
from crumple_reports.examples import outcome_of, told, without_truth
from crumple_reports.figures import count, listed
from crumple_reports.headline import NOT_GIVEN
from crumple_reports.html.part import LONG, NAME, NAMES, Part, Run, named

_CASES: Final = 50


def fail_clean(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    """Cases that are wrong before anything is done to them."""
    failed = [(item, own, each) for item, own in runs for each in own["clean"]["failed"]]
    if not failed:
        return
    cases = sum(own["clean"]["cases"] for _, own in runs)
    failing = cases - sum(own["clean"]["right"] for _, own in runs)
    rows = [
        (*named(item, excerpt(str(each["case"]), LONG)), *_why(own, each, material))
        for item, own, each in failed[:_CASES]
    ]
    yield Part(
        "fail-clean",
        f"{count(failing, 'case')} of {cases:,} {'fails' if failing == 1 else 'fail'} clean, "
        "before anything was degraded",
        "They are in no rate by category; a forecast for production counts them as failing.",
        (*(["test"] if failed[0][0] else []), "case", "outcome", "why"),
        rows,
        failing - _CASES,
    )


def _why(document: Mapping[str, Any], example: Mapping[str, Any], material: Material) -> tuple[str, str]:
    """How a clean call ended, and as far as it may be shown what was said."""
    outcome = str(example["outcome"])
    if outcome == "right":
        return "does not agree", "its clean answers agree on nothing, and it has no truth"
    if not outcome:
        return "not called", NOT_GIVEN
    fields = [str(path) for path in example.get("wrong") or () if path]
    said = [listed([excerpt(each, NAME) for each in fields])] if fields else []
    if material.privacy != "figures":
        if example.get("cause"):
            said.append(excerpt(str(example["cause"]), LONG))
        elif example.get("answer") or example.get("expected"):
            said.append(told(example))
    return outcome_of(document, example), ": ".join(said)


def truth(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    """Cases, and fields of cases, whose right answer is not known for sure."""
    own = Counter[str]()
    unstable: set[str] = set()
    for _, document in runs:
        clean = document["clean"]
        own.update({name: clean.get(name, 0) for name in ("without_truth", "stand_ins")})
        unstable.update(str(path) for paths in (clean.get("unstable") or {}).values() for path in paths)
    if own["without_truth"]:
        whole = all(without_truth(document) for _, document in runs)
        which = "No case has a truth" if whole else f"{count(own['without_truth'], 'case')} without truth"
        yield Part(
            "without-truth",
            which,
            "The system's own clean answer stands in: what is measured is consistency, not correctness.",
        )
    if own["stand_ins"]:
        yield Part(
            "stand-ins",
            f"{count(own['stand_ins'], 'truth')} that nobody has confirmed",
            "`crumple truth` wrote them from the system's own answers. Until each was read, and its $stand_in removed, "
            "what is measured is consistency, not correctness.",
        )
    if unstable:
        names = listed([excerpt(each, NAME) for each in sorted(unstable)], NAMES)
        yield Part(
            "unstable", f"{count(len(unstable), 'field')} set aside", f"The clean answers differ in them: {names}."
        )


def controls(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    """Cases that fail where they are only written anew."""
    rows = [
        (*named(item, excerpt(str(name), LONG)), f"{each['failures']:,} of {count(each['runs'], 'case')}")
        for item, own in runs
        for name, each in own["controls"].items()
        if each["failures"]
    ]
    if not rows:
        return
    yield Part(
        "controls",
        "Fails before any damage is done",
        "The system was given these documents undamaged, but written anew as the mutators of pages must write them: a "
        "PDF as images without its text layer, a JPEG encoded again. Those that fail are left out of these mutators, "
        "which would be blamed for it. A system that reads only text layers fails on every scan.",
        (*(["test"] if len(rows[0]) > 2 else []), "written anew as", "failed"),
        rows[:_CASES],
        len(rows) - _CASES,
    )
