"""Three projects, each used as its user would: by commands in a shell, from its own folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from lanes_here import LanesHere
from projects import called, ended, made, properties, section, started

NODE = "tests/test_messy.py::TestStrictly::test_of_bytes"
REPORTS = " ".join(f"--crumple-report out.{ending}" for ending in ("md", "json", "html", "xml"))


def test_a_package_with_tests_of_its_own(tmp_path: Path) -> None:
    """Fixtures, parameters and classes; with xdist and without, the figures are the same and the codes too."""
    folder = made("package", tmp_path, documents=12)
    spread = started(folder, "pytest -n 2")
    code, said = called(folder, f"pytest -rs --junitxml junit.xml {REPORTS}")
    assert code == 1, said
    assert "5 robustness tests: 1 failed, 1 undecided, 3 passed." in said
    assert re.search(r"1 failed, 6 passed, 1 skipped, 1 warning, \d+ degraded \(\d+ failed\) in ", said)
    assert "SKIPPED [1] tests/test_messy.py:30: undecided: 0 of 16 degraded documents failed" in said
    assert "299 documents without failure would do, and it had 16" in said
    assert "accepted: set up once for all documents of test_of_a_file" in said
    _tells_what_fails(folder, said)
    _is_readable(folder)
    code, other = ended(spread)
    assert (code, section(other)) == (1, section(said))


def _tells_what_fails(folder: Path, said: str) -> None:
    assert f"{NODE}: broken." in " ".join(said.split())
    assert "UnreadableError: no orders" in said
    (line,) = {each.strip() for each in said.splitlines() if each.startswith("  pytest ")}
    assert line.startswith(f"pytest {NODE} --crumple-replay '")
    code, again = called(folder, line)
    assert code == 1
    assert ">           raise UnreadableError" in again
    assert "E           orders.reading.UnreadableError: no orders" in again
    assert f"(crumple: {line.partition(chr(39))[2][:-1]})" in again


def _is_readable(folder: Path) -> None:
    figures = properties(folder / "junit.xml")
    assert {name: each["state"] for name, each in figures.items() if each} == {
        "test_everyday_exports[fields]": "met",
        "test_everyday_exports[exact]": "met",
        "test_of_bytes": "broken",
        "test_of_a_file": "met",
        "test_one_in_a_hundred": "undecided",
    }
    document = json.loads((folder / "out.json").read_text("utf-8"))
    sums = document["categories"]["encoding"]
    assert (document["kind"], document["state"], list(document["categories"])) == ("pytest", "failed", ["encoding"])
    assert sums["runs"] == sum(int(each["documents"]) for each in figures.values() if each)
    assert sums["failures"] == int(figures["test_of_bytes"]["failures"]) > 0
    suite = ET.parse(folder / "out.xml").find("testsuite")
    assert suite is not None
    assert [suite.get(each) for each in ("tests", "failures", "skipped", "errors")] == ["5", "1", "1", "0"]
    markdown, html = ((folder / f"out.{ending}").read_text("utf-8") for ending in ("md", "html"))
    assert markdown.startswith("### ❌ crumple\n\n5 robustness tests: 1 failed, 1 undecided, 3 passed.")
    for text in (markdown, html):
        assert "test_of_bytes --crumple-replay" in text
        assert "no orders" not in text  # what the system said stays on the screen
        assert str(folder) not in text


def test_a_project_with_nothing_but_a_configuration_and_a_corpus(tmp_path: Path) -> None:
    """A search finds two kinds of failure; one is mended and comes back, the other is accepted."""
    folder = made("configured", tmp_path, documents=8)
    fixed, accepted = _found(folder)
    code, said = called(folder, "pytest --crumple -rxs --junitxml junit.xml --crumple-report out.md")
    assert code == 1, said
    results = said.partition("FAILURES")[0]
    assert "collected 5 items" in results
    assert re.search(r"crumple.toml F[,c]*x[,c]*F", results)  # findings first
    assert re.search(
        rf"{fixed} _+\ncrashed: UnicodeDecodeError at orders.py:read, in 2 of 2 calls\nIt was fixed, and fails again.\n"
        rf"  pytest crumple.toml::findings/{fixed}\n",
        said,
    )
    assert f"XFAIL crumple.toml::findings/{accepted} - accepted until " in said
    assert "by M. Osei: crashed: KeyError at orders.py:read" in said
    assert "crumple.toml:21: undecided after " in said
    assert "it needs at least 400 documents like these, and the corpus has 8; the limit is at most 1 %" in said
    assert re.search(r"2 failed, 1 passed, 1 skipped, 1 xfailed, \d+ degraded", said)
    figures = properties(folder / "junit.xml")
    assert list(figures) == [f"findings/{fixed}", f"findings/{accepted}", "encoding", "truncation", "encoding[silent]"]
    assert [each.get("state", each.get("was")) for each in figures.values()] == [
        "fixed",
        "accepted",
        "broken",
        "met",
        "undecided",
    ]
    assert figures["encoding"]["limit"] == "encoding, failures"
    assert float(figures["encoding"]["low"]) > float(figures["encoding"]["bound"]) == 0.1
    markdown = (folder / "out.md").read_text("utf-8")
    assert fixed in markdown
    assert "codec" not in markdown


def _found(folder: Path) -> tuple[str, str]:
    """Search, mend one kind of failure and break it again, accept the other; in this process, where nothing is new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crumple.execution.local.LocalLanes", LanesHere)
        patch.chdir(folder)
        assert _crumple("fuzz", "--calls", "80") == 1
        kept = {each.name: (each / "README.md").read_text("utf-8") for each in (folder / "findings").iterdir()}
        (fixed,) = [name for name, page in kept.items() if "UnicodeDecodeError" in page]
        (accepted,) = kept.keys() - {fixed}
        assert _crumple("accept", accepted, "--reason", "no shop does", "--until", "30d", "--by", "M. Osei") == 0
        system = folder / "orders.py"
        text = system.read_text("utf-8")
        system.write_text(text.replace('"utf-8"', '"utf-16" if document[:2] == b"\\xff\\xfe" else "utf-8"'), "utf-8")
        assert _crumple("replay", fixed) == 0
        system.write_text(text, "utf-8")
    return fixed, accepted


def _crumple(*words: str) -> int:
    return CliRunner().invoke(command_line, words, prog_name="crumple").exit_code


def test_a_project_that_merely_has_crumple_installed(tmp_path: Path) -> None:
    """Strict, every warning an error, with a crumple.toml that others use: it is none the wiser."""
    folder = made("unaware", tmp_path)
    (folder / "crumple.toml").write_text('[system]\ncall = "shop:price"\n[corpus]\npath = "corpus"\n', "utf-8")
    line = "python -W error -m pytest -v -rA --strict-markers --strict-config"
    without = started(folder, f"{line} -p no:crumple")
    code, said = called(folder, line)
    other, plain = ended(without)
    assert code == other == 1
    assert _undated(said) == _undated(plain)
    assert "PASSED tests/test_shop.py::test_nothing_heavy_is_imported" in said


def _undated(said: str) -> list[str]:
    """Without how long it took, and without the list of plugins that are installed."""
    return [re.sub(r" in [\d.]+s ", " ", line) for line in said.splitlines() if not line.startswith("plugins: ")]
