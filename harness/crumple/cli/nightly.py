"""`crumple nightly`: what got worse since the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.parameters import config_option

if TYPE_CHECKING:
    from crumple.case import Corpus
    from crumple.cli.progress import Watcher
    from crumple.events import Event
    from crumple.execution.executor import Executor
    from crumple.findings.keeping import Keeping
    from crumple.findings.status import Known
    from crumple.nightly.baseline import Baseline
    from crumple.nightly.course import Night
    from crumple.nightly.night import NightTally

_HELP = """Call findings again, then the same recipes as every night, then some new ones; and say what got worse.

What a night is compared with is the baseline (`crumple baseline RUN`): the very same documents, call by call. It wakes
somebody for nothing as seldom as [nightly] false_alarms says.

\b
Examples:
  crumple nightly
  crumple nightly --calls 2000 --json night.json

\b
Exit codes: 0 nothing got worse, or there is no baseline yet; 1 a category got worse, or a finding that was fixed fails
again; 2 usage, or configuration; 4 the night is void; 5 nothing got worse, and the contract is broken as it was; 130
interrupted.
"""
WORSE, BROKEN = 1, 5


class NightCompanion:
    """Sits beside a night: tells it what is known, and compares it with the baseline."""

    def __init__(
        self,
        course: Night,
        tally: NightTally,
        keeping: Keeping,
        baseline: Baseline | None,
        known: Sequence[Known],
        corpus: Corpus,
    ) -> None:
        """Beside this course."""
        self._course, self._tally, self._keeping = course, tally, keeping
        self._baseline, self._known, self._corpus = baseline, known, corpus

    @property
    def kind(self) -> str:
        """What the run is called among others."""
        return "night"

    def known(self) -> dict[str, Any]:
        """The findings that are there when the night begins, and what its new recipes are drawn from."""
        import secrets

        return {
            "findings": [each.to_json() for each in self._known],
            "baseline": self._baseline.id if self._baseline else "",
            "fresh_seed": secrets.randbelow(1 << 31),
        }

    def begin(self, info: Mapping[str, Any]) -> None:
        """Tell the course what was known when the night began."""
        from crumple.findings.status import Known

        known = info.get("known", {})
        self._course.know([Known.from_json(each) for each in known.get("findings", ())], known.get("fresh_seed", 0))
        self._keeping.begin(info)

    def watching(self, seconds: float | None) -> AbstractContextManager[Watcher]:
        """Progress, as of any run."""
        from crumple.cli.progress import watching

        return watching(seconds)

    def attended(self, executor: Executor) -> Executor:
        """Nobody sits there at night."""
        return executor

    def clock(self) -> float:
        """The clock of any run."""
        import time

        return time.monotonic()

    def take(self, event: Event) -> None:
        """Take one event in."""
        self._keeping.take(event)
        self._tally.add(event)

    def complete(self, document: dict[str, Any]) -> None:
        """Put what the night came to into the run's document."""
        from crumple.nightly.cases import digests_of

        cases = digests_of(self._corpus, self._baseline.cases) if self._baseline else {}
        document["night"] = self._tally.document(cases)

    def code(self, document: Mapping[str, Any], code: int) -> int:
        """1 where something got worse; a contract that is broken as it was is another matter."""
        from crumple.cli.carry_out import BROKEN as BROKEN_CONTRACT

        if code not in {0, BROKEN_CONTRACT}:
            return code
        if document["night"]["state"] == "worse":
            return WORSE
        if document["night"]["state"] == "no baseline":
            return 0
        return BROKEN if code == BROKEN_CONTRACT else 0


@click.command("nightly", help=_HELP, short_help="Every night: what got worse since the baseline.")
@config_option
@click.option("--calls", type=click.IntRange(min=1), metavar="N", help="At most so many calls. [[nightly] calls]")
@click.option("--store", metavar="WHERE", help="A PostgreSQL URL or a file; by default [run] store, or .crumple/.")
@click.option("--json", "json_file", metavar="FILE", help="Write the results as JSON; - is standard output.")
def command(config: str | None, calls: int | None, store: str | None, json_file: str | None) -> int:
    """Carry the night out."""
    from dataclasses import replace

    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import Manner, carry_out
    from crumple.cli.output import emit
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.config.model import DEFAULT_CALLS
    from crumple.findings.keeping import Keeping
    from crumple.nightly.baseline_file import read_baseline
    from crumple.nightly.course import ROUND, Night, Share
    from crumple.nightly.night import NightTally

    loaded = load(find(Path(config) if config is not None else None))
    settings = loaded.settings.nightly
    baseline = read_baseline(loaded.path)
    calls = calls or settings.calls or loaded.settings.run.calls or DEFAULT_CALLS
    assembly = assemble(loaded, Wishes(calls=calls))
    keeping = Keeping(
        loaded,
        assembly.plan.corpus,
        assembly.registry,
        assembly.spec.discretion,
        say=lambda line: emit(line, err=True),
    )
    known = keeping.known()
    always = frozenset(each.case for each in known) | frozenset(baseline.cases if baseline else ())
    plan = replace(assembly.plan, round_size=ROUND, always=always, again=False)
    course = Night(plan, assembly.registry, baseline, Share(calls=calls, fresh=settings.fresh))
    fixed = frozenset(each.id for each in known if each.state == "fixed")
    tally = NightTally(course, baseline, settings.false_alarms, fixed)
    companion = NightCompanion(course, tally, keeping, baseline, known, assembly.plan.corpus)
    run = loaded.settings.run.model_copy(update={"void": settings.void_above})
    loaded = replace(loaded, settings=loaded.settings.model_copy(update={"run": run}))
    manner = Manner(json_file=json_file, store=store, fresh=True, named=config or "", companion=companion)
    return carry_out(replace(assembly, plan=plan, course=course), loaded, manner)
