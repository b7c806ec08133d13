"""The files of one call of a command: its folder with the document, written before it and removed after it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from crumple.adapters import Request
from crumple.adapters.reading import Misread
from crumple.errors import NotApplicable
from crumple.truth import Truth

_LONGEST_NAME = 255
_NO_NAME = "document"
_OUTPUT = "output"


class TooLarge(Exception):  # noqa: N818 - a fact about an answer, not an error of ours
    """An answer's file is larger than an answer may be; `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True, slots=True)
class CallFiles:
    """Where one call keeps what.

    Attributes:
        folder: of this call alone; everything else is in it.
        input: the document, under its own name.
    """

    folder: Path
    input: Path

    @classmethod
    def of(cls, folder: Path, request: Request) -> CallFiles:
        """The places for a request; nothing is written yet."""
        return cls(folder, folder / "input" / file_name(request.document.name))

    @property
    def work(self) -> Path:
        """The folder that the command may do in what it likes."""
        return self.folder / "work"

    @property
    def temporary(self) -> Path:
        """Where its temporary files go."""
        return self.folder / "tmp"

    @property
    def parts(self) -> Path:
        """The folder of the case's further documents."""
        return self.folder / "parts"

    @property
    def answers(self) -> Path:
        """The folder that its answer is written to."""
        return self.folder / "answer"

    @property
    def output(self) -> Path:
        """The file that its answer is written to."""
        return self.answers / _OUTPUT

    def values(self, request: Request) -> dict[str, Truth]:
        """What the placeholders stand for."""
        return {
            "input": str(self.input),
            "output": str(self.output),
            "work": str(self.work),
            "name": request.document.name,
            "media_type": request.document.media_type,
            "inputs": request.inputs,
            "parts": str(self.parts),
        }

    def known(self, request: Request) -> list[tuple[str, str]]:
        """What belongs to this call alone in messages, the longest first, and what stands for it."""
        values = self.values(request)
        known = [(str(values[name]), f"{{{name}}}") for name in ("input", "output", "work", "parts", "name")]
        known += [(str(self.folder), "{folder}"), (Path(request.document.name).stem, "{name}")]
        return sorted(((text, name) for text, name in known if len(text) > 2), key=lambda each: -len(each[0]))

    def write(self, request: Request, named: Collection[str]) -> None:
        """Make the folders, and write the documents.

        Args:
            request: what is written.
            named: the placeholders that the commands have; what they do not have is not made.

        Raises:
            OSError: they cannot be written.
        """
        self.input.parent.mkdir(parents=True)
        self.temporary.mkdir()
        for folder, name in ((self.work, "work"), (self.parts, "parts"), (self.answers, "output")):
            if name in named:
                folder.mkdir()
        self.input.write_bytes(request.document.data)
        if "parts" not in named:
            return
        taken: set[str] = set()
        for number, part in enumerate(request.parts):
            name = file_name(part.name)
            name = name if name not in taken else f"{number}-{name}"
            taken.add(name)
            (self.parts / name).write_bytes(part.data)

    def answer(self, most: int) -> bytes:
        """What was written as the answer: {output}, or the one file that is {output} with an ending of the command's.

        Raises:
            Misread: there is none.
            TooLarge: it has more than `most` bytes.
        """
        path = self.output if os.path.lexists(self.output) else self._with_ending()
        try:
            # Not waiting: it may have left a named pipe there.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise Misread.missing(f"{{output}} cannot be read: {error.strerror}") from None
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Misread.missing("{output} is no file")
            if status.st_size > most:
                raise TooLarge(status.st_size)
            return file.read(most)

    def _with_ending(self) -> Path:
        found = [each for each in self.answers.glob(f"{_OUTPUT}.*") if not each.is_dir()]
        if len(found) != 1:
            raise Misread.missing("it has written no file {output}" if not found else "it has written several files")
        return found[0]

    def remove(self) -> None:
        """Remove it all, folders that were made unwritable too."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.exists():
            for path, _, _ in os.walk(self.folder):
                _open_up(path)
            shutil.rmtree(self.folder, ignore_errors=True)


def _open_up(path: str) -> None:
    try:
        os.chmod(path, stat.S_IRWXU)
    except OSError:
        return


def file_name(name: str) -> str:
    """The name that a document's file has: its own, without folders.

    Raises:
        NotApplicable: no file can have it.
    """
    plain = Path(name).name
    plain = _NO_NAME if plain in {"", ".", ".."} else plain
    try:
        size = len(os.fsencode(plain))
    except UnicodeEncodeError:
        size = _LONGEST_NAME + 1
    if size > _LONGEST_NAME or "\0" in plain:
        raise NotApplicable("no file can have its name")
    return plain


def unfit(word: str) -> str:
    """Why a text cannot be an argument or a variable of a program; "" where it can."""
    try:
        size = len(os.fsencode(word))
    except UnicodeEncodeError:
        return "it has characters that no argument of a program can hold"
    if "\0" in word:
        return "it has a NUL, which no argument of a program can hold"
    # What Linux takes for one argument: 32 pages.
    return "it is longer than an argument of a program may be" if size >= 131_072 else ""
