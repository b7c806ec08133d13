"""From a run to a baseline: which runs may be one, what of them it has, and how it differs from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.findings.status import concealed
from crumple.nightly.baseline import Baseline, Call, call_of
from crumple.result import Result
from crumple.soundness import void_reason

_ANOTHER: Final = "`crumple run` makes one that can be."
_NO_BASELINES: Final = {
    "fuzz": "a search calls where failures are, not fairly",
    "breaking-points": "it looks for breaking points, and calls each mutator where it breaks",
}
_STATES: Final = {
    "interrupted": "it is not through yet",
    "running": "it is going on",
    "abandoned": "it was given up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says of a baseline, and what it is kept beside.

    Attributes:
        set_on: the day, YYYY-MM-DD.
        by: who.
        reason: why.
        config: the configuration's file name.
        quotes: whether fingerprints may quote what stands in documents and answers.
    """

    set_on: str
    by: str
    reason: str
    config: str
    quotes: bool


def check_run(run: str, state: str, info: Mapping[str, Any], document: Mapping[str, Any] | None) -> None:
    """See whether a run may be a baseline.

    Args:
        run: its id.
        state: of the run in the store.
        info: what its document says of it beforehand.
        document: the run's.

    Raises:
        CrumpleError: it may not; the message says why, and what to do.
    """
    kind = str(info.get("kind") or "run")
    why = _NO_BASELINES.get(kind) or _STATES.get(state)
    if not why and document is None:
        why = "its document is missing"
    if not why and document is not None:
        void = void_reason(document)
        why = f"it is void: {void[0].lower()}{void[1:].rstrip('.')}" if void else ""
    if why:
        raise CrumpleError(f"run {run} cannot be the baseline: {why}", hint=_ANOTHER)


def baseline_from(results: Iterable[Result], run: str, info: Mapping[str, Any], said: Said) -> Baseline:
    """A run as a baseline, but for its cases and its mutators' versions.

    Args:
        results: that count in its rates.
        run: its id.
        info: what its document says of it beforehand.
        said: by whoever makes it so.

    Raises:
        CrumpleError: it has no call that could be made again.
    """
    kept = (_kept(call, said) for each in results if (call := call_of(each)) is not None)
    made = list({each.key: each for each in kept}.values())  # where the same seed was drawn twice, it is one call
    calls = [each for each in made if each.mutator]
    if not calls:
        raise CrumpleError(f"run {run} has no degraded call to compare a night with", hint=_ANOTHER)
    machine = info.get("machine")
    settings = info.get("settings")
    return Baseline(
        run=run,
        started=str(info.get("started", "")),
        set_on=said.set_on,
        by=said.by,
        reason=said.reason,
        config=said.config,
        seed=int(info.get("seed", 0)),
        system=str(info.get("system", "")),
        corpus=str(info.get("corpus_version", "")),
        versions=_texts(info.get("versions")),
        machine=_texts(machine),
        settings=_texts(settings),
        mutators={},
        cases={},
        clean=[each for each in made if not each.mutator],
        calls=calls,
    )


def _kept(call: Call, said: Said) -> Call:
    return call if said.quotes else replace(call, fingerprint=concealed(call.fingerprint))


def _texts(found: object) -> dict[str, str]:
    return {str(name): str(each) for name, each in found.items()} if isinstance(found, Mapping) else {}


def with_cases(baseline: Baseline, cases: Mapping[str, str], mutators: Mapping[str, str]) -> Baseline:
    """A baseline with the digests of its cases and its mutators' versions; calls of what is not there are left out."""

    def there(calls: Sequence[Call]) -> list[Call]:
        return [each for each in calls if each.case in cases and (not each.mutator or each.mutator in mutators)]

    return replace(baseline, cases=cases, mutators=mutators, clean=there(baseline.clean), calls=there(baseline.calls))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A category in two baselines.

    Attributes:
        category: "clean" is one.
        before: failures and calls in the old one.
        after: failures and calls in the new one.
        same: how many calls both have.
    """

    category: str
    before: tuple[int, int]
    after: tuple[int, int]
    same: int


def side_by_side(old: Baseline | None, new: Baseline) -> list[SideBySide]:
    """What changes where one baseline takes another one's place, by category."""
    before, after = _by_category(old), _by_category(new)
    rows = []
    for name in dict.fromkeys((*after, *before)):
        own, others = after.get(name, []), before.get(name, [])
        same = len({each.key for each in own} & {each.key for each in others})
        rows.append(SideBySide(name, _failed(others), _failed(own), same))
    return rows


def _by_category(baseline: Baseline | None) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in () if baseline is None else (*baseline.clean, *baseline.calls):
        found.setdefault(call.category, []).append(call)
    return found


def _failed(calls: Sequence[Call]) -> tuple[int, int]:
    return sum(each.failure for each in calls), len(calls)
