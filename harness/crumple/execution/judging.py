"""An answer to one degraded document held against the truth, and against what stands in the document."""

from __future__ import annotations

from crumple.case import Case
from crumple.judges import Judge, by_truth
from crumple.judges.comparison import structured
from crumple.judges.function import Function
from crumple.judges.verdict import Policy, verdict
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.standing import as_it_stands
from crumple.outcome import Ending, Outcome, Reply, Verdict
from crumple.truth import ABSENT, Expectation


def judged(
    reply: Reply, case: Case, degradation: Degradation, judge: Judge, policy: Policy, cache: ViewCache
) -> tuple[Verdict, Expectation]:
    """Judge a reply; where lost fields are wrong, once more with what stands in their places now (`as_it_stands`).

    Args:
        reply: how the call ended.
        case: the clean one, with its truth.
        degradation: what the system was given.
        judge: compares answers with truths.
        policy: what the team has agreed on.
        cache: of decoded clean documents.

    Returns:
        The verdict, and what the answer was held against.

    Raises:
        CrumpleError: as `verdict`.
    """
    expectation = degradation.expectation
    first = verdict(reply, expectation, judge, policy)
    if first.outcome is not Outcome.WRONG or not expectation.lost or reply.ending is not Ending.ANSWERED:
        return first, expectation
    if expectation.truth is ABSENT or not by_truth(judge):
        return first, expectation
    # A judge of one's own may never have met `AnyOf` within an answer.
    whole, answer = isinstance(judge, Function), structured(reply.answer, expectation.truth)
    now = as_it_stands(expectation, first.wrong, case, degradation, cache, answer=answer, whole=whole)
    return (first, expectation) if now is expectation else (verdict(reply, now, judge, policy), now)
