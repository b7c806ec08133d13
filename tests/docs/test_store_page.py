"""The example of docs/store.md, written out and run as a reader would."""

import itertools
import json
import re
from pathlib import Path

import pytest
from benchmarks.fuzz.in_process import Direct
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from doc_examples import block, text_of, words_of, write_page
from lanes_here import LanesHere


def crumple(*words: str, code: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


def test_the_session_of_the_page_goes_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/store.md", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    interrupted, again, *looks, prune = words_of("docs/store.md", "$ crumple run")
    calls, reply = itertools.count(1), Direct.reply

    def until_ctrl_c(self: Direct, data: bytes) -> object:
        if next(calls) == 8:
            raise KeyboardInterrupt
        return reply(self, data)

    narrowed = ("--use", "encoding.bom,encoding.line_endings")
    monkeypatch.setattr(Direct, "reply", until_ctrl_c)
    crumple(*interrupted, *narrowed, code=130)
    report, said = crumple(*again, *narrowed)
    shown = next(line for line in block("docs/store.md", "$ crumple run").splitlines() if line.startswith("going on"))
    assert re.sub(r"run \S+|[\d,]+ calls", "", shown) in re.sub(r"run \S+|[\d,]+ calls", "", said)
    (run,) = json.loads(crumple("runs", "--json")[0])
    assert (run["state"], run["calls"] <= 30) == ("ended", True)
    listed, last = (crumple(*words)[0] for words in looks)
    assert run["id"] in listed
    assert report.strip() in last
    assert crumple(*prune)[0].startswith("removed 0 runs")
    assert crumple("prune")[0].startswith("removed 0 runs"), "keep_for"
    assert crumple("prune", "--keep", "0")[0].startswith("removed 1 run and")
    assert "There are no runs" in crumple("runs")[0]


def test_every_command_of_the_page_is_there() -> None:
    named = set(re.findall(r"crumple (run|runs|show|prune)\b", text_of("docs/store.md")))
    assert named == {"run", "runs", "show", "prune"} & set(command_line.list_commands(None))  # type: ignore[arg-type]
