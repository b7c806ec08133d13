"""Sundries: menus, contracts, delivery notes, letters and other people's forms, in any format, from a seed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crumple import Case, CrumpleError, Document, Entry
from crumple_corpora.sundry_content import KINDS, compose
from crumple_corpora.sundry_formats import WRITERS, written

_ID = re.compile(r"sundry-(\d{4,})")


@dataclass(frozen=True, slots=True)
class Sundries:
    """What lies among other documents in every office, the kinds in turn; the truth is the kind, a label.

    For a classifier they are a corpus of its own; for a system that reads one kind of document they are what it was not
    made for: see the category `scope`.

    Attributes:
        count: how many documents. A larger corpus begins with the smaller one's.
        seed: 0 or more; another seed gives other documents.
        kinds: some of "menu", "contract", "application", "letter", "delivery_note" and "note" (a single word).
        media_type: the format that they are written in.
    """

    count: int = 20
    seed: int = 0
    kinds: tuple[str, ...] = KINDS
    media_type: str = "application/pdf"

    def __init__(
        self,
        count: int = 20,
        *,
        seed: int = 0,
        kinds: Sequence[str] = KINDS,
        media_type: str = "application/pdf",
    ) -> None:
        if count < 1:
            raise CrumpleError(f"count is 1 or more, got {count}", where="sundries")
        if seed < 0:
            raise CrumpleError(f"seed is 0 or more, got {seed}", where="sundries")
        for kind in kinds:
            if kind not in KINDS:
                raise CrumpleError(f"there is no kind {kind!r}", where="sundries", got=kind, allowed=KINDS)
        if media_type not in WRITERS:
            what = f"they are not written as {media_type}"
            raise CrumpleError(what, where="sundries", got=media_type, allowed=WRITERS)
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "seed", seed)
        object.__setattr__(self, "kinds", tuple(kinds) or KINDS)
        object.__setattr__(self, "media_type", media_type)

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"sundries, seed {self.seed}"

    def entries(self) -> Sequence[Entry]:
        """One entry a document, tagged with its kind; nothing is composed for it."""
        return [
            Entry(name, self.media_type, name, True, frozenset({self._kind(index)}))
            for index in range(1, self.count + 1)
            for name in [f"sundry-{index:04d}"]
        ]

    def load(self, case_id: str) -> Case:
        """Compose one document and write it.

        Raises:
            CrumpleError: there is no such case.
        """
        match = _ID.fullmatch(case_id)
        index = int(match[1]) if match else 0
        if not 1 <= index <= self.count or case_id != f"sundry-{index:04d}":
            hint = f"Its cases are sundry-0001 to sundry-{self.count:04d}."
            raise CrumpleError(f"no case {case_id!r}", where=self.name, hint=hint)
        kind = self._kind(index)
        data = written(compose(kind, (self.seed, index)), self.media_type)
        return Case(case_id, Document(data, self.media_type, case_id), kind.replace("_", " "), tags=frozenset({kind}))

    def _kind(self, index: int) -> str:
        return self.kinds[(index - 1) % len(self.kinds)]
