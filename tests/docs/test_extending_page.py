"""docs/extending.md: its package is installed as pip would, and all that it adds is used together."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xmlrpc.server import SimpleXMLRPCServer

import pytest

from doc_examples import block, words_of, write_page

LINES_OF_CODE = 14


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The page's files, with its entry points as an installed distribution has them."""
    folder = write_page("docs/extending.md", tmp_path)
    (folder / "crumple_receipts" / "__init__.py").touch()
    about = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    installed = folder / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n")
    points = configparser.ConfigParser(delimiters="=")
    points.read_dict(about["entry-points"])
    with (installed / "entry_points.txt").open("w", encoding="utf-8") as file:
        points.write(file)
    (folder / "inbox").mkdir()
    (folder / "inbox" / "till.txt").write_text("Milk ... 1.20 and bread ... 2.30\n", "utf-8")
    return folder


@pytest.fixture
def reader(project: Path) -> Iterator[str]:
    """The page's service on a port of its own."""
    names: dict[str, object] = {"__name__": "service"}
    exec((project / "service.py").read_text("utf-8"), names)
    with SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as server:
        server.register_function(names["extract"], "extract")  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def crumple(project: Path, *words: str, reader: str = "") -> str:
    """What a command prints, run as a process of its own, which finds the package as it finds any."""
    done = subprocess.run(
        [sys.executable, "-c", "from crumple.cli import main; main()", *words],
        cwd=project,
        env={"PATH": "", "PYTHONPATH": str(project), "READER": reader},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_all_that_the_page_adds_works_together(project: Path, reader: str) -> None:
    run, profile = words_of("docs/extending.md", "crumple run --report")
    printed = crumple(project, *run, reader=reader)
    assert "clean     12 of 12 cases right" in printed
    assert "refused Unreadable at adapter.py:extract" in printed
    (failed, calls) = re.findall(r"^text: (\d+) of (\d+) failed$", (project / run[-1]).read_text(), re.MULTILINE)[0]
    assert f"{failed} of {calls} degraded calls failed, none of them silently" in printed
    assert re.search(r"text\.leader_dots +1 +100", crumple(project, *profile, "--workers", "1"))


def test_the_mutator_keeps_the_rules(project: Path) -> None:
    (words,) = words_of("docs/extending.md", "crumple test-mutators")
    assert crumple(project, *words) == block("docs/extending.md", "text.leader_dots: ")


@pytest.mark.parametrize(
    ("given", "score", "wrong"),
    [({"total": 12.5}, 1.0, []), ({"total": 12.6}, 0.0, ["/total"]), ({"total": "12.5"}, 0.0, ["/total"])],
    ids=str,
)
def test_the_judge_says_what_is_wrong(project: Path, given: object, score: float, wrong: list[str]) -> None:
    names: dict[str, object] = {}
    exec((project / "judging.py").read_text("utf-8"), names)
    assert names["close"](given, {"total": 12.5}) == {"score": score, "wrong": wrong}  # type: ignore[operator]
    assert names["close"](None, {"total": 12.5})["score"] == 0  # type: ignore[operator]


def test_each_takes_some_ten_lines(project: Path) -> None:
    """Imports and blank lines aside."""
    for path in project.rglob("*.py"):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        code = [line for line in lines if not line.startswith(("import ", "from "))]
        assert len(code) <= LINES_OF_CODE, path.name
