"""How a night ended and what got worse, in sentences of figures alone: for terminals, comments and webhooks. Pure.

No sentence holds text of a document, of an answer, or of what a system said. Names of categories, cases and systems are
made visible; whoever writes Markdown or JSON escapes them once more, as that asks for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import contract_state, visible
from crumple_reports.figures import count, cut_digests, listed, percent

ALL: Final = "all"
CLEAN: Final = "clean"
_MOST = 3
_SURELY = 1_000_000
_STARTED = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|\+00:00)$")


def headline(document: Mapping[str, Any]) -> str:
    """How a night ended, in a sentence or two; "" for a run that is none."""
    night = document.get("night")
    if not night:
        return ""
    said = _STATES.get(str(night.get("state")), _same)(document)
    return f"Interrupted before its end. {said}" if document["run"].get("ended") == "interrupted" else said


def got_worse(document: Mapping[str, Any]) -> list[str]:
    """What got worse, a sentence each: categories, what drifts, findings that fail again. Empty on a quiet night."""
    return [
        *(f"{title(each)}: {told(each)}. {how_sure(each)}" for each in worse_rows(document)),
        *(f"{title(each)}: {told_of_drift(each)}. {how_sure(each, slowly=True)}" for each in drifting(document)),
        *(f"{visible(str(each['id']))}: a finding that was fixed fails again." for each in failing_again(document)),
    ]


def worse_rows(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The categories that got worse: clean documents first, then the surest; all together only where no other did."""
    return _ranked(_each_alone(rows_that_are(document, "worse")))


def better_rows(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The categories that got better, in the same order."""
    return _ranked(_each_alone(rows_that_are(document, "better")))


def rows_that_are(document: Mapping[str, Any], state: str) -> list[Mapping[str, Any]]:
    """The categories in a state, as the document has them."""
    night = document.get("night") or {}
    return [each for each in night.get("categories") or () if each.get("state") == state]


def drifting(document: Mapping[str, Any], state: str = "worse") -> list[Mapping[str, Any]]:
    """The categories that changed slowly, the surest first."""
    night = document.get("night") or {}
    return _ranked(_each_alone([each for each in night.get("drift") or () if each.get("state") == state]))


def failing_again(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings that were fixed, and fail again."""
    night = document.get("night") or {}
    return [each for each in night.get("findings") or () if each.get("again")]


def to_look_at(document: Mapping[str, Any], most: int = _MOST) -> list[Mapping[str, Any]]:
    """The documents to look at first: of each category that got worse in turn, none of them, nor its bytes, twice."""
    rows = [*worse_rows(document), *drifting(document)]
    lists = [list(each.get("documents") or ()) for each in rows]
    found: dict[str, Mapping[str, Any]] = {}
    for at in range(max(map(len, lists), default=0)):
        for each in lists:
            if at < len(each):
                found.setdefault(str(each[at].get("kept_file") or each[at]["replay"]), each[at])
    return list(found.values())[:most]


def title(row: Mapping[str, Any]) -> str:
    """What a row is about, as people say it."""
    name = str(row["category"])
    return {ALL: "all categories together", CLEAN: "clean documents"}.get(name) or visible(name)


def told(row: Mapping[str, Any]) -> str:
    """What became of a category's calls, the same ones, since the baseline."""
    worse, better = int(row["worse"]), int(row["better"])
    newly = count(worse, "that passed in the baseline fails", "that passed in the baseline fail")
    no_longer = count(better, "that failed passes", "that failed pass")
    return f"{row['now']:,} of {count(int(row['pairs']), 'call')} fail: {newly} now, {no_longer}"


def told_of_drift(row: Mapping[str, Any]) -> str:
    """How a category changed over the nights."""
    more = "more" if row["state"] == "worse" else "fewer"
    until = row.get("since")
    when = f"until {day(until.get('started'))}" if until else "before"
    rates = f"{percent(row['first'])} {when}, {percent(row['last'])} {'since' if until else 'tonight'}"
    return f"{more} failures, over {count(int(row['nights']), 'night')}: {rates}"


def how_sure(row: Mapping[str, Any], *, slowly: bool = False) -> str:
    """How seldom chance alone does as much to this category, where nothing has changed.

    It is what the p-value says, rounded so that no more is claimed than it bears.
    """
    if all_clean(row):
        return "All of them fail; nothing else can be measured until they pass."
    p, name = float(row["p"]), title(row)
    what = f"moves {name} so far" if slowly else f"does that to {name}"
    return f"Chance alone {what} on {_seldom(p)}."


def all_clean(row: Mapping[str, Any]) -> bool:
    """Whether no clean document passes any more."""
    return bool(row["category"] == CLEAN and row.get("worse") and row.get("now") == row.get("pairs"))


def _seldom(p: float) -> str:
    if not p < 0.5:
        return "every other night"
    nights = _SURELY if p <= 1 / _SURELY else 1 / p
    if nights < 3:
        return "1 night in 2"
    digits = 10 ** (int(math.log10(nights) + 1e-9))
    return f"fewer than 1 night in {int(nights / digits + 1e-9) * digits:,}"


def since(row: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Since when a row is worse, as far as earlier nights are known."""
    known = row.get("since")
    if known and int(known.get("nights", 2)) > 1:
        before = " or earlier" if known.get("at_least") else ""
        nights = f", {known['nights']:,} nights in a row" if "nights" in known else ""
        return f"{day(known.get('started'))}{before} (run {visible(str(known['run']))}){nights}"
    earlier = int(((document.get("night") or {}).get("history") or {}).get("nights") or 0)
    if not earlier:
        return "tonight, as far as is known: there is no earlier night to look at"
    return f"tonight: the night before was not said to be worse ({count(earlier, 'earlier night')} known)"


def day(started: object) -> str:
    """A moment as people read it: "2026-11-20 02:00 UTC"."""
    text = str(started or "")
    found = _STARTED.fullmatch(text)
    return f"{found[1]} {found[2]} UTC" if found else visible(text) or "an unknown day"


def changes(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is not as it was in the baseline: its name, before, now. The system comes first."""
    night = document.get("night") or {}
    found = sorted(night.get("changes") or (), key=lambda each: each["what"] != "system")
    return [(visible(str(each["what"])), *_beside(each.get("before"), each.get("now"))) for each in found]


def _beside(before: object, now: object) -> tuple[str, str]:
    """Two values that differ; long digests by their beginnings, where these tell them apart."""
    whole = visible(_value(before)), visible(_value(now))
    short = tuple(map(cut_digests, whole))
    return (short[0], short[1]) if short[0] != short[1] else whole


def _value(value: object) -> str:
    return "nothing" if value is None or value == "" else str(value)


def pairs(document: Mapping[str, Any]) -> tuple[int, int, int]:
    """How many calls were compared, and how many of them failed in the baseline and now."""
    rows = (document.get("night") or {}).get("categories") or ()
    whole = [each for each in rows if each["category"] == ALL] or [each for each in rows if each["category"] != ALL]
    return (
        sum(int(each["pairs"]) for each in whole),
        sum(int(each["before"]) for each in whole),
        sum(int(each["now"]) for each in whole),
    )


def contract_words(document: Mapping[str, Any]) -> str:
    """How the contract stands: "broken (1 of 3 limits: encoding, failures)"; "" where there is none."""
    rows = document.get("contract") or ()
    state = contract_state(document)
    if not state:
        return ""
    names = [visible(str(each["name"])) for each in rows if each["state"] == state]
    which = "" if len(names) == len(rows) > 1 else f": {listed(names, _MOST)}"
    return f"{state} ({len(names)} of {count(len(rows), 'limit')}{which})"


def _each_alone(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without "all", where a category of its own says what it says."""
    return [each for each in rows if each["category"] != ALL] or list(rows)


def _ranked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda each: (each["category"] != CLEAN, each["category"] == ALL, float(each["p"])))


def _worse(document: Mapping[str, Any]) -> str:
    parts = []
    rows = worse_rows(document)
    if rows:
        said = [_briefly(each) for each in rows]
        parts.append(f"worse than the baseline: {listed(said, _MOST)}{_in_all(document, 'worse')}")
    if slowly := drifting(document):
        said = [f"{title(each)} ({percent(each['first'])} to {percent(each['last'])})" for each in slowly]
        parts.append(f"worse over many nights: {listed(said, _MOST)}")
    if again := failing_again(document):
        said = [visible(str(each["id"])) for each in again]
        parts.append(f"fixed before, and failing again: {listed(said, _MOST)}")
    text = "; ".join(parts) or "something got worse"
    return f"{text[0].upper()}{text[1:]}."


def _in_all(document: Mapping[str, Any], state: str) -> str:
    """All categories together, where that says more than those that are named."""
    rows = rows_that_are(document, state)
    whole = next((each for each in rows if each["category"] == ALL), None)
    if whole is None or sum(each[state] for each in rows if each is not whole) in {0, whole[state]}:
        return ""
    return f"; in all categories {whole['worse']:,} newly failing, {whole['better']:,} no longer"


def _briefly(row: Mapping[str, Any]) -> str:
    if all_clean(row):
        return f"all {count(int(row['pairs']), 'clean document')} fail, {row['before']:,} did in the baseline"
    return f"{title(row)} ({row['worse']:,} newly failing, {row['better']:,} no longer)"


def _better(document: Mapping[str, Any]) -> str:
    said = [_briefly(each) for each in better_rows(document)]
    said += [f"{title(each)}, over many nights" for each in drifting(document, "better")]
    return f"Better than the baseline: {listed(said, _MOST)}{_in_all(document, 'better')}.{_but(document)}"


def _same(document: Mapping[str, Any]) -> str:
    compared, before, now = pairs(document)
    if not compared:
        return f"Nothing got worse that was looked at; no call could be compared with the baseline.{_but(document)}"
    figures = f"of {count(compared, 'call')} {before:,} failed in the baseline, {now:,} tonight"
    rows = document["night"]["categories"]
    damaged = [each for each in rows if each["category"] not in {CLEAN, ALL}] or rows
    unknown = all(each["state"] == "unknown" for each in damaged)
    what = "Too few calls to tell whether anything got worse" if unknown else "Nothing got worse beyond chance"
    return f"{what}: {figures}.{_but(document)}"


def _but(document: Mapping[str, Any]) -> str:
    return f" The contract is {contract_words(document)}." if contract_state(document) == "broken" else ""


def _no_baseline(document: Mapping[str, Any]) -> str:
    return f"There is no baseline yet: this night is compared with nothing.{_but(document)}"


def _void(document: Mapping[str, Any]) -> str:
    void, made = int(document["void"]["calls"]), int(document["run"]["calls"])
    why = f"{void:,} of {count(made, 'call')} came to nothing" if void else "no degraded call could be compared"
    if document["run"]["ended"] == "outage" and not made:
        why = "the system could not be reached, and no call was made"
    return f"This night is void, neither good nor bad: {why}."


_STATES: Final = {"worse": _worse, "better": _better, "same": _same, "no baseline": _no_baseline, "void": _void}
