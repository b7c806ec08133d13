"""Numbers and currencies as other countries write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, SAME, AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Span, Text, Truth, mutator
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import in_longer_text, restated
from crumple_mutators.language.samples import LETTER
from crumple_mutators.selection import chosen

_NUMERAL: Final = re.compile(r"(?<![\w@#])(?<!\w[-./_])[0-9]++(?:[.,:/-][0-9]++)*+(?![\w@]|[-/]\w)")
_SYSTEMS: Final = tuple(
    str.maketrans("0123456789", "".join(chr(zero + digit) for digit in range(10)))
    for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)
)
"""Arabic-Indic, Persian, Devanagari, Bengali, Thai, full-width; each is ten code points from its zero."""

_DECIMAL: Final = re.compile(
    r"(?<![\w.,:/'’\u00a0\u202f-])"
    r"(?P<whole>[0-9]{1,3}(?:(?P<group>[.,'’\u00a0\u202f])[0-9]{3})(?:(?P=group)[0-9]{3})*+|[0-9]{1,15}+)"
    r"(?P<mark>[.,])(?P<decimals>[0-9]++)(?!\w|[.,:/'’-][0-9])"
)
_HEADING: Final = re.compile(r"[ \t]+[^\W\d_]")
_WHOLE: Final = re.compile(
    r"(?:(?<=[:=€$£\t|>\"])|(?<=[:=€$£|] )|(?<=EUR )|(?<=USD )|(?<=GBP ))(?P<number>[1-9][0-9]{3,5})"
    r"(?=[ \t]*(?:$|[\r\n\t|<;]|(?:EUR|USD|GBP|CHF|€|kg|km|pcs|units)(?!\w)))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Notation:
    """What stands between a number's groups and before its decimals; Indian groups are of two but for the last."""

    group: str
    mark: str
    indian: bool = False
    digits: str = ""

    def write(self, whole: int, decimals: str) -> str:
        """A number in this notation."""
        grouped = _lakhs(whole) if self.indian else f"{whole:,}"
        written = f"{grouped.replace(',', self.group)}{self.mark}{decimals}"
        return written.translate(str.maketrans("0123456789", self.digits)) if self.digits else written


_NOTATIONS: Final = (
    _Notation(".", ","),  # Germany, Italy, Brazil, Turkey, Indonesia
    _Notation("\u00a0", ","),  # Poland, Russia, Sweden, Portugal
    _Notation("\u202f", ","),  # France
    _Notation("’", "."),  # Switzerland, as printed
    _Notation("'", "."),  # and as typed
    _Notation(",", "."),  # Britain, China, Israel
    _Notation(",", ".", indian=True),  # India, Bangladesh
    _Notation("\u066c", "\u066b", digits="٠١٢٣٤٥٦٧٨٩"),  # Egypt, Saudi Arabia
)


def _lakhs(whole: int) -> str:
    head, tail = divmod(whole, 1000)
    if not head:
        return str(tail)
    return re.sub(r"(?<=\d)(?=(?:\d\d)+$)", ",", str(head)) + f",{tail:03d}"


@mutator(
    "language.digits",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of numbers", zero=0),
    examples=[LETTER],
)
def digits(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write numbers in the digits of another script, as keyboards and templates of other countries do.

    Arabic-Indic, Persian, Devanagari, Bengali, Thai or full-width, one of them a document. Each is a decimal digit
    with a value of its own: the answer is the same; text that holds numbers may be given as it stands. Numbers that
    are part of a word or code stay. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    numbers = prose.find(_NUMERAL)
    if not numbers:
        raise NotApplicable("it holds no number that stands alone")
    system = _SYSTEMS[int(rng.integers(len(_SYSTEMS)))]
    picked = (numbers[each] for each in chosen(rng, len(numbers), share))
    changes = {Span(*match.span()): match.group().translate(system) for match in picked}
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))


@mutator(
    "language.numbers",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such numbers", zero=0),
    examples=[LETTER],
)
def numbers(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write numbers with the marks of another country, as whoever works there types them.

    "1.234,50", "1 234,50" with a no-break space, narrow or not, Swiss "1’234.50", Indian "12,34,567.50", Arabic
    "١٬٢٣٤٫٥٠". Only numbers that prove by themselves which mark is which, before and after, so the answer is the
    same; text that holds them may be given as it stands. Tables have `table.decimal_comma`. Ladder: a first guess,
    uncalibrated.
    """
    prose = Prose.of(text, ("plain", "markup", "record", "mail"))
    found = [match for match in prose.find(_DECIMAL) if _proves_itself(match) and not _is_heading(match)]
    if not found:
        raise NotApplicable("it holds no number with decimals that proves its own notation")
    for notation in rng.permutation(len(_NOTATIONS)).tolist():
        new = [(Span(*match.span()), match.group(), _localised(match, _NOTATIONS[notation])) for match in found]
        able = [(span, number) for span, old, number in new if number and prose.admits(old, number)]
        able = [(span, number) for span, number in able if writable(text, number)]
        if able:
            changes = dict(able[each] for each in chosen(rng, len(able), share))
            return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))
    raise NotApplicable("no other notation of its numbers would be clear, or could be written in its encoding")


def _proves_itself(match: re.Match[str]) -> bool:
    """Whether a number can be read in one way only."""
    whole, group, mark = match["whole"], match["group"], match["mark"]
    if group == mark or re.match(r"0\d", whole):
        return False
    return bool(group) or len(match["decimals"]) != 3 or len(whole) > 3 or whole == "0"


def _is_heading(match: re.Match[str]) -> bool:
    """Whether it numbers a heading: "1.2 Scope"."""
    at = match.start()
    return (at == 0 or match.string[at - 1] in "\r\n") and bool(_HEADING.match(match.string, match.end()))


def _localised(match: re.Match[str], notation: _Notation) -> str:
    whole = int("".join(sign for sign in match["whole"] if sign.isdecimal()))
    # Three decimals behind up to three digits could be thousands in the new notation.
    unclear = 0 < whole < 1000 and len(match["decimals"]) == 3 and notation.mark in ".,"
    return "" if unclear else notation.write(whole, match["decimals"])


@mutator(
    "language.ambiguous_numbers",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such numbers", zero=0),
    examples=[("order.txt", "Order: A-17\nQuantity: 1250\nWeight: 4800 kg\nLimit: 20000\n")],
)
def ambiguous_numbers(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a point between the thousands of whole numbers where nothing proves what it means: "1.250".

    Sent by whoever types a German number into an English form. It may be 1250 or 1.25: either is right when all are
    read alike, and refusing is. Where a decimal comma stands in the text it would be proved, and this does not apply.
    Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text, ("plain", "markup", "record", "mail"))
    if any(match["mark"] == "," for match in prose.find(_DECIMAL)):
        raise NotApplicable("a decimal comma in it proves what a point means")
    found = prose.find(_WHOLE)
    if not found:
        raise NotApplicable("no whole number between 1000 and 999999 stands after a label or before a unit")
    picked = [found[each] for each in chosen(rng, len(found), share)]
    changes = {Span(*match.span("number")): f"{match['number'][:-3]}.{match['number'][-3:]}" for match in picked}
    if in_longer_text(text.value, sorted(changes), truth):
        raise NotApplicable("a longer text of the right answer holds one of the numbers")
    decimals: dict[Place, Json] = {span: float(number) for span, number in sorted(changes.items())}
    return Degraded(prose.replaced(changes), AnyOf(SAME, Edit(values=decimals)), touched=in_order(changes))


_CURRENCIES: Final = {
    "EUR": ("€", "Euro", "euros"), "GBP": ("£",), "INR": ("₹",), "ILS": ("₪",), "KRW": ("₩",), "TRY": ("₺",),
    "UAH": ("₴",), "VND": ("₫",), "PLN": ("zł",), "CZK": ("Kč",), "HUF": ("Ft",), "RUB": ("₽",), "RON": ("lei",),
    "USD": ("US$",), "CAD": ("CA$",), "AUD": ("A$",), "CHF": ("Fr.",), "BRL": ("R$",),
}  # fmt: skip
"""Code, and what is written for it and for nothing else."""
_WRITINGS: Final = {way: (code, *ways) for code, ways in _CURRENCIES.items() for way in (code, *ways)}
_WAYS: Final = "|".join(re.escape(way) for way in sorted(_WRITINGS, key=lambda way: (-len(way), way)))
_MONEY: Final = re.compile(
    rf"(?<=[0-9])[ \u00a0\u202f]?(?P<after>{_WAYS})(?![\w$])|(?<![\w$])(?P<before>{_WAYS})(?=[ \u00a0\u202f]?[0-9])"
)


@mutator(
    "language.currency",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of amounts", zero=0),
    examples=[("bill.txt", "Net: 1,034.00 EUR\nVAT: EUR 200.50\nTotal: €1,234.50\n")],
)
def currency(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write the currency of amounts in another way ("EUR", "€", "euros"), as each country and each clerk does.

    Only currencies whose sign is no other's, on the side of the number where they stand: the answer is the same,
    and the currency may be given as it stands. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    found = []
    for match in prose.find(_MONEY):
        side = match.lastgroup or ""
        ways = [way for way in _WRITINGS[match[side]] if way != match[side]]
        words = [way for way in ways if side == "after" or not way[0].isalpha() or way.isupper()]
        able = [way for way in words if prose.admits(match[side], way) and writable(text, way)]
        if able:
            # Letters would run into the digits where a sign stood close to them.
            found.append((Span(*match.span(side)), able, side, match.string))
    if not found:
        raise NotApplicable("it holds no amount with a currency that can be written otherwise")
    forms = rng.random(len(found)).tolist()
    picked = chosen(rng, len(found), share)
    changes = {
        found[each][0]: _spaced(found[each][3], found[each][0], found[each][1][int(forms[each] * len(found[each][1]))])
        for each in picked
    }
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))


def _spaced(value: str, span: Span, way: str) -> str:
    before, after = value[span.start - 1 : span.start], value[span.end : span.end + 1]
    left = " " if before.isdigit() and way[0].isalpha() else ""
    right = " " if after.isdigit() and way[-1].isalpha() else ""
    return f"{left}{way}{right}"
