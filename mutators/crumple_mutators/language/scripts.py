"""Other scripts between the lines: right-to-left text, names in other letters, a wrong declaration."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.language.prose import Prose
from crumple_mutators.language.tongues import LETTER, writable
from crumple_mutators.language.words import labels
from crumple_mutators.selection import chosen

_LINE: Final = re.compile(r"[^\r\n]*\S[^\r\n]*")
_LABELLED: Final = re.compile(r"(?P<label>[ \t]*[^\W\d_][^:\r\n]{1,40}?)(?P<colon>[ \t]*:[ \t]+)(?P<value>\S.*)")
_LAST_WORD: Final = re.compile(r"\S+(?=[ \t]*$)")
_GLOSSES: Final = {
    "invoice number": ("رقم الفاتورة", "מספר חשבונית"),
    "invoice date": ("تاريخ الفاتورة", "תאריך חשבונית"),
    "date": ("التاريخ", "תאריך"),
    "due date": ("تاريخ الاستحقاق", "תאריך פירעון"),
    "total": ("المجموع", 'סה"כ'),
    "amount": ("المبلغ", "סכום"),
    "quantity": ("الكمية", "כמות"),
    "unit price": ("سعر الوحدة", "מחיר ליחידה"),
    "customer": ("العميل", "לקוח"),
    "name": ("الاسم", "שם"),
    "address": ("العنوان", "כתובת"),
    "city": ("المدينة", "עיר"),
    "country": ("البلد", "מדינה"),
    "phone": ("الهاتف", "טלפון"),
}
_OTHER: Final = ("البيان", "פירוט")
_RLM, _LRI, _RLI, _PDI = "\u200f", "\u2066", "\u2067", "\u2069"

_NAME: Final = re.compile(
    r"(?<!\w)[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]+(?: (?:(?:von|van|de|der) )*[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]+)+(?![\w]|[ \t]*:)"
)
_LANG: Final = re.compile(r"(?P<before><\w[^<>]*?\s(?:xml:)?lang\s*=\s*[\"'])(?P<code>[A-Za-z-]+)(?=[\"'])")
_CODES: Final = ("de", "fr", "ja", "ar", "tr", "pl")
_LETTERS: Final = """
sch ш σχ ش; sh ш σ ش; ch ч χ تش; zh ж ζ ج; ts ц τσ تس; kh х χ خ;
ck к κ ك; ph ф φ ف; th т θ ث; qu кв κου كو; ya я για يا; yu ю γιου يو;
ee и ι ي; oo у ου و; a а α ا; b б μπ ب; c к κ ك; d д ντ د;
e е ε ي; f ф φ ف; g г γκ ج; h х χ ه; i и ι ي; j й τζ ج;
k к κ ك; l л λ ل; m м μ م; n н ν ن; o о ο و; p п π ب;
q к κ ق; r р ρ ر; s с σ س; t т τ ت; u у ου و; v в β ف;
w в ου و; x кс ξ كس; y и υ ي; z з ζ ز
"""
"""Latin letters, then Cyrillic, Greek and Arabic ones for them."""


@mutator(
    "language.right_to_left",
    share=Ladder(0.01, 0.05, 0.2, 0.5, 1.0, unit="share of lines", zero=0),
    examples=[LETTER],
)
def right_to_left(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put Arabic or Hebrew beside the labels, and direction marks around values, as bilingual forms have them.

    The marks are invisible and the values stand as they did: the answer is the same. A line without a label gets
    marks around its last word. Ladder: the catalogue's for invisible characters, of lines.
    """
    prose = Prose.of(text, ("plain",))
    lines = prose.find(_LINE)
    hebrew = int(rng.integers(2))
    picked = chosen(rng, len(lines), share)
    forms = rng.integers(3, size=len(lines)).tolist()
    changes = {Span(*lines[each].span()): _directed(lines[each].group(), hebrew, forms[each]) for each in picked}
    return Degraded(prose.replaced(changes), touched=sorted(changes))


def _directed(line: str, script: int, form: int) -> str:
    labelled = _LABELLED.match(line)
    if labelled is None:
        return _LAST_WORD.sub(lambda word: f"{_RLM}{_LRI}{word.group()}{_PDI}", line)
    gloss = _GLOSSES.get(labelled["label"].strip().casefold(), _OTHER)[script]
    value = (labelled["value"], f"{_RLM}{labelled['value']}", f"{_RLI}{labelled['value']}{_PDI}")[form]
    return f"{labelled['label']} / {gloss}{labelled['colon']}{value}"


@mutator(
    "language.names_transliterated",
    truth="lost",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of names", zero=0),
    examples=[LETTER],
)
def names_transliterated(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write names in Cyrillic, Greek or Arabic letters, as offices do whose register knows no others.

    There are several ways back into Latin letters, so how the name was spelled is lost. A name is two or more
    capitalised words in a row that are not a label. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    known = {word.casefold() for row in labels() for word in row}
    names = [match for match in prose.find(_NAME) if match.group().casefold() not in known]
    scripts = [_scripts()[each] for each in rng.permutation(len(_scripts())).tolist()]
    able = [script for script in scripts if writable(text, "".join(script.values()))]
    if not names or not able:
        raise NotApplicable(
            f"{text.encoding} has no letters of another script" if names else "it holds no name of two or more words"
        )
    picked = (names[each] for each in chosen(rng, len(names), share))
    changes = {Span(*match.span()): transliterated(match.group(), able[0]) for match in picked}
    return Degraded(prose.replaced(changes), lost=sorted(changes))


def transliterated(name: str, script: dict[str, str]) -> str:
    """A name in the letters of another script, group of letters by group of letters."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    letters = _groups(tuple(script)).sub(lambda match: script[match.group()], bare)
    return " ".join(word[:1].upper() + word[1:] for word in letters.split(" "))


@functools.cache
def _scripts() -> tuple[dict[str, str], ...]:
    rows = [row.split() for row in _LETTERS.split(";")]
    return tuple({row[0]: row[script] for row in rows} for script in (1, 2, 3))


@functools.cache
def _groups(groups: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(groups, key=lambda group: (-len(group), group))))


@mutator(
    "language.declared_language",
    level=1,
    examples=[("page.html", '<!DOCTYPE html>\n<html lang="en"><body><p>Total: 1,234.50</p></body></html>\n')],
)
def declared_language(text: Text, rng: Generator) -> Text:
    """Declare another language than the text is in, as pages made from a foreign template do.

    Only the lang attributes change: the answer is the same. Level: a first guess.
    """
    Prose.of(text, ("markup",))
    declared = {match["code"].lower().partition("-")[0] for match in _LANG.finditer(text.value)}
    if not declared:
        raise NotApplicable("it declares no language")
    codes = [code for code in _CODES if code not in declared]
    if not codes:
        raise NotApplicable("it declares every language already")
    code = codes[int(rng.integers(len(codes)))]
    return text.with_value(_LANG.sub(lambda match: match["before"] + code, text.value))
