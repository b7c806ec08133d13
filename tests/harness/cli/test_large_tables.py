"""`mutate` on a file that is too large to be held: the same bytes as on one that is not, and the same refusals."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.views import table_files

ROWS = "id,name,amount\n" + "".join(f'{n},"Ann, {n}",{n}.50\n' for n in range(3000))


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "large.csv"
    path.write_text(ROWS)
    return path


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, ["mutate", "large.csv", *words], prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("recipe", ["table.ragged_row", "table.delimiter", "table.blank_lines > table.preamble"])
def test_a_large_file_gets_the_same_bytes_as_a_small_one(
    source: Path, monkeypatch: pytest.MonkeyPatch, recipe: str
) -> None:
    assert call("--with", recipe, "--level", "3", "-o", "held.csv")[0] == 0
    monkeypatch.setattr(table_files, "LARGE", 1)
    code, out, _ = call("--with", recipe, "--level", "3", "-o", "mapped.csv")
    assert code == 0
    assert "bytes" in out
    assert Path("mapped.csv").read_bytes() == Path("held.csv").read_bytes() != source.read_bytes()


def test_what_is_no_mutator_of_tables_goes_the_usual_way(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "LARGE", 1)
    monkeypatch.setattr(table_files, "map_table", lambda path: pytest.fail("it was mapped"))
    assert call("--with", "truncation.empty", "--level", "5", "-o", "cut.csv")[0] == 0
    source.with_name("large.csv.truth.json").write_text("{}")
    call("--with", "table.preamble", "--level", "3", "-o", "truth.csv")


@pytest.mark.parametrize(
    ("recipe", "message"),
    [("table.row_dropped", "there is no truth"), ("table.leading_zeros", "leading zero")],
)
def test_a_recipe_that_does_not_apply_leaves_no_file(
    source: Path, monkeypatch: pytest.MonkeyPatch, recipe: str, message: str
) -> None:
    monkeypatch.setattr(table_files, "LARGE", 1)
    code, _, error = call("--with", recipe, "--level", "3", "-o", "out.csv")
    assert code == 2
    assert message in error
    assert not Path("out.csv").exists()
