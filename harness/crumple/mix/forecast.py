"""What a production of a mix has to expect, and what to mend first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from crumple.events import Event
from crumple.mix import Missing, Mix
from crumple.mix.estimate import Estimate, like_these, these
from crumple.mix.parts import Parts, parts_of
from crumple.mix.sample import Sample, failed, failed_silently

CLEAN: Final = "clean"
"""What failures are put down to that are there before any damage."""
CONFIDENCE: Final = 0.975
"""Of each bound that is shown: together 95 %."""
_FIRST = 3
_EXACT: Final = 12
"""Decimals; beyond them is arithmetic, and all of the failures are 100 %."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one category adds to the failing documents.

    Attributes:
        category: a category of mutators, or "clean".
        share: of all failing documents.
        without: what the rate would be if it were mended, so that its damage made nothing fail.
    """

    category: str
    share: float
    without: float


@dataclass(frozen=True, slots=True)
class Thin:
    """A part of the mix with few calls for its weight.

    Attributes:
        name, level: which.
        share: of the volume.
        calls: how many there were of it.
        part: of the variance that the weights and calls of all parts make.
    """

    name: str
    level: float
    share: float
    calls: int
    part: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The failure rate of production.

    Attributes:
        mix: what it is of.
        failures, silent: about these documents; None where nothing of it was called.
        like_failures, like_silent: about documents like these; None where there are fewer than two groups.
        missing: what of the mix it is not about.
        mend_first: the three categories that add most, the largest first.
        thinnest: the part of the mix whose few calls leave most of the rate open.
    """

    mix: Mix
    failures: Estimate | None
    silent: Estimate | None
    like_failures: Estimate | None
    like_silent: Estimate | None
    missing: tuple[Missing, ...]
    mend_first: tuple[Contribution, ...]
    thinnest: Thin | None = None

    @property
    def share(self) -> float:
        """How much of the volume it is about."""
        return self.failures.share if self.failures else 0.0

    def document(self) -> dict[str, Any]:
        """It as the part of a run's document that reports are made from."""
        return self._figures(self.failures, self.silent) | {
            "per_day": self.mix.per_day,
            "share": self.share,
            "named": self.mix.named,
            "missing": [
                {"name": each.name, "level": each.level, "share": each.share, "why": each.why} for each in self.missing
            ],
            "like_these": self._figures(self.like_failures, self.like_silent) if self.like_failures else None,
            "mend_first": [
                {"category": each.category, "share_of_failures": each.share, "without": each.without}
                for each in self.mend_first
            ],
            "thinnest": None if self.thinnest is None else asdict(self.thinnest),
        }

    def _figures(self, failures: Estimate | None, silent: Estimate | None) -> dict[str, Any]:
        if failures is None or silent is None:
            return {"rate": None, "low": 0.0, "high": 1.0, "silent": None, "failing_per_day": None}
        quiet = {"rate": silent.rate, "low": silent.low, "high": silent.high}
        found = {"rate": failures.rate, "low": failures.low, "high": failures.high, "silent": quiet}
        per_day = None
        if self.mix.per_day is not None:
            documents = self.mix.per_day * self.share
            per_day = {"documents": documents, "silent": silent.rate * documents} | {
                name: getattr(failures, name) * documents for name in ("rate", "low", "high")
            }
            per_day["failures"] = per_day.pop("rate")
        return found | {
            "failing_per_day": per_day,
            "calls": failures.calls,
            "groups": failures.groups,
            "effective_calls": failures.effective_calls,
            "design_effect": failures.design_effect,
        }


def forecast(failures: Sample, silent: Sample, confidence: float = CONFIDENCE) -> Forecast:
    """What a run says of production.

    Args:
        failures: gathered with `sample.failed`.
        silent: the same run's, gathered with `sample.failed_silently`.
        confidence: of each bound.
    """
    all_, quiet = parts_of(failures), parts_of(silent)
    return Forecast(
        mix=failures.mix,
        failures=these(all_, confidence),
        silent=these(quiet, confidence),
        like_failures=like_these(all_, confidence),
        like_silent=like_these(quiet, confidence),
        missing=missing(failures),
        mend_first=mend_first(all_) if all_ is not None else (),
        thinnest=thinnest(failures.mix, all_) if all_ is not None else None,
    )


def thinnest(mix: Mix, parts: Parts) -> Thin | None:
    """The part of a mix that more calls would say most about; None where nothing damaged was called."""
    open_ = {stratum: mix.damaged[stratum] ** 2 / own.calls for stratum, own in parts.own.items()}
    if not open_:
        return None
    name, level = most = max(sorted(open_), key=lambda stratum: open_[stratum])
    return Thin(name, level, mix.damaged[most], parts.own[most].calls, open_[most] / sum(open_.values()))


def mend_first(parts: Parts) -> tuple[Contribution, ...]:
    """The categories that add most to the failing documents, cases that fail clean among them."""
    added: dict[str, float] = {}
    rate = parts.rate
    for (name, _), part in parts.contributions.items():
        category = name.partition(".")[0]
        added[category] = added.get(category, 0.0) + part
    added[CLEAN] = max(0.0, rate - sum(added.values()))
    ranked = sorted(added.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Contribution(category, round(part / rate, _EXACT), round(max(0.0, rate - part), _EXACT))
        for category, part in ranked[:_FIRST]
        if part > 1e-12
    )


def missing(sample: Sample) -> tuple[Missing, ...]:
    """What of a mix a run says nothing about, whole mutators in one line."""
    mix = sample.mix
    found: dict[tuple[str, str], dict[float, float]] = {}
    for stratum, share in mix.run.items():
        if not sample.strata.get(stratum):
            why = sample.not_run.get(stratum[0], "no call came to an outcome")
            found.setdefault((stratum[0], why), {})[stratum[1]] = share
    unseen = [_named(name, why, levels, mix) for (name, why), levels in found.items()]
    return tuple(each for some in (mix.left_out, *unseen) for each in some)


def _named(name: str, why: str, levels: dict[float, float], mix: Mix) -> Sequence[Missing]:
    if len(levels) == sum(mutator == name for mutator, _ in mix.damaged):
        return [Missing(name, None, sum(levels.values()), why)]
    return [Missing(name, level, share, why) for level, share in sorted(levels.items())]


class Outlook:
    """Takes a run's events, for the forecast of a mix."""

    def __init__(self, mix: Mix, corpus: int | None = None) -> None:
        """Begin with nothing.

        Args:
            mix: what production sends.
            corpus: how many cases the corpus has; None: not known.
        """
        self._failures, self._silent = Sample(mix, failed, corpus), Sample(mix, failed_silently, corpus)

    def add(self, event: Event) -> None:
        """Take one event in."""
        self._failures.add(event)
        self._silent.add(event)

    def document(self) -> dict[str, Any]:
        """The forecast as it stands; also before the end."""
        return forecast(self._failures, self._silent).document()
