"""`findings/` as people leave it: edited, half deleted, merged; a clear word, and the others still work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crumple.errors import CrumpleError
from crumple.findings.finding import Finding
from crumple.findings.folder import Folder, as_text
from kept_findings import BOM, ENDINGS, discovery, failure, finding, keeping, project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two findings, made once."""
    where = project(tmp_path_factory.mktemp("project"))
    kept = keeping(where)
    for number, recipe in enumerate((BOM, "text.lower_case(seed=1)")):
        kept.take(discovery(failure(where, recipe), number=number))
    return where


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "copy")


def place(where: Path) -> Path:
    return next((where / "findings").glob("encoding-*"))


def edited(where: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = place(where) / "finding.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data, indent=2, sort_keys=True), "utf-8")


def flaw(where: Path) -> str:
    """What is said of the one that cannot be read; the other one can, and nothing was touched."""
    before = {each: each.read_bytes() for each in (where / "findings").rglob("*") if each.is_file()}
    shelf = Folder(where).shelf()
    assert [each.partition("-")[0] for each in shelf.findings] == ["text"]
    assert before == {each: each.read_bytes() for each in (where / "findings").rglob("*") if each.is_file()}
    (said,) = shelf.flaws
    return str(said)


def test_a_finding_reads_as_it_was_written_and_diffs_by_line(two: Path) -> None:
    for each in Folder(two).shelf().findings.values():
        text = as_text(each)
        assert Finding.from_json(json.loads(text)) == each
        assert list(json.loads(text)) == sorted(json.loads(text))
        assert '\n  "case": "a.json",\n' in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(state="opened"), "state: cannot be 'opened'. Did you mean 'open'?"),
        (lambda data: data.update(schema=9), "schema 9 is newer than this crumple"),
        (lambda data: data.pop("schema"), "must have schema = 1"),
        (lambda data: data.update(sene=data.pop("seen")), "unknown key 'sene'. Did you mean 'seen'?"),
        (lambda data: data.pop("fingerprints"), "'fingerprints' is missing"),
        (lambda data: data.update(recipe="encoding.bom(sed"), "recipe: cannot be read: recipe, character"),
        (lambda data: data.update(recipe=""), "recipe: must not be empty"),
        (lambda data: data.update(seen="often"), "seen: must be a whole number"),
        (lambda data: data.update(wrong="total"), "wrong: must be a list"),
        (lambda data: data["first_seen"].update(date="soon"), "first_seen.date: must be a date such as"),
        (lambda data: data.update(score=float("inf")), "score: must be a finite number"),
        (lambda data: data["clean"].update(file="../../mine.py"), "clean.file: must be a name such as clean.pdf"),
        (lambda data: data.update(state="accepted"), "`accepted` does not say why"),
        (lambda data: data.update(steps=[{"mutator": "a.b", "value": []}]), "steps.0.value: must be true or false or"),
        (lambda data: data.update(id="encoding-00000000"), "it says that it is 'encoding-00000000'"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_key(
    change: Callable[[dict[str, Any]], object], said: str, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two)
    edited(two, change)
    told = flaw(two)
    assert told.startswith(f"findings/{place(two).name}/finding.json")
    assert said in told


def test_the_line_is_that_of_the_key_itself(two: Path) -> None:
    edited(two, lambda data: data.update(state="gone"))
    lines = (place(two) / "finding.json").read_text("utf-8").splitlines()
    line = lines.index('  "state": "gone",') + 1
    assert f"line {line}, state:" in flaw(two)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b'{"schema": 1,\n', "line 2, column 1: it is no JSON"),
        (b"<<<<<<< HEAD\n{}\n", "version control has left a conflict in it. Choose one side."),
        (b"[]", "must have schema = 1"),
        (b'{"case": "\xe4"}', "line 1: it is not UTF-8"),
        (b"[" * 100_000, "it is no JSON that could be read"),
        (None, "there is no finding.json in it"),
    ],
)
def test_broken_files_are_told_from_each_other(content: bytes | None, said: str, two: Path) -> None:
    path = place(two) / "finding.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert said in flaw(two)


def test_naming_one_that_cannot_be_read_says_what_is_wrong_with_it(two: Path) -> None:
    (place(two) / "finding.json").unlink()
    with pytest.raises(CrumpleError, match=r"there is no finding\.json in it"):
        Folder(two).shelf().named(place(two).name)


def test_two_folders_of_one_id_are_told(two: Path) -> None:
    shutil.copytree(place(two), place(two).with_name("copy"))
    shelf = Folder(two).shelf()
    assert len(shelf.findings) == 2
    assert f"There is a {place(two).name} beside it: remove one of the two." in str(shelf.flaws[0])


def test_files_beside_and_hidden_folders_are_none_of_its_business(two: Path) -> None:
    (two / "findings" / "README.md").write_text("ours")
    (two / "findings" / ".git").mkdir()
    assert not Folder(two).shelf().flaws


def test_a_file_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "findings").write_text("a list")
    with pytest.raises(CrumpleError, match=r"findings: it is a file, .*Move the file away"):
        keeping(project(tmp_path))


def test_ids_are_named_by_unique_beginnings(two: Path) -> None:
    shelf = Folder(two).shelf()
    first, second = shelf.findings
    for word in (first, "enc", first.partition("-")[2][:4]):
        assert shelf.named(word).id == first
    with pytest.raises(CrumpleError, match=f"Did you mean '{second}'"):
        shelf.named(second.replace("text", "txet"))
    with pytest.raises(CrumpleError, match="no finding ''"):
        shelf.named("")
    keeping(two).take(discovery(failure(two, ENDINGS), number=3))
    with pytest.raises(CrumpleError, match="beginning of 2 findings"):
        Folder(two).shelf().named("encoding")


def test_removing_leaves_what_people_have_put_there(two: Path) -> None:
    note = place(two) / "notes.md"
    note.write_text("seen at the customer's")
    Folder(two).remove(place(two).name)
    assert [each.name for each in note.parent.iterdir()] == ["notes.md"]


def test_documents_that_went_are_removed_with_those_that_came(tmp_path: Path) -> None:
    project(tmp_path, more='[privacy]\nfindings = "full"\n')
    keeping(tmp_path).take(discovery(failure(tmp_path)))
    assert (place(tmp_path) / "clean.json").exists()
    text = (tmp_path / "crumple.toml").read_text().replace('"full"', '"recipe"')
    (tmp_path / "crumple.toml").write_text(text)
    keeping(tmp_path).take(discovery(failure(tmp_path)))
    assert sorted(each.name for each in place(tmp_path).iterdir()) == ["README.md", "finding.json"]


def test_a_kept_document_that_was_changed_is_not_taken_for_it(tmp_path: Path) -> None:
    project(tmp_path, more='[privacy]\nfindings = "full"\n')
    keeping(tmp_path).take(discovery(failure(tmp_path)))
    folder = Folder(tmp_path)
    (kept,) = folder.shelf().findings.values()
    assert folder.document(kept) == (place(tmp_path) / "degraded.json").read_bytes()
    (place(tmp_path) / "degraded.json").write_bytes(b"{}")
    assert folder.document(kept) is None


def test_names_that_are_no_text_are_written_and_read_back(tmp_path: Path) -> None:
    odd = finding("text-11111111", BOM, "crashed", case="o\udc80\u202e > `x`\n.json", cause="\x00\ud800")
    Folder(tmp_path).write(odd)
    assert Folder(tmp_path).read(odd.id) == odd
    place = tmp_path / "findings" / odd.id
    for each in place.iterdir():
        assert "\u202e" not in each.read_text("utf-8")


def test_a_folder_that_another_process_made_meanwhile_is_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = finding("text-11111111", BOM, "crashed")
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        target.mkdir()
        (target / "finding.json").write_text("{}")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    Folder(tmp_path).write(one)
    assert Folder(tmp_path).read(one.id) == one
    assert [each.name for each in (tmp_path / "findings").iterdir()] == [one.id]
