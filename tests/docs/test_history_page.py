"""The commands of docs/history.md, run over nights as `crumple nightly` stores them, and what the page says of them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import nights
from crumple.cli import crumple as command_line
from crumple.store import open_store
from doc_examples import block, text_of, words_of

PAGE = text_of("docs/history.md")


def crumple(*words: str) -> str:
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crumple.toml").write_text('[system]\ncall = "a:b"\n[corpus]\npath = "corpus"\n')
    monkeypatch.chdir(tmp_path)
    made = [nights.first_night(), nights.document(), nights.bad_night(), nights.void_night(), nights.better_night()]
    store = open_store(None, tmp_path)
    for at, document in enumerate(made):
        known = {"baseline": (document["night"]["baseline"] or {}).get("id", "")}
        info = {"id": f"n{at}", "kind": "night", "started": f"2026-11-{12 + at}T02:00:00Z", "known": known}
        info["system"] = "2.4" if at > 2 else "2.3"
        with store.resume_or_begin({"the system's version": str(info["system"])}, info) as record:
            record.end(document)
    store.close()


def test_the_commands_of_the_page_show_what_it_says() -> None:
    shown, one = (crumple(*words) for words in words_of("docs/history.md", "$ crumple history"))
    printed = block("docs/history.md", "began ").splitlines()
    heads = printed[0].split()
    assert set(heads) <= set(shown.split())
    rows = [line.split() for line in shown.splitlines() if line.startswith("2026-")]
    assert [row[4] for row in rows] == ["no", "same", "worse", "void", "better"]
    assert "4 nights beside the baseline, run 20261101-091502-11aa: failures by category" in shown
    heads = next(line for line in printed if line.startswith("category ")).split()
    assert heads == next(line for line in shown.splitlines() if line.startswith("category ")).split()
    assert "same documents" in one


def test_the_figures_are_named_as_the_page_names_them() -> None:
    data = json.loads(crumple("history", "--json", "-"))
    paragraph = " ".join(PAGE.split("## As data")[1].split("## ")[0].split())
    named = set(re.findall(r"`(\w+)`", paragraph))
    category = data["runs"][-1]["categories"]["encoding"]
    assert named <= {*data, *data["runs"][-1], *category, *category["paired"]}
    assert data["schema"] == 1


def test_every_option_that_the_page_names_is_there() -> None:
    text = crumple("history", "--help") + crumple("prune", "--help")
    for option in re.findall(r"--[a-z][a-z-]+", PAGE):
        assert option in text
