"""Calls, baselines and what the engine tells of a night, made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crumple.nightly.baseline import Baseline, Call
from crumple.outcome import Outcome
from crumple.recipe import Recipe, Step

CASES = 10


def call(
    number: int,
    outcome: Outcome = Outcome.RIGHT,
    *,
    mutator: str = "text.a",
    fingerprint: str = "",
    case: str = "",
    **more: Any,
) -> Call:
    """One call; its number makes it another one. Without a mutator it is a clean one."""
    case = case or f"{number % CASES}.txt"
    steps = (Step(mutator, (("count", 2),), number),) if mutator else ()
    failure = outcome is not Outcome.RIGHT
    values: dict[str, Any] = {
        "level": 2.0 if mutator else 0.0,
        "digest": f"{number:032x}",
        "seconds": 0.25,
        "cost": 0.0012,
        "fingerprint": fingerprint or (str(outcome) if failure else ""),
    }
    values |= {"case": case, "recipe": Recipe(steps), "mutator": mutator, "outcome": outcome, "failure": failure}
    return Call(**(values | more))


def baseline(calls: Sequence[Call], clean: Sequence[Call] | None = None, **more: Any) -> Baseline:
    """A baseline of these calls, and of a clean one for each of ten cases where none are given."""
    cases = [f"{number}.txt" for number in range(CASES)]
    if clean is None:
        clean = [call(0, mutator="", case=each, digest=f"clean {each}") for each in cases]
    values: dict[str, Any] = {
        "run": "20261101-091502-11aa",
        "started": "2026-11-01T09:15:02Z",
        "set_on": "2026-11-02",
        "by": "M. Osei",
        "reason": "release 2.3",
        "config": "crumple.toml",
        "seed": 0,
        "system": "2.3",
        "corpus": "c0ffee",
        "versions": {"crumple": "0.1.0", "numpy": "2.4.5", "python": "3.11.9"},
        "machine": {"platform": "Linux", "cores": "4"},
        "settings": {"[judge] kind": "exact"},
        "mutators": {"text.a": "v1"},
        "cases": {each: f"digest of {each}" for each in cases},
    }
    return Baseline(clean=clean, calls=calls, **(values | more))
