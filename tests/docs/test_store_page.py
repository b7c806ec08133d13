"""The example of docs/store.md, written out and run as a reader would."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line

PAGE = (Path(__file__).parents[2] / "docs" / "store.md").read_text("utf-8")
_BLOCK = re.compile(r"^```\w+\n# (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def crumple(*words: str) -> str:
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_run_of_the_page_is_listed_shown_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in _BLOCK.findall(PAGE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    report = crumple("run", "--workers", "1", "--use", "encoding.bom,encoding.line_endings")
    (run,) = json.loads(crumple("runs", "--json"))
    assert run["state"] == "ended"
    assert run["calls"] <= 30
    assert report.strip() in crumple("show", "latest")
    assert crumple("prune").startswith("removed 0 runs"), "keep_for"
    assert crumple("prune", "--keep", "0").startswith("removed 1 run and")
    assert "There are no runs" in crumple("runs")


def test_every_command_of_the_page_is_there() -> None:
    named = set(re.findall(r"crumple (run|runs|show|prune)\b", PAGE))
    assert named == {"run", "runs", "show", "prune"} & set(command_line.list_commands(None))  # type: ignore[arg-type]
