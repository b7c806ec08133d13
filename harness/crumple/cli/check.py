"""`crumple check`: what of the contract can be decided, what that would cost, and what the contract is pinned to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.json_file import SCREEN, write_json
from crumple.cli.output import color, emit, width
from crumple.cli.parameters import Duration, config_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.loading import Config
    from crumple.store import Line
    from crumple.supply import Price

UNDECIDED = 3
_RUNS, _CALLS = 3, 20

_HELP = """Say, before anything is called, which limits of the contract can be decided.

For each limit: how many calls and documents it takes, how many the corpus and the budget have for it, by `crumple run`
and by `crumple run --decide`, what that costs and how long it takes. Says also what the contract does not cover. The
system is not called.

\b
Examples:
  crumple check
  crumple check --calls 2000 --strict
  crumple check --pin           write crumple.lock: what the contract is about

Exit codes: 0 done; 2 usage or configuration; 3 (--strict) some limit cannot be decided.
"""


@click.command("check", help=_HELP, short_help="Say what of the contract can be decided, before calling.")
@config_option
@click.option("--calls", type=click.IntRange(min=1), metavar="N", help="As if so many calls could be made.")
@click.option("--time", "seconds", type=Duration(), metavar="DURATION", help='As if it could take so long: "10m".')
@click.option(
    "--cost", type=click.FloatRange(min=0, min_open=True), metavar="MONEY", help="As if it could spend so much."
)
@click.option(
    "--store", metavar="WHERE", help="Where past runs are, which say how long a call takes; by default .crumple/."
)
@click.option("--pin", is_flag=True, help="Write the mutators, versions and levels that the contract is about.")
@click.option("--strict", is_flag=True, help="End with 3 where some limit can be decided neither way.")
@click.option(
    "--json", "json_file", type=click.Path(), metavar="FILE", help="Write it there too; - is standard output."
)
def command(
    config: str | None,
    calls: int | None,
    seconds: float | None,
    cost: float | None,
    store: str | None,
    pin: bool,
    strict: bool,
    json_file: str | None,
) -> int:
    """Foresee, and show it."""
    from crumple.assembly import Wishes, assemble
    from crumple.config.finding import find
    from crumple.config.loading import load

    loaded = load(find(Path(config) if config is not None else None))
    _check_named(loaded)
    if pin:  # before the contract is read: what is pinned is replaced, whatever it is
        _pin(loaded, err=json_file == "-")
    assembly = assemble(loaded, Wishes(calls=calls, seconds=seconds, cost=cost, decide=True))
    document = _foreseen(loaded, assembly, store)
    _show(document, json_file, loaded.path)
    open_ones = [row for row in document["limits"] if not (row["run"]["can"] or row["decide"]["can"])]
    return UNDECIDED if strict and open_ones else 0


def _check_named(config: Config) -> None:
    if config.settings.contract is None:
        raise CrumpleError(
            "there is no section [contract]",
            where=config.source.name,
            hint='Write one: [[contract.limit]], with of = "all" and failures = "5%" below it.',
        )


def _pin(config: Config, *, err: bool) -> None:
    """Write what the contract is about, as it is now."""
    from crumple import pin_file
    from crumple.contracts import configured
    from crumple.mutation.registry import discover

    mutate = config.settings.mutate
    place = config.source.place(("mutate", "refusable"))
    registry = discover(mutate.modules, config.root).overruled(mutate.refusable, where=place)
    pin = pin_file.pin_of(configured(config, registry), mutate.levels)
    path = pin_file.write(config.root, pin, config.path.name)
    levels = f"level{'s' if len(pin.levels) > 1 else ''} {', '.join(f'{each:g}' for each in pin.levels)}"
    emit(f"wrote {path.name}: {len(pin.mutators)} mutators at {levels}\n", err=err)


def _foreseen(config: Config, assembly: Assembly, store: str | None) -> dict[str, Any]:
    from crumple.contracts import configured
    from crumple.foresight import Circumstances, Offer, foresee
    from crumple.pin_file import differences
    from crumple.supply import ground

    price, known_from = _price(config, assembly, store)
    contract, plan = assembly.contract, assembly.plan
    pin = contract.pin
    keys = [("contract", "limit", number) for number in range(len(contract.limits))]
    return foresee(
        contract,
        Offer(ground(replace(plan, round_size=None, by_group=False), price), ground(plan, price)),
        assembly.mix,
        Circumstances(
            price,
            known_from,
            [config.source.line(key) for key in keys],
            [config.source.line((*key, "about")) if config.source.value((*key, "about")) else 0 for key in keys],
            config.path.name,
            differences(pin, configured(config, assembly.registry), config.settings.mutate.levels) if pin else None,
            "a batch is made ready before any answer is known" if config.settings.system.batch is not None else "",
        ),
    )


def _price(config: Config, assembly: Assembly, location: str | None) -> tuple[Price, str]:
    """What a call takes: as configured, or as past runs of this corpus took."""
    from crumple.supply import Price

    said = config.settings.system.cost
    cost = said if isinstance(said, float) else None
    past = _past(config, assembly.plan.corpus.name, location)
    if not past:
        return Price(cost=cost), ""
    calls = sum(line.calls for line in past)
    if cost is None and any(line.cost for line in past):
        cost = sum(line.cost for line in past) / calls
    runs = "the last run" if len(past) == 1 else f"the last {len(past)} runs"
    return Price(cost, sum(line.seconds for line in past) / calls), f"{runs} ({calls:,} calls)"


def _past(config: Config, corpus: str, location: str | None) -> list[Line]:
    """The newest runs of this corpus that ended; of the newest version of the system among them."""
    from crumple.store import exists, open_store

    where = location or config.settings.run.store
    if not exists(where, config.root):
        return []
    store = open_store(where, config.root)
    try:
        ended = [
            line
            for line in store.lines()
            if line.state == "ended" and line.info.get("corpus") == corpus and line.calls >= _CALLS
        ]
    finally:
        store.close()
    return [line for line in ended if line.info.get("system") == ended[0].info.get("system")][:_RUNS]


def _show(document: dict[str, Any], json_file: str | None, config: Path) -> None:
    from crumple.reporting import rendering

    text = rendering("foreseen")(document, width=width(), color=color()).rstrip("\n")
    if json_file is not None:
        write_json(json_file, rendering("json")(document), config)
    emit(text, err=json_file == SCREEN)
