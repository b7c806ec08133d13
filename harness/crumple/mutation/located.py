"""Where the fields of a truth stand in one clean document, and which of them damage has hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crumple.mutation.alignment import Aligned
from crumple.mutation.occurrences import Occurrence
from crumple.places import Member, Place, Region, Span, Spans, touching

Fields = Mapping[str, tuple[Occurrence, ...]]


@dataclass(frozen=True, slots=True)
class Located:
    """Where each field of a truth stands in one clean document.

    Attributes:
        fields: JSON pointer -> the occurrences of its value; () where it was not found.
        short: the pointers whose values are too short to be told from chance.
        known: False where nobody can say where anything stands (a picture that cannot be read).
        unsure: the fields that were not found by recognition, which may have misread them: they may stand anywhere.
        drawn: of a table or record, numbers that stand in one row or list item and not for it, so that they may have
            been worked out from all of these (a highest price), with the places of the numbers that they may come from.
        convert: carries a place of the finest kind over to the kind of the place that it is compared with.
        lists: of a table, the truth's lists that go with its rows.
        loose: of a table, fields outside those lists that were found in some row, perhaps by chance, perhaps
            because they were worked out from the rows (a highest price): not in all rows alike.
    """

    fields: Fields
    short: frozenset[str]
    known: bool
    convert: Callable[[Place, type], Place | None]
    lists: tuple[Aligned, ...] = ()
    loose: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    drawn: Mapping[str, Sequence[Place]] = field(default_factory=dict)

    def at(self, touched: Sequence[Place]) -> frozenset[str]:
        """The fields that the touched places hold, in part or whole.

        A field whose value also stands, untouched, elsewhere is not among them, unless it is so short
        that it may stand there by chance, or what stands elsewhere is another field of the same value. In text
        and tables it takes more than half of its places: damage is not always seen, and the first is read.
        """
        rivals: Rivals | None = None
        hit: set[str] = set(self.unsure if touched else ())
        for path, found, untouched in self._touched(touched):
            needed = 1 if _apart(found) else len(found) // 2 + 1
            if untouched >= needed and path not in self.short:
                rivals = rivals or Rivals(self.fields)
                needed = rivals.of(found)
            if untouched < needed or path in self.short:
                hit.add(path)
        return frozenset(hit)

    def throughout(self, touched: Sequence[Place]) -> frozenset[str]:
        """The fields of which no place is left untouched; or one is, and it is so short that it may be chance."""
        return frozenset(path for path, _, untouched in self._touched(touched) if not untouched or path in self.short)

    def _touched(self, touched: Sequence[Place]) -> Iterator[tuple[str, tuple[Occurrence, ...], int]]:
        """The fields that are touched anywhere, with their places and how many of these are not."""
        touches = self._touching(touched)
        for path, found in self.fields.items():
            untouched = sum(not any(map(touches, occurrence)) for occurrence in found)
            if untouched < len(found):
                yield path, found, untouched

    def within(self, touched: Sequence[Place]) -> frozenset[str]:
        """The fields of which at least one place is touched, whatever stands elsewhere."""
        touches = self._touching(touched)
        return frozenset(
            path for path, found in self.fields.items() if any(touches(place) for each in found for place in each)
        )

    def reworked(self, changed: Sequence[Place]) -> frozenset[str]:
        """The fields that may have been worked out from what stands in changed places."""
        if not self.drawn or not len(changed):
            return frozenset()
        touches = self._touching(changed)
        return frozenset(path for path, places in self.drawn.items() if any(map(touches, places)))

    def _touching(self, touched: Sequence[Place]) -> Callable[[Place], bool]:
        """A test of whether a place is touched; built once, since damage may be dense and truths long."""
        by_kind: dict[type, Sequence[Place]] = {Span: touched} if isinstance(touched, Spans) else _by_kind(touched)
        tests = [(kind, touching(places)) for kind, places in by_kind.items()]

        def touches(place: Place) -> bool:
            for kind, test in tests:
                same_kind = place if type(place) is kind else self.convert(place, kind)
                if same_kind is not None and test(same_kind):
                    return True
            return False

        return touches

    @property
    def nowhere(self) -> tuple[str, ...]:
        """The fields whose values were not found."""
        return tuple(path for path, found in self.fields.items() if not found)


def _by_kind(places: Sequence[Place]) -> dict[type, Sequence[Place]]:
    found: dict[type, list[Place]] = {}
    for place in places:
        found.setdefault(type(place), []).append(place)
    return dict(found)


class Rivals:
    """How many fields may stand in the same places: each takes one of them, and nobody knows which."""

    def __init__(self, fields: Fields) -> None:
        """Note who stands where; a document inside another holds many fields, and is no place of theirs alone."""
        self._fields = Counter(fields.values())
        self._at: dict[Occurrence, list[tuple[Occurrence, ...]]] = {}
        for found in self._fields:
            for each in found:
                if not isinstance(each[0], Member):
                    self._at.setdefault(each, []).append(found)

    def of(self, found: tuple[Occurrence, ...]) -> int:
        """The fields that stand in any of these places."""
        return sum(self._fields[each] for each in {other for place in found for other in self._at.get(place, ())})


def _apart(found: Sequence[Occurrence]) -> bool:
    """Whether places are on pages or in parts: who finds one of them gone looks for the next."""
    return any(isinstance(place, (Region, Member)) for occurrence in found for place in occurrence)
