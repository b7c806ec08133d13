"""Folders of one's own files: which files are cases, which truth is theirs, and what every mistake says."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crumple import ABSENT, AnyOf, CrumpleError
from crumple_corpora.folder import Folder

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes files, given as name=content pairs in a mapping, below a new corpus folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "corpus"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return write


def ids(root: Path, **options: str) -> list[str]:
    return [entry.id for entry in Folder(root, **options).entries()]


# What is a case, and what is its truth


def test_a_file_with_its_truth_beside_it_is_a_case(make: Make) -> None:
    root = make(
        {
            "b.csv": "x,y\n1,2\n",
            "b.csv.truth.json": '{"total": 1.5}',
            "sub/a.txt": "hello",
            "sub/a.txt.truth.txt": "yes\n",
        }
    )
    folder = Folder(root)
    first, second = folder.entries()
    assert (first.id, first.media_type, first.has_truth, first.group) == ("b.csv", "text/csv", True, "b.csv")
    assert (second.id, second.media_type) == ("sub/a.txt", "text/plain")
    case = folder.load("b.csv")
    assert case.truth == {"total": 1.5}
    assert (case.document.data, case.document.media_type, case.document.name) == (b"x,y\n1,2\n", "text/csv", "b.csv")
    assert folder.load("sub/a.txt").truth == "yes"
    assert folder.load("sub/a.txt").document.name == "a.txt"
    assert folder.name == "corpus"


def test_a_truth_by_stem_is_shared_and_makes_one_group(make: Make) -> None:
    root = make(
        {"i/7.pdf": "%PDF-1.7", "i/7.png": "x", "i/7.truth.json": "[1]", "i/8.pdf": "%PDF-1.7", "i/8.truth.json": "2"}
    )
    groups = {entry.id: entry.group for entry in Folder(root).entries()}
    assert groups == {"i/7.pdf": "i/7", "i/7.png": "i/7", "i/8.pdf": "i/8.pdf"}
    assert Folder(root).load("i/7.png").truth == Folder(root).load("i/7.pdf").truth == [1]
    assert Folder(root).load("i/7.png").group == "i/7"


def test_the_nearer_name_goes_before_the_shared_one(make: Make) -> None:
    root = make({"7.pdf": "a", "7.csv": "b", "7.truth.json": '"whole"', "7.csv.truth.json": '"rows"'})
    folder = Folder(root)
    assert (folder.load("7.pdf").truth, folder.load("7.csv").truth) == ("whole", "rows")
    assert {entry.group for entry in folder.entries()} == {"7"}


def test_a_truth_for_one_name_is_not_for_a_longer_one(make: Make) -> None:
    root = make({"a.pdf": "x", "a.pdf.gz": "y", "a.pdf.truth.json": "1"})
    assert Folder(root).load("a.pdf").truth == 1
    assert Folder(root).load("a.pdf.gz").truth is ABSENT


def test_files_without_an_ending_have_truth_too(make: Make) -> None:
    root = make({"page": "x", "page.truth.txt": "y"})
    assert Folder(root).load("page").truth == "y"


def test_a_csv_truth_is_a_table_with_its_header_first(make: Make) -> None:
    root = make({
        "a.pdf": "x", "a.pdf.truth.csv": 'n,text\r\n1,"a, b"\r\n\r\n2,"c\nd"\r\n',
        "b.pdf": "x", "b.pdf.truth.csv": "\ufeffn;text\n1;ä\n",
    })  # fmt: skip
    assert Folder(root).load("a.pdf").truth == [["n", "text"], ["1", "a, b"], ["2", "c\nd"]]
    assert Folder(root).load("b.pdf").truth == [["n", "text"], ["1", "ä"]]


def test_any_of_stands_at_any_depth(make: Make) -> None:
    root = make({"a.txt": "x", "a.txt.truth.json": '{"l": [{"$any_of": [1, {"u": {"$any_of": ["x", null]}}]}]}'})
    assert Folder(root).load("a.txt").truth == {"l": [AnyOf(1, {"u": AnyOf("x", None)})]}


def test_text_keeps_all_but_its_last_line_end(make: Make) -> None:
    root = make({"a.txt": "x", "a.txt.truth.txt": "\ufeff one \r\n\r\n"})
    assert Folder(root).load("a.txt").truth == " one \r\n"


def test_null_is_a_truth_and_none_at_all_is_absent(make: Make) -> None:
    root = make({"a.txt": "x", "a.txt.truth.json": "null", "b.txt": "y"})
    folder = Folder(root)
    assert [entry.has_truth for entry in folder.entries()] == [True, False]
    assert folder.load("a.txt").truth is None
    assert folder.load("b.txt").truth is ABSENT


def test_hidden_files_readmes_and_litter_are_no_cases(make: Make) -> None:
    names = [".DS_Store", ".git/config", "README.md", "sub/readme", "Thumbs.db", "~$a.docx", "__MACOSX/a.pdf", "a.pdf"]
    assert ids(make(dict.fromkeys(names, "x"))) == ["a.pdf"]


def test_a_file_of_no_known_type_is_a_case_of_bytes(make: Make) -> None:
    [entry] = Folder(make({"blob": b"\x00\x01\x02\xff" * 9})).entries()
    assert entry.media_type == "application/octet-stream"


def test_a_folder_with_case_toml_is_one_case(make: Make) -> None:
    root = make({
        "claims/1/case.toml": 'document = "letter.txt"\ntruth = "right.json"\ngroup = "g"\ntags = ["a", "b"]\n'
        'parts = ["p/photo.txt"]\ninputs = { question = "how much?", day = 2025-03-01 }\n',
        "claims/1/letter.txt": "x", "claims/1/right.json": '{"$any_of": [1, 2]}', "claims/1/p/photo.txt": "jpg",
        "claims/2/case.toml": 'document = "d.txt"\n[truth]\ntotal = 3\nday = 2025-03-01\nor = { "$any_of" = [1, 2] }',
        "claims/2/d.txt": "y",
        "claims/3/case.toml": 'document = "d.txt"', "claims/3/d.txt": "y", "claims/3/d.txt.truth.txt": "beside",
        "claims/4/case.toml": 'document = "d.txt"\ntruth = "a label"', "claims/4/d.txt": "y",
        "loose.txt": "z",
    })  # fmt: skip
    folder = Folder(root)
    assert [entry.id for entry in folder.entries()] == ["claims/1", "claims/2", "claims/3", "claims/4", "loose.txt"]
    one = folder.load("claims/1")
    assert (one.document.data, one.truth, one.group, one.tags) == (b"x", AnyOf(1, 2), "g", {"a", "b"})
    assert [(part.name, part.data) for part in one.parts] == [("photo.txt", b"jpg")]
    assert one.inputs == {"question": "how much?", "day": "2025-03-01"}
    assert folder.load("claims/2").truth == {"total": 3, "day": "2025-03-01", "or": AnyOf(1, 2)}
    assert folder.load("claims/3").truth == "beside"
    assert folder.load("claims/4").truth == "a label"


def test_a_corpus_folder_may_itself_be_one_case(make: Make) -> None:
    root = make({"case.toml": 'document = "a.txt"', "a.txt": "x", "notes.txt": "not a case"})
    assert ids(root) == ["corpus"]


def test_a_manifest_lists_the_cases_and_no_others(make: Make) -> None:
    root = make({
        "manifest.csv": "\ufefffile;truth;group;tags;inputs\r\nscans/1.pdf;answers/one.json;g;x y;\r\n"
        'scans/2.pdf;invoice;g;;"{""q"": 1}"\r\nscans/3.pdf;;;;\r\n',
        "answers/one.json": '{"n": 1}', "scans/1.pdf": "%PDF-1.7", "scans/2.pdf": "x", "scans/3.pdf": "x",
        "scans/3.pdf.truth.txt": "three", "scans/4.pdf": "not listed",
    })  # fmt: skip
    folder = Folder(root)
    entries = folder.entries()
    assert [(entry.id, entry.group) for entry in entries] == [
        ("scans/1.pdf", "g"), ("scans/2.pdf", "g"), ("scans/3.pdf", "scans/3.pdf"),
    ]  # fmt: skip
    assert entries[0].tags == {"x", "y"}
    assert [folder.load(entry.id).truth for entry in entries] == [{"n": 1}, "invoice", "three"]
    assert folder.load("scans/2.pdf").inputs == {"q": 1}


def test_a_pattern_chooses_files_as_a_shell_would(make: Make) -> None:
    root = make(
        {"a.pdf": "x", "a.pdf.truth.json": "1", "b.txt": "x", "2024/c.pdf": "x", "2024/q/d.pdf": "x", "[x].pdf": "x"}
    )
    assert ids(root, pattern="*.pdf") == ["[x].pdf", "a.pdf"]
    assert ids(root, pattern="**/*.pdf") == ["2024/c.pdf", "2024/q/d.pdf", "[x].pdf", "a.pdf"]
    assert ids(root, pattern="2024/**") == ["2024/c.pdf", "2024/q/d.pdf"]
    assert ids(root, pattern="[ab].*") == ["a.pdf", "b.txt"]
    assert ids(root / "*/?.pdf") == ["2024/c.pdf"]
    with pytest.raises(CrumpleError, match=r"no documents that match '\*.tiff'"):
        ids(root, pattern="*.tiff")


def test_ids_and_their_order_are_those_of_sorted_paths(make: Make) -> None:
    root = make(dict.fromkeys(("b/1", "a/2", "a/10", "ä.txt", "Z.txt", "a.txt"), "x"))
    assert ids(root) == ["Z.txt", "a.txt", "a/10", "a/2", "b/1", "ä.txt"]


def test_a_lane_in_another_folder_finds_the_same_cases(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make({"a.txt": "x" * 50_000, "a.txt.truth.json": "1"})
    monkeypatch.chdir(root.parent)
    folder = Folder("corpus")
    folder.load("a.txt")
    packed = pickle.dumps(folder)
    assert len(packed) < 1000, "documents do not travel"
    monkeypatch.chdir("/")
    copy = pickle.loads(packed)
    assert copy.load("a.txt") == folder.load("a.txt")
    assert (str(copy.path), copy.name) == ("corpus", "corpus")


def test_links_to_folders_elsewhere_are_followed(make: Make, tmp_path: Path) -> None:
    root = make({"a.txt": "x"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text("y")
    os.symlink(tmp_path / "elsewhere", root / "linked")
    assert ids(root) == ["a.txt", "linked/b.txt"]


# What every mistake says


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"corpus: no documents\. Put files in it"),
        ({"README": "x", ".hidden": "x"}, r"corpus: no documents\."),
        ({"a.txt": "x", "a.txt.truth.json": '{\n"a": 1,\n"b" 2}'}, r"a\.txt\.truth\.json, line 3, column 5: not JSON"),
        ({"a.txt": "x", "a.txt.truth.json": " "}, r"a\.txt\.truth\.json: the file is empty"),
        ({"a.txt": "x", "a.txt.truth.json": '{"a": NaN}'}, r"a\.txt\.truth\.json: NaN is not JSON"),
        ({"a.txt": "x", "a.txt.truth.json": '{"a": 1e999}'}, r"json, at /a: inf is not a number"),
        ({"a.txt": "x", "a.txt.truth.json": '{"a": 1, "a": 2}'}, r"'a' is there twice"),
        ({"a.txt": "x", "a.txt.truth.json": b'{\n"a": "\xe4"}'}, r"json, line 2: not UTF-8: byte 0xe4"),
        ({"a.txt": "x", "a.txt.truth.json": "[" * 100_000}, r"json: not JSON that can be compared"),
        ({"a.txt": "x", "a.txt.truth.json": '{"b": {"$any_of": []}}'}, r"at /b: several right answers .*\$any_of"),
        ({"a.txt": "x", "a.txt.truth.json": '{"$anyOf": [1]}'}, r"several right answers .*\$any_of"),
        ({"a.txt": "x", "a.txt.truth.json": '{"$any_of": [1], "c": 1}'}, r"no other key beside it"),
        ({"a.txt": "x", "a.txt.truth.csv": "a,b\n1,2\n1,2,3\n"}, r"csv, line 3: the row has 3 cells, its header 2"),
        ({"a.txt": "x", "a.txt.truth.csv": ""}, r"csv: the file is empty"),
        ({"a.txt": "x", "a.txt.truth.csv": 'a,b\n"1"x,2\n'}, r"csv, line 2: not CSV"),
        ({"a.txt": "x", "b.txt.truth.json": "1"}, r"b\.txt\.truth\.json: a truth without a document"),
        ({"a.txt": "x", "a.txt.truth.json": "1", "a.truth.json": "1"}, r"a\.truth\.json: a truth without a document"),
        (
            {"a.txt": "x", "a.txt.truth.json": "1", "a.txt.truth.txt": "1"},
            r"txt\.truth\.txt: a second truth, beside a\.txt\.truth\.json",
        ),
        (
            {"a.txt": "x", "a.txt.truth.yaml": "1"},
            r"yaml: a truth of a kind that is not known.*Allowed: \.truth\.json, ",
        ),
        ({"a.txt": "x", "a.txt.truth": "1"}, r"a\.txt\.truth: a truth of a kind that is not known"),
        ({"a.txt": "x", "truth.json": "1"}, r"truth\.json: a truth that does not say for which document"),
        (
            {"c/case.toml": 'document = "a"\ntruht = 1', "c/a": "x"},
            r"case\.toml: unknown key 'truht'\. Did you mean 'truth'\?",
        ),
        ({"c/case.toml": "truth = 1"}, r"case\.toml: 'document' is missing"),
        ({"c/case.toml": "document = 1"}, r"case\.toml: 'document' is a string, got 1"),
        ({"c/case.toml": "document = \nx = 1\n"}, r"case\.toml: not TOML: .*line 1"),
        (
            {"c/case.toml": 'document = "lettre.txt"', "c/letter.txt": "x"},
            r"there is no file lettre\.txt\. Did you mean 'letter\.txt'\?",
        ),
        ({"c/case.toml": 'document = "../a.txt"', "a.txt": "x"}, r"'\.\./a\.txt' is not a file's name"),
        ({"c/case.toml": 'document = "a"\ntags = "x"', "c/a": "x"}, r"'tags' is a list of strings, got 'x'"),
        ({"c/case.toml": 'document = "a"\nparts = ["b"]', "c/a": "x"}, r"there is no file b"),
        ({"c/case.toml": 'document = "a"\ntruth = "b.json"', "c/a": "x"}, r"there is no file b\.json"),
        ({"c/case.toml": 'document = "a"\ntruth = nan', "c/a": "x"}, r"case\.toml, at /truth: nan is not a number"),
        (
            {"c/case.toml": 'document = "a"\ntruth = "b.xml"', "c/a": "x", "c/b.xml": "y"},
            r"b\.xml is a truth of a kind",
        ),
        (
            {"c/case.toml": 'document = "a"\ntruth = 1', "c/a": "x", "c/a.truth.json": "2"},
            r"a\.truth\.json: a second truth, beside case\.toml",
        ),
        (
            {"manifest.csv": "fiel,truth\na,1\n", "a": "x"},
            r"manifest\.csv, line 1: unknown column 'fiel'\. Did you mean 'file'\?",
        ),
        ({"manifest.csv": "truth\n1\n"}, r"manifest\.csv, line 1: the column 'file' is missing"),
        ({"manifest.csv": "file,file\n1,1\n"}, r"the column 'file' is there twice"),
        (
            {"manifest.csv": "file\na.pdf\nb.pfd\n", "a.pdf": "x", "b.pdf": "x"},
            r"line 3: there is no file b\.pfd\. Did you mean 'b\.pdf'",
        ),
        ({"manifest.csv": "file\na\n./a\n", "a": "x"}, r"line 3: a is listed twice"),
        ({"manifest.csv": "file,inputs\na,{\n", "a": "x"}, r"line 2, column inputs, line 1, column 2: not JSON"),
        ({"manifest.csv": "file,truth\na,b.json\n", "a": "x"}, r"line 2: there is no file b\.json"),
        ({"manifest.csv": "file\n"}, r"corpus: no documents"),
    ],
)
def test_a_mistake_is_one_message_that_names_the_file(make: Make, files: dict[str, Any], message: str) -> None:
    root = make(files)
    with pytest.raises(CrumpleError, match=rf"(?s){message}") as raised:
        Folder(root).entries()
    assert str(root) in str(raised.value)


def test_a_missing_folder_says_what_was_looked_for_and_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with pytest.raises(CrumpleError, match=r"corpsu: there is no such folder\. In .* there is 'corpus'"):
        Folder(tmp_path / "corpsu").entries()
    with pytest.raises(CrumpleError, match="there is no such folder"):
        Folder(tmp_path / "nowhere" / "at" / "all").entries()


def test_a_file_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    with pytest.raises(CrumpleError, match=r"a\.pdf: a corpus is a folder, and this is a file"):
        Folder(tmp_path / "a.pdf").entries()


def test_an_unreadable_file_is_named(make: Make) -> None:
    root = make({"a.txt": "x"})
    os.symlink(root / "gone.txt", root / "b.txt")
    with pytest.raises(CrumpleError, match=r"b\.txt: cannot be read: No such file"):
        Folder(root).entries()


def test_a_link_that_leads_back_is_named(make: Make) -> None:
    root = make({"sub/a.txt": "x"})
    os.symlink(root, root / "sub" / "again")
    with pytest.raises(CrumpleError, match=r"sub/again: a symbolic link that leads back to .*corpus"):
        Folder(root).entries()


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_utf_8_is_refused(make: Make) -> None:
    root = make({"a.txt": "x"})
    try:
        (root / os.fsdecode(b"b\xe4.txt")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    with pytest.raises(CrumpleError, match="is not UTF-8"):
        Folder(root).entries()


def test_an_unknown_case_suggests_the_nearest(make: Make) -> None:
    folder = Folder(make({"letter.txt": "x"}))
    with pytest.raises(CrumpleError, match=r"no case 'leter\.txt'\. Did you mean 'letter\.txt'\?"):
        folder.load("leter.txt")


def test_a_file_that_vanished_since_is_named(make: Make) -> None:
    root = make({"a.txt": "x"})
    folder = Folder(root)
    folder.entries()
    (root / "a.txt").unlink()
    with pytest.raises(CrumpleError, match=r"a\.txt: cannot be read"):
        folder.load("a.txt")


def test_a_shared_truth_that_is_wrong_shows_when_listing(make: Make) -> None:
    root = make({"a.txt": "x", "a.csv": "y", "a.truth.json": "{"})
    with pytest.raises(CrumpleError, match=r"a\.truth\.json, line 1"):
        Folder(root).entries()


def test_generated_invoices_written_to_a_folder_come_back_as_they_were(tmp_path: Path) -> None:
    """The layout that people are told to use holds everything that a generated corpus does but regions."""
    from crumple_corpora.invoices import Invoices

    corpus = Invoices(2)
    for entry in corpus.entries():
        case = corpus.load(entry.id)
        (tmp_path / case.id).write_bytes(case.document.data)
        (tmp_path / f"{case.id}.truth.json").write_text(json.dumps(case.truth))
    folder = Folder(tmp_path)
    assert {entry.id: entry.media_type for entry in folder.entries()} == {
        entry.id: entry.media_type for entry in corpus.entries()
    }
    for entry in corpus.entries():
        assert folder.load(entry.id).document == corpus.load(entry.id).document
        assert folder.load(entry.id).truth == corpus.load(entry.id).truth
