"""What commands write to URLs: tried before the first call, whole in the end, and nothing lost where it fails."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from buckets import BUCKET, Store
from crumple.cli import crumple as command_line
from doc_examples import words_of
from stored_runs import ID, clean, degraded, failing, stored

Outcome: TypeAlias = "tuple[int, str, str]"
SYSTEM = "def read(document):\n    return {'total': int(document.decode()[6:])}\n"
ROUND = ["0/encoding.bad_bytes/0/0", "0/encoding.bad_bytes/1/0"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store) -> Callable[..., Outcome]:
    """A command in a project with one case, whose configuration says how the store is reached."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STORE_SECRET", store.storage["s3"]["secret"])
    at = store.storage["s3"] | {"secret": "${STORE_SECRET}"}
    options = "".join(f"{name} = {json.dumps(value)}\n" for name, value in at.items())
    (tmp_path / "crumple.toml").write_text(
        '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n[mutate]\nuse = ["encoding.utf16"]\n'
        '[run]\nworkers = 1\n[privacy]\nreports = "figures"\n'
        f"[storage.s3]\n{options}config_kwargs = {{ retries = {{ max_attempts = 1 }} }}\n"
    )
    (tmp_path / "reader.py").write_text(SYSTEM)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text("total\n1\n")
    (tmp_path / "corpus" / "a.csv.truth.json").write_text('{"total": 1}')

    def call(*words: str) -> Outcome:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout, done.stderr

    return call


def held(store: Store, name: str) -> bytes:
    return bytes(store.system().cat_file(f"{BUCKET}/{name}"))


def test_what_the_page_shows_is_left_in_a_bucket(here: Callable[..., Outcome], store: Store) -> None:
    run, report = (
        [word.replace("s3://bucket/", f"s3://{BUCKET}/page/") for word in words]
        for words in words_of("docs/reports.md", "crumple run --report s3://")
    )
    assert here(*run, "--calls", "9")[0] == 0
    assert here(*report)[0] == 0
    names = [name.partition("/page/")[2] for name in store.system().find(f"{BUCKET}/page")]
    assert names == ["nights/figures.json", "nights/report.html", "nights/results.parquet"]


def test_a_run_leaves_its_reports_and_figures_in_a_bucket(here: Callable[..., Outcome], store: Store) -> None:
    at = f"s3://{BUCKET}/left"
    words = [
        "--report",
        f"{at}/r.md",
        "--report",
        f"{at}/r.jsonl",
        "--json",
        f"{at}/r.json",
        "--metrics",
        f"{at}/r.prom",
    ]
    code, out, err = here("run", "--calls", "9", *words)
    assert code == 0, out + err
    assert f"wrote {at}/r.md\n" in err
    assert held(store, "left/r.md").startswith(b"### ")
    document = json.loads(held(store, "left/r.json"))
    counted = [row for row in map(json.loads, held(store, "left/r.jsonl").splitlines()) if row["counted"]]
    assert len(counted) == sum(each["runs"] for each in document["categories"].values()) > 0
    assert b"crumple_" in held(store, "left/r.prom")
    assert sorted(store.system().find(f"{BUCKET}/left")) == [
        f"{BUCKET}/left/r.{ending}" for ending in ("json", "jsonl", "md", "prom")
    ]


@pytest.mark.parametrize("option", ["--report", "--json", "--metrics"])
def test_that_a_bucket_cannot_be_written_to_is_told_before_the_first_call(
    option: str, here: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "reader.py").write_text("def read(document):\n    open('called', 'w').close()\n")
    code, out, err = here("run", "--calls", "9", option, "s3://buckt/r.md")
    assert (code, out) == (2, "")
    assert "error: s3://buckt/r.md: " in err
    assert "cannot be written. s3://buckt: there is no such place." in err
    assert not (tmp_path / "called").exists()


def test_a_report_that_cannot_be_put_there_in_the_end_is_written_by_the_command_that_is_named(
    here: Callable[..., Outcome], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.faults.busy, store.faults.only = 10_000, "late/r.csv"
    code, _, err = here("run", "--calls", "9", "--report", f"s3://{BUCKET}/late/r.csv")
    assert code == 2
    assert f"s3://{BUCKET}/late/r.csv: the report cannot be written. s3://{BUCKET}/late: the store is too busy" in err
    command = err.partition("its reports are written again by: crumple ")[2].split("\n")[0]
    store.faults.end()
    words = command.replace("FILE", f"s3://{BUCKET}/late/r.csv").split()
    assert here(*words)[:2] == (0, f"wrote s3://{BUCKET}/late/r.csv\n")
    rows = list(csv.DictReader(held(store, "late/r.csv").decode("utf-8-sig").splitlines()))
    assert {row["run"] for row in rows} == {words[1]}


def test_reports_of_a_past_run_go_there_and_one_that_cannot_costs_no_other(
    here: Callable[..., Outcome], store: Store, tmp_path: Path
) -> None:
    stored(tmp_path, [clean(), failing(ROUND[0]), degraded(ROUND[1])], {0: ROUND})
    at = f"s3://{BUCKET}/past"
    names = [f"{at}/r.html", f"{at}/r.parquet", "s3://buckt/r.md", f"{at}/", "r.md"]
    code, out, err = here("report", ID, *(word for name in names for word in ("-o", name)))
    assert (code, out) == (2, f"wrote {at}/r.html\nwrote {at}/r.parquet\nwrote r.md\n")
    assert "error: s3://buckt/r.md: the report cannot be written. s3://buckt: there is no such place." in err
    assert f"error: {at}/: it names no file." in err
    assert held(store, "past/r.html").lower().startswith(b"<!doctype html>")
    assert held(store, "past/r.parquet")[:4] == held(store, "past/r.parquet")[-4:] == b"PAR1"


def test_a_degraded_document_goes_there_and_over_another_one_only_by_force(
    here: Callable[..., Outcome], store: Store
) -> None:
    target = f"s3://{BUCKET}/mutated/a.csv"
    words = ["mutate", "corpus/a.csv", "--with", "encoding.utf16", "--level", "3", "-o", target]
    code, out, err = here(*words)
    assert (code, out.split(":")[0]) == (0, "s3"), err
    first = held(store, "mutated/a.csv")
    assert first != b"total\n1\n"
    code, _, err = here(*words)
    assert (code, err) == (2, f"error: {target}: there is a file already. Choose another name, or use --force.\n")
    assert here(*words, "--force")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "s3://bucket/out"), "FOLDER: it is a path on this machine, and s3://bucket/out is a URL."),
        (("init", "s3://bucket/project"), "FOLDER: it is a path on this machine"),
        (("demo", "--copy", "s3://bucket/demo"), "--copy: it is a path on this machine"),
        (("profile", "corpus", "-o", "s3://bucket/mix.toml"), "-o: it is a path on this machine"),
        (("run", "--store", "s3://bucket/store.db"), "--store: a store is a PostgreSQL URL or a file."),
    ],
)
def test_what_can_only_be_on_this_machine_says_so(
    words: tuple[str, ...], said: str, here: Callable[..., Outcome], tmp_path: Path
) -> None:
    code, _, err = here(*words)
    assert code == 2
    assert err.startswith(f"error: {said}")
    assert not (tmp_path / "s3:").exists()


def test_other_figures_go_there_too(here: Callable[..., Outcome], store: Store, tmp_path: Path) -> None:
    stored(tmp_path, [clean(), failing(ROUND[0]), degraded(ROUND[1])], {0: ROUND})
    assert here("history", "--json", f"s3://{BUCKET}/history.json")[0] == 0
    figures: dict[str, Any] = json.loads(held(store, "history.json"))
    assert len(figures["runs"]) == 1
