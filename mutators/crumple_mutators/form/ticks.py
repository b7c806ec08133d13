"""Boxes that are ticked in another way than asked for, or more than one of them."""

from __future__ import annotations

from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, entered, filled, pointers

# Ticked and not; "" is how a browser and a sheet of paper say no.
_WORDS: Final = (
    ("x", ""), ("X", ""), ("yes", "no"), ("on", ""), ("1", "0"), ("Y", "N"), ("checked", "unchecked"), ("ja", "nein"),
    ("true", "false"), ("oui", "non"), ("☒", "☐"), ("✓", ""), ("TRUE", "FALSE"), ("[x]", "[ ]"),
)  # fmt: skip
_BOTH: Final = ("yes, no", "x / x", "yes/no", "ja und nein", "Y N", "[x] yes [x] no", "not sure")


@mutator("form.tick_words", truth=("same", "new"), share=SHARE, examples=[APPLICATION])
def tick_words(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Store ticks as words and marks: "x", "on", "yes", "1", "ja", as one form, browser and export after another does.

    The answer is the same; where an empty box says no, it may also be taken for no answer. Ladder: the catalogue's,
    of the fields that hold true or false.
    """
    fields = filled(record, lambda value: isinstance(value, bool), "no field holds true or false")
    yes, no = _WORDS[int(rng.integers(len(_WORDS)))]
    picked = entered(record, rng, {path: yes if value else no for path, value in fields.items()}, share, _ONLY_TICKS)
    open_: dict[Any, Json] = {Pointer(path): AnyOf(fields[path], None) for path, value in picked.items() if not value}
    return Degraded(record.set(picked), Edit(values=open_), touched=pointers(list(picked)))


@mutator("form.both_answers", truth="lost", share=SHARE, examples=[APPLICATION])
def both_answers(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Answer yes and no at once, as a slip of the pen, a second thought, or two people at one form do.

    Which of the two is meant is lost. Ladder: the catalogue's, of the fields that hold true or false.
    """
    fields = filled(record, lambda value: isinstance(value, bool), "no field holds true or false")
    forms = rng.integers(len(_BOTH) + 1, size=len(fields)).tolist()
    values: dict[str, Any] = {
        path: [True, False] if form == len(_BOTH) else _BOTH[form] for path, form in zip(fields, forms, strict=True)
    }
    picked = entered(record, rng, values, share, _ONLY_TICKS)
    return Degraded(record.set(picked), lost=pointers(list(picked)))


_ONLY_TICKS: Final = "the boxes of a PDF's form are ticked or not"
