"""`crumple report`: files of any stored run; what cannot be made costs nothing else, and is said."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.past_run import complete_runs
from crumple.store import open_store
from crumple_corpora.stream import Stream
from documents_of_runs import limit, run
from stored_runs import ID, TEXTS, clean, degraded, failing, stored

Outcome: TypeAlias = "tuple[int, str, str]"
ROUND = ["0/encoding.bad_bytes/0/0", "0/encoding.bad_bytes/1/0"]
TOML = '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """A command in a project with one case."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crumple.toml").write_text(TOML)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text("total\n1\n")
    (tmp_path / "corpus" / "a.csv.truth.json").write_text('{"total": 1}')

    def call(*words: str) -> Outcome:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout, done.stderr

    return call


def keep(root: Path, **more: Any) -> None:
    stored(root, [clean(), failing(ROUND[0]), degraded(ROUND[1])], {0: ROUND}, **more)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_file_is_what_its_ending_says(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path)
    (tmp_path / "crumple.toml").write_text(f'{TOML}[privacy]\nreports = "figures"\n')  # drawing documents takes long
    names = ["r.html", "r.md", "r.xml", "r.json", "r.csv", "r.jsonl", "r.parquet"]
    code, out, err = here("report", ID[:9], *(word for name in names for word in ("-o", name)))
    assert (code, out.splitlines(), err) == (0, [f"wrote {name}" for name in names], "")
    assert (tmp_path / "r.html").read_text().lower().startswith("<!doctype html>")
    assert (tmp_path / "r.md").read_text().startswith("### ❌ crumple run")
    assert json.loads((tmp_path / "r.json").read_text())["run"]["id"] == ID
    assert [row["counted"] for row in table(tmp_path / "r.csv")] == ["FALSE", "TRUE", "TRUE"]
    assert [row["group"] for row in table(tmp_path / "r.csv")] == ["a.csv"] * 3
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == 3
    assert (tmp_path / "r.parquet").read_bytes()[:4] == b"PAR1"


def test_of_a_corpus_that_is_no_list_the_origin_of_the_cases_of_the_run_is_looked_up(
    tmp_path: Path, here: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path)
    url = TOML.replace('"corpus"', f'"zip://*::file://{tmp_path}/all.zip"')
    (tmp_path / "crumple.toml").write_text(f'{url}[privacy]\nreports = "figures"\n')
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, "total\n1\n")
            archive.writestr(f"{name}.truth.json", '{"total": 1}')
    asked: list[frozenset[str]] = []
    find = Stream.find
    monkeypatch.setattr(Stream, "find", lambda self, ids: [asked.append(frozenset(ids)), find(self, ids)][1])
    assert here("report", "latest", "-o", "r.csv")[0] == 0
    assert asked == [{"a.csv"}]
    assert [row["group"] for row in table(tmp_path / "r.csv")] == ["a.csv"] * 3


def test_what_cannot_be_written_costs_no_other_file(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path)
    (tmp_path / "full.html").symlink_to("/dev/full")
    code, out, err = here("report", "-o", "no/r.md", "-o", "r.txt", "-o", "full.html", "-o", "r.md", "-o", "-")
    assert (code, out) == (2, "wrote r.md\n")
    assert "error: no/r.md: the report cannot be written: No such file or directory. There is no folder no" in err
    assert "error: r.txt: a report's ending says what it is" in err
    assert "error: full.html: the report cannot be written: No space left on device" in err
    assert "error: -: a report's ending says what it is" in err


def test_an_unfinished_run_is_shown_as_far_as_it_came_and_said_to_be_that(
    tmp_path: Path, here: Callable[..., Outcome]
) -> None:
    keep(tmp_path, ended=False, document=run(run={**run()["run"], "ended": "interrupted"}))
    code, out, err = here("report", "-o", "r.md")
    assert (code, out) == (0, "wrote r.md\n")
    assert f"Run {ID} was interrupted; the same command goes on with it." in err
    assert "Interrupted before its end." in (tmp_path / "r.md").read_text()
    assert here("show")[1].startswith(f"Run {ID} was interrupted;")


def test_a_run_without_anything_to_report_yet_says_so(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path, document={})
    for words in (("report", "-o", "r.md"), ("show",)):
        code, _, err = here(*words)
        assert code == 2
        assert f"run {ID} was interrupted before it had anything to report: 3 calls are stored" in err


def test_a_run_without_results_or_contract_is_reported(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    empty = run(categories={}, mutators={}, contract=[], clean={**run()["clean"], "cases": 0, "right": 0})
    stored(tmp_path, [], {}, empty)
    names = ["r.md", "r.xml", "r.csv", "r.jsonl", "r.parquet"]
    assert here("report", *(word for name in names for word in ("-o", name)))[0] == 0
    assert "This run is void." in (tmp_path / "r.md").read_text()
    assert table(tmp_path / "r.csv") == []


def test_a_document_of_another_schema_says_who_made_it(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path, document=run(schema=2, run={"versions": {"crumple": "9.0"}}))
    code, _, err = here("report", "-o", "r.md")
    assert code == 2
    assert "is of schema 2, and this crumple reads schema 1" in err
    assert "Update crumple. crumple 9.0 has made it." in err


def test_a_document_that_lacks_something_costs_only_what_needs_it(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    old = run(contract=[limit()])
    del old["contract"][0]["shown"]
    keep(tmp_path, document=old)
    code, out, err = here("report", "-o", "r.md", "-o", "r.csv", "-o", "r.json")
    assert (code, out) == (2, "wrote r.csv\nwrote r.json\n")
    assert "error: r.md: its renderer failed: KeyError: 'shown'. This is a fault of crumple's own" in err
    assert "Traceback" not in err


def test_without_a_sound_configuration_only_figures_are_shown(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path)
    (tmp_path / "crumple.toml").write_text(f"{TOML}[run]\ncalz = 1\n")
    code, _, err = here("report", "-o", "r.csv", "-o", "r.json")
    assert code == 0
    assert "nothing but figures is shown, for the configuration cannot be read" in err
    assert TEXTS["answer"] not in (tmp_path / "r.csv").read_text() + (tmp_path / "r.json").read_text()


def test_what_may_be_shown_is_what_privacy_says(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    keep(tmp_path)
    here("report", "-o", "all.csv", "-o", "all.json")
    assert "4711" in (tmp_path / "all.csv").read_text()
    assert "11.9" in (tmp_path / "all.json").read_text()
    (tmp_path / "crumple.toml").write_text(f'{TOML}[privacy]\nreports = "figures"\n')
    names = ["r.html", "r.md", "r.xml", "r.json", "r.csv", "r.jsonl"]
    assert here("report", *(word for name in names for word in ("-o", name)))[0] == 0
    for name in names:
        text = (tmp_path / name).read_text()
        assert not [each for each in ("4711", "11.9", "=1+1") if each in text], name


def test_runs_complete_in_the_shell_and_nothing_does_without_a_store(
    tmp_path: Path, here: Callable[..., Outcome]
) -> None:
    import click

    with click.Context(click.Command("report")) as context:
        argument = click.Argument(["run"])
        assert complete_runs(context, argument, "") == []
        keep(tmp_path)
        assert complete_runs(context, argument, "2026") == [ID]
        assert complete_runs(context, argument, "l") == ["latest"]


def test_a_run_that_goes_on_elsewhere_is_not_held_up(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    store = open_store(None, tmp_path)
    with store.resume_or_begin({"configuration": "c"}, {"id": ID}) as record:
        record.save([clean()])
        record.snapshot({**run(), "run": {**run()["run"], "id": ID}})
        code, _, err = here("report", "-o", "r.md", "-o", "r.csv")
        assert (code, len(table(tmp_path / "r.csv"))) == (0, 1)
        assert "is still going on, by process" in err
    store.close()


def test_a_copy_of_the_demo_is_not_run_so_it_has_no_report(here: Callable[..., Outcome]) -> None:
    code, _, err = here("demo", "--copy", "invoices", "--report", "r.html")
    assert code == 2
    assert "a copy is not run, so there is nothing to report" in err


def test_a_run_writes_its_tables_with_the_last_round_counted(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    (tmp_path / "reader.py").write_text("def read(document):\n    return {'total': int(document.decode()[6:])}\n")
    more = '[mutate]\nuse = ["encoding.line_endings"]\n[run]\nworkers = 1\nstore = "elsewhere.db"\n'
    (tmp_path / "crumple.toml").write_text(f"{TOML}{more}")
    code, _, err = here("run", "--calls", "4", "--report", "r.csv", "--report", "r.json")
    assert code == 0, err
    assert "wrote r.csv" in err
    counted = [row for row in table(tmp_path / "r.csv") if row["counted"] == "TRUE"]
    (figures,) = json.loads((tmp_path / "r.json").read_text())["categories"].values()
    assert len(counted) == figures["runs"] > 0


@pytest.mark.parametrize(("fails", "code"), [("", 2), ('of = "encoding"\nfailures = "1%"', 1)])
def test_a_run_whose_report_cannot_be_written_in_the_end_does_not_end_well(
    fails: str, code: int, tmp_path: Path, here: Callable[..., Outcome]
) -> None:
    (tmp_path / "reader.py").write_text("def read(document):\n    return {'total': int(document.decode()[6:])}\n")
    broken = f'[contract]\nabout = "these documents"\n[[contract.limit]]\n{fails}\n' if fails else ""
    more = f'[mutate]\nuse = ["encoding.utf16"]\n[run]\nworkers = 1\n{broken}'
    (tmp_path / "crumple.toml").write_text(f"{TOML}{more}")
    (tmp_path / "full.csv").symlink_to("/dev/full")
    ended, out, err = here("run", "--calls", "9", "--report", "full.csv", "--report", "r.md")
    assert ended == code, out + err
    assert "error: full.csv: the report cannot be written: No space left on device" in err
    assert "wrote r.md" in err


def test_a_report_that_a_plugin_spoils_costs_a_run_nothing(
    tmp_path: Path, here: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    from crumple.cli.report_files import ReportFiles
    from crumple.material import FIGURES

    monkeypatch.setattr("crumple_reports.markdown.content_of", lambda document: 1 / 0)
    said: list[str] = []
    monkeypatch.setattr("crumple.cli.report_files.emit", lambda text, err=False: said.append(text))
    files = ReportFiles([str(tmp_path / "r.md"), str(tmp_path / "r.json")], None, lambda document: FIGURES)
    assert not files.unwritten
    files.write(run())
    assert files.unwritten
    assert [line.partition(": ")[0] for line in said] == ["error", f"wrote {tmp_path / 'r.json'}"]
    assert "ZeroDivisionError" in said[0]
