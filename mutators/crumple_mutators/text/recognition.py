"""What eyes and ears make of words: shapes taken for others, and spelling by sound."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Text, Truth, mutator
from crumple_mutators.confusions import ALIKE, JOINED, PARTED
from crumple_mutators.text.edits import NOTE, RATE, noisy
from crumple_mutators.text.readings import Reading, Readings, cased

_JOIN: Final = 0.6
# Letters with marks that recognition loses, and Cyrillic and Greek letters that look like one another.
_MARKED: Final = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿčďěňřšťůžąćęłńśźżőűğışÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝČĎĚŇŘŠŤŮŽĄĆĘŃŚŹŻ"
_OTHERS: Final = """
    ин ни ёе йи шщ щш цп пл лп гт тг ьъ ъь ыь оc сo эз зэ бв вб дл жк кх хж юо яа ае ео рр фо чу уч мм мн
    ИН НИ ЁЕ ЙИ ШЩ ЩШ ЦП ПЛ ЛП ГТ ТГ БВ ВБ З3 О0 СО ДЛ ЭЗ ЮО ЯА РФ ФР ЧУ УЧ МН КХ ХК АЛ ЕБ ЖК
    αο οσ σο εс νυ υν ηπ πη ικ κι ρφ φρ τι λχ χλ θσ δσ ωο ΑΛ ΛΑ ΟΘ ΘΟ ΕΣ ΣΕ ΝΗ ΗΝ ΡΦ ΦΡ
"""
_SOUNDS: Final = {
    "a": "e", "b": "p", "c": "k s", "d": "t", "e": "a i", "f": "ph v", "g": "j k", "h": "", "i": "y e ee",
    "j": "g y", "k": "c ck", "l": "ll", "m": "mm", "n": "nn", "o": "u oh", "p": "pp b", "q": "k", "r": "rr",
    "s": "z ss", "t": "tt d", "u": "oo o", "v": "f w", "w": "v", "x": "ks", "y": "i", "z": "s ts",
    "ä": "e ae", "ö": "oe", "ü": "ue y", "ß": "ss", "é": "e", "è": "e", "ê": "e", "ç": "s", "ñ": "ny", "å": "o",
    "а": "о", "о": "а", "е": "и", "и": "е", "д": "т", "т": "д", "б": "п", "п": "б", "в": "ф", "з": "с", "с": "з",
    "г": "к", "к": "г", "ж": "ш", "ш": "ж", "щ": "шч", "н": "нн", "л": "лл", "м": "мм", "р": "рр", "э": "е", "ы": "и",
}  # fmt: skip
_SOUND_PAIRS: Final = {
    "ph": "f", "ck": "k", "ee": "ea", "ea": "ee", "ie": "ei", "ei": "ie", "oo": "u", "ou": "u", "gh": "g", "kn": "n",
    "wr": "r", "wh": "w", "qu": "kw", "sc": "s", "ss": "s", "ll": "l", "tt": "t", "mm": "m", "nn": "n", "pp": "p",
    "rr": "r", "ff": "f", "cc": "c", "dd": "d", "gg": "g", "ai": "ay", "ay": "ai", "th": "t", "tz": "z", "dt": "t",
    "ae": "e", "ue": "u", "nd": "n", "ch": "k", "gn": "n", "er": "a", "ая": "оя", "го": "во", "тс": "ц", "нн": "н",
}  # fmt: skip


@mutator("text.ocr", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def ocr(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, digits: bool = True) -> Degraded[Text]:
    """Read letters and digits as others that look like them, as recognition of a poor scan does.

    "rn" as "m", "cl" as "d", "m" as "rn", 0 as O, 1 as l, 5 as S; letters with marks as those without; Cyrillic and
    Greek ones as their like. What is misread is lost; where the right answer is the whole text, what it reads now is
    right as well. Ladder: the catalogue's character error rates, "m" for "rn" being two errors. `digits=false`
    spares digits.
    """
    rules = _looks() if digits else _letters()
    reading = Reading(rules)
    return noisy(
        text, rate, rng, truth, able=rules.able, edits=reading.edits, cost=reading.cost,
        reason="it has no characters that look like others",
    )  # fmt: skip


@mutator("text.phonetic", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def phonetic(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Spell words as they sound, as people do who were told them on the telephone: "Fillip" for Philip.

    Rules of English, German and Russian spelling; digits are left alone. What is misspelt is lost. Ladder: the
    catalogue's character error rates.
    """
    rules = _sounds()
    reading = Reading(rules)
    return noisy(
        text, rate, rng, truth, able=rules.able, edits=reading.edits, cost=reading.cost,
        reason="it has no letters that another spelling sounds like",
    )  # fmt: skip


def _alone() -> dict[str, list[str]]:
    alone = {each: list(others) for each, others in ALIKE.items() if each.isalnum()}
    for each, other in PARTED.items():
        alone.setdefault(each, []).append(other)
    alone |= {each: [unicodedata.normalize("NFD", each)[0]] for each in _MARKED if each not in "łı"}
    alone |= {pair[0]: [pair[1]] for pair in _OTHERS.split() if pair[0] != pair[1]}
    return {each: [other for other in others if other.replace("-", "").isalnum()] for each, others in alone.items()}


@cache
def _looks() -> Readings:
    return Readings(_alone(), JOINED, _JOIN)


@cache
def _letters() -> Readings:
    return Readings({each: others for each, others in _alone().items() if each.isalpha()}, JOINED, _JOIN)


@cache
def _sounds() -> Readings:
    alone = cased({old: new.split() or [""] for old, new in _SOUNDS.items()})
    pairs = {old: new[0] for old, new in cased({old: [new] for old, new in _SOUND_PAIRS.items()}).items() if new}
    return Readings({old: new for old, new in alone.items() if new and len(old) == 1}, pairs, 0.8)
