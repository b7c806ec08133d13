"""One piece of work from recipe to result, on both sides of the call: degrading before it, judging after it."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crumple import judges
from crumple.adapters import Prepared, Preparing, Request
from crumple.adapters.forms import NO_BYTES
from crumple.case import Case, Corpus
from crumple.dependency.front import NONE_CONFIGURED
from crumple.document import Document
from crumple.errors import CrumpleError, DeniedError, NotApplicable, in_words
from crumple.execution.excerpts import excerpt_of
from crumple.execution.judging import judged
from crumple.execution.looks import Looks
from crumple.execution.money import Money
from crumple.execution.spec import LaneSpec
from crumple.judges.schema import Schema
from crumple.judges.verdict import Policy
from crumple.kept import keep
from crumple.mutation.apply import degrade, fitted, half_done
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import InModules
from crumple.outcome import VALID, Ending, Outcome, Reply, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.truth import ABSENT, Expectation, Json, Truth, tokens
from crumple.views.dependency import Dependency
from crumple.views.inputs import Inputs

_KEPT_BYTES = 128 << 20
_KEPT_FORMS = 200
_FRAMES = 8
_LONGEST_CAUSE = 300
_LONGEST_DETAIL = 4000
_MOST_NAMED = 3


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

    def __init__(self, spec: LaneSpec, adapter: Preparing) -> None:
        """Load the judge and the user's own mutators.

        Raises:
            CrumpleError: one of them cannot be loaded.
        """
        self._adapter = adapter
        self._sees = spec.system.sees
        self._has_dependency = spec.dependency is not None
        self._money = Money(spec.cost, spec.root)
        self._answered = ""
        self._discretion, self._documents = spec.discretion, spec.documents
        self._cases = CaseShelf(spec.corpus)
        self._views = ViewCache()
        self._judge = judges.load(spec.judge, spec.root, spec.judge_options)
        self._schema = Schema(spec.json_schema) if spec.json_schema else None
        self._abstain = spec.abstain
        self._clean_forms: OrderedDict[str, bytes | None] = OrderedDict()
        self._mutators: Mapping[str, Mutator] = InModules(spec.mutators, spec.root, spec.refusable)

    def prepare(self, work: Work) -> Attempt | Result:
        """The degraded document in the system's form, or the result where there is nothing to send.

        Raises:
            DeniedError: the corpus can be read no more, and what is void for that is void without end.
        """
        truth: Truth = ABSENT
        try:
            case = self._cases.get(work.case)
            truth = case.truth
            if case.truth is ABSENT and work.stand_in is not ABSENT:
                case = replace(case, truth=work.stand_in)
            if work.fitting:
                work, degradation = self._fitted(work, case)
            else:
                self._check_seen(work.recipe.steps)
                degradation = degrade(case, work.recipe, self._mutators, self._views, counts=work.counts)
            request = Request(degradation.document, degradation.inputs, degradation.parts, work.key, degradation.faults)
            prepared = self._adapter.prepare(request)
            beside = degradation.parts, degradation.inputs
            damages = any(self._mutators[step.mutator].view is not Dependency for step in work.recipe.steps)
            if prepared.form is not None and damages and beside == (case.parts, case.inputs):
                self._check_form(case, prepared)
        except NotApplicable as reason:
            return self._discretion.discreet(Result(work, None, skipped=str(reason)), truth)
        except DeniedError:
            raise
        except BaseException as error:  # noqa: BLE001 - somebody's mutator or corpus may raise anything
            return self._void(work, error, truth)
        return Attempt(work, degradation, prepared)

    def _fitted(self, work: Work, case: Case) -> tuple[Work, Degradation]:
        """The same with the steps of its recipe that can act and that the system sees, and what they make."""
        seen = tuple(step for step in work.recipe.steps if not self._unseen(step))
        try:
            looks = Looks(self._adapter)
            recipe, degradation = fitted(
                case, Recipe(seen), self._mutators, self._views, counts=work.counts, alike=looks.alike
            )
        except NotApplicable as why:
            unseen = dict.fromkeys(filter(None, map(self._unseen, work.recipe.steps)))
            raise NotApplicable("; ".join((*unseen, *([str(why)] if seen or not unseen else ())))) from None
        return replace(work, recipe=recipe), degradation

    def _check_seen(self, steps: Sequence[Step]) -> None:
        """Reject steps that the system would see nothing of."""
        if unseen := list(dict.fromkeys(filter(None, map(self._unseen, steps)))):
            raise NotApplicable("; ".join(unseen))

    def _unseen(self, step: Step) -> str:
        """Why the system would see nothing of a step: its form of input would hide it; "" where it may see it."""
        view = self._mutators[step.mutator].view if step.mutator in self._mutators else None
        if view is Dependency:
            return "" if self._has_dependency else NONE_CONFIGURED
        if view is None or view is Inputs or step.part or self._sees(view):
            return ""
        return NO_BYTES if view in (bytes, Document) else f"the system never sees a {view.__name__.lower()}"

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

    def control(self, work: Work) -> Attempt | None:
        """A call with a clean document that has been answered before: the case's own, or for a clean call another's.

        None where there is no such document.
        """
        case = work.case if work.recipe.steps else self._answered
        if not case or (case == work.case and not work.recipe.steps):
            return None
        attempt = self.prepare(Work(work.id, case))
        return None if isinstance(attempt, Result) else attempt

    def together(self, reply: Reply, other: Reply) -> Reply:
        """A reply with what another one has cost added to it."""
        cost = self._money.told(reply) + self._money.told(other)
        return replace(reply, cost=cost, attempts=reply.attempts + other.attempts)

    def _untested(self, work: Work, reply: Reply) -> Result:
        """A skip of a call that was made all the same, and has cost what it has cost."""
        try:
            cost = self._money.of(reply)
        except CrumpleError as error:
            return self._void(work, error, attempts=reply.attempts)
        result = Result(work, None, skipped=reply.no_test, seconds=reply.seconds, cost=cost, attempts=reply.attempts)
        return self._discretion.discreet(result)

    def conclude(self, attempt: Attempt, reply: Reply) -> Result:
        """The result for a reply."""
        work, expectation = attempt.work, attempt.degradation.expectation
        if reply.no_test:
            return self._untested(work, reply)
        expected = answer = ""
        try:
            found, expectation, value = self._judged(attempt, reply)
            if reply.excuse and (found.outcome is not Outcome.RIGHT or value is not ABSENT):
                found, value = Verdict(Outcome.VOID, failure=False), ABSENT
                reply = replace(reply, cause=reply.excuse, detail=_instead(reply))
            if found.failure:
                expected, answer = self._excerpts(found, expectation, reply)
            if not work.recipe.steps and reply.ending is Ending.ANSWERED:
                self._answered = work.case
            faults = self._faults(found, reply)
            if faults and not found.failure:  # it may be right, and a limit on valid answers wants to be understood
                answer = excerpt_of(self._discretion.answer(reply.answer), faults)
                reply = replace(reply, cause=f"the answer does not keep to the JSON schema: {_named(faults)}")
            kept = {} if faults is None else {VALID: float(not faults)}
            if further := {**kept, **reply.figures}:
                found = replace(found, figures={**found.figures, **further})
            digest = attempt.degradation.document.digest
            cost = self._money.of(reply)
            if self._documents is not None and self._discretion.keeps(failed=found.failure):
                keep(self._documents, attempt.degradation.document)
        except DeniedError:
            raise
        except BaseException as error:  # noqa: BLE001 - somebody's judge may raise anything
            return self._void(work, error, expectation.truth, cost=self._money.told(reply), attempts=reply.attempts)
        result = Result(
            work=work,
            verdict=found,
            cause=reply.cause,
            detail=reply.detail,
            expected=expected,
            answer=answer,
            seconds=reply.seconds,
            digest=digest,
            value=value,
            cost=cost,
            attempts=reply.attempts,
            changes=attempt.degradation.changes,
        )
        return self._discretion.discreet(result, expectation.truth)

    def _faults(self, judged: Verdict, reply: Reply) -> Sequence[str] | None:
        """Where the whole answer does not keep to the schema; None where there is no answer, or no schema."""
        if self._schema is None or reply.ending is not Ending.ANSWERED or judged.outcome is Outcome.VOID:
            return None
        return self._schema.faults(reply.answer)

    def _judged(self, attempt: Attempt, reply: Reply) -> tuple[Verdict, Expectation, Truth]:
        """The verdict, what it was held against, and the whole answer where it may come to stand in for a truth."""
        work, expectation = attempt.work, attempt.degradation.expectation
        if expectation.truth is ABSENT and reply.ending is Ending.ANSWERED and judges.by_truth(self._judge):
            # Nobody has said what is right: the answer goes back whole, and others like it are to confirm it.
            return Verdict(Outcome.RIGHT, failure=False, score=1.0), expectation, _as_json(reply.answer)
        policy = Policy(work.pass_mark, self._abstain, work.known_wrong)
        steady = _without(reply, work.unstable) if work.unstable else reply
        case = self._case(work)
        before = half_done(case, work.recipe, self._mutators, self._views)
        found, against = judged(steady, case, attempt.degradation, self._judge, policy, self._views, before)
        return found, against, ABSENT

    def _case(self, work: Work) -> Case:
        """The clean case of a call, with what stands in for its truth where it has none."""
        case = self._cases.get(work.case)
        return replace(case, truth=work.stand_in) if case.truth is ABSENT and work.stand_in is not ABSENT else case

    def _excerpts(self, judged: Verdict, expectation: Expectation, reply: Reply) -> tuple[str, str]:
        """Of a failure, what was expected and what was answered, as far as they may be shown."""
        expected = excerpt_of(self._discretion.truth(expectation.truth), judged.wrong, expectation.lost)
        told = reply.ending in {Ending.ANSWERED, Ending.PARTIAL}
        return expected, excerpt_of(self._discretion.answer(reply.answer), judged.wrong) if told else ""

    def _void(
        self, work: Work, error: BaseException, truth: Truth = ABSENT, *, cost: float = 0.0, attempts: int = 0
    ) -> Result:
        return self._discretion.discreet(replace(_void(work, error), cost=cost, attempts=attempts), truth)


def _named(paths: Sequence[str]) -> str:
    """The first of some JSON pointers, in words."""
    more = len(paths) - _MOST_NAMED
    shown = [path or "as a whole" for path in paths[:_MOST_NAMED]]
    return ", ".join([*shown, f"and {more} more"] if more > 0 else shown)


def _instead(reply: Reply) -> str:
    """What became of a call that something else is to blame for, for a person."""
    return "\n".join(filter(None, (f"the call ended as {reply.ending}: {reply.cause}".rstrip(": "), reply.detail)))


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
        cause = in_words(error)
        detail = "".join(traceback.format_exception(error, limit=-_FRAMES))[-_LONGEST_DETAIL:]
    return Result(work, Verdict(Outcome.VOID, failure=False), cause=cause[:_LONGEST_CAUSE], detail=detail)
