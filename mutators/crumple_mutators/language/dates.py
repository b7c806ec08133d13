"""Dates as other countries write them: names of months, other calendars, and orders that nothing proves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from numpy.random import Generator

from crumple import (
    ABSENT,
    CALENDARS,
    SAME,
    AnyOf,
    Degraded,
    Edit,
    Json,
    Ladder,
    NotApplicable,
    Place,
    Span,
    Text,
    Truth,
    dates_in,
    in_calendar,
    mutator,
)
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import in_longer_text, restated
from crumple_mutators.language.samples import LETTER
from crumple_mutators.selection import chosen

if TYPE_CHECKING:
    from babel import Locale

LOCALES: Final = (
    "ar_EG", "bg_BG", "bn_BD", "ca_ES", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR", "en_GB", "en_US", "es_ES",
    "et_EE", "fa_IR", "fi_FI", "fr_CA", "fr_FR", "he_IL", "hi_IN", "hu_HU", "hy_AM", "id_ID", "it_IT", "ja_JP", "ka_GE",
    "ko_KR", "lt_LT", "lv_LV", "nb_NO", "nl_NL", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sk_SK", "sl_SI", "sr_RS",
    "sv_SE", "ta_IN", "th_TH", "tr_TR", "uk_UA", "vi_VN", "zh_CN",
)  # fmt: skip
"""Whose dates are written out, as CLDR has them."""
_SLASHED: Final = re.compile(r"(?<![\w/])\d{1,2}/\d{1,2}/\d{2,4}(?![\w/])")
_NONE: Final = "it holds no date whose day and month are plain"


@mutator(
    "language.dates",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of dates", zero=0),
    examples=[LETTER],
)
def dates(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write dates out in another language: "5 de marzo de 2024", "5 марта 2024 г.", "2024년 3월 5일".

    Sent by whoever writes letters abroad. A month's name is never mistaken for a day: the answer is the same; text
    that holds dates may be given as it stands. Forty locales, as CLDR writes them. Ladder: a first guess,
    uncalibrated.
    """
    order = rng.permutation(len(LOCALES)).tolist()
    return _written(text, share, rng, truth, [_long_in(LOCALES[each]) for each in order])


def _long_in(locale: str) -> Callable[[date], str]:
    def write(day: date) -> str:
        from babel.dates import format_date  # heavy, and only where a date is written

        written: str = format_date(day, "long", locale=_parsed(locale))
        return written

    return write


@cache
def _parsed(locale: str) -> Locale:
    from babel import Locale  # heavy; looking a name up takes longer than writing a date

    return Locale.parse(locale)


@mutator(
    "language.era_dates",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of dates", zero=0),
    examples=[LETTER],
)
def era_dates(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write dates in the calendar of Japan, Taiwan, Thailand or Iran, as authorities and banks there do.

    "令和6年3月5日", "民國113年3月5日", "5 มีนาคม พ.ศ. 2567", "۱۵ اسفند ۱۴۰۲". The era or the month's name says which
    calendar it is, and arithmetic which day: the answer is the same. Few systems promise as much: refusing is fine.
    Ladder: a first guess, uncalibrated.
    """
    order = rng.permutation(len(CALENDARS)).tolist()
    return _written(text, share, rng, truth, [_in(CALENDARS[each]) for each in order])


def _in(calendar: str) -> Callable[[date], str]:
    def write(day: date) -> str:
        try:
            return in_calendar(day, calendar)
        except ValueError:  # before the calendar began
            return ""

    return write


def _written(
    text: Text, share: float, rng: Generator, truth: Truth, ways: list[Callable[[date], str]]
) -> Degraded[Text]:
    """The text with a share of its dates written in the first of some ways that can be."""
    prose = Prose.of(text)
    found = _dates(prose)
    for write in ways if found else ():
        new = [
            (span, written)
            for span, day in found
            if (written := write(day))
            and prose.admits(text.value[span.start : span.end], written)
            and writable(text, written)
        ]
        if new:
            changes = dict(new[each] for each in chosen(rng, len(new), share))
            return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))
    raise NotApplicable("its encoding has no way of writing its dates otherwise" if found else _NONE)


@mutator(
    "language.ambiguous_dates",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such dates", zero=0),
    examples=[LETTER],
)
def ambiguous_dates(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write dates up to the 12th with slashes, day first or month first, and nothing that proves which.

    Either reading is right when all are read alike, and so are the dates as they are written, and refusing. Sent by
    everybody who trades across the Atlantic. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    if _SLASHED.search(text.value):
        raise NotApplicable("other dates with slashes in it could prove the order")
    found = [(span, day) for span, day in _dates(prose) if day.day <= 12 and day.day != day.month]
    if not found:
        raise NotApplicable("it holds no date whose day could be a month")
    american = bool(rng.integers(2))
    picked = [found[each] for each in chosen(rng, len(found), share)]
    changes = {span: day.strftime("%m/%d/%Y" if american else "%d/%m/%Y") for span, day in picked}
    if in_longer_text(text.value, sorted(changes), truth):
        raise NotApplicable("a longer text of the right answer holds one of the dates")
    swapped: dict[Place, Json] = {
        span: day.replace(month=day.day, day=day.month).isoformat() for span, day in sorted(picked)
    }
    written: dict[Place, Json] = {span: changes[span] for span in sorted(changes)}
    truth = AnyOf(SAME, Edit(values=swapped), Edit(values=written))
    return Degraded(prose.replaced(changes), truth, touched=in_order(changes))


def _dates(prose: Prose) -> list[tuple[Span, date]]:
    """Every date that can be read in one way only, with where it stands."""
    value = prose.text.value
    return [found for run in prose.runs for found in dates_in(value, run.start, run.end)]
