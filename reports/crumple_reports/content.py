"""What a report that is read elsewhere holds: of a run, a night or a pytest session, in one form. Figures only. Pure.

The figures are case ids, recipes, categories and counts. What a system answered, and what documents hold, are reached
through `Example.call` alone, which Markdown and JUnit files leave alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crumple import contract_state, fail_clean_share, many_fail_clean, visible, void_reason
from crumple_reports.breaking import show_breaking_headline
from crumple_reports.comparison_content import comparison_content
from crumple_reports.comparison_words import is_comparison
from crumple_reports.contract import verdict
from crumple_reports.examples import outcome_of, replay_command, worst_of
from crumple_reports.figures import count, cut_digests, listed, percent
from crumple_reports.night_steps import steps
from crumple_reports.night_words import got_worse, headline, to_look_at
from crumple_reports.page import Page
from crumple_reports.parts import BAD, GOOD, OPEN, TOLD, Content, Example, Finding, Limit
from crumple_reports.problem import command_of
from crumple_reports.search import is_search, show_search_headline

_WIDE: Final = 1_000
_ORDER: Final = {"broken": 0, "undecided": 1, "met": 2}


def content_of(document: Mapping[str, Any]) -> Content:
    """What a report of this document holds."""
    if is_comparison(document):
        return comparison_content(document)
    return _session(document) if document.get("kind") == "pytest" else _run(document)


def discreet(document: Mapping[str, Any]) -> dict[str, Any]:
    """A run's document without what was said of void calls: figures only."""
    void = document["void"]
    return {**document, "void": {**void, "causes": {"the report on the terminal says why": void["calls"]}}}


def _run(document: Mapping[str, Any]) -> Content:
    night = document.get("night") or {}
    own = discreet(document)
    reason = void_reason(own)
    run = document["run"]
    findings = [_finding("", each) for each in night.get("findings") or ()]
    worse = got_worse(document) if night else []
    return Content(
        kind="night" if night else _kind(document),
        state=_state(document, reason, night),
        verdict=headline(own) if night else _verdict(own, reason),
        lines=[*worse, *_clean(document), *_void(document, reason)],
        worse=len(worse),
        steps=[(each.text, each.commands) for each in steps(document)] if night else [],
        limits=_limits("", document),
        categories={name: each for name, each in document["categories"].items() if each["runs"]},
        night=sorted(night.get("categories") or (), key=lambda each: each["state"] != "worse"),
        examples=[*_of_night(document), *_discoveries(document), *_examples("", document)],
        findings=findings,
        subject=f"system {visible(cut_digests(str(run['system'])))}" if run.get("system") else "",
    )


def _kind(document: Mapping[str, Any]) -> str:
    if document.get("breaking_points"):
        return "breaking-points"
    return "fuzz" if is_search(document) else "run"


def _state(document: Mapping[str, Any], reason: str, night: Mapping[str, Any]) -> str:
    state = str(night.get("state", ""))
    contract = contract_state(document)
    if state == "worse" or reason or contract == "broken":
        return BAD
    if _kind(document) != "run":
        return BAD if (document.get("search") or {}).get("discoveries") else TOLD
    return OPEN if state == "void" or contract == "undecided" or document["run"]["ended"] == "interrupted" else GOOD


def _verdict(document: Mapping[str, Any], reason: str) -> str:
    if reason:
        return f"This run is void. {reason}"
    said = f"{verdict(document)} " if contract_state(document) else ""
    stopped = "Interrupted before its end. " if document["run"]["ended"] == "interrupted" else ""
    kind = _kind(document)
    if kind == "run":
        return f"{stopped}{said}{failed(document['categories'])}"
    page = Page(_WIDE, color=False)
    (show_search_headline if kind == "fuzz" else show_breaking_headline)(page, document)
    return f"{stopped}{' '.join(str(page).split())}"


def failed(categories: Mapping[str, Mapping[str, Any]]) -> str:
    """How many degraded calls failed, in a sentence."""
    runs, failures, silent = (sum(each[name] for each in categories.values()) for name in _COUNTS)
    if not runs:
        return "No whole round of degraded calls was finished; there is no rate to show."
    if not failures:
        return f"None of {count(runs, 'degraded call')} failed."
    how = f"{silent:,} of them" if silent else "none of them"
    return f"{failures:,} of {count(runs, 'degraded call')} failed, {how} silently."


_COUNTS: Final = ("runs", "failures", "silent")


def _clean(document: Mapping[str, Any]) -> Iterator[str]:
    clean = document["clean"]
    failing = clean["cases"] - clean["right"]
    if failing:
        many = "; rates are about the others only" if many_fail_clean(document) else ""
        yield (
            f"{failing:,} of {count(clean['cases'], 'case')} ({percent(fail_clean_share(document))}) "
            f"{'fails' if failing == 1 else 'fail'} clean, before anything was degraded{many}."
        )


def _void(document: Mapping[str, Any], reason: str) -> Iterator[str]:
    if document["void"]["calls"] and not reason:
        yield f"{count(document['void']['calls'], 'call')} came to nothing, and are in no rate."


def _limits(item: str, document: Mapping[str, Any]) -> list[Limit]:
    seed = str(document["run"].get("seed", ""))
    rows = sorted(document.get("contract", ()), key=lambda row: _ORDER[row["state"]])
    return [Limit(item, row, seed) for row in rows]


def _examples(item: str, document: Mapping[str, Any], privacy: str = "") -> list[Example]:
    """The worst call of each mutator that fails."""
    return [Example(item, title, command_of(document, call), call, privacy) for title, call in worst_of(document)]


def _of_night(document: Mapping[str, Any]) -> list[Example]:
    return [
        Example("", f"{each['before']} in the baseline, {each['now']} now", replay_command(document, each))
        for each in to_look_at(document)
    ]


def _discoveries(document: Mapping[str, Any]) -> list[Example]:
    """What a search has found, one example of each kind."""
    found = (document.get("search") or {}).get("discoveries") or () if _kind(document) == "fuzz" else ()
    return [
        Example(
            "",
            f"{visible(each['id'])}: {outcome_of(document, each['example'])}, met {count(each['count'], 'time')}",
            replay_command(document, each["example"]),
            each["example"],
        )
        for each in found
    ]


def _finding(item: str, each: Mapping[str, Any], outcome: str = "") -> Finding:
    bad = outcome in {"failed", ""} if item else bool(each.get("again"))
    status = f"{each.get('was', '')}, {each.get('status', '')}".strip(", ")
    return Finding(item, str(each["id"]), status, bad, str(each.get("what", "")), str(each.get("replay", "")))


def _session(document: Mapping[str, Any]) -> Content:
    items = document["items"]
    runs = [(str(each["id"]), each["document"], each) for each in items if each.get("document")]
    void = {id_: reason for id_, own, _ in runs if (reason := _nothing_said(own))}
    lines = [
        f"{visible(id_)}: {line}" for id_, own, _ in runs for line in (*_clean(own), *_void(own, void.get(id_, "")))
    ]
    untold = [each for each in items if not each.get("document") and not each.get("finding")]
    lines += [f"{visible(each['id'])}: {_UNTOLD[each['outcome']]}" for each in untold if each["outcome"] in _UNTOLD]
    limits = [limit for id_, own, _ in runs if id_ not in void for limit in _limits(id_, own)]
    examples = [each for id_, own, item in runs for each in _examples(id_, own, str(item.get("privacy", "figures")))]
    findings = [_finding(each["id"], each["finding"], each["outcome"]) for each in items if each.get("finding")]
    session = document["session"]
    said = [failed(document["categories"])] if document["categories"] else []
    return Content(
        kind="pytest",
        state={"failed": BAD, "undecided": OPEN}.get(document["state"], GOOD),
        verdict=" ".join([_items(items, void), *said]),
        lines=[*(f"{visible(id_)}: void. {reason}" for id_, reason in void.items()), *lines],
        steps=[],
        limits=sorted(limits, key=lambda limit: _ORDER[limit.row["state"]]),
        categories=document["categories"],
        night=[],
        examples=_in_turn(examples, {each["id"]: each for each in items}),
        findings=findings,
        subject=f"crumple {session['crumple']}, pytest {session['pytest']}, Python {session['python']}",
        void=list(void.items()),
        together=len({item["source"] for _, own, item in runs if any(map(_ran, own["categories"].values()))}),
    )


_UNTOLD: Final = {
    "failed": "failed, and was not measured; its own message says why.",
    "": "not finished: the session ended before it did.",
}


def _ran(figures: Mapping[str, Any]) -> bool:
    return bool(figures["runs"])


def _nothing_said(document: Mapping[str, Any]) -> str:
    """Why an item says nothing about the system; "" where it does."""
    return "" if contract_state(document) == "broken" else void_reason(discreet(document))


def _in_turn(examples: Sequence[Example], items: Mapping[str, Mapping[str, Any]]) -> list[Example]:
    """Those of items that failed first; of each item in turn its worst.

    Limits of one crumple.toml call the same documents: a mutator that one of them has shown says nothing new.
    """
    seen: dict[str, int] = {}
    ranked = []
    for each in examples:
        seen[each.item] = seen.get(each.item, 0) + 1
        ranked.append((items[each.item]["outcome"] != "failed", seen[each.item], each))
    told: set[tuple[str, str]] = set()
    new: list[Example] = []
    again: list[Example] = []
    for *_, each in sorted(ranked, key=lambda row: row[:2]):
        what = str(items[each.item].get("source", each.item)), each.title.partition(":")[0].partition(" ")[0]
        (again if what in told else new).append(each)
        told.add(what)
    return [*new, *again]


def _items(items: Sequence[Mapping[str, Any]], void: Mapping[str, str]) -> str:
    if not items:
        return "No test ran under crumple."
    ended = [ended_of(each, void) for each in items]
    parts = [f"{ended.count(said):,} {said}" for said in SAID.values() if said in ended]
    return f"{count(len(items), 'robustness test')}: {listed(parts, len(SAID))}."


def ended_of(item: Mapping[str, Any], void: Mapping[str, str]) -> str:
    """How a session's item ended, as one of the words in `SAID`.

    Args:
        item: of the document.
        void: items that say nothing about the system, with their reasons.
    """
    outcome = str(item["outcome"])
    if outcome == "skipped" and not item.get("document") and not item.get("finding"):
        return SAID["left out"]
    return SAID["void"] if item["id"] in void and outcome == "failed" else SAID.get(outcome, visible(outcome))


SAID: Final = {
    "failed": "failed",
    "void": "void",
    "": "not finished",
    "skipped": "undecided",
    "left out": "skipped",
    "xfailed": "known to fail",
    "passed": "passed",
}
"""How items end, the worst first."""
