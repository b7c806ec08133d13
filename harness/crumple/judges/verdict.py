"""From a reply to a verdict: the outcome of one call, and whether it is a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from crumple.errors import CrumpleError
from crumple.judges import Judge, LabelJudge, by_truth
from crumple.judges.fingerprint import fingerprint
from crumple.judges.options import general
from crumple.normalise import holds_values
from crumple.outcome import Ending, Judgement, Outcome, Reply, Verdict
from crumple.truth import ABSENT, AnyOf, Expectation, Json, Truth, covers, leaves

# A pass mark worked out from a clean score less a slack may be off in its last digits.
_ROUNDING = 1e-9
_MOST_POINTERS = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """What the team has agreed on.

    Attributes:
        pass_mark: the score from which on an answer is right.
        abstain: what an answer is that leaves fields out and gets none wrong.
        known: fields that were wrong in the case's clean answer already, where `pass = "clean"`: below the
            pass mark they do not make an abstaining answer a wrong one, for they are not what is new.
    """

    pass_mark: float = 1.0
    abstain: Literal["refused", "wrong"] = "refused"
    known: frozenset[str] = frozenset()


def verdict(reply: Reply, expectation: Expectation, judge: Judge, policy: Policy) -> Verdict:
    """Judge how one call ended.

    - An answer at or above the pass mark is right, whatever single fields are wrong.
    - Below it, one that only leaves fields out is refused (or wrong, by the policy), any other is wrong:
      a pass mark below 1 forgives a wrong value in a good answer, and never turns a bad one into a refusal.
    - A refusal is a failure, unless it is acceptable here or everything is lost; where everything is lost an
      answer without values is right.
    - A refusal or crash that has left values behind is wrong, wherever refusing is acceptable.
    - Void is never a failure.
    - Of a classification, a call that brought no answer counts as the answer "" in the table of labels.

    Raises:
        CrumpleError: there is an answer and no truth to judge it by, or the judge does not work.
    """
    if reply.ending is Ending.VOID:
        return Verdict(Outcome.VOID, failure=False)
    if reply.ending is not Ending.ANSWERED:
        return replace(_unanswered(reply, expectation), labels=_no_label(expectation, judge))
    if expectation.truth is ABSENT and by_truth(judge):
        raise CrumpleError(
            "there is no right answer to judge by", where="truth", hint="Put NAME.truth.json beside the document."
        )
    if _all_lost(expectation) and not holds_values(reply.answer):
        return Verdict(Outcome.RIGHT, failure=False, score=1.0, labels=_no_label(expectation, judge))
    options: Iterable[Any] = _options(expectation.truth) if by_truth(judge) else (ABSENT,)
    # The best option is the one with the best outcome: a wrong answer to one may abstain from another.
    verdicts = [
        _judged(reply.answer, option, _judgement(judge, reply.answer, option, expectation.lost), expectation, policy)
        for option in options
    ]
    order = (Outcome.WRONG, Outcome.REFUSED, Outcome.RIGHT)
    return max(verdicts, key=lambda each: (order.index(each.outcome), each.score))


def _unanswered(reply: Reply, expectation: Expectation) -> Verdict:
    how = reply.kind or reply.cause
    if reply.ending is Ending.REFUSED:
        return _refused(expectation, how)
    if reply.ending is Ending.PARTIAL:
        # Nobody looks for values where an import has failed, so that they are as silent as a wrong answer.
        return Verdict(Outcome.WRONG, failure=True, wrong=("",), fingerprint=f"{Outcome.WRONG} {how}")
    outcome = Outcome(reply.ending.value)
    return Verdict(outcome, failure=True, fingerprint=f"{outcome} {how}".strip())


def _no_label(expectation: Expectation, judge: Judge) -> tuple[str, str] | None:
    if expectation.truth is ABSENT or not isinstance(judge, LabelJudge):
        return None
    return judge.right_label(expectation.truth), ""


def _options(truth: Truth) -> Iterator[Json]:
    if isinstance(truth, AnyOf):
        for option in truth.options:
            yield from _options(option)  # type: ignore[arg-type]  # edits are carried out by now
    elif truth is not ABSENT:
        yield truth


def _judgement(judge: Judge, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
    try:
        return judge.judge(answer, truth, lost)
    except RecursionError:  # an answer nested deeper than can be walked is no truth's
        return Judgement(0.0, wrong=("",))


def _judged(
    answer: Json | bytes, truth: Json, judgement: Judgement, expectation: Expectation, policy: Policy
) -> Verdict:
    wrong, abstained = _few(judgement.wrong), _few(judgement.abstained)
    if judgement.score >= policy.pass_mark - _ROUNDING:
        return _with_measures(Verdict(Outcome.RIGHT, False, judgement.score, wrong, abstained), judgement)
    news = [path for path in judgement.wrong if path not in policy.known]
    if judgement.abstained and not news and policy.abstain == "refused":
        fields = ", ".join(sorted({general(path) or "answer" for path in judgement.abstained}))
        return _with_measures(_refused(expectation, f"no {fields}", judgement.score, wrong, abstained), judgement)
    mark = fingerprint(answer, truth, tuple(news) or judgement.wrong, judgement.abstained)
    return _with_measures(Verdict(Outcome.WRONG, True, judgement.score, wrong, abstained, mark), judgement)


def _with_measures(verdict: Verdict, judgement: Judgement) -> Verdict:
    if not judgement.figures and judgement.labels is None:
        return verdict
    return replace(verdict, figures=judgement.figures, labels=judgement.labels)


def _refused(
    expectation: Expectation,
    how: str,
    score: float = 0.0,
    wrong: tuple[str, ...] = (),
    abstained: tuple[str, ...] = (),
) -> Verdict:
    failure = not (expectation.refusable or _all_lost(expectation))
    mark = f"{Outcome.REFUSED} {how}".strip() if failure else ""
    return Verdict(Outcome.REFUSED, failure, score, wrong, abstained, mark)


def _all_lost(expectation: Expectation) -> bool:
    """Whether nothing that the truth holds can be read any more, said in one word or field by field."""
    lost = expectation.lost
    if "" in lost or not lost or expectation.truth is ABSENT:
        return "" in lost
    held = [path for option in _options(expectation.truth) for path, value in leaves(option) if value is not None]
    return bool(held) and all(covers(path, lost) for path in held)


def _few(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Pointers as they travel: past a hundred, without their list indices."""
    return paths if len(paths) <= _MOST_POINTERS else tuple(dict.fromkeys(general(path) for path in paths))
