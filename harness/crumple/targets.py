"""What mutators may be tried on: the documents of some cases, each named once however many mutators there are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from crumple.case import Entry


@dataclass(frozen=True, slots=True)
class Target:
    """What a visit may act on: a case, and which of its documents."""

    case: str
    part: str = ""


class Targets:
    """The documents of some cases. What is asked for twice is one list: a hundred mutators share a few of them.

    Attributes:
        kinds: the media types that there are.
        cases: the cases as wholes.
        asked: those cases that pass something to the system beside their documents.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Of these cases."""
        self.cases: list[Target] = []
        self.asked: list[Target] = []
        self._documents: list[tuple[Target, str, bool]] = []
        self._lists: dict[tuple[frozenset[str], frozenset[str], bool], list[Target]] = {}
        media_types: dict[str, str] = {}
        for entry in entries:
            whole = Target(entry.id)
            self.cases.append(whole)
            if entry.has_inputs:
                self.asked.append(whole)
            for part, kind in entry.documents:
                target = Target(entry.id, part) if part else whole
                self._documents.append((target, media_types.setdefault(kind, kind), entry.has_truth))
        self.kinds = frozenset(media_types)

    def those(
        self,
        kinds: frozenset[str],
        spoilt: frozenset[str] = frozenset(),
        broken: AbstractSet[Target] = frozenset(),
        *,
        true: bool = False,
    ) -> Sequence[Target]:
        """The documents of some media types.

        Args:
            kinds: the media types.
            spoilt: those of them whose documents may not be `broken`.
            broken: the same at each asking.
            true: only of cases whose right answer somebody has said.
        """
        key = kinds, spoilt, true
        if key not in self._lists:
            self._lists[key] = [
                target
                for target, kind, has_truth in self._documents
                if kind in kinds and (has_truth or not true) and (kind not in spoilt or target not in broken)
            ]
        return self._lists[key]
