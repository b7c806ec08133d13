"""What a run can decide of its contract, told before anything is called: the document of `crumple check`. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from crumple.contract.demand import Demand, Likely, demand, likely
from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, THESE, Contract, Limit, Metric
from crumple.contract.sentences import name_of, written
from crumple.mix import Mix
from crumple.pin_file import Differences
from crumple.statistics.sequential import Foreseen
from crumple.supply import UNBOUNDED, Ground, Price, Supply, supply

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else is known.

    Attributes:
        price: what a call takes.
        known_from: where that is known from; "" where nothing is known.
        lines: the line of each limit in the configuration.
        abouts: the line in which each says what it is about; 0 where it does not.
        file: the configuration's name.
        pin: how what is run differs from the pin; None: there is none.
        unwatched: why no run can decide as calls come in; "" where one can.
    """

    price: Price
    known_from: str
    lines: Sequence[int]
    abouts: Sequence[int]
    file: str
    pin: Differences | None = None
    unwatched: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What runs can draw on.

    Attributes:
        run: those of `crumple run`.
        decide: those of `crumple run --decide`, which looks at as many groups as can be.
    """

    run: Ground
    decide: Ground


def foresee(contract: Contract, offered: Offer, mix: Mix | None, known: Circumstances) -> dict[str, Any]:
    """The document of what can be decided.

    Args:
        contract: what is to be kept.
        offered: what the run can draw on.
        mix: what production sends; None: it is not said.
        known: prices, lines and the pin.
    """
    rows = [_row(number, limit, contract, offered, mix, known) for number, limit in enumerate(contract.limits)]
    run, decide = offered.run, offered.decide
    return {
        "schema": SCHEMA,
        "file": known.file,
        "corpus": {
            "name": run.plan.corpus.name,
            "cases": run.corpus,
            "groups": run.corpus_groups,
            "run": {"cases": len(run.entries), "groups": len(run.groups)},
            "decide": {"cases": len(decide.entries), "groups": len(decide.groups)},
        },
        "budget": {
            "calls": run.plan.calls,
            "seconds": run.plan.seconds,
            "cost": run.plan.cost,
            "before": run.before,
            "left": run.left,
            "rounds": run.rounds if run.left is not None else None,
            "mutators": len(run.pools),
        },
        "price": asdict(known.price) | {"known_from": known.known_from},
        "limits": rows,
        "all": _together(rows, contract, known.price, decide),
        "uncovered": uncovered(contract, run, mix),
        "not_run": dict(run.not_run),
        "mix": _mix(mix),
        "pin": asdict(known.pin) if known.pin is not None else None,
    }


def uncovered(contract: Contract, offered: Ground, mix: Mix | None) -> list[str]:
    """The categories that are run and that no limit is about; production is about those that the mix names."""
    named = {name for name, _ in mix.damaged} if mix and any(x.of == PRODUCTION for x in contract.limits) else set()
    return sorted(
        {
            each.category
            for each in offered.plan.registry
            if each.name in offered.pools
            and each.category not in {name.partition(".")[0] for name in named}
            and not any(limit.covers(each) for limit in contract.limits)
        }
    )


def _row(
    number: int, limit: Limit, contract: Contract, offered: Offer, mix: Mix | None, known: Circumstances
) -> dict[str, Any]:
    needs = demand(limit)
    once, there = (supply(limit, contract, each, mix) for each in (offered.run, offered.decide))
    if number in contract.partial:
        once, there = (replace(each, why=contract.partial[number]) for each in (once, there))
    if known.unwatched and limit.of != CLEAN:
        there = replace(there, why=known.unwatched)
    rates = likely(limit, there.stream, len(contract.limits)) if not (there.census or known.unwatched) else ()
    run, decide = _fixed(limit, needs, once), _watched(limit, needs, there)
    return {
        "name": name_of(limit),
        "of": limit.of,
        "metric": limit.metric.value,
        "limit": limit.bound,
        "shown": ("at least " if limit.metric.at_least else "at most ") + written(limit, limit.bound),
        "up_to_level": limit.up_to_level,
        "confidence": limit.confidence,
        "about": limit.about,
        "line": known.lines[number],
        "mutators": list(there.mutators),
        "cases": there.cases,
        "groups": there.groups,
        "census": there.census,
        "run": run,
        "decide": decide,
        "rates": [_rate(each, there, known.price) for each in rates],
        "instead": ""
        if decide["can"] or run["can"]
        else _instead(limit, contract, offered, mix, _place(number, known)),
    }


def _fixed(limit: Limit, needs: Demand, there: Supply) -> dict[str, Any]:
    """What a run with a fixed number of calls can say, at best."""
    can = there.census or (needs.fixed is not None and not there.why and there.worth >= needs.fixed)
    return {
        "can": can,
        "calls": _known(there.calls),
        "has": _known(int(there.worth)),
        "needs": needs.fixed,
        "at_least": needs.at_least,
        "why": "" if can else _why(limit, needs.fixed, int(there.worth), there),
    }


def _known(calls: int) -> int | None:
    """A number of calls; None where there is no limit to them that is known."""
    return calls if calls < UNBOUNDED // 100 else None


def _watched(limit: Limit, needs: Demand, there: Supply) -> dict[str, Any]:
    """What a run that decides can say, at best; clean documents are tried once in either."""
    if limit.of == CLEAN:
        return _fixed(limit, needs, there)
    can = needs.watched is not None and not there.why and there.stream >= needs.watched
    return {
        "can": can,
        "calls": _known(there.stream),
        "has": _known(there.stream),
        "paid": None if needs.watched is None else math.ceil(needs.watched * there.price),
        "needs": needs.watched,
        "at_least": needs.at_least,
        "why": "" if can else _why(limit, needs.watched, there.stream, there),
    }


def _why(limit: Limit, needs: int | None, has: int, there: Supply) -> str:
    """What a limit lacks."""
    if there.why:
        return there.why
    if needs is None:
        return "it takes more calls than can be made"
    if limit.about == LIKE_THESE and there.groups < needs:
        there_are = "there is" if there.groups == 1 else "there are"
        return f"it takes {needs:,} documents like these, and {there_are} {there.groups:,}"
    return f"it takes {needs:,} calls, and gets {has:,} of the budget"


def _instead(limit: Limit, contract: Contract, offered: Offer, mix: Mix | None, place: str) -> str:
    """What to write instead, where a limit on documents like these can be decided about these documents."""
    if limit.about != LIKE_THESE:
        return ""
    other = replace(limit, about=THESE)
    needs = demand(other)
    run = _fixed(other, needs, supply(other, contract, offered.run, mix))
    decide = _watched(other, needs, supply(other, contract, offered.decide, mix))
    if not (run["can"] or decide["can"]):
        return ""
    return f'about = "these documents" {place}'


def _place(number: int, known: Circumstances) -> str:
    """Where a limit says what it is about, or is to say it."""
    said = known.abouts[number]
    return f"in line {said}" if said else f"below line {known.lines[number]}"


def _rate(each: Likely, there: Supply, price: Price) -> dict[str, Any]:
    calls = each.foreseen.mean * there.price
    return {
        "rate": each.rate,
        "calls": math.ceil(calls),
        "ninetieth": math.ceil(each.foreseen.ninetieth * there.price),
        "within": _decided(each.within),
        "state": "met" if each.foreseen.met >= each.foreseen.broken else "broken",
        "cost": None if price.cost is None else calls * price.cost,
        "seconds": None if price.seconds is None else calls * price.seconds,
    }


def _decided(foreseen: Foreseen) -> float:
    """How likely it is decided."""
    return round(1.0 - foreseen.undecided, 3)


def _together(rows: Sequence[Mapping[str, Any]], contract: Contract, price: Price, offered: Ground) -> dict[str, Any]:
    """What all limits take with a good system: limits of one population share every call."""
    most: dict[Any, float] = {}
    for limit, row in zip(contract.limits, rows, strict=True):
        if limit.of != CLEAN and row["decide"]["can"]:
            calls = row["rates"][0]["calls"] if row["rates"] else row["decide"]["paid"] or 0
            drawn_from = (limit.population, limit.metric is Metric.VALID)
            most[drawn_from] = max(most.get(drawn_from, 0.0), min(calls, row["decide"]["calls"] or calls))
    calls = round(sum(most.values())) + offered.before
    return {
        "limits": len(rows),
        "run": sum(row["run"]["can"] for row in rows),
        "decide": sum(row["decide"]["can"] for row in rows),
        "calls": calls,
        "cost": None if price.cost is None else calls * price.cost,
        "seconds": None if price.seconds is None else calls * price.seconds,
    }


def _mix(mix: Mix | None) -> dict[str, Any] | None:
    if mix is None:
        return None
    return {
        "named": mix.named,
        "missing": [
            {"name": each.name, "level": each.level, "share": each.share, "why": each.why} for each in mix.left_out
        ],
    }
