"""The manifest and the URLs of docs/corpora.md."""

from __future__ import annotations

from pathlib import Path

from crumple.case import Wanted
from crumple.config.loading import load
from crumple.configured_corpus import corpus_of
from crumple.corpora import size, streamed
from doc_examples import text_of, write_page


def test_the_manifest_of_the_page_gives_counts(tmp_path: Path) -> None:
    where = write_page("docs/corpora.md", tmp_path)
    for name in ("01/a", "01/b", "01/c", "02/a", "02/b"):
        path = where / "corpus" / "2024" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("hello")
    toml = where / "crumple.toml"
    toml.write_text(f'[system]\ncall = "a:b"\n[corpus]\npath = "file://{where}/corpus"\n')
    corpus = corpus_of(load(toml))
    stream = streamed(corpus)
    assert stream is not None
    assert size(corpus) == (5, 5)
    assert len(stream.sample(Wanted(most=4))) == 4


def test_the_extras_that_the_page_names_are_there() -> None:
    declared = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    for extra in ("s3", "gcs", "azure", "remote"):
        assert f"crumple[{extra}]" in text_of("docs/corpora.md")
        assert f"\n{extra} = [" in declared
