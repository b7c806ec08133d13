"""What of documents, answers and secrets is in reports: only what `[privacy]` allows, from a run and afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyarrow import parquet

from traces import Place

SECRET = "sk-9f3c-q7x-Zue-41"
REDACTED = "DE89-3704-0044-0532-0130-00"
NAME = "Marker-7f3a-Ulm"
ANSWERED = "Answered-5d1e-" + "y" * 1_000
FILES = ("report.html", "report.md", "report.xml", "report.json", "report.csv", "report.jsonl", "report.parquet")
FIGURES_ONLY = ("report.md", "report.xml")
SYSTEM = f"""
import json, os

def read(document: bytes) -> dict:
    answer = json.loads(document.decode("utf-8-sig"))
    if not document.startswith(b"\\xef\\xbb\\xbf"):
        return answer
    if answer["kind"] == "raises":
        raise ValueError("no " + answer["name"] + " with " + os.environ["GIVEN"] + " at " + answer["iban"])
    return dict(answer, name="{ANSWERED}", more=os.environ["GIVEN"])
"""


def place(root: Path, patch: pytest.MonkeyPatch) -> Place:
    made = Place(root, patch)
    patch.setenv("KEY", SECRET)
    (made.project / "corpus").mkdir()
    for number, kind in enumerate(("raises", "lies")):
        content = json.dumps({"name": NAME, "kind": kind, "iban": REDACTED})
        for name in (f"{number}.json", f"{number}.json.truth.json"):
            (made.project / "corpus" / name).write_text(content)
    (made.project / "mine.py").write_text(SYSTEM)
    return made


def configured(made: Place, privacy: str) -> None:
    (made.project / "crumple.toml").write_text(
        '[system]\ncall = "mine:read"\nspare = 0\nenv = { GIVEN = "${KEY}" }\n[corpus]\npath = "corpus"\n'
        f'[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 8\nworkers = 1\n[privacy]\n{privacy}\n'
    )


def reported(made: Place, *how: str) -> None:
    """Write every kind of report, of a run that is made or of the one that was."""
    done = made.crumple(*how, *(word for name in FILES for word in ("-o" if "report" in how else "--report", name)))
    assert done.code == 0, done.out + done.err
    assert sorted(each.name for each in made.project.glob("report.*")) == sorted(FILES)


def holding(made: Place, text: str) -> list[str]:
    """The reports in which a text stands."""
    found = [each for each in made.holding(text) if Path(each).name.startswith("report.")]
    packed = parquet.read_table(made.project / "report.parquet").to_pylist()
    return [*(Path(each).name for each in found), *(["report.parquet"] if text in repr(packed) else [])]


def test_reports_hold_no_more_than_they_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place(tmp_path, monkeypatch)
    configured(made, 'reports = "figures"')
    reported(made, "run")
    for text in (SECRET, SECRET[:9], NAME, ANSWERED[:20], REDACTED):
        assert holding(made, text) == []

    configured(made, 'reports = "excerpts"')
    reported(made, "report", "latest")
    assert "report.html" in holding(made, ANSWERED[:14])
    for text in (SECRET, SECRET[:9], ANSWERED):
        assert holding(made, text) == []
    assert not set(holding(made, NAME)) & set(FIGURES_ONLY)
    assert not set(holding(made, ANSWERED[:14])) & set(FIGURES_ONLY)

    configured(made, 'reports = "full"')
    reported(made, "report", "latest")
    assert {"report.html", "report.jsonl", "report.parquet"} <= set(holding(made, NAME))
    for text in (SECRET, SECRET[:9]):
        assert holding(made, text) == []
    assert not set(holding(made, NAME)) & set(FIGURES_ONLY)


def test_what_is_redacted_is_in_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place(tmp_path, monkeypatch)
    configured(made, 'reports = "full"\nredact = ["/iban"]')
    reported(made, "run")
    assert "report.html" in holding(made, NAME), "the rest is shown"
    assert holding(made, REDACTED) == []
    assert holding(made, REDACTED[:12]) == []
    assert holding(made, SECRET) == []
