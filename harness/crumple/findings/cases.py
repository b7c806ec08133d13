"""The cases that findings are about, as corpora of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crumple import corpora
from crumple.case import Case, Corpus, Entry
from crumple.document import Document
from crumple.errors import CrumpleError


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some cases of a corpus.

    Attributes:
        corpus: where they come from.
        cases: their ids; those that it does not have are left out.
    """

    corpus: Corpus
    cases: frozenset[str]

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.corpus.name

    def entries(self) -> Sequence[Entry]:
        """The chosen cases' entries."""
        return list(corpora.known(self.corpus, self.cases).values())

    def load(self, case_id: str) -> Case:
        """The case itself."""
        return self.corpus.load(case_id)

    def version(self) -> str:
        """What tells one state of it from another."""
        return corpora.version(self.corpus)


@dataclass(frozen=True, slots=True)
class AsKept:
    """Degraded documents as they were kept, in the place of clean ones: for findings whose right answer stays.

    Attributes:
        corpus: where the cases come from.
        kept: finding's id, which is the case's here -> the case's id there, and the file of the document.
    """

    corpus: Corpus
    kept: Mapping[str, tuple[str, Path]]

    @property
    def name(self) -> str:
        """How reports call it."""
        return "documents of findings"

    def entries(self) -> Sequence[Entry]:
        """One entry a document."""
        known = corpora.known(self.corpus, frozenset(case for case, _ in self.kept.values()))
        return [
            replace(known[case], id=finding, group=finding) for finding, (case, _) in self.kept.items() if case in known
        ]

    def load(self, case_id: str) -> Case:
        """The case with the document that was kept of the finding.

        Raises:
            CrumpleError: the document cannot be read.
        """
        case_there, path = self.kept[case_id]
        case = self.corpus.load(case_there)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(path)) from None
        return replace(case, id=case_id, document=Document(data, case.document.media_type, case.document.name))
