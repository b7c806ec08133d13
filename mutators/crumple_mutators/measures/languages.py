"""Languages and scripts in one document: sentences in another language than the others."""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import Any, Final

from crumple import CrumpleError, Text, measure

# Without a least length, so that a long line without a full stop is not looked through from each of its characters.
_SENTENCE = re.compile(r"[^.!?\u3002\u061f\u0964\r\n<>|;\t{}]+[.!?\u3002\u061f\u0964]?")
_ENDS = (".", "!", "?", "\u3002", "\u061f", "\u0964")
_LETTERS = 16
_LETTERS_EAST_ASIAN = 8
_WORDS = 3
_MOST = 40
_LONGEST = 100_000
_FEWEST = 3
_MARGIN = 20.0
"""How much likelier (natural logarithm) a sentence must be in another language than in the text's own."""
_KNOWN: Final = frozenset({
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro",
    "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh",
})  # fmt: skip
"""Languages of commerce; of those that are spoken beside them, a short sentence cannot be told for certain."""
_SCRIPTS: Final = {
    "LATIN": "Latin", "CYRILLIC": "Cyrillic", "GREEK": "Greek", "ARABIC": "Arabic", "HEBREW": "Hebrew",
    "DEVANAGARI": "Devanagari", "BENGALI": "Bengali", "THAI": "Thai", "HANGUL": "Hangul", "CJK": "Han",
    "HIRAGANA": "Han", "KATAKANA": "Han", "GEORGIAN": "Georgian", "ARMENIAN": "Armenian", "TAMIL": "Tamil",
    "TELUGU": "Telugu", "KHMER": "Khmer", "ETHIOPIC": "Ethiopic",
}  # fmt: skip


@cache
def _script(character: str) -> str:
    return _SCRIPTS.get(unicodedata.name(character, "").split(" ")[0], "")


def script_of(value: str) -> str:
    """The script that most letters of a text are of; "" where it has none that is known."""
    counts = Counter(filter(None, (_script(each) for each in value if each.isalpha())))
    return counts.most_common(1)[0][0] if counts else ""


@lru_cache(maxsize=2)
def _sentences(value: str) -> tuple[str, ...]:
    """Sentences that are long enough for their language to be told; figures and addresses say nothing of it."""
    found = []
    for each in _SENTENCE.findall(value):
        if not each.endswith(_ENDS):
            continue
        sentence = " ".join(each.split())
        letters = sum(map(str.isalpha, sentence))
        if letters < _LETTERS_EAST_ASIAN or re.search(r"\d|@|://", sentence):
            continue
        if script_of(sentence) in ("Han", "Hangul", "Thai", "Khmer") or (
            letters >= _LETTERS and len(sentence.split()) >= _WORDS
        ):
            found.append(sentence)
    step = max(1, len(found) // _MOST)
    return tuple(found[::step][:_MOST])


@measure(
    "language.sentences_replaced", within=0.25, unit="share of the value", stands_for=("language.sentences_added",)
)
def sentences_replaced(text: Text) -> float | None:
    """The share of the sentences that are in another language than most; None where there are fewer than three.

    Scripts are told by Unicode's names of letters; languages of one script by py3langid, each sentence against the
    language of the whole text, and only where it is far likelier.
    """
    if not text.encoding.startswith("utf-"):
        return None
    sentences = _sentences(text.value[:_LONGEST])
    if len(sentences) < _FEWEST:
        return None
    scripts = [script_of(each) for each in sentences]
    main = Counter(scripts).most_common(1)[0][0]
    foreign = {at for at, script in enumerate(scripts) if script and script != main}
    own = [each for at, each in enumerate(sentences) if at not in foreign]
    if not foreign or len(own) >= _FEWEST:
        foreign |= {at for at, each in enumerate(sentences) if at not in foreign and each in _strange(tuple(own))}
    return len(foreign) / len(sentences)


@lru_cache(maxsize=2)
def _strange(sentences: tuple[str, ...]) -> frozenset[str]:
    """Those of some sentences of one script that are in another language than most of them."""
    identifier = _identifier()
    if identifier.classify(" ".join(sentences))[0] not in _KNOWN:
        return frozenset()  # in Catalan, each sentence is likest to another of the languages that are known
    ranks = [{name: score for name, score in identifier.rank(each) if name in _KNOWN} for each in sentences]
    names = [max(rank, key=lambda name: rank[name]) for rank in ranks]
    main = Counter(names).most_common(1)[0][0]
    return frozenset(
        sentence
        for sentence, rank, name in zip(sentences, ranks, names, strict=True)
        if name != main and rank[name] - rank[main] > _MARGIN
    )


@cache
def _identifier() -> Any:
    try:
        return importlib.import_module("py3langid")  # heavy, and an extra
    except ImportError:
        raise CrumpleError(
            "languages of one script are not told apart, for py3langid is not installed",
            hint="Install it with: pip install 'crumple[profile]'.",
        ) from None
