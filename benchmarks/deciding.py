"""The calls that `crumple run --decide` saves on the demo, against a fixed plan that comes to the same decisions.

`python -m benchmarks.deciding`. The demo's system is called for some rounds, and what came of each mutator, level and
document is kept. Both ways of deciding are then carried out many times with other seeds, by crumple's own engine, on
what is kept in place of the system: minutes instead of hours. The fixed plan is the smallest number of whole rounds
after which nine of ten such plans have come to all the decisions that `--decide` comes to; who plans has to know that
number beforehand, which nobody does.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.output import Output
from crumple.assembly import Assembly, Wishes, assemble
from crumple.cli.demo import example_folder
from crumple.config.loading import load
from crumple.contract.ledger import Ledger
from crumple.contract.limits import State
from crumple.contract.sentences import name_of
from crumple.contract.verdicts import decisions
from crumple.engine import run
from crumple.events import CallEnded, Ended, Event, RoundEnded
from crumple.execution.executor import Executor
from crumple.execution.local import LocalLanes
from crumple.mutation.registry import Registry
from crumple.result import Result, Work

MOST = 0.5
"""Of the fixed plan's calls, at most so many."""
_OFTEN = 0.9
_MOST_ROUNDS = 60
_HOURS = 3600.0 * 24
_RECORDED = 10**6  # the seed of the run whose results are kept


@dataclass(slots=True)
class Kept:
    """What came of calls, by what was asked."""

    clean: dict[str, Result] = field(default_factory=dict)
    controls: dict[tuple[str, str], Result] = field(default_factory=dict)
    degraded: dict[tuple[str, float], list[Result]] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Keep one."""
        work = result.work
        kind = work.key.partition("/")[0]
        if kind == "clean":
            self.clean[work.case] = result
        elif kind == "control":
            self.controls[work.mutator, work.case] = result
        elif kind != "again":
            self.degraded.setdefault((work.mutator, work.level), []).append(result)

    def answer(self, work: Work, rng: random.Random) -> Result:
        """A result for this work: of the same document where there is one, at the nearest level that was called."""
        kind = work.key.partition("/")[0]
        if kind == "clean":
            return replace(self.clean[work.case], work=work)
        if kind == "control":
            return replace(self.controls[work.mutator, work.case], work=work)
        levels = [level for mutator, level in self.degraded if mutator == work.mutator]
        every = self.degraded[work.mutator, min(levels, key=lambda level: abs(level - work.level))]
        same = [each for each in every if each.work.case == work.case]
        return replace(rng.choice(same or every), work=work)


class Replayed:
    """An executor that answers at once from what is kept."""

    room = 64

    def __init__(self, kept: Kept, seed: int) -> None:
        self._kept, self._rng = kept, random.Random(seed)
        self._done: list[Result] = []

    @property
    def pending(self) -> int:
        """How many results wait."""
        return len(self._done)

    def put(self, works: Sequence[Work]) -> None:
        """Answer each."""
        self._done += [self._kept.answer(work, self._rng) for work in works]

    def results(self, timeout: float | None = None) -> list[Result]:
        """All that wait."""
        done, self._done = self._done, []
        return done


@dataclass(frozen=True, slots=True)
class Came:
    """Where the limits stood after so many calls."""

    calls: int
    states: tuple[State, ...]


def _assembly(folder: Path, seed: int, calls: int, *, decide: bool) -> Assembly:
    wishes = Wishes(seed=seed, calls=calls, seconds=_HOURS, decide=decide)
    return assemble(load(folder / "crumple.toml"), wishes)


def _states(assembly: Assembly, executor: Executor, *, rounds: bool) -> list[Came]:
    """Where the limits stand after every whole round, or only at the end; failures tried again are no part of it."""
    plan = assembly.plan
    registry = Registry({**plan.registry.mutators, **plan.controls.mutators})
    ledger = Ledger(assembly.contract, registry, assembly.mix, corpus_cases=len(plan.corpus.entries()))
    found: list[Came] = []
    calls = 0
    for event in run(plan, executor, course=assembly.course):
        calls += _calls(event)
        ledger.add(event)
        if rounds and isinstance(event, RoundEnded):
            found.append(Came(calls, tuple(each.state for each in decisions(ledger))))
            if len(found) == _MOST_ROUNDS:
                break
    return found or [Came(calls, tuple(each.state for each in decisions(ledger)))]


def _calls(event: Event) -> int:
    """Calls of whole rounds count with their round, however far ahead of it they come back."""
    match event:
        case RoundEnded():
            return event.calls
        case Ended():
            return event.cut
        case CallEnded(result=result):
            return int(result.made and result.work.key.startswith(("clean/", "control/")))
        case _:
            return 0


def _record(folder: Path, rounds: int) -> Kept:
    """Call the demo's system."""
    kept = Kept()
    probe = _assembly(folder, _RECORDED, 10_000, decide=False)
    ends = 0
    with LocalLanes(probe.spec, probe.lanes) as lanes:
        for event in run(probe.plan, lanes):
            if isinstance(event, CallEnded):
                kept.add(event.result)
            ends += isinstance(event, RoundEnded)
            if ends >= rounds:
                break
    return kept


def _fixed(plans: Sequence[Sequence[Came]], wanted: Sequence[State]) -> tuple[int, float, float] | None:
    """The fewest rounds after which nine of ten plans have every decision that is wanted: rounds, calls, share."""
    for at in range(min(map(len, plans))):
        right = [_agrees(each[at].states, wanted) for each in plans]
        if sum(right) >= _OFTEN * len(plans):
            return at + 1, statistics.mean(each[at].calls for each in plans), sum(right) / len(plans)
    return None


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _agrees(states: Sequence[State], wanted: Sequence[State]) -> bool:
    return all(want in (State.UNDECIDED, state) for state, want in zip(states, wanted, strict=True))


def main() -> int:
    """Metric, print, and end with 1 where too little is saved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=24, help="how many rounds the system is really called for")
    parser.add_argument("--seeds", type=int, default=40, help="how often each way is carried out")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    out = Output()
    with tempfile.TemporaryDirectory(prefix="crumple-deciding-") as scratch:
        folder = Path(scratch) / "invoices"
        folder.symlink_to(example_folder(), target_is_directory=True)
        kept = _record(folder, arguments.rounds)
        decided = [
            _states(_assembly(folder, seed, 2000, decide=True), Replayed(kept, seed), rounds=False)[0]
            for seed in range(arguments.seeds)
        ]
        fixed = [
            _states(_assembly(folder, seed, 40 * _MOST_ROUNDS, decide=False), Replayed(kept, seed), rounds=True)
            for seed in range(arguments.seeds)
        ]
        limits = _assembly(folder, 0, 2000, decide=True).contract.limits
    wanted = [statistics.mode(each.states[at] for each in decided) for at in range(len(limits))]
    found = _fixed(fixed, wanted)
    mean = statistics.mean(each.calls for each in decided)
    out.say(
        f"The demo's contract, decided {arguments.seeds} times with other seeds; clean documents and round trips are "
        "among the calls."
    )
    out.table(
        ["limit", "comes out", "of --decide", *([f"of {found[0]} fixed rounds"] if found else [])],
        [
            [
                name_of(limit),
                wanted[at],
                _percent(sum(each.states[at] is wanted[at] for each in decided) / len(decided)),
                *(
                    [_percent(sum(each[found[0] - 1].states[at] is wanted[at] for each in fixed) / len(fixed))]
                    if found
                    else []
                ),
            ]
            for at, limit in enumerate(limits)
        ],
    )
    spread = sorted(each.calls for each in decided)
    low, high = spread[len(spread) // 20], spread[-1 - len(spread) // 20]
    out.say(f"--decide takes {mean:.0f} calls in the mean, {low} to {high} in nine runs of ten.")
    if found is None:
        out.say(f"A fixed plan does not come to them in {_MOST_ROUNDS} rounds.")
    else:
        rounds, calls, often = found
        out.say(
            f"A fixed plan takes {calls:.0f} calls, {rounds} rounds, to come to all of them in {_percent(often)} of "
            f"its runs. --decide saves {_percent(1 - mean / calls)}; at least {_percent(1 - MOST)} is asked for."
        )
    if arguments.write:
        out.write("deciding")
    return int(found is not None and mean > MOST * found[1])


if __name__ == "__main__":
    sys.exit(main())
