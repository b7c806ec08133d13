"""The judge `text`: running text against running text, by characters, by words, or by words in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from crumple import normalise
from crumple.errors import CrumpleError
from crumple.judges.comparison import structured
from crumple.judges.edits import edits, numbered
from crumple.judges.options import check_flag
from crumple.normalise import holds_values, is_blank
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json, covers

_RATIO, _SPARE = 4, 1_000_000  # characters

Measure: TypeAlias = Literal["cer", "wer", "recall"]


@dataclass(frozen=True, slots=True)
class Text:
    """How much of a text is right, after `normalise.text`: white space, invisible characters and quotes do not count.

    Every measure is among the figures: `cer` and `wer`, the character and word error rate (edits divided by the
    truth's length; above 1 where the answer is much longer), and `recall`, the share of the truth's words that
    are in the answer, in any order. An answer without characters abstains.

    Short texts are compared exactly; from some 30,000 characters on `edits` says what is given up so that
    200,000 take a second. Of an answer, four times the truth's length and a million characters are read.

    Attributes:
        measure: which one is the score: 1 - cer (by default, for it alone sees every fault), 1 - wer, or recall,
            for systems that may read in another order, as OCR does on a crooked page; what was added or is out
            of order, recall does not see.
        ignore_case: take letters that differ by case only for the same.
    """

    measure: Measure = "cer"
    ignore_case: bool = False

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare an answer with the truth."""
        if isinstance(truth, AnyOf):
            judged = [self.judge(answer, option, lost) for option in truth.options]  # type: ignore[arg-type]
            return max(judged, key=lambda each: each.score)
        if not isinstance(truth, (str, int, float)) and truth is not None:
            raise CrumpleError(
                "the judge text compares texts, and the truth is a record or a list",
                where="[judge] kind",
                hint='Use kind = "fields" or "table", or write the truth as text: NAME.EXT.truth.txt.',
            )
        got = structured(answer, "")
        if isinstance(got, str):
            got = got[: _RATIO * len(truth if isinstance(truth, str) else normalise.text(truth)) + _SPARE]
        if is_blank(got) or not holds_values(got):
            nothing = is_blank(truth) or covers("", lost)
            return Judgement(1.0) if nothing else Judgement(0.0, abstained=("",), figures=_figures(1.0, 1.0, 0.0))
        if not isinstance(got, (str, int, float)):
            return Judgement(0.0, wrong=("",), figures=_figures(1.0, 1.0, 0.0))
        figures = self._measure(normalise.text(truth, ignore_case=self.ignore_case), got)
        score = figures["recall"] if self.measure == "recall" else max(0.0, 1.0 - figures[self.measure])
        return Judgement(score, wrong=() if score == 1 else ("",), figures=figures)

    def _measure(self, truth: str, got: Json) -> dict[str, float]:
        answer = normalise.text(got, ignore_case=self.ignore_case)
        if truth == answer:
            return _figures(0.0, 0.0, 1.0)
        if not truth:
            return _figures(1.0, 1.0, 0.0)
        expected, words = truth.split(), answer.split()
        found = sum((Counter(expected) & Counter(words)).values())
        return _figures(
            edits(truth, answer) / len(truth),
            edits(*numbered(expected, words)) / len(expected),
            found / len(expected),
        )


def text(*, measure: Measure = "cer", ignore_case: bool = False) -> Text:
    """Make the judge.

    Args:
        measure: "cer" (1 - character error rate), "wer" (1 - word error rate) or "recall" (words in any order).
        ignore_case: take letters that differ by case only for the same.

    Raises:
        CrumpleError: an option is not as it must be.
    """
    if measure not in get_args(Measure):
        raise CrumpleError(
            f"unknown measure {measure!r}", where="[judge] measure", got=str(measure), allowed=get_args(Measure)
        )
    check_flag("ignore_case", ignore_case)
    return Text(measure, ignore_case)


def _figures(cer: float, wer: float, recall: float) -> dict[str, float]:
    return {"cer": cer, "wer": wer, "recall": recall}
