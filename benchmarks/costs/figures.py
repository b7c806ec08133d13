"""The figures, as docs/costs.json holds them for docs/scale.md, and as tables."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.costs.adapters import Calling
from benchmarks.costs.kinds import Kind
from benchmarks.costs.stored import Client
from benchmarks.costs.wire import Wire
from benchmarks.output import Output
from crumple.execution.cores import cores

FILE = Path(__file__).parents[2] / "docs" / "costs.json"


@dataclass(frozen=True)
class Costs:
    """Everything that was measured.

    Attributes:
        adapters: by the kind of system.
        kinds: by the kind of document.
        wire: on Dask; None: this machine makes no namespaces.
        client: of the process that began the run, and of the store.
    """

    adapters: Sequence[Calling]
    kinds: Sequence[Kind]
    wire: Wire | None
    client: Client

    def with_missing(self, before: dict[str, Any]) -> Costs:
        """The same, with what was measured earlier where this machine could not."""
        wire, client = self.wire, self.client
        if wire is None and before.get("wire"):
            wire = Wire(**before["wire"])
        if client.postgresql is None and before.get("client"):
            client = replace(client, postgresql=before["client"]["postgresql"])
        return replace(self, wire=wire, client=client)


def known() -> dict[str, Any]:
    """What was measured last."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found


def keep(costs: Costs) -> None:
    """Write them down."""
    where = f"{cores()} cores of a shared {platform.machine()} machine, Python {platform.python_version()}"
    FILE.write_text(json.dumps({"machine": where} | asdict(costs), indent=2) + "\n", "utf-8")


def show(costs: Costs, output: Output) -> None:
    """As tables."""
    output.say("CPU milliseconds a call of crumple's own, by the kind of system, which answers at once:")
    heads: Sequence[str] = ("system", "client", "lane and worker", "both", "calls a second a core")
    output.table(heads, [_calling(each) for each in costs.adapters])
    output.say("CPU milliseconds a call of a Python function, by the kind of document, each met once:")
    heads = (
        "documents",
        "calls",
        "skipped",
        "kB clean",
        "kB degraded",
        "degraded",
        "judged",
        "whole call",
        "calls a second a core",
    )
    output.table(heads, [_kind(each) for each in costs.kinds])
    if costs.wire is not None:
        output.say("What Dask adds to a call of a small record:")
        rows = [
            (
                f"a task of {costs.wire.calls_a_batch:,.0f} calls",
                f"{costs.wire.bytes_in_a_batch:,.0f}",
                f"{costs.wire.cpu_in_a_batch:.2f}",
            ),
            ("a task of one call", f"{costs.wire.bytes_alone:,.0f}", f"{costs.wire.cpu_alone:.2f}"),
        ]
        output.table(("", "bytes on the wire a call", "CPU ms a call"), rows)
    client = costs.client
    output.say(
        f"What a further call takes of the process that began the run, which has {client.least / 1e6:,.0f} MB in any "
        "case, and of the store:"
    )
    there = "" if client.postgresql is None else f"{client.postgresql:,.0f}"
    heads = ("CPU ms", "bytes of memory", "bytes in SQLite", "bytes in PostgreSQL")
    output.table(heads, [(f"{client.cpu:.3f}", f"{client.memory:,.0f}", f"{client.sqlite:,.0f}", there)])


def _calling(each: Calling) -> Sequence[str]:
    both = each.client + each.lanes
    return each.kind, f"{each.client:.3f}", f"{each.lanes:.2f}", f"{both:.2f}", f"{1e3 / both:,.0f}"


def _kind(each: Kind) -> Sequence[str]:
    return (
        each.kind,
        f"{each.calls:,}",
        f"{each.skipped:.0f} %",
        f"{each.size / 1e3:,.1f}",
        f"{each.degraded / 1e3:,.1f}",
        f"{each.degrade:.2f}",
        f"{each.judge:.2f}",
        f"{each.whole:.2f}",
        f"{1e3 / each.whole:,.0f}",
    )
