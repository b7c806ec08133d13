"""Answers in the wrong box, two in one, and answers with more around them than was asked for."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, filled, is_number, is_text, name_of, pointers, some
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
        if not taken and json.dumps(fields[one]) != json.dumps(fields[other]):
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
    for each, path in some(rng, fields, share):
        first = str(fields[path])
        pair = (first, _slip(first, draws[each]))
        one, other = pair if swaps[each] < 0.5 else pair[::-1]
        values[path] = f"{one}{(' / ', ' or ', '; ', ', ')[links[each]]}{other}"
    return Degraded(record.set(values), lost=pointers(list(values)))


@mutator("form.corrected", share=SHARE, examples=[APPLICATION])
def corrected(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Leave a slip of the pen standing, struck out, before the value that replaces it: "~~43~~ 48".

    The correction holds what was right before, so the answer is the same. Ladder: the catalogue's, of the fields
    with text or numbers.
    """
    fields = filled(record, lambda value: not isinstance(value, bool), "no field holds text or a number")
    forms, draws = rng.integers(3, size=len(fields)).tolist(), rng.random(len(fields)).tolist()
    values: dict[str, Any] = {}
    for each, path in some(rng, fields, share):
        right = str(fields[path])
        wrong = _slip(right, draws[each])
        values[path] = (f"~~{wrong}~~ {right}", f"{wrong} - sorry, {right}", f"[{wrong} crossed out] {right}")[
            forms[each]
        ]
    return Degraded(record.set(values), touched=pointers(list(values)))


def _slip(value: str, draw: float) -> str:
    """Another value that could stand there: one digit off, or two letters the wrong way round."""
    digits = [at for at, character in enumerate(value) if character in "0123456789"]
    if digits:
        at = digits[int(draw * len(digits))]
        return f"{value[:at]}{(int(value[at]) + 5) % 10}{value[at + 1 :]}"
    pairs = [at for at in range(len(value) - 1) if value[at] != value[at + 1]]
    if not pairs:
        return value + value[-1:]
    at = pairs[int(draw * len(pairs))]
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]


@mutator("form.in_notes", truth=("new", "lost"), share=SHARE, examples=[APPLICATION])
def in_notes(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write answers into the notes and leave their own fields empty, as callers' words are taken down.

    Nobody is asked to read prose for a field that is empty: the moved values are lost, and who finds them is right.
    The notes may be given with them or as they were. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: True, "no field is filled")
    notes = [path for path, value in fields.items() if is_text(value) and _NOTES.search(name_of(path))]
    if not notes or len(fields) < 2:
        raise NotApplicable("it has no field for notes that other answers could be written into")
    movable = {path: value for path, value in fields.items() if path != notes[-1]}
    picked = [path for _, path in some(rng, movable, share)]
    order = {path: at for at, path in enumerate(movable)}
    if not picked:
        raise NotApplicable("no answer is written elsewhere")
    told = "; ".join(f"{name_of(path)} {_said(movable[path])}" for path in sorted(picked, key=order.__getitem__))
    before = fields[notes[-1]]
    after = f"{before} {told}"
    changed = record.set(dict.fromkeys(picked, "") | {notes[-1]: after})
    return Degraded(changed, Edit(values={Pointer(notes[-1]): AnyOf(before, after)}), lost=pointers(picked))


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
        path: f"{name_of(path)}{(': ', ' - ', ' = ')[links[each]]}{_said(fields[path])}"
        for each, path in some(rng, fields, share)
    }
    return Degraded(record.set(values), touched=pointers(list(values)))


@mutator("form.unit_in_number", share=SHARE, examples=[APPLICATION])
def unit_in_number(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Type the unit into a number's box, or "approx." before it: "48 months", "EUR 12500.5".

    The number stands there unchanged, so the answer is the same. Ladder: the catalogue's, of the fields that hold
    a number.
    """
    fields = filled(record, is_number, "no field holds a number")
    forms, draws = rng.integers(3, size=len(fields)).tolist(), rng.integers(3, size=len(fields)).tolist()
    values: dict[str, Any] = {}
    for each, path in some(rng, fields, share):
        units = next((units for name, units in _MEASURES if name.search(name_of(path))), _COUNTS)
        unit, number = units[draws[each]], json.dumps(fields[path])
        spaced = f"approx. {number} {unit}"
        joined = f"{unit} {number}" if units is _MEASURES[-1][1] else f"{number}{unit}"
        values[path] = (f"{number} {unit}", joined, spaced)[forms[each]]
    return Degraded(record.set(values), touched=pointers(list(values)))
