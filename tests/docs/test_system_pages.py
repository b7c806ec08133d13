"""The examples of docs/systems, written out and run as a reader would."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from doc_examples import write_page


def crumple(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    """The document of a run."""
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(command_line, ["run", "--json", "-", "--workers", "1", *words], prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@needs("pdftotext")
def test_the_command_of_the_page_reads_clean_documents_and_crashes_on_damaged_ones(tmp_path, monkeypatch):
    from reportlab.pdfgen.canvas import Canvas

    folder = write_page("docs/systems/command.md", tmp_path)
    (folder / "corpus").mkdir()
    page = Canvas(str(folder / "corpus" / "invoice.pdf"))
    page.drawString(72, 700, "Invoice 17, total 43.20")
    page.save()
    (folder / "corpus" / "invoice.pdf.truth.txt").write_text("Invoice 17, total 43.20\n")
    document = crumple(folder, monkeypatch, "--use", "truncation.empty,format.pdf_old_revision", "--calls", "6")
    assert document["clean"]["right"] == 1
    causes = {bucket["fingerprint"] for bucket in document["buckets"]}
    assert causes == {"crashed exit code 1: Syntax Error: Document stream is empty"}


@needs("sqlite3")
def test_the_importer_of_the_page_is_found_to_leave_what_it_has_begun(tmp_path, monkeypatch):
    folder = write_page("docs/systems/command.md", tmp_path) / "importer"
    shutil.copy(folder / "corpus" / "orders.csv", folder / "corpus" / "orders.csv.truth.csv")
    document = crumple(
        folder, monkeypatch, "--use", "table.footer_total,truncation.empty", "--levels", "5", "--calls", "6"
    )
    assert document["clean"]["right"] == 1
    outcomes = document["mutators"]["table.footer_total"]["outcomes"]
    assert set(outcomes) == {"wrong"}
    assert {bucket["fingerprint"] for bucket in document["buckets"]} == {"wrong partial write"}


def test_the_function_of_the_page_is_called(tmp_path, monkeypatch):
    folder = write_page("docs/systems/python.md", tmp_path)
    (folder / "corpus").mkdir()
    (folder / "corpus" / "invoice.txt").write_text("Invoice 17\nTotal: 43.20\n")
    (folder / "corpus" / "invoice.txt.truth.json").write_text('{"total": 43.2}')
    document = crumple(folder, monkeypatch, "--use", "encoding.utf16", "--levels", "1", "--calls", "3")
    assert document["clean"]["right"] == 1
    (bucket,) = document["buckets"]
    assert bucket["fingerprint"].startswith("crashed UnicodeDecodeError at invoices.py:extract: ")
    assert 'document.decode("utf-8")' in bucket["fingerprint"]
