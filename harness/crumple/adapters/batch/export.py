"""Writing documents for a batch system: lanes write them as calls, in no order; then they get their names."""

from __future__ import annotations

import json
import os
import shutil
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crumple.adapters import Prepared, Request
from crumple.adapters.batch.manifest import (
    ANSWERS,
    DOCUMENTS,
    INPUTS,
    PARTS,
    README,
    Exported,
    Manifest,
    call_digest,
    plain,
    request_digest,
    write_manifest,
)
from crumple.errors import CrumpleError
from crumple.outcome import Ending, Reply

UNWRITTEN = "it cannot be written"
JUDGE = f"{__name__}:right"
_ANSWER = "exported"
_STAGED = ".staged"
_WORDS, _DOCUMENT, _INPUTS, _PART = "words", "document", "inputs", "part"
_LONGEST = 60.0
_SAME_TIME = 946684800  # the year 2000: when a file was written would tell the order of the calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSystem:
    """In place of a system: keeps what it is given in a folder, and says nothing of it.

    Attributes:
        folder: what is exported to.
        salt: what calls' digests are made with.
    """

    folder: Path
    salt: str

    @property
    def longest(self) -> float:
        """Seconds that writing one document may take."""
        return _LONGEST

    @property
    def concurrency(self) -> int:
        """One in each lane."""
        return 0

    def sees(self, view: type) -> bool:
        """A batch system is given files: it sees all damage."""
        return True

    def version(self) -> str:
        """Nothing is called."""
        return ""

    def divided(self, lanes: int) -> ExportSystem:
        """Each lane writes its own."""
        return self

    def adapter(self, scratch: Path) -> ExportAdapter:
        """An adapter for one lane."""
        return ExportAdapter(self)


class ExportAdapter:
    """Writes each request into a folder of its own, named by its call."""

    def __init__(self, system: ExportSystem) -> None:
        """Write below the system's folder."""
        self._system = system
        self._staged = system.folder / _STAGED
        self._out: deque[Reply] = deque()

    def start(self) -> None:
        """Nothing needs to be made ready."""

    def prepare(self, request: Request) -> Prepared:
        """The request itself."""
        return Prepared(request)

    def send(self, prepared: Prepared) -> None:
        """Write it."""
        try:
            self._write(prepared.message)
        except OSError as error:
            self._out.append(Reply(Ending.VOID, cause=f"{UNWRITTEN}: {error.strerror}", kind=UNWRITTEN))
        else:
            self._out.append(Reply(Ending.ANSWERED, _ANSWER))

    def _write(self, request: Request) -> None:
        call = call_digest(self._system.salt, request.key)
        folder = self._staged / f"{call}~"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / _DOCUMENT).write_bytes(request.document.data)
        if request.inputs is not None:
            _write_inputs(folder / _INPUTS, request)
        for number, part in enumerate(request.parts):
            (folder / f"{_PART}{number}").write_bytes(part.data)
        words = {
            "name": request.document.name,
            "parts": [part.name for part in request.parts],
            "digest": request_digest(request),
        }
        (folder / _WORDS).write_text(json.dumps(words), encoding="utf-8")
        # A lane that dies leaves nothing half done under a call's own name; one that is asked again writes the same.
        shutil.rmtree(self._staged / call, ignore_errors=True)
        os.rename(folder, self._staged / call)

    def receive(self) -> Reply:
        """That it was written."""
        return self._out.popleft()

    def close(self) -> None:
        """Nothing needs to be ended."""


def right(answer: object, truth: object) -> bool:
    """The judge of an export: nothing is known of any answer, so that all that was written is as it should be."""
    return True


def prepare_folder(folder: Path) -> None:
    """Make the folder that is exported to.

    Raises:
        CrumpleError: it is there and holds something, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CrumpleError("it is not empty", where=str(folder), hint="Name a folder that is new.")
        (folder / _STAGED).mkdir()
    except FileExistsError:
        raise CrumpleError("it is no folder", where=str(folder), hint="Name a folder that is new.") from None
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(folder)) from None


def write_one(folder: Path, request: Request) -> str:
    """A folder of one document, with an empty one for its answer; the document's name."""
    name = f"0001-{plain(request.document.name)}"
    (folder / ANSWERS).mkdir(parents=True)
    (folder / DOCUMENTS).mkdir()
    (folder / DOCUMENTS / name).write_bytes(request.document.data)
    if request.inputs is not None:
        (folder / INPUTS).mkdir()
        _write_inputs(folder / INPUTS / f"{name}.json", request)
    for at, part in enumerate(request.parts, start=1):
        (folder / PARTS / name).mkdir(parents=True, exist_ok=True)
        (folder / PARTS / name / f"{at}-{plain(part.name)}").write_bytes(part.data)
    return name


def _write_inputs(path: Path, request: Request) -> None:
    path.write_text(json.dumps(request.inputs, ensure_ascii=False, indent=1), encoding="utf-8", errors="surrogatepass")


def finish(folder: Path, salt: str, made: Mapping[str, Any], wishes: Mapping[str, Any], readme: str) -> Manifest:
    """Give what was written its names, in an order that says nothing, and write the list and the README.

    Raises:
        CrumpleError: something cannot be written; or nothing was exported.
    """
    staged = folder / _STAGED
    try:
        # The order of digests says nothing about what they are of.
        calls = sorted(each.name for each in staged.iterdir() if not each.name.endswith("~"))
        if not calls:
            raise CrumpleError("no document could be exported", where=str(folder))
        for name in (DOCUMENTS, ANSWERS):
            (folder / name).mkdir()
        digits = max(4, len(str(len(calls))))
        documents = [
            _named(folder, staged / call, f"{number:0{digits}d}", call) for number, call in enumerate(calls, start=1)
        ]
        shutil.rmtree(staged)
        manifest = Manifest(salt=salt, made=made, wishes=wishes, documents=documents)
        (folder / README).write_text(readme, encoding="utf-8")
        write_manifest(folder, manifest)
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(error.filename or folder)) from None
    return manifest


def discard(folder: Path) -> None:
    """Remove what an export that came to nothing has left."""
    for name in (_STAGED, DOCUMENTS, ANSWERS, INPUTS, PARTS):
        shutil.rmtree(folder / name, ignore_errors=True)


def _named(folder: Path, staged: Path, number: str, call: str) -> Exported:
    words = json.loads((staged / _WORDS).read_text("utf-8"))
    name = f"{number}-{plain(words['name'])}"
    _place(staged / _DOCUMENT, folder / DOCUMENTS / name)
    if (staged / _INPUTS).exists():
        _place(staged / _INPUTS, folder / INPUTS / f"{name}.json")
    for at, part in enumerate(words["parts"], start=1):
        _place(staged / f"{_PART}{at - 1}", folder / PARTS / name / f"{at}-{plain(part)}")
    return Exported(name, call, words["digest"])


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(source, target)
    os.utime(target, (_SAME_TIME, _SAME_TIME))
