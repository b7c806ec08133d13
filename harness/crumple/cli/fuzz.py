"""`crumple fuzz`: what else breaks it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.attended import Attended, Hand
from crumple.cli.parameters import budget_options, config_option, keeping_options, report_options, use_option, words

if TYPE_CHECKING:
    from crumple.assembly import Assembly, Wishes
    from crumple.cli.progress import Watcher
    from crumple.cli.screen import Shown
    from crumple.config.loading import Config
    from crumple.events import Event
    from crumple.execution.executor import Executor
    from crumple.findings.keeping import Keeping
    from crumple.plan import Plan
    from crumple.search.fuzz import Fuzzing

_HELP = """Look for what else breaks the system, and make each failure as small as it gets.

Findings that are open are called again first. Then it tries recipes of one to four mutators at any level on the
documents of the corpus, goes on where new kinds of failure turn up, and for each kind looks for the fewest steps, the
lowest level and the smallest change that still fail so. What it finds is written to findings/ beside crumple.toml as it
comes; `crumple findings` lists it, `crumple replay ID` calls it again, `crumple accept ID` sets it aside.

It ends when the calls, the time or the money allowed are used up, or with --until-quiet when hardly anything new is to
be expected. Without any of these it makes 1,000 calls. On a terminal it shows how it goes: p pauses (the clock
stands still), q ends it as if the budget were used up. Ctrl-C stops it: the same command goes on with it. The same seed
looks in the same places; another one (--seed 2) looks elsewhere.

\b
Examples:
  crumple fuzz --time 1h
  crumple fuzz --calls 500 --use scan,encoding
  crumple fuzz --until-quiet 1%

Exit codes: 0 nothing is open; 1 findings are open: new ones, or known ones that still fail; 2 usage, configuration, a
report cannot be written, or nothing can be stored any more; 4 the run is void: the system cannot be reached, too many
calls came to nothing, or every case fails clean; 130 interrupted.
"""
_LEAST_QUIET, _MOST_QUIET = 0.0001, 0.5
_PATIENCE = 30
"""Until it is quiet to a share, a search may take so many calls over that share: eight times what it takes where
nothing at all fails."""
_LEAST_CAP = 4


class Quiet(click.ParamType[float]):
    """A share to which a search is to be quiet: "1%", 0.01."""

    name = "quiet"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a number."""
        from crumple.config.quantities import share

        if isinstance(value, float):
            return value
        text = str(value)
        try:
            found = share(text if text.rstrip().endswith("%") else float(text))
        except ValueError:
            percent = f"; {text}% is a percentage" if text.strip().isdecimal() else ""
            self.fail(f"{value!r} is no share such as 1% or 0.01{percent}", param, ctx)
        if not _LEAST_QUIET <= found <= _MOST_QUIET:
            self.fail(f"it must be at least 0.01 % and at most 50 %, got {value}", param, ctx)
        return found


class FuzzCompanion:
    """Sits beside a search: tells it what is known, keeps what it finds, shows it, and obeys whoever watches."""

    def __init__(self, course: Fuzzing, plan: Plan, keeping: Keeping) -> None:
        """Beside this course.

        Args:
            course: is told what is known before it begins.
            plan: its budgets are shown.
            keeping: knows findings, and writes them.
        """
        self._course, self._plan, self._keeping = course, plan, keeping
        self._hand = Hand()
        self._shown: Shown | None = None
        self._replays = 0

    @property
    def kind(self) -> str:
        """What the run is called among others."""
        return "fuzz"

    def known(self) -> dict[str, Any]:
        """The findings that are there when the run begins."""
        return {"findings": [each.to_json() for each in self._keeping.known()]}

    def begin(self, info: Mapping[str, Any]) -> None:
        """Tell the course what was known when the run began, though it may be another day now."""
        from crumple.findings.status import Known

        known = [Known.from_json(each) for each in info.get("known", {}).get("findings", ())]
        self._course.know(known)
        self._replays = sum(each.state == "open" for each in known)
        self._keeping.begin(info)

    @contextmanager
    def watching(self, seconds: float | None) -> Iterator[Watcher]:
        """Show how it goes; in the end everything is written."""
        from crumple.cli.progress import Pace
        from crumple.cli.screen import shown
        from crumple.cli.searching import Board, Budget

        board = Board(
            Pace(seconds, clock=self._hand.clock),
            Budget(self._plan.calls, seconds, self._plan.cost),
            ids=self._keeping.ids,
            named=self._keeping.line,
            replays=self._replays,
        )
        try:
            with shown(board, self._hand) as self._shown:
                yield _Elsewhere()
        finally:
            self._keeping.close()

    def attended(self, executor: Executor) -> Executor:
        """The executor, which takes nothing new while the run is paused or ends."""
        return Attended(executor, self._hand)

    def clock(self) -> float:
        """Seconds, without those in which the run was paused."""
        return self._hand.clock()

    def take(self, event: Event) -> None:
        """Keep what is found, then show it, for its id is known then."""
        from crumple.undisturbed import undisturbed

        with undisturbed():  # a folder is written whole
            self._keeping.take(event)
        if self._shown is not None:
            self._shown.add(event)

    def complete(self, document: dict[str, Any]) -> None:
        """The ids under which findings are kept, for where a folder cannot be read one is beside it; and whether."""
        for each in (document.get("search") or {}).get("discoveries", ()):
            each["id"] = self._keeping.ids.get(each["number"], each["id"])
            each["written"] = self._keeping.has_written(each["id"])

    def code(self, document: Mapping[str, Any], code: int) -> int:
        """1 where findings are open."""
        return code or int(bool(self._keeping.still_open()))


class _Elsewhere:
    """Events are shown by `FuzzCompanion.take`, once they are kept."""

    def add(self, event: Event) -> None:
        """Nothing is done here."""


@click.command("fuzz", help=_HELP, short_help="Look for what else breaks it.")
@config_option
@use_option
@click.option(
    "--until-quiet",
    "quiet",
    type=Quiet(),
    metavar="SHARE",
    help="End when at most this share of further calls would show a new kind of failure, with 95 % confidence: 1%.",
)
@click.option(
    "--cap",
    type=click.IntRange(min=_LEAST_CAP),
    metavar="N",
    help="At most so many calls to make one finding smaller. [60]",
)
@budget_options
@keeping_options
@report_options
def command(
    config: str | None,
    use: tuple[str, ...],
    quiet: float | None,
    cap: int | None,
    seed: int | None,
    calls: int | None,
    seconds: float | None,
    workers: int | None,
    cost: float | None,
    concurrency: int | None,
    dask: str | None,
    **kept: Any,
) -> int:
    """Search, and show what was found."""
    from dataclasses import replace

    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import carry_out, manner_of
    from crumple.cli.output import emit
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.findings.keeping import Keeping

    loaded = load(find(Path(config) if config is not None else None))
    wishes = Wishes(
        use=words(use),
        seed=seed,
        calls=calls,
        seconds=seconds,
        workers=workers,
        cost=cost,
        concurrency=concurrency,
        dask=dask,
    )
    assembly, course = _searching(assemble(loaded, wishes), loaded, wishes, quiet, cap)
    keeping = Keeping(
        loaded,
        assembly.plan.corpus,
        assembly.registry,
        assembly.spec.discretion,
        say=lambda line: emit(line, err=True),
    )
    known = frozenset(each.case for each in keeping.known() if each.state == "open")
    assembly = replace(assembly, plan=replace(assembly.plan, always=known))
    manner = manner_of(loaded, config, companion=FuzzCompanion(course, assembly.plan, keeping), **kept)
    return carry_out(assembly, loaded, manner)


def _searching(
    assembly: Assembly, config: Config, wishes: Wishes, quiet: float | None, cap: int | None
) -> tuple[Assembly, Fuzzing]:
    """The same, with a search instead of rates to measure.

    Args:
        assembly: as the configuration has it.
        config: the configuration.
        wishes: what the command line asks for.
        quiet: see `Search`; None: it does not end so.
        cap: see `Search`; None: as ever.

    Raises:
        CrumpleError: all answers come at once.
    """
    from dataclasses import replace

    from crumple.config.model import DEFAULT_CALLS
    from crumple.contract.limits import Contract
    from crumple.errors import CrumpleError
    from crumple.search.fuzz import Fuzzing, Search

    if config.settings.system.batch is not None:
        raise CrumpleError(
            "a batch cannot be searched, for each call depends on the answers before it",
            where="[system] batch",
            hint="`crumple run` measures such a system.",
        )
    search = Search(width=_width(assembly), quiet=quiet)
    if cap is not None:
        search = replace(search, cap=cap)
    plan = replace(assembly.plan, round_size=search.width, repeat=1, again=False)
    if wishes.calls is None and (wishes.seconds is not None or quiet is not None):
        # How many calls [run] allows a run is no bound of a search that is given one of its own.
        patience = DEFAULT_CALLS if quiet is None else max(DEFAULT_CALLS, math.ceil(_PATIENCE / quiet))
        plan = replace(plan, calls=None if plan.seconds is not None else patience)
    # It explores with the mutators in use alone, and calls known findings again whatever they take.
    course = Fuzzing(replace(plan, registry=assembly.registry), search)
    # Calls go where failures turn up: there are no rates, so that nothing is decided and nothing forecast.
    return replace(assembly, plan=plan, contract=Contract(), mix=None, course=course), course


def _width(assembly: Assembly) -> int:
    """How many calls a round has, so that with two rounds out neither a lane nor a service stands idle."""
    concurrency = assembly.system.concurrency
    return max(2, concurrency or 2 * assembly.lanes)
