"""What calls take, reckoned from what was measured. Pure; what is assumed stands here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crumple.execution.cluster.batches import SECONDS

DOCUMENTS = 100_000_000
CALLS_A_DOCUMENT = 4
"""At most one call in four is with a clean document, so that each is met once clean and three times degraded."""
DAYS, BUSY = 30, 0.8
CORE_HOUR = 0.04
FAILING = 0.05
RUN = 1_000_000
CORES = 8
OUT = 16
"""How many calls to a service are out at a time, unless something else is configured."""
AT_A_TIME = 32
"""How many calls to a service make a batch on a cluster."""
DAY = 86_400

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A system that is assumed.

    Attributes:
        name: what it is called in tables.
        adapter: the kind of system, as in the measured figures.
        kind: of its documents, likewise.
        seconds: how long it takes for an answer.
        computes: whether that is processor time of the cluster's own.
        price: of a call, in dollars.
    """

    name: str
    adapter: str
    kind: str
    seconds: float
    computes: bool = True
    price: float = 0.0


EXAMPLES = (
    Example("exports by a parser", "Python function", "CSV, an export", 0.005),
    Example("scans by OCR", "Python function", "PNG, places looked up", 2.0),
    Example("scans by a chat model", "chat model", "PNG, places looked up", 5.0, computes=False, price=0.003),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What so many calls to a system take.

    Attributes:
        own: CPU seconds of crumple's own a call.
        cpu: CPU seconds a call of all that the cluster does.
        core_hours: of processors.
        machines, service: dollars.
        rate: calls a second, over the whole time.
        cores: that are busy all the time.
        out: calls that are out at once.
        tasks: Dask tasks a second.
        wire, read, stored, kept: bytes that pass through Dask, that are read of the corpus, that the store holds, and
            that documents of failures take.
    """

    own: float
    cpu: float
    core_hours: float
    machines: float
    service: float
    rate: float
    cores: float
    out: float
    tasks: float
    wire: float
    read: float
    stored: float
    kept: float


def own_seconds(costs: Json, adapter: str, kind: str) -> float:
    """CPU seconds of crumple's own a call: of a function with such documents, and what another adapter takes more."""
    calling: dict[str, float] = {each["kind"]: each["client"] + each["lanes"] for each in costs["adapters"]}
    whole: float = kind_of(costs, kind)["whole"]
    return (whole + calling[adapter] - calling["Python function"]) / 1e3


def needs(costs: Json, example: Example, calls: int, days: float = DAYS) -> Needs:
    """What it takes to make so many calls in so many days."""
    wire, kind = costs["wire"], kind_of(costs, example.kind)
    rate = calls / (days * DAY)
    a_task = max(1.0, SECONDS / example.seconds) if example.computes else float(AT_A_TIME)
    alone = (wire["bytes_alone"] - wire["bytes_in_a_batch"]) / a_task
    dask = (wire["cpu_in_a_batch"] + (wire["cpu_alone"] - wire["cpu_in_a_batch"]) / a_task) / 1e3
    own = own_seconds(costs, example.adapter, example.kind) + dask + costs["client"]["cpu"] / 1e3
    cpu = own + (example.seconds if example.computes else 0.0)
    hours = calls * cpu / 3600 / BUSY
    return Needs(
        own=own,
        cpu=cpu,
        core_hours=hours,
        machines=hours * CORE_HOUR,
        service=calls * example.price,
        rate=rate,
        cores=hours / (24 * days),
        out=rate * example.seconds,
        tasks=rate / a_task,
        wire=calls * (wire["bytes_in_a_batch"] + alone),
        read=calls * kind["size"],
        stored=calls * costs["client"]["postgresql"],
        kept=calls * FAILING * kind["degraded"],
    )


def kind_of(costs: Json, name: str) -> Json:
    (found,) = (each for each in costs["kinds"] if each["kind"] == name)
    return dict(found)
