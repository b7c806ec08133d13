"""One piece of work from recipe to result, on both sides of the call: degrading before it, judging after it."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crumple import judges
from crumple.adapters import Adapter, Prepared, Request
from crumple.adapters.forms import NO_BYTES
from crumple.case import Case, Corpus
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.execution.excerpts import excerpt_of
from crumple.execution.spec import LaneSpec
from crumple.judges.verdict import Policy, verdict
from crumple.mutation.apply import degrade
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import of_modules
from crumple.outcome import Ending, Outcome, Reply, Verdict
from crumple.result import Result, Work
from crumple.truth import ABSENT, Json, Truth, tokens
from crumple.views.inputs import Inputs

_KEPT_BYTES = 128 << 20
_KEPT_FORMS = 200
_FRAMES = 8
_LONGEST_CAUSE = 300
_LONGEST_DETAIL = 4000


@dataclass(frozen=True, slots=True)
class Attempt:
    """Work whose document is ready to be sent."""

    work: Work
    degradation: Degradation
    prepared: Prepared


class CaseShelf:
    """The cases used last: a plan visits them at random, and loading one may mean drawing its pages."""

    def __init__(self, corpus: Corpus) -> None:
        """Load from this corpus, and keep up to 128 MiB of documents."""
        self._corpus = corpus
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._bytes = 0

    def get(self, case_id: str) -> Case:
        """The case.

        Raises:
            CrumpleError: it cannot be loaded.
        """
        case = self._cases.get(case_id)
        if case is not None:
            self._cases.move_to_end(case_id)
            return case
        case = self._corpus.load(case_id)
        self._cases[case_id] = case
        self._bytes += _size(case)
        while self._bytes > _KEPT_BYTES and len(self._cases) > 1:
            self._bytes -= _size(self._cases.popitem(last=False)[1])
        return case


def _size(case: Case) -> int:
    return len(case.document.data) + sum(len(part.data) for part in case.parts)


class Calls:
    """Prepares requests and turns replies into results; what goes wrong here is void, and never ends the lane."""

    def __init__(self, spec: LaneSpec, adapter: Adapter) -> None:
        """Load the judge and the mutators.

        Raises:
            CrumpleError: one of them cannot be.
        """
        self._adapter = adapter
        self._cases = CaseShelf(spec.corpus)
        self._views = ViewCache()
        self._judge = judges.load(spec.judge, spec.root, spec.judge_options)
        self._abstain = spec.abstain
        self._clean_forms: OrderedDict[str, bytes | None] = OrderedDict()
        mutators = of_modules(spec.mutators, spec.root)
        for name, level in spec.refusable.items():
            if name in mutators:
                mutators[name] = replace(mutators[name], refusable_from=level)
        self._mutators: Mapping[str, Mutator] = mutators

    def prepare(self, work: Work) -> Attempt | Result:
        """The degraded document in the system's form, or the result where there is nothing to send."""
        try:
            case = self._cases.get(work.case)
            if case.truth is ABSENT and work.stand_in is not ABSENT:
                case = replace(case, truth=work.stand_in)
            self._check_seen(work)
            degradation = degrade(case, work.recipe, self._mutators, self._views)
            prepared = self._adapter.prepare(Request(degradation.document, degradation.inputs, degradation.parts))
            beside = degradation.parts, degradation.inputs
            if prepared.form is not None and work.recipe.steps and beside == (case.parts, case.inputs):
                self._check_form(case, prepared)
        except NotApplicable as reason:
            return Result(work, None, skipped=str(reason))
        except BaseException as error:  # noqa: BLE001 - somebody's mutator or corpus may raise anything
            return _void(work, error)
        return Attempt(work, degradation, prepared)

    def _check_seen(self, work: Work) -> None:
        """Reject steps whose damage the system's form of input would hide."""
        for step in work.recipe.steps:
            view = self._mutators[step.mutator].view if step.mutator in self._mutators and not step.part else None
            if view is not None and view is not Inputs and not self._adapter.sees(view):
                words = "bytes" if view in (bytes, Document) else f"a {view.__name__.lower()}"
                raise NotApplicable(NO_BYTES if words == "bytes" else f"the system never sees {words}")

    def _check_form(self, case: Case, prepared: Prepared) -> None:
        """Reject a document that looks to the system as the clean one does."""
        if case.id not in self._clean_forms:
            try:
                self._clean_forms[case.id] = self._adapter.prepare(Request(case.document, case.inputs)).form
            except NotApplicable:
                self._clean_forms[case.id] = None
            if len(self._clean_forms) > _KEPT_FORMS:
                self._clean_forms.popitem(last=False)
        if self._clean_forms[case.id] == prepared.form:
            raise NotApplicable("the system would see the clean document")

    def conclude(self, attempt: Attempt, reply: Reply) -> Result:
        """The result for a reply."""
        work, expectation = attempt.work, attempt.degradation.expectation
        value: Truth = ABSENT
        expected = answer = ""
        try:
            if expectation.truth is ABSENT and reply.ending is Ending.ANSWERED:
                # Nobody has said what is right: the answer goes back whole, and others like it are to confirm it.
                judged, value = Verdict(Outcome.RIGHT, failure=False, score=1.0), _as_json(reply.answer)
            else:
                policy = Policy(work.pass_mark, self._abstain, work.known_wrong)
                steady = _without(reply, work.unstable) if work.unstable else reply
                judged = verdict(steady, expectation, self._judge, policy)
            if judged.failure:
                wrong = judged.wrong
                expected = excerpt_of(expectation.truth, wrong, expectation.lost)
                answer = excerpt_of(reply.answer, wrong) if reply.ending is Ending.ANSWERED else ""
            digest = attempt.degradation.document.digest
        except BaseException as error:  # noqa: BLE001 - somebody's judge may raise anything
            return _void(work, error)
        return Result(
            work=work,
            verdict=judged,
            cause=reply.cause,
            detail=reply.detail,
            expected=expected,
            answer=answer,
            seconds=reply.seconds,
            digest=digest,
            value=value,
        )


def _without(reply: Reply, unstable: Sequence[str]) -> Reply:
    """The reply without the fields that clean answers differ in, and without objects that held nothing else."""
    answer = reply.answer
    if reply.ending is not Ending.ANSWERED or not isinstance(answer, Mapping):
        return reply
    for path in unstable:
        answer = _less(answer, tokens(path))
    return replace(reply, answer=answer)


def _less(value: Mapping[str, Json], names: Sequence[str]) -> Mapping[str, Json]:
    """A copy without one field; the value itself where it has none of that name."""
    name, *deeper = names or ("",)
    if name not in value:
        return value
    inner = value[name]
    if deeper:
        if not isinstance(inner, Mapping):
            return value
        less = _less(inner, deeper)
        if less is inner or less:
            return {**value, name: less}
    return {key: each for key, each in value.items() if key != name}


def _as_json(answer: Json | bytes) -> Json:
    return answer.decode("utf-8", "surrogateescape") if isinstance(answer, bytes) else answer


def _void(work: Work, error: BaseException) -> Result:
    """Crumple's own fault, or that of a mutator, judge or corpus."""
    if isinstance(error, CrumpleError):
        cause, detail = str(error), ""
    else:
        cause = " ".join(f"{type(error).__name__}: {_said(error)}".split())
        detail = "".join(traceback.format_exception(error, limit=-_FRAMES))[-_LONGEST_DETAIL:]
    return Result(work, Verdict(Outcome.VOID, failure=False), cause=cause[:_LONGEST_CAUSE], detail=detail)


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - its own str() may be what is broken
        return "(its str() raises)"
