"""What sundries say: menus, contracts, delivery notes, letters and other people's forms, drawn from a seed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator

from crumple_corpora.letters import Letters
from crumple_corpora.people import party

Rows: TypeAlias = tuple[tuple[str, ...], ...]
LOCALES = ("en_GB", "de_DE", "fr_FR", "nl_NL", "it_IT", "es_ES")
_FIRST_YEAR, _LAST_YEAR = 2019, 2025


@dataclass(frozen=True, slots=True)
class Sundry:
    """One document before it is written in any format.

    Attributes:
        kind: one of `KINDS`.
        title: its heading; "" where it has none.
        blocks: paragraphs and tables, in order; a table's first row is its header.
    """

    kind: str
    title: str
    blocks: tuple[str | Rows, ...]


def compose(kind: str, seed: Sequence[int]) -> Sundry:
    """One document of a kind, the same in every process."""
    return _COMPOSED[kind](np.random.default_rng(list(seed)))


def _menu(rng: Generator) -> Sundry:
    data = _data()["menu"]
    blocks: list[str | Rows] = []
    for section in data["sections"]:
        low, high = section["prices"]
        dishes = _some(rng, section["dishes"], 3)
        priced = tuple((dish, f"{rng.integers(2 * low, 2 * high) / 2:.2f}") for dish in dishes)
        blocks += [section["name"], (("dish", "price"), *priced)]
    return Sundry("menu", _pick(rng, data["places"]), (*blocks, _pick(rng, data["notes"])))


def _contract(rng: Generator) -> Sundry:
    data = _data()["contract"]
    first, second = (party(_pick(rng, LOCALES), int(rng.integers(2**32))) for _ in range(2))
    opening = data["opening"].format(
        first=f"{first.company}, {', '.join(first.lines)}", second=f"{second.company}, {', '.join(second.lines)}"
    )
    clauses = _some(rng, data["clauses"], 6)
    numbered = [f"§ {number} {heading}. {text}" for number, (heading, text) in enumerate(clauses, start=1)]
    signed = f"{first.city}, {rng.integers(1, 29)}.{rng.integers(1, 13)}.\n\n{first.person}\n{second.person}"
    return Sundry("contract", _pick(rng, data["titles"]), (opening, *numbered, signed))


def _delivery_note(rng: Generator) -> Sundry:
    data = _data()["delivery_note"]
    sender, receiver = (party(_pick(rng, LOCALES), int(rng.integers(2**32))) for _ in range(2))
    issued = f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.{rng.integers(_FIRST_YEAR, _LAST_YEAR + 1)}"
    head = (
        f"{sender.company}\n{chr(10).join(sender.lines)}",
        f"Deliver to\n{receiver.company}\n{chr(10).join(receiver.lines)}",
        f"Note {rng.integers(10_000, 99_999)} of {issued}, {rng.integers(1, 9)} parcels",
    )
    goods = tuple(
        (str(position), name, str(rng.integers(1, 60)), f"{rng.integers(100, 999)}-{rng.integers(10, 99)}")
        for position, name in enumerate(_some(rng, data["goods"], 5), start=1)
    )
    table = (("position", "goods", "pieces", "article"), *goods)
    return Sundry("delivery_note", _pick(rng, data["titles"]), (*head, table, _pick(rng, data["remarks"])))


def _application(rng: Generator) -> Sundry:
    data = _data()["application"]
    someone = party(_pick(rng, LOCALES), int(rng.integers(2**32)))
    first, _, last = someone.person.rpartition(" ")
    entries = (
        last,
        first,
        someone.lines[0],
        someone.city,
        str(rng.integers(_FIRST_YEAR, _LAST_YEAR + 1)),
        f"0{rng.integers(100, 999)} {rng.integers(10_000, 999_999)}",
        _pick(rng, data["professions"]),
        someone.person,
    )
    rows = (("entry", "filled in"), *zip(data["labels"], entries, strict=True))
    return Sundry("application", _pick(rng, data["titles"]), (_pick(rng, data["organisations"]), rows))


def _letter(rng: Generator) -> Sundry:
    letters = Letters(1, seed=int(rng.integers(2**31)))
    text = letters.load(letters.entries()[0].id).document.data.decode()
    return Sundry("letter", "", tuple(text.strip().split("\n\n")))


def _note(rng: Generator) -> Sundry:
    return Sundry("note", _pick(rng, _data()["note"]["words"]), ())


_COMPOSED: Mapping[str, Callable[[Generator], Sundry]] = {
    "menu": _menu,
    "contract": _contract,
    "application": _application,
    "letter": _letter,
    "delivery_note": _delivery_note,
    "note": _note,
}
KINDS = tuple(_COMPOSED)


@functools.cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("sundries.toml").read_text(encoding="utf-8"))


def _pick(rng: Generator, options: Sequence[Any]) -> Any:
    return options[int(rng.integers(len(options)))]


def _some(rng: Generator, options: Sequence[Any], least: int) -> list[Any]:
    """At least `least` of the options, in their own order."""
    count = int(rng.integers(least, len(options) + 1))
    return [options[at] for at in sorted(rng.permutation(len(options))[:count].tolist())]
