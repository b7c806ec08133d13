"""Fields that are left out, filled with something that is no answer, or cut."""

from __future__ import annotations

import re
from typing import Any, Final

from numpy.random import Generator

from crumple import Degraded, Edit, Ladder, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, filled, is_text, pointers, some

_PLACEHOLDERS: Final = (
    "N/A",
    "see above",
    "TBC",
    "tbd",
    "n/a",
    "-",
    "???",
    "unknown",
    "please see attached",
    "will follow",
    "xxx",
    "to be confirmed",
)
_DATE: Final = re.compile(r"(?P<iso>\d{4}-)\d\d-\d\d|\d\d(?P<dotted>\.\d\d\.\d{4})")


@mutator("form.placeholder", truth="new", share=SHARE, examples=[APPLICATION])
def placeholder(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put a placeholder in place of values, as people do whom a required field would not let pass.

    The right answer there is that the value is missing. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: value not in _PLACEHOLDERS, "no field is filled")
    picked = some(rng, fields, share)
    words = rng.integers(len(_PLACEHOLDERS), size=len(fields)).tolist()
    changed = record.set({path: _PLACEHOLDERS[words[each]] for each, path in picked})
    return Degraded(changed, Edit(values={Pointer(path): None for _, path in picked}))


@mutator("form.missing", truth="new", share=SHARE, examples=[APPLICATION])
def missing(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Leave fields blank: empty, spaces, null, or the key not there at all, as one front end after another stores it.

    The right answer there is that the value is missing. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: not is_text(value) or bool(value.strip()), "no field is filled")
    picked = some(rng, fields, share)
    kinds = rng.integers(4, size=len(fields)).tolist()
    blanks: dict[str, Any] = {}
    keys: list[str] = []
    for each, path in picked:
        # Without its item a list would tell another story of those that follow; it keeps an empty one.
        if kinds[each] == 3 and isinstance(record.get(path.rpartition("/")[0]), dict):
            keys.append(path)
        else:
            blanks[path] = (None, "", "  ", None)[kinds[each]]
    changed = record.set(blanks) if blanks else record
    changed = changed.remove(*keys) if keys else changed
    return Degraded(changed, Edit(values={Pointer(path): None for _, path in picked}))


@mutator("form.cut_short", truth="lost", length=Ladder(50, 30, 20, 10, 5, unit="characters"), examples=[APPLICATION])
def cut_short(record: Record, length: int, rng: Generator) -> Degraded[Record]:
    """Cut text at a number of characters, as a database column or a printed box that is too small does.

    What was cut is lost. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: is_text(value) and len(value) > length, f"no text is longer than {length}")
    return Degraded(
        record.set({path: value[: int(length)] for path, value in fields.items()}), lost=pointers(list(fields))
    )


@mutator("form.impossible_date", truth="lost", share=SHARE, examples=[APPLICATION])
def impossible_date(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put days into dates that no calendar has, as hands and forms without a check do: 31 February, month 13, 0.

    Which day was meant is lost. Ladder: the catalogue's, of the fields that hold a date.
    """
    dates = filled(record, lambda value: is_text(value) and bool(_DATE.fullmatch(value)), "no field holds a date")
    kinds = rng.integers(3, size=len(dates)).tolist()
    values: dict[str, Any] = {}
    for each, path in some(rng, dates, share):
        match = _DATE.fullmatch(dates[path])
        if match is None:  # cannot be: only dates were looked at
            raise NotApplicable("no field holds a date")
        year = (match["iso"] or match["dotted"]).strip(".-")[-4:]
        day, month = (("31", "02"), ("12", "13"), ("00", "00"))[kinds[each]]
        values[path] = f"{year}-{month}-{day}" if match["iso"] else f"{day}.{month}.{year}"
    changed = {path: value for path, value in values.items() if value != dates[path]}
    if not changed:
        raise NotApplicable("its dates are impossible already")
    return Degraded(record.set(changed), lost=pointers(list(changed)))
