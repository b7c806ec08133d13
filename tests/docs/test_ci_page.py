"""docs/ci.md: its commands are carried out, its configuration read, its rules and messages held against the code."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import nights
from crumple.ci.project import Project
from crumple.ci.writing import CALLS, SERVICES, workflow
from crumple.cli import crumple as command_line
from crumple.config.loading import load
from crumple.notifying import TIMEOUT, WAITS
from crumple_reports.metrics import render as metrics
from crumple_reports.webhook import render as webhook
from doc_examples import block, text_of
from documents_of_runs import limit
from lanes_here import LanesHere

PAGE = text_of("docs/ci.md")
PROJECT = """[system]
call = "reader:read"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.bom"]
[run]
calls = 12
"""


def rules() -> list[dict[str, dict[str, str]]]:
    (group,) = yaml.safe_load(block("docs/ci.md", "groups:"))["groups"]
    found: list[dict[str, dict[str, str]]] = group["rules"]
    return found


def every_metric() -> set[str]:
    """The names of all metrics that there are."""
    part = nights.night(
        nights.row("encoding", 12),
        findings=[nights.finding("encoding-1")],
        drift=[nights.drift("scan")],
        latency=nights.amount(),
        money=nights.amount(),
    )
    search = {"outcomes": {"right": 1}, "discoveries": [{"state": "kept"}], "replayed": []}
    made = nights.document(part, contract=[limit()], search=search)
    made["run"]["cost"] = 1.0
    return set(re.findall(r"^# TYPE (\w+) ", metrics(made), re.MULTILINE))


def test_every_command_does_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    for number in range(3):
        (tmp_path / "corpus" / f"{number}.txt").write_text(f"order {number}\nof nails\n", "utf-8")
    (tmp_path / "reader.py").write_text("def read(document: bytes) -> str:\n    return document.decode()\n", "utf-8")
    (tmp_path / "crumple.toml").write_text(PROJECT, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    shown = block("docs/ci.md", "crumple ci github") + block("docs/ci.md", "crumple nightly --metrics")
    lines = [shlex.split(line) for line in shown.splitlines()]
    assert [line[:3] for line in lines] == [
        *(["crumple", "ci", name] for name in SERVICES),
        ["crumple", "nightly", "--metrics"],
        ["crumple", "ci", "grafana"],
    ]
    for line in lines:
        done = CliRunner().invoke(command_line, line[1:], prog_name="crumple")
        assert done.exit_code == 0, done.output
    for name in re.findall(r"^\| \w+ \| `([\w./]+)`", PAGE, re.MULTILINE):
        assert (tmp_path / name).is_file()
    written = (tmp_path / "crumple.prom").read_text("utf-8")
    for rule in rules():
        (name,) = re.findall(r"crumple_\w+", rule["expr"])
        assert f"\n{name}" in written


def test_the_configuration_is_one(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_text(PROJECT + block("docs/ci.md", "[nightly]"), "utf-8")
    settings = load(tmp_path / "crumple.toml", {"HOOK": "https://x"}).settings.nightly
    assert (settings.webhook, settings.webhook_form, settings.webhook_when) == ("https://x", "slack", "worse")


def test_every_metric_is_on_the_page() -> None:
    table = PAGE.partition("| metric | |")[2].partition("\n\n")[0]
    named = set(re.findall(r"crumple_\w+", table)) | {"crumple_failure_ratio_low", "crumple_failure_ratio_high"}
    assert named == every_metric()


def test_the_rules_are_rules_of_prometheus() -> None:
    for rule in rules():
        assert rule.keys() == {"alert", "expr", "labels", "annotations"}
        assert set(re.findall(r"crumple_\w+", rule["expr"])) <= every_metric()


def test_the_message_is_as_the_page_shows_it() -> None:
    part = nights.night(nights.row("encoding", 12), changes=[{"what": "system", "before": "2.3.0", "now": "2.4.0"}])
    document = nights.document(part)
    document["run"] |= {"project": "invoices", "system": "2.4.0"}
    made = json.loads(webhook(document, links={"ci": "https://github.com/me/invoices/actions/runs/7"}))
    shown = json.loads(block("docs/ci.md", "{\n"))
    made["documents"] = made["documents"][:1]
    made["worse"][0]["p"] = shown["worse"][0]["p"] = round(made["worse"][0]["p"], 5)
    assert shown == made


def test_figures_on_the_page_are_the_codes() -> None:
    assert f"at most {CALLS} calls each" in PAGE
    assert f"at most three attempts of {TIMEOUT:g} seconds" in PAGE
    assert len(WAITS) == 2
    assert '- cron: "17 2 * * *"' in workflow("github", Project())
    assert "at 2:17 UTC" in PAGE
