"""A run's figures in Prometheus' text exposition format, for node_exporter's textfile collector or a Pushgateway.

Figures alone: no text of a document or an answer, and nothing that changes with every call. All are gauges, for a run's
figures are not added up over runs. None has a timestamp, which the textfile collector would reject.

Source: the format as https://prometheus.io/docs/instrumenting/exposition_formats/ describes it, version 0.0.4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from crumple import contract_state, excerpt, visible, void_reason

LIMIT_STATES: Final = ("met", "broken", "undecided")
NIGHT_STATES: Final = ("worse", "same", "better", "no baseline", "void")
ROW_STATES: Final = ("worse", "same", "better", "unknown")
_LONGEST: Final = 120
_QUANTILE: Final = "0.5"


@dataclass(slots=True)
class _Metric:
    """One metric: what it is, and its values by their labels."""

    name: str
    help: str
    values: dict[tuple[tuple[str, str], ...], float] = field(default_factory=dict)


class Exposition:
    """Gathers metrics in the order in which they are named first; each has one label for the project."""

    def __init__(self, project: str) -> None:
        """Take what the label "project" says; "" leaves it out."""
        self._metrics: dict[str, _Metric] = {}
        self._always = (("project", _shown(project)),) if project else ()

    def add(self, name: str, help_: str, value: float | None, **labels: object) -> None:
        """Add one value; what is not known, or no number, is left out. A second one of the same labels is, too."""
        metric = self._metrics.setdefault(name, _Metric(name, help_))
        if value is None or not math.isfinite(value):
            return
        own = tuple((key, _shown(text)) for key, text in labels.items())
        metric.values.setdefault((*self._always, *own), float(value))

    def one_of(self, name: str, help_: str, states: Sequence[str], state: str, **labels: object) -> None:
        """Add a 1 for the state that it is in, and a 0 for each other one."""
        for each in states:
            self.add(name, help_, each == state, **labels, state=each)

    def lines(self) -> Iterator[str]:
        """The text, line by line; a metric without values is left out."""
        for metric in self._metrics.values():
            if metric.values:
                yield f"# HELP {metric.name} {_escaped(metric.help)}"
                yield f"# TYPE {metric.name} gauge"
                for labels, value in metric.values.items():
                    yield f"{metric.name}{_labels(labels)} {_number(value)}"


def render(document: Mapping[str, Any]) -> str:
    """The figures of a run, a search or a night, each with its HELP and TYPE.

    Args:
        document: as `crumple.summary` makes it, with "night" where it is one.
    """
    made = Exposition(str(document["run"].get("project") or ""))
    _run(made, document)
    _calls(made, document)
    _limits(made, document)
    _search(made, document)
    if document.get("night"):
        _night(made, document["night"])
    return "".join(f"{line}\n" for line in made.lines())


def _run(made: Exposition, document: Mapping[str, Any]) -> None:
    run = document["run"]
    began = _seconds(run.get("started"))
    made.add(
        "crumple_run_info",
        "The last run: what it was, and of what.",
        1,
        run=run["id"],
        kind=run.get("kind", "run"),
        ended=run["ended"],
        system=run.get("system", ""),
        crumple=run.get("versions", {}).get("crumple", ""),
    )
    took = float(run.get("wall_seconds") or 0.0)
    made.add(
        "crumple_last_run_timestamp_seconds",
        "When the run ended, in Unix time: its beginning, and how long it took.",
        None if began is None else began + took,
    )
    made.add("crumple_run_duration_seconds", "How long the run took.", took)
    made.add("crumple_run_calls", "Calls that the run made, clean ones and void ones included.", run["calls"])
    made.add("crumple_run_cost", "What the run cost, in the team's currency.", run.get("cost"))
    night = document.get("night")
    says_nothing = night["state"] == "void" if night else bool(void_reason(document)) or run["ended"] == "outage"
    made.add("crumple_run_void", "1 where the run says nothing about the system.", says_nothing)
    void = int(document["void"]["calls"])
    made.add(
        "crumple_void_ratio",
        "Share of the calls that came to nothing through no fault of the system.",
        void / run["calls"] if run["calls"] else None,
    )


def _calls(made: Exposition, document: Mapping[str, Any]) -> None:
    clean = document["clean"]
    for state, number in (
        ("right", clean["right"]),
        ("failed", clean["cases"] - clean["right"]),
        ("void", clean.get("void", 0)),
    ):
        made.add("crumple_clean_cases", "Cases, by what became of their clean document.", number, state=state)
    for name, each in sorted(document["categories"].items()):
        for outcome, number in sorted(each.get("outcomes", {}).items()):
            text = "Calls with degraded documents, by category and outcome."
            made.add("crumple_calls", text, number, category=name, outcome=outcome)
    for name, each in sorted(document["categories"].items()):
        if each["rate"] is None:
            continue
        said = "of the failure ratio's 95 % interval, about these documents."
        text = "Share of degraded documents that the system fails on; each mutator and level weighs the same."
        made.add("crumple_failure_ratio", text, each["rate"], category=name)
        made.add("crumple_failure_ratio_low", f"Lower end {said}", each["low"], category=name)
        made.add("crumple_failure_ratio_high", f"Upper end {said}", each["high"], category=name)
        text = "Share of the calls with degraded documents that failed without a complaint; each call weighs the same."
        silent = each["silent"] / each["runs"] if each["runs"] else None
        made.add("crumple_silent_ratio", text, silent, category=name)


def _limits(made: Exposition, document: Mapping[str, Any]) -> None:
    """The contract's limits, told apart by their names, and where those are the same by their numbers."""
    state = contract_state(document)
    if state:
        made.one_of("crumple_contract_state", "1 for how the whole contract stands.", LIMIT_STATES, state)
    met: dict[str, int] = {}
    for row in document.get("contract") or ():
        name = str(row["name"])
        met[name] = met.get(name, 0) + 1
        labels = {
            "limit": name if met[name] == 1 else f"{name} ({met[name]})",
            "of": row["of"],
            "metric": row.get("metric", ""),
        }
        made.one_of("crumple_limit_state", "1 for how a limit stands.", LIMIT_STATES, row["state"], **labels)
        unit = "in the metric's unit: a share, seconds, or money."
        made.add("crumple_limit_value", f"The figure that a limit is about, {unit}", row.get("figure"), **labels)
        made.add("crumple_limit_bound", f"What a limit must keep to, {unit}", row.get("limit"), **labels)


def _search(made: Exposition, document: Mapping[str, Any]) -> None:
    search = document.get("search") or {}
    for outcome, number in sorted((search.get("outcomes") or {}).items()):
        text = "Calls of a search, whose recipes were chosen by what others showed: no rate follows from them."
        made.add("crumple_search_calls", text, number, outcome=outcome)
    states: dict[str, int] = {}
    for each in search.get("discoveries") or ():
        states[str(each["state"])] = states.get(str(each["state"]), 0) + 1
    for state, number in sorted(states.items()):
        made.add("crumple_discoveries", "Kinds of failure that a search has found, by state.", number, state=state)
    night = document.get("night")
    known = (night or {}).get("findings") if night else search.get("replayed")
    statuses: dict[str, int] = {}
    for each in known or ():
        status = str(each.get("status", ""))
        statuses[status] = statuses.get(status, 0) + 1
    for status, number in sorted(statuses.items()):
        text = "Findings that were called again, by what came of it."
        made.add("crumple_findings", text, number, status=status)


def _night(made: Exposition, night: Mapping[str, Any]) -> None:
    made.one_of("crumple_night_state", "1 for how the night ended.", NIGHT_STATES, night["state"])
    for each in night.get("categories") or ():
        name = each["category"]
        text = "1 for how a category stands beside the baseline; clean: clean documents, all: all together."
        made.one_of("crumple_category_state", text, ROW_STATES, each["state"], category=name)
        text = "Calls that were made in the baseline and again, the very same."
        made.add("crumple_pairs", text, each["pairs"], category=name)
        text = "Calls that passed in the baseline and fail now."
        made.add("crumple_pairs_worse", text, each["worse"], category=name)
        text = "Calls that failed in the baseline and pass now."
        made.add("crumple_pairs_better", text, each["better"], category=name)
    for each in night.get("drift") or ():
        text = "1 for each category that has changed slowly over many nights; none is noticed: none is here."
        made.add("crumple_drift", text, 1, category=each["category"], state=each["state"])
    text = "Findings that were fixed and fail again."
    again = sum(bool(each.get("again")) for each in night.get("findings") or ())
    made.add("crumple_findings_failing_again", text, again)
    for which, kinds in (night.get("kinds") or {}).items():
        text = "Kinds of failure: new and gone on the baseline's recipes; tonight: on recipes drawn tonight."
        made.add("crumple_failure_kinds", text, len(kinds), which=which)
    for name, unit in (("latency", "crumple_latency_seconds"), ("money", "crumple_call_cost")):
        amount = night.get(name)
        if amount:
            what = "How long calls take" if name == "latency" else "What calls cost, in the team's currency"
            text = f"{what}: the median of calls that pass in the baseline and now."
            for when in ("baseline", "now"):
                value = amount["before" if when == "baseline" else "now"]
                made.add(unit, text, value, quantile=_QUANTILE, when=when)


def _shown(text: object) -> str:
    """A label's value: harmless for terminals, and not longer than anybody reads."""
    return excerpt(visible(str(text)), _LONGEST)


def _seconds(moment: object) -> float | None:
    try:
        found = datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _labels(labels: Sequence[tuple[str, str]]) -> str:
    inside = ",".join(f'{name}="{_escaped(text, quote=True)}"' for name, text in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str, *, quote: bool = False) -> str:
    made = text.replace("\\", "\\\\").replace("\n", "\\n")
    return made.replace('"', '\\"') if quote else made


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
