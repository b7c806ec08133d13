"""Nights after which something is worse: on which of them it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import numpy as np

from benchmarks.nightly.quiet import flaky, steady
from benchmarks.nightly.simulated import Corpus, Flags, Floats, Generator, Said, corpus, draws, nights
from benchmarks.output import Output

QUIET: Final = 9
"""Nights before it happens: the tenth is worse."""
AFTER: Final = 21
_REPEATS: Final = 30
_SYSTEMS: Final = {"always the same": steady, "each its own": flaky}

Rates = Callable[[Generator, int], Floats]
Change = Callable[[int, Floats], Floats]


def measure(output: Output, generator: Generator, quick: int) -> list[str]:
    """Print on which night a change is seen; nothing here is promised."""
    repeats = max(4, _REPEATS // quick)
    _regressions(output, generator, repeats)
    _slow(output, generator, repeats)
    return []


def _regressions(output: Output, generator: Generator, repeats: int) -> None:
    output.say(
        "A regression in one of six categories on the tenth night, that stays. Of 100 such, how many are seen that "
        "very night beside the baseline, by all tests, and by the fourth night of it; other categories have 40 calls."
    )
    output.heads(
        ("each call fails", "calls", "worse by", "baseline", "that night", "in four nights"),
        (18, -6, -10, -9, -11, -15),
    )
    for name, rates in _SYSTEMS.items():
        for calls in (40, 100, 400):
            for points in (5, 10, 20, 50):
                of = corpus(20, calls, 40, 40, 40, 40, 40)
                seen = [_seen(of, generator, rates, points / 100) for _ in range(repeats)]
                counts = [sum(each[at] for each in seen) for at in range(3)]
                shares = [f"{100 * each / repeats:.0f}" for each in counts]
                output.row((name, f"{calls}", f"{points} points", *shares))


def _seen(of: Corpus, generator: Generator, rates: Rates, points: float) -> tuple[bool, bool, bool]:
    drawn = rates(generator, len(of.passing))
    broken = drawn.copy()
    own = np.flatnonzero(of.categories == 1)
    right = own[drawn[own] < 0.5]
    # So many points more: calls that passed fail from now on.
    broken[generator.permutation(right)[: round(points * len(own))]] = 1.0
    said = list(islice(_nights(of, generator, drawn, lambda n, r: broken if n > QUIET else r, QUIET), QUIET + 4))[
        QUIET:
    ]
    concerned = [_concerned(each) for each in said]
    return bool(said[0].pairs & {"category1", "all"}), concerned[0], any(concerned)


def _concerned(said: Said) -> bool:
    return bool((said.pairs | said.drift) & {"category1", "all"})


def _slow(output: Output, generator: Generator, repeats: int) -> None:
    output.say(
        "Slow change in one of six categories. Of the repetitions, the night of the change on which it is first seen "
        "in half of them and in nine of ten, and how many are seen beside the baseline before, or never (of "
        f"{AFTER + QUIET} nights)."
    )
    output.heads(
        ("what", "each call fails", "calls", "half seen", "nine of ten", "by the baseline first", "never"),
        (32, 18, -6, -10, -12, -22, -6),
    )
    for calls in (40, 100, 400):
        for name, rates in _SYSTEMS.items():
            _row(output, generator, repeats, "1 point a night, from the first", name, rates, calls, _creeping, 0)
    for name, rates in _SYSTEMS.items():
        _row(output, generator, repeats, "2 documents break on night 10", name, rates, 40, _breaking(2), QUIET)
        _row(output, generator, repeats, "5 documents break on night 10", name, rates, 40, _breaking(5), QUIET)
        _row(output, generator, repeats, "5 documents break on night 1", name, rates, 40, _breaking(5, 0), 0)


def _row(
    output: Output,
    generator: Generator,
    repeats: int,
    what: str,
    name: str,
    rates: Rates,
    calls: int,
    change: Callable[[Generator, Floats, Flags], Change],
    start: int,
) -> None:
    of = corpus(20, calls, 40, 40, 40, 40, 40)
    first: list[float] = []
    beside = 0
    for _ in range(repeats):
        drawn = rates(generator, len(of.passing))
        said = islice(_nights(of, generator, drawn, change(generator, drawn, of.categories == 1), start), QUIET + AFTER)
        found = next(((at, each) for at, each in enumerate(said, 1) if at > start and _concerned(each)), None)
        first.append(found[0] - start if found else np.inf)
        beside += bool(found and found[1].pairs & {"category1", "all"} and not found[1].drift)
    half, most = np.quantile(first, [0.5, 0.9], method="inverted_cdf")
    never = sum(np.isinf(first))
    cells = [f"{each:.0f}" if np.isfinite(each) else "-" for each in (half, most)]
    output.row((what, name, f"{calls}", *cells, f"{100 * beside / repeats:.0f} %", f"{100 * never / repeats:.0f} %"))


def _nights(of: Corpus, generator: Generator, rates: Floats, change: Change, untold: int) -> Iterator[Said]:
    return nights(of, generator.random(len(rates)) < rates, draws(generator, rates, change), untold=untold)


def _creeping(generator: Generator, rates: Floats, own: Flags) -> Change:
    """One call in a hundred more fails each night, for good."""
    order = generator.permutation(np.flatnonzero(own & (rates < 0.5)))

    def change(night: int, before: Floats) -> Floats:
        now = before.copy()
        now[order[: round(night * own.sum() / 100)]] = 1.0
        return now

    return change


def _breaking(count: int, quiet: int = QUIET) -> Callable[[Generator, Floats, Flags], Change]:
    """So many calls that passed fail after some nights, for good."""

    def made(generator: Generator, rates: Floats, own: Flags) -> Change:
        order = generator.permutation(np.flatnonzero(own & (rates < 0.1)))

        def change(night: int, before: Floats) -> Floats:
            now = before.copy()
            if night > quiet:
                now[order[:count]] = 1.0
            return now

        return change

    return made
