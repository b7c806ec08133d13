"""What a worker said, or how it ended, as a reply."""

from __future__ import annotations

import json
import signal
import traceback
from dataclasses import replace
from typing import Any

from crumple.adapters.refusal import Refusals
from crumple.adapters.traces import dumped_place
from crumple.errors import CrumpleError, in_words
from crumple.outcome import Ending, Reply
from crumple.workers.frames import Frame
from crumple.workers.limits import Limits, in_bytes, in_seconds
from crumple.workers.process import WORKER, Reason, Stop

_decode = json.JSONDecoder().decode
_LOST_PIPE = 251  # what a worker exits with when the system has closed its pipes
_LONGEST_CAUSE = 300
_LONGEST_DETAIL = 4000
_LONGEST_OUTPUT = 2000
_FRAMES = 8


def reply_to(
    limits: Limits, refusals: Refusals, heard: Frame | Stop, output: str, seconds: float, root: str = ""
) -> Reply:
    """The reply for one call.

    Args:
        limits: those that were in force.
        refusals: what counts as a refusal.
        heard: the worker's frame, or how it ended.
        output: the end of what was printed during the call.
        seconds: how long the lane has waited; a frame brings its own time.
        root: the folder whose files are the user's own code.
    """
    if isinstance(heard, Stop):
        reply = stopped(limits, heard, output, seconds)
        place = dumped_place(output, root) if reply.ending is Ending.CRASHED else ""
        return replace(reply, kind=f"{reply.kind} at {place}") if place else reply
    seconds = float(heard.header.get("seconds", seconds))
    if seconds > limits.timeout:
        return _hung(limits, output, seconds)
    kind = heard.header["kind"]
    if kind == "raised":
        return _raised(limits, refusals, heard.header, output, seconds)
    if kind == "exit":
        # A declared refusal may be an exit as well: `refuses = ["SystemExit"]`.
        ending = Ending.REFUSED if refusals.exception(heard.header["classes"]) else Ending.CRASHED
        cause = f"exit code {heard.header['code']}"
        kind = f"{cause} at {place}" if (place := heard.header["place"]) else cause
        return Reply(ending, None, cause, kind, detailed(heard.header["traceback"], output), seconds)
    if kind == "not_plain":
        what = heard.header["what"]
        cause = f"returned {what}, which is not JSON-able"
        general = f"returned {what.partition(' at /')[0]}, which is not JSON-able"
        return Reply(Ending.CRASHED, None, one_line(cause), one_line(general), detailed("", output), seconds)
    return _answered(refusals, kind, heard.body, output, seconds)


def _answered(refusals: Refusals, kind: str, body: bytes, output: str, seconds: float) -> Reply:
    answer: Any = body
    try:
        if kind == "text":
            answer = body.decode("utf-8", "surrogatepass")
        elif kind == "json":
            answer = _decode(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        cause = one_line(f"returned JSON that cannot be read: {error}")
        return Reply(Ending.CRASHED, None, cause, "unreadable JSON", detailed("", output), seconds)
    return answered(refusals, answer, output, seconds)


def answered(refusals: Refusals, answer: Any, output: str, seconds: float) -> Reply:
    """The reply for an answer, which may be a refusal."""
    if not refusals.conditions:
        return Reply(Ending.ANSWERED, answer, seconds=seconds)
    try:
        entry = refusals.answer(answer)
    except CrumpleError as error:
        return replace(own_fault(error, output), seconds=seconds)
    if entry:
        return Reply(Ending.REFUSED, None, f"answer: {entry}", f"answer: {entry}", one_line(str(answer)), seconds)
    return Reply(Ending.ANSWERED, answer, seconds=seconds)


def _raised(limits: Limits, refusals: Refusals, words: dict[str, Any], output: str, seconds: float) -> Reply:
    classes: list[str] = words["classes"]
    name = classes[0].rpartition(".")[2]
    message = words["message"].strip()
    cause = one_line(f"{name}: {message}" if message else name)
    kind = f"{name} from {root.rpartition('.')[2]}" if (root := words["root"]) else name
    kind = f"{kind} at {words['place']}" if words["place"] else kind
    detail = detailed(words["traceback"], output)
    if refusals.exception(classes):
        ending = Ending.REFUSED
    elif limits.address_space is not None and "builtins.MemoryError" in classes:
        ending, kind = Ending.EXHAUSTED, "memory limit"
        cause = f"over {in_bytes(limits.address_space)} of address space"
    else:
        ending = Ending.CRASHED
    return Reply(ending, None, cause, kind, detail, seconds)


def _hung(limits: Limits, output: str, seconds: float) -> Reply:
    cause = f"no answer within {in_seconds(limits.timeout)}"
    return Reply(Ending.HUNG, None, cause, "time limit", detailed("", output), seconds)


def stopped(limits: Limits, stop: Stop, output: str, seconds: float) -> Reply:
    """The reply for a call whose process has ended instead of answering."""
    if stop.reason is Reason.TIME:
        return _hung(limits, output, seconds)
    ending = Ending.EXHAUSTED
    if stop.reason is Reason.MEMORY:
        cause, kind = f"over {in_bytes(limits.memory)} of memory", "memory limit"
    elif stop.reason is Reason.OUTPUT:
        cause, kind = f"printed over {in_bytes(limits.output)}", "output limit"
    elif stop.reason is Reason.ANSWER:
        cause, kind = f"an answer of {in_bytes(stop.amount)}, over {in_bytes(limits.answer)}", "output limit"
    elif stop.reason is Reason.JUNK:
        cause, kind = f"wrote {in_bytes(stop.amount)} on every descriptor", "output limit"
    else:
        ending = Ending.CRASHED
        cause = kind = how_it_ended(stop)
    return Reply(ending, None, cause, kind, detailed("", output), seconds)


def how_it_ended(stop: Stop) -> str:
    """A process' end in words: "signal SIGSEGV", "exit code 3", "closed its pipes"."""
    if stop.reason is Reason.CLOSED or stop.status == _LOST_PIPE:
        return "closed its pipes"
    return f"exit code {stop.status}" if stop.status >= 0 else f"signal {signal_name(-stop.status)}"


def signal_name(number: int) -> str:
    """A signal as people know it: "SIGSEGV"; its number where it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def own_fault(error: BaseException, output: str = "") -> Reply:
    """The reply where crumple itself has failed, or what a user has configured: nobody knows what the system does."""
    if isinstance(error, CrumpleError):
        cause, error = str(error), error.__cause__ or error
    else:
        cause = f"crumple's own fault: {in_words(error)}"
    trace = "".join(traceback.format_exception(error, limit=-_FRAMES))
    return Reply(Ending.VOID, None, one_line(cause), "crumple's own fault", detailed(trace, output))


def one_line(text: str) -> str:
    """One line, not too long."""
    first = " ".join(text.split())
    return first if len(first) <= _LONGEST_CAUSE else first[: _LONGEST_CAUSE - 1] + "…"


def detailed(trace: str, output: str) -> str:
    """A traceback, and the end of what was printed, for a person."""
    output = own_lines(output)[-_LONGEST_OUTPUT:].strip()
    parts = [trace.strip()[-(_LONGEST_DETAIL - len(output)) :]] if trace.strip() else []
    if output:
        parts.append(f"Last output:\n{output}")
    return "\n".join(parts)


def own_lines(output: str) -> str:
    """What was printed, without the worker's own frames in the traces of its threads."""
    if str(WORKER) not in output:
        return output
    return "\n".join(line for line in output.splitlines() if str(WORKER) not in line)
