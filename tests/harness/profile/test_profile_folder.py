"""`crumple profile` over a folder of messy, hostile and clean files, as a user runs it."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.profile.folder import listed

LETTER = "Sehr geehrte Frau Müller,\n\nwir danken für Ihren Auftrag über 12 Stühle nach Köln.\n\nGrüße\n"
TABLE = "no,name,amount\n" + "".join(f"{n},Zoë {n},{n}.50\n" for n in range(1, 9))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "in").mkdir()
    for number in range(6):
        (folder / "in" / f"letter-{number}.txt").write_text(LETTER.replace("12", str(12 + number)), "utf-8")
    (folder / "old.txt").write_text(LETTER, "cp1252")
    (folder / "garbled.txt").write_text(LETTER.encode().decode("cp1252"), "utf-8")
    (folder / "semicolons.csv").write_text(TABLE.replace(",", ";"), "utf-8")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "copy.txt").write_text(LETTER, "utf-8")
    (folder / ".hidden").write_text("x", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing of it\n%%EOF\n")
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(5 << 30)
    os.mkfifo(folder / "pipe.csv")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "gone.txt").symlink_to(folder / "nothing")
    return folder


@pytest.fixture(scope="module")
def profiled(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, object], Path]:
    """What is printed, the document, and the configuration that the mix was written to."""
    project = tmp_path_factory.mktemp("project")
    (project / "crumple.toml").write_text('[system]\ncall = "a:b"\n\n[corpus]\ngenerate = "letters"\n', "utf-8")
    words = ["profile", str(inbox), "--json", str(project / "p.json"), "-o", str(project / "mix.toml"), "--write"]
    done = CliRunner().invoke(command_line, [*words, "--config", str(project), "--workers", "1"], prog_name="crumple")
    assert done.exit_code == 0, done.output
    return done.stdout, json.loads((project / "p.json").read_text("utf-8")), project


def test_links_are_not_followed_and_nothing_is_left_out(inbox: Path) -> None:
    found = listed(inbox)
    assert len(found.files) == 13
    assert {each.path: each.closed for each in found.closed} == {
        "gone.txt": "it is a link to nothing",
        "pipe.csv": "it is a pipe, not a file",
        "round": "it is a link to a folder, which is not followed",
    }
    assert found.hidden == 1


def test_the_mess_is_measured(profiled: tuple[str, dict[str, object], Path]) -> None:
    _, document, _ = profiled
    rows = {each["name"]: each for each in document["damages"]}  # type: ignore[attr-defined]
    assert set(rows) == {"encoding.codepage", "encoding.mojibake", "table.delimiter", "truncation.empty"}
    assert rows["encoding.codepage"]["strangest"] == [{"path": "old.txt", "value": "windows"}]
    assert rows["table.delimiter"]["levels"] == [1, 0, 0, 0, 0]
    assert document["duplicates"]["files"] == 1  # type: ignore[index]


def test_what_could_not_be_opened_is_listed_with_its_reason(profiled: tuple[str, dict[str, object], Path]) -> None:
    said, document, _ = profiled
    why = {each["path"]: each["why"] for each in document["not_opened"]}  # type: ignore[attr-defined]
    assert set(why) == {"broken.pdf", "gone.txt", "huge.csv", "pipe.csv", "round"}
    assert "at most 268 are read" in why["huge.csv"]
    assert "huge.csv: it has 5,369 MB" in said


def test_the_mix_that_is_printed_is_the_mix_that_is_written(profiled: tuple[str, dict[str, object], Path]) -> None:
    said, _, project = profiled
    mix = tomllib.loads((project / "mix.toml").read_text("utf-8"))["mix"]
    assert tomllib.loads((project / "crumple.toml").read_text("utf-8"))["mix"] == mix
    printed = re.search(r"^\[mix\]\n(?:.+\n)+", said, re.MULTILINE)
    assert printed is not None
    assert tomllib.loads(printed.group())["mix"] == mix
    assert mix["clean"] == pytest.approx(7 / 11, abs=0.001)
    assert mix["truncation.empty"] == pytest.approx(1 / 11, abs=0.001)


@pytest.mark.parametrize(("width", "color"), [(80, False), (100, True)])
def test_the_report_keeps_to_its_width(profiled: tuple[str, dict[str, object], Path], width: int, color: bool) -> None:
    from crumple_reports.profile import render

    text = render(profiled[1], width=width, color=color)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(map(len, plain.splitlines())) <= width
    assert (plain != text) == color


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(command_line, ["profile", str(tmp_path / "none")], prog_name="crumple")
    assert (done.exit_code, "there is no such folder" in done.stderr) == (2, True)
