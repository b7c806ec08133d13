"""Where invoices come from: countries with their currency, tax and way of writing invoices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """Where a supplier is at home, and what follows from that.

    Attributes:
        locale: of its people and addresses.
        layout: which layout its invoices have.
        goods: the language that goods are described in.
        currency: ISO 4217.
        standard, reduced: VAT rates in percent.
        rate: of the currency to the euro, to scale prices with.
    """

    locale: str
    layout: str
    goods: str
    currency: str
    standard: Decimal
    reduced: Decimal
    rate: Decimal = Decimal(1)


def _market(locale: str, layout: str, goods: str, currency: str, rates: str, rate: str = "1") -> Market:
    standard, reduced = map(Decimal, rates.split("/"))
    return Market(locale, layout, goods, currency, standard, reduced, Decimal(rate))


# In turn, so that any four neighbouring invoices show all four layouts.
MARKETS = (
    _market("en_GB", "ledger", "en", "GBP", "20/5", "0.86"),
    _market("de_DE", "letter", "de", "EUR", "19/7"),
    _market("fr_FR", "band", "fr", "EUR", "20/5.5"),
    _market("nl_NL", "grid", "en", "EUR", "21/9"),
    _market("en_GB", "ledger", "en", "GBP", "20/5", "0.86"),
    _market("de_AT", "letter", "de", "EUR", "20/10"),
    _market("fr_FR", "band", "fr", "EUR", "20/5.5"),
    _market("sv_SE", "grid", "en", "SEK", "25/12", "11.2"),
    _market("en_GB", "ledger", "en", "GBP", "20/5", "0.86"),
    _market("de_CH", "letter", "de", "CHF", "8.1/2.6", "0.96"),
    _market("fr_FR", "band", "fr", "EUR", "20/5.5"),
    _market("it_IT", "grid", "en", "EUR", "22/10"),
    _market("en_GB", "ledger", "en", "GBP", "20/5", "0.86"),
    _market("de_DE", "letter", "de", "EUR", "19/7"),
    _market("fr_FR", "band", "fr", "EUR", "20/5.5"),
    _market("es_ES", "grid", "en", "EUR", "21/10"),
)
