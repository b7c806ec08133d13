"""One call of a command, from its empty folder to its reply: what runs before it, itself, what reads the answer."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.adapters import Request, executables
from crumple.adapters.command.files import CallFiles, TooLarge
from crumple.adapters.generalised import general, last_line
from crumple.adapters.placeholders import filled
from crumple.adapters.reading import Misread, read
from crumple.adapters.refusal import Refusals
from crumple.adapters.replies import answered, detailed, how_it_ended, one_line, own_fault, signal_name, stopped
from crumple.adapters.traces import dumped_place, named, python_trace
from crumple.errors import CrumpleError
from crumple.normalise import holds_values
from crumple.outcome import Ending, Reply
from crumple.truth import Truth
from crumple.workers.memory import MemoryWatch
from crumple.workers.process import Reason, Stop
from crumple.workers.program import Ended, Program, ProgramProcess

if TYPE_CHECKING:
    from crumple.adapters.command.system import CommandSystem

_LONGEST_SAID = 20_000


class CommandCalls:
    """Makes calls of one system, one after the other, from one thread; `end` may come from another."""

    def __init__(self, system: CommandSystem, refusals: Refusals, scratch: Path) -> None:
        """Make calls with files in `scratch`."""
        self._system = system
        self._limits = system.limits
        self._refusals = refusals
        self._scratch = scratch / "calls"
        self._watch = MemoryWatch(system.limits.memory)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._running: ProgramProcess | None = None
        self._over = False

    def call(self, request: Request, tell: Callable[[Reply], None]) -> None:
        """Make one call, tell what came of it, and remove its files, for which nobody need wait.

        Never raises for what the command does.
        """
        files = CallFiles.of(self._scratch / str(next(self._numbers)), request)
        try:
            tell(self._made(request, files))
        finally:
            files.remove()

    def _made(self, request: Request, files: CallFiles) -> Reply:
        try:
            files.write(request, self._system.all_named)
            return _Call(self, request, files).reply()
        except OSError as error:
            return _void(f"the call's files cannot be written: {error.strerror or error}", "files")
        except CrumpleError as error:
            return _void(str(error), "cannot be run")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the call must come to an end
            return own_fault(error)

    def run(self, program: Program, seconds: float) -> Ended:
        """Run a program to its end.

        Raises:
            CrumpleError: it cannot be started.
        """
        with self._lock:
            if self._over:
                raise CrumpleError("the lane is ending", where="crumple")
            process = self._running = ProgramProcess(program, self._limits, self._watch, seconds)
        try:
            return process.wait()
        finally:
            self._running = None

    def end(self) -> None:
        """Kill what runs, and let nothing run any more."""
        with self._lock:
            self._over = True
            if (running := self._running) is not None:
                running.end()

    def close(self) -> None:
        """Stop to watch."""
        self._watch.stop()


class _Call:
    """What one call needs to know of itself."""

    def __init__(self, calls: CommandCalls, request: Request, files: CallFiles) -> None:
        self._calls = calls
        self._system = calls._system
        self._limits = calls._limits
        self._refusals = calls._refusals
        self._files = files
        self._request = request
        self._values: Mapping[str, Truth] = files.values(request)
        added = {name: filled(text, self._values) for name, text in self._system.env.items()}
        self._env = executables.environment({"TMPDIR": str(files.temporary), **added})

    def reply(self) -> Reply:
        """Run everything there is to run, and say what came of it."""
        left = self._limits.startup
        for argv in self._system.before:
            ended = self._run("before", argv, seconds=max(left, 0.001))
            left -= ended.seconds
            if not ended.by_itself or ended.stop.status:
                return self._not_set_up(argv, ended)
        system = self._system
        ended = self._run("command", system.command, answers=not system.answer_command, writes=system.writes)
        if not ended.by_itself:
            return stopped(self._limits, ended.stop, ended.output, ended.seconds)
        if ended.stop.status:
            return self._without_values(self._failed(ended))
        reply = self._answer(ended)
        return self._without_values(reply) if reply.ending is Ending.REFUSED else reply

    def _run(
        self, key: str, argv: Sequence[str], seconds: float = 0.0, *, answers: bool = True, writes: bool = False
    ) -> Ended:
        system, root = self._system, str(self._system.root.absolute())
        path = executables.found(argv[0], system.root, f"[system] {key}", self._env)
        words = tuple(filled(word, self._values) for word in argv[1:])
        # Where the command is not given the document's file, the document is what it reads.
        fed = key == "command" and "input" not in system.named
        program = Program(
            argv=(argv[0], *words),
            executable=path,
            folder=root,
            env=self._env,
            reads=str(self._files.input) if fed else "",
            answers=answers and not writes,
            writes=str(self._files.answers) if writes else "",
        )
        return self._calls.run(program, seconds or self._limits.timeout)

    def _not_set_up(self, argv: Sequence[str], ended: Ended) -> Reply:
        """What was to run before the call has failed: nothing is known of the system."""
        how = stopped(self._limits, ended.stop, "", 0.0).cause if not ended.by_itself else self._status(ended)[0]
        if ended.stop.reason is Reason.TIME:
            how = f"not done within {self._limits.startup:g} s"
        output = ended.output or _text(ended.answer)
        return _void(f"before: {argv[0]}: {how}", "before", detailed("", output))

    def _failed(self, ended: Ended) -> Reply:
        """A refusal, or a crash, of a command that has ended with anything but 0."""
        status, output = ended.stop.status, ended.output
        said = output if not ended.answer else f"{output}\n{_text(ended.answer)}"
        cause, kind = self._status(ended)
        detail = detailed("", output or _text(ended.answer))
        entry = self._refusals.said(said)
        refused = status in self._refusals.codes or (status > 0 and entry)
        if refused and entry:
            kind = f"said: {entry}"
        ending = Ending.REFUSED if refused else Ending.CRASHED
        return Reply(ending, None, cause, kind, detail, ended.seconds)

    def _status(self, ended: Ended) -> tuple[str, str]:
        """How it ended in one line, and in general terms."""
        code, root = _status_words(ended.stop), str(self._system.root.absolute())
        if ended.stop.status < 0 and ended.stop.status != -signal.SIGABRT:
            place = dumped_place(ended.output, root)
            return code, f"{code} at {place}" if place else code
        line = named(ended.output) or last_line(ended.output) or last_line(_text(ended.answer))
        cause = one_line(f"{code}: {line}" if line else code)
        if trace := python_trace(ended.output, root):
            return cause, f"{trace[0]} at {trace[1]}"
        if not line:
            return cause, code
        return cause, f"{code}: {general(line, self._files.known(self._request))}"

    def _answer(self, ended: Ended) -> Reply:
        """The reply of a command that has ended well."""
        seconds, output = ended.seconds, ended.output
        if self._system.answer_command:
            queried = self._run("answer_command", self._system.answer_command)
            if not queried.by_itself or queried.stop.status:
                return self._unanswered(queried, seconds)
            output = "\n".join(filter(None, (output, queried.output)))
            ended = queried
        try:
            data = self._files.answer(self._limits.answer) if self._system.writes else ended.answer
            return answered(self._refusals, read(data, self._system.reads), output, seconds)
        except TooLarge as error:
            return stopped(self._limits, Stop(Reason.ANSWER, amount=error.size), output, seconds)
        except Misread as misread:
            return Reply(Ending.CRASHED, None, one_line(misread.why), misread.kind, detailed("", output), seconds)

    def _unanswered(self, queried: Ended, seconds: float) -> Reply:
        """The command has ended well, and left nothing that the answer could be read from.

        The clean document's answer was read in the same way, so that it is this one's doing.
        """
        if queried.by_itself:
            cause, kind = self._status(queried)
            reply = Reply(Ending.CRASHED, None, cause, kind, detailed("", queried.output), seconds)
        else:
            reply = stopped(self._limits, queried.stop, queried.output, seconds)
        return replace(reply, cause=f"answer_command: {reply.cause}", kind=f"answer_command: {reply.kind}")

    def _without_values(self, reply: Reply) -> Reply:
        """The reply of a call without answer; another one where it must leave nothing, and has left values."""
        if self._system.leaves != "nothing":
            return reply
        left = self._left()
        if not holds_values(left):
            return reply
        cause = one_line(f"left values behind: {reply.cause}")
        return replace(reply, ending=Ending.PARTIAL, answer=left, cause=cause, kind="partial write")

    def _left(self) -> Any:
        """The values that are there after a call that has failed; None where none can be read."""
        try:
            if self._system.writes:
                data = self._files.answer(self._limits.answer)
            else:
                queried = self._run("answer_command", self._system.answer_command)
                if not queried.by_itself or queried.stop.status:
                    return None
                data = queried.answer
            left = read(data, self._system.reads)
        except (Misread, TooLarge):
            return None
        return left[1:] if self._system.reads == "csv" and _is_header(left) else left


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the only row of a table looks like its header: every cell a word of its own, none a number."""
    if len(rows) != 1:
        return False
    cells = [cell.strip() for cell in rows[0]]
    return all(cells) and len(set(cells)) == len(cells) and not any(cell[-1:].isdigit() for cell in cells)


def _status_words(stop: Stop) -> str:
    """A command's end: "exit code 3", "signal SIGSEGV"; of a shell's 139 what it stands for."""
    meant = f" ({signal_name(stop.status - 128)})" if 128 < stop.status < 160 else ""
    return f"{how_it_ended(stop)}{meant}"


def _text(data: bytes) -> str:
    return data[-_LONGEST_SAID:].decode("utf-8", "replace")


def _void(cause: str, kind: str, detail: str = "") -> Reply:
    return Reply(Ending.VOID, cause=one_line(cause), kind=kind, detail=detail)
