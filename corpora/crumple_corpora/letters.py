"""Letters with truth in seventeen languages and ten scripts, generated from a seed."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import Case, CrumpleError, Document, Entry, Json
from crumple_corpora.people import Party, party

# In an order that mixes scripts early, so that a small corpus has many of them.
LANGUAGES = ("en", "ru", "de", "ar", "ja", "el", "fr", "hi", "he", "es", "th", "zh", "pl", "uk", "ko", "tr", "cs")
_ID = re.compile(r"letter-(\d{4,})\.txt")
_FIRST_DAY = dt.date(2023, 1, 2)
_DAYS = 1000
_MEDIA_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class Letters:
    """Business letters as UTF-8 text, the languages in turn, with names and addresses of their countries.

    The truth has language (ISO 639-1), sender, company (the sender's), recipient, city (where the letter was
    written), date and deadline (ISO 8601; the letter prints them as its country does), reference and subject.

    Attributes:
        count: how many letters. A larger corpus begins with the smaller one's.
        seed: 0 or more; another seed gives other letters.
    """

    count: int = 50
    seed: int = 0

    def __init__(self, count: int = 50, *, seed: int = 0) -> None:
        if count < 1:
            raise CrumpleError(f"count is 1 or more, got {count}", where="letters")
        if seed < 0:
            raise CrumpleError(f"seed is 0 or more, got {seed}", where="letters")
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "seed", seed)

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"letters, seed {self.seed}"

    def entries(self) -> Sequence[Entry]:
        """One entry a letter, tagged with its language; nothing is composed for it."""
        return [
            Entry(name, _MEDIA_TYPE, name, True, frozenset({_language(index)}))
            for index in range(1, self.count + 1)
            for name in [f"letter-{index:04d}.txt"]
        ]

    def load(self, case_id: str) -> Case:
        """Compose one letter.

        Raises:
            CrumpleError: there is no such case.
        """
        match = _ID.fullmatch(case_id)
        index = int(match[1]) if match else 0
        if not 1 <= index <= self.count or case_id != f"letter-{index:04d}.txt":
            raise CrumpleError(
                f"no case {case_id!r}",
                where=self.name,
                hint=f"Its cases are letter-0001.txt to letter-{self.count:04d}.txt.",
            )
        text, truth = _compose(np.random.default_rng([self.seed, index]), _language(index))
        return Case(
            id=case_id,
            document=Document(text.encode(), _MEDIA_TYPE, case_id),
            truth=truth,
            tags=frozenset({_language(index)}),
        )


def _language(index: int) -> str:
    return LANGUAGES[(index - 1) % len(LANGUAGES)]


@functools.cache
def _style(language: str) -> Mapping[str, Any]:
    """A language's sentences and customs; bounded by the number of languages."""
    place = files(__package__).joinpath("letter_languages", f"{language}.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))


def _compose(rng: Generator, language: str) -> tuple[str, Mapping[str, Json]]:
    style = _style(language)
    sender = party(style["locale"], int(rng.integers(2**32)))
    recipient = party(style["locale"], int(rng.integers(2**32)))
    date = _FIRST_DAY + dt.timedelta(days=int(rng.integers(_DAYS)))
    deadline = date + dt.timedelta(days=int(rng.integers(10, 60)))
    reference = f"{'ABKMT'[int(rng.integers(5))]}-{rng.integers(100, 999)}/{date.year}"
    topic = _pick(rng, style["topics"])
    truth = {
        "language": language,
        "sender": sender.person,
        "company": sender.company,
        "recipient": recipient.person,
        "city": sender.city,
        "date": date.isoformat(),
        "deadline": deadline.isoformat(),
        "reference": reference,
        "subject": topic["subject"],
    }
    printed = {"city": sender.city, "date": printed_date(date, style)}
    blocks = [
        _address(sender),
        _address(recipient),
        style["place_and_date"].format(**printed),
        f"{style['reference'].format(reference=reference)}\n{style['subject'].format(subject=topic['subject'])}",
        _pick(rng, style["greetings"]),
        _pick(rng, style["openings"]),
        *(_paragraph(paragraph, printed_date(deadline, style)) for paragraph in topic["paragraphs"]),
        _pick(rng, style["endings"]),
        f"{_pick(rng, style['closings'])}\n{sender.person}",
    ]
    return "\n\n".join(blocks) + "\n", truth


def printed_date(date: dt.date, style: Mapping[str, Any]) -> str:
    """A date as a language's letters write it: month's name, calendar and digits of its own."""
    first = style.get("first_day", "1")
    text: str = style["date"].format(
        day=first if date.day == 1 else date.day,
        month=style["months"][date.month - 1],
        year=date.year + style.get("year_offset", 0),
    )
    digits = style.get("digits")
    return text.translate(str.maketrans("0123456789", digits)) if digits else text


def _paragraph(pattern: str, deadline: str) -> str:
    # Where a date ends with an abbreviation, its full stop is the sentence's too.
    return pattern.format(deadline=deadline).replace("..", ".")


def _address(one: Party) -> str:
    return "\n".join((one.person, one.company, *one.lines))


def _pick(rng: Generator, options: Sequence[Any]) -> Any:
    return options[int(rng.integers(len(options)))]
