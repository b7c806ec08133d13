"""Right values of the wrong JSON type."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Final

from numpy.random import Generator

from crumple import AcroForm, Degraded, Ladder, NotApplicable, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, entered, filled, is_number, is_text, pointers
from crumple_mutators.selection import chosen

_CASES: Final = ("{outer}.{name}", "{outer}_{name}", "{outer}{capital}", "{outer}[{name}]")
_DIGITS: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")


@mutator("form.string_for_number", share=SHARE, examples=[APPLICATION])
def string_for_number(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Store numbers as strings, as every web form does that nobody told which fields are numbers.

    The digits are those that stood there, so the answer is the same. Ladder: the catalogue's, of the fields that
    hold a number.
    """
    fields = filled(record, is_number, "no field holds a number")
    spans = record.spans()
    written = {path: record.source[spans[path].start : spans[path].end] for path in fields}
    values = entered(record, rng, written, share)
    return Degraded(record.set(values), touched=pointers(list(values)))


@mutator("form.number_for_string", truth=("same", "lost"), share=SHARE, examples=[APPLICATION])
def number_for_string(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Store strings of digits as numbers, as a detour through a spreadsheet does to postcodes and telephones.

    Where zeros go with it, before the number or after its point, the value is lost; else it is the same. Ladder:
    the catalogue's, of the fields that hold digits as text.
    """
    fields = filled(record, lambda value: is_text(value) and bool(_DIGITS.fullmatch(value)), "no text is all digits")
    numbers = {path: float(value) if "." in value else int(value) for path, value in fields.items()}
    values = entered(record, rng, numbers, share, "a PDF's form holds text alone")
    lost = [path for path, value in values.items() if json.dumps(value) != fields[path]]
    return Degraded(record.set(values), lost=pointers(lost), touched=pointers(list(values)))


@mutator("form.wrapped_value", share=SHARE, examples=[APPLICATION])
def wrapped_value(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put a list of one, or an object, where a plain value was, as the next version of an interface does.

    The value stands inside, so the answer is the same. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: True, "no field is filled")
    listed = (rng.random(len(fields)) < 0.5).tolist()
    wrapped = {path: [value] if listed[each] else {"value": value} for each, (path, value) in enumerate(fields.items())}
    values = entered(record, rng, wrapped, share, "a PDF's form holds text alone")
    return Degraded(record.set(values), touched=pointers(list(values)))


@mutator(
    "form.flattened", share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of objects", zero=0), examples=[APPLICATION]
)
def flattened(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Bring the fields of nested objects up to the top, under joined names, as flat exports and form tools do.

    "applicant": {"born": ...} becomes "applicant.born", "applicant_born" or "applicantBorn". Nothing is lost, so the
    answer is the same. Ladder: the catalogue's, of the objects at the top.
    """
    if not isinstance(record.value, dict) or isinstance(record, AcroForm):
        raise NotApplicable("its fields are not those of an object")
    inner = [key for key, value in record.value.items() if isinstance(value, dict) and value]
    if not inner:
        raise NotApplicable("it holds no object in another")
    pattern = _CASES[int(rng.integers(len(_CASES)))]
    picked = {inner[each] for each in chosen(rng, len(inner), share)}
    flat: dict[str, Any] = {}
    for key, value in record.value.items():
        for name, each in value.items() if key in picked else ():
            flat[pattern.format(outer=key, name=name, capital=name[:1].upper() + name[1:])] = each
        if key not in picked:
            flat[key] = value
    if len(flat) < sum(len(value) if key in picked else 1 for key, value in record.value.items()):
        raise NotApplicable("two fields would have one name")
    if not picked:
        return Degraded(record)
    indent = 2 if "\n" in record.source.strip() else None
    source = json.dumps(flat, ensure_ascii=record.source.isascii(), indent=indent)
    gone = [path for path, _ in record.fields() if path.split("/")[1].replace("~1", "/").replace("~0", "~") in picked]
    changed = replace(record, value=flat, source=source)
    return Degraded(changed, touched=pointers(gone))
