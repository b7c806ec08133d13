"""What a right answer says after words, dates or numbers of the document were written otherwise.

An answer gives a value as the document now has it, or as it was: a reader who knows both is right both ways. That
matters wherever the answer holds text, from one name to the transcription of a page.
"""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from crumple import ABSENT, SAME, AnyOf, Edit, Json, Replaced, Span, Truth, is_transcription
from crumple_mutators.language.prose import in_order

_MOST_PLACES: Final = 200
"""How many places of one value are looked at; one that stands more often is said by the first of them."""
_LONGEST_PATTERN: Final = 20_000
_FOLDABLE: Final = re.compile(r"[\s&<>\"]")
_ESCAPED: Final = {"&": "(?:&amp;|&)", "<": "(?:&lt;|<)", ">": "(?:&gt;|>)", '"': r'(?:&quot;|\\"|"")?"?'}


@dataclass(frozen=True, slots=True)
class Restating:
    """The clean text, and what stands in some of its places now; an empty place is one where something was put in."""

    value: str
    changes: Mapping[Span, str]
    order: Sequence[Span]

    def truth(self, truth: Json) -> Json:
        """The truth in which every text that was touched may be given as it was and as it stands now."""
        match truth:
            case str():
                new = [each for each in self._restated(truth) if each != truth]
                return AnyOf(truth, *new) if new else truth
            case AnyOf(options):
                return AnyOf(*(each if isinstance(each, Edit) else self.truth(each) for each in options))
            case Mapping():
                return {key: self.truth(each) for key, each in truth.items()}
            case Sequence():
                return [self.truth(each) for each in truth]
        return truth

    def _restated(self, text: str) -> list[str]:
        if not text.strip():
            return []
        whole = is_transcription(text)
        places = [each for each in islice(self._places(text), _MOST_PLACES) if not _inside_word(self.value, *each)]
        found = dict.fromkeys(now for start, end in places if (now := self._now(start, end, whole=whole)) is not None)
        if not places and whole:
            found[self._in_order(text)] = None
        return list(found)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text stands in the document, white space and the format's own way of writing it aside."""
        at = self.value.find(text)
        if at < 0 and len(text) <= _LONGEST_PATTERN and _FOLDABLE.search(text):
            words = ("".join(_ESCAPED.get(sign) or re.escape(sign) for sign in word) for word in text.split())
            yield from (match.span() for match in re.finditer(r"\s+".join(words), self.value))
        while at >= 0:
            yield at, at + len(text)
            at = self.value.find(text, at + len(text))

    def _now(self, start: int, end: int, *, whole: bool) -> str | None:
        """What stands in a place now, None where that is what stood there; of a transcription, what is put around it.

        A change that reaches beyond the place says nothing of what has become of this part of it.
        """
        first, last = start, end
        if whole:
            # Truths are written without the line end at the document's end, after which something may be put in.
            start, end = len(self.value[:start].rstrip()), len(self.value) - len(self.value[end:].lstrip())
        inside = list[Span]()
        for span in islice(self.order, bisect.bisect_left(self.order, Span(start, start)), None):
            if span.start > end:
                break
            edge = span.start == span.end and span.start in (start, end)
            if span.end <= end and (whole or not edge):
                inside.append(span)
        if not inside:
            return None
        pieces, here = list[str](), start
        for span in inside:
            pieces += (self.value[here : span.start], self.changes[span])
            here = span.end
        now = "".join([*pieces, self.value[here:end]])
        now = now.lstrip() if start < first else now
        return html.unescape(now.rstrip() if end > last else now).replace('\\"', '"')

    def _in_order(self, text: str) -> str:
        """A transcription that is not the document character by character, with the changes found in it one by one."""
        at, pieces = 0, list[str]()
        for span in self.order:
            old = self.value[span.start : span.end]
            here = text.find(old, at) if old.strip() else -1
            if here >= 0:
                pieces += (text[at:here], self.changes[span])
                at = here + len(old)
        return "".join([*pieces, text[at:]])


def restated(value: str, changes: Mapping[Span, str], truth: Truth) -> Edit | Replaced:
    """What has become of the right answer where the text stands otherwise in some spans.

    Args:
        value: the clean text.
        changes: what stands there now; an empty span is a place where something was put in.
        truth: the right answer so far.
    """
    if truth is ABSENT or isinstance(truth, (bool, int, float)) or truth is None:
        return SAME
    now = Restating(value, changes, in_order(changes)).truth(truth)
    return SAME if now == truth else Replaced(now)


def either(value: str, changes: Mapping[Span, str], truth: Truth) -> Edit | Replaced:
    """The same where the changes are to values themselves: a truth is needed to say what is right."""
    if truth is not ABSENT:
        return restated(value, changes, truth)
    return Edit(values={span: AnyOf(value[span.start : span.end], new) for span, new in sorted(changes.items())})


def in_longer_text(value: str, spans: Sequence[Span], truth: Truth) -> bool:
    """Whether some text of a truth holds one of these places and more: a date within a sentence."""
    now = restated(value, dict.fromkeys(spans, "\0"), truth)
    return isinstance(now, Replaced) and _holds_mark(now.truth)


def _holds_mark(truth: Json) -> bool:
    if isinstance(truth, str):
        return "\0" in truth and truth.strip("\0") != ""
    if isinstance(truth, AnyOf):
        return any(_holds_mark(each) for each in truth.options if not isinstance(each, Edit))
    if isinstance(truth, Mapping):
        return any(map(_holds_mark, truth.values()))
    return isinstance(truth, Sequence) and any(map(_holds_mark, truth))


def _inside_word(value: str, start: int, end: int) -> bool:
    """Whether a match is a part of a longer word or number."""
    before = start > 0 and value[start - 1].isalnum() and value[start].isalnum()
    after = end < len(value) and value[end].isalnum() and value[end - 1].isalnum()
    # Scripts without spaces have no ends of words to go by.
    return (before and value[start - 1].isascii()) or (after and value[end].isascii())
