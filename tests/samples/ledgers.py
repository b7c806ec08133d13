"""Ledgers of runs that are written down: which case, which mutator, at which level, what came out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from crumple.case import Entry
from crumple.contract.ledger import Ledger
from crumple.contract.limits import THESE, Contract, Limit, Metric, Pin
from crumple.contract.sentences import row
from crumple.contract.verdicts import Decision, decisions
from crumple.events import CleanEnded, Event, RoundEnded
from crumple.mix import Mix
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from engine_scripts import A, B, registry

NUMBERS = itertools.count()
RIGHT, WRONG, REFUSED, CRASHED, HUNG, VOID = (
    Outcome.RIGHT,
    Outcome.WRONG,
    Outcome.REFUSED,
    Outcome.CRASHED,
    Outcome.HUNG,
    Outcome.VOID,
)


def limit(of: str = "text.a", metric: str = "failures", bound: float = 0.05, **more: Any) -> Limit:
    return Limit(of=of, metric=Metric(metric), bound=bound, **({"about": THESE} | more))


def call(case: int | str = 0, outcome: Outcome = RIGHT, **more: Any) -> Result:
    """A call of text.a at level 1, unless said otherwise."""
    settings = {"mutator": "text.a", "level": 1.0, "score": float(outcome is RIGHT), "figures": {}} | more
    number = next(NUMBERS)
    key = more.get("key", f"{number}/{settings['mutator']}/0/0")
    work = Work(number, str(case), level=settings["level"], mutator=settings["mutator"], key=key)
    verdict = Verdict(outcome, outcome not in (RIGHT, VOID), settings["score"], figures=settings["figures"])
    return Result(work, verdict, seconds=more.get("seconds", 0.1), cost=more.get("cost", 0.0))


def calls(failing: int, of: int, **more: Any) -> list[Result]:
    """So many calls on documents of their own, of which the first fail."""
    outcome = more.pop("outcome", WRONG)
    return [call(at, outcome if at < failing else RIGHT, **more) for at in range(of)]


def clean(passing: int, failing: int = 0, *, groups: int | None = None, **more: Any) -> CleanEnded:
    """Cases 0, 1, ...; the last ones fail."""
    count = passing + failing
    entries = [Entry(f"{at}", "text/plain", f"g{at % (groups or count)}", True) for at in range(count)]
    results = [
        call(at, RIGHT if at < passing else WRONG, mutator="", level=0.0, key=f"clean/{at}/0", **more)
        for at in range(count)
    ]
    return CleanEnded(entries, frozenset(str(at) for at in range(passing)), results, frozenset(), {})


def rounds(results: Iterable[Result]) -> list[RoundEnded]:
    return [RoundEnded(at, [each]) for at, each in enumerate(results)]


def ledger(
    limits: Limit | Sequence[Limit],
    results: Iterable[Result] = (),
    *events: Event,
    pin: Pin | None = None,
    mix: Mix | None = None,
    corpus_cases: int | None = None,
) -> Ledger:
    """What was told of some calls, and of other events before them."""
    several = (limits,) if isinstance(limits, Limit) else tuple(limits)
    made = Ledger(Contract(several, pin), registry(A, B), mix, corpus_cases=corpus_cases)
    for event in (*events, *rounds(results)):
        made.add(event)
    return made


def decided(limits: Limit | Sequence[Limit], results: Iterable[Result] = (), *events: Event, **more: Any) -> Decision:
    """What has come out for the first limit of a run that came to its end."""
    return decisions(ledger(limits, results, *events, **more))[0]


def told(decision: Decision) -> str:
    """Its sentence."""
    return str(row(decision)["sentence"])
