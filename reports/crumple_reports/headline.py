"""The first sentences of a report: what came out, or why nothing did and what to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import contract_state, excerpt, fail_clean_share, many_fail_clean, void_reason
from crumple_reports.breaking import show_breaking_headline
from crumple_reports.contract import verdict
from crumple_reports.examples import told, without_truth
from crumple_reports.figures import count, listed, percent
from crumple_reports.page import BAD, HEAD, Page
from crumple_reports.search import is_search, show_search_headline

NOT_GIVEN = "it cannot be given to the system; the reason is below"
_NAMED = 3


def show_headline(page: Page, document: Mapping[str, Any]) -> None:
    """What came out of a run, in a sentence or two."""
    reason = void_reason(document)
    if reason:
        page.line(f"This run is void. {reason}", BAD)
        for line in advice(document):
            page.line(line)
        return
    if many_fail_clean(document):
        clean = document["clean"]
        failing = clean["cases"] - clean["right"]
        below = "only the others were searched" if is_search(document) else "the rates below are about the others only"
        page.line(
            f"{failing} of {count(clean['cases'], 'case')} ({percent(fail_clean_share(document))}) fail clean, before "
            f"anything was degraded; {below}.",
            BAD,
        )
        for line in advice(document):
            page.line(line)
    if contract_state(document):
        page.line(verdict(document), BAD if contract_state(document) == "broken" else HEAD)
    if document.get("breaking_points"):
        show_breaking_headline(page, document)
        return
    if is_search(document):
        show_search_headline(page, document)
        return
    _outcome(page, document)


def _outcome(page: Page, document: Mapping[str, Any]) -> None:
    categories = document["categories"]
    runs = sum(each["runs"] for each in categories.values())
    failures = sum(each["failures"] for each in categories.values())
    silent = sum(each["silent"] for each in categories.values())
    if not runs:
        page.line("No whole round of degraded calls was finished; there is no rate to show.", HEAD)
        return
    if not failures:
        page.line(f"None of {count(runs, 'degraded call')} failed.", HEAD)
        return
    what = "another answer than on the clean document" if without_truth(document) else "wrong"
    how = "none of them silently" if not silent else f"{silent:,} of them silently: {what}, and no complaint"
    page.line(f"{failures:,} of {count(runs, 'degraded call')} failed, {how}.", HEAD)
    worst = sorted(
        ((each["rate"], name) for name, each in categories.items() if each["rate"]),
        key=lambda pair: (-pair[0], pair[1]),
    )
    page.line(f"Worst: {listed([f'{name} {percent(rate)}' for rate, name in worst[:_NAMED]], _NAMED)}.")


def advice(document: Mapping[str, Any]) -> list[str]:
    """What the system said, with one example, and what to change."""
    failed = document["clean"]["failed"]
    if not failed:
        return []
    outcomes = [each["outcome"] for each in failed]
    commonest = max(dict.fromkeys(outcomes), key=outcomes.count)
    example = next(each for each in failed if each["outcome"] == commonest)
    if not commonest:
        reasons = [each["reason"] for each in document["skipped"] if not each["mutator"]]
        return [f"They cannot be given to the system: {listed([excerpt(each, 200) for each in reasons], 2)}.", _FORM]
    if commonest == "right":
        return ["Without a truth its clean answers must agree, and they agree on nothing.", _CHANGES[commonest]]
    said = excerpt(example["cause"], 200) if example.get("cause") else told(example)
    first = f"Most often {commonest}; {excerpt(example['case'], 80)}: {said}"
    hint = next((change for words, change in _SAID if commonest == "crashed" and words in said), None)
    return [first, hint or _CHANGES.get(commonest, _CHANGES["crashed"])]


_FORM = "What to change: [system] input, or leave documents that cannot be given in this form out of [corpus]."
# What stands in a crash's cause -> what to change.
_SAID = (
    (
        "answer is not JSON",
        'What to change: see what it answers; [system] reads = "text" or "csv" takes what is no JSON.',
    ),
    ("has nothing at", "What to change: see what it answers; [system] answer must point at what is there."),
    ("no job id at", "What to change: see what it answers first; [system.poll] id must point at what is there."),
    ("no answer to", "What to change: see that each document is answered, in a file that is named like it."),
    (
        "status 4",
        (
            "What to change: see that it takes what it is sent: [system] url, method, body, template and headers; "
            "where this status is how it refuses, name it in [system] refuses."
        ),
    ),
)
_CHANGES = {
    "wrong": (
        "What to change: correct the truth if that is what is wrong; lower [judge] pass, or set it to "
        '"clean" with some slack, if the system is never all right; or choose a [judge] kind that fits its answers.'
    ),
    "refused": (
        "What to change: leave documents that the system was not made for out of [corpus]; check [system] refuses and "
        "the form of [system] input; fields that it never gives can be left out of [judge] fields."
    ),
    "crashed": (
        "What to change: give the system this document yourself; it must be given what it expects: [system] input says "
        "whether a function gets bytes, a path, a text, an image or a record, body what a service is sent, {input} or "
        "standard input where a command finds it."
    ),
    "hung": "What to change: allow more with [system] timeout, or find out what it waits for.",
    "exhausted": "What to change: allow more with [system] memory and output, or find out what it takes them for.",
    "void": (
        "What to change: see to what is said here (a judge of yours that fails, a system that cannot be reached), "
        "then run again."
    ),
    "right": (
        "What to change: a case without truth is called several times, and its answers must agree; write its truth "
        "beside it, in NAME.EXT.truth.json, or take what varies (times, random numbers) out of the answer."
    ),
}
