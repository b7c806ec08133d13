"""Sundries: every kind in every format is what it says it is, and the same in every process."""

from __future__ import annotations

import pytest

from crumple import CrumpleError, identify, read, views_of
from crumple_corpora.sundries import Sundries
from crumple_corpora.sundry_content import KINDS
from crumple_corpora.sundry_formats import WRITERS

NAMES = {"text/markdown": "a.md", "text/tab-separated-values": "a.tsv", "text/csv": "a.csv", "text/plain": "a.txt"}


@pytest.mark.parametrize("media_type", WRITERS)
def test_every_kind_is_a_sound_document_of_its_format(media_type: str) -> None:
    corpus = Sundries(len(KINDS), media_type=media_type)
    for entry in corpus.entries():
        case = corpus.load(entry.id)
        assert case.truth in {kind.replace("_", " ") for kind in KINDS}
        assert identify(case.document.data, NAMES.get(media_type, "a")) in (media_type, "text/plain")
        for view in views_of(media_type)[:1]:
            if case.tags != {"note"}:
                assert read(case.document, view)


def test_the_same_seed_gives_the_same_document_and_another_seed_another() -> None:
    first, again, other = (Sundries(4, seed=seed).load("sundry-0002").document for seed in (1, 1, 2))
    assert first == again
    assert first.data != other.data


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}, {"kinds": ["novel"]}, {"media_type": "image/svg+xml"}])
def test_what_cannot_be_generated_is_refused_with_what_can(wrong: dict[str, object]) -> None:
    with pytest.raises(CrumpleError):
        Sundries(**wrong)  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(CrumpleError, match="sundry-0004"):
        Sundries(4).load("sundry-0005")
