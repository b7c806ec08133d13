"""What of documents a run leaves on disk: only what docs/security.md says, and with `store = "recipe"` nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from traces import Place

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
MARKER = "Marker-7f3a-Ulm"
SYSTEM = """
import json, os, sys, time

def read(document: bytes) -> dict:
    clean = not document.startswith(b"\\xef\\xbb\\xbf")
    answer = json.loads(document.decode("utf-8-sig"))
    if clean:
        return answer
    print("reading", document)
    print("reading", answer["name"], file=sys.stderr)
    kind = answer["kind"]
    if kind == "raises":
        raise ValueError(f"cannot read {answer['name']!r}")
    if kind == "dies":
        sys.stdout.flush()
        os._exit(3)
    if kind == "hangs":
        time.sleep(60)
    if kind == "strange":
        return {"name": {answer["name"]}}
    if kind == "leaves":
        import tempfile
        with open(os.path.join(tempfile.gettempdir(), "left.txt"), "w") as file:
            file.write(answer["name"])
        os._exit(4)
    return {"name": answer["name"] + " AG", "kind": kind}
"""
KINDS = ("raises", "dies", "hangs", "strange", "leaves", "lies")


def place(root: Path, patch: pytest.MonkeyPatch, privacy: str) -> Place:
    """A project whose system fails in every way that could leave something behind."""
    made = Place(root, patch)
    (made.project / "corpus").mkdir()
    for number, kind in enumerate(KINDS):
        content = json.dumps({"name": f"{MARKER}-{number}", "kind": kind})
        for name in (f"{number}.json", f"{number}.json.truth.json"):
            (made.project / "corpus" / name).write_text(content)
    (made.project / "mine.py").write_text(SYSTEM)
    (made.project / "crumple.toml").write_text(
        '[system]\ncall = "mine:read"\nspare = 0\ntimeout = "250ms"\n[corpus]\npath = "corpus"\n'
        f'[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 26\nworkers = 1\n[privacy]\n{privacy}\n'
    )
    return made


def ran(made: Place) -> dict[str, Any]:
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 0, done.err
    assert MARKER not in done.err
    document: dict[str, Any] = json.loads((made.project / "result.json").read_text())
    outcomes = document["mutators"]["encoding.json_bom"]["outcomes"]
    assert set(outcomes) == {"crashed", "hung", "wrong"}, outcomes
    return document


def left(made: Place) -> list[str]:
    """The files that hold the marker, but for the corpus."""
    return [name for name in made.holding(MARKER) if not name.startswith("project/corpus/")]


def test_by_default_failing_documents_stay_in_the_project_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0)
    try:
        made = place(tmp_path, monkeypatch, "")
        ran(made)
    finally:
        os.umask(before)
    found = left(made)
    assert "project/result.json" in found, "the user's own"
    assert any(name.startswith("project/.crumple/documents/") for name in found)
    assert all(name.startswith("project/.crumple/") or name == "project/result.json" for name in found), found
    for path in (made.project / ".crumple", *(made.project / ".crumple").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, f"others can read {path}"
    assert (made.project / ".crumple" / ".gitignore").read_text() == "*\n"
    assert not list((tmp_path / "tmp").iterdir())
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_of_recipes_alone_nothing_of_a_document_is_left_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the five lines that docs/security.md begins with."""
    section = PAGE.read_text().partition("```toml\n[privacy]\n")[2].partition("```")[0]
    assert 'store    = "recipe"' in section
    made = place(tmp_path, monkeypatch, section)
    document = ran(made)
    assert left(made) == []
    causes = {bucket["fingerprint"] for bucket in document["buckets"]}
    assert any("ValueError" in cause for cause in causes), causes
    shown = made.crumple("show", "latest")
    assert shown.code == 0, shown.err
    assert MARKER not in shown.out
    assert "encoding.json_bom" in shown.out


def test_a_redacted_field_stands_nowhere_neither_on_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place(tmp_path, monkeypatch, 'redact = ["/name"]')
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 0, done.err
    assert left(made) == []
    assert MARKER not in done.out + done.err
    assert "[redacted]" in done.out


@pytest.mark.parametrize("name", ["store.db", "documents", "TMPDIR", "--json"])
def test_the_page_on_security_names_every_place(name: str) -> None:
    assert name in PAGE.read_text()
