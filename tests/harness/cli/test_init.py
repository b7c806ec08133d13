"""`crumple init`: what it finds in a folder, and that what it writes is sound."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.assembly import assemble
from crumple.cli import crumple as command_line
from crumple.cli.surroundings import find_documents, find_system
from crumple.config.loading import Config, load

PDF = b"%PDF-1.4\n%%EOF\n"


def init(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(command_line, ["init", str(folder)], prog_name="crumple")
    return done.exit_code, done.output


def written(folder: Path) -> Config:
    code, output = init(folder)
    assert code == 0, output
    config = load(folder / "crumple.toml", {})
    assert assemble(config).plan.corpus.entries()
    return config


def test_an_empty_folder_gets_a_system_and_generated_invoices(tmp_path: Path) -> None:
    settings = written(tmp_path).settings
    assert settings.system.call == "system:read"
    assert settings.corpus.generate == "invoices"
    assert (tmp_path / "system.py").is_file()


def test_right_answers_in_case_toml_are_counted(tmp_path: Path) -> None:
    """They stand beside no document, and the parts of a case are no documents of their own."""
    for name, truth in (("a", "truth = { total = 1 }\n"), ("b", "")):
        (tmp_path / "corpus" / name).mkdir(parents=True)
        (tmp_path / "corpus" / name / "order.txt").write_text("Total: 1")
        (tmp_path / "corpus" / name / "terms.txt").write_text("Net 30")
        (tmp_path / "corpus" / name / "case.toml").write_text(f'document = "order.txt"\nparts = ["terms.txt"]\n{truth}')
    assert "2 documents, 1 of them with the right answer" in init(tmp_path)[1]
    assert written_truths(tmp_path) == 1


def written_truths(folder: Path) -> int:
    found = find_documents(folder)
    return found.truths if found else 0


def test_ones_own_pdf_and_function_are_taken(tmp_path: Path) -> None:
    (tmp_path / "invoice.pdf").write_bytes(PDF)
    (tmp_path / "mine.py").write_text("def extract(document: bytes) -> dict:\n    return {'n': len(document)}\n")
    settings = written(tmp_path).settings
    assert (settings.system.call, settings.system.input) == ("mine:extract", "bytes")
    assert settings.corpus.path == "*.pdf"
    assert settings.judge.kind == "fields"
    text = (tmp_path / "crumple.toml").read_text()
    assert "invoice.pdf.truth.json" in text
    assert "consistency, not correctness" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crumple.toml", "invoice.pdf", "mine.py"]


def test_documents_without_a_system_get_one_that_reads_text(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "a.txt").write_text("a")
    settings = written(tmp_path).settings
    assert settings.corpus.path == "samples"
    assert settings.system.call == "system:read"
    assert (settings.judge.kind, settings.judge.pass_mark) == ("text", None)


def test_truths_beside_the_documents_choose_the_judge(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("a", "b"):
        (corpus / f"{name}.csv").write_text("x\n1\n")
        (corpus / f"{name}.csv.truth.csv").write_text("x\n1\n")
    assert written(tmp_path).settings.judge.kind == "table"
    assert "consistency" not in (tmp_path / "crumple.toml").read_text()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_text("mine")
    code, output = init(tmp_path)
    assert code == 2
    assert "there is one already" in output
    assert (tmp_path / "crumple.toml").read_text() == "mine"
    (tmp_path / "crumple.toml").unlink()
    (tmp_path / "system.py").write_text("# nothing\n")
    code, output = init(tmp_path)
    assert code == 2
    assert "system.py is there already" in output
    assert not (tmp_path / "crumple.toml").exists()


def test_what_it_writes_says_what_runs_it(tmp_path: Path) -> None:
    assert f"next: cd {tmp_path}, then crumple run" in init(tmp_path)[1]


@pytest.mark.parametrize(
    ("truths", "words"),
    [
        ([], "2 documents, none of them with"),
        (["a"], "2 documents, 1 of them with"),
        (["a", "b"], "2 documents, all of them"),
    ],
)
def test_it_says_how_many_documents_have_a_right_answer(tmp_path: Path, truths: list[str], words: str) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdf").write_bytes(PDF)
    for name in truths:
        (tmp_path / f"{name}.pdf.truth.json").write_text("{}")
    output = init(tmp_path)[1]
    assert f"corpus: *.pdf, {words}" in output
    assert ("consistency" in output) == (len(truths) < 2)


@pytest.mark.parametrize(
    ("source", "target", "form"),
    [
        ("def extract(document):\n    pass\n", "m:extract", "bytes"),
        ("async def parse_invoice(pdf_path):\n    pass\n", "m:parse_invoice", "path"),
        ("def predict(text: str, *, strict=False):\n    pass\n", "m:predict", "text"),
        ("import numpy as np\ndef ocr(page: np.ndarray):\n    pass\n", "m:ocr", "image"),
        ("def classify(record: dict[str, str]):\n    pass\n", "m:classify", "record"),
        ("def read(file: 'Path', media_type):\n    pass\n", "m:read", "path"),
        ("def total(document):\n    pass\n", "m:total", "bytes"),
        ("def main(argv, out):\n    pass\ndef read(data: bytes):\n    pass\n", "m:read", "bytes"),
        ("def main(x):\n    pass\ndef extract(x):\n    pass\n", "m:extract", "bytes"),
    ],
)
def test_the_likeliest_function_is_found_with_its_form_of_input(
    tmp_path: Path, source: str, target: str, form: str
) -> None:
    (tmp_path / "m.py").write_text(source)
    found = find_system(tmp_path)
    assert found is not None
    assert (found.target, found.input) == (target, form)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("m.py", "def read():\n    pass\n"),
        ("m.py", "def _read(document):\n    pass\n"),
        ("m.py", "def read(document, model):\n    pass\n"),
        ("m.py", "this is no Python"),
        ("m.py", "def one(x):\n    pass\ndef other(x):\n    pass\n"),
        ("test_m.py", "def read(document):\n    pass\n"),
        ("my-module.py", "def read(document):\n    pass\n"),
    ],
)
def test_what_cannot_be_the_system_is_left_alone(tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / name).write_text(source)
    assert find_system(tmp_path) is None


def test_looking_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("raise SystemExit('it was run')\ndef read(document):\n    pass\n")
    found = find_system(tmp_path)
    assert found is not None
    assert found.target == "m:read"


def test_code_readmes_truths_and_configuration_are_no_documents(tmp_path: Path) -> None:
    for name in (
        "a.py",
        "README.md",
        ".hidden.txt",
        "pyproject.toml",
        "package.json",
        "requirements.txt",
        "b.truth.json",
    ):
        (tmp_path / name).write_text("{}")
    assert find_documents(tmp_path) is None


def test_a_folder_of_samples_goes_before_loose_files(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "b.pdf").write_bytes(PDF)
    found = find_documents(tmp_path)
    assert found is not None
    assert (found.path, found.names, found.truths) == ("samples", ("samples/b.pdf",), 0)


def of_kind(folder: Path, *words: str) -> tuple[Config, str]:
    """What `crumple init` writes for a kind of system, loaded and made ready to run, and what it said."""
    done = CliRunner().invoke(command_line, ["init", str(folder), *words], prog_name="crumple")
    assert done.exit_code == 0, done.output
    config = load(folder / "crumple.toml", {"OPENAI_API_KEY": "sk-1"})
    assert assemble(config).plan.corpus.entries()
    return config, done.output


KINDS = {
    "command": ("--command", f"{sys.executable} -c 'print(1)' {{input}}"),
    "url": ("--url", "https://example.com/read"),
    "chat": ("--chat", "https://example.com/v1", "--model", "large"),
    "batch": ("--batch", f"{sys.executable} process.py {{input}} {{output}}"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_system_gets_a_file_that_is_sound_without_documents(tmp_path: Path, kind: str) -> None:
    config, said = of_kind(tmp_path, *KINDS[kind])
    assert config.settings.system.kind == kind
    assert "next: cd " in said
    if kind == "chat":
        assert config.settings.corpus.generate == "invoices"
        assert "export OPENAI_API_KEY=..., then crumple run" in said
    else:
        assert len(list((tmp_path / "corpus").iterdir())) == 3
        assert "consistency, not" in said


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_commented_out_may_be_taken_in(tmp_path: Path, kind: str) -> None:
    """Each key that a template shows exists and goes with its kind."""
    of_kind(tmp_path, *KINDS[kind])
    text = (tmp_path / "crumple.toml").read_text()
    system, rest = text.split("[corpus]")
    key = re.compile(r"^# (\[|[a-z_]+ = )", re.MULTILINE)
    (tmp_path / "crumple.toml").write_text(
        re.sub(key, r"\1", system) + "[corpus]" + re.sub(r'\n# path = "corpus"\n', "\n", rest)
    )
    load(tmp_path / "crumple.toml", {"OPENAI_API_KEY": "sk-1", "TOKEN": "secret"})


@pytest.mark.parametrize(
    ("ending", "truth", "reads", "judge"),
    [
        (".txt", "Total: 12", "text", "text"),
        (".json", '{"total": 12}', "json", "fields"),
        (".csv", "total\n12\n", "csv", "table"),
    ],
)
def test_right_answers_say_how_a_commands_answer_is_read(
    tmp_path: Path, ending: str, truth: str, reads: str, judge: str
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Total: 12")
    (tmp_path / "corpus" / f"a.txt.truth{ending}").write_text(truth)
    settings = of_kind(tmp_path, *KINDS["command"])[0].settings
    assert (settings.system.reads, settings.judge.kind) == (reads, judge)


def test_a_chat_models_schema_comes_from_the_right_answers(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, truth in (("a", {"total": 12, "lines": [{"price": 1.5}]}), ("b", {"total": None, "paid": True})):
        (corpus / f"{name}.txt").write_text("Total: 12")
        (corpus / f"{name}.txt.truth.json").write_text(json.dumps(truth))
    settings = of_kind(tmp_path, "--chat", "http://localhost:1/v1", "--model", "m")[0].settings
    assert settings.system.input == "text"
    assert settings.system.prompt is not None
    assert "{document}" in settings.system.prompt
    assert settings.system.key is None, "a service on this machine needs none"
    schema = json.loads((tmp_path / "answer.schema.json").read_text())
    assert schema["required"] == ["total", "lines", "paid"]
    assert schema["properties"]["total"] == {"type": ["number", "null"]}
    assert schema["properties"]["lines"]["items"]["properties"] == {"price": {"type": ["number", "null"]}}


def test_a_question_that_goes_with_a_document_stands_in_the_prompt(tmp_path: Path) -> None:
    case = tmp_path / "corpus" / "a"
    case.mkdir(parents=True)
    (case / "a.txt").write_text("Total: 12")
    (case / "case.toml").write_text(
        'document = "a.txt"\ntruth = { must = [12] }\ninputs = { question = "What is the total?" }\n'
    )
    settings = of_kind(tmp_path, "--chat", "http://localhost:1/v1", "--model", "m")[0].settings
    assert settings.system.prompt is not None
    assert "{question}" in settings.system.prompt
    assert (settings.judge.kind, settings.system.reads) == ("facts", "text")
    assert not (tmp_path / "answer.schema.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--url", "example.com/read"],
            "--url: 'example.com/read' has no scheme. Did you mean \"https://example.com/read\"?",
        ),
        (["--url", "https://user:secret@example.com"], "it holds a password"),
        (["--chat", "https://example.com"], "needs --model NAME"),
        (["--model", "m"], "goes with --chat URL"),
        (["--command", "a 'b"], "it is no command line: no closing quotation"),
        (["--command", " "], "it names no command"),
        (["--command", "cat {inptu}"], "there is no placeholder '{inptu}'. Did you mean '{input}'?"),
        (["--batch", "process {input}"], "does not say where its {output} goes"),
        (["--url", "https://a", "--command", "b"], "--command and --url name several"),
    ],
)
def test_what_cannot_be_a_system_is_said_and_nothing_is_written(tmp_path: Path, words: list[str], message: str) -> None:
    done = CliRunner().invoke(command_line, ["init", str(tmp_path), *words], prog_name="crumple")
    assert done.exit_code == 2
    assert message in done.output
    assert "secret" not in done.output
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_said_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "answer.schema.json").write_text("{}")
    done = CliRunner().invoke(command_line, ["init", str(tmp_path), *KINDS["chat"]], prog_name="crumple")
    assert done.exit_code == 2
    assert "answer.schema.json: there is a file already" in done.output
    assert not (tmp_path / "crumple.toml").exists()


def test_documents_may_be_processed_by_hand(tmp_path: Path) -> None:
    done = CliRunner().invoke(command_line, ["init", str(tmp_path), "--batch", "by hand"], prog_name="crumple")
    assert done.exit_code == 0, done.output
    assert "crumple export FOLDER" in done.output
    assert load(tmp_path / "crumple.toml", {}).settings.system.batch == ()
