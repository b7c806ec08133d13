"""Names of people: more or fewer of them than there are boxes for, and in another order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, fitting, pointers
from crumple_mutators.selection import chosen

_WHOLE: Final = re.compile(
    r"(?:.*[ _.-])?(?:name|full ?name|holder|contact|person|applicant|insured|customer|patient|employee|recipient"
    r"|sender|owner|signatory|inhaber|titulaire|titular)",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(r"(?:first|given|fore)[ _-]?names?|vornamen?|pr[ée]nom|nombre", re.IGNORECASE)
_LAST: Final = re.compile(r"(?:last|sur|family)[ _-]?name|(?:nach|familien)name|nom|apellidos?", re.IGNORECASE)
_NOBODY: Final = re.compile(r"compan|employer|supplier|vendor|bank|insurer|firm|organi[sz]ation|product", re.IGNORECASE)
_PERSON: Final = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[ '’.-]{1,2}[^\W\d_]+)*\.?")
_TITLES: Final = ("Dr. {}", "Prof. Dr. {}", "Mrs {}", "Herr {}", "Dipl.-Ing. {}", "{} jr.", "{}, MBA", "Mme {}")
_SURNAMES: Final = (
    "O'Brien", "D'Angelo", "van der Berg", "García Lorca", "Müller-Lüdenscheidt", "N'Diaye", "Ng", "de la Cruz y Soto",
    "St. John-Smythe", "Null", "Ó Súilleabháin", "al-Rashid", "MacDonald-O'Neill", "E", "von und zu Hohenstein-Wald",
    "Nguyễn", "Test", "De Vries", "Papadopoulou-Christodoulopoulou", "Þórsdóttir",
)  # fmt: skip
_PARTNERS: Final = ("Peter", "Anna", "Thomas", "Julia", "Luis", "Claire", "Karin", "Ali")
_LONGEST: Final = 60
_NO_NAME: Final = "no field holds the name of a person"


@dataclass(frozen=True, slots=True)
class _Person:
    """Where a record names somebody: in one field, or in two; `given` and `family` are what stands there."""

    whole: str
    first: str
    last: str
    given: str
    family: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@mutator("form.name_order", truth="new", share=SHARE, examples=[APPLICATION])
def name_order(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write the family name first, as half of the world does: "Jensen, Maria", "JENSEN Maria", or in each other's box.

    The name may be given as it is written, or in the order that it had. Ladder: the catalogue's, of the people named.
    """
    people = _people(record)
    forms = rng.integers(3, size=len(people)).tolist()

    def turned(person: _Person, at: int) -> dict[str, str]:
        if not person.whole:
            return {person.first: person.family, person.last: person.given}
        given, family = person.given, person.family
        return {person.whole: (f"{family}, {given}", f"{family.upper()} {given}", f"{family} {given}")[forms[at]]}

    return _either(record, _written(record, rng, share, people, turned))


@mutator("form.title_in_name", truth="new", share=SHARE, examples=[APPLICATION])
def title_in_name(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put a form of address, a title or a "jr." into the name's box, as whoever is proud of it does.

    The name may be given with it or without. Ladder: the catalogue's, of the people named.
    """
    people = _people(record)
    titles = rng.integers(len(_TITLES), size=len(people)).tolist()

    def titled(person: _Person, at: int) -> dict[str, str]:
        pattern = _TITLES[titles[at]]
        if person.whole:
            return {person.whole: pattern.format(person.name)}
        before = pattern.endswith("{}")
        return {person.first if before else person.last: pattern.format(person.given if before else person.family)}

    return _either(record, _written(record, rng, share, people, titled))


@mutator("form.unusual_name", truth="new", share=SHARE, examples=[APPLICATION])
def unusual_name(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Let people have names that forms are not made for: apostrophes, hyphens, two surnames, one letter, "Null".

    The right answer is the name that stands there now. Ladder: the catalogue's, of the people named.
    """
    people = _people(record)
    drawn = rng.integers(len(_SURNAMES), size=len(people)).tolist()

    def renamed(person: _Person, at: int) -> dict[str, str]:
        surname = _SURNAMES[drawn[at]]
        return {person.whole: f"{person.given} {surname}"} if person.whole else {person.last: surname}

    values = _written(record, rng, share, people, renamed)
    return Degraded(record.set(values), Edit(values={Pointer(path): value for path, value in values.items()}))


@mutator("form.one_name", truth="new", share=SHARE, examples=[APPLICATION])
def one_name(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Give one name only, the given or the family name, as people do who have one or think that it will do.

    The right answer is what stands there; the other name is missing. Ladder: the catalogue's, of the people named.
    """
    people = _people(record)
    family_kept = (rng.random(len(people)) < 0.5).tolist()

    def shortened(person: _Person, at: int) -> dict[str, str]:
        if person.whole:
            return {person.whole: person.family if family_kept[at] else person.given}
        return {person.first if family_kept[at] else person.last: ""}

    values = _written(record, rng, share, people, shortened)
    edit = Edit(values={Pointer(path): value or None for path, value in values.items()})
    return Degraded(record.set(values), edit)


@mutator("form.names_in_one", truth="new", share=SHARE, examples=[APPLICATION])
def names_in_one(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write the whole name into the first of its two boxes, or the second, and leave the other one empty.

    What stands there may be taken apart or not. Ladder: the catalogue's, of the people whose names have two boxes.
    """
    people = [each for each in _people(record) if not each.whole]
    if not people:
        raise NotApplicable("no name has a box for the given and one for the family name")
    in_first = (rng.random(len(people)) < 0.7).tolist()

    def joined(person: _Person, at: int) -> dict[str, str]:
        full, empty = (person.first, person.last) if in_first[at] else (person.last, person.first)
        return {full: person.name, empty: ""}

    return _either(record, _written(record, rng, share, people, joined))


@mutator("form.two_people", truth=("new", "lost"), share=SHARE, examples=[APPLICATION])
def two_people(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Name two people where one is asked for, as couples do: "Maria and Peter Jensen".

    Which of them is meant is lost; both may be given as they are written. Ladder: the catalogue's, of the people named.
    """
    people = _people(record)
    partners, links = (rng.integers(size, size=len(people)).tolist() for size in (len(_PARTNERS), 4))

    def paired(person: _Person, at: int) -> dict[str, str]:
        link = (" and ", " & ", " / ", " + ")[links[at]]
        both = f"{person.given}{link}{_PARTNERS[partners[at]]}"
        return {person.whole: f"{both} {person.family}"} if person.whole else {person.first: both}

    values = _written(record, rng, share, people, paired)
    said = _either(record, values)
    return Degraded(said.view, said.truth, lost=pointers(list(values)))


def _people(record: Record) -> list[_Person]:
    fields = {
        path: value
        for path, value in record.fields()
        if isinstance(value, str) and 0 < len(value) <= _LONGEST and _PERSON.fullmatch(value)
    }
    found: list[_Person] = []
    for path, value in fields.items():
        parent, _, key = path.rpartition("/")
        if _NOBODY.search(path):
            continue
        if _FIRST.fullmatch(key):
            last = next((each for each in fields if each.rpartition("/")[0] == parent and _is_last(each)), "")
            if last:
                found.append(_Person("", path, last, value, fields[last]))
        elif _WHOLE.fullmatch(key) and not _is_last(path) and len(value.split()) > 1:
            given, _, family = value.rpartition(" ")
            found.append(_Person(path, "", "", given, family))
    if not found:
        raise NotApplicable(_NO_NAME)
    return found


def _is_last(path: str) -> bool:
    return bool(_LAST.fullmatch(path.rpartition("/")[2]))


def _written(record: Record, rng: Generator, share: float, people: list[_Person], write: Any) -> dict[str, str]:
    """The new values of a share of the people whose boxes can hold them.

    Raises:
        NotApplicable: there are none.
    """
    entries: list[dict[str, str]] = [write(person, at) for at, person in enumerate(people)]
    held = [
        entry
        for entry in entries
        if len(fitting(record, entry)) == len(entry) and any(record.get(path) != value for path, value in entry.items())
    ]
    if not held:
        raise NotApplicable("no field would hold the name as it would be written")
    return {path: value for each in chosen(rng, len(held), share) for path, value in held[each].items()}


def _either(record: Record, values: dict[str, str]) -> Degraded[Record]:
    """The record with new values, where what stood there before is right as well as what stands there now."""
    truth: dict[Any, Json] = {Pointer(path): AnyOf(record.get(path), value or None) for path, value in values.items()}
    return Degraded(record.set(values), Edit(values=truth))
