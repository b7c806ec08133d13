"""Freeing space: which runs go, which documents with them, and what stays."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crumple import Document, kept
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.store import Line, Store, open_store
from crumple.store.pruning import doomed, prune

Opened = Callable[[], Store]
LONG_AGO = 1_000_000_000.0


def document(text: str) -> Document:
    return Document(text.encode(), "text/plain", "a.txt")


def keep(folder: Path, text: str, *, old: bool = True) -> Path:
    folder.parent.mkdir(exist_ok=True)
    path = kept.keep(folder, document(text))
    assert path is not None
    if old:
        os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def made(store: Store, name: str, *texts: str, end: bool = True) -> None:
    with store.resume_or_begin({"x": name}, {"id": name}) as record:
        record.save(
            [
                Result(
                    Work(1, "a", key=f"0/{text}/0/0", round=0),
                    Verdict(Outcome.WRONG, True),
                    digest=document(text).digest,
                )
                for text in texts
            ]
        )
        if end:
            record.end({})


def ids(store: Store) -> list[str]:
    return [line.id for line in store.lines()]


def line(name: str, started: float) -> Line:
    return Line(1, name, "ended", "", {}, started, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("keep_newest", "older_than", "gone"),
    [(2, None, "cd"), (None, 50, "cd"), (3, 50, "d"), (0, None, "abcd"), (0, 95, ""), (9, None, "")],
)
def test_the_newest_and_the_young_stay(keep_newest: int | None, older_than: float | None, gone: str) -> None:
    lines = [line("a", 100), line("b", 60), line("c", 40), line("d", 10)]
    assert "".join(each.id for each in doomed(lines, keep_newest, older_than, now=100)) == gone


def test_documents_go_with_the_last_result_that_names_them(opened: Opened, tmp_path: Path) -> None:
    store, folder = opened(), tmp_path / ".crumple" / "documents"
    shared, alone, nobodys = (keep(folder, text) for text in ("shared", "alone", "nobody's"))
    made(store, "old", "shared", "alone")
    made(store, "new", "shared")
    freed = prune(store, 1, None, folder)
    assert (freed.runs, freed.documents) == (("old",), 2)
    assert freed.bytes >= len("alone") + len("nobody's")
    assert (shared.exists(), alone.exists(), nobodys.exists()) == (True, False, False)
    assert ids(store) == ["new"]


def test_documents_that_another_store_of_the_project_names_stay(opened: Opened, tmp_path: Path) -> None:
    folder, other = tmp_path / ".crumple" / "documents", open_store(str(tmp_path / "other.db"), tmp_path)
    ours, theirs = keep(folder, "ours"), keep(folder, "theirs")
    made(opened(), "old", "ours")
    made(other, "older", "theirs")
    freed = prune(opened(), 0, None, folder, [other])
    other.close()
    assert (freed.documents, ours.exists(), theirs.exists()) == (1, False, True)


def test_a_run_that_is_going_on_stays_with_all_its_documents(opened: Opened, tmp_path: Path) -> None:
    store, folder = opened(), tmp_path / ".crumple" / "documents"
    with opened().resume_or_begin({"x": "a"}, {"id": "going-on"}):
        young = keep(folder, "on its way to the store", old=False)
        old = keep(folder, "long ago")
        freed = prune(store, 0, None, folder)
    assert (freed.runs, freed.going_on) == ((), ("going-on",))
    assert young.exists()
    assert not old.exists()


def test_what_is_removed_in_pieces_is_removed_whole(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crumple.store.pruning._ROWS_AT_ONCE", 3)
    store = opened()
    for name in ("first", "second"):
        with store.resume_or_begin({"x": name}, {"id": name}) as record:
            record.save(
                [Result(Work(1, "a", key=f"{at // 4}/{at}", round=at // 4), None, skipped="no") for at in range(25)]
            )
    prune(store, 1, None, tmp_path)
    assert ids(store) == ["second"]
    with store.resume_or_begin({"x": "second"}, {"id": "x"}) as record:
        assert record.left == 25
    with store.resume_or_begin({"x": "first"}, {"id": "y"}) as record:
        assert not record.resumed


def test_space_goes_back_to_the_disk(opened: Opened, tmp_path: Path, location: str | None) -> None:
    if location is not None:
        pytest.skip("a server has its own disk")
    store = opened()
    with store.resume_or_begin({"x": "a"}, {"id": "large"}) as record:
        record.save([Result(Work(1, "a", key=f"clean/{at}/0"), None, skipped="x" * 4000) for at in range(500)])
    freed = prune(store, 0, None, tmp_path)
    assert freed.bytes > 2_000_000
    assert (tmp_path / ".crumple" / "store.db").stat().st_size < 100_000


def test_a_document_is_kept_once_under_its_digest_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    path = keep(folder, "text")
    digest = document("text").digest
    assert path == folder / digest[:2] / f"{digest}.txt"
    assert kept.find(folder, digest) == path
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == oct(folder.stat().st_mode & 0o777) == "0o700"
    keep(folder, "text", old=False)
    assert path.stat().st_mtime > LONG_AGO, "who keeps it again does not want it pruned"
    assert [each for _, each in kept.every(folder)] == [path]


@pytest.mark.parametrize("digest", ["", "../../etc", "*", "AB" * 16])
def test_only_a_digest_finds_a_document(tmp_path: Path, digest: str) -> None:
    assert kept.find(tmp_path, digest) is None


def test_a_document_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("in the way")
    assert kept.keep(tmp_path / "documents", document("text")) is None
