"""What a report that is read elsewhere holds: of a run, a night or a pytest session, in one form. Figures only. Pure.

The figures are case ids, recipes, categories and counts. What a system answered, and what documents hold, are reached
through `Example.call` alone, which Markdown and JUnit files leave alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import contract_state, fail_clean_share, many_fail_clean, quoted, visible, void_reason
from crumple_reports.contract import verdict
from crumple_reports.examples import outcome_of, replay_command
from crumple_reports.figures import count, listed, percent
from crumple_reports.night_steps import steps
from crumple_reports.night_words import got_worse, headline, to_look_at

BAD: Final = "bad"
OPEN: Final = "open"
GOOD: Final = "good"
SEQUENTIAL: Final = (
    "Limits stop as soon as they are decided: their bounds allow for that, the intervals by category do not."
)
_DIGEST: Final = re.compile(r"[0-9a-f]{20,}")
_ORDER: Final = {"broken": 0, "undecided": 1, "met": 2}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and what has come out of it; `row` is its line in the document."""

    item: str
    row: Mapping[str, Any]
    seed: str


@dataclass(frozen=True, slots=True)
class Example:
    """A failure to look at.

    Attributes:
        title: the mutator, its level and how it ended.
        command: what makes the call again, to be pasted into a shell.
        call: the call as the document has it, with what was answered; None of a finding and of a night's document.
        privacy: what may be shown of it; "" where whoever renders says.
    """

    item: str
    title: str
    command: str
    call: Mapping[str, Any] | None = None
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that was called again."""

    item: str
    id: str
    status: str
    bad: bool
    what: str
    replay: str


@dataclass(frozen=True, slots=True)
class Content:
    """A report.

    Attributes:
        kind: "run", "night" or "pytest".
        state: BAD, OPEN or GOOD.
        verdict: the first sentence.
        lines: more sentences: what got worse, what fails clean, what is void.
        steps: what to do next, each with its commands.
        categories: category -> its figures.
        night: a night's comparison by category, worst first.
        subject: what was run: a system's version, or those of crumple, pytest and Python.
        void: items of a session that say nothing about the system, each with its reason.
        together: how many tests the figures by category are added up over.
    """

    kind: str
    state: str
    verdict: str
    lines: Sequence[str]
    steps: Sequence[tuple[str, Sequence[str]]]
    limits: Sequence[Limit]
    categories: Mapping[str, Mapping[str, Any]]
    night: Sequence[Mapping[str, Any]]
    examples: Sequence[Example]
    findings: Sequence[Finding]
    subject: str
    void: Sequence[tuple[str, str]] = ()
    together: int = 1

    @property
    def note(self) -> str:
        """What is to be known of the figures by category."""
        several = f"Added up over {self.together} tests. " if self.together > 1 else ""
        sequential = any(each.row["method"] == "sequential" for each in self.limits)
        return (several + (SEQUENTIAL if sequential else "")).strip()


def content_of(document: Mapping[str, Any]) -> Content:
    """What a report of this document holds."""
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
    return Content(
        kind="night" if night else "run",
        state=_state(document, reason, night),
        verdict=headline(own) if night else _verdict(own, reason),
        lines=[*(got_worse(document) if night else ()), *_clean(document), *_void(document, reason)],
        steps=[(each.text, each.commands) for each in steps(document)] if night else [],
        limits=_limits("", document),
        categories={name: each for name, each in document["categories"].items() if each["runs"]},
        night=sorted(night.get("categories") or (), key=lambda each: each["state"] != "worse"),
        examples=[*_of_night(document), *_examples("", document)],
        findings=findings,
        subject=f"system {visible(_DIGEST.sub(_cut, str(run['system'])))}" if run.get("system") else "",
    )


def _cut(digest: re.Match[str]) -> str:
    return digest[0][:10]


def _state(document: Mapping[str, Any], reason: str, night: Mapping[str, Any]) -> str:
    state = str(night.get("state", ""))
    contract = contract_state(document)
    if state == "worse" or reason or contract == "broken":
        return BAD
    return OPEN if state == "void" or contract == "undecided" or document["run"]["ended"] == "interrupted" else GOOD


def _verdict(document: Mapping[str, Any], reason: str) -> str:
    if reason:
        return f"This run is void. {reason}"
    said = f"{verdict(document)} " if contract_state(document) else ""
    stopped = "Interrupted before its end. " if document["run"]["ended"] == "interrupted" else ""
    return f"{stopped}{said}{failed(document['categories'])}"


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
    """The worst of each mutator that fails: the silent ones first, then those that fail most often."""
    failing = sorted(
        ((name, each) for name, each in document["mutators"].items() if each["worst"]),
        key=lambda named: (-named[1]["silent"] / max(named[1]["runs"], 1), -(named[1]["rate"] or 0), named[0]),
    )
    made = []
    for name, each in failing:
        worst = each["worst"]
        level = f" at level {worst['level']:g}" if worst.get("level") else ""
        often = f" ({percent(each['rate'])} fail)" if each["rate"] is not None else ""
        title = f"{name}{level}: {outcome_of(document, worst)}{often}"
        made.append(Example(item, title, _command(document, worst), worst, privacy))
    return made


def _command(document: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    known = document["run"].get("replay")
    return f"{known} {quoted(example['replay'])}" if known else replay_command(document, example)


def _of_night(document: Mapping[str, Any]) -> list[Example]:
    return [
        Example("", f"{each['before']} in the baseline, {each['now']} now", replay_command(document, each))
        for each in to_look_at(document)
    ]


def _finding(item: str, each: Mapping[str, Any], outcome: str = "") -> Finding:
    bad = outcome in {"failed", ""} if item else bool(each.get("again"))
    status = f"{each.get('was', '')}, {each.get('status', '')}".strip(", ")
    return Finding(item, str(each["id"]), status, bad, str(each.get("what", "")), str(each.get("replay", "")))


def chance(row: Mapping[str, Any]) -> str:
    """The p-value of a night's row; "-" where nothing was compared."""
    p = row.get("p")
    return "-" if p is None or row["state"] == "unknown" else f"{p:.2g}"


def _session(document: Mapping[str, Any]) -> Content:
    items = document["items"]
    runs = [(str(each["id"]), each["document"], each) for each in items if each.get("document")]
    void = {id_: reason for id_, own, _ in runs if (reason := _nothing_said(own))}
    lines = [
        f"{visible(id_)}: {line}" for id_, own, _ in runs for line in (*_clean(own), *_void(own, void.get(id_, "")))
    ]
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
        examples=_in_turn(examples, {each["id"]: each["outcome"] for each in items}),
        findings=findings,
        subject=f"crumple {session['crumple']}, pytest {session['pytest']}, Python {session['python']}",
        void=list(void.items()),
        together=len({item["source"] for _, own, item in runs if any(map(_ran, own["categories"].values()))}),
    )


def _ran(figures: Mapping[str, Any]) -> bool:
    return bool(figures["runs"])


def _nothing_said(document: Mapping[str, Any]) -> str:
    """Why an item says nothing about the system; "" where it does."""
    return "" if contract_state(document) == "broken" else void_reason(discreet(document))


def _in_turn(examples: Sequence[Example], outcomes: Mapping[str, str]) -> list[Example]:
    """Those of items that failed first; of each item in turn its worst."""
    seen: dict[str, int] = {}
    ranked = []
    for each in examples:
        seen[each.item] = seen.get(each.item, 0) + 1
        ranked.append((outcomes[each.item] != "failed", seen[each.item], each))
    return [each for *_, each in sorted(ranked, key=lambda row: row[:2])]


def _items(items: Sequence[Mapping[str, Any]], void: Mapping[str, str]) -> str:
    if not items:
        return "No test ran under crumple."
    outcomes = ["void" if each["id"] in void and each["outcome"] == "failed" else each["outcome"] for each in items]
    parts = [f"{outcomes.count(name):,} {said}" for name, said in _SAID.items() if name in outcomes]
    return f"{count(len(items), 'robustness test')}: {listed(parts, len(_SAID))}."


_SAID: Final = {
    "failed": "failed",
    "void": "void",
    "": "not finished",
    "skipped": "undecided",
    "xfailed": "known to fail",
    "passed": "passed",
}
