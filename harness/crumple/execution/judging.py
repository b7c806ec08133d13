"""An answer to one degraded document held against the truth, and against what stands in the document."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

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
from crumple.views.format import views_of
from crumple.views.pages import Pages


def judged(
    reply: Reply,
    case: Case,
    degradation: Degradation,
    judge: Judge,
    policy: Policy,
    cache: ViewCache,
    before: Iterable[Degradation] = (),
) -> tuple[Verdict, Expectation]:
    """Judge a reply; where lost fields are wrong, once more with what stands in their places now (`as_it_stands`).

    Args:
        reply: how the call ended.
        case: the clean one, with its truth.
        degradation: what the system was given.
        judge: compares answers with truths.
        policy: what the team has agreed on.
        cache: of decoded clean documents.
        before: what the document was before the last steps: what stood there then stands there now, where these have
            only made it harder to see (packed it, written it in another encoding).

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
    last = first, expectation
    # On pages nobody can say what stands there, and drawing them once more would be dear.
    paged = Pages in views_of(case.document.media_type)
    for each in itertools.chain((degradation,), () if paged else before):
        now = as_it_stands(expectation, first.wrong, case, each, cache, answer=answer, whole=whole)
        if now is not expectation:
            found = verdict(reply, now, judge, policy)
            if found.outcome is not Outcome.WRONG:
                return found, now
            last = (found, now) if last[1] is expectation else last
    return last
