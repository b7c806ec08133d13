"""Values that end in the middle of a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator, raw
from crumple_mutators.positions import number_of, some, spliced
from crumple_mutators.truncation.cuts import LETTER

_DELIMITERS = r"\r\n,;|\t\"<"
_TWO_FROM = 0.01


@mutator(
    "truncation.mid_character",
    truth="lost",
    refusable_from=4,
    records=Ladder(0.001, 0.01, 0.1, 0.5, 1, unit="share of records", zero=0),
    examples=[
        ("letter.txt", LETTER),
        ("people.csv", "name,city\nZoë Brontë,Málaga\nJosé Núñez,Córdoba\nRené Lefèvre,Besançon\nAnn Müller,Köln\n"),
    ],
)
def mid_character(text: Text, records: float, rng: Generator) -> Degraded[Text]:
    """Cut values in the middle of a character, as fields and buffers of a fixed number of bytes do.

    In a record (a line that holds a character of several bytes) the last such character keeps all but its last
    byte, and what follows it in its cell is gone; both are lost. Ladder: the catalogue's, at the end of the file, one
    record more (from 1 % on), then shares of the records.
    """
    if text.encoding.startswith(("utf-16", "utf-32")):
        raise NotApplicable(f"the characters of {text.encoding} have no first byte of their own; see encoding.utf16")
    wide = _wide(text)
    some(wide, f"it has no characters of several bytes in {text.encoding}")
    pattern = rf"([{wide}])[^{wide}{_DELIMITERS}]*(?=[{_DELIMITERS}]|\Z)"
    found = re.finditer(pattern, text.value)
    last_of_line = dict(_by_line(text.value, found))
    lines = list(last_of_line.values())
    least = 2 if records >= _TWO_FROM else 1
    number = number_of(records, len(lines), least=least)
    # The end of the file comes first, the others in an order that is drawn.
    order = [len(lines) - 1, *rng.permutation(len(lines) - 1).tolist()]
    hit = sorted(order[:number])
    spans = [Span(*lines[index].span()) for index in hit]
    cuts = (raw(lines[index].group(1).encode(text.encoding)[:-1]) for index in hit)
    return Degraded(text.with_value(spliced(text.value, spans, cuts)), lost=spans)


def _by_line(value: str, found: Iterable[re.Match[str]]) -> Iterator[tuple[int, re.Match[str]]]:
    """Rising matches with the line end that each follows; only what lies between two of them is looked through."""
    line, seen = -1, 0
    for each in found:
        line = max(line, value.rfind("\n", seen, each.start()))
        seen = each.start()
        yield line, each


def _wide(text: Text) -> str:
    """Those of the text's characters that take several bytes, escaped for a class of characters."""
    beyond = dict.fromkeys(re.findall(r"[^\x00-\x7f\ud800-\udfff]", text.value))
    return "".join(re.escape(each) for each in beyond if len(each.encode(text.encoding)) > 1)
