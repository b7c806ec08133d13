"""Reports of a session show the documents of what a crumple.toml has called, as far as it allows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crumple.pytest_plugin.session_material import material_of
from documents_of_runs import EXAMPLE, item, mutator, run, session

LINE = str(EXAMPLE["replay"])
TOML = '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the one case that the session's example is of."""
    (tmp_path / "crumple.toml").write_text(TOML)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text("total\n1\n")
    (tmp_path / "corpus" / "a.csv.truth.json").write_text('{"total": 1}')
    return tmp_path


def limit_item(*, privacy: str = "full", digest: str = "") -> dict[str, Any]:
    document = run(mutators={"encoding.bom": mutator(10, 4, digest=digest)})
    return item("crumple.toml::encoding", source="crumple.toml", privacy=privacy, document=document)


def test_the_documents_of_a_limit_are_shown(root: Path) -> None:
    material = material_of(root, session(limit_item()))
    found = material.exhibits([LINE])[LINE]
    assert (found.note, bool(found.lines or found.rows or found.pages)) == ("", True)
    assert (material.results, material.timeline) == (None, None)


def test_another_document_than_was_called_is_not_shown(root: Path) -> None:
    found = material_of(root, session(limit_item(digest="ab" * 32))).exhibits([LINE])[LINE]
    assert found.note == "the recipe makes another document here than it made in the run"
    assert not found.kind


def test_what_is_not_to_be_shown_is_not_drawn(root: Path) -> None:
    (root / "crumple.toml").write_text(f'{TOML}[privacy]\nreports = "figures"\n')
    assert material_of(root, session(limit_item())).exhibits([LINE]) == {}


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([], "which configuration has called it is not known"),
        ([limit_item(privacy="figures")], "which configuration has called it is not known"),
        ([limit_item()], "crumple.toml"),
    ],
)
def test_where_nothing_can_be_drawn_there_is_a_note(tmp_path: Path, items: list[dict[str, Any]], why: str) -> None:
    note = material_of(tmp_path, session(*items)).exhibits([LINE])[LINE].note
    assert note.startswith("no document is shown: ")
    assert why in note


def test_what_no_call_shows_has_no_document_and_no_note(root: Path) -> None:
    assert material_of(root, session(limit_item())).exhibits([""]) == {}
