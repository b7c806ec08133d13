"""docs/profile.md: its commands, its mix and its measure do what the page says."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crumple import Text
from crumple.cli import crumple as command_line
from crumple.measuring import Measure
from crumple.reporting import rendering
from crumple.statistics.rates import wilson
from doc_examples import block, words_of, write_page

PAGE = "docs/profile.md"


def damages(table: str, files: int) -> list[dict[str, Any]]:
    """What a profile of so many files would say for a table: shares and intervals by the counts of files in it."""
    rows = []
    for line in table.splitlines()[1:]:
        name, count, _, _, *levels = line.split()
        low, high = wilson(int(count) / files, files)
        row = {
            "name": name,
            "mutator": name,
            "files": int(count),
            "share": int(count) / files,
            "low": low,
            "high": high,
        }
        known = None if "-" in levels else [0.0] * (5 - len(levels)) + [int(each) / 100 for each in levels]
        rows.append({**row, "levels": known, "strangest": [], "unit": "", "untold": False})
    return rows


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.txt").write_text("Grüße aus Köln\n", "utf-8")
    (tmp_path / "crumple.toml").write_text("[system]\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    commands = words_of("docs/profile.md", "crumple profile inbox/")
    assert len(commands) == 3
    last = CliRunner().invoke(command_line, [*commands[-1], "--workers", "1", "--json", "p.json"], prog_name="crumple")
    assert last.exit_code == 0, last.output
    shown = block("docs/profile.md", "damage  ")
    document = json.loads((tmp_path / "p.json").read_text("utf-8")) | {"damages": damages(shown, 200)}
    printed = rendering("profile")(document, width=100, color=False)
    assert shown in printed, printed
    assert tomllib.loads((tmp_path / "crumple.toml").read_text("utf-8"))["mix"] == {"clean": 1}
    options = {each.opts[-1] for each in command_line.get_command(None, "profile").params}  # type: ignore[arg-type,union-attr]
    assert {word for each in commands for word in each if word.startswith("--")} <= options


def test_the_mix_of_the_page_comes_to_one() -> None:
    mix = tomllib.loads(block("docs/profile.md", "[mix]"))["mix"]
    assert sum(each["share"] if isinstance(each, dict) else each for each in mix.values()) == pytest.approx(1)


def test_the_measure_of_the_page_measures(tmp_path: Path) -> None:
    write_page("docs/profile.md", tmp_path)
    from crumple.loading import module

    found = module("my_measures", tmp_path, "docs").double_spaces
    assert isinstance(found, Measure)
    assert found(Text("a  b c d e")) == pytest.approx(0.25)
