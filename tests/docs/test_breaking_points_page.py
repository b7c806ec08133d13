"""The example of docs/breaking-points.md, written out and run as a reader would."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from doc_examples import block, write_page


def test_the_page_shows_what_its_example_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/breaking-points.md", tmp_path)
    (tmp_path / "corpus").mkdir()
    for number in range(4):
        lines = [f"{at + 1:2} item {chr(97 + (at * 7 + number) % 26) * 5} x {at % 4 + 1}" for at in range(30)]
        lines[15] = f"Total: {100 + number}.50"
        (tmp_path / "corpus" / f"{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (tmp_path / "corpus" / f"{number}.txt.truth.json").write_text(json.dumps({"total": 100.5 + number}), "utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        command_line, ["breaking-points", "--workers", "1", "--json", "out.json"], prog_name="crumple"
    )
    assert done.exit_code == 0, done.output
    assert block("docs/breaking-points.md", "Breaking points").strip() in done.stdout
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    points = {each["mutator"]: each for each in document["breaking_points"]}
    assert {name: each["state"] for name, each in points.items()} == {
        "encoding.bad_bytes": "always",
        "encoding.line_endings": "never",
        "truncation.cut": "breaks",
    }
    cut = points["truncation.cut"]
    assert cut["value_high"] <= 0.53 <= cut["value_low"]  # the total stands behind half of the text
    assert document["mutators"]["truncation.cut"]["breaking_point"] == cut["value"]
    assert cut["mix"]["beyond"] == pytest.approx(0.02)


def test_mistakes_are_said_before_anything_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Total: 1\n", "utf-8")
    (tmp_path / "crumple.toml").write_text('[system]\ncall = "orders:total"\n[corpus]\npath = "corpus"\n', "utf-8")
    (tmp_path / "orders.py").write_text("def total(document):\n    return 1\n", "utf-8")

    def said(*words: str) -> str:
        done = CliRunner().invoke(command_line, ["breaking-points", *words], prog_name="crumple")
        assert done.exit_code == 2, done.output
        return " ".join(done.stderr.split())

    assert "no share such as 5% or 0.05" in said("--rate", "often")
    assert "at least 1 % and at most 99 %" in said("--rate", "100%")
    assert "No such option '--levels'" in said("--levels", "1,3")
    assert "none of these mutators has a parameter to vary" in said("--use", "encoding.bom")
    assert "the contract has no limit on the failures" in said("--rate", "contract")
