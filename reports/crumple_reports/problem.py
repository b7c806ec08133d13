"""One problem of a run: failures with one cause, and what there is to be said of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple import excerpt, quoted, visible
from crumple_reports.examples import outcome_of, replay_command
from crumple_reports.figures import count, listed, percent

_WRONG: Final = "wrong"
_KINDS: Final = {
    "wrong": "Silent wrong answers",
    "changed answer": "Silently changed answers",
    "crashed": "Crashes",
    "refused": "Refusals",
    "hung": "Hangs",
    "exhausted": "Runs out of memory or output",
}
_LONG: Final = 160
_LONG_WORDS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Failures with one cause.

    Attributes:
        number: its rank, from 1; `#problem-N` on a page.
        title: in plain words: "Silent wrong answers: /total (truncated) under scan.stamp".
        outcome: how its calls ended; of documents without a truth "changed answer" for "wrong".
        silent: whether an answer came that is wrong, and no complaint.
        count: how many calls failed so; 0 where that is not known.
        failing: whether these are among the failing calls; an answer of another form than was asked for may be right.
        mutators: mutator -> how many of them are its, those with the most first.
        categories: theirs.
        levels: at which these mutators fail, as the document writes them.
        share: which part its categories, as wholes, make up of the failures that are forecast for production; None
            without a mix.
        forecast: the same in words, category by category; "" where there is nothing to say.
        weight: the same by how many of each category's failures are its. A guess, for the mix says nothing of causes:
            to rank by, and never to be shown.
        limits: the broken limits that it counts against.
        flaky: "1 of 2" where its example did not fail every time.
        fingerprint: what tells the cause, whole.
        note: what else is to be said: "right in the baseline, wrong now".
        finding: the finding in `findings/` that it is kept as; "" of none.
        item: the test of a session that it is of.
        example: its simplest call, as the document has it; empty of a limit on what no single call shows.
        command: the line that makes that call again; "" where there is none.
        privacy: what may be shown of it; "" where whoever renders says.
    """

    number: int = 0
    title: str
    outcome: str
    silent: bool
    count: int
    failing: bool = True
    mutators: Mapping[str, int]
    categories: tuple[str, ...]
    levels: tuple[str, ...]
    share: float | None = None
    forecast: str = ""
    weight: float = 0.0
    limits: tuple[str, ...] = ()
    flaky: str = ""
    fingerprint: str
    note: str = ""
    finding: str = ""
    item: str = ""
    example: Mapping[str, Any]
    command: str
    privacy: str = ""

    @property
    def replay(self) -> str:
        """Its example as "case > recipe"."""
        return str(self.example.get("replay", ""))

    def often(self, failures: int = 0) -> str:
        """How many calls failed so: "8 calls", "8 of 47 failing calls"; "" where that is not known.

        Args:
            failures: of how many failures these are some; 0 where that is not known.
        """
        if self.failing and 0 < self.count <= failures:
            return f"{self.count:,} of {count(failures, 'failing call')}"
        return count(self.count, "call" if self.failing else "answer") if self.count else ""


def problem_of(
    document: Mapping[str, Any],
    example: Mapping[str, Any],
    mutators: Mapping[str, int],
    *,
    fingerprint: str,
    count: int,
    flaky: str = "",
    note: str = "",
    finding: str = "",
) -> Problem:
    """A problem, without its rank.

    Args:
        document: of the run.
        example: its simplest call.
        mutators: mutator -> how many failures are its.
        fingerprint: what tells the cause; "" where that is not known.
        count: how many calls failed so; 0 where that is not known.
        flaky: "1 of 2".
        note: what else is to be said.
        finding: that it is kept as.
    """
    ranked = {name: mutators[name] for name in sorted(mutators, key=lambda name: (-mutators[name], name))}
    if finding:  # the steps of a recipe, in their order
        ranked = dict(mutators)
    categories = tuple(dict.fromkeys(name.partition(".")[0] for name in ranked))
    outcome = outcome_of(document, example)
    silent = example.get("outcome") == _WRONG
    return Problem(
        title=_title(outcome, fingerprint, ranked, example),
        outcome=outcome,
        silent=silent,
        count=count,
        mutators=ranked,
        categories=categories,
        levels=_levels(document, ranked, example),
        share=_share(document, categories),
        forecast=_forecast(document, categories),
        weight=_weight(document, ranked),
        limits=_broken(document, example, ranked, categories, silent=silent),
        flaky=flaky,
        fingerprint=fingerprint,
        note=note,
        finding=finding,
        example=example,
        command=command_of(document, example),
    )


def command_of(document: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    """The line that makes a call again: as the run says it, or with `crumple replay`."""
    known = (document.get("run") or {}).get("replay")
    return f"{visible(str(known))} {quoted(str(example['replay']))}" if known else replay_command(document, example)


def _title(outcome: str, fingerprint: str, mutators: Mapping[str, int], example: Mapping[str, Any]) -> str:
    kind = _KINDS.get(outcome, visible(outcome[:1].upper() + outcome[1:]))
    what = _what(fingerprint) if fingerprint else ", ".join(map(str, example.get("wrong") or ()))
    under = listed(map(visible, mutators), 2)
    return f"{kind}{f': {excerpt(what, _LONG_WORDS)}' if what else ''}{f' under {under}' if under else ''}"


def _what(fingerprint: str) -> str:
    """A fingerprint without the outcome that it begins with, and without the line of code that it ends with."""
    _, _, rest = fingerprint.partition(" ")
    return rest.partition(": ")[0] if " at " in rest.partition(": ")[0] else rest[:_LONG]


def _levels(document: Mapping[str, Any], mutators: Iterable[str], example: Mapping[str, Any]) -> tuple[str, ...]:
    figures = document.get("mutators") or {}
    found = {
        str(level)
        for name in mutators
        for level, each in ((figures.get(name) or {}).get("levels") or {}).items()
        if each.get("failures")
    }
    level = example.get("level")
    if isinstance(level, (int, float)) and level and level == int(level):  # a search's others are of no rung
        found.add(f"{level:g}")
    return tuple(sorted(found, key=lambda each: (len(each), each)))


def _share(document: Mapping[str, Any], categories: Iterable[str]) -> float | None:
    parts = _parts(document)
    return min(1.0, sum(parts.get(each, 0.0) for each in categories)) if parts else None


def _parts(document: Mapping[str, Any]) -> dict[str, float]:
    """Category -> which part of the failures that are forecast for production it makes up."""
    forecast = document.get("forecast") or {}
    return {str(each["category"]): float(each["share_of_failures"]) for each in forecast.get("mend_first") or ()}


def _forecast(document: Mapping[str, Any], categories: Iterable[str]) -> str:
    parts = _parts(document)
    said = [f"{visible(each)} makes up {percent(parts[each])}" for each in categories if parts.get(each)]
    return f"{listed(said, 3)} of the failures that are forecast" if said else ""


def _weight(document: Mapping[str, Any], mutators: Mapping[str, int]) -> float:
    parts, categories = _parts(document), document.get("categories") or {}
    return sum(
        parts.get(category, 0.0) * failures / max(1, int((categories.get(category) or {}).get("failures") or 0))
        for name, failures in mutators.items()
        for category in [name.partition(".")[0]]
    )


def _broken(
    document: Mapping[str, Any],
    example: Mapping[str, Any],
    mutators: Iterable[str],
    categories: Iterable[str],
    *,
    silent: bool,
) -> tuple[str, ...]:
    """The broken limits that failures of this kind count against; of production those that a mix gives a part in."""
    about = {"all", *mutators, *categories}
    if _forecast(document, categories):
        about.add("production")
    metrics = {"failures", "accuracy", "silent" if silent else "", "refusals" * (example.get("outcome") == "refused")}
    level = float(example.get("level") or 0.0)
    return tuple(
        str(each["name"])
        for each in document.get("contract") or ()
        if each["state"] == "broken"
        and each["of"] in about
        and each["metric"] in metrics
        and level <= float(each.get("up_to_level") or 5.0)
    )
