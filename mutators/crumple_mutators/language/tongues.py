"""Labels, values and small words in another language."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import either, restated
from crumple_mutators.language.samples import LETTER
from crumple_mutators.language.words import LANGUAGES, labels, small_words, values
from crumple_mutators.selection import chosen, portion

_LABEL: Final = re.compile(
    r"(?m)(?:^[ \t#>*|-]*+|(?<=[\t|>*]) ?|(?<=  ))(?P<word>[^\W\d_][^\r\n:：\t*|<>=]{0,40}?)"
    r"(?=[ \t]*(?:[:：\t|*\r]|$)|  |[ \t]+[-\d€$£(])"
)
_VALUE: Final = re.compile(
    r"(?m)(?:(?<=[:：] )|(?<=[\t|：])|(?<=\| ))(?P<word>[^\W\d_][^\r\n\t|,;:\"]{0,40}?)(?=[ \t]*(?:$|[\r\t|]))"
)
_CELL: Final = re.compile(
    r"(?m)(?:(?<=[\t|>,;\"\n])|(?<=\| ))(?P<word>[^\W\d_][^\r\n\t|,;:\"]{0,40}?)(?=[ \t]*(?:$|[\r\t|,;\"]))"
)
_ANY_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST_PHRASE: Final = 3
_HEAD: Final = 1000
_SOME_LETTERS: Final = 10
_LETTERS_OF: Final = tuple(
    (language, re.compile(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3040-\u30ff"),  # before Chinese, whose characters it shares
        ("ko", "\uac00-\ud7af"),
        ("zh", "\u4e00-\u9fff"),
        ("ru", "\u0400-\u04ff"),
        ("el", "\u0370-\u03ff"),
        ("he", "\u0590-\u05ff"),
        ("ar", "\u0600-\u06ff"),
        ("hi", "\u0900-\u097f"),
    )
)

Table = Callable[[], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """Words that a table of words knows, each with what it is in another language; in the text's order."""

    prose: Prose
    changes: tuple[tuple[Span, str, str], ...]

    def alike(self, rng: Generator, share: float) -> list[int]:
        """A share of the different words, each wherever it stands: who translates a label does so throughout."""
        by_word: dict[str, list[int]] = {}
        for index, (_, old, _) in enumerate(self.changes):
            by_word.setdefault(old.casefold(), []).append(index)
        places = list(by_word.values())
        return [index for each in chosen(rng, len(places), share) for index in places[each]]

    def changed(self, picked: Sequence[int], form: str = "{new}") -> tuple[Text, dict[Span, str]]:
        """The text with some of them replaced, and what was put where."""
        new = {span: form.format(old=old, new=word) for span, old, word in (self.changes[each] for each in picked)}
        return self.prose.replaced(new), new


@functools.cache
def _meanings(table: Table, language: int) -> Mapping[str, tuple[str, ...]]:
    return {row[language].casefold(): row for row in reversed(table())}


@functools.cache
def _languages_of(table: Table) -> Mapping[str, tuple[int, ...]]:
    """Which languages have a word, in small letters."""
    found: dict[str, list[int]] = {}
    for row in table():
        for language, word in enumerate(row):
            found.setdefault(word.casefold(), []).append(language)
    return {word: tuple(dict.fromkeys(languages)) for word, languages in found.items()}


def _found(prose: Prose, table: Table, spans: Sequence[Span], rng: Generator) -> Found:
    """The table's words in the language that most of them are found in, and a language drawn for them.

    Raises:
        NotApplicable: none is found, or none differs in any other language.
    """
    value, known = prose.text.value, _languages_of(table)
    width = len(table()[0])
    placed = [(span, old, at) for span in spans if (at := known.get((old := value[span.start : span.end]).casefold()))]
    counts = [sum(language in at for _, _, at in placed) for language in range(width)]
    source = max(range(width), key=lambda language: counts[language])
    meanings = _meanings(table, source)
    order = rng.permutation(width).tolist()
    here = [(span, old, meanings[old.casefold()]) for span, old, at in placed if source in at]
    for target in order if here else ():
        changes: list[tuple[Span, str, str]] = []
        for span, old, row in here:
            new = _cased(old, row[target])
            if old.casefold() != new.casefold() and prose.admits(old, new) and writable(prose.text, new):
                changes.append((span, old, new))
        if changes:
            return Found(prose, tuple(changes))
    raise NotApplicable(f"it holds no word known in {len(LANGUAGES)} languages")


def _spans(prose: Prose, pattern: re.Pattern[str]) -> list[Span]:
    return [Span(*match.span("word")) for match in prose.find(pattern)]


def _phrases(prose: Prose) -> tuple[list[Span], int]:
    """The small words of running text, "thank you" as one, and how many words there are at all."""
    known, value = _languages_of(small_words), prose.text.value
    heads = _heads_of(small_words)
    words = [match.span() for match in prose.find(_ANY_WORD)]
    spans, until = list[Span](), 0
    for at, (start, end) in enumerate(words):
        word = value[start:end].casefold()
        if start < until or word not in heads:
            continue
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            until = words[at + length - 1][1]
            if value[start:until].casefold() in known:
                spans.append(Span(start, until))
                break
        else:
            until = start
    return spans, len(words)


@functools.cache
def _heads_of(table: Table) -> frozenset[str]:
    """The first words of a table's words, in small letters."""
    return frozenset(word.split()[0] for word in _languages_of(table))


def spoken(value: str) -> str:
    """The language that a text is most likely in, by its first small words or its script; "" where neither tells."""
    head = value[:_HEAD]
    scripts = (
        []
        if head.isascii()
        else [script for script, letters in _LETTERS_OF if len(letters.findall(head)) > _SOME_LETTERS]
    )
    if scripts:
        return scripts[0]
    known = _languages_of(small_words)
    counts = Counter(at for word in _ANY_WORD.findall(head) for at in known.get(word.casefold(), ()))
    return LANGUAGES[max(counts, key=lambda at: (counts[at], -at))] if counts else ""


def _cased(old: str, new: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.lower() if old.islower() else new[:1].upper() + new[1:]


@mutator(
    "language.labels_translated",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of different labels", zero=0),
    examples=[LETTER],
)
def labels_translated(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put labels into another language ("Total" is "Gesamtbetrag", "合計"), as a foreign supplier's form has them.

    The values stay: the answer is the same; a transcription may have either. Ladder: the catalogue's one field,
    10 %, 50 %, all.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    found = _found(prose, labels, _spans(prose, _LABEL), rng)
    changed, new = found.changed(found.alike(rng, share))
    return Degraded(changed, restated(text.value, new, truth), touched=in_order(new))


@mutator(
    "language.labels_bilingual",
    truth=("same", "new"),
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of different labels", zero=0),
    examples=[LETTER],
)
def labels_bilingual(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put labels in two languages side by side ("Total / Totale"), as forms of bilingual regions have them.

    The values stay: the answer is the same; a transcription may have either. Ladder: as of translated labels.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    found = _found(prose, labels, _spans(prose, _LABEL), rng)
    changed, new = found.changed(found.alike(rng, share), "{old} / {new}")
    return Degraded(changed, restated(text.value, new, truth), touched=in_order(new))


@mutator(
    "language.values_translated",
    truth="new",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such values", zero=0),
    examples=[LETTER],
)
def values_translated(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put values into another language ("Germany" is "Alemania", "Open" is "Offen"), as people fill in forms.

    Giving them as they stand and as they were is both right. Acts on values that stand alone: after a label, in a
    cell, in a record. Ladder: the catalogue's one field, 10 %, 50 %, all.
    """
    prose = Prose.of(text)
    found = _found(prose, values, _spans(prose, _VALUE if prose.kind in ("plain", "mail") else _CELL), rng)
    changed, new = found.changed(chosen(rng, len(found.changes), share))
    return Degraded(changed, either(text.value, new, truth), touched=in_order(new))


@mutator(
    "language.words_switched",
    truth=("same", "new"),
    share=Ladder(0.02, 0.05, 0.15, 0.3, 0.6, unit="share of words", zero=0),
    examples=[LETTER],
)
def words_switched(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Switch small words into another language in mid-sentence, as people do who live in two.

    Names, numbers and dates stay: the answer is the same; text that is touched may be given as it stands or as it
    was. Ladder: the catalogue's; there are only so many small words in a text, and once all are switched more is no
    more.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    spans, count = _phrases(prose)
    found = _found(prose, small_words, spans, rng)
    order = rng.permutation(len(found.changes)).tolist()
    changed, new = found.changed(order[: portion(share, count)])
    return Degraded(changed, restated(text.value, new, truth), touched=in_order(new))
