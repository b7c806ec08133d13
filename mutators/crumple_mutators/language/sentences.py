"""Whole sentences in another language: courtesies around a text, remarks between its sentences, or in their place."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.language.courtesies import GREETINGS, REMARKS
from crumple_mutators.language.prose import Prose, in_order, writable
from crumple_mutators.language.restating import either, restated
from crumple_mutators.language.samples import LETTER
from crumple_mutators.language.tongues import spoken
from crumple_mutators.selection import chosen

# A sentence goes on behind a number ("5. Oktober"), but for a year and where the line ends.
_SENTENCE: Final = re.compile(
    r"(?:^|(?<=[.!?。।>][ \n])|(?<=>))[^\W\d_](?:[^.!?。।\r\n]|(?<=\d)(?<!\d{4})\.(?!\s*$)){19,600}"
    r"[.!?。।](?=\s|$)",
    re.MULTILINE,
)
_PLAIN: Final = re.compile(r"[^0-9:@/]*+")
_SHARE: Final = Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of sentences", zero=0)


@mutator(
    "language.greeting",
    truth=("same", "new"),
    lines=Ladder(1, 2, 3, 5, 8, unit="lines", zero=0),
    examples=[LETTER],
)
def greeting(text: Text, lines: int, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a greeting before the text, a closing and small print after it, all in another language.

    Sent by every mail gateway and template of a firm abroad; beyond three lines in further languages. Nothing that
    stood there changes: the answer is the same; a transcription may have them or not. Ladder: level 1 is the
    catalogue's; the rest a first guess, uncalibrated.
    """
    prose = Prose.of(text, ("plain", "mail"))
    start, end = prose.runs[0].start, prose.runs[0].end
    order = _tongues(text, rng, {tongue: "".join(lines) for tongue, lines in GREETINGS.items()})
    courtesies = [(number, line) for tongue in order for number, line in enumerate(GREETINGS[tongue])][: int(lines)]
    ending = "\r\n" if "\r\n" in text.value else "\n"
    before = "".join(line + ending * 2 for number, line in courtesies if number == 0)
    after = "".join(ending + line for number, line in courtesies if number)
    closed = text.value[start:end].endswith(("\n", "\r")) or not after
    changes = {
        Span(start, start): before,
        Span(end, end): f"{'' if closed else ending}{after}{ending if after else ''}",
    }
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth))


@mutator("language.sentences_added", truth=("same", "new"), share=_SHARE, examples=[LETTER])
def sentences_added(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put remarks in another language after sentences, as letters do that passed through two offices.

    Nothing that stood there changes: the answer is the same; text that holds the place may have them or not. Ladder:
    the catalogue's shares of sentences in another language.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    found = prose.find(_SENTENCE)
    if not found:
        raise NotApplicable("it holds no sentence")
    remarks = REMARKS[_tongues(text, rng, {tongue: "".join(lines) for tongue, lines in REMARKS.items()})[0]]
    picks = rng.integers(len(remarks), size=len(found)).tolist()
    changes = {
        Span(found[each].end(), found[each].end()): f" {remarks[picks[each]]}"
        for each in chosen(rng, len(found), share)
    }
    return Degraded(prose.replaced(changes), restated(text.value, changes, truth), touched=in_order(changes))


@mutator("language.sentences_replaced", truth="new", refusable_from=4, share=_SHARE, examples=[LETTER])
def sentences_replaced(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a remark in another language in the place of sentences, as whoever fills in a form in their own tongue does.

    Only sentences without numbers, addresses and labels: what is extracted stays. Free text is right as it stands,
    and as it was. Where half of the text is in a tongue that nobody agreed on, refusing is fine. Ladder: the
    catalogue's shares of sentences in another language.
    """
    prose = Prose.of(text, ("plain", "markup", "mail"))
    found = [match for match in prose.find(_SENTENCE) if _PLAIN.fullmatch(match.group())]
    if not found:
        raise NotApplicable("it holds no sentence without numbers")
    remarks = REMARKS[_tongues(text, rng, {tongue: "".join(lines) for tongue, lines in REMARKS.items()})[0]]
    picks = rng.integers(len(remarks), size=len(found)).tolist()
    changes = {Span(*found[each].span()): remarks[picks[each]] for each in chosen(rng, len(found), share)}
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))


def _tongues(text: Text, rng: Generator, characters: dict[str, str]) -> list[str]:
    """The languages that the text's encoding can write and that it is not in, in an order that is drawn.

    Raises:
        NotApplicable: there is none.
    """
    tongues = list(characters)
    order = [tongues[each] for each in rng.permutation(len(tongues)).tolist()]
    own = spoken(text.value)
    able = [each for each in order if each != own and writable(text, characters[each])]
    if not able:
        raise NotApplicable(f"{text.encoding} cannot write a sentence in any other language")
    return able
