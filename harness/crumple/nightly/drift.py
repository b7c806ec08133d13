"""What no single night shows: a test of trend over the nights so far, tonight as the last. Pure.

Four fifths of the false alarms go to a test without the baseline's own run: nights are not chosen, and a run that was
made the baseline because it was a good one makes those after it look worse. One fifth goes to a test with it, which
alone sees what broke for good before the first night. Made of the best of five runs, a baseline raises the false alarms
of this test at most fivefold (whatever one run shows with probability p, one of five shows with at most 5 p).

What a comparison with the baseline has found already is left out: the calls of a category in the nights in which it
was said to be worse by its pairs.

An alarm is about now. So it takes that tonight is worse than the nights were on average, and it takes more than one
bad night that is over: either tonight is bad by itself, or there is a trend without the one night before that
contributes most to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crumple.nightly.baseline import ALL, Call
from crumple.nightly.past import NIGHTS, PastNight
from crumple.statistics.discrete import Claim, discrete_holm
from crumple.statistics.trend import Trend, trend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

FEWEST: Final = 3
"""Fewer nights than these, tonight included, have no trend."""
_BASELINE: Final = 0.2
"""Which share of the false alarms goes to the test that the baseline's own run is part of."""
_HARDLY: Final = 1.5
"""So few standard deviations are no news, and need no exact figure."""
_BY_ITSELF: Final = 1.645
"""How many standard deviations above the other nights tonight is bad by itself."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A category that changes from night to night.

    Attributes:
        category: its name; "clean" is one, and "all" is everything together.
        state: "worse" or "better".
        nights: how many nights that rests on, tonight included.
        first: the share that failed in the nights before `since`.
        last: the share that has failed from then on, tonight included. For words: they are cut where they fit best.
        p: the one-sided p-value of "nothing has changed", of this row alone.
        since: the first night of the change, most likely; None: it is tonight.
        calls: tonight's that have changed sides for good, as it seems: first those that did so most clearly.
    """

    category: str
    state: str
    nights: int
    first: float
    last: float
    p: float
    since: PastNight | None
    calls: Sequence[Call]


@dataclass(frozen=True)
class Nights:
    """Calls of one category, or of all, beside the nights: rows and columns, the oldest night first, tonight last.

    Attributes:
        failed: whether a call failed in a night.
        there: whether it was called in it, on the same bytes.
    """

    failed: Flags
    there: Flags

    @property
    def turned(self) -> Nights:
        """With passing for failing."""
        return Nights(self.there & ~self.failed, self.there)


def drifts(past: Sequence[PastNight], tonight: Iterable[Call], worse: AbstractSet[str], alpha: float) -> list[Drift]:
    """What has changed over the nights, in each category and in all together.

    Of nights without any change at most a share of alpha has a row that is worse, under what `comparison.compared`
    says of calls.

    Args:
        past: the nights before, the oldest first; the first is the baseline's own run.
        tonight: its calls of the fixed recipes, and its clean ones.
        worse: the categories that tonight is said to be worse in, by its pairs.
        alpha: how often, of nights without any change, one may be called worse.
    """
    calls = list({each.key: each for each in tonight}.values())
    before = [*past[:1], *past[1:][-NIGHTS:]]
    both = beside(before, calls, worse)
    rows: dict[str, list[int]] = {}
    for at, call in enumerate(calls):
        rows.setdefault(call.category, []).append(at)
    rows[ALL] = list(range(len(calls)))
    found: dict[str, Drift] = {}
    for left_out, share in ((1, (1 - _BASELINE) * alpha), (0, _BASELINE * alpha)):
        whole = Nights(both.failed[:, left_out:], both.there[:, left_out:])
        if whole.there.shape[1] < FEWEST:
            continue
        parts = {name: Nights(whole.failed[own], whole.there[own]) for name, own in rows.items() if name not in worse}
        for state, name, claim in _noticed(parts, share):
            # What is worse by either is worse.
            if name not in found or found[name].state != state == "worse":
                own = [calls[at] for at in rows[name]]
                found[name] = _drift(name, state, before[left_out:], parts[name], own, claim)
    return list(found.values())


def _noticed(parts: Mapping[str, Nights], alpha: float) -> Iterator[tuple[str, str, Claim]]:
    for state in ("worse", "better"):
        claims = [_claim(part if state == "worse" else part.turned, alpha) for part in parts.values()]
        for name, claim, made in zip(parts, claims, discrete_holm(claims, alpha), strict=True):
            if made:
                yield state, name, claim


def beside(past: Sequence[PastNight], tonight: Sequence[Call], worse: AbstractSet[str]) -> Nights:
    """Put tonight's calls beside those of the nights before, without what was said to be worse already."""
    import numpy as np

    asked = [(each.key, each.digest, each.category) for each in tonight]
    failed, there = np.zeros((2, len(tonight), len(past) + 1), bool)
    for column, night in enumerate(past):
        silent = _said(night.worse - night.drifting, tonight)
        for row, (key, digest, category) in enumerate(asked):
            known = night.outcomes.get(key)
            if known is not None and known[0] == digest and category not in silent:
                there[row, column], failed[row, column] = True, known[1]
    silent = _said(worse, tonight)
    there[:, -1] = [category not in silent for _, _, category in asked]
    failed[:, -1] = [each.failure for each in tonight]
    return Nights(failed & there, there)


def _said(worse: AbstractSet[str], calls: Iterable[Call]) -> AbstractSet[str]:
    """The categories that what was said of a night is about: all, where none was named."""
    return frozenset(each.category for each in calls) if worse == {ALL} else worse


def _claim(part: Nights, alpha: float) -> Claim:
    """That failures come late, tonight too, and not by one night that is over."""
    found = trend(part.failed, part.there)
    return Claim(_p(part, found, alpha), found.at_most, _observed(part))


def _p(part: Nights, found: Trend, alpha: float) -> float:
    """The p-value, or more where a trend would be no news."""
    if found.deviations < _HARDLY or not part.there[:, -1].any() or part.there.any(0).sum() < FEWEST:
        return 1.0
    excess, spread = _excess(part)
    if excess[-1] <= 0:
        return 1.0
    leader = _leader(excess)
    if found.p > alpha or leader is None or excess[-1] >= _BY_ITSELF * spread + 0.5:
        return found.p
    there = part.there.copy()
    there[:, leader] = False
    return max(found.p, trend(part.failed, there).p)


def _excess(part: Nights) -> tuple[Floats, float]:
    """How many more fail in each night than of these calls on average, and tonight's standard deviation of that."""
    import numpy as np

    counts = np.maximum(part.there.sum(1), 1)
    share = part.failed.sum(1) / counts
    excess: Floats = part.failed.sum(0) - share @ part.there
    spread = math.sqrt(float((share * (1 - share))[part.there[:, -1]].sum()))
    return excess, spread


def _leader(excess: Floats) -> int | None:
    """The bad night before tonight that contributes most to a trend; None where there is none."""
    import numpy as np

    share = np.maximum(excess, 0)[:-1] * (np.arange(len(excess) - 1) - (len(excess) - 1) / 2)
    return int(share.argmax()) if share.max() > 0 else None


def _observed(part: Nights) -> bytes:
    """What a test of these calls is computed from."""
    says = (part.failed.any(1)) & (part.there & ~part.failed).any(1)
    return part.failed[says].tobytes() + part.there[says].tobytes()


def _drift(
    name: str, state: str, past: Sequence[PastNight], part: Nights, calls: Sequence[Call], claim: Claim
) -> Drift:
    side = part if state == "worse" else part.turned
    at = changed_at(side)
    since = past[at] if at < len(past) else None
    nights = int(part.there.any(0).sum())
    first, last = (_share(part.failed[:, cut], part.there[:, cut]) for cut in (slice(at), slice(at, None)))
    order = [row for row in _by_change(side, at) if side.failed[row, -1]]
    return Drift(name, state, nights, first, last, claim.p, since, [calls[row] for row in order])


def _share(failed: Flags, there: Flags) -> float:
    return float(failed.sum() / max(1, there.sum()))


def changed_at(part: Nights) -> int:
    """The first night of a rate that went up, where that fits best.

    Source: the change point of largest likelihood in a sequence of binomial variables: D. V. Hinkley, E. A. Hinkley,
    "Inference about the change-point in a sequence of binomial variables", Biometrika 57 (1970), 477-488.
    """
    failed, there = part.failed.sum(0).tolist(), part.there.sum(0).tolist()
    best, found = -math.inf, len(failed) - 1
    for at in range(1, len(failed)):
        sides = [(sum(failed[cut]), sum(there[cut])) for cut in (slice(at), slice(at, None))]
        rates = [failures / max(1, calls) for failures, calls in sides]
        fit = sum(_fit(failures, calls) for failures, calls in sides)
        if sides[0][1] and rates[1] > rates[0] and there[at] and fit > best:
            best, found = fit, at
    return found


def _fit(failures: int, calls: int) -> float:
    """The logarithm of the likelihood of a rate that fits best."""
    parts = (failures, calls - failures)
    return sum(each * math.log(each / calls) for each in parts if each)


def _by_change(part: Nights, at: int) -> list[int]:
    """Calls that fail more since a night than before, those first of which that is most true."""
    import numpy as np

    before, after = (
        part.failed[:, cut].sum(1) / np.maximum(part.there[:, cut].sum(1), 1) for cut in (slice(at), slice(at, None))
    )
    more = after - before
    return [int(row) for row in np.argsort(-more, kind="stable") if more[row] > 0]
