"""The workflows that `crumple ci` writes: what they may do, and that every shell step of them does it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from crumple.ci.project import Project
from crumple.ci.writing import workflow
from crumple.cli import crumple as command_line
from lanes_here import LanesHere
from shell_steps import Runner

PLAIN = Project(own=("-r requirements.txt", "-e ."), crumple="crumple[http]==1.2.3", contract=True, marked=True)
SECRETS = Project(secrets=("KEY",), at_night=("HOOK", "DATABASE"), store="")
READER = """
def read(document: bytes) -> dict:
    import csv
    return {"total": sum(float(row["amount"]) for row in csv.DictReader(document.decode("utf-8-sig").splitlines()))}
"""
CONFIG = """
[system]
call = "reader:read"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.bom", "table.blank_end"]
[run]
calls = 12
"""
TESTS = """
import pytest

from reader import read


@pytest.mark.crumple(corpus="corpus", use=["encoding.bom"], limit="5%")
def test_reads(degraded):
    assert degraded.accepts(read(degraded.data))
"""


@pytest.fixture
def github() -> Any:
    return yaml.safe_load(workflow("github", PLAIN))


@pytest.fixture
def gitlab() -> Any:
    return yaml.safe_load(workflow("gitlab", PLAIN))


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def steps(job: Any) -> dict[str, Any]:
    return {each["name"]: each for each in job["steps"] if "run" in each}


def jenkins_steps(text: str) -> Iterator[str]:
    """The shell steps as Groovy reads them."""
    for found in re.findall(r"'''(.*?)'''", text, re.DOTALL):
        yield found.replace("\\\\", "\\")


@pytest.mark.parametrize("project", [PLAIN, SECRETS])
def test_githubs_jobs_may_do_little_and_end(project: Project) -> None:
    made = yaml.safe_load(workflow("github", project))
    triggers = made[True]  # "on", as YAML 1.1 reads it
    assert triggers.keys() == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert made["permissions"] == {"contents": "read"}
    written = {
        name: {right for right, how in job.get("permissions", {}).items() if how == "write"}
        for name, job in made["jobs"].items()
    }
    assert written == {"pull-request": {"pull-requests"}, "nightly": {"issues"}, "sign-off": set()}
    assert made["jobs"]["nightly"]["concurrency"] == {"group": "crumple-nightly", "cancel-in-progress": False}
    for job in made["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 360
        for each in job["steps"]:
            assert re.fullmatch(r"actions/[\w-]+(/\w+)?@v\d+", each.get("uses", "actions/x@v1"))
            if "checkout" in each.get("uses", ""):
                assert each["with"]["persist-credentials"] is False
            if "run" in each:
                assert each["run"].startswith("set -euo pipefail\n")
                assert "${{" not in each["run"], "what others have written would be carried out as shell"


@pytest.mark.parametrize("project", [PLAIN, SECRETS])
def test_gitlabs_jobs_are_sound(project: Project) -> None:
    made = yaml.safe_load(workflow("gitlab", project))
    assert made["crumple-nightly"]["resource_group"] == "crumple-nightly"
    assert made["crumple-nightly"]["allow_failure"] == {"exit_codes": [5]}
    assert ("cache" in made["crumple-nightly"]) is bool(project.store)
    assert made[".crumple"]["before_script"][0] == "set -euo pipefail"
    for name in ("crumple", "crumple-nightly", "crumple-sign-off"):
        assert made[name]["extends"] == ".crumple"
        assert made[name]["timeout"]
        assert made[name]["rules"]
        assert made[name]["artifacts"]["when"] == "always"
    assert made["crumple"].get("variables", {}) == dict.fromkeys(project.at_night, "not-used-by-this-job")


@pytest.mark.parametrize("project", [PLAIN, SECRETS])
def test_the_jenkinsfile_is_whole(project: Project) -> None:
    text = workflow("jenkins", project)
    outside = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", text, flags=re.DOTALL)
    depth = 0
    for each in outside:
        depth += {"{": 1, "}": -1}.get(each, 0)
        assert depth >= 0
    assert depth == 0
    assert outside.count("(") == outside.count(")")
    assert "disableConcurrentBuilds()" in text
    assert re.findall(r"stage\('(.+?)'\)", text) == ["Install", "Tests", "Night", "Sign-off"]
    assert re.findall(r"(\w+) = credentials\('\1'\)", text) == [*project.secrets, *project.at_night]
    for script in jenkins_steps(text):
        assert re.match(r"#!/usr/bin/env bash\n\s+set -euo pipefail\n", script)


def test_no_placeholder_is_left() -> None:
    for service in ("github", "gitlab", "jenkins"):
        assert "@@" not in workflow(service, PLAIN) + workflow(service, SECRETS)


def test_installing_is_one_line_each(runner: Runner, github: Any, gitlab: Any) -> None:
    """A file of requirements with hashes bears no other requirement beside it."""
    for script in (steps(github["jobs"]["nightly"])["Install"]["run"], gitlab[".crumple"]["before_script"][-1]):
        assert runner.sh(script)[0] == 0
        assert runner.told() == [
            "python -m pip install -r requirements.txt",
            "python -m pip install -e .",
            "python -m pip install crumple[http]==1.2.3 pytest",
        ]


def test_githubs_tests_with_crumple_itself(runner: Runner, github: Any, tmp_path: Path) -> None:
    """A pull request that breaks a test's limit is red and says so in a comment."""
    _write_project(runner.work)
    (runner.work / "test_orders.py").write_text(TESTS)
    (runner.work / "crumple.toml").unlink()  # its categories would be measured beside the tests
    reader = runner.work / "reader.py"
    reader.write_text(READER.replace("utf-8-sig", "utf-8"))
    own = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_REPOSITORY": "a/b", "PULL_REQUEST": "7"}
    tests = steps(github["jobs"]["pull-request"])
    code, printed = runner.sh(tests["Test"]["run"], **own)
    assert code == 1, printed
    assert "test_orders.py::test_reads" in printed
    assert (runner.work / "crumple.xml").read_text().startswith("<?xml")
    assert runner.sh(tests["Summary"]["run"], **own)[0] == 0
    assert "❌ broken" in (tmp_path / "summary").read_text()
    assert runner.sh(tests["Comment"]["run"], **own)[0] == 0
    comment = (runner.work / "crumple-comment.md").read_text()
    assert comment.startswith("<!-- crumple -->\n### ❌ crumple")


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_the_night_is_one_that_crumple_takes(
    runner: Runner, github: Any, gitlab: Any, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """What the step calls, called in this process; the first night has no baseline."""
    script = (
        steps(github["jobs"]["nightly"])["Night"]["run"]
        if service == "github"
        else gitlab["crumple-nightly"]["script"][0]
    )
    runner.sh(script, GITHUB_OUTPUT="output", GITHUB_STEP_SUMMARY="summary")
    (line,) = runner.told()
    for each in runner.work.glob("crumple-night.*"):
        each.unlink()
    _write_project(runner.work)
    monkeypatch.chdir(runner.work)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    done = CliRunner().invoke(command_line, line.split()[1:], prog_name="crumple")
    assert done.exit_code == 0, done.output
    assert "There is no baseline yet" in Path("crumple-night.md").read_text("utf-8")
    assert json.loads(Path("crumple-night.json").read_text("utf-8"))["night"]["state"] == "no baseline"
    assert "crumple_night_state" in Path("crumple.prom").read_text("utf-8")


def _write_project(folder: Path) -> None:
    (folder / "corpus").mkdir()
    for number in range(3):
        (folder / "corpus" / f"{number}.csv").write_text(f"amount,article\n{number}2.50,nails\n1.00,tape\n")
        (folder / "corpus" / f"{number}.csv.truth.json").write_text(json.dumps({"total": 10 * number + 3.5}))
    (folder / "reader.py").write_text(READER)
    (folder / "crumple.toml").write_text(CONFIG)


def test_the_comment_is_kept_up_to_date(runner: Runner, github: Any) -> None:
    script = steps(github["jobs"]["pull-request"])["Comment"]["run"]
    own = {"GITHUB_REPOSITORY": "a/b", "PULL_REQUEST": "7"}
    assert runner.sh(script, **own) == (0, ""), "no report: nothing was measured"
    assert runner.told() == []
    (runner.work / "crumple.md").write_text("### crumple\n")
    assert runner.sh(script, **own)[0] == 0
    end = "-F body=@crumple-comment.md"
    assert runner.told()[-1] == f"gh api --silent --method POST repos/a/b/issues/7/comments {end}"
    runner.answer.write_text("41\n42\n")
    assert runner.sh(script, **own)[0] == 0
    assert runner.told()[-1] == f"gh api --silent --method PATCH repos/a/b/issues/comments/41 {end}"


@pytest.mark.parametrize(
    ("code", "ends", "said"),
    [
        (0, 0, ""),
        (1, 1, "::error title=crumple nightly::"),
        (4, 4, "::error title=crumple nightly is void::"),
        (5, 0, "::warning title=crumple nightly::"),
        (2, 2, ""),
    ],
)
def test_githubs_night_ends_as_it_should(runner: Runner, github: Any, code: int, ends: int, said: str) -> None:
    """A contract that is broken as it was is a warning: a job that is red every night hides the one that matters."""
    output, summary = runner.work / "output", runner.work / "summary"
    own = {"NIGHT": str(code), "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    made, printed = runner.sh(steps(github["jobs"]["nightly"])["Night"]["run"], **own)
    assert (made, printed.startswith(said), bool(printed)) == (ends, True, bool(said))
    assert output.read_text() == f"code={code}\n"
    assert summary.read_text() == "the report\n"


def test_githubs_night_says_nothing_of_a_report_that_is_not_there(runner: Runner, github: Any) -> None:
    own = {"NIGHT": "2", "SILENT": "1", "GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
    assert runner.sh(steps(github["jobs"]["nightly"])["Night"]["run"], **own)[0] == 2
    assert not (runner.work / "summary").exists()
    assert runner.sh(steps(github["jobs"]["nightly"])["Issue"]["run"], JOB="x", **own)[0] == 0


def test_one_issue_is_open_at_a_time(runner: Runner, github: Any) -> None:
    script = steps(github["jobs"]["nightly"])["Issue"]["run"]
    (runner.work / "crumple-night.md").write_text("the report\n")
    title = "crumple nightly: something got worse"
    assert runner.sh(script, JOB="https://job")[0] == 0
    assert runner.told()[-1] == f"gh issue create --title {title} --body-file crumple-issue.md"
    assert (runner.work / "crumple-issue.md").read_text() == "the report\n\nhttps://job\n"
    runner.answer.write_text("12\n")
    assert runner.sh(script, JOB="https://job")[0] == 0
    assert runner.told()[-1] == "gh issue comment 12 --body-file crumple-issue.md"


@pytest.mark.parametrize(("run", "fuzz", "codes"), [(0, 1, (0, 0)), (1, 0, (1, 0)), (3, 4, (3, 4))])
def test_githubs_sign_off(runner: Runner, github: Any, run: int, fuzz: int, codes: tuple[int, int]) -> None:
    """It fails by the contract, and where nothing could be looked for; findings alone are a warning."""
    own = {"RUN": str(run), "FUZZ": str(fuzz), "TIME": "1m", "GITHUB_STEP_SUMMARY": "summary"}
    own |= {"REASON": "it's $(reboot) `x`", "BY": "m-osei"}
    made = steps(github["jobs"]["sign-off"])
    decided = runner.sh(made["Decide the contract"]["run"], **own)[0]
    assert runner.sh(made["Make it the baseline"]["run"], **own)[0] == 0
    assert runner.told()[-1] == "crumple baseline 20260101-000000-abcd --reason it's $(reboot) `x` --by m-osei"
    assert (decided, runner.sh(made["Look for what else breaks"]["run"], **own)[0]) == codes


def test_gitlabs_tests_comment_once(runner: Runner, gitlab: Any) -> None:
    (script,) = gitlab["crumple"]["after_script"]
    own = {"CI_PROJECT_DIR": str(runner.work), "CI_API_V4_URL": "https://x/api/v4", "CI_PROJECT_ID": "3"}
    (runner.work / "crumple.md").write_text("### crumple\n")
    assert runner.sh(script, CI_MERGE_REQUEST_IID="7", **own) == (0, ""), "from a fork there is no token"
    assert runner.told() == []
    own |= {"CI_MERGE_REQUEST_IID": "7", "CRUMPLE_TOKEN": "t"}
    notes = "https://x/api/v4/projects/3/merge_requests/7/notes"
    runner.answer.write_text('[{"id": 40, "body": "hello"}]')
    assert runner.sh(script, **own)[0] == 0
    assert runner.told()[-1].endswith(f"--request POST --data-urlencode body@crumple-comment.md {notes}")
    runner.answer.write_text('[{"id": 40, "body": "hello"}, {"id": 41, "body": "<!-- crumple -->\\n### crumple"}]')
    assert runner.sh(script, **own)[0] == 0
    assert runner.told()[-1].endswith(f"--request PUT --data-urlencode body@crumple-comment.md {notes}/41")


@pytest.mark.parametrize("code", [0, 1, 4, 5])
def test_gitlabs_night_ends_as_it_should(runner: Runner, gitlab: Any, code: int) -> None:
    own = {"CI_PROJECT_DIR": str(runner.work), "CI_API_V4_URL": "https://x", "CI_PROJECT_ID": "3", "CI_JOB_URL": "job"}
    own |= {"NIGHT": str(code), "CRUMPLE_TOKEN": "t"}
    night = gitlab["crumple-nightly"]
    before = "\n".join(night["before_script"] if "before_script" in night else gitlab[".crumple"]["before_script"])
    assert runner.sh(before + "\n" + "\n".join(night["script"]), **own)[0] == code
    runner.told()
    runner.answer.write_text('[{"iid": 9, "title": "crumple nightly: something got worse, says Bob"}]')
    assert runner.sh(night["after_script"][0], **own)[0] == 0
    told = runner.told()
    assert bool(told) is (code == 1), "an issue is for what got worse"
    if told:
        assert "--data-urlencode title=crumple nightly: something got worse" in told[-1], "that of Bob is another"


@pytest.mark.parametrize(("run", "fuzz", "ends"), [(0, 1, 0), (1, 1, 1), (0, 4, 4), (3, 0, 3)])
def test_the_sign_off_of_gitlab_and_jenkins(runner: Runner, gitlab: Any, run: int, fuzz: int, ends: int) -> None:
    own = {"RUN": str(run), "FUZZ": str(fuzz), "TIME": "1m", "REASON": "release 2", "GITLAB_USER_NAME": "me"}
    (runner.work / ".crumple-venv" / "bin").mkdir(parents=True)
    (runner.work / ".crumple-venv" / "bin" / "activate").touch()
    scripts = ["\n".join(gitlab["crumple-sign-off"]["script"]), [*jenkins_steps(workflow("jenkins", PLAIN))][-1]]
    for script in scripts:
        assert runner.sh("set -euo pipefail\n" + script, **own)[0] == ends
        made = any(each.startswith("crumple baseline 20260101-000000-abcd") for each in runner.told())
        assert made is (run == 0), "what does not keep the contract is no baseline"


def test_jenkins_calls_what_there_is(runner: Runner) -> None:
    text = workflow("jenkins", PLAIN)
    install, tests, night, _ = jenkins_steps(text)
    (runner.work / ".crumple-venv" / "bin").mkdir(parents=True)
    (runner.work / ".crumple-venv" / "bin" / "activate").touch()
    assert runner.sh(install)[0] == 0
    assert runner.told()[0] == "python3.12 -m venv .crumple-venv"
    for code in (0, 5):
        assert runner.sh(night, NIGHT=str(code))[0] == code
    assert "--report crumple-night.md --report crumple-night.json --metrics crumple.prom" in runner.told()[-1]
    assert "python -m pytest --crumple -m crumple" in tests
    told = dict(re.findall(r"if \(code == (\d)\) \{\s+(\w+) ", text))
    assert told == {"5": "unstable", "1": "error", "4": "error"}
