"""Corpora in a bucket of a real object store: listed, sampled, read by lanes; and all that goes wrong with one."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from buckets import BUCKET, KEY, SECRET, Store
from crumple import CrumpleError, Wanted
from crumple_corpora.stream import Stream

ONCE = {"config_kwargs": {"retries": {"max_attempts": 1}}}
"""Options with which nothing is waited for."""


def at(store: Store, url: str, **options: Any) -> Stream:
    """A corpus there."""
    return Stream(url, storage={"s3": {**store.storage["s3"], **options}})


def test_thousands_of_documents_are_listed_once_and_only_what_is_drawn_is_read(store: Store) -> None:
    files = {f"{number:04}.txt": b"hello" for number in range(1100)}
    files |= {f"{number:04}.txt.truth.json": b'{"words": 1}' for number in range(0, 1100, 2)}
    url = store.put("many", files)
    store.faults.end()
    stream = at(store, url)
    drawn = stream.sample(Wanted(seed=7, most=20))
    assert len(drawn) == 20
    assert stream.size() == (1100, 1100)
    assert all(each.has_truth == (int(each.id[:4]) % 2 == 0) for each in drawn)
    assert (store.faults.lists(), len(store.faults.gets())) == (1 + 2, sum(each.has_truth for each in drawn) + 0)
    assert at(store, url).sample(Wanted(seed=7, most=20)) == drawn
    assert at(store, url).version() == stream.version()
    # A lane finds a case and its truth by itself, in one request, and reads both.
    lane = pickle.loads(pickle.dumps(stream))
    store.faults.end()
    case = lane.load("0004.txt")
    assert (case.document.data, case.truth) == (b"hello", {"words": 1})
    assert (store.faults.lists(), len(store.faults.gets())) == (1, 2)


def test_the_rules_of_a_folder_hold_in_a_bucket(store: Store) -> None:
    url = store.put(
        "rules",
        {
            "a.pdf": b"%PDF-1.4",
            "a.png": b"\x89PNG",
            "a.truth.json": b"1",
            "bare": b"%PDF-1.4 by what is in it",
            "bare.truth.txt": b"plain",
            "claims/1/case.toml": b'document = "letter.txt"\ntruth = "yes"\nparts = ["terms.txt"]',
            "claims/1/letter.txt": b"hello",
            "claims/1/terms.txt": b"terms",
            ".hidden/x.txt": b"x",
            "README.md": b"no case",
        },
    )
    found = {each.id: each for each in at(store, url).entries()}
    assert {name: each.group for name, each in found.items()} == {
        "a.pdf": "a",
        "a.png": "a",
        "bare": "bare",
        "claims/1": "claims/1",
    }
    assert found["bare"].media_type == "application/pdf"
    assert found["claims/1"].parts == (("terms.txt", "text/plain"),)
    stream = at(store, url)
    assert (stream.load("a.png").group, stream.load("bare").truth) == ("a", "plain")
    assert [each.data for each in stream.load("claims/1").parts] == [b"terms"]
    assert [each.id for each in at(store, f"{url}/*.p?f").entries()] == ["a.pdf"]
    assert [each.id for each in at(store, f"{url}/claims/*").entries()] == ["1"]


def test_an_empty_document_and_names_that_begin_alike(store: Store) -> None:
    url = store.put("plain", {"empty": b"", **{f"2024.{at:04}.txt": b"x" for at in range(1100)}})
    assert at(store, url).find({"empty"})["empty"].size == 0
    store.faults.end()
    assert at(store, url).load("2024.0007.txt").document.data == b"x"
    assert store.faults.lists() == 1


def test_odd_names_are_names(store: Store) -> None:
    names = ["ü ñ.txt", "a b.txt", "a+b%20.txt", "a#b?c.txt", "x > y.txt", f"{'l' * 200}.txt", "deep/" * 20 + "d.txt"]
    url = store.put("odd", {name: name.encode() for name in names})
    stream = at(store, url)
    assert [each.id for each in stream.entries()] == sorted(names)
    assert all(stream.load(name).document.data == name.encode() for name in names)
    assert stream.find(set(names)).keys() == set(names)


def test_an_archive_in_a_bucket_is_a_folder(store: Store) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in {"in/a.txt": "x", "in/a.txt.truth.json": "5", "b.csv": "x,y\n"}.items():
            archive.writestr(name, content)
    url = store.put("zipped", {"a.zip": held.getvalue()})
    stream = at(store, f"zip://in/*.txt::{url}/a.zip")
    assert [each.id for each in stream.entries()] == ["a.txt"]
    assert stream.load("a.txt").truth == 5
    assert stream.name == "in/*.txt"


def test_a_manifest_saves_the_listing(store: Store) -> None:
    files = {f"{day}/{number}.txt": b"x" for day in range(6) for number in range(30)}
    files["manifest.csv"] = ("folder,count\n" + "".join(f"{day},30\n" for day in range(6))).encode()
    url = store.put("counted", files)
    store.faults.end()
    stream = at(store, url)
    drawn = stream.sample(Wanted(seed=1, most=3))
    folders = {each.id.partition("/")[0] for each in drawn}
    assert stream.size() == (180, 180)
    assert store.faults.lists() == 1 + len(folders)  # and whether the bucket is there
    assert stream.load(drawn[0].id).document.data == b"x"


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        (f"s3://{BUCKET[:-1]}/x", {}, rf"there is no bucket '{BUCKET[:-1]}'\. Did you mean '{BUCKET}'\?"),
        (f"s3://{BUCKET}/nothing/here", {}, "nothing/here: no documents"),
        (f"s3://{BUCKET}/first/a.txt", {}, r"a corpus is a folder, and this is a file\. Name the folder"),
        (f"s3://{BUCKET}/x", {"secret": "not it"}, "access is denied: credentials are missing, wrong or have expired"),
        (f"s3://{BUCKET}/x", {"key": "nobody"}, "access is denied"),
        (f"s3://{BUCKET}/x", {"endpoint_url": "http://127.0.0.1:9", **ONCE}, "it cannot be reached"),
        (f"zip://::s3://{BUCKET}/none.zip", {}, "there is no such place"),
    ],
)
def test_what_is_not_there_is_said(store: Store, url: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CrumpleError, match=message) as raised:
        at(store, url, **options).version()
    assert SECRET not in str(raised.value)


def test_a_store_that_is_busy_is_asked_again_and_then_said_to_be(store: Store) -> None:
    url = store.put("busy", {"a.txt": b"x"})
    stream = at(store, url)
    stream.version()
    store.faults.busy, store.faults.only = 2, "a.txt"
    assert stream.load("a.txt").document.data == b"x"
    store.faults.busy = 1000
    with pytest.raises(CrumpleError, match=r"busy/a\.txt: the store is too busy, and stayed so when asked again"):
        at(store, url, **ONCE).load("a.txt")


def test_a_document_past_the_limit_is_never_asked_for(store: Store) -> None:
    url = store.put("huge", {"a.txt": b"x", "huge.pdf": b"x", "huge.zip": b"PK"})
    store.faults.end()
    store.faults.sizes |= {"huge.pdf": 5 << 30, "huge.zip": 5 << 30}
    stream = at(store, url)
    assert {each.id: each.size for each in stream.entries()}["huge.pdf"] == 5 << 30
    for name in ("huge.pdf", "huge.zip"):
        with pytest.raises(CrumpleError, match=rf"{name}: it has 5\.0 GiB, and a document may have 1\.0 GiB"):
            stream.load(name)
    assert not store.faults.gets("huge")


def test_what_changed_or_went_after_the_listing_is_told(store: Store) -> None:
    url = store.put("changing", {"a.txt": b"x", "b.txt": b"x"})
    stream = at(store, url)
    stream.version()
    lane = pickle.loads(pickle.dumps(stream))
    before = stream._newest[""]
    while lane._place.about("a.txt").changed == before:  # stores tell seconds
        store.put("changing", {"a.txt": b"other"})
    store.system().rm(f"{BUCKET}/changing/b.txt")
    with pytest.raises(CrumpleError, match="it was changed after the corpus was listed"):
        lane.load("a.txt")
    with pytest.raises(CrumpleError, match="not there any more"):
        lane.load("b.txt")


PROJECT = """
[system]
call = "system:read"
[corpus]
path = "{url}"
[storage.s3]
endpoint_url = "{endpoint}"
key = "${{STORE_KEY}}"
secret = "${{STORE_SECRET}}"
[judge]
kind = "exact"
[mutate]
use = ["encoding", "truncation"]
[run]
calls = 64
workers = 1
"""
SYSTEM = """
def read(document):
    return document[:4].decode("ascii")
"""


@pytest.fixture
def project(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose corpus is in the store."""
    files = {f"{number:03}.txt": b"good day to you, sir\n" * 4 for number in range(24)}
    files |= {f"{name}.truth.json": b'"good"' for name in list(files)}
    url = store.put("run", files)
    store.faults.end()
    (tmp_path / "crumple.toml").write_text(PROJECT.format(url=url, endpoint=store.url))
    (tmp_path / "system.py").write_text(SYSTEM)
    monkeypatch.setenv("STORE_KEY", KEY)
    monkeypatch.setenv("STORE_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    from click.testing import CliRunner

    from crumple.cli import crumple as command_line

    found = CliRunner().invoke(command_line, ["run", *words])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output


def test_credentials_that_expire_in_mid_run_end_it_and_the_same_command_goes_on(store: Store, project: Path) -> None:
    code, said = run("--json", "whole.json")
    assert code == 0, said
    shutil.rmtree(".crumple")
    store.faults.end()
    store.faults.expire_after = 32  # 12 truths are read to begin with
    code, said = run()
    assert code == 4, said
    assert "access is denied: credentials are missing, wrong or have expired (PermissionError: ExpiredToken" in said
    assert "the same command goes on with what was made" in said
    assert "Traceback" not in said
    store.faults.end()
    code, said = run("--json", "again.json")
    assert code == 0, said
    assert said.startswith("going on with run")
    whole, again = (json.loads(Path(name).read_text()) for name in ("whole.json", "again.json"))
    assert again["run"]["calls"] == whole["run"]["calls"]
    for part in ("clean", "categories", "mutators", "void"):
        assert again[part] == whole[part]
    assert SECRET not in said + Path("again.json").read_text() + str(list(Path(".crumple").glob("*")))


def test_documents_of_failures_are_kept_where_they_are_wanted_and_found_there(store: Store, project: Path) -> None:
    from crumple.config.loading import load
    from crumple.exhibits.making import exhibits_of
    from crumple.kept import place

    text = Path("crumple.toml").read_text().replace("calls = 64", "calls = 40")
    Path("crumple.toml").write_text(text + f'[privacy]\ndocuments = "s3://{BUCKET}/kept"\n')
    code, said = run("--json", "run.json", "--use", "encoding.utf16,encoding.bom,truncation.cut")
    assert code == 0, said
    assert not (project / ".crumple" / "documents").exists()
    config, document = load(project / "crumple.toml"), json.loads(Path("run.json").read_text())
    example = next(each["example"] for each in document["buckets"] if each["example"].get("digest"))
    elsewhere = place(project / ".crumple", config.settings.privacy.documents, config.settings.storage.options)
    assert not isinstance(elsewhere, Path)
    kept = elsewhere.find(example["digest"])
    assert kept is not None
    assert kept.startswith(f"s3://{BUCKET}/kept/{example['digest'][:2]}/")
    store.faults.end()
    [shown] = exhibits_of(config, [example["replay"]], document).values()
    assert not shown.note
    assert store.faults.gets(example["digest"])


def test_documents_that_can_be_written_nowhere_end_a_run_before_it_begins(project: Path) -> None:
    text = Path("crumple.toml").read_text()
    Path("crumple.toml").write_text(text + f'[privacy]\ndocuments = "s3://{BUCKET}-not/kept"\n')
    code, said = run()
    assert (code, "there is no such place" in said) == (2, True), said
    Path("crumple.toml").write_text(text + '[privacy]\ndocuments = "kept"\n')
    code, said = run()
    assert (code, "documents must be a URL" in said) == (2, True), said


def test_workers_of_a_cluster_read_what_they_need_themselves_and_stop_where_they_may_not(
    store: Store, project: Path, dask_address: str
) -> None:
    few = ("--use", "encoding.bom", "--calls", "24")
    for words in (("--json", "here.json"), ("--dask", dask_address, "--json", "there.json", "--fresh")):
        code, said = run(*few, *words)
        assert code == 0, said
    here, there = (json.loads(Path(name).read_text()) for name in ("here.json", "there.json"))
    for part in ("clean", "categories", "mutators", "void"):
        assert here[part] == there[part]
    store.faults.end()
    store.faults.expire_after = 10
    code, said = run(*few, "--dask", dask_address, "--fresh")
    assert code == 4, said
    assert "access is denied: credentials are missing, wrong or have expired" in said
