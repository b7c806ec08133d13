"""Fields that are left out, filled with something that is no answer, or cut."""

from __future__ import annotations

from typing import Any, Final

from numpy.random import Generator

from crumple import Degraded, Edit, Ladder, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, DATE, SHARE, entered, filled, fitting, is_text, pointers

_PLACEHOLDERS: Final = (
    "N/A",
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
    "./.",
    "k. A.",
    "none of your business",
    "...",
    "Please select",
    "[Enter text here]",
)


@mutator("form.placeholder", truth="new", share=SHARE, examples=[APPLICATION])
def placeholder(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put a placeholder in place of values, as people do whom a required field would not let pass.

    The right answer there is that the value is missing. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: value not in _PLACEHOLDERS, "no field is filled")
    words = rng.integers(len(_PLACEHOLDERS), size=len(fields)).tolist()
    picked = entered(record, rng, {path: _PLACEHOLDERS[word] for path, word in zip(fields, words, strict=True)}, share)
    return Degraded(record.set(picked), Edit(values={Pointer(path): None for path in picked}))


@mutator("form.missing", truth="new", share=SHARE, examples=[APPLICATION])
def missing(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Leave fields blank: empty, spaces, null, or the key not there at all, as one front end after another stores it.

    The right answer there is that the value is missing. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: not is_text(value) or bool(value.strip()), "no field is filled")
    kinds = dict(zip(fields, rng.integers(4, size=len(fields)).tolist(), strict=True))
    # A tick cannot be left out of a form: what is not ticked says no.
    picked = list(entered(record, rng, dict.fromkeys(fields), share))
    blanks: dict[str, Any] = {}
    keys: list[str] = []
    for path in picked:
        # Without its item a list would tell another story of those that follow; it keeps an empty one.
        if kinds[path] == 3 and isinstance(record.get(path.rpartition("/")[0]), dict):
            keys.append(path)
        else:
            blanks[path] = (None, "", "  ", None)[kinds[path]]
    changed = record.set({path: value if fitting(record, {path: value}) else None for path, value in blanks.items()})
    changed = changed.remove(*keys) if keys else changed
    return Degraded(changed, Edit(values={Pointer(path): None for path in picked}))


@mutator("form.cut_short", truth="lost", length=Ladder(50, 30, 20, 10, 5, unit="characters"), examples=[APPLICATION])
def cut_short(record: Record, length: int, rng: Generator) -> Degraded[Record]:
    """Cut text at a number of characters, as a database column or a printed box that is too small does.

    What was cut is lost. Ladder: the catalogue's.
    """
    fields = filled(record, lambda value: is_text(value) and len(value) > length, f"no text is longer than {length}")
    cut = fitting(record, {path: value[: int(length)] for path, value in fields.items()})
    if not cut:
        raise NotApplicable(f"no text is longer than {length}")
    return Degraded(record.set(cut), lost=pointers(list(cut)))


@mutator("form.impossible_date", truth="lost", share=SHARE, examples=[APPLICATION])
def impossible_date(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put days into dates that no calendar has, as hands and forms without a check do: 31 February, month 13, 0.

    Which day was meant is lost. Ladder: the catalogue's, of the fields that hold a date.
    """
    dates = filled(record, lambda value: is_text(value) and bool(DATE.fullmatch(value)), "no field holds a date")
    kinds = rng.integers(3, size=len(dates)).tolist()
    values: dict[str, Any] = {}
    for each, (path, written) in enumerate(dates.items()):
        day, month = (("31", "02"), ("12", "13"), ("00", "00"))[kinds[each]]
        # With strokes the month may come first, so that neither number may be one of a month.
        day = "32" if "/" in written and day == "12" else day
        mark = written[2]
        whole = f"{written[:4]}-{month}-{day}", f"{day}{mark}{month}{mark}{written[6:]}"
        impossible = whole[written[4] != "-"]
        if impossible != written:
            values[path] = impossible
    changed = entered(record, rng, values, share, "its dates are impossible already")
    return Degraded(record.set(changed), lost=pointers(list(changed)))
