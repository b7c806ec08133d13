"""How amounts and dates are printed."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from crumple import in_calendar

_ARABIC = "INDIC DIGIT ZERO"
_ARABIC_MARKS = str.maketrans(",.", "\u066c\u066b")


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
    from babel import Locale  # heavy, and only where a document is composed

    month = Locale.parse(language).months["format"]["wide"][date.month]
    return pattern.format(
        d=date.day, dd=f"{date.day:02d}", mm=f"{date.month:02d}", yyyy=date.year, month=month, mon=month[:3]
    )


@dataclass(frozen=True, slots=True)
class Customs:
    """How letters of a locale print dates and amounts: as CLDR has it, but for what letters do otherwise.

    Attributes:
        locale: as Babel calls it: "nb_NO".
        currency: ISO 4217.
        whole: whether amounts have no decimals.
        money: an amount around {number}; "" as CLDR has it.
        date: what stands around a {date}.
        first_day: how the first of a month is written: "1er".
        calendar: another one than the Gregorian, of `crumple.CALENDARS`; "" for that.
        digits: the ten digits; "" for ASCII.
    """

    locale: str
    currency: str
    whole: bool = False
    money: str = ""
    date: str = "{date}"
    first_day: str = "1"
    calendar: str = ""
    digits: str = ""

    def date_of(self, day: dt.date) -> str:
        """A date in words, in the locale's calendar and digits."""
        from babel.dates import format_date

        if self.calendar:
            # The year alone says which era it is.
            written = in_calendar(day, self.calendar).replace("พ.ศ. ", "")
        else:
            written = format_date(day, "long", locale=self.locale)
            if day.day == 1 and written.startswith("1 "):
                written = self.first_day + written[1:]
        return self._in_digits(self.date.format(date=written))

    def amount_of(self, amount: Decimal) -> str:
        """A sum of money with its currency."""
        from babel import Locale
        from babel.numbers import format_currency, format_decimal

        decimals = "" if self.whole else ".00"
        if self.money:
            number = format_decimal(amount, _grouped(self.locale) + decimals, locale=self.locale)
            if self.digits and unicodedata.name(self.digits[0]).endswith(_ARABIC):
                number = number.translate(_ARABIC_MARKS)
            return self._in_digits(self.money.format(number=number))
        pattern = Locale.parse(self.locale).currency_formats["standard"].pattern.replace(".00", decimals)
        written = format_currency(amount, self.currency, pattern, locale=self.locale, currency_digits=False)
        return self._in_digits(written)

    def _in_digits(self, written: str) -> str:
        return written.translate(str.maketrans("0123456789", self.digits)) if self.digits else written


def _grouped(locale: str) -> str:
    """The locale's groups of digits, as a pattern: "#,##0", "#,##,##0"."""
    from babel import Locale

    pattern: str = Locale.parse(locale).decimal_formats[None].pattern
    return pattern.partition(".")[0]
