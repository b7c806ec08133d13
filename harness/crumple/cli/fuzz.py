"""`crumple fuzz`: what else breaks it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.parameters import budget_options, config_option, keeping_options, use_option, words

if TYPE_CHECKING:
    from crumple.cli.progress import Watcher
    from crumple.events import Event
    from crumple.search.fuzz import Fuzzing

_HELP = """Look for what else breaks the system, and make each failure as small as it gets.

\b
Examples:
  crumple fuzz --time 1h
  crumple fuzz --calls 500 --until-quiet 1%

\b
Exit codes: 0 nothing is found; 1 findings are open; 2 usage, configuration, or nothing can be stored any more; 4 the
run is void; 130 interrupted.
"""


class FuzzCompanion:
    """Keeps what is found, and shows it."""

    def __init__(self, course: Fuzzing) -> None:
        """Beside this course."""
        self._course = course

    def known(self) -> dict[str, Any]:
        """The findings that are open."""
        return {}

    def begin(self, info: Mapping[str, Any]) -> None:
        """Tell the course what is known."""
        self._course.know(())

    def watching(self, seconds: float | None) -> AbstractContextManager[Watcher]:
        """Progress."""
        from crumple.cli.progress import watching

        return watching(seconds)

    def clock(self) -> float:
        """Seconds."""
        return time.monotonic()

    def take(self, event: Event) -> None:
        """Keep what is found."""

    def code(self, document: Mapping[str, Any]) -> int:
        """1 where findings are open."""
        return int(bool(document["search"] and document["search"]["discoveries"]))


@click.command("fuzz", help=_HELP, short_help="Look for what else breaks it.")
@config_option
@use_option
@budget_options
@keeping_options
def command(
    config: str | None,
    use: tuple[str, ...],
    seed: int | None,
    calls: int | None,
    seconds: float | None,
    workers: int | None,
    cost: float | None,
    concurrency: int | None,
    store: str | None,
    fresh: bool,
    no_wait: bool,
    json_file: str | None,
) -> int:
    """Search, and show what was found."""
    from dataclasses import replace

    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import Manner, carry_out
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.contract.limits import Contract
    from crumple.search.fuzz import Fuzzing, Search

    loaded = load(find(Path(config) if config is not None else None))
    wishes = Wishes(
        use=words(use),
        seed=seed,
        calls=calls,
        seconds=seconds,
        workers=workers,
        cost=cost,
        concurrency=concurrency,
    )
    assembly = assemble(loaded, wishes)
    search = Search(width=max(2, 2 * assembly.lanes))
    plan = replace(assembly.plan, round_size=search.width, repeat=1, again=False)
    course = Fuzzing(plan, search)
    assembly = replace(assembly, plan=plan, contract=Contract(), course=course)
    manner = Manner(
        json_file=json_file,
        store=store,
        fresh=fresh,
        wait=not no_wait,
        named=config or "",
        companion=FuzzCompanion(course),
    )
    return carry_out(assembly, loaded, manner)
