"""Whether two single values are the same one, each in whatever notation it was written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeGuard

from crumple import normalise
from crumple.truth import Json

EXACT = Decimal(0)
# Sums of floats differ in their last digits (0.1 + 0.2); no notation, and no reading error, does so little.
_FLOAT_NOISE = Decimal("1e-14")


def is_list(value: object) -> TypeGuard[Sequence[Json]]:
    """Whether a value is a list as JSON has them; text and bytes are none."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def identical(truth: Json, answer: Json) -> bool:
    """Whether two scalars are equal as JSON: 1 is 1.0, and not true; no other notation is tolerated."""
    if isinstance(truth, bool) or isinstance(answer, bool):
        return truth is answer
    both_nan = isinstance(truth, float) and isinstance(answer, float) and math.isnan(truth) and math.isnan(answer)
    return both_nan or truth == answer


def same(truth: Json, answer: Json, *, ignore_case: bool = False, tolerance: Decimal = EXACT) -> bool:
    """Whether two scalars are the same value, told by the truth's kind.

    Text agrees after `normalise.text`. Numbers and dates agree in every notation that leaves no doubt; what
    machines write ("1.234") is read as machines read it, and what people write in two ways ("1,234",
    "05/03/2024") agrees only with what has the same two readings. Amounts that both name a currency must
    name the same. A number is never the same as text with a leading zero: "007" is a name.

    Args:
        truth: the right value.
        answer: the system's.
        ignore_case: take letters that differ by case only for the same.
        tolerance: by how much numbers may differ.
    """
    if isinstance(truth, bool) or isinstance(answer, bool):
        return _truth_value(truth) is not None and _truth_value(truth) is _truth_value(answer)
    if normalise.text(truth, ignore_case=ignore_case) == normalise.text(answer, ignore_case=ignore_case):
        return True
    expected, got = normalise.quantity(truth), normalise.quantity(answer)
    if expected and got:
        return _same_quantity(expected, got, tolerance) or _same_date(truth, answer)
    return _same_date(truth, answer)


def _truth_value(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(normalise.text(value, ignore_case=True))


def _same_quantity(expected: normalise.Quantity, got: normalise.Quantity, tolerance: Decimal) -> bool:
    if expected.unit and got.unit and not expected.unit & got.unit:
        return False
    if expected.value is None or got.value is None:
        return expected.readings == got.readings
    one, other = expected.value, got.value
    if one == other:
        return True
    difference = abs(one - other)
    fractions = one % 1 != 0 or other % 1 != 0 if max(abs(one), abs(other)) < Decimal(10) ** 15 else False
    return difference <= tolerance or (fractions and difference <= _FLOAT_NOISE * abs(one))


def _same_date(truth: Json, answer: Json) -> bool:
    expected = normalise.dates(truth)
    if expected:
        return expected == normalise.dates(answer)
    moment = _moment(truth)
    return moment is not None and moment == _moment(answer)


def _moment(value: Json) -> datetime | None:
    if not isinstance(value, str) or ":" not in value or len(value) > 40:
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
