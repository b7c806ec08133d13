"""What a marked test is given, and functions that it has called in a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crumple import Crashed, Document, Exhausted, Hung, NotApplicable, Recipe, Refused, generated
from crumple.degraded import case_of, degraded_case, registry_of
from crumple.errors import CrumpleError
from crumple.pytest_plugin.given import Degraded, discard
from crumple.pytest_plugin.marks import Mark
from crumple.pytest_plugin.worker_calls import Workers

TRUTH = {"total": 3.0, "rows": [{"name": "ä"}]}
CASE = case_of("name,amount\nä,1.00\nb,2.00\n".encode(), truth=TRUTH, name="o.csv")


class UnreadableError(Exception):
    pass


def act(data: bytes) -> object:
    """What the worker calls, by what stands in the document."""
    word = data.decode().strip()
    if word == "crash":
        raise KeyError("total")
    if word == "die":
        os.abort()
    if word == "refuse":
        raise UnreadableError("no")
    while word == "hang":
        pass
    if word == "eat":
        return len(bytearray(1 << 30))
    return {"word": word, "process": os.getpid()}


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    mark = Mark(where="here", timeout=20, memory=256 << 20, refuses=(UnreadableError,))
    made = Workers(mark, tmp_path_factory.mktemp("workers"))
    yield made
    made.close()


def given(recipe: str, tmp_path: Path, workers: Workers) -> Degraded:
    return Degraded(degraded_case(CASE, Recipe.parse(recipe), registry_of()), tmp_path / "own", workers)


def test_it_says_what_it_is_and_how_it_came_about(tmp_path: Path, workers: Workers) -> None:
    each = given('encoding.utf16(form="bom",seed=3)', tmp_path, workers)
    assert each.data == each.document.data == CASE.document.data.decode().encode("utf-16")
    assert each.replay == 'o.csv > encoding.utf16(form="bom",seed=3)'
    assert (each.level, each.lost, each.may_refuse, each.parts, each.inputs) == (1.0, frozenset(), False, (), None)
    assert each.text == CASE.document.data.decode()
    assert each.accepts(TRUTH)
    assert not each.accepts({"total": 4.0, "rows": [{"name": "ä"}]})


def test_its_file_has_its_name_and_bytes_and_goes_with_it(tmp_path: Path, workers: Workers) -> None:
    each = given("table.no_final_newline(seed=3)", tmp_path, workers)
    assert not (tmp_path / "own").exists()
    assert each.path.name == "o.csv"
    assert each.path.read_bytes() == each.data
    discard(each)
    assert not (tmp_path / "own").exists()


def test_who_changes_what_it_gives_changes_nothing(tmp_path: Path, workers: Workers) -> None:
    each = given("table.no_final_newline(seed=3)", tmp_path, workers)
    each.truth["rows"].append("more")  # type: ignore[call-overload, index, union-attr]
    each.case.truth["total"] = 0  # type: ignore[call-overload, index]
    assert each.truth == each.case.truth == TRUTH
    with pytest.raises(AttributeError, match=r"degraded\.truth cannot be set: take what you change out of it first"):
        each.truth = {}
    with pytest.raises(AttributeError, match=r"degraded\.total cannot be set"):
        each.total = 1
    with pytest.raises(AttributeError, match=r"degraded\.data cannot be deleted"):
        del each.data


def test_the_first_page_of_any_document_of_pages_is_a_picture(tmp_path: Path, workers: Workers) -> None:
    corpus = generated("invoices", {"count": 1})
    case = next(corpus.load(each.id) for each in corpus.entries() if each.media_type == "application/pdf")
    image = Degraded(degraded_case(case, Recipe(), registry_of()), tmp_path, workers).image
    assert image.mode in ("L", "RGB")
    assert min(image.size) > 500
    assert image.info["dpi"][0] > 50
    with pytest.raises(NotApplicable):
        _ = given("table.no_final_newline(seed=3)", tmp_path, workers).image


def test_bytes_that_no_decoding_shows_are_no_text(tmp_path: Path, workers: Workers) -> None:
    case = case_of(b"\xef\xbb\xbfname\n\xff\n", name="o.txt")
    each = Degraded(degraded_case(case, Recipe(), registry_of()), tmp_path, workers)
    with pytest.raises(NotApplicable, match="no decoding shows"):
        _ = each.text


def called(word: str, workers: Workers) -> object:
    return workers.call(Document(word.encode(), "text/plain", "word.txt"), act, form="bytes")


def test_a_function_is_called_in_a_worker_that_stays(workers: Workers) -> None:
    one, other = called("one", workers), called("other", workers)
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert (one["word"], other["word"]) == ("one", "other")
    assert one["process"] == other["process"] != os.getpid()


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ("crash", Crashed, "KeyError: 'total'"),
        ("die", Crashed, "signal SIGABRT"),
        ("refuse", Refused, "UnreadableError: no"),
        ("eat", Exhausted, "over 256 MiB of memory"),
    ],
)
def test_how_a_call_in_a_worker_ends_is_an_exception(
    word: str, kind: type[Exception], said: str, workers: Workers
) -> None:
    with pytest.raises(kind, match=said):
        called(word, workers)


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    workers = Workers(Mark(where="here", timeout=0.1), tmp_path)
    try:
        with pytest.raises(Hung, match=r"no answer within 0\.1 s"):
            called("hang", workers)
    finally:
        workers.close()


def test_what_a_worker_cannot_import_is_said(workers: Workers) -> None:
    def local(data: bytes) -> int:
        return len(data)

    document = Document(b"x", "text/plain", "x.txt")
    for function, said in (
        (local, "'local', which is defined inside another function, cannot be called in a worker"),
        (lambda data: data, "a lambda cannot be called in a worker"),
        (b"x".startswith, "cannot be called in a worker, which imports what it calls. Give it a function at the top"),
    ):
        with pytest.raises(CrumpleError, match=said):
            workers.call(document, function, form="bytes")
    with pytest.raises(CrumpleError, match=r"there is no input 'byte'\. Did you mean 'bytes'\?"):
        workers.call(document, act, form="byte")
