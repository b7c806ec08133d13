"""What forms ask, and what people have answered: three kinds of form in four languages, composed from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from crumple import Json
from crumple_corpora.forms_answers import Answers, words
from crumple_corpora.people import Party

KINDS = ("claim", "registration", "tax")
LANGUAGES = ("en", "de", "fr", "es")
DESIGNS = ("boxed", "lined", "panels")
_ROWS = 4
_IBANS = {"en": ("GB", 22), "de": ("DE", 22), "fr": ("FR", 27), "es": ("ES", 24)}
_MAIL = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": ".", "'": ""})


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form.

    Attributes:
        path: its name, the truth's pointer with dots: "person.first_name".
        label: a key of the language's labels.
        width: against the others in its row.
        kind: "text", "comb", "block" (several lines), "number" (set to the right), "tick" or "radio".
        cells: of a comb.
        options: of a radio button.
    """

    path: str
    label: str
    width: float = 1.0
    kind: str = "text"
    cells: int = 0
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and rows of questions; those of a table share their labels, which are printed once."""

    heading: str
    rows: tuple[tuple[Question, ...], ...]
    table: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A filled form.

    Attributes:
        kind, language, design: how it looks.
        reference: the number that is printed on it.
        sections: from top to bottom.
        values: the answers as they are written, by path; ticks are True. What is missing was left blank.
        truth: the right answer.
    """

    kind: str
    language: str
    design: str
    reference: str
    sections: tuple[Section, ...]
    values: Mapping[str, str | bool]
    truth: Mapping[str, Json]


def traits(index: int) -> tuple[str, str, str]:
    """The kind, language and design of a form: any four neighbours show every language, any three every kind."""
    return (
        KINDS[(index - 1) % len(KINDS)],
        LANGUAGES[(index - 1) % len(LANGUAGES)],
        DESIGNS[(index - 1) // len(KINDS) % len(DESIGNS)],
    )


def compose(seed: int, index: int) -> Form:
    """Make up one form and its answers."""
    kind, language, design = traits(index)
    rng = np.random.default_rng([seed, index])
    answers = Answers(rng, language)
    make = {"claim": _claim, "registration": _registration, "tax": _tax}[kind]
    sections = make(answers)
    reference = f"{'ABKMR'[int(rng.integers(5))]}{rng.integers(1000, 9999)}-{rng.integers(10, 99)}"
    truth = {"reference": reference, **_nested(answers.truth)}
    return Form(kind, language, design, reference, sections, answers.values, truth)


def _person(to: Answers) -> tuple[Section, Party]:
    one = to.party()
    first, _, last = one.person.partition(" ")
    statuses = to.options("statuses")
    to.maybe("person.status", to.pick(statuses), 0.85)
    to.text("person.first_name", first)
    to.text("person.last_name", last)
    to.day("person.born", to.before(to.signed, 7000, 28000))
    to.maybe("person.phone", f"0{to.digits(3)} {to.digits(7)}")
    to.maybe("person.email", f"{first}.{last}@example.org".lower().translate(_MAIL))
    to.address("person", one)
    rows = (
        (
            Question("person.status", "status", 1.7, "radio", options=statuses),
            _asked("person.first_name", 1.1),
            _asked("person.last_name", 1.3),
        ),
        (_asked("person.born", 0.8), _asked("person.phone", 1), _asked("person.email", 1.6)),
        _address_row(to, "person"),
    )
    return Section("person", rows), one


def _asked(path: str, width: float = 1.0, kind: str = "text") -> Question:
    return Question(path, path.rpartition(".")[2], width, kind)


def _address_row(to: Answers, path: str) -> tuple[Question, ...]:
    postcode = f"{path}.postcode"
    comb = to.language != "en" and str(to.values[postcode]).isdigit()
    cells = len(str(to.values[postcode])) if comb else 0
    asked = Question(postcode, "postcode", 0.75, "comb" if comb else "text", cells)
    return _asked(f"{path}.street", 1.6), asked, _asked(f"{path}.city", 1.3)


def _payment(to: Answers, holder: str) -> Section:
    country, length = _IBANS[to.language]
    to.text("payment.iban", country + to.digits(length - 2))
    to.maybe("payment.holder", holder, 0.6)
    comb = Question("payment.iban", "iban", 2.2, "comb", length)
    return Section("payment", ((comb, _asked("payment.holder")),))


def _signed(to: Answers, city: str) -> Section:
    to.text("signed.place", city)
    to.day("signed.date", to.signed)
    return Section("signed", ((_asked("signed.place"), _asked("signed.date", 0.8), Question("", "signature", 1.6)),))


def _claim(to: Answers) -> tuple[Section, ...]:
    person, one = _person(to)
    kinds = to.options("kinds")
    happened = int(to.rng.integers(len(kinds)))
    event = to.before(to.signed, 2, 40)
    to.text("policy_number", f"{to.pick('HSWK')}{to.pick('RTZ')} {to.digits(3)}-{to.digits(4)}")
    to.day("event.date", event)
    to.text("event.place", one.city)
    to.text("event.kind", kinds[happened])
    to.text("event.description", words()["stories"][to.language][happened])
    for path in ("event.police", "event.witnesses", "event.other_insurer"):
        to.tick(path)
    things = words()["things"][to.language]
    order = to.rng.permutation(len(things)).tolist()
    for row in range(int(to.rng.integers(1, _ROWS + 1))):
        to.text(f"items.{row}.description", things[order[row]])
        to.day(f"items.{row}.bought", to.before(event, 100, 3000))
        to.amount(f"items.{row}.price", Decimal(int(to.rng.integers(2000, 240000))) / 100)
    table = tuple(
        (
            Question(f"items.{row}.description", "item", 2.4),
            Question(f"items.{row}.bought", "bought"),
            Question(f"items.{row}.price", "price", 1, "number"),
        )
        for row in range(_ROWS)
    )
    policy = (
        (_asked("policy_number"), Question("event.date", "event_date", 0.8), _asked("event.place")),
        (Question("event.kind", "kind", 1, "radio", options=kinds),),
        (Question("event.description", "description", 1, "block"),),
        tuple(_asked(f"event.{each}", 1, "tick") for each in ("police", "witnesses", "other_insurer")),
    )
    return (
        person,
        Section("policy", policy),
        Section("items", table, True),
        _payment(to, one.person),
        _signed(to, one.city),
    )


def _registration(to: Answers) -> tuple[Section, ...]:
    person, one = _person(to)
    new = to.party()
    to.maybe("person.nationality", to.pick(to.options("countries")), 0.8)
    to.address("previous", one)
    to.address("new", new)
    to.day("moved", to.before(to.signed, 1, 20))
    for row in range(int(to.rng.integers(1, _ROWS))):
        to.text(f"members.{row}.name", f"{to.party().person.partition(' ')[0]} {one.person.partition(' ')[2]}")
        born = to.before(to.signed, 400, 28000)
        to.day(f"members.{row}.born", born)
        age = (to.signed - born).days // 365
        to.text(f"members.{row}.relation", to.options("relations")[(age > 22) + (age > 55)])
    notices = to.options("notices")
    to.text("notice", to.pick(notices))
    to.tick("newsletter", 0.3)
    to.tick("terms", 0.95)
    rows = (*person.rows[:2], (_asked("person.nationality"), _asked("moved")))
    table = tuple(
        (
            Question(f"members.{row}.name", "name", 2),
            Question(f"members.{row}.born", "born"),
            Question(f"members.{row}.relation", "relation"),
        )
        for row in range(_ROWS)
    )
    ticks = (
        (Question("notice", "notice", 1.4, "radio", options=notices),),
        (_asked("newsletter", 1, "tick"), _asked("terms", 1, "tick")),
    )
    for path in [path for path in to.truth if path in ("person.street", "person.postcode", "person.city")]:
        del to.truth[path], to.values[path]
    return (
        Section("person", rows),
        Section("addresses", (_address_row(to, "previous"), _address_row(to, "new"))),
        Section("members", table, True),
        Section("notice", ticks),
        _signed(to, new.city),
    )


def _tax(to: Answers) -> tuple[Section, ...]:
    person, one = _person(to)
    to.text("tax_number", to.digits(11))
    to.text("year", str(to.signed.year - 1))
    sizes = {"salary": 6, "interest": 3, "rent": 4, "other": 3, "donations": 3, "insurance": 3}
    for name, digits in sizes.items():
        path = f"{'income' if name in ('salary', 'interest', 'rent', 'other') else 'costs'}.{name}"
        if name == "salary" or to.rng.random() < 0.6:
            to.amount(path, Decimal(int(to.rng.integers(10 ** (digits + 1), 6 * 10 ** (digits + 1)))) / 100)
        else:
            to.blank(path)
    distance = int(to.rng.integers(2, 60))
    to.values["costs.commuting"], to.truth["costs.commuting"] = str(distance), distance
    for path in ("joint", "refund", "first_time"):
        to.tick(path)
    head = ((Question("tax_number", "tax_number", 1.6, "comb", 11), Question("year", "year", 0.6, "comb", 4)),)
    income = tuple(_asked(f"income.{name}", 1, "number") for name in ("salary", "interest", "rent", "other"))
    costs = tuple(_asked(f"costs.{name}", 1, "number") for name in ("donations", "insurance", "commuting"))
    return (
        Section("person", head + person.rows),
        Section("income", (income[:2], income[2:])),
        Section("costs", (costs,)),
        Section("claims", (tuple(_asked(name, 1, "tick") for name in ("joint", "refund", "first_time")),)),
        _payment(to, one.person),
        _signed(to, one.city),
    )


def _nested(flat: Mapping[str, Json]) -> dict[str, Json]:
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, last = path.split(".")
        holder = tree
        for each in parents:
            holder = holder.setdefault(each, {})
        holder[last] = value
    return {key: _listed(each) for key, each in tree.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        built = {key: _listed(each) for key, each in value.items()}
        return list(built.values()) if all(key.isdigit() for key in built) else built
    return value
