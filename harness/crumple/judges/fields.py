"""The judge `fields`: a nested answer against a nested truth, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crumple.errors import CrumpleError
from crumple.judges.comparison import Comparison, structured
from crumple.judges.options import POINTERS, Tolerances, check_flag, general, pattern, within
from crumple.judges.values import is_list, same
from crumple.outcome import Judgement
from crumple.truth import Json, leaves, tokens


@dataclass(frozen=True, slots=True)
class Fields:
    """Each field of the truth by its kind, in whatever notation leaves no doubt; see `values.same`.

    - The score is the share of right fields. Keys that the truth does not have do not count.
    - A field that is missing, null, NaN or empty text is abstained. Where the truth is null, a value is wrong.
    - Case counts: "ab3" is not the number on the page if that is "AB3". `ignore_case` says otherwise.
    - Lists are compared by position. Where one has lost or gained items the list is wrong, under one pointer,
      and the score is that of the items that can be paired. An empty list for a full one is such a list,
      unless the answer holds no value at all: then it abstains from everything.
    - Text or bytes that are JSON are read as JSON.

    Attributes:
        fields: tokens of the pointers that count; all, where there are none.
        tolerances: by how much numbers may differ.
        ignore_case: take letters that differ by case only for the same.
    """

    fields: tuple[tuple[str, ...], ...] = ()
    tolerances: Tolerances = field(default_factory=Tolerances)
    ignore_case: bool = False
    _comparison: Comparison = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        comparison = Comparison(self._same, self._counts) if self.fields else Comparison(self._same)
        object.__setattr__(self, "_comparison", comparison)

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare an answer with the truth.

        Raises:
            CrumpleError: none of the fields that are to count is in the truth.
        """
        tally = self._comparison.compare(truth, structured(answer, truth), lost)
        if not tally.counted and self.fields:
            known = sorted({general(path) for path, _ in leaves(truth)})
            asked = "/" + "/".join(self.fields[0])
            raise CrumpleError(
                f"the truth has none of the fields that count ({asked}, ...)",
                where="[judge] fields",
                got=asked,
                allowed=known,
                hint=POINTERS,
            )
        return tally.judgement()

    def _counts(self, path: str) -> bool:
        here = tokens(path)
        return any(within(here, each) for each in self.fields)

    def _same(self, path: str, truth: Json, answer: Json) -> bool:
        return same(truth, answer, ignore_case=self.ignore_case, tolerance=self.tolerances.at(path))


def fields(
    *,
    fields: Sequence[str] = (),
    tolerance: float | Mapping[str, float] = 0,
    ignore_case: bool = False,
) -> Fields:
    """Make the judge.

    Args:
        fields: JSON pointers of the fields that count, with all below them; * stands for every item of a list.
            By default all that are in the truth.
        tolerance: by how much numbers may differ; for all, or by pointer: {"/lines/*/amount": 0.01}.
        ignore_case: take letters that differ by case only for the same.

    Raises:
        CrumpleError: an option is not as it must be.
    """
    if not is_list(fields) or not all(isinstance(each, str) for each in fields):
        raise CrumpleError("fields is a list of JSON pointers", where="[judge] fields", hint=POINTERS)
    check_flag("ignore_case", ignore_case)
    return Fields(tuple(pattern(each, "fields") for each in fields), Tolerances.of(tolerance), ignore_case)
