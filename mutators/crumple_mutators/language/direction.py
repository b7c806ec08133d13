"""Two directions of writing in one text: Arabic or Hebrew beside Latin, with marks and without, and in visual order."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import restated
from crumple_mutators.language.samples import LETTER
from crumple_mutators.language.words import LANGUAGES, labels
from crumple_mutators.selection import chosen

_RTL: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
"""Letters, digits and marks of Hebrew, Arabic and Syriac."""
_LINE: Final = re.compile(r"[^\r\n]*\S[^\r\n]*")
_LABELLED: Final = re.compile(r"(?P<label>[ \t]*[^\W\d_][^:\r\n]{1,40}?)(?P<colon>[ \t]*:[ \t]+)(?P<value>\S[^\r\n]*)")
_LAST_WORD: Final = re.compile(r"(?<!\S)\S{1,200}(?=[ \t]*$)")
_OTHER: Final = {"ar": "البيان", "he": "פירוט", "en": "Details"}
_LRM, _RLM, _LRI, _RLI, _PDI = "\u200e", "\u200f", "\u2066", "\u2067", "\u2069"
_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LETTER: Final = re.compile(rf"[{_RTL}]")
# What keeps its own order within a line that runs the other way: words in Latin letters, and numbers of any digits.
_ISLAND: Final = re.compile(
    rf"(?:(?![{_RTL}])[^\W_])+(?:[.,:/@+-](?:(?![{_RTL}])[^\W_])+)*|\d+(?:[.,:/\u066b\u066c-]\d+)*|[{_RTL}][\u0300-\u036f\u0591-\u05c7\u064b-\u065f]*|.",
    re.DOTALL,
)
_MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LETTER_RTL: Final = (
    "letter.txt",
    "לכבוד: מריה כהן\nמספר חשבונית: 20418\nתאריך: 05.03.2024\n\nאנו מודים לכם על ההזמנה (מספר 17).\nסה״כ: 1,234.50\n",
)


@mutator(
    "language.right_to_left",
    truth=("same", "new"),
    share=Ladder(0.01, 0.05, 0.2, 0.5, 1.0, unit="share of lines", zero=0),
    examples=[LETTER, _LETTER_RTL],
)
def right_to_left(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put labels of the other direction beside labels, and direction marks around values, as bilingual forms do.

    Arabic or Hebrew beside Latin labels, English beside Arabic and Hebrew ones; half of the values without any mark.
    The marks are invisible and the values stand as they did, in logical order: the answer is the same; a
    transcription may have either. A line without a label gets marks around its last word. Ladder: the catalogue's
    for invisible characters, of lines.
    """
    prose = Prose.of(text, ("plain", "mail"))
    lines = prose.find(_LINE)
    language = ("ar", "he")[int(rng.integers(2))]
    forms = rng.integers(4, size=len(lines)).tolist()
    changes: dict[Span, str] = {}
    for each in chosen(rng, len(lines), share):
        line = lines[each].group()
        target = "en" if _LETTER.search(line) else language
        if (new := _directed(line, target, forms[each])) != line:
            changes[Span(*lines[each].span())] = new
    if not lines or not writable(text, "".join(changes.values())):
        raise NotApplicable(f"{text.encoding} cannot write the other direction")
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))


def _directed(line: str, language: str, form: int) -> str:
    mark, isolate = (_LRM, _RLI) if language == "en" else (_RLM, _LRI)
    labelled = _LABELLED.match(line)
    if labelled is None:
        return _LAST_WORD.sub(lambda word: f"{mark}{isolate}{word.group()}{_PDI}", line)
    value = labelled["value"]
    written = (value, value, f"{mark}{value}", f"{isolate}{value}{_PDI}")[form]
    return f"{labelled['label']} / {_gloss(labelled['label'].strip(), language)}{labelled['colon']}{written}"


def _gloss(label: str, language: str) -> str:
    column = LANGUAGES.index(language)
    known = (row[column] for row in labels() if label.casefold() in map(str.casefold, row))
    return next(known, _OTHER[language])


@mutator(
    "language.visual_order",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such lines", zero=0),
    examples=[_LETTER_RTL],
)
def visual_order(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write lines of Arabic or Hebrew in the order in which they are seen, as old PDFs, terminals and hosts do.

    The first letter stands last; numbers and Latin words keep theirs, brackets are mirrored. Reversing it once more
    gives the line back, and in Hebrew the final forms prove it: the answer is the same, text may be given as it
    stands, and refusing is fine. Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    lines = [match for match in prose.find(_LINE) if _LETTER.search(match.group())]
    lines = [match for match in lines if not _MARKS.search(match.group()) and turned(match.group()) != match.group()]
    if not lines:
        raise NotApplicable("it holds no line of a script that is written from right to left")
    changes = {Span(*lines[each].span()): turned(lines[each].group()) for each in chosen(rng, len(lines), share)}
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))


def turned(line: str) -> str:
    """A line that runs from right to left in the order in which it is seen; turned twice it is itself."""
    return "".join(each.translate(_MIRRORED) for each in reversed(_ISLAND.findall(line)))
