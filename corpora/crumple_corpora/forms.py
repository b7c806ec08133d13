"""Filled forms with full truth, generated from a seed, in four shapes of the same answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple import Case, CrumpleError, Document, Entry, Region
from crumple_corpora import forms_shapes
from crumple_corpora.forms_content import compose, traits

_TYPES = {
    ".pdf": "application/pdf",
    "-by-hand.pdf": "application/pdf",
    "-by-hand.png": "image/png",
    ".json": "application/json",
}
_TAGS = {".pdf": "pdf", "-by-hand.pdf": "by hand", "-by-hand.png": "image", ".json": "json"}
_ID = re.compile(r"form-(\d{4,})(\.pdf|-by-hand\.pdf|-by-hand\.png|\.json)")
_LOWEST_DPI, _HIGHEST_DPI = 50, 600


@dataclass(frozen=True, slots=True)
class Forms:
    """Household claims, changes of address and tax returns in English, German, French and Spanish, in three designs.

    Each is a PDF form filled in on a screen (AcroForm), the same sheet filled in by hand as PDF and as image, and a
    JSON record: one group of four cases. The truth has the form's printed number as reference and every answer under
    the names of the form's fields; dates in ISO 8601, amounts as numbers, ticks as true or false, options as printed,
    and null for what was left blank.

    Attributes:
        count: how many forms. A larger corpus begins with the smaller one's.
        seed: 0 or more; another seed gives other forms.
        dpi: of the page images.
        by_hand: whether the two shapes that are filled in by hand are among them; they need fonts of handwriting.
    """

    count: int = 50
    seed: int = 0
    dpi: int = 150
    by_hand: bool = True

    def __init__(self, count: int = 50, *, seed: int = 0, dpi: int = 150, by_hand: bool = True) -> None:
        if count < 1:
            raise CrumpleError(f"count is 1 or more, got {count}", where="forms")
        if seed < 0:
            raise CrumpleError(f"seed is 0 or more, got {seed}", where="forms")
        if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI:
            raise CrumpleError(f"dpi is from {_LOWEST_DPI} to {_HIGHEST_DPI}, got {dpi}", where="forms")
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "seed", seed)
        object.__setattr__(self, "dpi", dpi)
        object.__setattr__(self, "by_hand", by_hand)

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"forms, seed {self.seed}"

    def entries(self) -> Sequence[Entry]:
        """Four entries a form, or two; nothing is composed or drawn for it."""
        return [
            Entry(f"{group}{shape}", _TYPES[shape], group, True, _tags(index, shape))
            for index in range(1, self.count + 1)
            for group in [f"form-{index:04d}"]
            for shape in self._shapes()
        ]

    def load(self, case_id: str) -> Case:
        """Compose one form and make one shape of it.

        Raises:
            CrumpleError: there is no such case, or the fonts of handwriting are not installed.
        """
        match = _ID.fullmatch(case_id)
        index, shape = (int(match[1]), match[2]) if match else (0, "")
        group = f"form-{index:04d}"
        if not 1 <= index <= self.count or case_id != f"{group}{shape}" or shape not in self._shapes():
            raise CrumpleError(
                f"no case {case_id!r}",
                where=self.name,
                hint=f"Its cases are form-0001{', '.join(self._shapes())}, and so on to form-{self.count:04d}.",
            )
        form = compose(self.seed, index)
        regions: Mapping[str, tuple[Region, ...]] = {}
        if shape == ".json":
            data = forms_shapes.record(form)
        elif shape == ".pdf":
            data, regions = forms_shapes.filled(form)
        elif shape == "-by-hand.pdf":
            data, regions = forms_shapes.by_hand(form, self.seed, index)
        else:
            data, regions = forms_shapes.image(form, self.seed, index, self.dpi)
        return Case(
            id=case_id,
            document=Document(data, _TYPES[shape], case_id),
            truth=form.truth,
            group=group,
            tags=_tags(index, shape),
            regions=regions,
        )

    def _shapes(self) -> tuple[str, ...]:
        return tuple(_TYPES) if self.by_hand else (".pdf", ".json")


def _tags(index: int, shape: str) -> frozenset[str]:
    kind, language, _ = traits(index)
    return frozenset({_TAGS[shape], kind, language})
