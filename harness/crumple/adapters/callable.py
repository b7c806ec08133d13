"""Systems that are Python functions: each lane calls its own, in a worker under the system's interpreter."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crumple.adapters import Prepared, Request, versions
from crumple.adapters.forms import INPUTS
from crumple.adapters.loading import Target
from crumple.adapters.refusal import check, compiled
from crumple.adapters.replies import one_line, reply_to
from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.outcome import Ending, Reply
from crumple.workers.limits import Limits
from crumple.workers.process import Command
from crumple.workers.supervisor import TRIES, Workers

_TARGET = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallableSystem:
    """A function, or what builds one; pickled to every lane.

    Attributes:
        call: "module:function", plain or async.
        factory: "module:function" that is called once in each worker and returns the function; instead of `call`.
        input: what the function is given: "bytes", "path", "text", "image" or "record". Further parameters called
            `name`, `media_type`, `inputs` or `parts` are given by keyword.
        root: the configuration file's folder: first on the path, and the working folder.
        python: the interpreter that the system lives in, from `root` or on PATH; "" is crumple's own.
        refuses: by what the system refuses; see `crumple.adapters.refusal`.
        limits: what a call may take.
        env: variables that the system has besides those of this process.
    """

    root: Path
    call: str = ""
    factory: str = ""
    input: str = "bytes"
    python: str = ""
    refuses: tuple[object, ...] = ()
    limits: Limits = field(default_factory=Limits)
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.call) == bool(self.factory):
            raise CrumpleError("exactly one of call and factory names the function", where="[system]")
        if not _TARGET.fullmatch(self.target):
            raise CrumpleError(
                f'{self.target!r} does not read "module:function"',
                where=f"[system] {self.key}",
                hint='Like "invoices:extract".',
            )
        if self.input not in INPUTS:
            raise CrumpleError(
                f"there is no input {self.input!r}", where="[system] input", got=self.input, allowed=INPUTS
            )
        check(self.refuses)

    @property
    def target(self) -> str:
        """What is named by `call` or `factory`."""
        return self.call or self.factory

    @property
    def key(self) -> str:
        """Which of the two it is named by."""
        return "call" if self.call else "factory"

    @property
    def longest(self) -> float:
        """Seconds that one call may take at the most, with workers that die before they read it."""
        return TRIES * (self.limits.startup + self.limits.timeout)

    @property
    def concurrency(self) -> int:
        """One call in each lane, which has workers of its own."""
        return 0

    def sees(self, view: type) -> bool:
        """Whether damage made in this view survives the form that the function takes."""
        return INPUTS[self.input].sees(view)

    def version(self) -> str:
        """A digest of the files of the function's module, or its package's where it is in one."""
        return versions.of_module(self.target.partition(":")[0], self.root)

    def divided(self, lanes: int) -> CallableSystem:
        """The same for every lane."""
        return self

    def interpreter(self) -> str:
        """The interpreter's absolute path, links not resolved.

        Raises:
            CrumpleError: there is none of this name.
        """
        if not self.python:
            return sys.executable
        if os.sep in self.python:
            found: str | None = os.path.abspath(self.root / self.python)
        else:
            found = shutil.which(self.python)
        if found is None or not os.access(found, os.X_OK) or os.path.isdir(found):
            raise CrumpleError(
                f"there is no interpreter {self.python!r}",
                where="[system] python",
                hint=f"A path is taken from {self.root}, a bare name from PATH.",
            )
        return os.path.abspath(found)

    def adapter(self, scratch: Path) -> CallableAdapter:
        """An adapter for one lane, which keeps its files in `scratch`."""
        return CallableAdapter(self, scratch)


@dataclass(frozen=True, slots=True)
class _Message:
    """A call as it is sent: its number, the frame's header and body, and the folder of its files."""

    call: int
    header: dict[str, Any]
    body: tuple[bytes, ...]
    folder: Path | None


class CallableAdapter:
    """Calls the function in a worker, one document at a time."""

    def __init__(self, system: CallableSystem, scratch: Path) -> None:
        """Prepare; `start` loads the system."""
        self._system = system
        self._scratch = scratch
        self._input = INPUTS[system.input]
        self._refusals = compiled(system.refuses, system.root)
        self._root = root = os.path.abspath(system.root)
        temporary = scratch / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        command = Command(
            system.interpreter(),
            root,
            {
                "call": system.call,
                "factory": system.factory,
                "input": system.input,
                "root": root,
                "refuses": [name for name in self._refusals.exceptions if "." in name],
            },
            # What a killed system leaves behind goes with the lane.
            {"TMPDIR": str(temporary), **system.env},
        )
        target = Target(system.target, system.key, system.root, system.limits)
        self._workers = Workers(command, system.limits, target.why_not)
        self._takes: tuple[str, ...] = ()
        self._calls = 0
        self._out: deque[tuple[_Message, Reply | None]] = deque()
        self._began = 0.0

    def start(self) -> None:
        """Load the system.

        Raises:
            CrumpleError: it cannot be.
        """
        self._workers.start()
        self._takes = tuple(self._workers.ready["takes"])

    def settle(self) -> None:
        """Have the system loaded for the next call.

        Raises:
            CrumpleError: it cannot be.
        """
        self._workers.settle()

    def prepare(self, request: Request) -> Prepared:
        """Put a request into the function's form.

        Raises:
            NotApplicable: the document cannot be given so.
        """
        self._calls += 1
        form = self._input.form(request.document)
        header = {"id": self._calls, **form.words}
        folder = None
        if self._system.input == "path":
            folder = self._scratch / "calls" / str(self._calls)
            header["path"] = _written(folder, request.document)
            body: tuple[bytes, ...] = ()
        else:
            body = (form.body,)
        if self._takes:
            header["given"] = self._given(request, folder)
            if "parts" in self._takes:
                body += tuple(part.data for part in request.parts)
        return Prepared(_Message(self._calls, header, body, folder), form.seen if self._sees_form_alone else None)

    @property
    def _sees_form_alone(self) -> bool:
        """Whether the function is given nothing of a document but its form: no name, no media type."""
        if self._input.views is not None:
            return True
        return self._system.input == "bytes" and not {"name", "media_type"} & set(self._takes)

    def _given(self, request: Request, folder: Path | None) -> dict[str, Any]:
        document = request.document
        given: dict[str, Any] = {
            "name": document.name,
            "media_type": document.media_type,
            "inputs": request.inputs,
            "parts": [],
        }
        if "parts" in self._takes:
            for number, part in enumerate(request.parts):
                words: dict[str, Any] = {"name": part.name, "media_type": part.media_type, "size": len(part.data)}
                if folder is not None:
                    words["path"] = _written(folder / str(number), part)
                given["parts"].append(words)
        return {name: given[name] for name in self._takes}

    def send(self, prepared: Prepared) -> None:
        """Begin a call, or put it behind those that are out."""
        message: _Message = prepared.message
        void = None
        try:
            self._workers.send(message.call, message.header, message.body)
        except CrumpleError as error:
            void = _void(error)
        self._out.append((message, void))
        if len(self._out) == 1:
            self._began = time.monotonic()

    def receive(self) -> Reply:
        """Wait for the answer to the oldest call that is out, or for what ended it."""
        message, void = self._out.popleft()
        try:
            if void is not None:
                return void
            heard, output = self._workers.receive(message.call)
            now = time.monotonic()
            seconds, self._began = now - self._began, now
            return reply_to(self._system.limits, self._refusals, heard, output, seconds, self._root)
        except CrumpleError as error:
            return _void(error)
        finally:
            if message.folder is not None:
                shutil.rmtree(message.folder, ignore_errors=True)

    def close(self) -> None:
        """End the system and everything it started."""
        self._workers.close()


def _void(error: CrumpleError) -> Reply:
    what, _, trace = str(error).partition("\n")
    return Reply(Ending.VOID, cause=one_line(what), kind="cannot be started again", detail=trace.strip())


def _written(folder: Path, document: Document) -> str:
    """The path of a file with the document's own name and content."""
    folder.mkdir(parents=True)
    path = folder / (Path(document.name).name or "document")
    path.write_bytes(document.data)
    return str(path)
