"""Systems that are commands: each call runs the command once, in a folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crumple.adapters import Prepared, Request, executables
from crumple.adapters.command.calls import CommandCalls
from crumple.adapters.command.files import file_name, unfit
from crumple.adapters.placeholders import check as check_placeholders
from crumple.adapters.placeholders import filled, names
from crumple.adapters.reading import READERS
from crumple.adapters.refusal import check, compiled
from crumple.errors import CrumpleError, NotApplicable
from crumple.outcome import Reply
from crumple.views.inputs import Inputs
from crumple.workers.limits import Limits
from crumple.workers.program import leave_no_core

PLACEHOLDERS = ("input", "output", "work", "name", "media_type", "inputs", "parts")
_OF_SHELLS = frozenset("|<>&;$*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSystem:
    """A command and how its answer is read; pickled to every lane.

    In words and variables {input} is the document's file, {output} where the answer is to be written, {work} an empty
    folder, {parts} the folder of further documents; {name}, {media_type} and {inputs} are the case's. Without {input}
    the document is the command's standard input; without {output} its standard output is the answer.

    Attributes:
        root: the configuration file's folder: the working folder, and where relative paths begin.
        command: the program and its arguments.
        reads: how the answer is read: "text", "json", "csv" or "bytes".
        before: commands that are run before each call.
        answer_command: what prints the answer after each call; () where the command itself brings it.
        leaves: "nothing" where no values may be left after a refusal or crash; "" where nobody looks.
        refuses: by what the system refuses; see `crumple.adapters.refusal`.
        limits: what a call may take.
        env: variables that all of these have besides those of this process.
    """

    root: Path
    command: tuple[str, ...]
    reads: str = "text"
    before: tuple[tuple[str, ...], ...] = ()
    answer_command: tuple[str, ...] = ()
    leaves: str = ""
    refuses: tuple[object, ...] = ()
    limits: Limits = field(default_factory=Limits)
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.reads not in READERS:
            raise CrumpleError(f"there is no {self.reads!r}", where="[system] reads", got=self.reads, allowed=READERS)
        for key, argv in self.commands():
            _check_words(argv, f"[system] {key}")
            executables.found(argv[0], self.root, f"[system] {key}", executables.environment(self.env))
        for name, value in self.env.items():
            check_placeholders(value, PLACEHOLDERS, f"[system] env {name}")
        check(self.refuses, "command")
        if 0 in self.refuses:
            raise CrumpleError(
                "exit code 0 would make a refusal of every answer",
                where="[system] refuses",
                hint='Name what the answer then says: { matches = "..." }.',
            )
        self._check_leaves()

    def _check_leaves(self) -> None:
        if self.leaves not in {"", "nothing"}:
            raise CrumpleError(f"there is no {self.leaves!r}", where="[system] leaves", allowed=["nothing"])
        if self.leaves and not self.answer_command and not self.writes:
            raise CrumpleError(
                "nobody could tell what it has left",
                where="[system] leaves",
                hint="Name an answer_command that prints what is there, or have the answer written to {output}.",
            )

    def commands(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every command with its key, in the order that they run in."""
        for each in self.before:
            yield "before", each
        yield "command", self.command
        if self.answer_command:
            yield "answer_command", self.answer_command

    @property
    def named(self) -> frozenset[str]:
        """The placeholders that the command itself or its variables have."""
        return names((*self.command, *self.env.values()))

    @property
    def all_named(self) -> frozenset[str]:
        """Those that any of the commands, or their variables, have."""
        return self.named | names(word for _, argv in self.commands() for word in argv)

    @property
    def writes(self) -> bool:
        """Whether the answer is the file {output}."""
        return "output" in self.named and not self.answer_command

    @property
    def longest(self) -> float:
        """Seconds that one call may take at the most, with what runs before and after it."""
        return (self.limits.startup if self.before else 0.0) + 2 * self.limits.timeout

    @property
    def concurrency(self) -> int:
        """One call in each lane."""
        return 0

    def sees(self, view: type) -> bool:
        """Every damage to the document, whose bytes it is given; to the case's inputs where it is given those."""
        return view is not Inputs or "inputs" in self.all_named

    def divided(self, lanes: int) -> CommandSystem:
        """The same: each lane runs the command for itself."""
        return self

    def version(self) -> str:
        """A digest of the programs, and of the files that their arguments name."""
        return executables.version_of(
            [argv for _, argv in self.commands()], self.root, executables.environment(self.env)
        )

    def adapter(self, scratch: Path) -> CommandAdapter:
        """An adapter for one lane, which keeps its files in `scratch`."""
        return CommandAdapter(self, scratch)


def _check_words(argv: tuple[str, ...], where: str) -> None:
    if not argv or not argv[0]:
        raise CrumpleError("it names no command", where=where, hint='Like ["pdftotext", "{input}", "-"].')
    if len(argv) == 1 and " " in argv[0].strip() and not os.path.exists(argv[0]):
        shell = any(sign in _OF_SHELLS for sign in argv[0])
        words = ", ".join(json.dumps(word) for word in (["sh", "-c", argv[0]] if shell else argv[0].split()))
        hint = f"A shell must be named: [{words}]." if shell else f"Write its words apart: [{words}]."
        raise CrumpleError(f"{argv[0]!r} is one word", where=where, hint=hint)
    if names(argv[:1]):
        raise CrumpleError(f"the command itself, {argv[0]!r}, cannot be a placeholder", where=where)
    for word in argv:
        check_placeholders(word, PLACEHOLDERS, where)


class CommandAdapter:
    """Runs the command, one document at a time, in a thread: its limits hold while the lane is busy with the next."""

    def __init__(self, system: CommandSystem, scratch: Path) -> None:
        """Prepare; nothing runs before the first call."""
        self._system = system
        self._calls = CommandCalls(system, compiled(system.refuses, system.root, "command"), scratch)
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="crumple commands", daemon=True)
        named = system.all_named
        self._sees_name = bool(named & {"input", "name"})
        self._sees_type = "media_type" in named
        self._words = [
            word
            for word in (*system.env.values(), *(word for _, argv in system.commands() for word in argv))
            if names((word,)) & {"name", "media_type", "inputs"}
        ]

    def start(self) -> None:
        """Make ready; the command itself is first run by a call."""
        leave_no_core()
        self._thread.start()

    def prepare(self, request: Request) -> Prepared:
        """The request as it is, and a digest of what the command will see of its document.

        Raises:
            NotApplicable: a file or an argument cannot have its name or inputs.
        """
        document = request.document
        for each in (document, *request.parts):
            file_name(each.name)
        values = {"name": document.name, "media_type": document.media_type, "inputs": request.inputs}
        for word in self._words:
            if why := unfit(filled(word, values)):
                raise NotApplicable(why)
        form = hashlib.blake2b(document.data, digest_size=16)
        for seen, text in ((self._sees_name, document.name), (self._sees_type, document.media_type)):
            form.update(b"\0" + text.encode("utf-8", "surrogatepass") if seen else b"")
        return Prepared(request, form.digest())

    def send(self, prepared: Prepared) -> None:
        """Begin a call, or put it behind those that are out."""
        self._requests.put(prepared.message)

    def receive(self) -> Reply:
        """Wait for the end of the oldest call that is out."""
        return self._replies.get()

    def close(self) -> None:
        """End what runs, and everything that it started."""
        self._requests.put(None)
        self._calls.end()
        if self._thread.is_alive():
            self._thread.join()
        self._calls.close()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None:
            self._calls.call(request, self._replies.put)
