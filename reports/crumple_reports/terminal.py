"""The report that `crumple run` prints: what fails, how often, one example of each, and the line that replays it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import excerpt, visible, void_reason
from crumple_reports.breaking import show_breaking
from crumple_reports.comparison import render as show_comparison
from crumple_reports.comparison_words import is_comparison
from crumple_reports.contract import show_contract
from crumple_reports.examples import show_causes, show_worst, told, without_truth
from crumple_reports.figures import count, duration, listed, money
from crumple_reports.forecast import show_forecast
from crumple_reports.headline import NOT_GIVEN, show_headline
from crumple_reports.labels import show_labels
from crumple_reports.night import show_night, show_night_again
from crumple_reports.page import BAD, FAINT, PLAIN, Page
from crumple_reports.search import is_search, next_search, show_search
from crumple_reports.session import render as show_session
from crumple_reports.tables import show_categories, show_mutators, told_apart
from crumple_reports.validity import show_validity

_MOST_CLEAN = 5
_MOST_REASONS, _FEW_REASONS = 12, 4
_LONG = 160


def render(document: Mapping[str, Any], *, width: int = 80, color: bool = False) -> str:
    """The report as text.

    Args:
        document: the run's document, `"schema": 1`.
        width: how many cells a line may have; lines to be copied are never broken.
        color: whether to use ANSI colours; without, the text holds no escape sequence.
    """
    if document.get("kind") == "pytest":
        return show_session(document, width=width, color=color)
    if is_comparison(document):
        return show_comparison(document, width=width, color=color)
    page = Page(width, color)
    if not show_night(page, document):
        show_headline(page, document)
    _run(page, document)
    _clean(page, document)
    show_contract(page, document)
    show_forecast(page, document)
    show_breaking(page, document)
    show_search(page, document)
    if document.get("breaking_points"):
        show_worst(page, document)
        show_causes(page, document)
    if any(each["runs"] for each in document["categories"].values()):
        show_categories(page, document)
        show_mutators(page, document)
        page.line()
        _about(page, document)
        show_worst(page, document)
        show_causes(page, document)
    show_validity(page, document)
    show_labels(page, document)
    _controls(page, document)
    _skipped(page, document)
    _void(page, document)
    show_night_again(page, document)
    return str(page)


def _run(page: Page, document: Mapping[str, Any]) -> None:
    run = document["run"]
    reasons = {
        "calls": "no calls left for another round",
        "cost": "no money left for another round",
        "time": "the time allowed is used up",
        "outage": "given up after one void call after the other",
        "interrupted": "interrupted; whole rounds are counted",
        "all fail clean": "nothing passes clean",
        "nothing to do": "no mutator applies any more",
        "found": "every curve is traced",
        "decided": "every limit is decided, or cannot be with these documents",
        "quiet": "hardly anything new is to be expected",
        "replayed": "every finding was called again",
        "night": "every call of the night was made",
        "by hand": "ended by hand",
        "same calls": "every call of the other run was made, as far as it can be",
    }
    page.line()
    skipped = sum(each["count"] for each in document["skipped"] if each["mutator"])
    parts = [
        count(run["calls"], "call") + (f", and {skipped:,} that did not apply" if skipped else ""),
        *([] if is_search(document) else [count(run["rounds"], "whole round")]),
        duration(run["wall_seconds"]),
        reasons.get(run["ended"], visible(str(run["ended"]))),
    ]
    if run.get("resumed"):
        parts.insert(1, f"{run['resumed']:,} of them made before it was interrupted")
    if run.get("attempts", 0) > run["calls"]:
        parts.append(f"{run['attempts']:,} attempts with retries and controls")
    if run.get("answered_alone"):
        parts.append(f"{run['answered_alone']:,} cut off beside others, and answered when sent again alone")
    if run.get("cost"):
        parts.append(f"cost {money(run['cost'])}")
    if run.get("cut"):
        where = "left out" if is_search(document) else "left out of the rates"
        parts.append(f"{count(run['cut'], 'call')} of unfinished rounds {where}")
    page.labelled("run", "; ".join(parts), indent=0)
    if "seed" in run:
        elsewhere = f"   another one looks elsewhere: {next_search(document)}" if is_search(document) else ""
        page.labelled("seed", f"{run['seed']}{elsewhere}", indent=0)


def _clean(page: Page, document: Mapping[str, Any]) -> None:
    clean = document["clean"]
    if not clean["cases"]:
        return
    drawn = document["run"].get("corpus_cases", 0)
    sample = f", a sample of the corpus' {drawn:,}" if drawn > clean["cases"] + clean.get("void", 0) else ""
    page.labelled("clean", f"{clean['right']:,} of {count(clean['cases'], 'case')} right{sample}", indent=0)
    without = clean.get("without_truth", 0)
    if without:
        which = "No case has a truth" if without_truth(document) else f"{count(without, 'case')} without truth"
        page.labelled(
            "truth", f"{which}: the system's own clean answer stands in. Consistency, not correctness.", indent=0
        )
        unstable = sorted({path for paths in clean.get("unstable", {}).values() for path in paths})
        if unstable:
            page.labelled(
                "unstable", f"set aside, the clean answers differ: {listed(map(visible, unstable), 8)}", indent=0
            )
    if stand_ins := clean.get("stand_ins", 0):
        page.labelled(
            "stand-ins",
            f"{count(stand_ins, 'truth')} of `crumple truth` that nobody has confirmed. Consistency, not correctness, "
            'until each was read, and its "$stand_in" removed.',
            indent=0,
        )
    if not clean["failed"]:
        return
    page.heading("Cases that fail clean")
    for each in clean["failed"][:_MOST_CLEAN]:
        page.line(f"{visible(each['case'])}: {_why(each)}", indent=2)
    if (more := clean["cases"] - clean["right"] - _MOST_CLEAN) > 0:
        page.line(f"and {more:,} more", FAINT, indent=2)


def _why(example: Mapping[str, Any]) -> str:
    """How a clean call failed, with what was expected and said where there was an answer."""
    if example["outcome"] == "right":
        return "its clean answers agree on nothing, and it has no truth"
    if not example["outcome"]:
        return NOT_GIVEN
    what = str(example["outcome"])
    if fields := [path for path in example.get("wrong", ()) if path]:
        what += f" {listed(map(visible, fields))}"
    if example.get("cause"):
        what += f": {excerpt(example['cause'], _LONG)}"
    elif example.get("answer") or example.get("expected"):
        what += f": {told(example)}"
    return what


def _about(page: Page, document: Mapping[str, Any]) -> None:
    apart = (
        "95 % these: the Wilson interval of the rate about these documents, the corpus as given. 95 % like these: the "
        "interval about new documents like these, by groups of one origin, which fail together; the design effect is "
        "how many times the calls that takes. "
    )
    chosen = (
        "Calls were chosen by what earlier ones had shown: these intervals do not allow for that, the contract's do. "
    )
    page.line(
        f"Rates are about {visible(document['run'].get('about', 'these documents'))}, and only those that are right "
        "when clean. A mutator's rate is the mean over its levels, a category's the mean over its mutators, each "
        "weighing the same. Silent: an answer, no complaint, and wrong. "
        + (apart if told_apart(document) else "Behind each rate is its Wilson interval. ")
        + (chosen if any(each["method"] == "sequential" for each in document.get("contract", ())) else "")
        + "L1 is everyday, L3 bad, L5 the worst that production really sends.",
        FAINT,
    )


def _controls(page: Page, document: Mapping[str, Any]) -> None:
    failing = {name: each for name, each in document["controls"].items() if each["failures"]}
    if not failing:
        return
    page.heading("Fails before any damage is done")
    for name, each in failing.items():
        page.line(f"{name}: {each['failures']} of {count(each['runs'], 'case')} failed", indent=2)
    page.line(
        "The system was given these documents undamaged, but written anew as the mutators of pages must write them: a "
        "PDF as images without its text layer, a JPEG encoded again. Those that fail are left out of these mutators, "
        "which would be blamed for it. A system that reads only text layers fails on every scan.",
        FAINT,
        indent=2,
    )


def _skipped(page: Page, document: Mapping[str, Any]) -> None:
    reasons: dict[str, dict[str, int]] = {}
    for each in document["skipped"]:
        reasons.setdefault(each["reason"], {})[each["mutator"] or "clean documents"] = each["count"]
    if not reasons:
        return
    page.heading("Not run")
    ranked = sorted(reasons.items(), key=lambda item: (-len(item[1]), -sum(item[1].values()), item[0]))
    most = _FEW_REASONS if is_search(document) else _MOST_REASONS
    for reason, mutators in ranked[:most]:
        names = listed(sorted(mutators), 6)
        calls = sum(mutators.values())
        tried = f" ({count(calls, 'try', 'tries')})" if calls else ""
        page.line(f"{excerpt(reason, _LONG)}: {names}{tried}", indent=2)
    if len(ranked) > most:
        page.line(f"and {count(len(ranked) - most, 'more reason')}; --json FILE keeps them all", FAINT, indent=2)


def _void(page: Page, document: Mapping[str, Any]) -> None:
    void = document["void"]
    if not void["calls"]:
        return
    page.heading("Void: no fault of the system, in no rate")
    causes = void["causes"].items() if isinstance(void["causes"], Mapping) else ((each, 0) for each in void["causes"])
    page.line(f"{count(void['calls'], 'call')}", BAD if void_reason(document) else PLAIN, indent=2)
    for cause, times in causes:
        page.line(f"{excerpt(str(cause), _LONG)}" + (f" ({times} times)" if times > 1 else ""), indent=4)
