"""What the clean calls of a run came to, as its document has it. Pure."""

from __future__ import annotations

from typing import Any

from crumple.buckets import example, has_failed
from crumple.counts import Count
from crumple.events import CleanEnded
from crumple.outcome import Outcome


def clean_document(clean: CleanEnded | None) -> dict[str, Any]:
    """The figures of the clean calls, and an example of each case that fails.

    Args:
        clean: what came of them; None of a run that was interrupted before their end.
    """
    if clean is None:
        return {"cases": 0, "right": 0, "failed": [], "void": 0, "without_truth": 0, "stand_ins": 0, "unstable": {}}
    failed: dict[str, dict[str, Any]] = {}
    whole = Count()
    for result in clean.results:
        whole.add(result)
    void = {each.work.case for each in clean.results if each.verdict and each.verdict.outcome is Outcome.VOID}
    for result in clean.results:
        case = result.work.case
        if case not in clean.passed and case not in void and (case not in failed or has_failed(result)):
            failed[case] = example(result)
    return {
        "cases": len(clean.population) - len(void),
        "right": len(clean.passed),
        "failed": list(failed.values()),
        "void": len(void),
        "without_truth": len(clean.without_truth),
        "stand_ins": sum(each.stand_in for each in clean.population),
        "unstable": {case: list(paths) for case, paths in sorted(clean.unstable.items())},
        "figures": whole.document(None)["figures"],
    }
