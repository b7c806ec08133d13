"""The calls that speak against a limit most, while it is measured; and how they read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from crumple.contract.limits import CLEAN, Limit, Metric
from crumple.contract.observing import observed
from crumple.discretion import general
from crumple.events import CleanEnded, Event, RoundEnded
from crumple.outcome import Outcome
from crumple.plain_text import excerpt, visible
from crumple.result import Result, simplest

SHOWN: Final = 3
_MOST = 1000
_FIELDS = 3
_LONG = 200


class Worst:
    """Keeps one call of each kind of failure: what should least have happened."""

    def __init__(self, limit: Limit | None) -> None:
        """Of what a limit is about; None: of failures."""
        self._limit = limit
        self._kinds: dict[str, tuple[tuple[float, float, str, str], Result]] = {}

    def add(self, event: Event) -> None:
        """Take in what counts: whole rounds, or clean documents where the limit is on those."""
        on_clean = self._limit is not None and self._limit.of == CLEAN
        match event:
            case CleanEnded(results=results) if on_clean:
                self._take(results)
            case RoundEnded(results=results) if not on_clean:
                self._take(results)

    def _take(self, results: Iterable[Result]) -> None:
        for each in results:
            badness = self._badness(each)
            if badness <= 0 or each.verdict is None:
                continue
            order = (-badness, *simplest(each))
            kind = each.verdict.fingerprint
            if kind in self._kinds or len(self._kinds) < _MOST:
                self._kinds[kind] = min(self._kinds.get(kind, (order, each)), (order, each), key=lambda pair: pair[0])

    def _badness(self, result: Result) -> float:
        """How much a call speaks against the limit; 0: not at all."""
        verdict, limit = result.verdict, self._limit
        if verdict is None:
            return 0.0
        if limit is None or limit.metric is Metric.FAILURES:
            return (2.0 if verdict.silent else 1.0) * verdict.failure
        value = observed(limit, result)
        if value is None:
            return 0.0
        match limit.metric:
            case Metric.ACCURACY:
                return 1.0 - value
            case Metric.LATENCY:
                return value * (float("inf") if verdict.outcome is Outcome.HUNG else result.seconds)
            case Metric.COST:
                return value if value > limit.bound else 0.0
        return value

    def first(self, most: int = SHOWN) -> list[Result]:
        """The worst, each of another kind."""
        return [each for _, each in sorted(self._kinds.values(), key=lambda pair: pair[0])][:most]

    def said(self, result: Result) -> str:
        """How a call ended, in figures and words of crumple's own: "encoding.utf16, level 3: wrong /total"."""
        limit, verdict = self._limit, result.verdict
        what = f"{result.work.mutator}, level {result.work.level:g}" if result.work.mutator else "clean"
        parts = [ended(result)]
        match limit.metric if limit is not None else None:
            case Metric.ACCURACY if verdict is not None:
                parts.append(f"score {verdict.score:.3g}")
            case Metric.LATENCY:
                parts.append(f"{result.seconds:.3g} s")
            case Metric.COST:
                parts.append(f"cost {result.cost:.4g}")
            case Metric.VALID:
                parts.append("does not keep to the schema")
        return f"{what}: {', '.join(parts)}"


def ended(result: Result) -> str:
    """How a call ended, without a word of the document or of what the system said."""
    verdict = result.verdict
    if verdict is None:
        return "not made"
    if verdict.outcome is Outcome.WRONG:
        named = [visible(path) for path in verdict.wrong if path]
        rest = len(named) - _FIELDS
        fields = ", ".join(named[:_FIELDS]) + (f" and {rest} more" if rest > 0 else "")
        return f"{'silently ' if verdict.silent else ''}wrong{f': {fields}' if fields else ''}"
    kind = general(verdict.fingerprint).removeprefix(str(verdict.outcome)).strip()
    return f"{verdict.outcome}{f': {excerpt(kind, _LONG)}' if kind else ''}"


def answered(results: Sequence[Result]) -> str:
    """What was expected and answered, for the screen; "" where nothing may be kept."""
    lines: list[str] = []
    for each in results:
        said = [
            f"  {label:<10}{excerpt(text, _LONG)}"
            for label, text in (("cause", each.cause), ("expected", each.expected), ("answered", each.answer))
            if text
        ]
        if said:
            lines += [visible(each.work.replay), *said]
    return "\n".join(lines)
