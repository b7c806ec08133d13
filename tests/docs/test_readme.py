"""What the README shows works as it is shown."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.demo import example_folder
from crumple.cli.group import COMMANDS
from crumple.config.loading import load
from crumple.contract.limits import Metric
from crumple.reporting import rendering
from doc_examples import block, text_of, words_of, write_page
from documents_of_runs import figures, limit, run
from lanes_here import LanesHere

README = text_of("README.md")
_OTHER = {"about": "these documents", "calls": 0, "shown": ""}
_LIMIT = {"about": "these documents", "groups": 5, "design_effect": 1.0, "decided_after": None, "other": _OTHER}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the README shows, and four texts for its reader."""
    write_page("README.md", tmp_path)
    (tmp_path / "corpus").mkdir()
    for number in range(4):
        text = (
            f"Invoice {number}\nDear Zoë, thank you for your order.\nPaper: {number}.50\nTotal: {number + 7}.50 EUR\n"
        )
        (tmp_path / "corpus" / f"{number}.txt").write_text(text)
        (tmp_path / "corpus" / f"{number}.txt.truth.json").write_text(json.dumps({"total": number + 7.5}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    return tmp_path


def crumple(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    return done.exit_code, done.stdout + done.stderr


def test_five_lines_and_a_corpus_give_a_run_that_nights_are_compared_with(project: Path) -> None:
    code, printed = crumple("run", "--calls", "200", "--json", "result.json")
    assert code == 0, printed
    result = json.loads((project / "result.json").read_text())
    assert result["clean"]["right"] == 4
    assert result["categories"]["truncation"]["failures"]
    assert "encoding" in printed
    baseline, nightly = words_of("README.md", "crumple baseline RUN")
    assert crumple(*("latest" if word == "RUN" else word for word in baseline))[0] == 0
    code, printed = crumple(*nightly)
    assert (code, "Nothing got worse" in printed) == (0, True), printed


def test_the_line_that_replays_a_failure_is_one(project: Path) -> None:
    (project / "crumple.toml").write_text(
        '[system]\ncall = "reader:extract"\n[corpus]\ngenerate = "invoices"\ncount = 3'
    )
    (words,) = words_of("README.md", "crumple replay")
    code, printed = crumple(*words)
    assert (code, "degraded: invoice-0003.pdf > scan.skew(angle=5,seed=41)" in printed) == (1, True), printed


def test_the_test_that_is_shown_is_called_for_degraded_documents_and_fails_by_its_limit(project: Path) -> None:
    (project / "crumple.toml").unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "the limit is 5 %" in done.stdout
    assert re.search(r"1 failed, \d+ degraded \(\d+ failed\)", done.stdout)


@pytest.mark.usefixtures("project")
def test_the_mutator_that_is_shown_keeps_the_rules() -> None:
    assert crumple("test-mutators", "my_mutators") == (0, "text.shouting: keeps the rules\n")


def test_a_mutator_that_breaks_the_rules_is_told_which(project: Path) -> None:
    sound = "return text.with_value(shouted)"
    impure = "import os\n    return text.with_value(shouted + str(os.getpid()))"
    shown = (project / "my_mutators.py").read_text().replace(sound, impure).replace("share of words", "")
    (project / "their_mutators.py").write_text(shown)
    code, printed = crumple("test-mutators", "their_mutators")
    assert code == 1
    assert "its ladder has no unit" in printed
    assert "another process made other bytes of it" in printed


def test_what_the_demo_prints_is_about_its_contract_and_in_the_form_of_a_report() -> None:
    """The figures are those of `make demo`, which takes minutes."""
    printed = block("README.md", "The contract is broken")
    contract = load(example_folder() / "crumple.toml").settings.contract
    assert contract is not None
    tables = [part.strip() for part in re.split(r"\n\n|\n\.\.\.\n", printed)]
    heads, *limits = next(each for each in tables if each.startswith("Contract")).splitlines()[1:]
    assert len(limits) == len(contract.limit)
    for row, said in zip(limits, contract.limit, strict=True):
        assert row.startswith(str(said.of)), row
        assert (said.metric == Metric.FAILURES) == (" failures" in row.replace("silent failures", "")), row
    states = [cells(row)[1] for row in limits]
    count = {state: states.count(state) for state in ("broken", "met", "undecided")}
    assert (
        f"{count['broken']} of {len(states)} limits are broken, {count['met']} met, {count['undecided']} und" in printed
    )
    title, above, names, *rows = next(each for each in tables if each.startswith("Failures by category")).splitlines()
    calls, failed, silent = (sum(int(row.split()[at]) for row in rows) for at in (2, 3, 4))
    assert f"{failed} of {calls} degraded calls failed, {silent} of them silently" in printed
    like_these = {"low": 0.1, "high": 0.9, "groups": 5, "design_effect": 1.4}
    document = run(
        categories={row.split()[0]: figures(12, 4, 1, levels={}, like_these=like_these) for row in rows},
        contract=[limit(name=name, state=state) | _LIMIT for name, state, *_ in map(cells, limits)],
    )
    document["run"]["wall_seconds"] = 1.0
    same = {" ".join(line.split()) for line in rendering("terminal")(document, width=100, color=False).splitlines()}
    assert {" ".join(line.split()) for line in (title, heads)} <= same
    assert {*above.split(), *names.split()} <= set(" ".join(same).split())


def cells(row: str) -> list[str]:
    return re.split(r" {2,}", row)


def test_every_command_is_in_the_table() -> None:
    shown = set(re.findall(r"`crumple ([a-z-]+)", README.partition("## Commands")[2]))
    assert set(COMMANDS) <= shown
