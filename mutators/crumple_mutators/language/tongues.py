"""Labels, values, small words and courtesies in another language."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Span, Text, mutator
from crumple_mutators.language.prose import Prose
from crumple_mutators.language.words import GREETINGS, LANGUAGES, labels, small_words, values
from crumple_mutators.selection import chosen, portion

LETTER: Final = (
    "letter.txt",
    (
        "Invoice number: 20418\n"
        "Date: 2024-03-05\n"
        "Due date: 4 April 2024\n"
        "Customer: Maria Jensen\n"
        "Country: Germany\n"
        "Status: Open\n"
        "\n"
        "We thank you for your order from March and ask you to pay the amount below before the due date, please.\n"
        "For all questions about it, write to John Miller, who is in our office today.\n"
        "\n"
        "Quantity: 1250\n"
        "Unit price: 0.99\n"
        "Total: 1,234.50\n"
    ),
)
"""A short letter on which every mutator of plain text can act."""

_LABEL: Final = (
    r"(?im)(?:^[ \t#>*|-]*|(?<=[\t|>*]) ?|(?<=  ))(?P<word>{words})(?=[ \t]*(?:[:\t|*\r]|$)|  |[ \t]+[-\d€$£(])"
)
_VALUE: Final = r"(?im)(?:(?<=: )|(?<=[\t|])|(?<=\| ))(?P<word>{words})(?=[ \t]*(?:$|[\r\t|]))"
_CELL: Final = r"(?im)(?:(?<=[\t|>,;\"\n])|(?<=\| ))(?P<word>{words})(?=[ \t]*(?:$|[\r\t|,;\"]))"
_WORD: Final = r"(?i)(?<![\w'’-])(?P<word>{words})(?![\w'’-])"
_ANY_WORD: Final = re.compile(r"[^\W\d_]+")

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Words that a table of words knows, each with what it is in another language; in the text's order."""

    prose: Prose
    changes: tuple[tuple[Span, str, str], ...]

    def changed(self, picked: Sequence[int], form: str = "{new}") -> tuple[Text, dict[Span, str]]:
        """The text with some of them replaced, and what was put where."""
        new = {span: form.format(old=old, new=word) for span, old, word in (self.changes[each] for each in picked)}
        return self.prose.replaced(new), new


@functools.cache
def _pattern(table: Callable[[], Rows], context: str, language: int) -> re.Pattern[str]:
    words = sorted({row[language] for row in table()}, key=lambda word: (-len(word), word))
    return re.compile(context.replace("{words}", "|".join(map(re.escape, words))))


@functools.cache
def _meanings(table: Callable[[], Rows], language: int) -> dict[str, tuple[str, ...]]:
    return {row[language].casefold(): row for row in reversed(table())}


def _found(prose: Prose, table: Callable[[], Rows], context: str, rng: Generator) -> Found:
    """The table's words in the language that most of them are found in, and a language drawn for them.

    Raises:
        NotApplicable: none is found, or none differs in any other language.
    """
    by_language = [prose.find(_pattern(table, context, language)) for language in range(len(LANGUAGES))]
    source = max(range(len(LANGUAGES)), key=lambda language: len(by_language[language]))
    meanings = _meanings(table, source)
    for target in rng.permutation(len(LANGUAGES)).tolist():
        changes: list[tuple[Span, str, str]] = []
        for match in by_language[source]:
            old = match["word"]
            new = _cased(old, meanings[old.casefold()][target])
            if old.casefold() != new.casefold() and prose.admits(old, new) and writable(prose.text, new):
                changes.append((Span(*match.span("word")), old, new))
        if changes:
            return Found(prose, tuple(changes))
    raise NotApplicable(f"it holds no word known in {len(LANGUAGES)} languages")


def writable(text: Text, characters: str) -> bool:
    """Whether a text's encoding has these characters."""
    try:
        characters.encode(text.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _cased(old: str, new: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.lower() if old.islower() else new[:1].upper() + new[1:]


@mutator(
    "language.labels_translated",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of labels", zero=0),
    examples=[LETTER],
)
def labels_translated(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put labels into another language ("Total" is "Gesamtbetrag"), as a foreign supplier's form has them.

    The values stay: the answer is the same. Ladder: the catalogue's one field, 10 %, 50 %, all.
    """
    found = _found(Prose.of(text, ("plain", "markup")), labels, _LABEL, rng)
    changed, new = found.changed(chosen(rng, len(found.changes), share))
    return Degraded(changed, touched=sorted(new))


@mutator(
    "language.labels_bilingual",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of labels", zero=0),
    examples=[LETTER],
)
def labels_bilingual(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put labels in two languages side by side ("Total / Totale"), as forms of bilingual regions have them.

    The values stay: the answer is the same. Ladder: as of translated labels.
    """
    found = _found(Prose.of(text, ("plain", "markup")), labels, _LABEL, rng)
    changed, new = found.changed(chosen(rng, len(found.changes), share), "{old} / {new}")
    return Degraded(changed, touched=sorted(new))


@mutator(
    "language.values_translated",
    truth="new",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such values", zero=0),
    examples=[LETTER],
)
def values_translated(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put values into another language ("Germany" is "Alemania", "Open" is "Offen"), as people fill in forms.

    Giving them as they stand and as they were is both right. Acts on values that stand alone: after a label, in a
    cell, in a record. Ladder: the catalogue's one field, 10 %, 50 %, all.
    """
    prose = Prose.of(text)
    found = _found(prose, values, _VALUE if prose.kind == "plain" else _CELL, rng)
    changed, new = found.changed(chosen(rng, len(found.changes), share))
    truth: dict[Place, Json] = {
        span: AnyOf(text.value[span.start : span.end], word) for span, word in sorted(new.items())
    }
    return Degraded(changed, Edit(values=truth))


@mutator(
    "language.words_switched",
    truth="lost",
    share=Ladder(0.02, 0.05, 0.15, 0.3, 0.6, unit="share of words", zero=0),
    examples=[LETTER],
)
def words_switched(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Switch small words into another language in mid-sentence, as people do who live in two.

    Names, numbers and dates stay; free text is lost where it is touched. Ladder: the catalogue's; there are only so
    many small words in a text, and once all are switched more is no more.
    """
    prose = Prose.of(text, ("plain", "markup"))
    found = _found(prose, small_words, _WORD, rng)
    order = rng.permutation(len(found.changes)).tolist()
    changed, new = found.changed(order[: portion(share, len(prose.find(_ANY_WORD)))])
    return Degraded(changed, lost=sorted(new))


@mutator("language.greeting", lines=Ladder(1, 2, 3, 5, 8, unit="lines", zero=0), examples=[LETTER])
def greeting(text: Text, lines: int, rng: Generator) -> Text:
    """Put a greeting before the text, a closing and small print after it, all in another language.

    Sent by every mail gateway and template of a firm abroad; beyond three lines in further languages. Nothing that
    stood there changes: the answer is the same. Ladder: level 1 is the catalogue's; the rest a first guess,
    uncalibrated.
    """
    Prose.of(text, ("plain",))
    tongues = list(GREETINGS)
    order = [tongues[each] for each in rng.permutation(len(tongues)).tolist()]
    able = [each for each in order if writable(text, "".join(GREETINGS[each]))]
    if not able:
        raise NotApplicable(f"{text.encoding} cannot write a greeting in any other language")
    courtesies = [(number, line) for tongue in able for number, line in enumerate(GREETINGS[tongue])][: int(lines)]
    ending = "\r\n" if "\r\n" in text.value else "\n"
    before = "".join(line + ending * 2 for number, line in courtesies if number == 0)
    after = "".join(ending + line for number, line in courtesies if number)
    value = text.value if text.value.endswith(("\n", "\r")) or not after else text.value + ending
    return text.with_value(f"{before}{value}{after}{ending if after else ''}")
