"""Record: a JSON document as values that can be replaced one by one, with every other character kept."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Span
from crumple.truth import pointer, tokens
from crumple.views.format import Format
from crumple.views.text import Text, TextCodec, looks_like_text

_SPACE = re.compile(r"[ \t\r\n]*")
# Possessive, so that a string of 100 MB is matched without a memory of where it could have ended.
_TOKEN = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")(\s*:)?|[{}\[\]]|[^\s{}\[\],"]+', re.DOTALL)
_LINE = re.compile(r"(?<![^\r\n])[ \t]*+[^ \t\r\n][^\r\n]*+")
_LINE_END = re.compile(r"[ \t]*(?:\r\n?|\n)?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OPENING = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*["{\[\]\d-]|\[\s*(?:true|false|null)|[\[{]\s*\Z)')
_DEEPEST = 200
_SHORT = 1 << 16


class Member(NamedTuple):
    """Where one value stands: [start, end) in the source, and where its key or its place in a list begins."""

    begin: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON document, or the records of a JSON Lines document as one list.

    Attributes:
        value: what it says; of JSON Lines the list of what the lines say. It is never changed.
        source: the characters; edits replace values in place, so that what was not changed stays as it was.
        encoding, bom: as in `Text`.
        lines: whether it is JSON Lines: "/2/total" is the total of the third line that is not blank.
    """

    value: Any
    source: str
    encoding: str = "utf-8"
    bom: bool = False
    lines: bool = False

    @property
    def text(self) -> Text:
        """The whole document as `Text`."""
        return Text(self.source, self.encoding, self.bom)

    def get(self, path: str) -> Any:
        """The value at a JSON pointer.

        Raises:
            KeyError: there is none.
        """
        value = self.value
        for token in tokens(path):
            try:
                value = value[int(token)] if isinstance(value, list) else value[token]
            except (IndexError, ValueError, TypeError) as error:
                raise KeyError(path) from error
        return value

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every scalar as (pointer, value), in the document's order."""
        found: list[tuple[str, Any]] = []
        _scalars(self.value, "", found)
        yield from found

    def spans(self) -> dict[str, Span]:
        """Where each value stands in `source`, by JSON pointer."""
        return {path: Span(member.start, member.end) for path, member in self.members().items()}

    def members(self) -> dict[str, Member]:
        """Where each value and its key stand in `source`, by JSON pointer; of duplicate keys the last."""
        return self._members(None)

    def set(self, values: Mapping[str, Any]) -> Record:
        """The same record with other values at some pointers, none of which contains another.

        Raises:
            KeyError: there is nothing at a pointer.
        """
        if self.lines and "" in values:
            items = values[""] if isinstance(values[""], list) else [values[""]]
            return self._with("".join(self._written(item) + "\n" for item in items), values)
        members = self._members(values)
        cuts = sorted((members[path].start, members[path].end, path) for path in values)
        return self._with(_spliced(self.source, ((*cut[:2], self._written(values[cut[2]])) for cut in cuts)), values)

    def remove(self, *paths: str) -> Record:
        """The same record without the members at some pointers, none of which contains another.

        Items of a list that follow a removed one move up. Of JSON Lines, whole lines go with their line ends.

        Raises:
            KeyError: there is nothing at a pointer.
        """
        members, source = self._members(paths), self.source
        cuts: list[tuple[int, int, str]] = []
        # From the last to the first: whether a comma is left over depends on what follows.
        for path in sorted(set(paths), key=lambda path: members[path].start, reverse=True):
            begin, end = members[path].begin, members[path].end
            stop = _skip(source, end)
            if self.lines and path.count("/") == 1:
                found = _LINE_END.match(source, end)
                end = found.end() if found else end
            elif source[stop : stop + 1] == "," and not (cuts and cuts[-1][0] <= stop):
                end = _skip(source, stop + 1)
            else:
                # The last member takes the comma before it along.
                before = begin
                while before and source[before - 1] in " \t\r\n":
                    before -= 1
                begin = before - 1 if source[before - 1 : before] == "," else begin
            cuts.append((begin, end, ""))
        return self._with(_spliced(source, reversed(cuts)), None)

    def _members(self, paths: Iterable[str] | None) -> dict[str, Member]:
        """Where values stand: all of them, or of JSON Lines those of the lines that some pointers name."""
        if not self.lines:
            if len(self.source) <= _SHORT:
                return _of_short(self.source).copy()
            return _scanned(self.source, "", 0, len(self.source), {})
        wanted = None if paths is None else {tokens(path)[0] for path in paths if path}
        found, names = {"": Member(0, 0, len(self.source))}, dict[str, str]()
        for index, line in enumerate(_LINE.finditer(self.source)):
            if wanted is None or str(index) in wanted:
                found |= _scanned(self.source, path := pointer(index), *line.span(), names)
                found[path] = found[path]._replace(begin=line.start())
        return found

    def _written(self, value: Any) -> str:
        written = json.dumps(value, ensure_ascii=self.source.isascii())
        # A lone surrogate that came from an escape can be written as an escape only.
        return json.dumps(value) if not written.isascii() and _SURROGATE.search(written) else written

    def _with(self, source: str, values: Mapping[str, Any] | None) -> Record:
        if not self.lines:
            return replace(self, value=json.loads(source), source=source)
        lines = [found.group() for found in _LINE.finditer(source)]
        if values is None or len(lines) != len(self.value) or "" in values:
            return replace(self, value=[json.loads(line) for line in lines], source=source)
        value = list(self.value)
        for index in {int(tokens(path)[0]) for path in values}:
            value[index] = json.loads(lines[index])
        return replace(self, value=value, source=source)

    @classmethod
    def parsed(cls, text: Text) -> Record:
        """A record from text.

        Raises:
            Unreadable: it is not JSON, or it is nested deeper than 200 levels.
        """
        value = _loaded(text.value, "it")
        _check_depth(value)
        return cls(value, text.value, text.encoding, text.bom)

    @classmethod
    def of_lines(cls, text: Text) -> Record:
        """A record from JSON Lines: each line that is not blank is one.

        Raises:
            Unreadable: a line is not JSON, there is none, or one is nested deeper than 200 levels.
        """
        found = enumerate(_LINE.finditer(text.value), 1)
        value = [_loaded(line.group(), f"record {number}") for number, line in found]
        if not value:
            raise Unreadable("it is not JSON Lines: it has no line that is not blank")
        _check_depth(value)
        return cls(value, text.value, text.encoding, text.bom, lines=True)


def _loaded(source: str, what: str) -> Any:
    try:
        return json.loads(source)
    except ValueError as error:
        raise Unreadable(f"{what} is not JSON: {error}") from None
    except RecursionError:
        raise Unreadable(f"{what} is JSON nested too deep to be read") from None


def _check_depth(value: Any) -> None:
    """Refuse what is nested deeper than is walked here."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(_DEEPEST + 1):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inner for item in items if isinstance(item, (dict, list))]
        if not level:
            return
    raise Unreadable(f"it is JSON nested too deep: more than {_DEEPEST} levels")


def _scalars(value: Any, path: str, found: list[tuple[str, Any]]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _scalars(item, path + pointer(key), found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _scalars(item, f"{path}/{index}", found)
    else:
        found.append((path, value))


@functools.lru_cache(maxsize=16)
def _of_short(source: str) -> dict[str, Member]:
    """Where the values of a short JSON document stand; one step asks several times, and many ask of a clean one."""
    return _scanned(source, "", 0, len(source), {})


def _scanned(source: str, path: str, at: int, end: int, names: dict[str, str]) -> dict[str, Member]:
    """Where every value of a valid JSON text stands; of duplicate keys the last, as json reads them.

    Args:
        source: holds the text.
        path: the pointer of the whole.
        at: where in the source the text begins.
        end: where it ends.
        names: keys as they are written -> as a part of a pointer; those that are new are added.
    """
    found: dict[str, Member] = {}
    # What has been opened and not closed yet: its path, how many items it has (-1: an object), where it begins.
    outer: list[tuple[str, int, int, int]] = []
    holder, items, held, opened, begin = "", -1, -1, -1, -1
    for token in _TOKEN.finditer(source, at, end):
        start, stop = token.span()
        if token.lastindex == 2:  # a key, with its colon
            key = token[1]
            name = names.get(key)
            if name is None:
                name = names[key] = pointer(json.loads(key))
            begin, path = start, holder + name
            continue
        first = source[start]
        if first in "}]" and outer:
            found[holder] = Member(held, opened, stop)
            holder, items, held, opened = outer.pop()
            continue
        if items >= 0:
            path = f"{holder}/{items}"
            items, begin = items + 1, start
        elif begin < 0:
            begin = start
        if first in "{[":
            outer.append((holder, items, held, opened))
            holder, items, held, opened = path, 0 if first == "[" else -1, begin, start
        else:
            found[path] = Member(begin, start, stop)
    return found


def _spliced(source: str, cuts: Iterable[tuple[int, int, str]]) -> str:
    """The source with other characters between some places, which rise and do not overlap."""
    pieces, at = list[str](), 0
    for start, end, new in cuts:
        pieces += (source[at:start], new)
        at = end
    pieces.append(source[at:])
    return "".join(pieces)


def _skip(source: str, at: int) -> int:
    space = _SPACE.match(source, at)
    return space.end() if space else at


class RecordCodec:
    """A JSON document as `Record`."""

    exact = True

    def read(self, document: Document) -> Record:
        """The record."""
        return Record.parsed(TextCodec().read(document))

    def write(self, view: Record, document: Document) -> bytes:
        """The bytes of its source."""
        return view.text.encoded()


def _sniff(head: bytes, extension: str) -> int:
    if not looks_like_text(head):
        return 0
    return 2 * int(bool(_OPENING.match(head)) or (extension == ".json" and bool(head.strip())))


JSON = Format("application/json", (".json",), _sniff, {Record: RecordCodec(), Text: TextCodec()})
