"""What the README and the pages of docs/ show: files, commands, and what these print.

A test takes a page's files by `write_page("docs/fuzz.md", folder)`, any other block by how it begins,
`block("docs/fuzz.md", "3 kinds of failure")`, and its commands by `words_of`. These calls are looked for by
tests/docs/test_every_block.py, which fails for a block that no test takes.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"\A# ([\w./-]+\.\w+)(?:, [^\n]*)?\n")
_BUILT: Final = "docs/mutators/"  # what is in these pages is made by what it is about; see docs/mutator_pages.py


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code on a page.

    Attributes:
        page: its path below the repository's folder.
        line: where it begins, from 1.
        language: what its fence says; "" of a block that is indented, or says nothing.
        text: all that is in it.
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        """The name of the file that it shows, as its first line says; "" where it shows none."""
        found = _NAMED.match(self.text)
        return found[1] if found else ""

    @property
    def content(self) -> str:
        """What is in the file that it shows."""
        return _NAMED.sub("", self.text)

    def __str__(self) -> str:
        return f"{self.page}:{self.line} ({self.language or 'no language'}: {self.text.partition(chr(10))[0]!r})"


def pages() -> tuple[str, ...]:
    """Every page that people write, by its path below the repository's folder."""
    below = (str(each.relative_to(ROOT)) for each in sorted((ROOT / "docs").rglob("*.md")))
    return ("README.md", *(each for each in below if not each.startswith(_BUILT)))


@cache
def text_of(page: str) -> str:
    """A page as it is written."""
    return (ROOT / page).read_text("utf-8")


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """Every block of code on a page, also those that are indented."""
    return tuple(
        Block(page, token.map[0] + 1, token.info.partition(" ")[0], token.content)
        for token in _tokens(page)
        if token.type in {"fence", "code_block"} and token.map
    )


@cache
def spoken(page: str) -> tuple[str, ...]:
    """Every piece of code within a page's lines."""
    inner = (each for token in _tokens(page) for each in token.children or ())
    return tuple(" ".join(each.content.split()) for each in inner if each.type == "code_inline")


def block(page: str, beginning: str) -> str:
    """What is in the one block of a page that begins so."""
    found = [each for each in blocks(page) if each.text.startswith(beginning)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} blocks of {page} begin with {beginning!r}")
    return found[0].content


def words_of(page: str, beginning: str) -> list[list[str]]:
    """The commands of the one block that begins so, each as words after the program's name."""
    lines = [line for line in block(page, beginning).splitlines() if line.strip()]
    session = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    found = (shlex.split(line, comments=True) for line in session or lines)
    return [words[1:] for words in found if words]


def write_page(page: str, folder: Path) -> Path:
    """Write the files that a page shows into a folder, which is returned."""
    for each in blocks(page):
        if each.file:
            path = folder / each.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.content, "utf-8")
    return folder


def write_orders(folder: Path, count: int) -> None:
    """So many exports of orders with their totals, in a new folder."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.csv").write_text(f"amount,article\n{number}2.50,nails\n1.00,tape\n", "utf-8")
        truth = json.dumps({"total": 10.0 * number + 3.5})
        (folder / f"{number}.csv.truth.json").write_text(truth, "utf-8")


@cache
def _tokens(page: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text_of(page))
