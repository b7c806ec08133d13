"""Answers in the wrong box, two in one, and answers with more around them than was asked for."""

from __future__ import annotations

import itertools
import json
import math
import re
from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import (
    APPLICATION,
    SHARE,
    entered,
    filled,
    fitting,
    is_number,
    is_text,
    name_of,
    pointers,
)
from crumple_mutators.form.slips import slip
from crumple_mutators.selection import portion

_NOTES: Final = re.compile(r"note|comment|remark|message|memo|description|reason|info", re.IGNORECASE)
_MONEY: Final = re.compile(r"amount|price|total|cost|sum|fee|salary|income|rent|net|gross|tax", re.IGNORECASE)
_MEASURES: Final = (
    (re.compile(r"weight|mass", re.IGNORECASE), ("kg", "kgs", "kilos")),
    (re.compile(r"length|height|width|distance|size", re.IGNORECASE), ("cm", "cms", "centimetres")),
    (re.compile(r"month|term", re.IGNORECASE), ("months", "mths", "month(s)")),
    (re.compile(r"age|year", re.IGNORECASE), ("years", "yrs", "y.")),
    (_MONEY, ("EUR", "€", "euros")),
)
_COUNTS: Final = ("pcs", "units", "in all")
_AMOUNT: Final = re.compile(
    r"[0-9]{1,3}(?:[., '\u00a0\u202f][0-9]{3})*(?:[.,][0-9]{1,2})?|[0-9]{1,9}(?:[.,][0-9]{1,2})?", re.ASCII
)
_RANGES: Final = ("{low}-{high}", "{low} to {high}", "max. {high}", "ca. {high}", "between {low} and {high}", "{low}+")
_CURRENCY: Final = re.compile(r"currency|währung|devise|moneda", re.IGNORECASE)
_CODE: Final = 3
_NO_NUMBER: Final = "no field holds a number"


@mutator("form.wrong_field", truth="lost", share=SHARE, examples=[APPLICATION])
def wrong_field(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Swap the values of neighbouring fields, as people do who fill a form in line by line without reading on.

    Which value belongs where is lost for both. Ladder: the catalogue's, two fields at a time.
    """
    fields = filled(record, lambda value: True, "no field is filled")
    paths = list(fields)
    pairs: list[tuple[str, str]] = []
    for one, other in itertools.pairwise(paths):
        taken = bool(pairs) and pairs[-1][1] == one
        differ = json.dumps(fields[one]) != json.dumps(fields[other])
        if not taken and differ and len(fitting(record, {one: fields[other], other: fields[one]})) == 2:
            pairs.append((one, other))
    if not pairs:
        raise NotApplicable("no two neighbouring fields hold different values")
    order = rng.permutation(len(pairs)).tolist()[: portion(share, len(pairs))]
    values: dict[str, Any] = {}
    for one, other in (pairs[each] for each in order):
        values |= {one: fields[other], other: fields[one]}
    return Degraded(record.set(values), lost=pointers(list(values)))


@mutator("form.two_values", truth="lost", share=SHARE, examples=[APPLICATION])
def two_values(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put a second value beside the first, as people do who have two telephones, or are not sure: "48 / 43".

    Which of the two is meant is lost. Ladder: the catalogue's, of the fields with text or numbers.
    """
    fields = filled(record, lambda value: not isinstance(value, bool), "no field holds text or a number")
    links, draws = rng.integers(4, size=len(fields)).tolist(), rng.random(len(fields)).tolist()
    swaps = rng.random(len(fields)).tolist()
    values: dict[str, Any] = {}
    for each, path in enumerate(fields):
        first = str(fields[path])
        pair = (first, slip(first, draws[each]))
        one, other = pair if swaps[each] < 0.5 else pair[::-1]
        values[path] = f"{one}{(' / ', ' or ', '; ', ', ')[links[each]]}{other}"
    picked = entered(record, rng, values, share)
    return Degraded(record.set(picked), lost=pointers(list(picked)))


@mutator("form.corrected", share=SHARE, examples=[APPLICATION])
def corrected(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Leave a slip of the pen standing, struck out, before the value that replaces it: "~~43~~ 48".

    The correction holds what was right before, so the answer is the same. Ladder: the catalogue's, of the fields
    with text or numbers.
    """
    fields = filled(record, lambda value: not isinstance(value, bool), "no field holds text or a number")
    forms, draws = rng.integers(3, size=len(fields)).tolist(), rng.random(len(fields)).tolist()
    values: dict[str, Any] = {}
    for each, path in enumerate(fields):
        right = str(fields[path])
        wrong = slip(right, draws[each])
        values[path] = (f"~~{wrong}~~ {right}", f"{wrong} - sorry, {right}", f"[{wrong} crossed out] {right}")[
            forms[each]
        ]
    picked = entered(record, rng, values, share)
    return Degraded(record.set(picked), touched=pointers(list(picked)))


@mutator("form.in_notes", truth=("new", "lost"), share=SHARE, examples=[APPLICATION])
def in_notes(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write answers into the notes and leave their own fields empty, as callers' words are taken down.

    Nobody is asked to read prose for a field that is empty: the moved values are lost, and who finds them is right.
    The notes may be given with them or as they were. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: True, "no field is filled")
    texts = {path: value for path, value in fields.items() if is_text(value) and _NOTES.search(name_of(path))}
    if not texts or len(fields) < 2:
        raise NotApplicable("it has no field for notes that other answers could be written into")
    notes = max(texts, key=lambda path: len(texts[path]))
    movable = {path: value for path, value in fields.items() if path != notes}
    picked = list(entered(record, rng, dict.fromkeys(movable, ""), share))
    order = {path: at for at, path in enumerate(movable)}
    if not picked:
        raise NotApplicable("no answer is written elsewhere")
    told = "; ".join(f"{name_of(path)} {_said(movable[path])}" for path in sorted(picked, key=order.__getitem__))
    before = fields[notes]
    after = f"{before} {told}"
    changed = record.set(dict.fromkeys(picked, "") | {notes: after})
    return Degraded(changed, Edit(values={Pointer(notes): AnyOf(before, after)}), lost=pointers(picked))


def _said(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@mutator("form.label_in_value", share=SHARE, examples=[APPLICATION])
def label_in_value(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Type the label into the box with the value: "Months: 48", as copying from an old form does.

    The value still stands there, so the answer is the same. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: True, "no field is filled")
    links = rng.integers(3, size=len(fields)).tolist()
    values = {
        path: f"{name_of(path)}{(': ', ' - ', ' = ')[links[each]]}{_said(value)}"
        for each, (path, value) in enumerate(fields.items())
    }
    picked = entered(record, rng, values, share)
    return Degraded(record.set(picked), touched=pointers(list(picked)))


@mutator("form.unit_in_number", share=SHARE, examples=[APPLICATION])
def unit_in_number(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Type the unit into a number's box, or "approx." before it: "48 months", "EUR 12500.5".

    The number stands there unchanged, so the answer is the same. Ladder: the catalogue's, of the fields that hold
    a number.
    """
    fields = {path: value for path, value in filled(record, _is_amount, _NO_NUMBER).items() if _measured(path, value)}
    if not fields:
        raise NotApplicable(_NO_NUMBER)
    forms, draws = rng.integers(3, size=len(fields)).tolist(), rng.integers(3, size=len(fields)).tolist()
    # An amount in a currency that is not the record's own would be another amount.
    said = (str(value) for path, value in record.fields() if _CURRENCY.search(path))
    currency = next((value for value in said if 0 < len(value) <= _CODE), "")
    values: dict[str, Any] = {}
    for each, path in enumerate(fields):
        units = _units(path)
        unit, number = units[draws[each]], number_of(fields[path])
        if units is _MEASURES[-1][1] and currency:
            unit = currency
        spaced = f"approx. {number} {unit}"
        joined = f"{unit} {number}" if units is _MEASURES[-1][1] else f"{number}{unit}"
        values[path] = (f"{number} {unit}", joined, spaced)[forms[each]]
    picked = entered(record, rng, values, share)
    return Degraded(record.set(picked), touched=pointers(list(picked)))


def _is_amount(value: object) -> bool:
    return is_number(value) or (is_text(value) and bool(_AMOUNT.fullmatch(str(value))))


def _measured(path: str, value: object) -> bool:
    """Digits as text are a number where the field is one of money or of a measure; else they may be a code."""
    return is_number(value) or _units(path) is not _COUNTS


def _units(path: str) -> tuple[str, ...]:
    return next((units for name, units in _MEASURES if name.search(name_of(path))), _COUNTS)


def number_of(value: object) -> str:
    """A number as it stands in its field."""
    return value if isinstance(value, str) else json.dumps(value)


@mutator("form.range", truth=("new", "lost"), share=SHARE, examples=[APPLICATION])
def range_for_number(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Give a range, a limit or a round figure for a number: "45-50", "max. 50", "ca. 50", as people who guess do.

    Which number is meant is lost; what is written may be given as it is, or the number that was. Ladder: the
    catalogue's, of the fields that hold a whole number of two digits or more.
    """
    fields = filled(
        record,
        lambda value: is_number(value) and 10 <= abs(value) < math.inf,
        "no field holds a number of two digits",
    )
    forms = rng.integers(len(_RANGES), size=len(fields)).tolist()
    values: dict[str, Any] = {}
    for each, (path, value) in enumerate(fields.items()):
        step = 5 * 10 ** (len(str(int(abs(value)))) - 2)
        low = int(value // step * step)
        values[path] = _RANGES[forms[each]].format(low=low, high=low + step)
    picked = entered(record, rng, values, share)
    edit = Edit(values={Pointer(path): AnyOf(fields[path], written) for path, written in picked.items()})
    return Degraded(record.set(picked), edit, lost=pointers(list(picked)))
