"""What must agree for an unfinished run to be gone on with, and what need not."""

import json
from pathlib import Path

import pytest

from crumple.assembly import Wishes, assemble
from crumple.config.loading import load
from crumple.identity import _digest, _digest_of, identity_of

TOML = """
[system]
call = "reader:read"
cost = "rules:cost"
{system}
[corpus]
path = "corpus"
[judge]
kind = "rules:judge"
[mutate]
use = ["truncation"]
[run]
{run}
[privacy]
store = "{store}"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.json").write_text('{"total": 1}')
    (tmp_path / "corpus" / "a.json.truth.json").write_text('{"total": 1}')
    (tmp_path / "reader.py").write_text("def read(document):\n    return 1\n")
    (tmp_path / "rules.py").write_text("def judge(answer, truth):\n    return 1\ndef cost(answer):\n    return 1\n")
    return tmp_path


def identity(project: Path, system: str = "", run: str = "calls = 50", store: str = "failing", seed: int = 0) -> str:
    (project / "crumple.toml").write_text(TOML.format(system=system, run=run, store=store))
    config = load(project / "crumple.toml")
    assembly = assemble(config, Wishes(seed=seed))
    return json.dumps(dict(identity_of(config, assembly.plan, "1")))


@pytest.mark.parametrize(
    "run", ["calls = 50\nworkers = 7", 'calls = 50\ntime = "9m"', "calls = 50\nvoid = 0.5", "calls = 50\ncost = 3.0"]
)
def test_where_and_how_long_a_run_is_at_work_changes_no_call(project: Path, run: str) -> None:
    assert identity(project, run=run) == identity(project)


def test_what_is_kept_of_it_changes_no_call(project: Path) -> None:
    assert identity(project, store="all") == identity(project)


@pytest.mark.parametrize("name", ["rules.py", "corpus/a.json", "corpus/a.json.truth.json"])
def test_a_file_that_answers_are_judged_by_makes_another_run_when_it_changes(project: Path, name: str) -> None:
    before = identity(project)
    (project / name).write_text((project / name).read_text() + "\n\n")
    assert identity(project) != before


def test_the_seed_the_budget_in_calls_and_the_system_make_another_run(project: Path) -> None:
    found = {identity(project), identity(project, seed=1), identity(project, run="calls = 60")}
    assert len(found | {identity(project, system='timeout = "3s"')}) == 4


@pytest.mark.parametrize(("seed", "run"), [(1, "calls = 50"), (0, "calls = 60")])
def test_another_seed_or_budget_is_no_other_corpus(project: Path, seed: int, run: str) -> None:
    for number in range(8):
        (project / "corpus" / f"{number}.json").write_text(f'{{"total": {number}}}')
    before, now = json.loads(identity(project)), json.loads(identity(project, run=run, seed=seed))
    assert {name for name in now if now[name] != before[name]} == {"configuration", "the cases drawn"}


def test_another_document_is_another_corpus_and_no_other_configuration(project: Path) -> None:
    before = json.loads(identity(project))
    (project / "corpus" / "b.json").write_text('{"total": 2}')
    now = json.loads(identity(project))
    assert {name for name in now if now[name] != before[name]} == {"corpus", "the cases drawn"}


def test_a_value_from_the_environment_is_in_no_digest(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = 'env = { KEY = "${THE_KEY}" }'
    found = set()
    for value in ("one-secret", "another-secret"):
        monkeypatch.setenv("THE_KEY", value)
        found.add(identity(project, system=system))
    assert len(found) == 1


def test_a_list_that_is_never_held_has_the_digest_of_the_list() -> None:
    for others in ([], ["a"], ["Entry(id=\"ä\", group='b')", "c", "\ud800"]):
        assert _digest_of("files 1", iter(others)) == _digest("files 1", others)
