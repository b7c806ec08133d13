"""Files that are written to a path or a URL: looked at without a trace, and there whole or not at all."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from buckets import BUCKET, Store
from crumple.config.storage import known_destination
from crumple.destinations import Away, check_destination, destination, here, write_whole, writing
from crumple.errors import CrumpleError, VoidRunError


@pytest.fixture
def memory() -> Iterator[Any]:
    """A store in memory, of fsspec's own."""
    from fsspec.implementations.memory import MemoryFileSystem

    MemoryFileSystem.store.clear()
    yield MemoryFileSystem.store
    MemoryFileSystem.store.clear()


def known(monkeypatch: pytest.MonkeyPatch, **systems: Any) -> None:
    """Have fsspec know file systems of a test's own."""
    from fsspec.registry import _registry, known_implementations

    for scheme, system in systems.items():
        monkeypatch.setitem(known_implementations, scheme, {"class": ""})
        monkeypatch.setitem(_registry, scheme, system)


def test_looking_leaves_nothing_and_writing_leaves_the_file(memory: Any) -> None:
    place = destination("memory://folder/of/report.html", {})
    check_destination(place)
    assert not memory
    write_whole(place, b"whole")
    assert {name: file.getvalue() for name, file in memory.items()} == {"/folder/of/report.html": b"whole"}
    assert (str(place), place.name, place.suffix) == ("memory://folder/of/report.html", "report.html", ".html")


def test_what_is_cut_short_leaves_what_was_there_and_nothing_on_this_machine(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = destination("memory://in/r.csv", {})
    write_whole(place, b"old")
    with pytest.raises(ZeroDivisionError), writing(place) as file:
        file.write(b"%d" % (1 // 0))
    assert memory["/in/r.csv"].getvalue() == b"old"
    assert not list(tmp_path.iterdir())


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    assert destination(f"file://{tmp_path}/r.md", {}) == tmp_path / "r.md"
    with pytest.raises(CrumpleError, match=r"no/r\.md: the report cannot be written: .* There is no folder"):
        check_destination(destination(f"file://{tmp_path}/no/r.md", {}), what="the report")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("s3://bucket", "s3://bucket: it names no file"),
        ("s3://report.html", "it names no file. Like s3://bucket/folder/report.html"),
        ("s3://bucket/folder/", "it names no file"),
        ("zip://r.html::s3://bucket/a.zip", "what is in an archive, or on the web, can be read"),
        ("https://u:hush@host/r.html", r"https://u:\*\*\*@host/r.html: what is in an archive, or on the web"),
    ],
)
def test_a_url_that_names_no_file_is_refused(name: str, said: str) -> None:
    with pytest.raises(CrumpleError, match=said):
        destination(name, {})


def test_a_scheme_that_cannot_be_written_to_is_told_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec import AbstractFileSystem

    class Printed(AbstractFileSystem):
        """Takes what it is given, and keeps nothing."""

        def info(self, path: str, **more: Any) -> Any:
            raise FileNotFoundError(path)

    known(monkeypatch, printed=Printed)
    for name, said in (
        ("s4://bucket/r.html", "s4://bucket: there is no scheme 's4'"),
        ("printed://book/r.html", "printed://book/r.html: what is at printed:// can be read, not written"),
    ):
        with pytest.raises(CrumpleError, match=said):
            check_destination(destination(name, {}))


def test_where_there_are_no_objects_a_file_is_renamed_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    seen: list[list[str]] = []

    class Disk(LocalFileSystem):
        protocol = "disk"

        def mv(self, path1: str, path2: str, **more: Any) -> None:
            seen.append(sorted(each.name for each in (tmp_path / "out").iterdir()))
            if path2.endswith("refused.md"):
                raise OSError("no room")
            super().mv(path1, path2, **more)

    known(monkeypatch, disk=Disk)
    (tmp_path / "out").mkdir()
    place = destination(f"disk://{tmp_path}/out/r.md", {})
    check_destination(place)
    write_whole(place, b"whole")
    with pytest.raises(CrumpleError, match="no room"):
        write_whole(destination(f"disk://{tmp_path}/out/refused.md", {}), b"whole")
    assert [[name.startswith(".") for name in names] for names in seen] == [[True], [True, False]]
    assert [(each.name, each.read_bytes()) for each in (tmp_path / "out").iterdir()] == [("r.md", b"whole")]


def test_what_can_only_be_here_says_so() -> None:
    assert here("out", where="FOLDER") == Path("out")
    with pytest.raises(
        CrumpleError, match=r"FOLDER: it is a path on this machine, and s3://bucket/x is a URL. Copy it"
    ):
        here("s3://bucket/x", where="FOLDER", hint="Copy it.")


def test_how_a_store_is_reached_stands_in_the_nearest_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert known_destination("s3://bucket/r.md") == destination("s3://bucket/r.md", {})
    toml = tmp_path / "crumple.toml"
    toml.write_text('[storage.s3]\nkey = "${DOORKEY}"\n')
    with pytest.raises(CrumpleError, match="the environment has no variable DOORKEY"):
        known_destination("s3://bucket/r.md")
    assert known_destination("r.md") == Path("r.md")
    monkeypatch.setenv("DOORKEY", "oaken-and-old")
    place = known_destination("s3://bucket/r.md")
    assert isinstance(place, Away)
    assert place.folder.storage == {"s3": {"key": "oaken-and-old"}}
    assert "oaken" not in repr(place)
    toml.write_text('[storage]\ns3 = "yes"\n')
    with pytest.raises(CrumpleError, match="a table a scheme"):
        known_destination("s3://bucket/r.md", toml)


def test_in_a_bucket_it_is_of_the_type_that_its_ending_says(store: Store) -> None:
    place = destination(f"s3://{BUCKET}/reports/r.html", store.storage)
    check_destination(place)
    write_whole(place, b"<!doctype html>")
    assert store.system().find(f"{BUCKET}/reports") == [f"{BUCKET}/reports/r.html"]
    assert store.system().info(f"{BUCKET}/reports/r.html")["ContentType"] == "text/html"


def test_a_large_file_is_not_held_in_memory(store: Store) -> None:
    straight = {"s3": {**store.storage["s3"], "endpoint_url": store.behind}}
    place = destination(f"s3://{BUCKET}/large/r.csv", straight)
    write_whole(place, b"small")  # whatever is loaded once is there from now on
    tracemalloc.start()
    try:
        with writing(place) as file:
            for _ in range(64):
                file.write(bytes(1 << 20))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert store.system().info(f"{BUCKET}/large/r.csv")["size"] == 64 << 20
    assert peak < 40 << 20


def test_a_bucket_that_cannot_be_written_to_is_told_beforehand(store: Store) -> None:
    with pytest.raises(CrumpleError, match=r"buckt/r\.md: it cannot be written\. s3://buckt: there is no such place"):
        check_destination(destination("s3://buckt/r.md", store.storage))
    wrong = {"s3": {**store.storage["s3"], "secret": "not it"}}
    with pytest.raises(CrumpleError) as denied:
        check_destination(destination(f"s3://{BUCKET}/r.md", wrong))
    assert f"s3://{BUCKET}/r.md: it cannot be written. s3://{BUCKET}: access is denied" in str(denied.value)
    assert not isinstance(denied.value, VoidRunError)


def test_what_a_bucket_holds_stays_where_a_new_file_cannot_be_put_there(store: Store) -> None:
    once = {"s3": {**store.storage["s3"], "config_kwargs": {"retries": {"max_attempts": 1}}}}
    place = destination(f"s3://{BUCKET}/held/r.json", once)
    write_whole(place, b"{}")
    store.faults.busy, store.faults.only = 10_000, "r.json"
    with pytest.raises(CrumpleError, match=r"r\.json: it cannot be written\. .*the store is too busy"):
        write_whole(place, json.dumps({"new": 1}).encode())
    store.faults.end()
    assert store.system().cat_file(f"{BUCKET}/held/r.json") == b"{}"
