"""What places have in them that folders of this machine seldom do: odd names, sizes nobody says, archives, mistakes."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from crumple import ABSENT, CrumpleError, Location, Wanted
from crumple_corpora.files import File, LocalFiles
from crumple_corpora.folder import Folder
from crumple_corpora.folder_listing import AT_ONCE, CaseFolder, pair, together
from crumple_corpora.remote_files import RemoteFiles
from crumple_corpora.stream import Stream


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    return path


# What belongs together


def test_a_case_in_the_folder_of_a_case_is_none_wherever_they_are(tmp_path: Path) -> None:
    files = {
        "a/b/case.toml": 'document = "y.txt"',
        "a/b/y.txt": "y",
        "a/case.toml": 'document = "x.txt"',
        "a/x.txt": "x",
        "b.txt": "x",
    }
    root, archive = write(tmp_path / "tree", files), zipped(tmp_path / "tree.zip", files)
    for corpus in (Folder(root), Stream(f"file://{root}"), Stream(f"zip://::file://{archive}")):
        assert [each.id for each in corpus.entries()] == ["a", "b.txt"]
    assert list(together(map(File, sorted(files)))) == [CaseFolder("a"), [File("b.txt")]]


def test_a_million_files_whose_names_begin_alike_are_paired_a_few_at_a_time(tmp_path: Path) -> None:
    """Names such as "2024.000001.pdf" are all of one family; here a few more than are held at a time."""
    names = [f"2024.{at:06}" for at in range(AT_ONCE)]
    files = [File(f"{name}.{ending}") for name in names for ending in ("pdf", "pdf.truth.json", "png")]
    groups = list(together(files))
    assert max(map(len, groups)) <= AT_ONCE + 1  # type: ignore[arg-type]
    items = [item for group in groups for item in pair(LocalFiles(tmp_path), group)]  # type: ignore[arg-type]
    assert len(items) == 2 * AT_ONCE
    assert {item.id for item in items if item.truth} == {f"{name}.pdf" for name in names}


def test_a_key_that_begins_with_a_slash_is_not_lost() -> None:
    assert list(together([File("/a.txt"), File("b.txt")])) == [[File("/a.txt")], [File("b.txt")]]


def test_a_truth_is_looked_for_among_few_names(tmp_path: Path) -> None:
    files = {f"2024.{at}.txt": "x" for at in range(9)} | {"2024.3.truth.json": "1", "2024.3.csv": "x"}
    root = write(tmp_path / "tree", files)
    near = LocalFiles(root).beside("2024.3.txt")
    assert {each.name for each in near} == {"2024.3.txt", "2024.3.csv", "2024.3.truth.json"}
    stream = Stream(f"file://{root}")
    assert stream.load("2024.3.txt").group == "2024.3"
    assert stream.find({"2024.3.txt"})["2024.3.txt"] in stream.entries()


# What stores say, and what they do not


class _Told(RemoteFiles):
    """A place that says of its files what a test says."""

    def __init__(self, files: dict[str, bytes], **told: Any) -> None:
        super().__init__(Location("memory://"))
        self.files, self.told = files, told
        self.asked: list[tuple[str, int]] = []

    @property
    def _opened(self) -> tuple[Any, str]:  # type: ignore[override]
        return self, "top"

    def ls(self, path: str, *, detail: bool) -> list[dict[str, Any]]:
        """Its files, beside what stands for the folder itself."""
        assert (path, detail) == ("top", True)
        own = {"name": "top/", "type": "directory", "size": 0}
        return [own, *({"name": f"top/{name}", "type": "file", **self.told} for name in self.files)]

    def info(self, path: str) -> dict[str, Any]:
        """One of them."""
        if path == "top":
            return {"name": path, "type": "directory"}
        if path.removeprefix("top/") not in self.files:
            raise FileNotFoundError(path)
        return {"name": path, "type": "file", **self.told}

    def exists(self, path: str) -> bool:
        """That it is there."""
        return True

    def cat_file(self, path: str, start: int = 0, end: int = -1) -> bytes:
        """Its bytes; of an empty one there is no range."""
        self.asked.append((path, end))
        content = self.files[path.removeprefix("top/")]
        if end >= 0 and not content:
            raise RuntimeError("InvalidRange")  # or an OSError: each store has exceptions of its own
        return content if end < 0 else content[start:end]


def over(place: RemoteFiles, **options: Any) -> Stream:
    stream = Stream("memory://top", **options)
    stream._reader.place = place
    return stream


def test_what_stands_for_a_folder_is_not_in_it() -> None:
    assert [each.id for each in over(_Told({"a.txt": b"x"}, size=1)).entries()] == ["a.txt"]


def test_of_a_document_whose_size_nobody_says_no_more_is_read_than_it_may_have() -> None:
    place = _Told({"a.txt": b"x" * 5000, "b.txt": b"x"}, size=None)
    stream = over(place, largest=1000)
    assert [each.size for each in stream.entries()] == [0, 0]
    assert stream.load("b.txt").document.data == b"x"
    with pytest.raises(CrumpleError, match=r"a\.txt: it has 0\.0 MiB, and a document may have"):
        stream.load("a.txt")
    assert set(place.asked) == {("top/a.txt", 1001), ("top/b.txt", 1001)}


def test_an_empty_document_is_one_where_a_store_has_no_range_of_it() -> None:
    assert [each.size for each in over(_Told({"bare": b""}, size=0)).entries()] == [0]


def test_times_without_a_zone_are_the_same_on_all_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        for told in ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z", (2026, 1, 1, 0, 0, 0)):
            seen |= {each.changed for each in _Told({"a.txt": b"x"}, size=1, mtime=told).beside("a.txt")}
    monkeypatch.undo()
    time.tzset()
    assert seen == {1767225600.0}


@pytest.mark.parametrize("url", ["file://{0}/a.txt", "zip://a.txt::file://{0}/a.zip"])
def test_a_file_is_no_corpus(tmp_path: Path, url: str) -> None:
    write(tmp_path, {"a.txt": "x"})
    zipped(tmp_path / "a.zip", {"a.txt": "x"})
    with pytest.raises(CrumpleError, match=r"a corpus is a folder, and this is a file\. Name the folder"):
        Stream(url.format(tmp_path)).entries()


@pytest.mark.parametrize(
    ("folder", "hint"), [("top/none", "There is 'top', but nothing of that name in it"), ("tip", "There is 'top'")]
)
def test_of_a_place_that_is_not_there_the_nearest_is_said(
    folder: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RemoteFiles(Location(f"memory://{folder}"))
    system = MemoryFileSystem()
    monkeypatch.setattr(type(system), "store", {"/top/a.txt": None})
    monkeypatch.setattr(type(place), "_opened", (system, folder))
    with pytest.raises(CrumpleError, match=rf"there is no such place\. {hint}\."):
        place.check()


# Archives


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def test_files_of_a_tar_archive_are_not_mixed_up(tmp_path: Path, impatient: None) -> None:
    """Many are read at once, and a tar archive has one place where it is read."""
    files = {f"d/{at}": (b"%PDF-1.4" if at % 2 else b"\x89PNG\r\n\x1a\n") for at in range(600)}
    files |= {f"{name}.truth.json": json.dumps({"n": name, "x": "y" * 3000}).encode() for name in list(files)}
    stream = Stream(f"tar://::file://{tarred(tmp_path / 'a.tar', files)}")
    kinds = {each.id: each.media_type for each in stream.sample(Wanted(most=600))}
    assert kinds == {f"d/{at}": "application/pdf" if at % 2 else "image/png" for at in range(600)}


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_where_names_that_begin_alike_can_be_asked_for_a_lane_lists_no_folder(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.registry import _registry

    listed: list[str] = []

    class Prefixed(MemoryFileSystem):
        """As the file systems of Google's store and of Azure's."""

        protocol = scheme
        store: ClassVar[dict[str, Any]] = {}

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return str(super()._strip_protocol(path.removeprefix(f"{scheme}://")))

        def ls(self, path: str, detail: bool = True, **more: Any) -> Any:
            listed.append(path)
            return super().ls(path, detail, **more)

        def find(self, path: str, prefix: str = "", **more: Any) -> Any:
            assert prefix
            begin = f"/{path.strip('/')}/{prefix}"
            return {name: self.info(name) for name in self.store if name.startswith(begin)}

    monkeypatch.setitem(_registry, scheme, Prefixed)
    system = Prefixed()
    names = (
        "a.txt",
        "a.txt.truth.json",
        "a.b/c.txt",
        "ab.txt",
        "bare",
        "bare.truth.json",
        "s.md",
        "s.txt",
        "s.truth.txt",
    )
    for name in names:
        system.pipe_file(f"/bucket/in/{name}", b"1")
    stream = Stream(f"{scheme}://bucket/in")
    found = {each.id: each.has_truth for each in stream.sample(Wanted(seed=1, most=20))}
    assert [name for name, truth in sorted(found.items()) if not truth] == ["a.b/c.txt", "ab.txt"]
    assert [name for name, truth in sorted(found.items()) if truth] == ["a.txt", "bare", "s.md", "s.txt"]
    assert listed
    listed.clear()
    lane = pickle.loads(pickle.dumps(stream))
    assert {name: lane.load(name).truth is not ABSENT for name in found} == found
    assert listed == []


def packed(scheme: str, path: Path, files: dict[str, str]) -> Stream:
    archive = (
        zipped(path, files) if scheme == "zip" else tarred(path, {name: text.encode() for name, text in files.items()})
    )
    return Stream(f"{scheme}://::file://{archive}")


@pytest.mark.parametrize("scheme", ["zip", "tar"])
def test_members_are_found_by_their_paths_however_these_were_written_down(scheme: str, tmp_path: Path) -> None:
    """As `tar` does that packs a folder: every name begins with "./"."""
    names = {"./x.txt": "x", "./x.txt.truth.json": '"X"', "a//b.txt": "b", "c/d.txt": "d", "./e/./f.txt": "f"}
    stream = packed(scheme, tmp_path / "packed", names)
    found = {each.id: each.has_truth for each in stream.sample(Wanted(seed=1, most=9))}
    assert found == {"x.txt": True, "a/b.txt": False, "c/d.txt": False, "e/f.txt": False}
    assert stream.load("x.txt").truth == "X"
    assert [stream.load(name).document.data for name in sorted(found)] == [b"b", b"d", b"f", b"x"]
    inner = Stream(stream.url.replace("://::", "://e::"))
    assert [each.id for each in inner.sample(Wanted(seed=1, most=9))] == ["f.txt"]
    assert inner.load("f.txt").document.data == b"f"


@pytest.mark.parametrize("scheme", ["zip", "tar"])
@pytest.mark.parametrize("name", ["/etc/a.txt", "../a.txt", "b/../../a.txt"])
def test_an_archive_with_paths_out_of_its_folder_says_so(scheme: str, name: str, tmp_path: Path) -> None:
    stream = packed(scheme, tmp_path / "packed", {"in.txt": "x", name: "y"})
    with pytest.raises(CrumpleError, match=r"packed: the archive holds '.*', which leads out of the folder"):
        stream.sample(Wanted(seed=1, most=9))


def test_an_archive_is_gone_through_once_however_many_folders_it_has(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{at % 50}/{at}.txt": "x" for at in range(200)})
    stream = Stream(f"zip://::file://{archive}")
    system, listings = stream._place._opened[0], []  # type: ignore[attr-defined]
    ls = system.ls
    system.ls = lambda *words, **options: listings.append(words) or ls(*words, **options)
    drawn = stream.sample(Wanted(most=20))
    assert [stream.load(each.id).document.data for each in drawn] == [b"x"] * 20
    assert len(listings) == 1


# Manifests


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("file\na.txt\na.txt\nb.txt\n", r"line 3: a\.txt is listed twice"),
        ("folder,count\na,1\na/,1\n", "line 3: a is listed twice"),
        ("folder,count\na,1\na/b,1\n", "a/b is in a, whose count has its cases too"),
        ("folder,count\n../other,1\n", r"line 2: '\.\./other' is not a folder's name"),
        ("folder,count\n/etc,1\n", "line 2: '/etc' is not a folder's name"),
        ("folder,count\na,2000000000\n", "it counts 2,000,000,000 cases, and a sample is drawn from fewer than"),
        (f"folder,count\na,{'9' * 5000}\n", "is not a number of cases"),
    ],
)
def test_a_manifest_that_cannot_be_is_said(tmp_path: Path, manifest: str, message: str) -> None:
    root = write(tmp_path / "tree", {"manifest.csv": manifest, "a.txt": "x", "b.txt": "x", "a/b/c.txt": "x"})
    with pytest.raises(CrumpleError, match=message):
        Stream(f"file://{root}").sample(Wanted(most=5))


def test_counts_say_nothing_of_tags(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", {"manifest.csv": "folder,count\na,1\n", "a/b.txt": "x"})
    with pytest.raises(CrumpleError, match=r"a manifest of counts says nothing of tags\. List the files in it"):
        Stream(f"file://{root}").sample(Wanted(most=5, tags=("x",)))


def test_many_cases_are_found_by_reading_a_manifest_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{at}.txt": "x" for at in range(20)}
    root = write(tmp_path / "tree", {"manifest.csv": "file\n" + "\n".join(files), **files})
    stream, opened = Stream(f"file://{root}"), []
    assert not stream.find({"none.txt"})
    open_file = LocalFiles.open
    monkeypatch.setattr(LocalFiles, "open", lambda self, name: opened.append(name) or open_file(self, name))
    assert stream.find(set(files)).keys() == files.keys()
    assert opened.count("manifest.csv") == 1


def test_very_many_cases_are_found_by_listing_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{at}.txt": "x" for at in range(9)} | {"3.txt.truth.json": "1", "c/case.toml": 'document = "d.txt"'}
    root = write(tmp_path / "tree", {**files, "c/d.txt": "x", "5.csv": "x"})
    ids = {"0.txt", "3.txt", "4.txt", "c", "none.txt", "5.csv"}
    stream, walks = Stream(f"file://{root}"), []
    one_by_one = stream.find(ids)
    walk = LocalFiles.walk
    monkeypatch.setattr(LocalFiles, "walk", lambda self, below="": walks.append(below) or walk(self, below))
    monkeypatch.setattr("crumple_corpora.stream.PARSED", 3)
    assert stream.find(ids) == one_by_one
    assert walks == [""]
    assert one_by_one.keys() == ids - {"none.txt"}
    assert Stream(f"file://{root}/*.txt").find(ids).keys() == {"0.txt", "3.txt", "4.txt"}


# What changed


def test_a_truth_and_a_case_of_a_folder_that_changed_after_the_listing_are_told(tmp_path: Path) -> None:
    files = {"a.txt": "x", "a.txt.truth.json": "1", "c/case.toml": 'document = "d.txt"', "c/d.txt": "x"}
    root = write(tmp_path / "tree", files)
    for name in files:
        os.utime(root / name, (1_700_000_000, 1_700_000_000))
    stream = Stream(f"file://{root}")
    before = stream.version()
    lane = pickle.loads(pickle.dumps(stream))
    assert (lane.load("a.txt").truth, lane.load("c").document.data) == (1, b"x")
    write(root, {"a.txt.truth.json": "2", "c/d.txt": "other"})
    for case, name in (("a.txt", r"a\.txt\.truth\.json"), ("c", r"c/d\.txt")):
        with pytest.raises(CrumpleError, match=f"{name}: it was changed after the corpus was listed"):
            lane.load(case)
    write(root, {"a.txt.truth.json": "1"})
    os.utime(root / "a.txt.truth.json", (1_700_000_000, 1_700_000_000))
    assert Stream(f"file://{root}").version() != before  # for the document of a folder with a case.toml, too


def test_what_is_in_a_folder_that_was_not_listed_is_not_said_to_have_changed(tmp_path: Path) -> None:
    """Cases that are to be there in any case, as those of findings, may be in a folder that none is drawn from."""
    folders = "abcdef"
    files = {f"{name}/x.txt": "x" for name in folders}
    root = write(tmp_path / "tree", {**files, "manifest.csv": "folder,count\n" + "".join(f"{n},1\n" for n in folders)})
    for at, name in enumerate(files):
        os.utime(root / name, (1_700_000_000 + at, 1_700_000_000 + at))
    stream = Stream(f"file://{root}")
    always = frozenset({"f/x.txt"})
    drawn = next(each for seed in range(9) if len(each := stream.sample(Wanted(seed, 1, always=always))) == 2)
    assert {each.id for each in drawn} > always
    lane = pickle.loads(pickle.dumps(stream))
    assert lane.load("f/x.txt").document.data == b"x"
    (first,) = {each.id for each in drawn} - always
    write(root, {first: "changed"})
    with pytest.raises(CrumpleError, match=f"{first}: it was changed after the corpus was listed"):
        lane.load(first)


def test_a_list_that_would_be_too_long_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "tree", {f"{at}.eml": "Subject: x\n\nx\n" for at in range(5)})
    monkeypatch.setattr("crumple_corpora.stream.LISTED", 3)
    stream, read = Stream(f"file://{root}"), []
    monkeypatch.setattr(LocalFiles, "read", lambda self, name, size=-1: read.append(name))
    with pytest.raises(CrumpleError, match="it has 5 cases, and what was asked for needs a list of all"):
        stream.entries()
    assert not read
