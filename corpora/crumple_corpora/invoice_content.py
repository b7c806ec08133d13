"""What an invoice says: drawn from a seed and a number, in exact amounts that add up; no drawing here."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import Json
from crumple_corpora.markets import MARKETS, Market
from crumple_corpora.people import Party, party

CENT = Decimal("0.01")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_FIRST_DAY = dt.date(2023, 1, 2)
_DAYS = 1090
# Shares of production volume: most invoices are one page, a few run on.
_ONE_PAGE = 10
_LONG_SHARE, _TWO_PAGE_SHARE = 0.04, 0.14


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice; amounts before tax, `rate` in percent."""

    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times unit price, to the cent."""
        return to_cent(self.quantity * self.unit_price)


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice. Texts can be set in cp1252, which is what a PDF's standard fonts have.

    Attributes:
        number: as the supplier numbers invoices; no two of one seed are alike.
        variant: a number in [0, 1) that the layout may vary its notation by.
        references: further numbers that are printed, by kind: "order", "customer", "vat_id", "iban", "phone".
    """

    number: str
    date: dt.date
    due: dt.date
    supplier: str
    supplier_at: Party
    customer: str
    customer_at: Party
    market: Market
    lines: tuple[Line, ...]
    references: Mapping[str, str]
    variant: float

    @property
    def net(self) -> Decimal:
        """The sum of all lines before tax."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """(rate in percent, net at that rate, tax), lowest rate first."""
        rates = sorted({line.rate for line in self.lines})
        nets = [sum((line.amount for line in self.lines if line.rate == rate), Decimal(0)) for rate in rates]
        return tuple((rate, net, to_cent(net * rate / 100)) for rate, net in zip(rates, nets, strict=True))

    @property
    def vat(self) -> Decimal:
        """All tax."""
        return sum((tax for _, _, tax in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.vat

    def truth(self) -> dict[str, Json]:
        """Everything that a reader of the whole invoice can know."""
        return {
            "number": self.number,
            "date": self.date.isoformat(),
            "supplier": self.supplier,
            "customer": self.customer,
            "currency": self.market.currency,
            "net": number(self.net),
            "vat": number(self.vat),
            "total": number(self.total),
            "lines": [
                {
                    "description": line.description,
                    "quantity": number(line.quantity),
                    "unit_price": number(line.unit_price),
                    "amount": number(line.amount),
                }
                for line in self.lines
            ],
        }


def number(value: Decimal) -> int | float:
    """A decimal as a JSON number, whole ones as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


def to_cent(value: Decimal) -> Decimal:
    """Rounded to the cent, halves away from zero, as invoices are."""
    return value.quantize(CENT, ROUND_HALF_UP)


def line_count(seed: int, index: int) -> int:
    """How many lines the invoice has: the first thing drawn, so that listing a corpus composes nothing."""
    return _line_count(_generator(seed, index))


def fits_one_page(lines: int) -> bool:
    """Whether an invoice with so many lines is one page in every layout."""
    return lines <= _ONE_PAGE


@functools.lru_cache(maxsize=64)
def compose(seed: int, index: int) -> Invoice:
    """The invoice with this number, the same in every process.

    Args:
        seed: of the corpus.
        index: counts from 1.
    """
    rng = _generator(seed, index)
    count = _line_count(rng)
    market = MARKETS[(index - 1) % len(MARKETS)]
    others = [other.locale for other in MARKETS if other.locale != market.locale]
    abroad = rng.random() < 0.2
    customer_at = party(others[rng.integers(len(others))] if abroad else market.locale, _seed(rng))
    supplier_at = party(market.locale, _seed(rng))
    trades = _goods()[market.goods]
    trade = trades[int(rng.integers(len(trades)))]
    first, second = supplier_at.surnames
    supplier = _pick(rng, trade["name"]).replace("<a>", first).replace("<b>", second)
    date = _FIRST_DAY + dt.timedelta(days=int(rng.integers(_DAYS)))
    return Invoice(
        number=_number(rng, market.layout, date, index),
        date=date,
        due=date + dt.timedelta(days=int(_pick(rng, (14, 21, 30)))),
        supplier=supplier + _LEGAL_FORMS.get(market.locale, "") * (not _has_form(supplier)),
        supplier_at=supplier_at,
        # A private customer now and then: nothing but a person's name.
        customer=customer_at.person if rng.random() < 0.2 else customer_at.company,
        customer_at=customer_at,
        market=market,
        lines=_lines(rng, trade, count, market),
        references=_references(rng, market.locale),
        variant=float(rng.random()),
    )


_LEGAL_FORMS = {"en_GB": " Ltd", "nl_NL": " B.V.", "sv_SE": " AB", "it_IT": " S.r.l.", "es_ES": " S.L."}


def _has_form(name: str) -> bool:
    return name.endswith(("GmbH", "KG", "OHG", "SAS"))


def _generator(seed: int, index: int) -> Generator:
    return np.random.default_rng([seed, index])


def _seed(rng: Generator) -> int:
    return int(rng.integers(2**32))


def _pick(rng: Generator, options: Sequence[Any]) -> Any:
    return options[int(rng.integers(len(options)))]


def _line_count(rng: Generator) -> int:
    share = rng.random()
    if share < _LONG_SHARE:
        return int(rng.integers(56, 66))
    if share < _LONG_SHARE + _TWO_PAGE_SHARE:
        return int(rng.integers(26, 34))
    return int(rng.integers(1, _ONE_PAGE + 1))


@functools.cache
def _goods() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return tomllib.loads(files(__package__).joinpath("goods.toml").read_text(encoding="utf-8"))


def _number(rng: Generator, layout: str, date: dt.date, index: int) -> str:
    serial = index * 7 + int(rng.integers(7))
    match layout:
        case "ledger":
            return f"INV-{20000 + serial}"
        case "letter":
            return f"RE-{date.year}-{serial:05d}"
        case "band":
            return f"FA{date:%y%m}/{serial:04d}"
        case _:
            return f"{date.year}{serial:06d}"


def _references(rng: Generator, locale: str) -> dict[str, str]:
    country = locale[-2:]
    return {
        "order": f"{_pick(rng, ('PO', 'B', 'AB'))}-{rng.integers(10_000, 99_999)}",
        "customer": str(rng.integers(10_000, 69_999)),
        "vat_id": f"{country}{rng.integers(10**8, 10**9)}",
        "iban": _iban(country, "".join(map(str, rng.integers(10, size=18)))),
        "phone": f"+{_DIALLING[country]} {rng.integers(20, 99)} {rng.integers(100, 999)} {rng.integers(1000, 9999)}",
    }


_DIALLING = {"GB": 44, "DE": 49, "AT": 43, "CH": 41, "FR": 33, "NL": 31, "SE": 46, "IT": 39, "ES": 34}


def _iban(country: str, account: str) -> str:
    """An account number whose check digits hold (ISO 13616), in groups of four."""
    digits = "".join(str(int(character, 36)) for character in account + country) + "00"
    plain = f"{country}{98 - int(digits) % 97:02d}{account}"
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _lines(rng: Generator, trade: Mapping[str, Any], count: int, market: Market) -> tuple[Line, ...]:
    """Lines that differ in their descriptions, so that none can be taken for another."""
    offers = [(text, step, item) for item in trade["items"] for text, step in _variants(item[0])]
    chosen = [offers[at] for at in rng.permutation(len(offers))[:count]]
    return tuple(_line(rng, text, step, item, market) for text, step, item in chosen)


def _variants(text: str) -> list[tuple[str, float]]:
    """What a pattern such as "Jam, {340 g|3 kg}" stands for, each with its place among the last choice in [0, 1]."""
    parts = _CHOICE.split(text)  # plain, choices, plain, ...
    options = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    last = options[-2] if len(options) > 1 else [""]
    return [
        ("".join(chosen), last.index(chosen[-2]) / max(1, len(last) - 1) if len(options) > 1 else 0.5)
        for chosen in itertools.product(*options)
    ]


def _line(rng: Generator, text: str, step: float, item: Sequence[Any], market: Market) -> Line:
    _, unit, low, high, rate = item
    # Choices go from small to large: the larger pack is the dearer one.
    share = Decimal(f"{0.8 * step**1.5 + 0.2 * rng.random():.4f}")
    price = Decimal(str(low)) + share * (Decimal(str(high)) - Decimal(str(low)))
    quantity = Decimal(int(rng.integers(2, 65))) / 4 if unit in _FINE_UNITS else _whole(rng, unit)
    vat = market.reduced if rate == "r" else market.standard
    return Line(text, unit, quantity, to_cent(price * market.rate), vat)


_FINE_UNITS = ("h", "kg", "m²", "m")
_SINGLE_UNITS = ("flat", "psch", "forf.", "yr")


def _whole(rng: Generator, unit: str) -> Decimal:
    count = int(_pick(rng, (1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 20, 25)))
    return Decimal(1 if unit in _SINGLE_UNITS else count)
