"""What `crumple check` prints: which limits can be decided, with how many calls, and what they would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crumple import visible
from crumple_reports.figures import count, duration, listed, money, percent
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_LIKE_THESE = "documents like these"
_MOST = 8


def render(document: Mapping[str, Any], *, width: int = 80, color: bool = False) -> str:
    """The report as text.

    Args:
        document: what `crumple.foresight` makes, `"schema": 1`.
        width: how many cells a line may have.
        color: whether to use ANSI colours; without, the text holds no escape sequence.
    """
    page = Page(width, color)
    _headline(page, document)
    _means(page, document)
    _limits(page, document["limits"])
    _rates(page, document)
    _lacking(page, document)
    _beside(page, document)
    return str(page)


def _headline(page: Page, document: Mapping[str, Any]) -> None:
    whole = document["all"]
    limits, run, decide = whole["limits"], whole["run"], whole["decide"]
    style = HEAD if decide == limits else BAD
    if run == decide == limits:
        page.line(f"{_all(limits)} can be decided, by `crumple run` and by `crumple run --decide`.", style)
        return
    page.line(
        f"Of {count(limits, 'limit')}, `crumple run` can decide {_number(run, limits)}, "
        f"`crumple run --decide` {_number(decide, limits)}.",
        style,
    )


def _all(limits: int) -> str:
    return "The one limit" if limits == 1 else f"All {limits} limits"


def _number(some: int, limits: int) -> str:
    return "none" if not some else "all" if some == limits else str(some)


def _means(page: Page, document: Mapping[str, Any]) -> None:
    corpus, budget, price = document["corpus"], document["budget"], document["price"]
    page.line()
    page.labelled(
        "corpus",
        f"{visible(corpus['name'])}: {count(corpus['cases'], 'case')} in {count(corpus['groups'], 'group')}"
        + _sampled(corpus),
        indent=0,
    )
    rounds = "" if budget["rounds"] is None else f"; then {count(budget['rounds'], 'round')}"
    allowed = [
        *([count(budget["calls"], "call")] if budget["calls"] is not None else []),
        *([duration(budget["seconds"])] if budget["seconds"] is not None else []),
        *([f"{money(budget['cost'])} of money"] if budget["cost"] is not None else []),
    ]
    page.labelled(
        "budget",
        f"{', '.join(allowed)}. {count(budget['before'], 'call')} for clean documents and round trips{rounds} of "
        f"{count(budget['mutators'], 'mutator')}",
        indent=0,
    )
    page.labelled("a call", _price(price), indent=0)
    page.labelled("sure", _confidence(document["limits"]), indent=0)


def _confidence(rows: Sequence[Mapping[str, Any]]) -> str:
    """How sure one wants to be: what most limits say, then those that say otherwise."""
    levels = [row["confidence"] for row in rows]
    usual = max(levels, key=levels.count)
    others = [f"{percent(row['confidence'])} of {row['name']}" for row in rows if row["confidence"] != usual]
    return ", ".join([f"to {percent(usual)}", *others])


def _sampled(corpus: Mapping[str, Any]) -> str:
    """How much of the corpus fits the budget; "" where it is all of it."""
    run, decide = corpus["run"], corpus["decide"]
    if run["cases"] == decide["cases"] == corpus["cases"]:
        return ""
    said = f"{run['cases']:,} in {count(run['groups'], 'group')}"
    if run == decide:
        return f", of which the budget reaches {said}"
    return (
        f", of which `crumple run` reaches {said}, --decide {decide['cases']:,} in {count(decide['groups'], 'group')}"
    )


def _price(price: Mapping[str, Any]) -> str:
    cost = "costs an amount that is not known" if price["cost"] is None else f"costs {money(price['cost'])}"
    if price["seconds"] is None:
        return f"{cost}, and takes a time that is not known before a first run"
    return f"{cost}, and takes {_seconds(price['seconds'])} of a run's time, as in {price['known_from']}"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 0.1 else f"{seconds:.2g} s" if seconds < 10 else duration(seconds)


def _limits(page: Page, rows: Sequence[Mapping[str, Any]]) -> None:
    page.heading("What each limit takes where nothing fails, and what there is")
    heads = ["limit", "", "in", "takes", "has", "run", "takes", "has", "--decide"]
    cells = [
        (
            row["name"],
            row["shown"],
            _unit(row),
            *_side(row, row["run"]),
            *_side(row, row["decide"]),
        )
        for row in rows
    ]
    page.table(heads, cells, styles=[PLAIN if row["decide"]["can"] or row["run"]["can"] else BAD for row in rows])
    page.line(
        "Documents (groups of cases) are counted where a limit is about documents like these, else calls; as if every "
        "case passed clean, and with --decide as if each limit were the only one." + _draws(rows),
        FAINT,
    )


def _draws(rows: Sequence[Mapping[str, Any]]) -> str:
    """Why production has more than the budget has calls; "" where that is not seen."""
    if not any(row["of"] == "production" and row["decide"]["can"] for row in rows):
        return ""
    return " Production is drawn by the mix there: a clean document among the draws costs no further call."


def _unit(row: Mapping[str, Any]) -> str:
    return "documents" if row["about"] == _LIKE_THESE or row["of"] == "clean" else "calls"


def _side(row: Mapping[str, Any], side: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a limit takes, what there is, and whether that is enough."""
    if row["census"]:
        return "all", f"{row['cases']:,}", "yes"
    more = "+" if side["at_least"] else ""
    needs = "-" if side["needs"] is None else f"{side['needs']:,}{more}"
    has = "any" if side["has"] is None else f"{side['has']:,}"
    return needs, has, "yes" if side["can"] else "no"


def _rates(page: Page, document: Mapping[str, Any]) -> None:
    """How long it takes at likely rates."""
    rows = [row for row in document["limits"] if row["rates"] and row["decide"]["can"] and row["of"] != "clean"]
    if not rows:
        return
    known = document["price"]
    page.heading("Calls until it is decided, in the mean, with --decide")
    heads = ["limit", "no failure", "a quarter", "double", "fourfold"]
    heads += [each for each, there in (("cost", known["cost"]), ("time", known["seconds"])) if there is not None]
    cells = []
    for row in rows:
        rates = [f"{row['decide']['paid'] or '-'}", *(_rate(each) for each in row["rates"])]
        good = row["rates"][0]
        rates += [""] * (4 - len(rates))
        rates += [money(good["cost"])] if known["cost"] is not None else []
        rates += [duration(good["seconds"])] if known["seconds"] is not None else []
        cells.append((f"{row['name']}, {row['shown']}", *rates))
    page.table(heads, cells)
    beside = [each for each in ("cost", "time") if each in heads]
    are = "are those" if len(beside) > 1 else "is that"
    paid = f" {' and '.join(beside).capitalize()} {are} of a quarter." if beside else ""
    page.line(
        "A quarter: the rate is a quarter of what the limit allows, and it is met; double and fourfold: it is broken. "
        "In brackets how likely it is decided with what there is, where that is not certain." + paid,
        FAINT,
    )
    whole = document["all"]
    if whole["decide"]:
        parts = [f"about {count(whole['calls'], 'call')} at most"]
        parts += [money(whole["cost"])] if whole["cost"] is not None else []
        parts += [duration(whole["seconds"])] if whole["seconds"] is not None else []
        budget = document["budget"]["calls"]
        beyond = ""
        if budget is not None and whole["calls"] > budget:
            beyond = f" That is more than the budget of {budget:,}, so that some may stay undecided."
        page.line(
            f"All that can be decided, at a quarter, with clean documents and round trips: {', '.join(parts)}.{beyond}"
        )


def _rate(rate: Mapping[str, Any]) -> str:
    likely = "" if rate["within"] >= 0.995 else f" ({rate['within'] * 100:.0f}%)"
    return f"{rate['calls']:,}{likely}"


def _lacking(page: Page, document: Mapping[str, Any]) -> None:
    """Why limits cannot be decided, and what would help."""
    rows = [row for row in document["limits"] if not (row["run"]["can"] and row["decide"]["can"])]
    if not rows:
        return
    page.heading("What is lacking")
    for row in rows:
        run, decide = row["run"], row["decide"]
        if not run["can"] and not decide["can"]:
            why = decide["why"] if run["why"] == decide["why"] else f"{run['why']}; with --decide {decide['why']}"
        else:
            why = f"by `crumple run`, {run['why']}" if decide["can"] else f"with --decide, {decide['why']}"
        page.line(f"{row['name']}, {row['shown']}: {why}.", indent=2)
        if row["instead"]:
            page.line(f"About these documents it could be: write {row['instead']} of {document['file']}.", indent=4)


def _beside(page: Page, document: Mapping[str, Any]) -> None:
    """What the contract does not cover, what of the mix is not run, and what is newer than the pin."""
    notes = list(_notes(document))
    if not notes:
        return
    page.heading("Beside the contract")
    for note in notes:
        page.line(note, indent=2)


def _notes(document: Mapping[str, Any]) -> Iterable[str]:
    if document["uncovered"]:
        yield f"No limit is about {listed(document['uncovered'], _MOST)}, which {_is(document['uncovered'])} run."
    if document["not_run"]:
        yield f"Not run on these documents: {listed(sorted(document['not_run']), _MOST)}."
    mix = document["mix"]
    if mix is not None:
        if mix["named"] < 1 - 1e-6:
            yield f"The mix names {percent(mix['named'])} of the volume; nothing is said of the rest."
        for each in mix["missing"]:
            yield f"Of the mix, {each['name']} ({percent(each['share'])} of the volume): {each['why']}."
    pin = document["pin"]
    if pin is None:
        yield "The contract is not pinned: `crumple check --pin` writes down which mutators and levels it is about."
    else:
        yield from _pin(pin)


def _pin(pin: Mapping[str, Any]) -> Iterable[str]:
    """How what is run differs from what the contract is pinned to."""
    for key, words in (
        ("newer", "newer than crumple.lock"),
        ("changed", "changed since crumple.lock was written"),
        ("gone", "in crumple.lock, and not run any more"),
    ):
        if pin[key]:
            yield f"{listed(pin[key], _MOST)}: {words}."
    if pin["levels"]:
        yield f"Level {listed([f'{each:g}' for each in pin['levels']])}: not in crumple.lock."
    if pin["unrun"]:
        yield f"Level {listed([f'{each:g}' for each in pin['unrun']])}: in crumple.lock, and not run."
    if pin["newer"] or pin["changed"] or pin["levels"]:
        yield "What is not in crumple.lock as it is now decides no limit; `crumple check --pin` takes it in."


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
