"""`crumple history`: what its reader sees, at any width, of stores in any state; and what prune says of nights."""

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from crumple.cli import crumple
from crumple.nightly.baseline import Call
from crumple.nightly.baseline_file import write_baseline
from crumple.nightly.timeline import point, timeline
from crumple.recipe import Recipe
from crumple.reporting import rendering
from crumple.store import Line, open_store
from crumple.store.schema import RUNS
from night_calls import baseline

CONFIG = '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n'
BASELINE = baseline(
    [Call(case="a", recipe=Recipe.parse("encoding.bom(seed=1)"), mutator="encoding.bom")],
    [Call(case="a", recipe=Recipe())],
    run="20261101-020000-9c1f",
    cases={"a": "digest"},
)


def document(failed: int = 4, **more: Any) -> dict[str, Any]:
    rate = failed / 40
    figures = {"runs": 40, "failures": failed, "rate": rate, "low": rate / 2, "high": min(1, rate + 0.1)}
    return {
        "schema": 1,
        "run": {"ended": "calls", "rounds": 3, "calls": 100},
        "clean": {"cases": 12, "right": 12},
        "void": {"calls": 0, "causes": {}},
        "categories": {"scan": figures},
        "contract": [{"state": "met"}],
    } | more


def night(now: int = 3, state: str = "same", **more: Any) -> dict[str, Any]:
    scan = {"category": "scan", "state": state, "pairs": 30, "before": 3, "now": now}
    return document(now + 1, night={"state": state, "baseline": {"run": BASELINE.run}, "categories": [scan]} | more)


def write(root: Path, *runs: tuple[str, dict[str, Any], dict[str, Any] | None]) -> None:
    """Put runs into a project's store: id, what else is known of it beforehand, document."""
    (root / "crumple.toml").write_text(CONFIG)
    store = open_store(None, root)
    for name, info, made in runs:
        told = {"id": name, "system": "1", "started": "2026-11-02T02:00:00Z", **info}
        with store.resume_or_begin({"corpus": "c", "the system's version": str(told["system"])}, told) as record:
            if made is not None:
                record.end(made)
    store.close()


def beside(**more: Any) -> dict[str, Any]:
    return {"kind": "night", "known": {"baseline": BASELINE.id}} | more


def history(root: Path, *words: str, charset: str = "utf-8") -> Result:
    return CliRunner(charset=charset).invoke(crumple, ["history", "--config", str(root), *words])


def shown(rows: Sequence[tuple[dict[str, Any], dict[str, Any] | None]], **how: Any) -> str:
    """What is shown of nights and runs, without any store."""
    points = []
    for at, (info, made) in enumerate(rows):
        told = {"id": f"run {at}", "system": "2.3", "started": f"2026-11-{at % 30 + 1:02}T02:00:00Z", **info}
        line = Line(at, told["id"], "ended" if made else "interrupted", "", told, 1.7e9, 60.0, 1234, 7, 0, 0.0)
        points.append(point(line, {"the system's version": told["system"]}, made))
    said: str = rendering("history")(timeline(points, where="store.db", stored=len(rows)), **how)
    return said


def test_nights_stand_beside_their_baseline_with_what_became_of_each(tmp_path: Path) -> None:
    write(
        tmp_path,
        ("quiet", beside(), night()),
        ("bad", beside(), night(30, "worse")),
        ("stopped", beside(system="0"), None),
        ("nothing", beside(), night(0, "void")),
        ("mended", beside(system="2"), night(0, "better")),
    )
    done = history(tmp_path)
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines() if line.startswith("2026-")]
    assert [row[3] for row in rows] == ["same", "worse", "interrupted", "void", "better"]
    assert f"5 nights beside the baseline, run {BASELINE.run}" in done.output
    assert re.search(r"scan +▂▂█··▁ +10 +0 +0-100 +better", done.output), "the baseline itself comes first"
    assert rows[-1][-4:] == ["system", "mended", "0", "2.5"], "what has changed is named"
    one = history(tmp_path, "--category", "scan").output
    assert "3 -> 30 of 30" in one
    assert "2 of them have no figure of scan" in one


def test_where_a_terminal_has_no_blocks_a_trend_is_written_in_digits(tmp_path: Path) -> None:
    write(tmp_path, ("a", beside(), night(0)), ("b", beside(system="0"), None), ("c", beside(), night(16)))
    done = history(tmp_path, charset="ascii")
    assert re.search(r"scan +10\.5 +10 +53 +0-100", done.output)
    assert "o--" in history(tmp_path, "--category", "scan", charset="ascii").output
    assert done.output.isascii()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("category", ["", "scan"])
def test_nothing_is_wider_than_the_terminal_however_long_its_texts(width: int, category: str) -> None:
    hostile = "2.3\x1b[31m\u202e" + "v" * 200
    rows = [(beside(system=hostile, corpus="c" * 300), night(at % 30)) for at in range(45)]
    text = shown(
        [*rows, ({"system": hostile, "corpus": "c" * 300}, document()), ({}, None)], width=width, category=category
    )
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "\u202e" not in text
    if not category:
        assert "newest " in text or width > 80, "what does not fit of a trend is said"


def test_what_happened_is_never_drawn_as_nothing() -> None:
    text = shown([(beside(), night(0)), (beside(), night(1)), (beside(), night(30))], width=80)
    assert "scan      ▂▁▂█" in text


def test_a_state_is_a_word_and_not_a_colour_alone() -> None:
    rows: list[tuple[dict[str, Any], dict[str, Any] | None]] = [(beside(), night(30, "worse")), (beside(), night())]
    plain, coloured = shown(rows), shown(rows, color=True)
    assert "worse" in plain
    assert "\x1b[1;31m" in coloured
    slowly = shown([(beside(), night(drift=[{"category": "scan", "state": "worse"}]))])
    assert re.search(r"scan .* 0-10 +worse", slowly)


def test_runs_that_cannot_be_held_against_each_other_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, ("a", {}, document(4)), ("b", beside(), night()), ("c", {"system": "2"}, document(8)))
    text = history(tmp_path).output
    assert "Plan A: 2 runs on one corpus" in text
    assert "Plan B: 1 night beside" in text
    assert "Hold only runs of one plan against each other" in " ".join(text.split())


def test_a_run_alone_has_no_trend() -> None:
    text = shown([({}, document())])
    assert "trend" not in text
    assert text.startswith("1 run in store.db")
    assert "10\n" in text


def test_a_clock_that_was_set_back_changes_no_order() -> None:
    days = ["2026-11-03T02:00:00Z", "2026-11-01T02:00:00Z", "2026-11-04T02:00:00Z"]
    text = shown([({"started": each}, document()) for each in days])
    assert re.findall(r"^2026-11-(\d\d)", text, re.MULTILINE) == ["03", "01", "04"]
    assert "A clock was set back" in text
    assert "A clock" not in shown([({"started": each}, document()) for each in sorted(days)])


def test_the_figures_can_be_had_as_json(tmp_path: Path) -> None:
    write(tmp_path, ("a", {}, document()), ("b", beside(), night()))
    done = history(tmp_path, "--json", "-")
    found = json.loads(done.output)
    assert [each["id"] for each in found["runs"]] == ["a", "b"]
    file = tmp_path / "history.json"
    assert "2 runs and nights" in history(tmp_path, "--json", str(file)).output
    assert json.loads(file.read_text()) == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--category", "scam"), "none of these runs has such a category. Did you mean 'scan'?"),
        (("--of", "9"), "no run is of such a system"),
        (("--json", "/nowhere/there/x.json"), "cannot be written: No such file"),
        (("--last", "0"), "x>=1"),
        (("--kind", "fuzz"), "'all', 'run', 'night'"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    write(tmp_path, ("a", {}, document()))
    done = history(tmp_path, *words)
    assert done.exit_code == 2, done.output
    assert said in done.output


def test_an_empty_store_says_what_makes_a_run(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_text(CONFIG)
    assert "there are no runs yet. `crumple run` makes one" in history(tmp_path).output
    write(tmp_path)
    assert "There are no nights" in history(tmp_path, "--kind", "night").output
    write(tmp_path, ("a", {"kind": "fuzz"}, document()))
    assert "(1 of another kind: `crumple runs`)" in history(tmp_path).output


def test_documents_of_another_crumple_are_counted_and_not_guessed_at(tmp_path: Path) -> None:
    write(tmp_path, ("a", {}, {"schema": 2}), ("b", {}, document()))
    text = " ".join(history(tmp_path).output.split())
    assert "1 run of another crumple's making cannot be read" in text
    store = open_store(None, tmp_path)
    with store.database.writing() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == "b").values(document='{"schema": 1, "cat'))
    store.close()
    assert "2 runs of another crumple's making cannot be read" in " ".join(history(tmp_path).output.split())


def test_prune_keeps_the_nights_that_slow_change_is_looked_for_in_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, *[(name, beside(), night()) for name in "abc"], ("run", {}, document()))
    write_baseline(tmp_path / "crumple.toml", BASELINE)

    def prune(*words: str) -> str:
        return CliRunner().invoke(crumple, ["prune", "--config", str(tmp_path), *words]).output

    text = prune("--keep", "0")
    assert "3 nights beside the present baseline stay" in text
    assert "removed 1 run" in text
    assert "1 run that the store had is gone: pruned" in " ".join(history(tmp_path).output.split())
    assert "removed 2 runs" in prune("--keep", "1", "--nights"), "who asks for it is not told again"
    (tmp_path / "crumple.toml").write_text(CONFIG + '[privacy]\nkeep_for = "1s"\n')
    assert "removed 0 runs" in prune(), "it has only just begun"


def test_what_was_promised_not_to_be_kept_goes_and_its_loss_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ("a", beside(), night()))
    write_baseline(tmp_path / "crumple.toml", BASELINE)
    (tmp_path / "crumple.toml").write_text(CONFIG + '[privacy]\nkeep_for = "30d"\n')
    now = time.time()
    monkeypatch.setattr("crumple.store.pruning.time.time", lambda: now + 31 * 86400)
    text = CliRunner().invoke(crumple, ["prune", "--config", str(tmp_path)]).output
    assert "1 night beside the present baseline went" in text
    assert "removed 1 run" in text


def test_the_list_of_runs_leads_to_what_nights_came_to(tmp_path: Path) -> None:
    write(tmp_path, ("a", {}, document()))
    words = ["runs", "--config", str(tmp_path)]
    assert "crumple history" not in CliRunner().invoke(crumple, words).output
    write(tmp_path, ("b", beside(), night()))
    assert "`crumple history` has what nights came to" in CliRunner().invoke(crumple, words).output
