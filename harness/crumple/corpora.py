"""Corpora by name: those of the entry points `crumple.corpora`, and a choice of one's cases by tag."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from crumple.case import Case, Corpus, Entry, Streamed, Versioned, Wanted
from crumple.errors import CrumpleError
from crumple.loading import entry_points

_FOLDER, _STREAM = "folder", "stream"


def folder(path: Path, **options: Any) -> Corpus:
    """The corpus of a folder's files.

    Args:
        path: the folder, or one with a pattern of names in it: "samples/*.pdf".
        options: `largest`, how many bytes a document may have.
    """
    corpus: Corpus = _class(_FOLDER)(path, **options)
    return corpus


def stream(url: str, **options: Any) -> Corpus:
    """The corpus of the files below a URL.

    Args:
        url: of a folder, or one with a pattern of names in it: "s3://bucket/samples/*.pdf".
        options: `largest`, how many bytes a document may have; `storage`, what file systems are made with.
    """
    corpus: Corpus = _class(_STREAM)(url, **options)
    return corpus


def generated(name: str, options: Mapping[str, Any]) -> Corpus:
    """A corpus that is generated from a seed.

    Args:
        name: its entry point's name.
        options: what it is made with: count, seed and what else it takes.

    Raises:
        CrumpleError: there is no such corpus, or an option that it does not take.
    """
    names = sorted(each for each in _points() if each not in (_FOLDER, _STREAM))
    if name not in names:
        raise CrumpleError(
            f"there is no corpus {name!r} to generate", got=name, allowed=names, hint="For files of your own use path."
        )
    make = _class(name)
    takes = list(inspect.signature(make).parameters)
    for option in options:
        if option not in takes:
            raise CrumpleError(f"unknown key {option!r} for {name}", got=option, allowed=["generate", "tags", *takes])
    try:
        corpus: Corpus = make(**options)
    except TypeError as error:
        raise CrumpleError(f"{name} cannot be made with {', '.join(options) or 'no options'}: {error}") from None
    return corpus


def _class(name: str) -> Callable[..., Corpus]:
    make: Callable[..., Corpus] = _points()[name].load()
    return make


@functools.cache
def _points() -> Mapping[str, EntryPoint]:
    """The entry points by name, looked up once: a lane asks for a stranger's document with every other call."""
    points = sorted(entry_points("crumple.corpora"), key=lambda point: point.value, reverse=True)
    return {point.name: point for point in points}


def version(corpus: Corpus) -> str:
    """What tells one state of a corpus from another: what it says itself, or else its description."""
    return corpus.version() if isinstance(corpus, Versioned) else repr(corpus)


def streamed(corpus: Corpus) -> Streamed | None:
    """The corpus, if it is one that is not to be listed as a whole."""
    return corpus if isinstance(corpus, Streamed) and corpus.streams else None


def known(corpus: Corpus, ids: Collection[str]) -> Mapping[str, Entry]:
    """The entries of some cases by id, of those that there are."""
    stream = streamed(corpus)
    return stream.find(ids) if stream else {each.id: each for each in corpus.entries() if each.id in ids}


def size(corpus: Corpus) -> tuple[int, int]:
    """How many cases it has, and groups of them."""
    if stream := streamed(corpus):
        return stream.size()
    entries = corpus.entries()
    return len(entries), len({each.group for each in entries})


def _stream(corpus: Corpus) -> Streamed:
    found = streamed(corpus)
    assert found is not None, "only asked of corpora that stream"
    return found


@dataclass(frozen=True, slots=True)
class WithoutTruth:
    """A corpus for a judge that needs no truth: no case waits for one, and none is made of the system's own answers.

    Attributes:
        corpus: where cases come from.
    """

    corpus: Corpus

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.corpus.name

    def entries(self) -> Sequence[Entry]:
        """Every case's entry, as one whose right answer is known."""
        return self._told(self.corpus.entries())

    def _told(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        return [replace(each, has_truth=True) for each in entries]

    @property
    def streams(self) -> bool:
        """Whether the corpus does."""
        return streamed(self.corpus) is not None

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """The cases that are wanted of one that streams."""
        return self._told(_stream(self.corpus).sample(wanted))

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases and groups one has that streams."""
        return _stream(self.corpus).size(tags)

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """The entries of some cases of one that streams."""
        return {each.id: each for each in self._told(list(_stream(self.corpus).find(ids).values()))}

    def load(self, case_id: str) -> Case:
        """The case itself."""
        return self.corpus.load(case_id)

    def version(self) -> str:
        """What tells one state of it from another."""
        return version(self.corpus)


@dataclass(frozen=True, slots=True)
class Tagged:
    """The cases of a corpus that have at least one of some tags.

    Attributes:
        corpus: where they come from.
        tags: the words to choose by.
    """

    corpus: Corpus
    tags: tuple[str, ...]

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{self.corpus.name}, {' or '.join(self.tags)}"

    def entries(self) -> Sequence[Entry]:
        """The chosen cases' entries.

        Raises:
            CrumpleError: a tag that no case has.
        """
        entries = self.corpus.entries()
        known = sorted({tag for entry in entries for tag in entry.tags})
        for tag in self.tags:
            if tag not in known:
                raise CrumpleError(
                    f"no case has the tag {tag!r}", where="[corpus] tags", got=tag, allowed=known or ["none at all"]
                )
        return [entry for entry in entries if not entry.tags.isdisjoint(self.tags)]

    @property
    def streams(self) -> bool:
        """Whether the corpus does."""
        return streamed(self.corpus) is not None

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """The cases that are wanted of one that streams."""
        return _stream(self.corpus).sample(replace(wanted, tags=self.tags))

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases and groups one has that streams."""
        return _stream(self.corpus).size(self.tags)

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """The entries of some cases of one that streams."""
        found = _stream(self.corpus).find(ids)
        return {name: each for name, each in found.items() if not each.tags.isdisjoint(self.tags)}

    def load(self, case_id: str) -> Case:
        """The case itself."""
        return self.corpus.load(case_id)

    def version(self) -> str:
        """What tells one state of it from another."""
        return f"{version(self.corpus)}, {', '.join(self.tags)}"
