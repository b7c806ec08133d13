"""Record: a JSON document as values that can be replaced one by one, with every other character kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Span
from crumple.truth import pointer, tokens
from crumple.views.format import Format
from crumple.views.text import Text, TextCodec, looks_like_text

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}"]+', re.DOTALL)
_OPENING = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*["{\[\]\d-]|\[\s*(?:true|false|null)|[\[{]\s*\Z)')
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Member:
    """Where one value stands: [start, end) in the source, and where its key or its place in a list begins."""

    begin: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON document.

    Attributes:
        value: what it says.
        source: the characters; edits replace values in place, so that what was not changed stays as it was.
        encoding, bom: as in `Text`.
    """

    value: Any
    source: str
    encoding: str = "utf-8"
    bom: bool = False

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
        yield from _scalars(self.value, "")

    def spans(self) -> dict[str, Span]:
        """Where each value stands in `source`, by JSON pointer."""
        return {path: Span(member.start, member.end) for path, member in _members(self.source).items()}

    def set(self, values: Mapping[str, Any]) -> Record:
        """The same record with other values at some pointers, none of which contains another."""
        members = _members(self.source)
        source = self.source
        ascii_only = source.isascii()
        for path in sorted(values, key=lambda path: members[path].start, reverse=True):
            written = json.dumps(values[path], ensure_ascii=ascii_only)
            source = source[: members[path].start] + written + source[members[path].end :]
        return replace(self, value=json.loads(source), source=source)

    def remove(self, *paths: str) -> Record:
        """The same record without the members at some pointers, none of which contains another.

        Items of a list that follow a removed one move up.
        """
        members = _members(self.source)
        source = self.source
        # From the last to the first, so that the places of those still to go stay right.
        for path in sorted(paths, key=lambda path: members[path].start, reverse=True):
            begin, end = members[path].begin, members[path].end
            stop = _skip(source, end)
            if source[stop : stop + 1] == ",":
                end = _skip(source, stop + 1)
            else:
                # The last member takes the comma before it along.
                head = source[:begin].rstrip()
                begin = len(head) - 1 if head.endswith(",") else begin
            source = source[:begin] + source[end:]
        return replace(self, value=json.loads(source), source=source)

    @classmethod
    def parsed(cls, text: Text) -> Record:
        """A record from text.

        Raises:
            Unreadable: it is not JSON, or it is nested deeper than 200 levels.
        """
        try:
            value = json.loads(text.value)
        except ValueError as error:
            raise Unreadable(f"it is not JSON: {error}") from None
        except RecursionError:
            raise Unreadable("it is JSON nested too deep to be read") from None
        return cls(value, text.value, text.encoding, text.bom)


def _scalars(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scalars(item, path + pointer(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, path + pointer(index))
    else:
        yield path, value


def _members(source: str) -> dict[str, Member]:
    """Where every value of a valid JSON text stands; of duplicate keys the last, as json reads them."""
    found: dict[str, Member] = {}
    _scan(source, _skip(source, 0), "", found, _skip(source, 0), 0)
    return found


def _scan(source: str, at: int, path: str, found: dict[str, Member], begin: int, depth: int) -> int:
    if depth > _DEEPEST:
        raise Unreadable(f"it is JSON nested deeper than {_DEEPEST} levels")
    start, opening = at, source[at]
    if opening in "{[":
        at, index = _skip(source, at + 1), 0
        while source[at] not in "}]":
            member = at
            if opening == "{":
                key = _SCALAR.match(source, at)
                name: str | int = json.loads(key.group()) if key else ""
                at = _skip(source, key.end() if key else at)
                at = _skip(source, at + 1)
            else:
                name = index
            at = _skip(source, _scan(source, at, path + pointer(name), found, member, depth + 1))
            index += 1
            if source[at] == ",":
                at = _skip(source, at + 1)
        at += 1
    else:
        scalar = _SCALAR.match(source, at)
        at = scalar.end() if scalar else at + 1
    found[path] = Member(begin, start, at)
    return at


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
