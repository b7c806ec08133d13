"""docs/profile.md: its commands, its mix and its measure do what the page says."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple import Text
from crumple.cli import crumple as command_line
from crumple.measuring import Measure

PAGE = (Path(__file__).parents[2] / "docs" / "profile.md").read_text("utf-8")
_COMMAND = re.compile(r"^    crumple (profile .+)$", re.MULTILINE)


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.txt").write_text("Grüße aus Köln\n", "utf-8")
    (tmp_path / "crumple.toml").write_text("[system]\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    commands = _COMMAND.findall(PAGE)
    assert len(commands) == 3
    last = CliRunner().invoke(command_line, [*commands[-1].split(), "--workers", "1"], prog_name="crumple")
    assert last.exit_code == 0, last.output
    assert tomllib.loads((tmp_path / "crumple.toml").read_text("utf-8"))["mix"] == {"clean": 1}
    options = {each.opts[-1] for each in command_line.get_command(None, "profile").params}  # type: ignore[arg-type,union-attr]
    assert {word for each in commands for word in each.split() if word.startswith("--")} <= options


def test_the_mix_of_the_page_comes_to_one() -> None:
    mix = tomllib.loads(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1])["mix"]  # type: ignore[index]
    assert sum(each["share"] if isinstance(each, dict) else each for each in mix.values()) == pytest.approx(1)


def test_the_measure_of_the_page_measures(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]  # type: ignore[index]
    (tmp_path / "my_measures.py").write_text(code, "utf-8")
    from crumple.loading import module

    found = module("my_measures", tmp_path, "docs").double_spaces
    assert isinstance(found, Measure)
    assert found(Text("a  b c d e")) == pytest.approx(0.25)
