"""Answers to a form as they are made up: each as it is written, and as the truth has it."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from numpy.random import Generator

from crumple import Json
from crumple_corpora.notation import Notation, printed_date
from crumple_corpora.people import Party, party

_FIRST_DAY, _DAYS = dt.date(2023, 1, 9), 900


@functools.cache
def words() -> Mapping[str, Any]:
    """What is printed in every language."""
    return tomllib.loads(files(__package__).joinpath("forms.toml").read_text(encoding="utf-8"))


class Answers:
    """What somebody of one country fills in on one day.

    Attributes:
        values: the answers as they are written, by path; ticks are True.
        truth: what is right, by path.
    """

    def __init__(self, rng: Generator, language: str) -> None:
        self.rng, self.language, self.style = rng, language, words()[language]
        self.values: dict[str, str | bool] = {}
        self.truth: dict[str, Json] = {}
        locales = self.style["locales"]
        self.locale = locales[int(rng.integers(len(locales)))]
        self.signed = _FIRST_DAY + dt.timedelta(days=int(rng.integers(_DAYS)))

    def text(self, path: str, value: str) -> None:
        """An answer in words."""
        self.values[path], self.truth[path] = value, value

    def blank(self, path: str) -> None:
        """A question that was left open."""
        self.truth[path] = None

    def maybe(self, path: str, value: str, share: float = 0.7) -> None:
        """What not everybody fills in."""
        if self.rng.random() < share:
            self.text(path, value)
        else:
            self.blank(path)

    def day(self, path: str, value: dt.date) -> None:
        """A date, written as the country does."""
        self.values[path] = printed_date(value, self.style["date"], "en")
        self.truth[path] = value.isoformat()

    def amount(self, path: str, value: Decimal) -> None:
        """A sum of money, likewise."""
        self.values[path] = Notation(self.style["group"], self.style["point"]).amount(value)
        self.truth[path] = float(value)

    def tick(self, path: str, share: float = 0.5) -> None:
        """A box that this share of people tick."""
        ticked = bool(self.rng.random() < share)
        self.truth[path] = ticked
        if ticked:
            self.values[path] = True

    def pick(self, options: Sequence[str]) -> str:
        """One of several."""
        return options[int(self.rng.integers(len(options)))]

    def party(self) -> Party:
        """Somebody of the country."""
        return party(self.locale, int(self.rng.integers(2**32)))

    def before(self, date: dt.date, least: int, most: int) -> dt.date:
        """A day so many days before another."""
        return date - dt.timedelta(days=int(self.rng.integers(least, most)))

    def options(self, name: str) -> tuple[str, ...]:
        """What the language prints to choose from."""
        return tuple(self.style[name])

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(map(str, self.rng.integers(0, 10, count).tolist()))

    def address(self, path: str, one: Party) -> None:
        """Somebody's address, in three answers."""
        rest = " ".join(one.lines[1:]).replace(one.city, " ").replace(",", " ")
        self.text(f"{path}.street", one.lines[0])
        self.text(f"{path}.postcode", " ".join(rest.split()))
        self.text(f"{path}.city", one.city)
