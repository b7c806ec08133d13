"""`crumple compare`: two runs, or two systems on one plan, side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import config_option, json_option, store_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.cli.named_runs import Named
    from crumple.config.loading import Config
    from crumple.destinations import Destination
    from crumple.material import Material

_HELP = """Hold two runs against each other, call by call: the old version and the new, the team's
system and a vendor's.

A and B are runs (an id, the beginning of one, "latest") or configurations (a folder with a crumple.toml: its latest
finished run), or both (FOLDER:RUN). Only calls that both have made are compared: the same document, degraded alike.
Two systems on one plan do not get wholly the same calls; `crumple run --calls-of A` makes the very calls of A.

\b
Examples:
  crumple compare 20261122-20 latest
  crumple compare ../build ../buy --names build,buy --report comparison.html
  crumple run --config ../buy --calls-of ../build
  crumple compare main:20261122-20 . --fail-if-worse

Exit codes: 0 done, whichever is better; 1 (--fail-if-worse) B fails more, or more silently; 2 usage, nothing can be
compared, or a report cannot be written.
"""
_WORSE = 1
_USAGE = 2
_Rows: TypeAlias = Callable[..., Iterator[Mapping[str, Any]]]


@click.command("compare", help=_HELP, short_help="Two runs or two systems side by side, paired.")
@click.argument("a")
@click.argument("b")
@click.option("--names", metavar="A,B", help="What to call the two; by default their folders, or A and B.")
@click.option("--fail-if-worse", is_flag=True, help="End with 1 where B fails more, or more silently.")
@click.option("--anyway", is_flag=True, help="Compare them even where their answers are judged otherwise.")
@json_option
@click.option(
    "--report",
    "reports",
    type=click.Path(),
    multiple=True,
    metavar="FILE",
    help="Write a report, by its ending, as `crumple report` does. May be repeated.",
)
@store_option
@config_option
def command(
    a: str,
    b: str,
    names: str | None,
    fail_if_worse: bool,
    anyway: bool,
    json_file: str | None,
    reports: tuple[str, ...],
    store: str | None,
    config: str | None,
) -> int:
    """Compare them."""
    from crumple.cli.json_file import check_json, write_json
    from crumple.cli.named_runs import named_run
    from crumple.config.storage import known_destination
    from crumple.reporting import check_report, rendering

    check_json(json_file, config)
    places = [known_destination(each, config) for each in reports]
    for place in places:
        check_report(place)
    with ExitStack() as stack:
        first, second = (stack.enter_context(named_run(name, config, store)) for name in (a, b))
        document, rows = _compared(first, second, names, anyway=anyway)
        document["fail_if_worse"] = fail_if_worse
        if json_file is not None:
            write_json(json_file, rendering("json")(document), config)
        text = rendering("terminal")(document, width=width(), color=color())
        emit(text.rstrip("\n"), err=json_file == "-")
        material = _material(first, second, document, rows)
        written = [_wrote(place, document, material, aside=json_file == "-") for place in places]
    if fail_if_worse and _is_worse(document):
        return _WORSE
    return 0 if all(written) else _USAGE


def _wrote(place: Destination, document: Mapping[str, Any], material: Material, *, aside: bool) -> bool:
    """Whether a report was written; one that cannot be costs no other."""
    from crumple.cli.report_files import say
    from crumple.reporting import write_report

    try:
        write_report(place, document, material)
    except CrumpleError as error:
        say(error)
        return False
    emit(f"wrote {place}", err=aside)
    return True


def _is_worse(document: Mapping[str, Any]) -> bool:
    """Whether B is shown to fail more than A over all, or more silently."""
    whole = next(iter(document["rows"]), None)
    return whole is not None and "worse" in {whole["state"], whole["silent"]["state"]}


def _compared(first: Named, second: Named, names: str | None, *, anyway: bool) -> tuple[dict[str, Any], _Rows]:
    """The document, and what makes its pairs as rows.

    Raises:
        CrumpleError: they cannot be compared.
    """
    from crumple.cli.named_runs import side
    from crumple.comparing.comparable import check_pairs, check_sides
    from crumple.comparing.document import comparison
    from crumple.comparing.exported import rows
    from crumple.comparing.sums import side_by_side

    if (first.store.where, first.line.id) == (second.store.where, second.line.id):
        raise CrumpleError(
            f"A and B are the same run, {first.line.id}",
            hint="Name two; `crumple runs` lists them. A folder stands for its latest finished run; FOLDER:RUN names "
            "another one.",
        )
    one, two = side(first), side(second)
    check_sides(one, two, anyway=anyway)
    sums = side_by_side(one, two)
    command = _same_calls(first, second)
    check_pairs(sums, one, two, command)
    document = comparison(one, two, sums, names=_names(names, first, second), command=command)
    return document, partial(rows, one, two)


def _same_calls(first: Named, second: Named) -> str:
    """The command that makes the first run's calls with the second's system."""
    from crumple.plain_text import quoted

    config = f" --config {quoted(second.config)}" if second.config else ""
    # A bare id is looked for in the store of the configuration that runs.
    elsewhere = not first.config and first.store.where != second.store.where
    place = f"{os.path.relpath(first.project.root)}:" if elsewhere else ""
    return f"crumple run{config} --calls-of {quoted(place + first.reached)}"


def _names(said: str | None, first: Named, second: Named) -> tuple[str, str]:
    """What the two are called.

    Raises:
        CrumpleError: what was said is not two names.
    """
    if said is not None:
        given = [each.strip() for each in said.split(",")]
        if len(given) != 2 or not all(given) or given[0] == given[1]:
            raise CrumpleError("two different names are needed", where="--names", got=said, allowed=["build,buy"])
        return given[0], given[1]
    one, two = (each.project.root.resolve().name for each in (first, second))
    return (one, two) if one and two and one != two else ("A", "B")


def _material(first: Named, second: Named, document: Mapping[str, Any], rows: _Rows) -> Material:
    """What reports can be made of beside the document; what the stricter of the two shows."""
    from crumple.cli.report_material import material_of
    from crumple.material import Material

    one, two = (_configuration(each) for each in (first, second))
    if one is None or two is None:
        return Material(results=partial(rows, quotes=False))
    known = material_of({**document, "run": {"id": first.line.id}}, one, first.project)
    other = material_of({"run": {"id": second.line.id}}, two, second.project)
    order = ("figures", "excerpts", "full")
    privacy = min(known.privacy, other.privacy, key=order.index)
    return Material(privacy=privacy, exhibits=known.exhibits, results=partial(rows, quotes=privacy != "figures"))


def _configuration(named: Named) -> Config | None:
    """The configuration, as far as it can be read; documents are not shown without it."""
    from crumple.config.finding import find
    from crumple.config.loading import load

    try:
        return load(find(Path(named.config) if named.config else named.project.root))
    except CrumpleError as error:
        emit(f"documents are not shown: {error}", err=True)
        return None
