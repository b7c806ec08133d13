"""`version_command`: a command whose output tells one version of the system from another; run once, before a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from crumple.adapters import executables
from crumple.adapters.generalised import last_line
from crumple.adapters.replies import stopped
from crumple.errors import CrumpleError
from crumple.workers.limits import MIB, Limits
from crumple.workers.memory import MemoryWatch
from crumple.workers.program import Program, run

_WHERE = "[system] version_command"
_LONGEST = 200
_SECONDS = 60.0


def said(argv: Sequence[str], root: Path, env: Mapping[str, str]) -> str:
    """What the command prints, as one line; on standard error where it prints nothing else, as some programs do.

    Args:
        argv: the program and its arguments.
        root: the configuration file's folder, in which it runs.
        env: variables that it has besides those of this process.

    Raises:
        CrumpleError: there is no such command, it fails, prints nothing, or takes over a minute.
    """
    environment = executables.environment(env)
    path = executables.found(argv[0], root, _WHERE, environment)
    limits = Limits(timeout=_SECONDS, answer=MIB)
    watch = MemoryWatch(limits.memory)
    program = Program(argv=tuple(argv), executable=path, folder=str(root), env=environment)
    try:
        ended = run(program, limits, watch, _SECONDS)
    finally:
        watch.stop()
    line = " ".join((ended.answer.decode("utf-8", "replace").strip() or ended.output).split())[:_LONGEST]
    if not ended.by_itself or ended.stop.status:
        how = stopped(limits, ended.stop, "", ended.seconds).cause
        says = f": {last_line(ended.output)}" if ended.output.strip() else ""
        raise CrumpleError(f"{argv[0]!r} failed, {how}{says}", where=_WHERE, hint="Try it in a terminal.")
    if not line:
        raise CrumpleError(f"{argv[0]!r} printed nothing", where=_WHERE, hint="It is to print the system's version.")
    return line
