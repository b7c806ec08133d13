"""The commands of docs/history.md, run as a reader would, and what it says of them."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "history.md").read_text("utf-8")
_FILE = re.compile(r"^```\w+\n# (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ crumple (.+)$", re.MULTILINE)


def crumple(*words: str) -> str:
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_commands_of_the_page_show_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in _FILE.findall((DOCS / "store.md").read_text("utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace("calls = 30", "calls = 60\nworkers = 1"), "utf-8")
    with (tmp_path / "crumple.toml").open("a") as config:
        config.write('[mutate]\nuse = ["encoding.bom", "encoding.line_endings"]\n')
    monkeypatch.chdir(tmp_path)
    *_, shown, one = [crumple(*shlex.split(words)) for words in _COMMAND.findall(PAGE)]
    heads = next(line for line in PAGE.splitlines() if line.startswith("began ")).split()
    assert set(heads) - {"changed"} <= set(shown.split())
    assert "1 night beside the baseline, run" in shown
    assert re.search(r"Plan A: .*|category +trend +was % +now % +scale % +state", shown)
    assert "same documents" in one
    data = json.loads(crumple("history", "--json", "-"))
    first, last = data["runs"]
    assert (first["kind"], last["kind"], last["state"]) == ("run", "night", "same")
    paragraph = " ".join(PAGE.split("## As data")[1].split("## ")[0].split())
    named = set(re.findall(r"`(\w+)`", paragraph)) - {"schema"}
    there = {*data, *last, *last["categories"]["encoding"], *last["categories"]["encoding"]["paired"]}
    assert named <= there


def test_every_option_that_the_page_names_is_there() -> None:
    text = crumple("history", "--help") + crumple("prune", "--help")
    for option in set(re.findall(r"(--[a-z][a-z-]+)", PAGE)) - {"--reason", "--by"}:
        assert option in text
