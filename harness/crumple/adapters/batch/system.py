"""A command that processes a whole folder: run over all documents at once, or over one to make a call again."""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from crumple.adapters import Prepared, Request, executables
from crumple.adapters.batch.answers import collect
from crumple.adapters.batch.export import write_one
from crumple.adapters.batch.judged import JudgedSystem, check_refusals, conditions, reply_to
from crumple.adapters.batch.manifest import ANSWERS, DOCUMENTS, INPUTS, PARTS
from crumple.adapters.placeholders import check, filled, names
from crumple.adapters.refusal import compiled
from crumple.adapters.replies import own_lines, stopped
from crumple.adapters.versions import UNKNOWN
from crumple.errors import CrumpleError, VoidRunError
from crumple.outcome import Ending, Reply
from crumple.workers import descendants
from crumple.workers.limits import Limits
from crumple.workers.memory import MemoryWatch
from crumple.workers.program import Ended, Program, ProgramProcess

_WHERE: Final = "[system] batch"
_FOLDERS: Final[Mapping[str, str]] = {"input": DOCUMENTS, "output": ANSWERS, "inputs": INPUTS, "parts": PARTS}
_LONGEST_OUTPUT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSystem:
    """A command that is given a folder of documents and writes one of answers; pickled to every lane.

    Attributes:
        root: the configuration file's folder: the command's working folder.
        command: its words, in which {input}, {output}, {inputs} and {parts} are the folders; () where a person
            processes what is exported.
        refuses: "missing", "empty", or by what an answer is a refusal.
        reads: how answers' files are read; "" is by their endings.
        limits: what the command may take for all documents together, and how large one answer may be.
        env: variables that it has besides those of this process.
    """

    root: Path
    command: tuple[str, ...] = ()
    refuses: tuple[object, ...] = ()
    reads: str = ""
    limits: Limits = field(default_factory=Limits)
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_refusals(self.refuses)
        for word in self.command:
            check(word, list(_FOLDERS), _WHERE)
        for name in ("input", "output"):
            if self.command and name not in names(self.command):
                raise CrumpleError(
                    f"it does not say where {{{name}}} is",
                    where=_WHERE,
                    hint='Like ["process", "{input}", "{output}"]: the folder of documents, and the one for answers.',
                )

    @property
    def longest(self) -> float:
        """Seconds that one call, a batch of one, may take."""
        return self.limits.timeout

    @property
    def concurrency(self) -> int:
        """One in each lane."""
        return 0

    def sees(self, view: type) -> bool:
        """It is given files: it sees all damage."""
        return True

    def version(self) -> str:
        """A digest of the program, and of the files and modules that its words name."""
        try:
            return executables.version_of(
                [self.command] if self.command else [], self.root, self._environment(), _WHERE
            )
        except CrumpleError:  # judged where it is not installed
            return UNKNOWN

    def divided(self, lanes: int) -> BatchSystem:
        """Each lane has its own."""
        return self

    def adapter(self, scratch: Path) -> BatchAdapter:
        """An adapter that has each call processed as a batch of one."""
        return BatchAdapter(self, scratch)

    def _environment(self, folders: Mapping[str, str] | None = None) -> dict[str, str]:
        return executables.environment({name: filled(value, folders or {}) for name, value in self.env.items()})

    def check(self) -> str:
        """Find the command's program; its path.

        Raises:
            CrumpleError: there is none, or no such program.
        """
        if not self.command:
            raise CrumpleError(
                "it is processed by hand",
                where=_WHERE,
                hint="`crumple export FOLDER` writes the documents; `crumple judge FOLDER` judges the answers; "
                "`crumple mutate FILE --with RECIPE -o OUT` makes one degraded document again.",
            )
        return executables.found(self.command[0], self.root, _WHERE, self._environment())

    def process(self, folder: Path) -> None:
        """Have the command process a folder's documents.

        Raises:
            CrumpleError: there is no such command.
            VoidRunError: it failed, or took more than it may: of no document is anything known.
        """
        self.check()
        before = descendants.adopts_strays()
        descendants.adopt_strays()
        try:
            ended = self.run(folder)
        finally:
            descendants.adopt_strays(before)
        if ended.by_itself and ended.stop.status == 0:
            return
        reply = stopped(self.limits, ended.stop, "", ended.seconds)
        answers = sum(1 for _ in os.scandir(folder / ANSWERS))
        documents = sum(1 for _ in os.scandir(folder / DOCUMENTS))
        output = own_lines(ended.output)[-_LONGEST_OUTPUT:].strip()
        raise VoidRunError(
            f"the command failed as a whole: {reply.cause}; {answers} of {documents} documents were answered",
            where=_WHERE,
            hint="Of no document can it be said what it did. If one of them ends the whole batch, have the command "
            "go on with the next, or name it as [system] command, which is called for each."
            + (f"\nIts last output:\n{output}" if output else ""),
        )

    def run(self, folder: Path) -> Ended:
        """Run the command over a folder's documents, and end everything that it started.

        Raises:
            CrumpleError: there is no such command, or it cannot be started.
        """
        values = {name: str(folder / each) for name, each in _FOLDERS.items()}
        program = Program(
            argv=(self.command[0], *(filled(word, values) for word in self.command[1:])),
            executable=self.check(),
            folder=str(self.root),
            env=self._environment(values),
            answers=False,
        )
        watch = MemoryWatch(self.limits.memory)
        process = ProgramProcess(program, self.limits, watch, self.limits.timeout)
        try:
            return process.wait()
        except BaseException:
            process.end()
            raise
        finally:
            watch.stop()


class BatchAdapter:
    """Calls the command with folders of one document."""

    def __init__(self, system: BatchSystem, scratch: Path) -> None:
        """Write folders below `scratch`."""
        self._system = system
        self._scratch = scratch / "batches"
        self._refusals = compiled(conditions(system.refuses), system.root)
        self._judged = JudgedSystem(
            folder=scratch,
            answers=scratch,
            root=system.root,
            refuses=system.refuses,
            reads=system.reads,
            largest=system.limits.answer,
        )
        self._calls = 0
        self._out: deque[tuple[Path, str]] = deque()

    def start(self) -> None:
        """See whether the command can be run.

        Raises:
            CrumpleError: it cannot be.
        """
        self._system.check()

    def prepare(self, request: Request) -> Prepared:
        """The request itself."""
        return Prepared(request)

    def send(self, prepared: Prepared) -> None:
        """Write the folder; the command is run when its answer is asked for."""
        self._calls += 1
        folder = self._scratch / str(self._calls)
        self._out.append((folder, write_one(folder, prepared.message)))

    def receive(self) -> Reply:
        """Run the command over the oldest folder, and read the answer."""
        folder, name = self._out.popleft()
        try:
            ended = self._system.run(folder)
            if not ended.by_itself or ended.stop.status != 0:
                return stopped(self._system.limits, ended.stop, ended.output, ended.seconds)
            answers = collect(folder / ANSWERS, [name])
            return replace(reply_to(name, answers, self._refusals, self._judged), seconds=ended.seconds)
        except CrumpleError as error:
            return Reply(Ending.VOID, cause=str(error), kind="batch")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Nothing is left running."""
