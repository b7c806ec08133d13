"""Digits, dates and numbers as other countries write them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from numpy.random import Generator

from crumple import SAME, AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Span, Text, mutator
from crumple_mutators.language.prose import Prose
from crumple_mutators.language.tongues import LETTER, writable
from crumple_mutators.language.words import DATE_STYLES, months
from crumple_mutators.selection import chosen

_NUMERAL: Final = re.compile(r"(?<![\w@#])(?<!\w[-./_])[0-9]++(?:[.,:/-][0-9]++)*+(?![\w@]|[-/]\w)")
_SYSTEMS: Final = tuple(
    str.maketrans("0123456789", "".join(chr(zero + digit) for digit in range(10)))
    for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)
)
"""Arabic-Indic, Persian, Devanagari, Bengali, Thai, full-width; each is ten code points from its zero."""

_DECIMAL: Final = re.compile(
    r"(?<![\w.,:/'\u00a0\u202f-])(?P<whole>[0-9]{1,3}(?:(?P<group>[.,'\u00a0\u202f])[0-9]{3})(?:(?P=group)[0-9]{3})*+|[0-9]++)"
    r"(?P<mark>[.,])(?P<decimals>[0-9]++)(?!\w|[.,:/'-][0-9])"
)
_HEADING: Final = re.compile(r"[ \t]+[^\W\d_]")
_NOTATIONS: Final = ((".", ","), ("\u00a0", ","), ("\u202f", ","), ("'", "."), (",", "."))
"""Between thousands, and before decimals."""
_WHOLE: Final = re.compile(
    r"(?:(?<=[:=€$£\t|>\"])|(?<=[:=€$£|] )|(?<=EUR )|(?<=USD )|(?<=GBP ))(?P<number>[1-9][0-9]{3,5})"
    r"(?=[ \t]*(?:$|[\r\n\t|<;]|(?:EUR|USD|GBP|CHF|€|kg|km|pcs|units)(?!\w)))",
    re.MULTILINE,
)
_SLASHED: Final = re.compile(r"(?<![\w/])\d{1,2}/\d{1,2}/\d{2,4}(?![\w/])")


@mutator("language.digits", share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of numbers", zero=0), examples=[LETTER])
def digits(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write numbers in the digits of another script, as keyboards and templates of other countries do.

    Arabic-Indic, Persian, Devanagari, Bengali, Thai or full-width, one of them a document. Each is a decimal digit
    with a value of its own: the answer is the same. Numbers that are part of a word or code stay. Ladder: a first
    guess, uncalibrated.
    """
    prose = Prose.of(text)
    numbers = prose.find(_NUMERAL)
    if not numbers:
        raise NotApplicable("it holds no number that stands alone")
    system = _SYSTEMS[int(rng.integers(len(_SYSTEMS)))]
    picked = (numbers[each] for each in chosen(rng, len(numbers), share))
    changes = {Span(*match.span()): match.group().translate(system) for match in picked}
    return Degraded(prose.replaced(changes), touched=sorted(changes))


@mutator("language.dates", share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of dates", zero=0), examples=[LETTER])
def dates(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write dates out with the name of the month in another language: "5 de marzo de 2024", "5 марта 2024".

    Sent by whoever writes letters abroad. A name is never mistaken for a day: the answer is the same. Ladder: a first
    guess, uncalibrated.
    """
    prose = Prose.of(text)
    found = list(_dates(prose))
    tongues = list(months())
    for tongue in [tongues[each] for each in rng.permutation(len(tongues)).tolist()]:
        new = [
            (span, written)
            for span, day in found
            if prose.admits(text.value[span.start : span.end], written := _written_out(day, tongue))
            and writable(text, written)
        ]
        if new:
            changes = dict(new[each] for each in chosen(rng, len(new), share))
            return Degraded(prose.replaced(changes), touched=sorted(changes))
    raise NotApplicable("it holds no date whose day and month are plain")


def _written_out(day: date, tongue: str) -> str:
    style = DATE_STYLES.get(tongue, DATE_STYLES["en"])
    return style.format(day=day.day, month=months()[tongue][day.month - 1], year=day.year)


@mutator(
    "language.ambiguous_dates",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such dates", zero=0),
    examples=[LETTER],
)
def ambiguous_dates(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write dates up to the 12th with slashes, day first or month first, and nothing that proves which.

    Either reading is right when all are read alike, and refusing is. Sent by everybody who trades across the
    Atlantic. Ladder: a first guess, uncalibrated.
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
    swapped: dict[Place, Json] = {
        span: day.replace(month=day.day, day=day.month).isoformat() for span, day in sorted(picked)
    }
    return Degraded(prose.replaced(changes), AnyOf(SAME, Edit(values=swapped)), touched=sorted(changes))


@functools.cache
def _month_numbers() -> dict[str, int]:
    return {name.casefold(): number for names in months().values() for number, name in enumerate(names, 1)}


@functools.cache
def _date_pattern() -> re.Pattern[str]:
    month = "|".join(re.escape(name) for name in sorted(_month_numbers(), key=lambda name: (-len(name), name)))
    return re.compile(
        r"(?<![\w./-])(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4})"
        rf"|(\d{{1,2}})\.? (?:de )?({month}) (?:de )?(\d{{4}})|({month}) (\d{{1,2}}),? (\d{{4}}))(?![\w/-]|\.\d)",
        re.IGNORECASE,
    )


def _dates(prose: Prose) -> Iterator[tuple[Span, date]]:
    """Every date that can be read in one way only, with where it stands."""
    for match in prose.find(_date_pattern()):
        iso, dotted, named, american = (match.groups()[at : at + 3] for at in (0, 3, 6, 9))
        if iso[0]:
            year, month, day = map(int, iso)
        elif dotted[0]:
            day, month, year = map(int, dotted)
        elif named[0]:
            day, month, year = int(named[0]), _month_numbers()[named[1].casefold()], int(named[2])
        else:
            month, day, year = _month_numbers()[american[0].casefold()], int(american[1]), int(american[2])
        try:
            yield Span(*match.span()), date(year, month, day)
        except ValueError:
            continue


@mutator(
    "language.numbers", share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such numbers", zero=0), examples=[LETTER]
)
def numbers(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write numbers with the marks of another country: "1.234,50", "1 234,50" with a no-break space, "1'234.50".

    Only numbers that prove by themselves which mark is which, before and after, so the answer is the same. Tables
    have `table.decimal_comma`. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text, ("plain", "markup", "record"))
    found = [match for match in prose.find(_DECIMAL) if _plain(match) and not _is_heading(match)]
    if not found:
        raise NotApplicable("it holds no number with decimals that proves its own notation")
    for notation in rng.permutation(len(_NOTATIONS)).tolist():
        new = [(Span(*match.span()), match.group(), _localised(match, *_NOTATIONS[notation])) for match in found]
        able = [(span, number) for span, old, number in new if number and prose.admits(old, number)]
        able = [(span, number) for span, number in able if writable(text, number)]
        if able:
            changes = dict(able[each] for each in chosen(rng, len(able), share))
            return Degraded(prose.replaced(changes), touched=sorted(changes))
    raise NotApplicable("no other notation of its numbers would be clear, or could be written in its encoding")


def _plain(match: re.Match[str]) -> bool:
    """Whether a number can be read in one way only."""
    whole, group, mark = match["whole"], match["group"], match["mark"]
    if group == mark or re.match(r"0\d", whole):
        return False
    return bool(group) or len(match["decimals"]) != 3 or len(whole) > 3 or whole == "0"


def _is_heading(match: re.Match[str]) -> bool:
    """Whether it numbers a heading: "1.2 Scope"."""
    at = match.start()
    return (at == 0 or match.string[at - 1] in "\r\n") and bool(_HEADING.match(match.string, match.end()))


def _localised(match: re.Match[str], group: str, mark: str) -> str:
    whole = re.sub(r"\D", "", match["whole"])
    grouped = f"{int(whole):,}".replace(",", group)
    # Three decimals behind up to three digits could be thousands in the new notation.
    unclear = grouped == whole and len(match["decimals"]) == 3 and whole != "0"
    return "" if unclear else f"{grouped}{mark}{match['decimals']}"


@mutator(
    "language.ambiguous_numbers",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such numbers", zero=0),
    examples=[("order.txt", "Order: A-17\nQuantity: 1250\nWeight: 4800 kg\nLimit: 20000\n")],
)
def ambiguous_numbers(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a point between the thousands of whole numbers where nothing proves what it means: "1.250".

    It may be 1250 or 1.25: either is right when all are read alike, and refusing is. Where a decimal comma stands in
    the text it would be proved, and this does not apply. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text, ("plain", "markup", "record"))
    if any(match["mark"] == "," for match in prose.find(_DECIMAL)):
        raise NotApplicable("a decimal comma in it proves what a point means")
    found = prose.find(_WHOLE)
    if not found:
        raise NotApplicable("no whole number between 1000 and 999999 stands after a label or before a unit")
    picked = [found[each] for each in chosen(rng, len(found), share)]
    changes = {Span(*match.span("number")): f"{match['number'][:-3]}.{match['number'][-3:]}" for match in picked}
    decimals: dict[Place, Json] = {span: float(number) for span, number in sorted(changes.items())}
    return Degraded(prose.replaced(changes), AnyOf(SAME, Edit(values=decimals)), touched=sorted(changes))
