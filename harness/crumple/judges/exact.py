"""The judge `exact`: equal as JSON, or byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from crumple.judges.comparison import Comparison
from crumple.judges.values import identical
from crumple.outcome import Judgement
from crumple.truth import ABSENT, Json


def _identical(_path: str, truth: Json, answer: Json) -> bool:
    return identical(truth, answer)


def _missing(value: object) -> bool:
    return value is None or value is ABSENT


_COMPARISON = Comparison(_identical, blank=_missing, closed=True)


@dataclass(frozen=True, slots=True)
class Exact:
    """All or nothing: 1 is 1.0 but not true, keys may stand in any order, and no key is left over."""

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Score 1 where the answer is the truth, else 0, with the fields that differ."""
        if isinstance(answer, (bytes, bytearray)):
            answer = _decoded(bytes(answer), truth)
        tally = _COMPARISON.compare(truth, answer, lost)
        right = not tally.wrong and not tally.abstained
        return Judgement(float(right), tuple(tally.wrong), tuple(tally.abstained))


def _decoded(answer: bytes, truth: Json) -> Json:
    # A truth holds text, so bytes are compared with its UTF-8; bytes that are no text equal none.
    try:
        return answer.decode()
    except UnicodeDecodeError:
        return answer.decode("utf-8", "surrogateescape")


def exact() -> Exact:
    """Make the judge; it has no options."""
    return Exact()
