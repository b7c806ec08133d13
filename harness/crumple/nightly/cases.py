"""What tells one state of a case from another: its documents, its truth, and what is passed on with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from crumple import corpora
from crumple.case import Case, Corpus
from crumple.errors import CrumpleError


def digests_of(corpus: Corpus, cases: Iterable[str]) -> dict[str, str]:
    """The digests of cases, by id; those that are not in the corpus, or cannot be loaded, are left out."""
    wanted = list(dict.fromkeys(cases))
    there = corpora.known(corpus, frozenset(wanted))
    found: dict[str, str] = {}
    for name in wanted:
        if name not in there:
            continue
        try:
            found[name] = digest_of(corpus.load(name))
        except CrumpleError:
            continue
    return found


def digest_of(case: Case) -> str:
    """A digest of all that a call of a case, and what is right, depends on."""
    parts = [(part.name, part.digest) for part in case.parts]
    held = repr((case.document.digest, case.document.media_type, parts, case.truth, case.inputs))
    return hashlib.blake2b(held.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
