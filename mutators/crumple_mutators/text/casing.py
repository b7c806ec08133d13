"""Capitals and small letters as people without a shift key, or with caps lock on, leave them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import (
    ABSENT,
    AnyOf,
    Degraded,
    Edit,
    Json,
    Ladder,
    NotApplicable,
    Replaced,
    Span,
    Text,
    Truth,
    mutator,
)
from crumple_mutators.positions import Mask
from crumple_mutators.text.characters import PLANE, Characters, Codes, letters
from crumple_mutators.text.edits import NOTE
from crumple_mutators.text.passages import Passages

_SENTENCE: Final = re.compile(r"(?:\A|[.!?:][ \t]+|[\r\n])[\W_]*")
_MOST_FOUND: Final = 100


@mutator(
    "text.case",
    truth=("same", "new"),
    style=Ladder("sentence", "upper", "title", "inverted", "random"),
    examples=[NOTE],
)
def case(text: Text, style: str, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write all letters as in a sentence, as capitals, Each Word With One, iNVERTED or at raNDoM.

    Mainframes write capitals, web forms titles, a stuck caps lock inverts. A reader that returns what it sees is as
    right as one that knows how the name is written: texts may be given as they were or as they stand now. Ladder: the
    catalogue's styles in the order of how often they are met.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    codes = _styled(characters, text.value, style, rng)
    return _cased(passages, characters, codes, truth)


@mutator("text.lower_case", truth=("same", "new"), level=1, examples=[NOTE])
def lower_case(text: Text, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write all letters small, as people do on telephones and in chats.

    Texts may be given as they were or as they stand now.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    return _cased(passages, characters, _table(False).take(characters.codes, mode="clip"), truth)


def _styled(characters: Characters, value: str, style: str, rng: Generator) -> Codes:
    codes = characters.codes
    upper, lower = (_table(each).take(codes, mode="clip") for each in (True, False))
    if style == "upper":
        return upper
    if style == "inverted":
        return np.where(upper == codes, lower, upper)
    if style == "random":
        drawn = np.asarray(rng.bit_generator.random_raw(len(codes) // 64 + 1), "<u8").view(np.uint8)
        return np.where(np.unpackbits(drawn)[: len(codes)] == 1, upper, lower)
    first = np.zeros(len(codes), np.bool_)
    if style == "title":
        letter = characters.among(letters())
        first[:1] = letter[:1]
        # An apostrophe is within a word: "Don't".
        first[1:] = letter[1:] & ~letter[:-1] & (codes[:-1] != ord("'"))
    else:
        starts = [found.end() for found in _SENTENCE.finditer(value)]
        first[[at for at in starts if at < len(codes)]] = True
    return np.where(first, upper, lower)


@cache
def _table(upper: bool) -> Codes:
    """Every character as a capital or as a small letter, where that is one character too."""
    table = np.arange(PLANE, dtype=np.uint32)
    for code in range(PLANE - 1):
        each = chr(code)
        other = each.upper() if upper else each.lower()
        # A capital that has another small letter than this one would not find back: dotless i, long s.
        if len(other) == 1 and other != each and (other.lower() == each or other.upper() == each):
            table[code] = ord(other)
    table.flags.writeable = False
    return table


def _cased(passages: Passages, characters: Characters, codes: Codes, truth: Truth) -> Degraded[Text]:
    old = characters.codes
    fits: Mask = (codes <= np.iinfo(old.dtype).max) & (codes != old) & (old < PLANE - 1)
    hit = fits if passages.mask is None else fits & passages.mask
    places = np.flatnonzero(hit)
    if not len(places):
        raise NotApplicable("all its letters are so already")
    value = characters.written(np.where(hit, codes, old))
    touched = [Span(int(places[0]), int(places[-1]) + 1)]
    now = passages.text.with_value(value)
    if truth is ABSENT:
        return Degraded(now, touched=touched)
    either = _either(truth, passages.text.value, value)
    return Degraded(now, Replaced(either), touched=touched) if either != truth else Degraded(now, touched=touched)


def _either(truth: Json | Edit, before: str, after: str) -> Json:
    """A right answer in which every text may also be given as it stands in the text now."""
    if isinstance(truth, str):
        seen = dict.fromkeys([truth, *_seen(truth, before, after)])
        return AnyOf(*seen) if len(seen) > 1 else truth
    if isinstance(truth, AnyOf):
        return AnyOf(*(_either(option, before, after) for option in truth.options))
    if isinstance(truth, Mapping):
        return {key: _either(item, before, after) for key, item in truth.items()}
    if isinstance(truth, Sequence):
        return [_either(item, before, after) for item in truth]
    assert not isinstance(truth, Edit)  # which stands in what mutators say, never in a case's truth
    return truth


def _seen(value: str, before: str, after: str) -> Iterator[str]:
    """What stands now where a value stood, however the format writes it down."""
    words = value.split()
    if not words:
        return
    json_form = json.dumps(value, ensure_ascii=False)[1:-1]
    forms = dict.fromkeys([value, json_form, html.escape(value, quote=False), value.replace('"', '""')])
    for form in forms:
        pattern = re.compile(r"\s+".join(map(re.escape, form.split())), re.IGNORECASE)
        for found, _ in zip(pattern.finditer(before), range(_MOST_FOUND), strict=False):
            now = after[found.start() : found.end()]
            if form == value:
                yield now
            elif form == json_form:
                yield str(json.loads(f'"{now}"', strict=False))
            else:
                yield html.unescape(now).replace('""', '"')
