"""What no rate counts: cases that fail clean, what was skipped, void or cut, and what is only half known. Pure.

Nothing of a run falls silently under the table: a list that is cut says by how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias

from crumple import Material, excerpt, void_reason
from crumple_reports.content import discreet
from crumple_reports.contract import newer
from crumple_reports.figures import count, listed, percent
from crumple_reports.html.clean_cases import controls, fail_clean, truth
from crumple_reports.html.part import LONG, NAME, NAMES, Part, Run, of_test
from crumple_reports.html.section import Section

_Document: TypeAlias = Mapping[str, Any]
Shown: TypeAlias = Literal["figures", "excerpts", "full"]
_REASONS: Final = 40
_UNSAID: Final = "The reasons are not shown, for [privacy] lets out figures only; the report on the terminal has them."
_CAUSES: Final = 100
"""How many causes of failures a run's document holds."""


def section(document: _Document, material: Material) -> Section | None:
    """The section; None where nothing was left out, and of a comparison."""
    runs = _runs(document)
    if not runs:
        return None
    shown = replace(material, privacy=_privacy(document, material))
    parts = [part for make in _PARTS for part in make(runs, shown)]
    if not parts and not all(own["clean"]["cases"] and own["run"]["calls"] for _, own in runs):
        return None  # where nothing was called, nothing was left out either
    return Section("left_out", "Left out", {"parts": parts})


def _runs(document: _Document) -> list[Run]:
    kind = document.get("kind")
    if kind == "pytest":
        return [(str(each["id"]), each["document"]) for each in document["items"] if each.get("document")]
    return [] if kind == "comparison" else [("", document)]


def _privacy(document: _Document, material: Material) -> Shown:
    """What may be shown: of a session, whose tests say it each for itself, what all of them allow."""
    if document.get("kind") != "pytest":
        return material.privacy
    said = {str(each.get("privacy", "figures")) for each in document["items"] if each.get("document")}
    levels: tuple[Shown, ...] = ("excerpts", "full")
    return next((each for each in levels if each in said), "figures") if said <= set(levels) else "figures"


def _flaky(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    mutators = Counter[str]()
    causes = tried = 0
    for _, own in runs:
        mutators.update({str(name): each.get("flaky", 0) for name, each in own["mutators"].items()})
        causes += sum(each.get("tried", 1) != each.get("failed", 1) for each in own["buckets"])
        tried += sum(each.get("tried", 1) > 1 for each in own["buckets"])
    total = sum(mutators.values())
    if total:
        worst = [f"{excerpt(name, NAME)} ({number:,})" for name, number in mutators.most_common() if number]
        yield Part(
            "flaky",
            f"{count(total, 'degraded document')} did not end alike when called again",
            f"Each call counts as it ended. Most under {listed(worst, NAMES)}.",
        )
    if causes:
        verb = "does" if causes == 1 else "do"
        yield Part(
            "flaky-causes",
            f"{causes:,} of {count(tried, 'problem')} that {'was' if tried == 1 else 'were'} tried again {verb} not "
            "fail every time",
            "Such a failure counts in the rates as it was first met. Their replay lines may show nothing the first "
            "time.",
        )


def _skipped(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    reasons: dict[str, Counter[str]] = {}
    for _, own in runs:
        for each in own["skipped"]:
            reasons.setdefault(str(each["reason"]), Counter())[str(each["mutator"] or "clean documents")] += int(
                each["count"]
            )
    if not reasons:
        return
    names = {name for own in reasons.values() for name in own}
    title = f"{count(len(names), 'mutator')} could not always be applied"
    said = "What does not apply to a document is no call, and costs nothing."
    if material.privacy == "figures":
        whole = sum(reasons.values(), Counter[str]())
        rows = [(excerpt(name, NAME), _tries(number)) for name, number in whole.most_common(_REASONS)]
        yield Part("skipped", title, f"{said} {_UNSAID}", ("what", "tries"), rows, len(whole) - _REASONS)
        return
    ranked = sorted(reasons.items(), key=lambda item: (-len(item[1]), -item[1].total(), item[0]))
    shown = [
        (excerpt(reason, LONG), listed([excerpt(each, NAME) for each in sorted(names)], NAMES), _tries(names.total()))
        for reason, names in ranked[:_REASONS]
    ]
    yield Part("skipped", title, said, ("why", "what", "tries"), shown, len(ranked) - _REASONS)


def _tries(number: int) -> str:
    """How often it was tried; a mutator that suits no document at all is not."""
    return f"{number:,}" if number else "not tried"


def _void(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    causes = Counter[str]()
    calls = 0
    for _, own in runs:
        calls += own["void"]["calls"]
        said = own["void"]["causes"]
        causes.update(said if isinstance(said, Mapping) else list(map(str, said)))
    if not calls:
        return
    shown = [] if material.privacy == "figures" else causes.most_common(_REASONS)
    reasons = {void_reason(discreet(own)) for _, own in runs} - {""}
    yield Part(
        "void",
        f"{count(calls, 'call')} came to nothing, through no fault of the system",
        "They are in no rate." + ("" if not reasons else " There are so many of them that the run is void."),
        ("why", "calls") if shown else (),
        [(excerpt(str(cause), LONG), f"{number:,}") for cause, number in shown],
        len(causes) - len(shown) if shown else 0,
    )


def _not_called(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    for item, own in runs:
        missing = (own.get("forecast") or {}).get("missing") or ()
        if not missing:
            continue
        ranked = sorted(missing, key=lambda each: -each["share"])
        names = [
            excerpt(str(each["name"]), NAME) + (f" at level {each['level']:g}" if each.get("level") is not None else "")
            for each in ranked
        ]
        share = percent(sum(each["share"] for each in missing))
        yield Part(
            "not-called",
            f"{of_test(item)}{share} of production, which the mix names, was not measured",
            f"The forecast is not about it: {listed(names, NAMES)}.",
        )


def _cut(runs: Sequence[Run], material: Material) -> Iterator[Part]:
    cut = sum(own["run"].get("cut") or 0 for _, own in runs)
    if cut:
        yield Part(
            "cut",
            f"{count(cut, 'call')} of rounds that were not finished",
            "Only whole rounds count in rates: each mutator weighs the same in them.",
        )
    for item, own in runs:
        clean, drawn = own["clean"], own["run"].get("corpus_cases") or 0
        tried = clean["cases"] + (clean.get("void") or 0)
        if drawn > tried > 0:
            yield Part(
                "sample",
                f"{of_test(item)}{drawn - tried:,} of the corpus' {count(drawn, 'case')} were not called",
                "The cases that were are a random sample of them.",
            )


def _capped(runs: Iterable[Run], material: Material) -> Iterator[Part]:
    rows = [row for _, own in runs for row in own["contract"]]
    for line in newer(rows):
        yield Part("newer", "What no limit is about", excerpt(line, 2_000))
    if any(len(own["buckets"]) == _CAUSES for _, own in runs):
        yield Part(
            "causes",
            f"Of the causes of failures the {_CAUSES} commonest are shown",
            "Rarer ones count in every rate, and have no place here; the results of single calls, as `crumple report` "
            "writes them, have them all.",
        )


_PARTS: Final = (fail_clean, controls, truth, _void, _not_called, _flaky, _skipped, _cut, _capped)
