"""Reports by their endings: found by entry point, checked beforehand; what a plugin does is said as an error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crumple import reporting
from crumple.errors import CrumpleError
from crumple.material import FIGURES, Material
from crumple.reporting import check_report, write_report
from documents_of_runs import run


@dataclass(frozen=True)
class Distribution:
    name: str


@dataclass(frozen=True)
class Point:
    """An entry point as `importlib.metadata` has it, without a distribution to install."""

    name: str
    value: str
    load: Callable[[], Any]
    dist: Distribution | None = Distribution("acme-reports")


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Have a renderer of files that end in .pdf, of the distribution acme-reports."""
    known = reporting.entry_points

    def have(made: Any, *, load: Callable[[], Any] | None = None) -> None:
        point = Point("pdf", "acme.reports:render", load or (lambda: made))
        monkeypatch.setattr(reporting, "entry_points", lambda group: [*known(group), point])

    return have


def pieces(*made: Any, then: type[Exception] | None = None) -> Callable[..., Iterator[Any]]:
    def render(document: Mapping[str, Any], material: Material) -> Iterator[Any]:
        yield from made
        if then is not None:
            raise then("no ink")

    return render


def test_a_plugins_renderer_is_given_the_document_and_material(plugin: Any, tmp_path: Path) -> None:
    given: list[Any] = []
    plugin(lambda document, material: given.extend((document, material)) or b"%PDF")
    write_report(tmp_path / "a.PDF", run(), FIGURES)
    assert (tmp_path / "a.PDF").read_bytes() == b"%PDF"
    assert given == [run(), FIGURES]


def test_pieces_are_texts_or_bytes_and_any_text_can_be_written(plugin: Any, tmp_path: Path) -> None:
    plugin(pieces("Öl ", b"\x00", "\udcff"))
    write_report(tmp_path / "a.pdf", run())
    assert (tmp_path / "a.pdf").read_bytes() == b"\xc3\x96l \x00\\udcff"


@pytest.mark.parametrize(
    ("render", "said"),
    [
        (pieces(b"half", then=ValueError), "ValueError: no ink"),
        (pieces(b"half", then=OSError), "OSError: no ink"),
        (lambda document, material: sys.exit("enough"), "SystemExit: enough"),
        (lambda document, material: None, "it returned NoneType; a report is text, bytes, or pieces of them"),
        (lambda document, material: {"a": 1}, "it returned dict"),
        (pieces(b"half", 1), "it returned pieces of type int"),
        (lambda: b"", "TypeError"),
    ],
)
def test_whatever_a_renderer_does_is_an_error_that_says_whose_it_is_and_leaves_nothing(
    plugin: Any, tmp_path: Path, render: Any, said: str
) -> None:
    plugin(render)
    path = tmp_path / "a.pdf"
    path.write_text("before")
    with pytest.raises(CrumpleError) as raised:
        write_report(path, run())
    text = str(raised.value)
    assert f"{path}: the renderer of the distribution acme-reports failed: " in text
    assert said in text
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]
    assert path.read_text() == "before"


def test_what_a_renderer_says_to_its_user_is_said_with_the_file(plugin: Any, tmp_path: Path) -> None:
    def render(document: Mapping[str, Any], material: Material) -> str:
        raise CrumpleError("nothing to draw")

    plugin(render)
    with pytest.raises(CrumpleError, match=r"a\.pdf: nothing to draw\.$"):
        write_report(tmp_path / "a.pdf", run())


def test_what_cannot_be_loaded_or_used_is_known_before_anything_is_measured(plugin: Any, tmp_path: Path) -> None:
    def missing() -> Any:
        raise ModuleNotFoundError("No module named 'weasyprint'")

    plugin(None, load=missing)
    with pytest.raises(CrumpleError, match=r"acme-reports cannot be loaded \(acme.reports:render\): .*weasyprint"):
        check_report(tmp_path / "a.pdf")
    plugin(ModuleType("acme"))
    with pytest.raises(CrumpleError, match="it is of type module, and cannot be called"):
        check_report(tmp_path / "a.pdf")
    plugin(WithoutFonts())
    with pytest.raises(CrumpleError, match="fonts are missing"):
        check_report(tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


class WithoutFonts:
    def check(self) -> None:
        raise CrumpleError("fonts are missing", hint="Install some.")

    def __call__(self, document: Mapping[str, Any], material: Material) -> str:
        return ""


def test_an_ending_that_nothing_makes_names_those_that_there_are(plugin: Any, tmp_path: Path) -> None:
    plugin(pieces())
    with pytest.raises(CrumpleError, match=r"Did you mean '\.parquet'\?.*\.html, .*\.pdf"):
        check_report(tmp_path / "a.parqet")
    with pytest.raises(CrumpleError, match="a report's ending says what it is"):
        check_report(tmp_path / "report")


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    for path, said in ((tmp_path / "a.md", "Is a directory"), (tmp_path / "no" / "a.md", "There is no folder")):
        with pytest.raises(CrumpleError, match=said):
            check_report(path)
    full = tmp_path / "full.md"
    full.symlink_to("/dev/full")
    with pytest.raises(CrumpleError, match="No space left on device"):
        write_report(full, run())
