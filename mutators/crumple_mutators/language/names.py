"""Names of people as other offices write them: in another script, without umlauts, family name first, with a title."""

from __future__ import annotations

import functools
import importlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import either
from crumple_mutators.language.samples import LETTER
from crumple_mutators.selection import chosen

_COUNTRIES: Final = (
    "en_US en_GB de_DE fr_FR es_ES it_IT nl_NL pl_PL sv_SE da_DK no_NO fi_FI pt_PT ro_RO hu_HU cs_CZ tr_TR id_ID ru_RU "
    "uk_UA bg_BG el_GR"
)
_NAME: Final = re.compile(
    r"(?<![\w'’-])[^\W\d_a-z][\w'’-]{1,24}"
    r"(?: (?:(?:von|van|den|der|de|da|di|del|la|le|dos) ){0,3}[^\W\d_a-z][\w'’-]{1,24}){1,3}(?![\w'’-])"
)
_WORD: Final = re.compile(r"[^ ]+")
_FIRM: Final = re.compile(
    r"&|\b(?:GmbH|AG|KG|OG|UG|Ltd|LLP|plc|Inc|LLC|Corp|Co|SA|SAS|Sàrl|SARL|B\.?V|N\.?V|AB|Oy|ApS|AS|S\.|s\.|Lda|Ltda|Group|"
    r"Holdings?|Brothers|Partnership|Consulting|Company|Bank|Stiftung|Verein)\b"
)
_AFTER: Final = 12
_SHARE: Final = Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of names", zero=0)

_OTHER_WORDS: Final = frozenset(("April", "May", "June", "August", "Bill", "Grant", "Mark", "Will", "Price", "Sales"))
"""Given names that more often begin something else: "Bill To", "May Invoice"."""

_LETTERS: Final = """
sch ш σχ ش; ce се σε سي; ci си σι سي; cy си σι سي; sh ш σ ش; ch ч χ تش; zh ж ζ ج; ts ц τσ تس; kh х χ خ;
ck к κ ك; ph ф φ ف; th т θ ث; qu кв κου كو; ya я για يا; yu ю γιου يو;
ee и ι ي; oo у ου و; a а α ا; b б μπ ب; c к κ ك; d д ντ د;
e е ε ي; f ф φ ف; g г γκ ج; h х χ ه; i и ι ي; j й τζ ج;
k к κ ك; l л λ ل; m м μ م; n н ν ن; o о ο و; p п π ب;
q к κ ق; r р ρ ر; s с σ س; t т τ ت; u у ου و; v в β ف;
w в ου و; x кс ξ كس; y и υ ي; z з ζ ز
"""
"""Latin letters, then Cyrillic, Greek and Arabic ones for them."""
_ROMAN: Final = """
а a; б b; в v; г g; ґ g; д d; е e; ё e; є ie; ж zh; з z; и i; і i; ї i; й i; к k; л l; м m; н n; о o; п p; р r; с s;
т t; у u; ф f; х kh; ц ts; ч ch; ш sh; щ shch; ъ ie; ы y; ь ; э e; ю iu; я ia;
α a; β v; γ g; δ d; ε e; ζ z; η i; θ th; ι i; κ k; λ l; μ m; ν n; ξ x; ο o; π p; ρ r; σ s; ς s; τ t; υ y; φ f; χ ch;
ψ ps; ω o; ου ou; αυ af; ευ ef
"""
"""Cyrillic letters as passports write them in Latin ones (ICAO 9303), Greek ones after ISO 843."""
_SPELLED: Final[Mapping[str, str]] = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "æ": "ae",
    "Æ": "Ae", "ø": "oe", "Ø": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ı": "i", "İ": "I",
}  # fmt: skip
"""How machine-readable passports spell letters that have no accent to drop (ICAO 9303)."""
_ACCENTED: Final = re.compile(r"(?<![^\W\d_])(?=[^\W\d_]*[^\x00-\x7f])[^\W\d_]{2,40}(?![^\W\d_])")
_TITLES: Final = {
    "f": ("Ms {}", "Mrs {}", "Frau {}", "Mme {}", "Sra. {}", "Sig.ra {}", "Pani {}", "Fru {}", "{}様", "{}-san"),
    "m": ("Mr {}", "Mr. {}", "Herr {}", "M. {}", "Sr. {}", "Sig. {}", "Pan {}", "Herr {}", "{}様", "{}-san"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in a text.

    Attributes:
        span: where it stands.
        words: its words, particles among them.
        sex: "f" or "m", of the given name, as it commonly is.
    """

    span: Span
    words: tuple[Span, ...]
    sex: str


@functools.cache
def _given_names() -> Mapping[str, str]:
    """Given names of twenty countries, and whose they commonly are."""
    found: dict[str, str] = {}
    for country in _COUNTRIES.split():
        provider = importlib.import_module(f"faker.providers.person.{country}").Provider
        found |= dict.fromkeys(getattr(provider, "first_names_female", ()), "f")
        found |= dict.fromkeys(getattr(provider, "first_names_male", ()), "m")
    return {name: sex for name, sex in found.items() if name not in _OTHER_WORDS}


def _names(prose: Prose) -> list[Name]:
    """People's names in a text: capitalised words that begin with a known given name.

    Raises:
        NotApplicable: there is none.
    """
    given, names = _given_names(), list[Name]()
    for match in prose.find(_NAME):
        if _FIRM.search(prose.text.value, match.start(), match.end() + _AFTER):
            continue  # a company that is named after somebody
        words = [Span(match.start() + each.start(), match.start() + each.end()) for each in _WORD.finditer(match[0])]
        while len(words) > 2 and prose.text.value[words[0].start : words[0].end] not in given:
            words = words[1:]  # "Dear Maria Jensen"
        sex = given.get(prose.text.value[words[0].start : words[0].end])
        if sex:
            names.append(Name(Span(words[0].start, words[-1].end), tuple(words), sex))
    if not names:
        raise NotApplicable("it holds no name of a person that begins with a known given name")
    return names


@mutator("language.names_transliterated", truth="new", refusable_from=1, share=_SHARE, examples=[LETTER])
def names_transliterated(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write names in another script, as offices do whose register knows no others.

    Latin ones in Cyrillic, Greek or Arabic letters, Cyrillic and Greek ones in Latin letters as passports have them.
    A name is right as it stands now, and as it was; there are several ways back, so refusing is fine. Ladder: a
    first guess, uncalibrated.
    """
    prose = Prose.of(text)
    names = _names(prose)
    latin = [script for script in _scripts() if writable(text, "".join(script.values()))]
    script = latin[int(rng.integers(2**32)) % len(latin)] if latin else None
    new: list[dict[Span, str]] = []
    for name in names:
        words = {span: text.value[span.start : span.end] for span in name.words}
        table = script if _is_latin(next(iter(words.values()))) else _roman()
        if table:
            written = {span: transliterated(word, table) for span, word in words.items()}
            new.append({span: word for span, word in written.items() if prose.admits(words[span], word)})
    if not new:
        raise NotApplicable(f"{text.encoding} has no letters of another script")
    changes = {span: word for each in chosen(rng, len(new), share) for span, word in new[each].items()}
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))


def transliterated(word: str, script: Mapping[str, str]) -> str:
    """A name in the letters of another script, group of letters by group of letters; what it lacks stays."""
    spelled = "".join(_SPELLED.get(sign, sign) for sign in word) if _is_latin(word) else word
    plain = "".join(sign if sign in script else _bare(sign) for sign in spelled.casefold())
    letters = _groups(tuple(script)).sub(lambda match: script[match.group()], plain)
    letters = re.sub(r"σ(?!\w)", "ς", letters)
    return re.sub(r"(^|[-'’ ])(\w)", lambda match: match[1] + match[2].upper(), letters)


def _bare(sign: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(each))


def _is_latin(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith("LATIN")


@functools.cache
def _scripts() -> tuple[Mapping[str, str], ...]:
    rows = [row.split() for row in _LETTERS.split(";")]
    return tuple({row[0]: row[script] for row in rows} for script in (1, 2, 3))


@functools.cache
def _roman() -> Mapping[str, str]:
    rows = [row.split() for row in _ROMAN.split(";")]
    return {row[0]: row[1] if len(row) > 1 else "" for row in rows if row}


@functools.cache
def _groups(groups: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(groups, key=lambda group: (-len(group), group))))


@mutator(
    "language.spelled_out",
    truth="new",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of words with such letters", zero=0),
    examples=[("order.txt", "Customer: Jörg Müller\nStreet: Hauptstraße 5\nCity: Århus\n")],
)
def spelled_out(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Spell umlauts and other letters out ("Mueller", "Aarhus", "Strasse"), as passports, banks and airlines do.

    A word is right as it stands now, and as it was. Only letters that are spelled so (ICAO 9303); that accents are
    dropped altogether is `encoding`'s. Ladder: that of stripped diacritics, a first guess for words.
    """
    prose = Prose.of(text)
    found = [
        (Span(*match.span()), spelled)
        for match in prose.find(_ACCENTED)
        if prose.admits(match[0], spelled := "".join(_SPELLED.get(sign, sign) for sign in match[0]))
    ]
    if not found:
        raise NotApplicable("it holds no letter that is spelled out elsewhere")
    changes = dict(found[each] for each in chosen(rng, len(found), share))
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))


@mutator("language.name_order", truth="new", share=_SHARE, examples=[LETTER])
def name_order(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put the family name first ("Jensen, Maria", "JENSEN Maria", "Jensen Maria"), as registers and forms have it.

    A name is right in either order. Where the comma would break the format it is left out. Ladder: a first guess,
    uncalibrated.
    """
    prose = Prose.of(text)
    names, form = _names(prose), int(rng.integers(3))
    changes: dict[Span, str] = {}
    for each in chosen(rng, len(names), share):
        name, value = names[each], text.value
        given, family = (
            value[name.span.start : name.words[0].end],
            value[name.words[1].start : name.span.end],
        )
        forms = (f"{family}, {given}", f"{family.upper()} {given}", f"{family} {given}")
        old = value[name.span.start : name.span.end]
        changes[name.span] = next((new for new in (*forms[form:], forms[2]) if prose.admits(old, new)), old)
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))


@mutator("language.honorifics", truth="new", share=_SHARE, examples=[LETTER])
def honorifics(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a title of another language to names ("Frau Maria Jensen", "Maria Jensen様"), as polite letters do.

    A name is right with and without it. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    names = _names(prose)
    able = [form for form in range(len(_TITLES["f"])) if all(writable(text, _TITLES[sex][form]) for sex in "fm")]
    form = able[int(rng.integers(2**32)) % len(able)]
    changes = {
        name.span: _TITLES[name.sex][form].format(text.value[name.span.start : name.span.end])
        for name in (names[each] for each in chosen(rng, len(names), share))
    }
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))
