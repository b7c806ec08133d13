"""`crumple init`: a crumple.toml that runs, for the folder as it is found."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.errors import CrumpleError
from crumple.plain_text import quoted

if TYPE_CHECKING:
    from crumple.cli.init_systems import Examples, Tested
    from crumple.cli.surroundings import FoundDocuments

_HELP = """Write a crumple.toml that runs, and say what is in it. Asks nothing, calls nothing, overwrites nothing.

The system is a Python function, unless one of the options names a command, a service or a chat model. A function is
looked for in the folder's modules: one that takes one document (extract, read, parse, predict, ...). Where there is
none, an example is written, system.py.

Documents are looked for in corpus/, samples/, documents/, data/ or the folder itself, and right answers beside them.
Where there are none, invoices are generated.

\b
Examples:
  crumple init
  crumple init my_project
  crumple init --command 'pdftotext {input} -'
  crumple init --url https://example.com/extract
  crumple init --chat https://api.openai.com/v1 --model gpt-4o-mini
  crumple init --batch 'process {input} {output}'
"""
_SAMPLES, _FOLDER = 3, "corpus"
_LOOKED_AT = 20


@click.command("init", help=_HELP, short_help="Write a crumple.toml for this folder.")
@click.argument("folder", default=".")
@click.option("--command", "line", metavar="LINE", help="A command; {input} stands for the document's file.")
@click.option("--url", metavar="URL", help="A service that documents are sent to.")
@click.option("--chat", metavar="URL", help="The base URL of an OpenAI-compatible service; with --model.")
@click.option("--model", metavar="NAME", help="The chat model.")
@click.option("--batch", metavar="LINE", help="A command that processes a folder, {input}, into another, {output}.")
def command(
    folder: str, line: str | None, url: str | None, chat: str | None, model: str | None, batch: str | None
) -> None:
    """Look, write, and say what was written."""
    from crumple.cli import init_templates, surroundings
    from crumple.config.finding import FILE
    from crumple.destinations import here

    named = {"--command": line, "--url": url, "--chat": chat, "--batch": batch}
    _check_options({name: value for name, value in named.items() if value is not None}, model)
    root = here(folder, where="FOLDER")
    if not root.is_dir():
        raise CrumpleError("there is no such folder", where=folder, hint="Make it first, or leave it out.")
    if (root / FILE).exists():
        raise CrumpleError("there is one already", where=str(root / FILE), hint="Edit it, or move it away first.")
    plan = _Plan(surroundings.find_documents(root))
    if all(value is None for value in named.values()):
        _plan_function(root, plan)
    else:
        _plan_other(root, plan, line, url, chat, model or "", batch)
    assert plan.tested is not None
    files = {**plan.files, **plan.tested.files}
    files[FILE] = init_templates.configuration(plan.tested, plan.documents, plan.examples, plan.tags)
    _check_free(root, [name for name in files if name != FILE])
    for name, content in files.items():
        _write(root / name, content)
    _explain(root, files, plan)


@dataclass(slots=True)
class _Plan:
    """What is to be written, as it is found out.

    Attributes:
        documents: those that were found, or are written.
        examples: of right answers.
        tested: the system.
        tags: of generated invoices, their shape.
        files: besides crumple.toml, name -> content.
        samples: whether the documents are written as examples.
    """

    documents: FoundDocuments | None
    examples: Examples = field(init=False)
    tested: Tested | None = None
    tags: str = "csv"
    files: dict[str, str | bytes] = field(default_factory=dict)
    samples: bool = False

    def __post_init__(self) -> None:
        from crumple.cli.init_systems import Examples

        self.examples = Examples()


def _check_options(named: dict[str, str], model: str | None) -> None:
    if len(named) > 1:
        raise CrumpleError(f"there is one system, and {' and '.join(named)} name several", where="init")
    if model is not None and "--chat" not in named:
        raise CrumpleError("goes with --chat URL", where="--model")
    if "--chat" in named and not model:
        raise CrumpleError("needs --model NAME", where="--chat", hint="The model as its service calls it.")


def _plan_function(root: Path, plan: _Plan) -> None:
    """A function that was found, or an example."""
    from crumple.cli import init_systems, init_templates, surroundings

    found = surroundings.find_system(root)
    refuses = ""
    if found is None:
        if (root / init_templates.SYSTEM_FILE).exists():
            raise CrumpleError(
                f"no function takes one document, and {init_templates.SYSTEM_FILE} is there already",
                where=str(root),
                hint="Write def read(document: bytes) in it, which returns what your system makes of a document; or "
                "name a command, a service or a chat model: see crumple init --help.",
            )
        text = init_templates.TEXT_SYSTEM if plan.documents else init_templates.INVOICE_SYSTEM
        plan.files[init_templates.SYSTEM_FILE] = text
        found = surroundings.FoundSystem("system:read", "bytes", gives_text=plan.documents is not None)
        refuses = "" if plan.documents else "system.Unreadable"
    plan.tested = init_systems.function(found, refuses)


def _plan_other(
    root: Path, plan: _Plan, line: str | None, url: str | None, chat: str | None, model: str, batch: str | None
) -> None:
    """A command, a service or a chat model."""
    from crumple.cli import init_systems

    if chat is not None:
        init_systems.check_url(chat, "--chat")
        plan.examples = _examples(root, plan.documents)
        plan.tags = "pdf"
        if plan.documents is None:
            plan.examples = _generated_examples()
        plan.tested = init_systems.chat(chat, model, plan.documents, plan.examples)
        return
    for each, make in ((line, init_systems.command), (batch, init_systems.batch), (url, init_systems.service)):
        if each is not None:
            make(each, plan.documents)  # what cannot be is said before anything is drawn
            if plan.documents is None:
                _add_samples(plan, each)
            plan.examples = _examples(root, None if plan.samples else plan.documents)
            plan.tested = make(each, plan.documents)


def _add_samples(plan: _Plan, line: str) -> None:
    """A few documents to begin with. They have no right answers, for nobody knows what the system makes of them."""
    from crumple.cli.surroundings import FoundDocuments
    from crumple.corpora import generated

    words = line.lower()
    shape = "csv" if "csv" in words else "png" if any(word in words for word in ("tesseract", "ocr", "png")) else "pdf"
    corpus = generated("invoices", {"count": 12})
    entries = [entry for entry in corpus.entries() if entry.id.endswith(f".{shape}")][:_SAMPLES]
    for entry in entries:
        plan.files[f"{_FOLDER}/{entry.id}"] = corpus.load(entry.id).document.data
    names = tuple(f"{_FOLDER}/{entry.id}" for entry in entries)
    plan.documents = FoundDocuments(_FOLDER, names, (entries[0].media_type,), 0, frozenset())
    plan.samples = True


def _examples(root: Path, documents: FoundDocuments | None) -> Examples:
    """Some of the right answers in the folder, and what goes with its documents."""
    from collections.abc import Mapping

    from crumple.cli.init_systems import Examples
    from crumple.corpora import folder
    from crumple.truth import ABSENT

    if documents is None:
        return Examples()
    corpus = folder(root / documents.path)
    cases = [corpus.load(entry.id) for entry in corpus.entries()[:_LOOKED_AT]]
    inputs = next((case.inputs for case in cases if isinstance(case.inputs, Mapping)), {})
    return Examples([case.truth for case in cases if case.truth is not ABSENT], tuple(inputs))


def _generated_examples() -> Examples:
    from crumple.cli.init_systems import Examples
    from crumple.corpora import generated

    return Examples([generated("invoices", {"count": 1}).load("invoice-0001.pdf").truth])


def _check_free(root: Path, names: list[str]) -> None:
    for name in names:
        if (root / name).exists():
            raise CrumpleError("there is a file already", where=str(root / name), hint="Move it away first.")


def _write(path: Path, content: str | bytes) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(path)) from None


def _counted(documents: FoundDocuments) -> str:
    """How many documents there are, and how many of them have a right answer."""
    number, truths = len(documents.names), documents.truths
    if number == 1:
        return f"1 document, {'with its' if truths else 'without a'} right answer beside it"
    how_many = "all" if truths == number else truths or "none"
    return f"{number} documents, {how_many} of them with the right answer beside it"


def _explain(root: Path, files: dict[str, str | bytes], plan: _Plan) -> None:
    from crumple.cli import init_templates
    from crumple.cli.init_systems import toml

    tested, documents = plan.tested, plan.documents
    assert tested is not None
    for name in files:
        emit(f"wrote {root / name}")
    emit(f"system: {tested.what}")
    if init_templates.SYSTEM_FILE in files:
        emit("        It is an example: put yours there; or name a command, a service or a chat model instead, see")
        emit("        crumple init --help")
    if documents is None:
        emit(f"corpus: 20 generated invoices, as {plan.tags.upper()}; put [corpus] path for documents of your own")
    elif plan.samples:
        emit(f"corpus: {documents.path}, {len(documents.names)} generated invoices to begin with; put yours there")
        emit("        Without right answers beside them the system's own clean answers stand in: consistency, not")
        emit("        correctness. crumple.toml says where to write right answers.")
    else:
        emit(f"corpus: {documents.path}, {_counted(documents)}")
        if documents.truths < len(documents.names):
            emit("        Without it the system's own clean answer stands in: consistency, not correctness.")
            emit("        crumple.toml says where to write right answers.")
    program = tested.program
    if program and shutil.which(program) is None and not (root / program).exists():
        emit(f"note: there is no {toml(program)} on PATH, nor in {root}")
    steps = [] if root.resolve() == Path.cwd() else [f"cd {quoted(str(root))}"]
    if tested.variable:
        steps.append(f"export {tested.variable}=...")
    emit(f"next: {', then '.join([*steps, 'crumple export FOLDER' if tested.by_hand else 'crumple run'])}")
