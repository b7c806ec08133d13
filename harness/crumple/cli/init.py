"""`crumple init`: a crumple.toml that runs, for the folder as it is found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.errors import CrumpleError
from crumple.plain_text import quoted

if TYPE_CHECKING:
    from crumple.cli.surroundings import FoundDocuments, FoundSystem

_HELP = """Write a crumple.toml that runs, and say what is in it. Asks nothing, calls nothing, overwrites nothing.

It looks for a function that takes one document (extract, read, parse, predict, ...) in the folder's modules, and for
documents in corpus/, samples/, documents/, data/ or the folder itself. Where there is no such function it writes an
example, system.py; where there are no documents, invoices are generated.

\b
Examples:
  crumple init
  crumple init my_project
"""


@click.command("init", help=_HELP, short_help="Write a crumple.toml for this folder.")
@click.argument("folder", default=".")
def command(folder: str) -> None:
    """Look, write, and say what was written."""
    from crumple.cli import init_templates, surroundings
    from crumple.config.finding import FILE

    root = Path(folder)
    if not root.is_dir():
        raise CrumpleError("there is no such folder", where=folder, hint="Make it first, or leave it out.")
    if (root / FILE).exists():
        raise CrumpleError("there is one already", where=str(root / FILE), hint="Edit it, or move it away first.")
    documents = surroundings.find_documents(root)
    system = surroundings.find_system(root)
    files: dict[str, str] = {}
    example = system is None
    if system is None:
        if (root / init_templates.SYSTEM_FILE).exists():
            raise CrumpleError(
                f"no function takes one document, and {init_templates.SYSTEM_FILE} is there already",
                where=folder,
                hint="Write def read(document: bytes) in it, which returns what your system makes of a document.",
            )
        files[init_templates.SYSTEM_FILE] = init_templates.TEXT_SYSTEM if documents else init_templates.INVOICE_SYSTEM
        system = surroundings.FoundSystem("system:read", "bytes", gives_text=documents is not None)
    files[FILE] = init_templates.configuration(system, documents, example=example)
    for name, text in files.items():
        _write(root / name, text)
    _explain(root, list(files), system, documents)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(path)) from None


def _counted(documents: FoundDocuments) -> str:
    """How many documents there are, and how many of them have a right answer."""
    number, truths = len(documents.names), documents.truths
    if number == 1:
        return f"1 document, {'with its' if truths else 'without a'} right answer beside it"
    how_many = "all" if truths == number else truths or "none"
    return f"{number} documents, {how_many} of them with the right answer beside it"


def _explain(root: Path, files: list[str], system: FoundSystem, documents: FoundDocuments | None) -> None:
    for name in files:
        emit(f"wrote {root / name}")
    emit(f"system: {system.target}, given {system.input}")
    if documents is None:
        emit("corpus: 20 generated invoices, as CSV; put [corpus] path for documents of your own")
    else:
        emit(f"corpus: {documents.path}, {_counted(documents)}")
        if documents.truths < len(documents.names):
            emit("        Without it the system's own clean answer stands in: consistency, not correctness.")
            emit("        crumple.toml says where to write right answers.")
    emit("next: crumple run" if root.resolve() == Path.cwd() else f"next: cd {quoted(str(root))}, then crumple run")
