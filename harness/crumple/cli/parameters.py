"""Options that several commands have, and types of options; what is wrong with one is said as for any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from crumple.config.quantities import duration

F = TypeVar("F", bound=Callable[..., Any])


class Levels(click.ParamType[tuple[float, ...]]):
    """Levels with commas between them: "1,3,5"."""

    name = "levels"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """The levels as numbers."""
        if isinstance(value, tuple):
            return value
        try:
            levels = tuple(float(word) for word in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a list of numbers such as 1,3,5", param, ctx)
        if not all(0 < level <= 5 for level in levels):
            self.fail(f"a level is above 0 and at most 5, got {value}", param, ctx)
        return tuple(dict.fromkeys(levels))


class Duration(click.ParamType[float]):
    """A duration: "30s", "10m"."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The duration in seconds."""
        if isinstance(value, float):
            return value
        try:
            return duration(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


def words(values: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words of an option that may be repeated and may hold commas; None where it was not given."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip()) or None


def complete_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The mutators whose names begin with what was typed, for the shell."""
    from crumple.cli.known import known_mutators

    return [each.name for each in known_mutators() if each.name.startswith(incomplete)]


def complete_categories(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The categories whose names begin with what was typed, for the shell."""
    from crumple.cli.known import known_mutators

    return [each for each in known_mutators().categories if each.startswith(incomplete)]


def complete_uses(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Categories and mutators that go on what was typed behind the last comma, for the shell."""
    before, comma, word = incomplete.rpartition(",")
    named = [*complete_categories(ctx, param, word), *complete_names(ctx, param, word)]
    return [f"{before}{comma}{name}" for name in named]


config_option = click.option(
    "--config", type=click.Path(), metavar="PATH", help="A crumple.toml, or the folder that it is in."
)
use_option = click.option(
    "--use",
    multiple=True,
    metavar="NAMES",
    help="Categories or mutators, with commas between them.",
    shell_complete=complete_uses,
)
levels_option = click.option(
    "--levels", type=Levels(), metavar="LIST", help="Severities such as 1,3,5, each above 0 and at most 5."
)

STORE = "A PostgreSQL URL or a file; by default [run] store, or .crumple/."
store_option = click.option("--store", metavar="WHERE", help=STORE)
json_option = click.option(
    "--json", "json_file", type=click.Path(), metavar="FILE", help="Write all figures there too; - is standard output."
)

_SEED = click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Of every draw; the same seed makes the same calls."
)
_BUDGETS = (
    click.option(
        "--calls", type=click.IntRange(min=1), metavar="N", help="How many calls may be made, clean ones included."
    ),
    click.option("--time", "seconds", type=Duration(), metavar="DURATION", help='How long it may take: "30s", "10m".'),
    click.option(
        "--workers", type=click.IntRange(min=1), metavar="N", help="How many calls at a time; by default one a core."
    ),
    click.option("--cost", type=click.FloatRange(min=0, min_open=True), metavar="MONEY", help="How much it may spend."),
    click.option(
        "--concurrency",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many calls to a service may be out at a time.",
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Make the calls on a Dask cluster: tcp://scheduler:8786, or local to try it here; none: without.",
    ),
)
_KEEPING = (
    store_option,
    click.option("--fresh", is_flag=True, help="Begin anew, even where the same run was interrupted."),
    click.option("--no-wait", is_flag=True, help="Do not wait where another crumple is at this very run."),
    json_option,
)

_REPORTS = (
    click.option(
        "--report",
        "reports",
        type=click.Path(),
        multiple=True,
        metavar="FILE",
        help="Write a report, by its ending: .html, .md, .xml (JUnit), .json; every result: .csv, .jsonl, .parquet. "
        "May be repeated.",
    ),
    click.option(
        "--metrics",
        type=click.Path(),
        metavar="FILE",
        help="Write figures as Prometheus reads them, whole or not at all.",
    ),
)


def budget_options(command: F) -> F:
    """What every command takes that draws calls and carries them out: the seed, and what they may take."""
    return _with(command, (_SEED, *_BUDGETS))


def spending_options(command: F) -> F:
    """What calls may take: how many, how long, at what cost, how many at a time."""
    return _with(command, _BUDGETS)


def keeping_options(command: F) -> F:
    """Where its results are kept and shown."""
    return _with(command, _KEEPING)


def report_options(command: F) -> F:
    """Which files its report is written to."""
    return _with(command, _REPORTS)


def _with(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command
