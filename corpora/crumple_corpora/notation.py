"""How amounts and dates are printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

MONTHS = {
    language: tuple(names.split())
    for language, names in {
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Notation:
    """What stands between a number's groups of three and before its decimals."""

    group: str
    point: str

    def amount(self, value: Decimal) -> str:
        """Two decimals, grouped: 1,234.50."""
        return f"{value:,.2f}".translate({ord(","): self.group, ord("."): self.point})

    def quantity(self, value: Decimal) -> str:
        """As many decimals as it takes, none for whole numbers: 12, 7.5."""
        return f"{value:f}".rstrip("0").rstrip(".").replace(".", self.point) if value % 1 else f"{value:.0f}"


def printed_date(date: dt.date, pattern: str, language: str) -> str:
    """A date after a pattern: {d} {dd} {mm} {yyyy}, {month} and {mon} in the language's words."""
    month = MONTHS[language][date.month - 1]
    return pattern.format(
        d=date.day, dd=f"{date.day:02d}", mm=f"{date.month:02d}", yyyy=date.year, month=month, mon=month[:3]
    )
