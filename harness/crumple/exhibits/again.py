"""A call's documents made again from its line, in a process that may be lost, and drawn."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crumple import kept
from crumple.case import Case, Corpus
from crumple.config.loading import Config
from crumple.configured_corpus import corpus_of
from crumple.discretion import Discretion
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, in_words
from crumple.exhibit import Exhibit
from crumple.exhibits.bounds import Bounds
from crumple.exhibits.drawing import drawn
from crumple.findings.papers import holds_secret
from crumple.mutation.apply import degrade
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import Registry, discover
from crumple.places import Place
from crumple.plain_text import excerpt
from crumple.replay import parse
from crumple.truth import Json
from crumple.views.limits import limit_pixels

TEXT: Final = "text/plain"
_LONG: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a process that draws must know.

    Attributes:
        config: of the run.
        bounds: how much is shown.
        digests: a line that replays -> the digest of the document that the system was given; where it is known.
        documents: the folder that documents may have been kept in.
    """

    config: Config
    bounds: Bounds
    digests: Mapping[str, str]
    documents: Path | kept.Elsewhere


def prepare(given: Given) -> Callable[[str], Exhibit]:
    """What draws one line.

    Raises:
        CrumpleError: the corpus or the mutators cannot be had any more.
    """
    _be_silent()
    settings = given.config.settings
    limit_pixels(settings.mutate.pixels)
    corpus, registry = corpus_of(given.config), discover(settings.mutate.modules, given.config.root)
    return Again(given, corpus, registry)


def _be_silent() -> None:
    """What mutators, corpora and libraries print is nothing that whoever asks for a report wants to read."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


class Again:
    """Draws one line after the other; whatever goes wrong with one is a note on it."""

    def __init__(self, given: Given, corpus: Corpus, registry: Registry) -> None:
        """Take what must be known, the cases and the mutators."""
        self._given, self._corpus, self._registry = given, corpus, registry
        self._discretion = Discretion(secrets=given.config.secrets)
        self._cache = ViewCache()

    def __call__(self, line: str) -> Exhibit:
        """The exhibit of a line "case > recipe"."""
        try:
            case_id, recipe = parse(line, self._corpus)
            case = self._corpus.load(case_id)
        except Exception as error:  # noqa: BLE001 - somebody's corpus may raise anything
            return Exhibit(replay=line, note=f"the clean document could not be read: {_words(error)}")
        digest = self._given.digests.get(line, "")
        held = self._kept(digest, case)
        if held is not None:
            return self._drawn(line, case.document, held)
        try:
            made = degrade(case, recipe, self._registry.mutators, self._cache)
        except Exception as error:  # noqa: BLE001 - somebody's mutator may raise anything
            return Exhibit(replay=line, note=f"the degraded document could not be made again: {_words(error)}")
        if digest and made.document.digest != digest:
            return Exhibit(replay=line, note="the recipe makes another document here than it made in the run")
        return self._beside(line, case, made)

    def _kept(self, digest: str, case: Case) -> Document | None:
        """The degraded document as the system was given it, where it was kept."""
        if not digest or digest == case.document.digest:
            return None
        data = kept.read(self._given.documents, digest)
        return None if data is None else Document(data, case.document.media_type, case.document.name)

    def _beside(self, line: str, case: Case, made: Degradation) -> Exhibit:
        """What was changed: the document, one that goes with it, or what is passed to the system beside them."""
        if made.document != case.document:
            return self._drawn(line, case.document, made.document, made.touched)
        for before, after in zip(case.parts, made.parts, strict=False):
            if before != after:
                found = self._drawn(line, before, after)
                where = f"in {excerpt(before.name, _LONG)}"
                return replace(found, note=f"{where}: {found.note}" if found.note else where)
        if made.inputs != case.inputs:
            found = self._drawn(line, _as_document(case.inputs), _as_document(made.inputs))
            return replace(found, note="the document is the clean one; what is passed to the system beside it is not")
        return Exhibit(replay=line, note="the document is the clean one: what the system itself calls was disturbed")

    def _drawn(self, line: str, clean: Document, degraded: Document, touched: Sequence[Place] = ()) -> Exhibit:
        if any(holds_secret(each.data, self._discretion) for each in (clean, degraded)):
            return Exhibit(replay=line, note="no document is shown: it holds a value that came from the environment")
        try:
            return drawn(line, clean, degraded, self._given.bounds, touched)
        except NotApplicable as why:
            return Exhibit(replay=line, note=f"it cannot be drawn: {_words(why)}")


def _as_document(inputs: Json) -> Document:
    return Document(json.dumps(inputs, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"), TEXT, "inputs")


def _words(error: Exception) -> str:
    known = isinstance(error, (CrumpleError, NotApplicable))
    return excerpt(str(error) if known else in_words(error), _LONG).rstrip(".")
