"""Text put back into a Word document: the paragraphs that have changed, run by run, and every other byte as it was."""

from __future__ import annotations

import bisect
import itertools
import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz.distance import Indel

from crumple.views.markup import appending, as_xml, prefix, spliced
from crumple.views.package import Package
from crumple.views.word import Line, Piece, Stretch, texts

_MARK = re.compile("([\t\n])")
_MOST_COMPARED = 100_000_000
# A paragraph that holds one of these stays, whatever becomes of its text.
_KEPT = frozenset({"drawing", "pict", "object", "AlternateContent", "sectPr", "fldChar", "footnoteReference"})

Change = tuple[int, int, bytes]


def with_text(package: Package, lines: Sequence[Line], value: str) -> dict[str, bytes]:
    """The parts of a document that are other than they were, with this text in place of the lines.

    Raises:
        NotApplicable: the text holds a character that XML cannot have.
    """
    new = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not new[-1]:  # what follows the last line feed is no line
        new.pop()
    old = texts(lines)
    if new == old or not lines:
        return {}
    writer = _Writer(package, lines)
    for start, end, first, last in _differing(old, new):
        writer.block(start, end, new[first:last])
    return writer.parts()


def _differing(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Which lines have become which: (start, end) of the old ones and of the new ones."""
    if len(old) == len(new):
        return [(at, at + 1, at, at + 1) for at, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    return _opcodes(old, new)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The parts of two sequences that differ; where they are very long, all from the first to the last difference."""
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(one) * len(other) > _MOST_COMPARED:
        return [(head, head + len(one), head, head + len(other))]
    found: list[tuple[int, int, int, int]] = []
    for each in Indel.opcodes(one, other):
        start, end = head + each.src_start, head + each.src_end
        first, last = head + each.dest_start, head + each.dest_end
        if each.tag == "equal":
            continue
        if found and (found[-1][1], found[-1][3]) == (start, first):
            found[-1] = (found[-1][0], end, found[-1][2], last)
        else:
            found.append((start, end, first, last))
    return found


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class _Writer:
    """Gathers the changes of bytes, part by part."""

    def __init__(self, package: Package, lines: Sequence[Line]) -> None:
        self._package, self._lines = package, lines
        self._changes: dict[str, list[Change]] = defaultdict(list)
        self._unbroken: dict[str, set[int]] = defaultdict(set)

    def parts(self) -> dict[str, bytes]:
        """The parts that have changed."""
        return {name: spliced(self._package.part(name), changes) for name, changes in self._changes.items()}

    def block(self, start: int, end: int, new: Sequence[str]) -> None:
        """Put other lines in place of lines [start, end): each for each, what is over removed or added."""
        shared = min(end - start, len(new))
        for at, text in zip(range(start, start + shared), new, strict=False):
            more = new[shared:] if at == start + shared - 1 else ()
            rest = self._added_after(self._lines[at], more)
            self._line(self._lines[at], "\n".join((text, *rest)))
        for at in range(start + shared, end):
            self._removed(at)
        if not shared and new:
            self._added(start, new)

    def _added(self, at: int, new: Sequence[str]) -> None:
        """Add lines before line `at`: as paragraphs where there is one beside, else as lines of what is beside."""
        before = self._lines[at - 1] if at else None
        after = self._lines[at] if at < len(self._lines) else None
        if before is not None and not self._added_after(before, new):
            return
        if after is not None and after.holder == "body" and (before is None or before.holder != "body"):
            paragraph = after.stretches[0].paragraph
            mark = prefix(self._package.part(after.part), paragraph)
            written = "".join(f"<{mark}p><{mark}r>{_run(text, mark)}</{mark}r></{mark}p>" for text in new)
            self._changes[after.part].append((paragraph.start, paragraph.start, written.encode()))
        elif before is not None:
            self._line(before, "\n".join((before.text, *new)))
        elif after is not None:
            self._line(after, "\n".join((*new, after.text)))

    def _added_after(self, line: Line, new: Sequence[str]) -> Sequence[str]:
        """Add paragraphs after a line's; what cannot be a paragraph there is returned, to go on a line of its own."""
        if line.holder != "body" or not line.stretches[0].alone or not new:
            return new
        data, paragraph = self._package.part(line.part), line.stretches[0].paragraph
        mark = prefix(data, paragraph)
        looks = paragraph.first("pPr")
        copied = "" if looks is None or looks.first("sectPr") else data[looks.start : looks.end].decode()
        written = "".join(f"<{mark}p>{copied}<{mark}r>{_run(text, mark)}</{mark}r></{mark}p>" for text in new)
        self._changes[line.part].append((paragraph.end, paragraph.end, written.encode()))
        return ()

    def _removed(self, at: int) -> None:
        line = self._lines[at]
        stretch = line.stretches[0]
        paragraph = stretch.paragraph
        removable = line.row is None and line.holder == "body" and stretch.alone
        if removable and not any(each.name in _KEPT for each in paragraph.walk()):
            self._changes[line.part].append((paragraph.start, paragraph.end, b""))
            return
        self._line(line, "")
        # With the line goes the break behind it, or, of the last line of a paragraph, the one before it.
        broken = stretch.broken or (None if stretch.alone else self._lines[at - 1].stretches[0].broken)
        if broken and broken.element.start not in self._unbroken[line.part]:
            self._unbroken[line.part].add(broken.element.start)
            self._changes[line.part].append((broken.element.start, broken.element.end, b""))

    def _line(self, line: Line, text: str) -> None:
        cells = text.split("\t", len(line.stretches) - 1)
        for stretch, cell in itertools.zip_longest(line.stretches, cells, fillvalue=""):
            assert isinstance(stretch, Stretch)
            if cell != stretch.text:
                self._stretch(line.part, stretch, cell)

    def _stretch(self, part: str, stretch: Stretch, text: str) -> None:
        data, changes = self._package.part(part), self._changes[part]
        mark = prefix(data, stretch.paragraph)
        if not stretch.pieces:
            run = f"<{mark}r>{_run(text, mark)}</{mark}r>"
            if stretch.broken is None:
                changes.append(appending(data, stretch.paragraph, run))
            else:  # within a run, before the break that ends it
                at = stretch.broken.element.start
                changes.append((at, at, _run(text, mark).encode()))
            return
        for piece, new in zip(stretch.pieces, _revised(stretch.pieces, text), strict=True):
            if new != piece.text:
                own = prefix(data, piece.element)
                changes.append((piece.element.start, piece.element.end, _run(new, own).encode()))


def _revised(pieces: Sequence[Piece], text: str) -> list[str]:
    """What each piece of a stretch says now, so that together they say the text and most stay what they were."""
    starts = list(itertools.accumulate((len(piece.text) for piece in pieces), initial=0))
    old = "".join(piece.text for piece in pieces)
    new: list[list[str]] = [[] for _ in pieces]

    def keep(start: int, end: int) -> None:
        at = bisect.bisect_right(starts, start) - 1
        while start < end:
            until = min(end, starts[at + 1])
            new[at].append(old[start:until])
            start, at = until, at + 1

    done = 0
    for start, end, first, last in _opcodes(old, text):
        keep(done, start)
        # What is put in between two pieces belongs to the first; what replaces something stands where that stood.
        owner = bisect.bisect_right(starts, start) - 1 if end > start else bisect.bisect_left(starts, start) - 1
        new[min(max(owner, 0), len(pieces) - 1)].append(text[first:last])
        done = end
    keep(done, len(old))
    return ["".join(each) for each in new]


def _run(text: str, mark: str) -> str:
    """Characters as the content of a run; tabs and line breaks are elements there."""
    written: list[str] = []
    for each in _MARK.split(text):
        if each == "\t":
            written.append(f"<{mark}tab/>")
        elif each == "\n":
            written.append(f"<{mark}br/>")
        elif each:
            written.append(f'<{mark}t xml:space="preserve">{as_xml(each)}</{mark}t>')
    return "".join(written)
