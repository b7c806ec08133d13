"""The figures of docs/scale.md, reckoned from what was measured: `costs.json`, by `python -m benchmarks.costs --write`.

Each table stands between marks in the page, which docs/build.py fills; nothing here is typed in but what is assumed.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from reckoning import (
    BUSY,
    CALLS_A_DOCUMENT,
    CORE_HOUR,
    CORES,
    DAY,
    DAYS,
    DOCUMENTS,
    EXAMPLES,
    FAILING,
    OUT,
    RUN,
    Example,
    Json,
    Needs,
    kind_of,
    needs,
    own_seconds,
)

from crumple.execution.cluster.batches import TASKS_A_SECOND
from crumple.statistics.rates import calls_to_certify
from crumple.statistics.sequential import calls_to_decide

MEASURED = Path(__file__).with_name("costs.json")
SURE: Final = 0.95


def measurements() -> Json:
    """What was measured."""
    document: Json = json.loads(MEASURED.read_text("utf-8"))
    return document


def one_machine(costs: Json) -> str:
    """Calls a day on one machine, by documents and what the system takes itself."""
    takes = (0.0, 0.05, 1.0, 5.0)
    rows = []
    for each in costs["kinds"]:
        own = own_seconds(costs, "Python function", each["kind"]) + costs["client"]["cpu"] / 1e3
        days = [_number(CORES * DAY / (own + seconds)) for seconds in takes]
        rows.append([each["kind"], f"{1e3 * own:.1f} ms", *days])
    heads = ["documents", "crumple's own", *(f"system: {1e3 * each:g} ms" if each else "nothing" for each in takes)]
    return _table(heads, rows)


def sampling(costs: Json) -> str:
    """What it takes to be sure of a rate, however many documents there are."""
    rows = []
    for limit in (0.05, 0.01, 0.001):
        seen = calls_to_decide(limit / 2, limit, SURE, block=8, cap=round(100 / limit))
        calls = round(seen.ninetieth)
        took = [needs(costs, each, calls) for each in EXAMPLES]
        rows.append(
            [
                f"{100 * limit:g} %",
                _number(calls_to_certify(limit, SURE)),
                _number(calls),
                *(_wait(example, each, calls) for example, each in zip(EXAMPLES[1:], took[1:], strict=True)),
            ]
        )
    heads = [
        "at most",
        "calls, where none fails",
        "where half as many fail as may",
        *(
            f"{each.name}, {f'{CORES} cores' if each.computes else f'{OUT} calls out at a time'}"
            for each in EXAMPLES[1:]
        ),
    ]
    return _table(heads, rows)


def _wait(example: Example, needed: Needs, calls: int) -> str:
    """How long so many calls take, and what the service asks for them."""
    if example.computes:
        return _time(calls * needed.cpu / CORES / BUSY)
    return f"{_time(calls * example.seconds / OUT)}, ${needed.service:,.0f}"


def adapters(costs: Json) -> str:
    """What calling takes by the kind of system, and what a million calls take elsewhere."""
    rows = []
    for each in costs["adapters"]:
        took = each["client"] + each["lanes"]
        rows.append([each["kind"], f"{took:.2f} ms", _number(1e3 / took)])
    table = _table(["system", "CPU a call", "calls a second a core"], rows)
    wire, client = costs["wire"], costs["client"]
    much = [_bytes(RUN * each) for each in (wire["bytes_in_a_batch"], wire["bytes_alone"])]
    grows = [_bytes(RUN * client[each]) for each in ("sqlite", "postgresql", "memory")]
    return f"""\
{table}

A million calls grow the store by {grows[0]} (SQLite) or {grows[1]} (PostgreSQL), and the process that began the run by
{grows[2]}. Dask carries {much[0]} for them, over all hops, where half a second has room for many calls, and {much[1]}
where each is a task of its own, because it takes longer."""


def plan(costs: Json) -> str:
    """A hundred million documents, each of them."""
    calls = DOCUMENTS * CALLS_A_DOCUMENT
    took = [needs(costs, each, calls) for each in EXAMPLES]
    shown = [
        ("a call: the system, CPU", [_seconds(each.seconds if each.computes else 0.0) for each in EXAMPLES]),
        ("a call: crumple, Dask, CPU", [_seconds(each.own) for each in took]),
        ("core hours", [_number(each.core_hours) for each in took]),
        ("machines", [f"${_number(each.machines)}" for each in took]),
        ("the service", [f"${_number(each.service)}" if each.service else "" for each in took]),
        ("calls a second", [_number(each.rate) for each in took]),
        (f"cores, for {DAYS} days", [_number(each.cores) for each in took]),
        ("calls out at once", [_number(each.out) for each in took]),
        ("Dask tasks a second", [_number(each.tasks) for each in took]),
        ("through Dask", [_bytes(each.wire) for each in took]),
        ("read of the corpus", [_bytes(each.read) for each in took]),
        ("in the store", [_bytes(each.stored) for each in took]),
        ("documents of failures, if kept", [_bytes(each.kept) for each in took]),
    ]
    table = _table(["", *(each.name for each in EXAMPLES)], [[head, *cells] for head, cells in shown])
    return f"{_assumed()}\n\n{table}\n\n{_shown(costs, calls)}"


def _assumed() -> str:
    """What is not measured."""
    systems = "; ".join(
        f"{each.name}: {_seconds(each.seconds)}"
        f"{' of processor time' if each.computes else ''}{f' and ${each.price:g}' if each.price else ''} a call"
        for each in EXAMPLES
    )
    return textwrap.fill(
        f"Assumed are: one call in {CALLS_A_DOCUMENT} is with a clean document, so that each document is met once "
        f"clean and {CALLS_A_DOCUMENT - 1} times degraded; workers are busy {100 * BUSY:g} % of the time; a core costs "
        f"${CORE_HOUR:g} an hour; {100 * FAILING:g} % of the calls fail; {systems}. Everything else is measured.",
        120,
        break_on_hyphens=False,
    )


def _shown(costs: Json, calls: int) -> str:
    """The arithmetic of one column, in the open."""
    example = EXAMPLES[1]
    took, kind = needs(costs, example, calls), kind_of(costs, example.kind)
    store, size = costs["client"]["postgresql"], kind["size"] / 1e3
    return f"""\
How that is reckoned, for {example.name}:

- {_number(DOCUMENTS)} documents x {CALLS_A_DOCUMENT} = {_number(calls)} calls; / {DAYS} days / {_number(DAY)} s =
  {_number(took.rate)} a second.
- {_number(calls)} x ({example.seconds:g} s + {took.own:.3f} s) / 3,600 / {BUSY:g} =
  {_number(took.core_hours)} core hours; x ${CORE_HOUR:g} = ${_number(took.machines)};
  / {24 * DAYS} hours = {_number(took.cores)} cores.
- {_number(calls)} x {store:,.0f} bytes = {_bytes(took.stored)} in PostgreSQL;
  x {size:,.0f} kB = {_bytes(took.read)} read of the corpus.
- {_number(calls)} x {100 * FAILING:g} % x {kind["degraded"] / 1e3:,.0f} kB = {_bytes(took.kept)} of documents that are
  kept."""


def breaks(costs: Json) -> str:
    """What there is too little of first, in the order in which it comes."""
    client = costs["client"]
    calls = DOCUMENTS * CALLS_A_DOCUMENT
    took = [needs(costs, each, calls) for each in EXAMPLES]
    memory = client["least"] + RUN * client["memory"]
    rows = [
        ["money, where calls are paid for", f"${_number(took[2].service)}", "sample; a cheaper model for most of it"],
        [
            "the bucket for documents of failures",
            f"{_bytes(took[1].kept)}, {_number(calls * FAILING)} files",
            "name no `[privacy] documents`: none is kept then, and `crumple replay` makes any of them again",
        ],
        [
            "calls that the service lets be out",
            f"{_number(took[2].out)} at once",
            "more time, or an agreement with whoever runs it",
        ],
        [
            "one client",
            f"{_number(1e3 / client['cpu'])} calls a second at most, {_bytes(memory)} for {_number(RUN)} calls",
            f"{_number(calls / RUN)} runs of {_number(RUN)} calls, each about a part of the corpus, some side by side",
        ],
        [
            "the Dask scheduler",
            f"{_number(max(each.tasks for each in took))} tasks a second; of quick calls it sees {TASKS_A_SECOND}",
            "a scheduler for each run",
        ],
        ["the store", _bytes(took[0].stored), "`crumple prune` once a run's results are exported"],
    ]
    return _table(["", "how much", "what to do"], rows)


PARTS: Final[Mapping[str, Callable[[Json], str]]] = {
    "one machine": one_machine,
    "sampling": sampling,
    "adapters": adapters,
    "plan": plan,
    "breaks": breaks,
}


def page(text: str, costs: Json | None = None) -> str:
    """The page with its tables as they are now.

    Raises:
        LookupError: the page has no place for one.
    """
    costs = costs or measurements()
    for name, make in PARTS.items():
        begin, end = f"<!-- Made by docs/at_scale.py: {name}. -->", f"<!-- Until here: {name}. -->"
        head, found, rest = text.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise LookupError(f"docs/scale.md has no place for {name!r}, between {begin} and {end}")
        text = f"{head}{begin}\n\n{make(costs)}\n\n{end}{tail}"
    return text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float) -> str:
    """With three figures that count, and words for millions."""
    if value >= 999_500:
        return f"{value / 1e6:,.3g} million" if value < 9.995e8 else f"{value / 1e9:,.3g} billion"
    if value >= 100:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _bytes(value: float) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if value >= size:
            return f"{value / size:,.3g} {unit}"
    return f"{value / 1e3:,.3g} kB"


def _seconds(value: float) -> str:
    return f"{1e3 * value:,.3g} ms" if value < 1 else f"{value:g} s"


def _time(seconds: float) -> str:
    for unit, size in (("days", DAY), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.2g} s"
