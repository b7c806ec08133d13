"""Corpora that are gone through once: the same rules as a folder's, a sample of the sample's size, and what is told."""

from __future__ import annotations

import json
import os
import pickle
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crumple import CrumpleError, Sampler, Wanted
from crumple.mutation.registry import discover
from crumple.plan import Plan, corpus_size, offered, population
from crumple.stand_ins import wanted
from crumple_corpora.files import File
from crumple_corpora.folder import Folder
from crumple_corpora.folder_listing import AT_ONCE, CaseFolder, together
from crumple_corpora.stream import Stream

TREE = {
    "a.pdf": "%PDF-1.4",
    "a.png": "\x89PNG",
    "a.truth.json": '{"total": 1}',
    "b.csv": "x,y\n1,2\n",
    "b.csv.truth.json": '{"total": 2}',
    "c": "no ending at all",
    "c.truth.txt": "plain",
    ".hidden/x.txt": "x",
    "README.md": "not a case",
    "claims/1/case.toml": 'document = "letter.txt"\ntruth = "yes"\ntags = ["claim"]\ngroup = "g"',
    "claims/1/letter.txt": "hello",
    "claims/1/before.txt": "no case",
    "deep/er/ü ñ > x.txt": "odd",
    "mail.eml": "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nhello\n",
}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("latin-1", "replace") if name.endswith("png") else content.encode())
    return root


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a bit of everything."""
    return write(tmp_path / "tree", TREE)


@pytest.fixture
def zipped(tree: Path, tmp_path: Path) -> Path:
    """The same in an archive."""
    path = tmp_path / "tree.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(tree.rglob("*")):
            archive.write(each, each.relative_to(tree))
    return path


# The same rules wherever the files are


def test_a_stream_has_the_cases_of_the_folder(tree: Path, zipped: Path) -> None:
    folder = Folder(tree)
    by_id = {each.id: each for each in folder.entries()}
    for url in (f"file://{tree}", f"zip://::file://{zipped}"):
        stream = Stream(url)
        found = {each.id: each for each in stream.entries()}
        assert found.keys() == by_id.keys()
        for name, entry in found.items():
            own = by_id[name]
            assert (entry.group, entry.has_truth, entry.tags) == (own.group, own.has_truth, own.tags)
            assert (entry.size, entry.inside) == (own.size, own.inside)
            assert stream.load(name) == folder.load(name)
            assert stream.find({name}) == {name: entry}
        assert stream.size() == (len(by_id), len({each.group for each in by_id.values()}))


def test_patterns_choose_cases_as_in_a_folder(tree: Path, zipped: Path) -> None:
    assert [each.id for each in Stream(f"file://{tree}/*.csv").entries()] == ["b.csv"]
    assert [each.id for each in Stream(f"zip://**/*.txt::file://{zipped}").entries()] == ["deep/er/ü ñ > x.txt"]
    with pytest.raises(CrumpleError, match=r"no documents that match '\*\.docx'"):
        Stream(f"file://{tree}/*.docx").entries()


def test_a_manifest_lists_the_cases_and_no_folder_is_listed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tree, {"manifest.csv": "file,truth,group,tags\nb.csv,,one,x y\nc,,one,\ndeep/er/ü ñ > x.txt,label,,x\n"})
    stream = Stream(f"file://{tree}")
    monkeypatch.setattr(type(stream._place), "walk", None)
    assert {each.id: each.group for each in stream.entries()} == {
        "b.csv": "one",
        "c": "one",
        "deep/er/ü ñ > x.txt": "deep/er/ü ñ > x.txt",
    }
    assert stream.size() == (3, 2)
    assert [each.id for each in stream.sample(Wanted(most=9, tags=("y",)))] == ["b.csv"]
    assert stream.load("deep/er/ü ñ > x.txt").truth == "label"
    assert pickle.loads(pickle.dumps(stream)).load("b.csv").truth == {"total": 2}
    with pytest.raises(CrumpleError, match=r"no case has the tag 'z'.*Allowed: x, y"):
        stream.sample(Wanted(most=9, tags=("z",)))


def test_tags_of_case_folders_choose_too(tree: Path) -> None:
    assert [each.id for each in Stream(f"file://{tree}").sample(Wanted(most=9, tags=("claim",)))] == ["claims/1"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.truth.json": "{}", "b.txt": "x"}, "a truth without a document"),
        ({"a.txt": "x", "a.txt.truth.json": "{"}, r"a\.txt\.truth\.json, line 1, column 2: not JSON"),
        ({"a/case.toml": "documnt = 1"}, "unknown key 'documnt'"),
        ({"manifest.csv": "file\na\nb,c\n", "a": "x"}, "line 3: the row has 2 cells, its header 1 cell"),
        ({"manifest.csv": "folder,count,file\n"}, "unknown column 'file'.*Allowed: folder, count"),
        ({"manifest.csv": "folder\nx\n"}, "the column 'count' is missing"),
        ({"manifest.csv": "folder,count\nx,many\n"}, "line 2, column count: 'many' is not a number of cases"),
        ({"manifest.csv": "folder,count\nx,2\n", "x/a.txt": "x"}, "x: it has 1 cases, and the manifest says 2"),
        ({".x": ""}, "no documents"),
    ],
)
def test_a_mistake_is_one_message_that_names_the_file(tmp_path: Path, files: dict[str, str], message: str) -> None:
    root = write(tmp_path / "tree", files)
    with pytest.raises(CrumpleError, match=message):
        Stream(f"file://{root}").entries()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///nowhere/at/all", r"/nowhere: there is no such folder|there is no such folder"),
        ("zip://::file:///nowhere.zip", r"zip://::file:///nowhere\.zip: there is no such place"),
        ("ziip://bucket/x", r"ziip://bucket/x: there is no scheme 'ziip'\. Did you mean 'zip'\?"),
        ("gs://bucket/x", r'pip install "crumple\[gcs\]"'),
        ("az://bucket/x", r'pip install "crumple\[azure\]"'),
    ],
)
def test_a_place_that_cannot_be_is_named(url: str, message: str) -> None:
    with pytest.raises(CrumpleError, match=message):
        Stream(url).version()


def test_a_document_past_the_limit_is_never_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(5 << 30)
    words = r'huge\.pdf: it has 5\.0 GiB, and a document may have 1\.0 GiB\..*\[corpus\] largest = "6GiB"'
    tracemalloc.start()
    for corpus in (Folder(tmp_path), Stream(f"file://{tmp_path}")):
        assert [each.size for each in corpus.entries()] == [5 << 30]
        with pytest.raises(CrumpleError, match=words):
            corpus.load("huge.pdf")
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


# One pass


def numbered(count: int) -> Iterator[File]:
    return (File(f"{at:07}.txt", 5) for at in range(count))


def test_what_belongs_together_is_found_in_one_pass_of_a_window() -> None:
    files = [File("a/1.txt"), File("a/case.toml"), File("a/z/2.txt"), File("b.pdf"), File("b.pdf.truth.json")]
    found = list(together(files))
    assert found[0] == CaseFolder("a")
    assert [[each.name for each in group] for group in found[1:] if not isinstance(group, CaseFolder)] == [
        ["b.pdf", "b.pdf.truth.json"]
    ]
    late = [*(File(f"x/{at:06}.txt") for at in range(AT_ONCE + 5)), File("x/case.toml")]
    with pytest.raises(CrumpleError, match=r"a case\.toml in a folder of more than 10,000 files"):
        list(together(late))


def test_a_million_files_are_sampled_in_the_memory_of_the_sample() -> None:
    """Here a tenth of that, for time: what is held must not grow with it."""
    peaks = []
    for count in (20_000, 100_000):
        tracemalloc.start()
        sampler: Sampler[str] = Sampler(Wanted(seed=1, most=100))
        for group in together(numbered(count)):
            assert not isinstance(group, CaseFolder)
            for each in group:
                sampler.add("text/plain", each.name, each.name, each.name)
        assert len(sampler.chosen()) == 100
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_a_sample_does_not_depend_on_the_order_of_the_listing_and_hardly_on_other_cases() -> None:
    names = [f"{at}.txt" for at in range(2000)]

    def drawn(told: list[str], seed: int = 1) -> list[str]:
        sampler: Sampler[str] = Sampler(Wanted(seed=seed, most=50))
        for name in told:
            sampler.add(name[-3:], name, name, name)
        return sampler.chosen()

    shuffled = random.Random(3).sample(names, len(names))
    assert drawn(shuffled) == drawn(names)
    assert drawn(names, seed=2) != drawn(names)
    assert len(set(drawn([*names, "new.txt"])) - set(drawn(names))) <= 1


def test_kinds_take_turns_and_each_is_there() -> None:
    sampler: Sampler[str] = Sampler(Wanted(most=4))
    for at in range(100):
        sampler.add("many", str(at), str(at), "many")
    sampler.add("one", "x", "x", "one")
    assert sampler.chosen() == ["many", "one", "many", "many"]


def test_every_case_is_as_likely() -> None:
    seen = [0] * 40
    for seed in range(400):
        sampler: Sampler[int] = Sampler(Wanted(seed=seed, most=10))
        for at in range(40):
            sampler.add("", str(at), str(at), at)
        for at in sampler.chosen():
            seen[at] += 1
    assert min(seen) > 60
    assert max(seen) < 140  # 100 in the mean, and a deviation of 9


def test_counts_in_a_manifest_say_which_folders_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{day:03}/{at}.txt": "x" for day in range(100) for at in range(5)}
    files["manifest.csv"] = "folder,count\n" + "".join(f"{day:03},5\n" for day in range(100))
    root = write(tmp_path / "tree", files)
    stream, walked = Stream(f"file://{root}"), []
    walk = type(stream._place).walk
    monkeypatch.setattr(type(stream._place), "walk", lambda self, below="": walked.append(below) or walk(self, below))
    found = stream.sample(Wanted(seed=1, most=10))
    assert len(found) == 10
    assert set(walked) == {each.id.partition("/")[0] for each in found}
    assert stream.size() == (500, 500)
    assert Stream(f"file://{root}").sample(Wanted(seed=1, most=10)) == found
    assert stream.load(found[0].id).document.data == b"x"
    # A list of all has all; a folder of this machine's is listed whatever its manifest counts.
    assert len(stream.entries()) == 500
    assert len(Folder(root).entries()) == 500


# A run over one


def test_truths_are_drafted_for_folders_here_alone(tree: Path) -> None:
    with pytest.raises(
        CrumpleError, match=r"tree is elsewhere, and truths are written beside the documents of a folder"
    ):
        wanted(Stream(f"file://{tree}"))


def plan(stream: Stream, **options: object) -> Plan:
    return Plan(corpus=stream, registry=discover().select(("encoding.mojibake",)), **options)  # type: ignore[arg-type]


def test_a_plan_draws_its_population_from_one_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path / "tree", {f"{at}.txt": "x" for at in range(300)})
    stream, passes = Stream(f"file://{root}"), []
    walk = type(stream._place).walk
    monkeypatch.setattr(type(stream._place), "walk", lambda self, below="": passes.append(below) or walk(self, below))
    made = plan(stream, calls=100, seed=4)
    assert corpus_size(made) == (300, 300)
    assert len(population(made)) <= len(offered(made)) == 25
    assert stream.version() == Stream(f"file://{root}").version()
    assert passes == ["", ""]
    write(root, {"new.txt": "x"})
    assert stream.version() != Stream(f"file://{root}").version()


def test_what_changed_after_the_listing_is_told(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", {"a.txt": "x", "b.txt": "x"})
    for name in ("a.txt", "b.txt"):
        os.utime(root / name, (1_700_000_000, 1_700_000_000))
    stream = Stream(f"file://{root}")
    stream.version()
    lane = pickle.loads(pickle.dumps(stream))
    (root / "a.txt").write_text("changed")
    with pytest.raises(CrumpleError, match=r"a\.txt: it was changed after the corpus was listed"):
        lane.load("a.txt")
    (root / "b.txt").unlink()
    with pytest.raises(CrumpleError, match=r"no case 'b\.txt'\. It is not there, or not there any more"):
        lane.load("b.txt")


def test_what_is_kept_of_the_environment_is_in_no_words() -> None:
    stream = Stream("s3://bucket/x", storage={"s3": {"secret": "hush", "endpoint_url": "http://127.0.0.1:9"}})
    assert "hush" not in repr(stream) + repr(stream._location) + json.dumps(stream.name)
    with pytest.raises(CrumpleError) as raised:
        stream.version()
    assert "hush" not in str(raised.value)
