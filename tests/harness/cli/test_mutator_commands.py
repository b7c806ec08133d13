"""`list`, `describe` and `mutate`: what mutators there are, and one of them tried by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.tables import tabulate

MINE = '''
from numpy.random import Generator
from crumple import Ladder, Text, mutator


@mutator("mine.shout", marks=Ladder(1, 2, 3, 4, 5, unit="marks"))
def shout(text: Text, marks: int, rng: Generator) -> bytes:
    """Put exclamation marks at the end, as somebody who is cross does."""
    return text.value.encode() + b"!" * marks


@mutator("mine.tab", sign=Ladder("\\t", ";", "|", ":", ",", unit="signs"), truth="lost", refusable_from=4)
def tab(text: Text, sign: str, rng: Generator) -> bytes:
    """Put a sign at the end."""
    return text.value.encode() + sign.encode()
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration that names a module of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "mine_mutators", raising=False)
    (tmp_path / "mine_mutators.py").write_text(MINE)
    (tmp_path / "crumple.toml").write_text('[mutate]\nmodules = ["mine_mutators"]\n')
    (tmp_path / "note.txt").write_text("hello")
    return tmp_path


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


def test_the_table_shows_what_the_decorator_says(folder: Path) -> None:
    code, out, _ = call("list", "mine")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == [
        "mutator",
        "parameter",
        "levels",
        "1",
        "to",
        "5",
        "right",
        "answer",
        "refusable",
        "from",
        "acts",
        "on",
    ]
    assert lines[1].split() == ["mine.shout", "marks", "1,", "2,", "3,", "4,", "5", "same", "never", "Text"]
    assert lines[2].startswith("mine.tab")
    assert "level 4" in lines[2]
    assert "2 mutators" in lines[-1]
    assert all(line == line.rstrip() for line in lines)


def test_what_a_mutator_acts_on_is_its_view_or_the_media_types_that_it_names_or_any_file(folder: Path) -> None:
    def acts_on(name: str, category: str) -> str:
        lines = call("list", category)[1].splitlines()
        return next(line for line in lines if line.startswith(f"{name} ")).rpartition("  ")[2]

    assert acts_on("scan.skew", "scan") == "Page"
    assert acts_on("scan.page_missing", "scan") == "pdf, tiff"
    assert acts_on("corruption.user_password", "corruption") == "pdf"
    assert acts_on("truncation.cut", "truncation") == "any file"
    assert acts_on("format.mail_boundary", "format") == "eml"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_narrow_table_leaves_columns_out_and_breaks_no_word(width: int) -> None:
    heads = ("mutator", "parameter", "levels", "acts on")
    words = "scan.cast_shadow", "transmittance (share of light)", "0.8, 0.7, 0.6, 0.4, 0.2", "Document"
    lines = tabulate(heads, [words], width=width, color=False).splitlines()
    assert all(len(line) <= width for line in lines)
    given = {word for cell in (*heads, *words) for word in cell.split()}
    assert {word for line in lines for word in line.split()} <= given
    assert ("Document" in "".join(lines)) == (width >= 60)


def test_a_column_that_is_shown_is_wide_enough_for_its_words() -> None:
    """Wide neighbours that could be folded do not press it to a letter."""
    heads = ("mutator", "parameter", "levels 1 to 5", "right answer", "refusable from", "acts on")
    rows = [("corruption.archive_directory_missing", "-", "one level, 3", "same or new or lost", "level 1", "x" * 60)]
    rows += [("corruption.wrong_type", "share of bytes", "application/force-download, and more", "same", "never", "")]
    lines = tabulate(heads, rows, width=100, color=False).splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert lines[0].endswith("refusable")
    assert lines[1].endswith("from")
    assert lines[2].endswith("level 1")


def test_all_are_listed_by_name_and_a_word_finds_some(folder: Path) -> None:
    """Hundreds with all that is known of them are more than anybody reads."""
    code, out, _ = call("list")
    assert code == 0
    assert "mine (2)\n  shout, tab\n" in out
    assert "encoding (" in out
    assert len(out.splitlines()) < 120
    assert "1 mutator." in call("list", "cross does")[1]
    names = [each["name"] for each in json.loads(call("list", "table", "CROSS does", "--json")[1])]
    assert "mine.shout" in names
    assert "table.ragged_row" in names
    assert "mine.tab" not in names


def test_json_holds_the_same_and_more(folder: Path) -> None:
    code, out, _ = call("list", "mine", "--json")
    assert code == 0
    shout = json.loads(out)[0]
    assert shout["name"] == "mine.shout"
    assert shout["ladder"] == [1, 2, 3, 4, 5]
    assert "text/csv" in shout["acts_on"]
    assert shout["summary"].startswith("Put exclamation marks")


def test_an_unknown_category_is_met_with_those_there_are(folder: Path) -> None:
    code, _, err = call("list", "mien")
    assert code == 2
    assert "Did you mean 'mine'?" in err


def test_every_mutator_can_be_described(folder: Path) -> None:
    names = [each["name"] for each in json.loads(call("list", "--json")[1])]
    assert len(names) > 20
    for name in names:
        code, out, err = call("describe", name)
        assert (code, err) == (0, ""), name
        assert out.startswith(name + "\n")
        assert "Right answer:" in out
        assert f"--with '{name}(" in out or f"crumple run --use {name}" in out


def test_describe_shows_levels_and_statements(folder: Path) -> None:
    _, out, _ = call("describe", "mine.tab")
    assert "lost: fields that were hit" in out
    assert "Refusing is acceptable: from level 4" in out
    assert "'\\t'" in out


def test_what_is_said_of_arguments_is_for_those_who_read_the_function(folder: Path) -> None:
    assert "Args:" not in call("describe", "scan.rasterise")[1]


def test_a_category_is_no_mutator_but_has_some(folder: Path) -> None:
    code, _, err = call("describe", "mine")
    assert code == 2
    assert "`crumple list mine` shows its mutators" in err


def test_a_slip_in_a_name_is_met_with_the_nearest(folder: Path) -> None:
    code, _, err = call("describe", "mine.shuot")
    assert code == 2
    assert "Did you mean 'mine.shout'?" in err


def test_a_bare_mutator_takes_its_parameter_from_the_level(folder: Path) -> None:
    code, out, _ = call("mutate", "note.txt", "--with", "mine.shout", "--level", "2", "-o", "loud.txt")
    assert code == 0
    assert (folder / "loud.txt").read_text() == "hello!!"
    assert "mine.shout(marks=2,seed=1)" in out


def test_what_was_printed_makes_the_same_file_again(folder: Path) -> None:
    call("mutate", "note.txt", "--with", "mine.shout > mine.tab", "--level", "3", "-o", "a.txt")
    recipe = 'mine.shout(marks=3,seed=1) > mine.tab(sign="|",seed=1)'
    code, out, _ = call("mutate", "note.txt", "--with", recipe, "-o", "b.txt")
    assert code == 0
    assert recipe in out
    assert (folder / "a.txt").read_text() == (folder / "b.txt").read_text() == "hello!!!|"


def test_a_mutator_without_parameter_takes_the_seed(folder: Path) -> None:
    _, out, _ = call("mutate", "note.txt", "--with", "encoding.bom", "--seed", "7", "-o", "bom.txt")
    assert "encoding.bom(seed=7)" in out


def test_a_mutator_that_changes_the_right_answer_finds_it_beside_the_file(folder: Path) -> None:
    (folder / "record.json").write_text('{"total": 12.5, "date": "2025-03-04"}')
    words = ["mutate", "record.json", "--with", "form.placeholder", "--level", "5", "-o", "out.json"]
    code, _, err = call(*words)
    assert code == 2
    assert "Write the right answer beside it, in record.json.truth.json" in err
    (folder / "record.json.truth.json").write_text('{"total": 12.5, "date": "2025-03-04"}')
    assert call(*words)[0] == 0
    assert (folder / "out.json").read_bytes() != (folder / "record.json").read_bytes()


def test_the_result_can_go_to_standard_output(folder: Path) -> None:
    code = "from crumple.cli import main; main()"
    words = ["mutate", "note.txt", "--with", "mine.shout(marks=1)", "-o", "-"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True, cwd=folder)
    assert done.stdout == b"hello!"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["note.txt", "--with", "mine.shout", "-o", "x"], "needs its marks, or a level. Add --level 3, or write mine."),
        (["note.txt", "--with", "mine.shout(mark=1)", "-o", "x"], "Did you mean 'marks'?"),
        (["note.txt", "--with", "mine.shout(marks=1", "-o", "x"], "recipe, character"),
        (["note.txt", "--with", "", "-o", "x"], "the recipe is empty"),
        (["note.txt", "--with", 'mine.tab(sign="x")', "-o", "x"], "mine.tab: sign cannot be 'x'"),
        (["note.txt", "--with", "mine.shot", "--level", "1", "-o", "x"], "Did you mean 'mine.shout'?"),
        (["note.txt", "--with", "mine.shout", "--level", "9", "-o", "x"], "--level: a level is above 0 and at most 5"),
        (["note.txt", "--with", "scan.skew", "--level", "1", "-o", "x"], "does not apply to this text/plain"),
        (["nothing.txt", "--with", "mine.shout", "--level", "1", "-o", "x"], "nothing.txt: it cannot be read"),
        (["note.txt", "--with", "mine.shout", "--level", "1", "-o", "no/x"], "no/x: it cannot be written"),
        (["note.txt", "--with", "mine.shout", "--level", "1", "-o", "crumple.toml"], "there is a file already"),
        (["note.txt", "--with", "mine.shout", "--level", "1", "--force", "-o", "note.txt"], "there is a file already"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(folder: Path, words: list[str], message: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    code, _, err = call("mutate", *words)
    assert code == 2
    assert message in err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_of_an_archive_the_parts_are_named(folder: Path) -> None:
    """Few know that a recipe may name one."""
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("rows.csv", "a,b\n1,2\n")
    _, _, err = call("mutate", "a.zip", "--with", "mine.shout", "--level", "1", "-o", "x")
    assert 'holds (rows.csv) one part is degraded by mine.shout(part="rows.csv")' in err
    _, _, err = call("mutate", "a.zip", "--with", 'mine.shout(part="row.csv")', "--level", "1", "-o", "x")
    assert "Did you mean 'rows.csv'? Allowed: rows.csv." in err
    assert call("mutate", "a.zip", "--with", 'mine.shout(part="rows.csv")', "--level", "1", "-o", "x.zip")[0] == 0


def test_an_empty_file_is_called_empty(folder: Path) -> None:
    (folder / "empty.csv").write_bytes(b"")
    assert (
        "empty.csv: the file is empty"
        in call("mutate", "empty.csv", "--with", "mine.shout", "--level", "1", "-o", "x")[2]
    )


def test_a_configuration_that_cannot_run_is_no_obstacle(folder: Path) -> None:
    (folder / "crumple.toml").write_text('[system]\nenv = { KEY = "${NOT_THERE_AT_ALL}" }\n')
    assert call("mutate", "note.txt", "--with", "encoding.bom(seed=1)", "-o", "bom.txt")[0] == 0


RAISING = '''
from numpy.random import Generator
from crumple import Ladder, Text, mutator


@mutator("mine.raise", marks=Ladder(1, 2, 3, 4, 5, unit="marks"))
def raising(text: Text, marks: int, rng: Generator) -> bytes:
    """Fail by itself, as a mutator does whose author forgot about empty lines. Ladder: a guess."""
    return text.value.split("no such text")[1].encode()
'''


def test_a_mutator_that_raises_has_a_flaw_and_is_no_fault_of_crumples_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "raising_mutators", raising=False)
    (folder / "raising_mutators.py").write_text(RAISING)
    code, out, _ = call("test-mutators", "raising_mutators.py")
    assert code == 1
    assert "mine.raise:\n  line 9 raises IndexError: list index out of range" in out
