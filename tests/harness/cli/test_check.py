"""`crumple check` as it is typed: what is printed and written, how it ends, and that nothing is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line

Outcome: TypeAlias = "tuple[int, str, str]"
Here: TypeAlias = "Callable[..., Outcome]"

TOML = """
[system]
call = "mine:read"
spare = 0
[corpus]
path = "corpus"
[mutate]
use = ["encoding.json_bom", "encoding.line_endings", "form.missing"]
[run]
workers = 1
calls = 200
"""
CAN = '[[contract.limit]]\nof = "encoding"\nfailures = "20%"\nabout = "these documents"\n'
CANNOT = '[[contract.limit]]\nof = "encoding"\nsilent = "5%"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A corpus of three files with a system that must not be called; then a command."""
    (tmp_path / "corpus").mkdir()
    for name in "abc":
        (tmp_path / "corpus" / f"{name}.json").write_text('{"total": 10.5, "customer": "Café"}')
        (tmp_path / "corpus" / f"{name}.json.truth.json").write_text('{"total": 10.5}')
    (tmp_path / "mine.py").write_text(
        "import json, pathlib\n"
        "def read(document: bytes) -> dict:\n"
        "    pathlib.Path('called').touch()\n"
        "    return json.loads(document)\n"
    )
    monkeypatch.chdir(tmp_path)

    def run(*words: str, contract: str = CAN) -> Outcome:
        (tmp_path / "crumple.toml").write_text(TOML + contract)
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout, done.stderr

    return run


def test_what_can_be_decided_is_said_and_nothing_is_called_or_kept(here: Here) -> None:
    code, out, err = here("check")
    assert (code, err) == (0, "")
    assert out.startswith("The one limit can be decided, by `crumple run` and by `crumple run --decide`.\n")
    assert "No limit is about form, which is run." in out
    assert "The contract is not pinned" in out
    assert sorted(each.name for each in Path().iterdir()) == ["corpus", "crumple.toml", "mine.py"]


def test_what_cannot_be_decided_is_said_with_what_can_and_strict_ends_with_three(here: Here) -> None:
    code, out, _ = here("check", contract=CAN + CANNOT)
    assert code == 0
    assert out.startswith("Of 2 limits, `crumple run` can decide 1, `crumple run --decide` 1.\n")
    words = " ".join(out.split())
    assert "it takes 59 documents like these, and there are 3; with --decide it takes 80" in words
    assert 'write about = "these documents" below line 16 of crumple.toml' in words
    assert here("check", "--strict", contract=CAN + CANNOT)[0] == 3
    assert here("check", "--strict")[0] == 0


def test_a_smaller_budget_shows_in_what_can_be_decided(here: Here) -> None:
    code, out, _ = here("check", "--calls", "16", "--strict")
    assert code == 3
    assert "of the budget" in out


def test_json_holds_the_figures_and_the_text_goes_elsewhere(here: Here) -> None:
    code, out, err = here("check", "--json", "-")
    assert code == 0
    document = json.loads(out)
    assert document["schema"] == 1
    assert document["limits"][0]["run"]["can"]
    assert "can be decided" in err
    assert here("check", "--json", "f.json")[0] == 0
    assert json.loads(Path("f.json").read_text()) == document
    assert "nowhere/f.json: it cannot be written" in here("check", "--json", "nowhere/f.json")[2]


def test_the_pin_is_written_and_held_against_what_is_run(here: Here) -> None:
    code, out, _ = here("check", "--pin")
    assert code == 0
    assert out.startswith("wrote crumple.lock: 3 mutators at levels 1, 3, 5\n")
    assert "not pinned" not in out
    lock = Path("crumple.lock")
    lock.write_text(lock.read_text().replace('"form.missing"', '"form.gone"'))
    words = " ".join(here("check")[1].split())
    assert "form.missing: newer than crumple.lock." in words
    assert "form.gone: in crumple.lock, and not run any more." in words
    every = CAN.replace('"encoding"', '"all"')
    words = " ".join(here("check", contract=every)[1].split())
    assert words.startswith("Of 1 limit, `crumple run` can decide none, `crumple run --decide` none.")
    assert "the contract was pinned with form.gone, which is not run any more." in words
    lock.write_text("levels = 3\n")
    code, _, err = here("check")
    assert code == 2
    assert err == "error: crumple.lock: crumple is missing. `crumple check --pin` writes it anew.\n"
    assert here("check", "--pin")[0] == 0, "a broken one is replaced"


def test_past_runs_say_what_a_call_takes(here: Here) -> None:
    assert "takes a time that is not known before a first run" in " ".join(here("check")[1].split())
    assert here("run", "--calls", "40")[0] in (0, 1)
    document = json.loads(here("check", "--json", "-")[1])
    assert document["price"]["seconds"] > 0
    assert document["price"]["known_from"].startswith("the last run (")


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("", "error: crumple.toml: there is no section [contract]. Write one: [[contract.limit]], with"),
        ('[[contract.limit]]\nof = "scna"\nfailures = 0.1\n', "'scna' is neither a category nor a mutator."),
        (CAN + CAN, "line 16, [contract]: limit 2: it is the same as limit 1 (line 12)"),
    ],
)
def test_a_contract_that_cannot_be_is_an_error(here: Here, contract: str, said: str) -> None:
    code, out, err = here("check", contract=contract)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
