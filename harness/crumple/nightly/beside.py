"""A night set beside its baseline and the nights before: what got worse by all tests, as rows of its document. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from crumple.nightly.amounts import Amount, latency, money
from crumple.nightly.baseline import ALL, CLEAN, Baseline, Call
from crumple.nightly.comparison import Alarms, Compared, alarms, compared, counted
from crumple.nightly.drift import Drift, drifts
from crumple.nightly.pairs import Pair, Paired
from crumple.nightly.past import PastNight, since
from crumple.outcome import Outcome

_SHOWN: Final = 3
_FEW: Final = 3
"""That all clean documents fail is no chance where so many of them passed before."""

Kept = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the tests say.

    Attributes:
        pairs: what was compared, by category.
        categories: what that shows of each.
        drift: what changed slowly, where that is noticed.
        latency, money: what calls take, beside the baseline.
        alarms: how often the first two may be wrong.
        before: call -> what it came to in the baseline.
        past: the nights before.
        kept: a document's digest -> the file that it is kept in.
        is_all_clean: whether every clean document fails now, and enough of them passed.
    """

    alarms: Alarms
    past: Sequence[PastNight]
    kept: Kept
    pairs: Mapping[str, Sequence[Pair]] = field(default_factory=dict)
    categories: Sequence[Compared] = ()
    drift: Sequence[Drift] = ()
    latency: Amount | None = None
    money: Amount | None = None
    before: Mapping[tuple[str, str], Outcome] = field(default_factory=dict)
    is_all_clean: bool = False

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return "worse" in self._states

    @property
    def better(self) -> bool:
        """Whether anything got better."""
        return "better" in self._states

    @property
    def _states(self) -> frozenset[str]:
        return frozenset([*(each.state for each in self.categories), *(each.state for each in self.drift)])

    def all_clean(self) -> Beside:
        """As it is where no clean document is answered right any more: nothing else can be measured then."""
        clean = next((each for each in self.categories if each.category == CLEAN), None)
        if clean is None or clean.counts.worse < _FEW:
            return self
        rows = [replace(each, state="worse") if each is clean else each for each in self.categories]
        return replace(self, categories=rows, is_all_clean=True)

    def void(self) -> Beside:
        """As it is where too much came to nothing: figures, and nothing is said of them."""
        rows = [replace(each, state="unknown", why=each.why or "the night is void") for each in self.categories]
        return replace(self, categories=rows, drift=())

    def rows(self) -> dict[str, Any]:
        """The parts of the document."""
        return {
            "alarms": asdict(self.alarms),
            "categories": [self._row(each) for each in self.categories],
            "drift": [self._drift_row(each) for each in self.drift],
            "latency": self.latency.to_json() if self.latency else None,
            "money": self.money.to_json() if self.money else None,
        }

    def _row(self, each: Compared) -> dict[str, Any]:
        return {
            "category": each.category,
            "state": each.state,
            **asdict(each.counts),
            "p": each.p,
            "since": since(self.past, each.category) if each.state == "worse" else None,
            "why": each.why,
            "documents": documents(self._failing(each.category), self.kept),
        }

    def _failing(self, category: str) -> list[tuple[Outcome | None, Call]]:
        """The calls of a category that failed tonight alone, each with what it came to in the baseline."""
        own = [pair for name, pairs in self.pairs.items() if category in {name, ALL} for pair in pairs]
        return [(pair.before.outcome, pair.now) for pair in own if pair.worse]

    def _drift_row(self, each: Drift) -> dict[str, Any]:
        first = each.since
        return {
            "category": each.category,
            "state": each.state,
            "nights": each.nights,
            "first": each.first,
            "last": each.last,
            "p": each.p,
            "since": None if first is None else {"run": first.run, "started": first.started},
            "documents": documents([(self.before.get(call.key), call) for call in each.calls], self.kept),
        }


def beside(
    baseline: Baseline | None,
    both: Paired,
    past: Sequence[PastNight],
    alpha: float,
    kept: Kept,
) -> Beside:
    """Carry all tests out.

    Args:
        baseline: what the night is compared with; None: nothing can be said.
        both: the calls of both.
        past: the nights before.
        alpha: how often a night may wake somebody for nothing, by all tests together.
        kept: a document's digest -> the file that it is kept in; "" where it is not.
    """
    shares = alarms(alpha)
    if baseline is None:
        return Beside(alarms=shares, past=past, kept=kept)
    counts = {name: counted(own) for name, own in both.pairs.items()}
    rows = compared(counts, categories_of(baseline), shares.pairs_alpha)
    worse = {each.category for each in rows if each.state == "worse"}
    pairs = [pair for own in both.pairs.values() for pair in own]
    return Beside(
        alarms=shares,
        past=past,
        kept=kept,
        pairs=both.pairs,
        categories=rows,
        drift=drifts(past, [pair.now for pair in pairs], worse, shares.drift_alpha),
        latency=latency(pairs).amount(),
        money=money(pairs).amount(),
        before={pair.before.key: pair.before.outcome for pair in pairs},
    )


def categories_of(baseline: Baseline) -> list[str]:
    """The categories that a baseline has calls of; "clean" is one."""
    return list(dict.fromkeys(each.category for each in (*baseline.clean, *baseline.calls)))


def documents(failing: Iterable[tuple[Outcome | None, Call]], kept: Kept) -> list[dict[str, Any]]:
    """The documents to look at first: silent failures before others, the mildest damage first, of different kinds.

    Args:
        failing: what each came to in the baseline, and what became of it tonight.
        kept: a document's digest -> its file.
    """
    ranked = sorted(failing, key=lambda each: (each[1].outcome is not Outcome.WRONG, each[1].level, each[1].key))
    first: dict[str, tuple[Outcome | None, Call]] = {}
    for each in ranked:
        first.setdefault(each[1].fingerprint, each)
    others = [each for each in ranked if first[each[1].fingerprint] is not each]
    return [
        {
            "replay": now.replay,
            "before": "" if before is None else str(before),
            "now": str(now.outcome),
            "fingerprint": now.fingerprint,
            "cause": now.cause,
            "kept_file": kept(now.digest),
        }
        for before, now in [*first.values(), *others][:_SHOWN]
    ]
