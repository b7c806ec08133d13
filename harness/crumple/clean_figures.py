"""What the clean calls of a run came to, as its document has it. Pure."""

from __future__ import annotations

from typing import Any, Final

from crumple.buckets import example, has_failed
from crumple.counts import Count
from crumple.events import CleanEnded
from crumple.outcome import Outcome
from crumple.result import Result

LISTED: Final = 1000
"""How many cases that fail clean a document lists, and of how many it says what was set aside."""


def clean_document(clean: CleanEnded | None) -> dict[str, Any]:
    """The figures of the clean calls, and an example of each case that fails; of the first ones, where there are many.

    "cases" less "right" is how many there are.

    Args:
        clean: what came of them; None of a run that was interrupted before their end.
    """
    if clean is None:
        return {"cases": 0, "right": 0, "failed": [], "void": 0, "without_truth": 0, "stand_ins": 0, "unstable": {}}
    failed: dict[str, Result] = {}
    whole = Count()
    for result in clean.results:
        whole.add(result)
    void = {each.work.case for each in clean.results if each.verdict and each.verdict.outcome is Outcome.VOID}
    for result in clean.results:
        case = result.work.case
        if case in clean.passed or case in void:
            continue
        if has_failed(result) if case in failed else len(failed) < LISTED:
            failed[case] = result
    return {
        "cases": len(clean.population) - len(void),
        "right": len(clean.passed),
        "failed": [example(each) for each in failed.values()],
        "void": len(void),
        "without_truth": len(clean.without_truth),
        "stand_ins": sum(each.stand_in for each in clean.population),
        "unstable": {case: list(paths) for case, paths in sorted(clean.unstable.items())[:LISTED]},
        "figures": whole.document(None)["figures"],
    }
