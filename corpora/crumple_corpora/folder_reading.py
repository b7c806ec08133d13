"""From the files of a case to its line in a list, and to the case itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from crumple import ABSENT, Case, CrumpleError, Document, Entry, Json, Parts, Truth, identify, inside, named, views_of
from crumple_corpora.files import Files, suffix
from crumple_corpora.folder_listing import Inline, Item
from crumple_corpora.folder_truth import parse_marked

LARGEST: Final = 1 << 30
"""A document of more bytes is not read: it would be in memory several times over."""
# What `identify` looks at.
_HEAD: Final = 8192


@dataclass(slots=True)
class Reader:
    """Reads the cases of a place.

    Attributes:
        place: where the files are.
        largest: how many bytes a document may have.
    """

    place: Files
    largest: int = LARGEST
    _marked: dict[str, bool] = field(default_factory=dict)

    def entry(self, item: Item, *, by_name: bool = False, parsed: bool = True) -> Entry:
        """A case's line.

        Args:
            item: the case.
            by_name: whether the name of a file may say what it is; only where it says nothing is the file looked into.
            parsed: whether a truth is read, so that what is wrong with it shows here.

        Raises:
            CrumpleError: a file cannot be read, or something is wrong with a truth.
        """
        kind = self._kind(item.path, by_name)
        stand_in = parsed and self._is_stand_in(item)
        parts = tuple((PurePosixPath(part).name, self._kind(part, by_name)) for part in item.parts)
        inner = [*self._inside("", item.path, kind)]
        for part, (name, media_type) in zip(item.parts, parts, strict=True):
            inner += self._inside(f"{name}/", part, media_type)
        return Entry(
            id=item.id,
            media_type=kind,
            group=item.group or item.id,
            has_truth=item.truth is not None,
            tags=item.tags,
            parts=parts,
            inside=tuple(inner),
            has_inputs=item.inputs is not None,
            stand_in=stand_in,
            size=max(0, self._sized(item.path, item.size)) + sum(max(0, self._sized(part)) for part in item.parts),
        )

    def case(self, item: Item) -> Case:
        """The case itself, read from its files.

        Raises:
            CrumpleError: a file cannot be read, or is larger than is read; the message names it.
        """
        return Case(
            id=item.id,
            document=self._document(item.path, item.size),
            truth=self._truth(item),
            group=item.group,
            tags=item.tags,
            inputs=item.inputs,
            parts=tuple(map(self._document, item.parts)),
        )

    def _document(self, name: str, size: int = -1) -> Document:
        size = self._sized(name, size)
        if size <= self.largest:
            data = self.place.read(name) if size >= 0 else self.place.read(name, self.largest + 1)
            size = max(size, len(data))
        if size > self.largest:
            raise CrumpleError(
                f"it has {_in_words(size)}, and a document may have {_in_words(self.largest)}",
                where=self.place.where(name),
                hint=f'Remove it from the corpus, or raise the limit: [corpus] largest = "{_enough(size)}".',
            )
        last = PurePosixPath(name).name
        return Document(data, identify(data, last), last)

    def _sized(self, name: str, listed: int = -1) -> int:
        """How many bytes a file has; -1 where nobody says."""
        if listed >= 0:
            return listed
        found = self.place.about(name)
        return found.size if found is not None else -1

    def _kind(self, name: str, by_name: bool) -> str:
        last = PurePosixPath(name).name
        if by_name and (kind := named(last)) != named(""):
            return kind
        return identify(self.place.read(name, _HEAD), last)

    def _inside(self, prefix: str, name: str, media_type: str) -> Iterator[tuple[str, str]]:
        """What a file carries, by path and media type; only archives and mails are read for it."""
        if Parts in views_of(media_type) and self._sized(name) <= self.largest:
            yield from ((prefix + inner, each.media_type) for inner, each in inside(self._document(name)))

    def _truth(self, item: Item) -> Truth:
        match item.truth:
            case None:
                return ABSENT
            case Inline(value):
                return value
            case name:
                return self._parsed(name)[0]

    def _is_stand_in(self, item: Item) -> bool:
        """Whether its truth is a stand-in; each file is parsed once, however many cases share it."""
        if not isinstance(item.truth, str):
            return False
        if item.truth not in self._marked:
            self._marked[item.truth] = self._parsed(item.truth)[1]
        return self._marked[item.truth]

    def _parsed(self, name: str) -> tuple[Json, bool]:
        return parse_marked(self.place.read(name), suffix(name), self.place.where(name))


def split(path: str) -> tuple[str, str]:
    """A path up to its first wildcard, and the pattern from there on."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if any(character in part for character in "*?["):
            return "/".join(parts[:at]), "/".join(parts[at:])
    return path, ""


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern as shells know it: "*" and "?" stay within a name, "**" goes through folders; "" is everything."""
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", pattern or "**")
    sets = [part if part.startswith("[") and part.endswith("]") else re.escape(part) for part in parts]
    return re.compile("".join(meaning.get(part, each) for part, each in zip(parts, sets, strict=True)), re.DOTALL)


def unknown_case(case_id: str, where: str, held: str, near: str = "") -> CrumpleError:
    """The error for a case that there is none of."""
    return CrumpleError(f"no case {case_id!r}", where=where, hint=f"Did you mean {near!r}?" if near else held)


def _in_words(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 29 else f"{size / (1 << 20):.1f} MiB"


def _enough(size: int) -> str:
    return f"{(size >> 30) + 1}GiB" if size >= 1 << 30 else f"{(size >> 20) + 1}MiB"
