"""What a case's clean calls say: whether it may be degraded, and what its degraded answers are held to. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crumple.case import Entry
from crumple.normalise import holds_values
from crumple.outcome import Outcome
from crumple.result import Result, Work
from crumple.truth import ABSENT, Json, Truth, pointer

STAND_IN_CALLS = 3
"""How many clean answers of a case without truth must agree to stand in for it."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What the degraded answers of a case that passed clean are held to.

    Attributes:
        pass_mark: the score from which on they are right.
        known_wrong: fields that are wrong on the clean document already, where the mark is the clean score.
        stand_in: what the system's own clean answers agree on, for a case without truth.
        unstable: JSON pointers of the fields that were set aside because those answers differ in them.
    """

    pass_mark: float
    known_wrong: frozenset[str] = frozenset()
    stand_in: Truth = ABSENT
    unstable: tuple[str, ...] = ()

    def work(self, work: Work) -> Work:
        """The same work, held to this standard."""
        return replace(
            work,
            pass_mark=self.pass_mark,
            known_wrong=self.known_wrong,
            stand_in=self.stand_in,
            unstable=self.unstable,
        )


def clean_calls(entry: Entry, repeat: int = 1) -> int:
    """How many clean calls a case takes, where every call is made `repeat` times."""
    return repeat if entry.has_truth else max(repeat, STAND_IN_CALLS)


def by_case(entries: Iterable[Entry], results: Sequence[Result]) -> Iterator[tuple[Entry, Sequence[Result]]]:
    """Each case with its results.

    Args:
        entries: the cases.
        results: in their order; a million are not sorted into lists of their own.
    """
    begin = 0
    for entry in entries:
        end = begin
        while end < len(results) and results[end].work.case == entry.id:
            end += 1
        yield entry, results[begin:end]
        begin = end


def standard(results: Sequence[Result], pass_mark: float | None, slack: float = 0.0) -> Standard | None:
    """What a case is held to after its clean calls, or None where it failed them.

    Of several calls of a case with a truth more than half must be right: a system that fails now and then is measured
    on degraded documents too.

    Args:
        results: of the case's clean calls; each has the whole answer where there is no truth.
        pass_mark: the score from which on an answer is right; None: no worse than clean, less `slack`.
        slack: see `pass_mark`.
    """
    verdicts = [each.verdict for each in results if each.verdict is not None and each.verdict.outcome is Outcome.RIGHT]
    own = any(result.value is not ABSENT for result in results)
    if len(verdicts) < len(results) and (own or 2 * len(verdicts) <= len(results)):
        return None
    agreed = Agreement(ABSENT)
    if own:
        agreed = agreement([result.value for result in results])
        if not holds_values(agreed.stand_in):
            return None  # what says nothing cannot stand in for the right answer
    if pass_mark is not None:
        return Standard(pass_mark, stand_in=agreed.stand_in, unstable=agreed.unstable)
    score = min(verdict.score for verdict in verdicts) - slack
    if score <= 0:
        return None  # nothing would be worse than this
    wrong = frozenset(path for verdict in verdicts for path in verdict.wrong)
    return Standard(score, wrong, agreed.stand_in, agreed.unstable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several answers to one clean document agree on.

    Attributes:
        stand_in: the agreed answer, fields that differ left out; ABSENT where they agree on nothing.
        unstable: JSON pointers of the fields that differ.
    """

    stand_in: Truth
    unstable: tuple[str, ...] = ()


def agreement(answers: Sequence[Truth]) -> Agreement:
    """What all answers say alike; mappings are compared field by field, everything else as a whole."""
    first, *others = answers
    if all(_same(first, other) for other in others):
        return Agreement(first)
    if not all(isinstance(answer, Mapping) for answer in answers):
        return Agreement(ABSENT, ("",))
    mappings = [answer for answer in answers if isinstance(answer, Mapping)]
    keys = dict.fromkeys(key for answer in mappings for key in answer)
    agreed: dict[str, Json] = {}
    unstable: list[str] = []
    for key in keys:
        nested = agreement([answer.get(key, ABSENT) for answer in mappings])
        unstable.extend(pointer(key) + path for path in nested.unstable)
        if nested.stand_in is not ABSENT:
            agreed[key] = nested.stand_in
    return Agreement(agreed or ABSENT, tuple(unstable))


def _same(one: Truth, other: Truth) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
