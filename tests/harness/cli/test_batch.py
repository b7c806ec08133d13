"""`crumple export`, `crumple judge`, and `crumple run` with a command that takes whole folders."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from crumple.adapters.batch.judged import JudgedSystem
from crumple.assembly import assemble
from crumple.batch import judging
from crumple.batch_folder import alone
from crumple.cli import crumple as command_line
from crumple.config.loading import load

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands need Linux or macOS")
Outcome: TypeAlias = "tuple[int, str, str]"

READER = """
import re

def read(document: bytes) -> dict:
    text = document.decode("utf-8", "replace")
    total = re.search(r"Total ([0-9.]+)", text)
    return {"total": total and total[1].rstrip("."), "id": len(document)}
"""
PROCESS = """
import json, pathlib, sys
from reader import read

documents, answers = map(pathlib.Path, sys.argv[1:])
for document in documents.iterdir():
    (answers / f"{document.name}.json").write_text(json.dumps(read(document.read_bytes())))
print("processed")
"""
TOML = f"""
[system]
batch = ["{sys.executable}", "process.py", "{{input}}", "{{output}}"]
[corpus]
path = "corpus"
[mutate]
use = ["text.swap", "text.delete", "truncation"]
seed = 3
[run]
calls = 90
repeat = 2
workers = 1
"""


def crumple(*words: str) -> Outcome:
    """A command in this process, which saves its start."""
    done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Four orders with truth and one without, and a system that one of the four fails clean."""
    where = tmp_path_factory.mktemp("batch")
    (where / "corpus").mkdir()
    for number in range(5):
        order = where / "corpus" / f"order {number}.txt"
        order.write_text(f"Order {number}\nPaper and pens\n{'Sum' if number == 3 else 'Total'} {number + 7}.50 EUR\n")
        if number < 4:
            order.with_name(f"{order.name}.truth.json").write_text(json.dumps({"total": number + 7.5}))
    (where / "reader.py").write_text(READER)
    (where / "process.py").write_text(PROCESS)
    (where / "crumple.toml").write_text(TOML)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        code, out, err = crumple("export", "out")
        assert (code, err.count("error")) == (0, 0), err
        assert "of 5 cases, clean and degraded" in out
        shutil.copytree(where / "out", where / "untouched")
        answer(where / "out")
        yield where


def answer(folder: Path, reader: str = READER) -> None:
    """Process an exported folder as the command does."""
    names: dict[str, Any] = {}
    exec(reader, names)
    for document in (folder / "documents").iterdir():
        found = names["read"](document.read_bytes())
        (folder / "answers" / f"{document.name}.json").write_text(json.dumps(found))


def figures(path: Path) -> dict[str, Any]:
    """What a run's document says of its system."""
    document: dict[str, Any] = json.loads(path.read_text())
    return {name: document[name] for name in ("clean", "controls", "mutators", "skipped")}


def test_names_order_and_times_do_not_say_how_a_document_is_degraded(project: Path) -> None:
    documents = sorted((project / "untouched" / "documents").iterdir())
    assert [each.name[:5] for each in documents] == [f"{number:04d}-" for number in range(1, len(documents) + 1)]
    assert len({each.stat().st_mtime for each in documents}) == 1
    clean = {(project / "corpus" / f"order {number}.txt").read_bytes() for number in range(5)}
    places = [at for at, each in enumerate(documents) if each.read_bytes() in clean]
    # The five clean documents, one of which is called three times, were the first calls.
    assert len(places) >= 7
    assert places != list(range(len(places)))
    listed = (project / "untouched" / "manifest.json").read_text()
    assert not [word for word in ("clean/", "text.swap(", "rate=", 'level"') if word in listed]


def test_the_readme_says_how_answers_are_written(project: Path) -> None:
    readme = (project / "untouched" / "README.txt").read_text()
    assert "answers/0001-invoice.pdf.json" in readme
    assert "process.py" in readme


def test_a_case_without_truth_is_exported_three_times(project: Path) -> None:
    order = (project / "corpus" / "order 4.txt").read_bytes()
    found = [each for each in (project / "untouched" / "documents").iterdir() if each.read_bytes() == order]
    assert len(found) >= 3


def test_cases_that_fail_clean_were_exported_degraded_and_are_in_no_rate(project: Path) -> None:
    code, out, err = crumple("judge", "out", "--json", "judged.json")
    assert code == 0, err
    assert "4 of 5 cases right" in out
    assert "order 3.txt: refused" in out
    assert "1 case without truth" in out
    judged = json.loads((project / "judged.json").read_text())
    assert judged["clean"]["unstable"] == {}
    runs = {name: (each["runs"], each["cases"]) for name, each in judged["mutators"].items()}
    exported = json.loads((project / "out" / "manifest.json").read_text())["documents"]
    clean_calls = 2 * 4 + 3
    assert 0 < sum(calls for calls, _ in runs.values()) < len(exported) - clean_calls
    assert all(cases <= 4 for _, cases in runs.values())
    assert not [each for each in judged["skipped"] if "exported" in each["reason"]]


def test_processed_in_one_go_a_batch_is_a_run_like_any_other(project: Path) -> None:
    """Where all cases pass clean, the same calls made one by one come to the same figures."""
    batch = f'batch = ["{sys.executable}", "process.py", "{{input}}", "{{output}}"]'
    (project / "better.py").write_text(READER.replace("Total (", "(?:Total|Sum) ("))
    (project / "processed.py").write_text(PROCESS.replace("from reader", "from better"))
    (project / "one.toml").write_text(TOML.replace(batch, 'call = "better:read"'))
    (project / "all.toml").write_text(TOML.replace("process.py", "processed.py"))
    for name in ("one", "all"):
        code, _, err = crumple("run", "--config", f"{name}.toml", "--json", f"{name}.json")
        assert code == 0, err
    one, all_ = figures(project / "one.json"), figures(project / "all.json")
    assert one["clean"]["right"] == all_["clean"]["right"] == 5
    assert one == all_
    assert any(each["failures"] for each in one["mutators"].values())
    assert not list((project / ".crumple" / "batch").iterdir())


def test_missing_and_strange_answers_are_told_before_anything_is_judged(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project / "untouched", project / "few")
    answer(project / "few")
    for path in sorted((project / "few" / "answers").iterdir())[:3]:
        path.unlink()
    (project / "few" / "answers" / "summary.txt").touch()
    monkeypatch.setattr("crumple.cli.carry_out.carry_out", lambda *_: 0)
    code, _, err = crumple("judge", "few")
    assert code == 0
    assert "holds 1 answer to no document of the folder, left aside: summary.txt" in err
    assert "note: no answer to 3 of" in err
    assert "documents, and each counts as crashed" in err
    (project / "declared.toml").write_text(TOML.replace("[corpus]", 'refuses = ["missing"]\n[corpus]'))
    assert "no answer to" not in crumple("judge", "few", "--config", "declared.toml")[2]


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (("judge", "untouched"), "there is no answer to any document", 4),
        (("judge", "nowhere"), "there is no such folder", 2),
        (("judge", "corpus"), "it has no manifest.json", 2),
        (("judge", "out", "--answers", "nowhere"), "there are no answers: it is not there", 2),
        (("export", "out"), "it is not empty", 2),
        (("export", "crumple.toml"), "it is no folder", 2),
        (("export", "new", "--calls", "5"), "a budget of 5 calls is too small", 2),
    ],
)
def test_what_cannot_be_exported_or_judged_says_why(
    project: Path, words: tuple[str, ...], message: str, code: int
) -> None:
    found, _, err = crumple(*words)
    assert (found, message in err) == (code, True), err
    assert not (project / "new" / "documents").exists()


def test_a_folder_of_another_configuration_is_refused_with_what_differs(project: Path) -> None:
    (project / "other.toml").write_text(
        (project / "crumple.toml").read_text().replace("seed = 3", "seed = 4").replace('"text.swap"', '"text.double"')
    )
    code, _, err = crumple("judge", "out", "--config", "other.toml")
    assert code == 2
    assert "the seed then 3, now 4" in err
    assert "the mutators then with text.swap and without text.double" in err


def test_of_another_kind_of_system_only_what_refuses_answers_holds_for_a_folder(project: Path) -> None:
    refuses = 'refuses = ["ValueError", { matches = "cannot" }]'
    batch = f'batch = ["{sys.executable}", "process.py", "{{input}}", "{{output}}"]'
    (project / "call.toml").write_text(TOML.replace(batch, f'call = "reader:read"\n{refuses}'))
    system = judging(assemble(load(project / "call.toml")), project / "out").spec.system
    assert isinstance(system, JudgedSystem)
    assert system.refuses == ({"matches": "cannot"},)


def test_by_hand_there_is_no_run_but_what_to_do_instead(project: Path) -> None:
    (project / "hand.toml").write_text('[system]\nbatch = "by hand"\n[corpus]\npath = "corpus"\n')
    code, _, err = crumple("run", "--config", "hand.toml")
    assert (code, "`crumple export FOLDER` writes the documents" in err) == (2, True), err


@pytest.fixture
def exported(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, in which an export costs nothing."""
    made: Callable[..., object] = lambda _, folder, *__: shutil.copytree(project / "untouched", folder)  # noqa: E731
    monkeypatch.setattr("crumple.batch.export", made)
    return project


def test_a_command_that_fails_makes_the_run_void_and_leaves_nothing(exported: Path) -> None:
    (exported / "fails.py").write_text("import sys\nsys.exit('out of paper')\n")
    (exported / "fails.toml").write_text(TOML.replace("process.py", "fails.py"))
    code, _, err = crumple("run", "--config", "fails.toml")
    assert (code, "failed as a whole: exit code 1" in err, "out of paper" in err) == (4, True, True), err
    assert not list((exported / ".crumple" / "batch").iterdir())


def test_answers_that_are_paid_for_are_judged_by_the_same_command(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends crumple while it judges, the batch is not processed a second time, unless --fresh says so."""
    (exported / "once.py").write_text(PROCESS + "\nwith open('times', 'a') as times:\n    times.write('x')\n")
    (exported / "once.toml").write_text(TOML.replace("process.py", "once.py"))
    codes = iter((130, 4, 0))
    monkeypatch.setattr("crumple.cli.carry_out.carry_out", lambda *_: next(codes))
    assert [crumple("run", "--config", "once.toml")[0] for _ in range(2)] == [130, 4]
    assert (exported / "times").read_text() == "x"
    assert len(list((exported / ".crumple" / "batch").iterdir())) == 1
    assert crumple("run", "--config", "once.toml", "--fresh")[0] == 0
    assert (exported / "times").read_text() == "xx"
    assert not list((exported / ".crumple" / "batch").iterdir())


@pytest.mark.parametrize(
    ("script", "message", "code"),
    [
        ("pass", "the command ended well and wrote no answer", 4),
        ("import shutil, sys; shutil.rmtree(sys.argv[2])", "the command ended well and wrote no answer", 4),
        ("import sys; open(sys.argv[2] + '/log', 'w')", "there is no answer to any document", 4),
        ("import sys; open(sys.argv[2] + '/answers.jsonl', 'w').write('{')", "answers.jsonl, line 1: not JSON", 2),
    ],
)
def test_a_command_that_writes_no_answers_is_told_so(exported: Path, script: str, message: str, code: int) -> None:
    (exported / "idle.py").write_text(script)
    (exported / "idle.toml").write_text(TOML.replace("process.py", "idle.py"))
    found, _, err = crumple("run", "--config", "idle.toml")
    assert (found, message in err) == (code, True), err
    assert ("have them made anew with --fresh" in err) == ("ended well" not in err)
    shutil.rmtree(exported / ".crumple" / "batch")


def test_a_second_crumple_waits_for_the_first_ones_batch_or_says_so(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what a crumple that was killed has left is removed once nobody else can be at it."""
    place = exported / ".crumple" / "batch"
    (place / "half").mkdir(parents=True)
    monkeypatch.setattr("crumple.cli.carry_out.carry_out", lambda *_: 0)
    with alone(place, print):
        code, _, err = crumple("run", "--no-wait")
        assert (code, "another crumple is at a batch of this project" in err) == (2, True), err
        assert (place / "half").exists()
    assert crumple("run")[0] == 0
    assert not list(place.iterdir())
