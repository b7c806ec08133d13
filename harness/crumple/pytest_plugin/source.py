"""What a marked test's documents are drawn from: its corpus and mutators, or those of the nearest crumple.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from crumple import corpora
from crumple.case import Case, Corpus, Entry
from crumple.config import finding
from crumple.degraded import controls_of, registry_of
from crumple.discretion import Discretion
from crumple.errors import CrumpleError
from crumple.mutation.registry import Registry
from crumple.pytest_plugin.marks import Mark
from crumple.truth import ABSENT
from crumple.views.parts import inside

_LEVELS = (1.0, 3.0, 5.0)
_KEPT = pytest.StashKey[dict[str, Corpus]]()


@dataclass(frozen=True, slots=True)
class Source:
    """What is drawn from.

    Attributes:
        corpus: where clean cases come from.
        visited: the mutators that are drawn.
        controls: those that only do a round trip.
        levels: what is drawn from.
        seed: of every draw.
        discretion: what of a result may be shown.
    """

    corpus: Corpus
    visited: Registry
    controls: Registry
    levels: tuple[float, ...]
    seed: int
    discretion: Discretion

    @property
    def every(self) -> Registry:
        """All mutators that a call may name."""
        return Registry({**self.visited.mutators, **self.controls.mutators})


@dataclass(frozen=True, slots=True)
class Cases:
    """A corpus of cases that somebody holds.

    Attributes:
        cases: each id once.
    """

    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.cases[0].id if len(self.cases) == 1 else f"{len(self.cases)} cases"

    def entries(self) -> Sequence[Entry]:
        """Every case's line."""
        return [_entry(case) for case in self.cases]

    def load(self, case_id: str) -> Case:
        """The case itself.

        Raises:
            CrumpleError: there is none of this id.
        """
        found = next((case for case in self.cases if case.id == case_id), None)
        if found is None:
            raise CrumpleError(f"no case {case_id!r}", got=case_id, allowed=[case.id for case in self.cases])
        return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some cases of a corpus; where nobody has said what is right, the test's own assertions say it.

    Attributes:
        corpus: where they come from.
        chosen: their lines.
    """

    corpus: Corpus
    chosen: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.corpus.name

    def entries(self) -> Sequence[Entry]:
        """Their lines."""
        return self.chosen

    def load(self, case_id: str) -> Case:
        """The case itself."""
        return self.corpus.load(case_id)


def source_of(item: pytest.Function, mark: Mark) -> Source:
    """What a test's documents are drawn from.

    Args:
        item: the test.
        mark: its own.

    Raises:
        CrumpleError: there is no corpus, or something that is named does not exist.
    """
    path = finding.nearest(item.path.parent)
    seed = item.config.getoption("--crumple-seed")
    if mark.corpus is None and mark.generate is None:
        if path is None:
            raise CrumpleError(
                f"it names no corpus, and there is no {finding.FILE} in {item.path.parent} or above",
                where=mark.where,
                hint='Say corpus="corpus", generate="invoices", or corpus=case_of("order.csv", truth=...).',
            )
        return _configured(item, mark, path, seed)
    use = registry_of(mark.use, mark.modules)
    controls = controls_of(mark.modules)
    seed = (mark.seed or 0) if seed is None else seed
    return Source(_corpus(item, mark), use, controls, mark.levels or _LEVELS, seed, _discretion(path))


def _corpus(item: pytest.Function, mark: Mark) -> Corpus:
    kept = item.config.stash.setdefault(_KEPT, {})
    if isinstance(mark.corpus, Path):
        key = str(mark.corpus)
        return kept.setdefault(key, kept.get(key) or corpora.folder(mark.corpus))
    if mark.corpus is not None:
        return Cases(tuple(mark.corpus))
    return corpora.generated(str(mark.generate), {} if mark.count is None else {"count": mark.count})


def _configured(item: pytest.Function, mark: Mark, path: Path, seed: int | None) -> Source:
    """Everything that the mark does not say, as a crumple.toml says it."""
    from crumple.config.loading import load  # brings pydantic in

    config = load(path)
    settings = config.settings
    kept = item.config.stash.setdefault(_KEPT, {})
    corpus = kept.get(key := str(path))
    if corpus is None:
        given = settings.corpus
        if given.path is not None:
            corpus = corpora.folder(config.root / given.path)
        else:
            corpus = corpora.generated(str(given.generate), given.options)
        corpus = kept[key] = corpora.Tagged(corpus, given.tags) if given.tags else corpus
    mutate = settings.mutate
    modules, root = (mark.modules, None) if mark.modules else (mutate.modules, config.root)
    visited = registry_of(mark.use or mutate.use, modules, root)
    # What the team has agreed on is about all mutators; only those that are visited matter here.
    every = registry_of((), modules, root).overruled(
        mutate.refusable, where=config.source.place(("mutate", "refusable"))
    )
    privacy = settings.privacy
    return Source(
        corpus,
        Registry({name: every.get(name) for name in visited.mutators}),
        controls_of(modules, root),
        mark.levels or mutate.levels,
        next(each for each in (seed, mark.seed, mutate.seed) if each is not None),
        Discretion(secrets=config.secrets, redact=privacy.redact, store=privacy.store),
    )


def _discretion(path: Path | None) -> Discretion:
    """[privacy] of a crumple.toml that is not used for anything else: the rest of it need not be complete here.

    Raises:
        CrumpleError: the file cannot be read.
    """
    told: object = finding.source(path).data.get("privacy") if path is not None else None
    redact = told.get("redact", ()) if isinstance(told, Mapping) else ()
    store = told.get("store") if isinstance(told, Mapping) else None
    named = tuple(str(each) for each in redact) if isinstance(redact, (list, tuple)) else ()
    return Discretion(redact=named, store="recipe" if store == "recipe" else "failing")


def _entry(case: Case) -> Entry:
    inner = list(inside(case.document))
    inner += [(f"{part.name}/{path}", each) for part in case.parts for path, each in inside(part)]
    return Entry(
        case.id,
        case.document.media_type,
        case.group,
        case.truth is not ABSENT,
        case.tags,
        tuple((part.name, part.media_type) for part in case.parts),
        tuple((path, each.media_type) for path, each in inner),
        case.inputs is not None,
        size=len(case.document.data) + sum(len(part.data) for part in case.parts),
    )
