"""What the search of `crumple fuzz` takes itself, per call: drawing, taking answers in, making failures smaller.

    python -m benchmarks.fuzz_overhead [--quick] [--write]

The course is asked for rounds over all mutators and four kinds of documents, and told what scripted systems answer at
once; only the processor time within the course is counted. `--quick` makes a tenth of the calls. Ends with 1 where a
call of any of the systems takes 100 microseconds or more.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.output import Output
from crumple.case import Entry
from crumple.events import CleanEnded, RoundEnded
from crumple.mutation.registry import Registry, discover
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan, Trial, eligible
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search
from crumple.targets import Target

CALLS, WIDTH, CASES = 10_000, 4, 25
AIM = 100.0
"""Microseconds a call."""
KINDS = ("text/csv", "application/json", "message/rfc822", "application/pdf")
RIGHT = Verdict(Outcome.RIGHT, failure=False, score=1.0)


@dataclass(frozen=True, slots=True)
class Documents:
    """A corpus of entries alone."""

    listed: tuple[Entry, ...]
    name: str = "documents"

    def entries(self) -> Sequence[Entry]:
        """All of them."""
        return self.listed

    def load(self, case_id: str) -> object:
        """None is ever loaded."""
        raise NotImplementedError(case_id)


def crashed(place: str) -> Verdict:
    """A crash at a place of its own."""
    return Verdict(Outcome.CRASHED, failure=True, fingerprint=f"crashed ValueError at reader.py:{place}: float(text)")


def of_causes(*causes: Sequence[str]) -> Callable[[Trial], Verdict]:
    """A system that crashes at a place of its own for each of these sets of mutators."""

    def system(trial: Trial) -> Verdict:
        there = {step.mutator for step in trial.recipe.steps}
        return next((crashed(f"m{at}") for at, each in enumerate(causes) if there & set(each)), RIGHT)

    return system


def by_category(trial: Trial) -> Verdict:
    """A system that is at fault with each mutator of five categories, each in a place of its own."""
    bad = ("encoding.", "table.", "format.", "form.", "truncation.")
    name = next((step.mutator for step in trial.recipe.steps if step.mutator.startswith(bad)), "")
    return crashed(name.replace(".", "_")) if name else RIGHT


SYSTEMS: Mapping[str, Callable[[Trial], Verdict]] = {
    "that stands everything": lambda trial: RIGHT,
    "with one bug": of_causes(["encoding.bom", "encoding.utf16"]),
    "with six bugs": of_causes(
        ["encoding.bom"],
        ["text.typos", "text.case"],
        ["truncation.cut"],
        ["form.missing"],
        ["table.delimiter"],
        ["scan.skew"],
    ),
    "with a bug in each of some hundred mutators": by_category,
    "that fails on everything alike": lambda trial: crashed("read"),
    "that fails otherwise each time": lambda trial: crashed(f"{trial.round}_{trial.name}"),
}


def measured(registry: Registry, system: Callable[[Trial], Verdict], calls: int) -> tuple[float, int]:
    """Microseconds of processor time a call, and how many discoveries there were."""
    entries = tuple(Entry(f"{n}.{kind}", kind, f"{n}", True) for kind in KINDS for n in range(CASES))
    plan = Plan(Documents(entries), registry)  # type: ignore[arg-type]  # its documents are never asked for
    targets: dict[str, Sequence[Target]] = {
        name: own for name, own in eligible(plan, entries, set()).items() if not isinstance(own, str)
    }
    course = Fuzzing(plan, Search(width=WIDTH))
    course.begin(targets, CleanEnded(entries, frozenset(each.id for each in entries), (), frozenset(), {}))
    spent, out, found = 0.0, [], 0
    for number in range(calls // WIDTH):
        began = time.process_time()
        turns = course.following()
        spent += time.process_time() - began
        out.append(RoundEnded(number, [_answered(turn, system) for turn in turns if isinstance(turn, Trial)]))
        if len(out) > 1:
            began = time.process_time()
            course.told(out.pop(0))
            spent += time.process_time() - began
    found = len(course.found)
    return 1e6 * spent / calls, found


def _answered(trial: Trial, system: Callable[[Trial], Verdict]) -> Result:
    work = Work(1, trial.case, trial.recipe, trial.level, key=f"{trial.round}/{trial.name}/0/0", fitting=trial.fitting)
    return Result(work, system(trial), attempts=1, changes=(5,) * len(trial.recipe.steps) if trial.counts else ())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    asked = parser.parse_args()
    calls = CALLS // 10 if asked.quick else CALLS
    registry = Registry({each.name: each for each in discover() if not each.control})
    output = Output()
    output.say(f"Processor time of the search itself, {calls:,} calls of each system, rounds of {WIDTH}:")
    output.heads(("a system", "us a call", "discoveries", "aim"), (46, -10, -12, 10))
    measured(registry, by_category, 200)  # what is imported late is not the search's
    worst = 0.0
    for name, system in SYSTEMS.items():
        each, found = measured(registry, system, calls)
        worst = max(worst, each)
        output.row((name, f"{each:.0f}", str(found), f"{AIM:.0f}{'' if each < AIM else ' (missed)'}"))
    if asked.write:
        output.write("fuzz_overhead")
    return int(worst >= AIM)


if __name__ == "__main__":
    sys.exit(main())
