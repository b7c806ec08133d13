"""`crumple ci`: what it finds in a project, what it writes, and that it overwrites nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import nights
from crumple import __version__
from crumple.ci.dashboard import dashboard
from crumple.ci.looking import look
from crumple.ci.project import Project
from crumple.ci.writing import SERVICES, workflow
from crumple.cli import crumple as command_line
from crumple.errors import CrumpleError
from crumple_reports.metrics import render as metrics
from documents_of_runs import limit

CONFIG = '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n'
CONTRACT = '[[contract.limit]]\nof = "encoding"\nfailures = "5%"\n'
SERVICE = '[system]\nurl = "https://x"\nheaders = { Authorization = "Bearer ${KEY}" }\n[corpus]\npath = "corpus"\n'


def ci(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line, ["ci", *words], prog_name="crumple")
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "crumple.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(folder: Path, config: str = CONFIG) -> Project:
    (folder / "crumple.toml").write_text(config)
    return look(folder / "crumple.toml")


@pytest.mark.parametrize("service", SERVICES)
def test_it_writes_once_and_then_only_if_told_to(folder: Path, service: str) -> None:
    file = folder / SERVICES[service][1].format(name="crumple")
    code, output = ci(service)
    assert code == 0, output
    assert f"wrote {SERVICES[service][1].format(name='crumple')}" in output
    assert "crumple.baseline.json" in output, "without one nights are compared with nothing"
    written = file.read_text()
    assert ci(service, "--stdout") == (0, written)
    assert "is as it would be written" in ci(service)[1]
    file.write_text("mine")
    code, output = ci(service)
    assert code == 2
    assert "there is one already" in output
    assert "--force" in output
    assert file.read_text() == "mine"
    assert ci(service, "--force")[0] == 0
    assert file.read_text() == written


def test_printing_writes_nothing(folder: Path) -> None:
    for service in (*SERVICES, "grafana"):
        assert ci(service, "--stdout")[0] == 0
    assert {each.name for each in folder.iterdir()} == {".git", "crumple.toml"}


def test_gitlabs_own_file_is_written_only_where_there_is_none(folder: Path) -> None:
    assert "wrote .gitlab-ci.yml" in ci("gitlab")[1]
    assert yaml.safe_load((folder / ".gitlab-ci.yml").read_text()) == {"include": [{"local": ".gitlab/crumple.yml"}]}
    (folder / ".gitlab-ci.yml").write_text("stages: [test]\n")
    assert ".gitlab-ci.yml is left as it is; add to it" in ci("gitlab")[1]
    assert (folder / ".gitlab-ci.yml").read_text() == "stages: [test]\n"


def test_without_a_configuration_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = ci("github")
    assert code == 2
    assert "crumple init" in output


def test_a_batch_is_rejected_with_its_place(folder: Path) -> None:
    (folder / "crumple.toml").write_text(CONFIG.replace('call = "reader:read"', 'batch = "x {input} {output}"'))
    code, output = ci("github")
    assert code == 2
    assert "crumple.toml, line 2, [system]" in output


def test_a_folder_that_a_shell_would_read_is_rejected(folder: Path) -> None:
    strange = folder / "a$(reboot)"
    strange.mkdir()
    (strange / "crumple.toml").write_text(CONFIG)
    with pytest.raises(CrumpleError, match="a workflow cannot name this place"):
        workflow("github", look(strange / "crumple.toml"))


def test_variables_become_secrets_and_need_not_be_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEY", raising=False)
    nightly = '[run]\nstore = "${DATABASE}"\n[nightly]\nwebhook = "${HOOK}"\n'
    project = found(folder, SERVICE + nightly)
    assert (project.secrets, project.at_night) == (("KEY",), ("HOOK", "DATABASE"))
    assert project.crumple == f"crumple[http,postgres]=={__version__}"
    jobs = yaml.safe_load(workflow("github", project))["jobs"]
    tests, night = step(jobs["pull-request"], "Test"), step(jobs["nightly"], "Night")
    unused = "not-used-by-this-job"
    assert tests["env"] == {"KEY": "${{ secrets.KEY }}", "HOOK": unused, "DATABASE": unused}
    assert night["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in ("KEY", "HOOK", "DATABASE")}
    assert "head.repo.full_name == github.repository" in jobs["pull-request"]["if"], "forks are given no secrets"
    assert not any("cache" in each.get("uses", "") for each in jobs["nightly"]["steps"]), "results are in the database"


def test_an_escaped_dollar_is_no_secret(folder: Path) -> None:
    assert found(folder, CONFIG + '[nightly]\nwebhook = "https://x/$${NAME}"\n').at_night == ()


def test_tests_from_forks_run_where_no_secret_is_needed(folder: Path) -> None:
    jobs = yaml.safe_load(workflow("github", found(folder)))["jobs"]
    assert "head.repo" not in jobs["pull-request"]["if"]
    assert "head.repo.full_name == github.repository" in step(jobs["pull-request"], "Comment")["if"]


def step(job: Any, name: str) -> Any:
    return next(each for each in job["steps"] if each.get("name") == name)


def test_marked_tests_are_run_where_there_are_any(folder: Path) -> None:
    assert "--crumple crumple.toml" in workflow("github", found(folder))
    (folder / "tests").mkdir()
    (folder / "tests" / "test_a.py").write_text("@pytest.mark.crumple(corpus='c')\ndef test(degraded): ...\n")
    assert "--crumple -m crumple" in workflow("github", found(folder))


def test_environments_are_not_searched_for_marked_tests(folder: Path) -> None:
    for name in ("venv", ".hidden", "node_modules"):
        (folder / name).mkdir()
        (folder / name / "test_a.py").write_text("@pytest.mark.crumple()")
    (folder / "venv" / "pyvenv.cfg").touch()
    assert not found(folder).marked


@pytest.mark.parametrize(
    ("text", "spread"),
    [
        ('[tool.pytest.ini_options]\naddopts = "-ra -n auto"\n', True),
        ('[tool.pytest.ini_options]\naddopts = [\n  "-n=4",\n  "-q",\n]\n', True),
        ('[tool.pytest.ini_options]\naddopts = "--dist loadfile"\n', True),
        ('[tool.pytest.ini_options]\naddopts = "--no-header -ra"\n[tool.x]\ny = "-n auto"\n', False),
    ],
)
def test_calls_are_spread_by_crumple_alone(folder: Path, text: str, spread: bool) -> None:
    (folder / "pyproject.toml").write_text(text)
    assert ("pytest -n 0 " in workflow("github", found(folder))) is spread


def test_what_the_project_installs_is_installed(folder: Path) -> None:
    assert found(folder).own == ()
    (folder / "requirements.txt").touch()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\nrequires-python = ">=3.12"\n[project.optional-dependencies]\ntest = ["y"]\n'
    )
    project = found(folder)
    assert project.own == ("-r requirements.txt", '-e ".[test]"')
    assert project.python == "3.12"
    (folder / ".python-version").write_text("3.13.1\n")
    assert found(folder).python == "3.13"
    (folder / ".python-version").write_text("3.8\n")
    assert found(folder).python == "3.12", "crumple does not run on 3.8"


def test_the_default_branch_is_the_remotes(folder: Path) -> None:
    assert found(folder).branch == "main"
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/feature\n")
    assert found(folder).branch == "main", "what is checked out may be anything"
    (folder / ".git" / "refs" / "remotes" / "origin").mkdir(parents=True)
    (folder / ".git" / "refs" / "remotes" / "origin" / "HEAD").write_text("ref: refs/remotes/origin/release/2\n")
    assert found(folder).branch == "release/2"


def test_a_project_within_a_repository_is_called_in_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = folder / "services" / "reader"
    inner.mkdir(parents=True)
    (inner / "crumple.toml").write_text(CONFIG)
    monkeypatch.chdir(inner)
    assert ci("github")[0] == 0
    made = yaml.safe_load((folder / ".github" / "workflows" / "crumple-services-reader.yml").read_text())
    assert made["jobs"]["nightly"]["concurrency"]["group"] == "crumple-services-reader-nightly", "others have their own"
    assert step(made["jobs"]["nightly"], "Keep the store")["with"]["key"].startswith("crumple-services-reader-store-")
    jobs = yaml.safe_load(workflow("gitlab", look(inner / "crumple.toml")))
    assert {".crumple-services-reader", "crumple-services-reader-nightly"} <= jobs.keys()
    assert made["defaults"]["run"]["working-directory"] == "services/reader"
    assert step(made["jobs"]["nightly"], "Keep the store")["with"]["path"] == "services/reader/.crumple/store.db"
    artifact = made["jobs"]["nightly"]["steps"][-1]["with"]["path"].split()
    assert "services/reader/crumple-night.md" in artifact
    assert "<!-- crumple (services/reader) -->" in step(made["jobs"]["pull-request"], "Comment")["run"]


def test_a_contract_is_decided_where_there_is_one(folder: Path) -> None:
    for service in SERVICES:
        assert "crumple run --time" in workflow(service, found(folder))
        assert "crumple run --decide --strict --time" in workflow(service, found(folder, CONFIG + CONTRACT))


def test_the_dashboard_is_one_that_grafana_imports() -> None:
    made = json.loads(dashboard())
    assert {"title", "uid", "schemaVersion", "panels", "templating", "time"} <= made.keys()
    assert len({each["id"] for each in made["panels"]}) == len(made["panels"])
    variables = {each["name"]: each for each in made["templating"]["list"]}
    assert variables["project"]["query"]["query"] == "label_values(crumple_run_info, project)"
    for panel in made["panels"]:
        assert {"id", "type", "title", "gridPos", "targets", "fieldConfig", "options", "datasource"} <= panel.keys()
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all('project=~"$project"' in each["expr"] for each in panel["targets"])
    cells = [
        (x, y)
        for place in (each["gridPos"] for each in made["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells)), "no panel lies on another"


def test_the_dashboard_draws_metrics_that_there_are() -> None:
    part = nights.night(
        nights.row("encoding", 12), findings=[nights.finding("encoding-1")], latency=nights.amount("slower", 2.0)
    )
    known = metrics(nights.document(part, contract=[limit()]))
    names = set(re.findall(r"^# TYPE (\w+) ", known, re.MULTILINE))
    drawn = dict(re.findall(r"\b(crumple_\w+)\{(.*?)\}", dashboard().replace("\\", "")))
    assert len(drawn) > 12
    assert drawn.keys() <= names
    for name, asked in drawn.items():
        for label in re.findall(r"(\w+)[!=]", asked):
            assert label == "project" or f"{label}=" in known.partition(f"\n{name}{{")[2].partition("}")[0], name
    for panel in json.loads(dashboard())["panels"]:
        for label in re.findall(r"\{\{(\w+)\}\}", panel["targets"][0]["legendFormat"]):
            assert label == "project" or f'{label}="' in known
