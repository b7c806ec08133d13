"""Letters with truth in more than thirty languages and thirteen scripts, generated from a seed."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import Case, CrumpleError, Document, Entry, Json
from crumple_corpora.notation import Customs
from crumple_corpora.people import Party, party

# In an order that mixes scripts early, so that a small corpus has many of them.
LOCALES = (
    "en_GB", "ru_RU", "de_DE", "ar_SA", "ja_JP", "el_GR", "fr_FR", "hi_IN", "he_IL", "es_ES", "th_TH", "zh_CN", "pl_PL",
    "uk_UA", "ko_KR", "tr_TR", "cs_CZ", "it_IT", "bn_BD", "pt_BR", "fa_IR", "nl_NL", "ka_GE", "sv_SE", "hy_AM", "zh_TW",
    "de_CH", "vi_VN", "bg_BG", "en_US", "ro_RO", "fi_FI", "id_ID", "en_IN", "hu_HU", "da_DK", "fr_CA", "es_MX", "no_NO",
    "pt_PT", "fr_CH", "de_AT", "nl_BE",
)  # fmt: skip
_SENTENCES_OF_ITS_OWN = ("pt_BR", "zh_TW")
_ID = re.compile(r"letter-(\d{4,})\.txt")
_FIRST_DAY = dt.date(2023, 1, 2)
_DAYS = 1000
_MEDIA_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class Letters:
    """Business letters as UTF-8 text, the locales in turn, with names, addresses and notations of their countries.

    The truth has language (ISO 639-1), sender, company (the sender's), recipient, city (where the letter was
    written), date and deadline (ISO 8601; the letter prints them as its country does, in its calendar and digits),
    amount (a number; the letter prints it in the country's currency), reference and subject.

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
        """One entry a letter, tagged with its language and locale; nothing is composed for it."""
        return [
            Entry(name, _MEDIA_TYPE, name, True, _tags(_locale(index)))
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
        text, truth = _compose(np.random.default_rng([self.seed, index]), _locale(index))
        return Case(
            id=case_id,
            document=Document(text.encode(), _MEDIA_TYPE, case_id),
            truth=truth,
            tags=_tags(_locale(index)),
        )


def _locale(index: int) -> str:
    return LOCALES[(index - 1) % len(LOCALES)]


def _tags(locale: str) -> frozenset[str]:
    return frozenset({locale[:2], locale})


@functools.cache
def _style(locale: str) -> Mapping[str, Any]:
    """A locale's sentences and customs; bounded by the number of locales."""
    name = locale if locale in _SENTENCES_OF_ITS_OWN else locale[:2]
    text = files(__package__).joinpath("letter_languages", f"{name}.toml").read_text(encoding="utf-8")
    own = tomllib.loads(text)["locales"][locale]
    for there, here in own.get("replace", {}).items():
        text = text.replace(there, here)
    whole: Mapping[str, Any] = tomllib.loads(text)
    return {**whole, **own}


def customs(locale: str) -> Customs:
    """How letters of a locale print dates and amounts."""
    style = _style(locale)
    return Customs(
        style.get("babel", locale),
        style["currency"],
        whole=style.get("whole", False),
        money=style.get("money", ""),
        date=style.get("date", "{date}"),
        first_day=style.get("first_day", "1"),
        calendar=style.get("calendar", ""),
        digits=style.get("digits", ""),
    )


def _compose(rng: Generator, locale: str) -> tuple[str, Mapping[str, Json]]:
    style, printing = _style(locale), customs(locale)
    sender = party(locale, int(rng.integers(2**32)))
    recipient = party(locale, int(rng.integers(2**32)))
    date = _FIRST_DAY + dt.timedelta(days=int(rng.integers(_DAYS)))
    deadline = date + dt.timedelta(days=int(rng.integers(10, 60)))
    reference = f"{'ABKMT'[int(rng.integers(5))]}-{rng.integers(100, 999)}/{date.year}"
    topic = _pick(rng, style["topics"])
    amount = _amount(rng, style)
    truth = {
        "language": locale[:2],
        "sender": sender.person,
        "company": sender.company,
        "recipient": recipient.person,
        "city": sender.city,
        "date": date.isoformat(),
        "deadline": deadline.isoformat(),
        "amount": float(amount) if amount % 1 else int(amount),
        "reference": reference,
        "subject": topic["subject"],
    }
    blocks = [
        _address(sender),
        _address(recipient),
        style["place_and_date"].format(city=sender.city, date=printing.date_of(date)),
        f"{style['reference'].format(reference=reference)}\n{style['subject'].format(subject=topic['subject'])}",
        _pick(rng, style["greetings"]),
        _pick(rng, style["openings"]),
        *(_paragraph(paragraph, deadline=printing.date_of(deadline)) for paragraph in topic["paragraphs"]),
        _paragraph(_pick(rng, style["amounts"]), amount=printing.amount_of(amount)),
        _pick(rng, style["endings"]),
        f"{_pick(rng, style['closings'])}\n{sender.person}",
    ]
    return "\n\n".join(blocks) + "\n", truth


def _amount(rng: Generator, style: Mapping[str, Any]) -> Decimal:
    """A sum worth some 100 to 9,000 euros, in cents or, where nobody counts those, in hundreds of the currency."""
    cents = int(rng.integers(10_000, 900_000)) * Decimal(style.get("rate", 1))
    return round(cents / 10_000) * Decimal(100) if style.get("whole") else round(cents) / Decimal(100)


def _paragraph(pattern: str, **printed: str) -> str:
    # Where a date or an amount ends with an abbreviation, its full stop is the sentence's too.
    return pattern.format(**printed).replace("..", ".")


def _address(one: Party) -> str:
    return "\n".join((one.person, one.company, *one.lines))


def _pick(rng: Generator, options: Sequence[Any]) -> Any:
    return options[int(rng.integers(len(options)))]
