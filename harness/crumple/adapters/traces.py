"""Where a program failed, from the stack trace that it printed. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

_TRACEBACK: Final = "Traceback (most recent call last):\n"
_FROM: Final = "\nThe above exception was the direct cause of the following exception:\n\n"
_DURING: Final = "\nDuring handling of the above exception, another exception occurred:\n\n"
_FRAME: Final = re.compile(r'^\s*File "([^"]+)", line \d+, in (\S+)')
_DUMPED: Final = re.compile(r'^  File "([^"]+)", line \d+ in (\S+)', re.MULTILINE)
_DUMP: Final = "Current thread 0x"
_REPEATED: Final = re.compile(r"^\s*\[Previous line repeated (\d+) more times?\]")
_EXCEPTION: Final = re.compile(r"[A-Za-z_][\w.]*(?=:|$)")
_COMPREHENSIONS: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_LONGEST: Final = 80

# What runtimes print of an exception that nobody caught: the line that names it is not the last one.
_NAMED: Final = (
    re.compile(r"^Caused by: ([\w.$]+(?:: .*)?)$", re.MULTILINE),  # Java; the last one is the first cause
    re.compile(r'^Exception in thread "[^"]*" ([\w.$]+(?:: .*)?)$', re.MULTILINE),
    re.compile(r"^Unhandled exception\. ([\w.]+(?:: .*)?)$", re.MULTILINE),  # .NET
    re.compile(r"^(?:Uncaught )?(\w*(?:Error|Exception)(?: \[\w+\])?(?:: .*)?)\n +at ", re.MULTILINE),  # JavaScript
    re.compile(r"^thread '[^']*'.* panicked at [^\n]*:\n(.+)$", re.MULTILINE),  # Rust
    re.compile(r"^((?:panic|fatal error): .+?)(?: \[recovered\])?$(?=\n(?:.*\n)*?goroutine \d)", re.MULTILINE),  # Go
    re.compile(r"^PHP (?:Fatal|Parse) error:  ((?:Uncaught )?.+?)(?: in \S+ on line \d+|:\d+)?$", re.MULTILINE),
    re.compile(r"^(terminate called after throwing an instance of .+(?:\n  what\(\):.*)?)", re.MULTILINE),  # C++
)


@dataclass(frozen=True, slots=True)
class _Frame:
    path: str
    function: str
    text: str

    @property
    def file(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Trace:
    name: str
    frames: tuple[_Frame, ...]
    counts: Counter[tuple[str, str]]


def python_trace(output: str, root: str) -> tuple[str, str] | None:
    """Of a Python traceback that ends the output: the exception's name, and where it was raised in one's own code.

    Of exceptions that were raised from others, the place is the first one's.

    Args:
        output: what was printed.
        root: the folder whose files are one's own; where no frame is in it, the innermost of all counts.

    Returns:
        ("ValueError", "import.py:load: float(text)"), or None where there is no traceback at the end.
    """
    before, found, last = output.rpartition(_TRACEBACK)
    trace = _parsed(last, root) if found else None
    if trace is None:
        return None
    name = trace.name
    while True:
        before, found, text = before.rpartition(_TRACEBACK)
        inner = _parsed(text, root) if found else None
        if inner is None or not _made_of(text, trace, inner):
            break
        trace = inner
    return name if trace.name == name else f"{name} from {trace.name}", _place(trace)


def _parsed(text: str, root: str) -> _Trace | None:
    lines = text.splitlines()
    every: list[_Frame] = []
    counts: Counter[tuple[str, str]] = Counter()
    for at, line in enumerate(lines):
        if frame := _FRAME.match(line):
            source = lines[at + 1].strip() if at + 1 < len(lines) and lines[at + 1].startswith("    ") else ""
            source = " ".join(source.split())
            short = source if len(source) <= _LONGEST else f"{source[: _LONGEST - 3]}..."
            every.append(_Frame(frame[1], frame[2], short))
            counts[every[-1].file, every[-1].function] += 1
        elif (repeated := _REPEATED.match(line)) and every:
            counts[every[-1].file, every[-1].function] += int(repeated[1])
        elif line[:1].strip():  # the first that is not indented names the exception
            name = _EXCEPTION.match(line)
            if not every or name is None:
                return None
            own = tuple(each for each in every if _is_own(each.path, root))
            return _Trace(name[0].rpartition(".")[2], own or tuple(every), counts)
    return None


def _is_own(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/") + "/") and "-packages/" not in path


def _made_of(inner: str, outer_trace: _Trace, trace: _Trace) -> bool:
    """Whether the exception of a trace was raised from the one before, or by the very handler of that one."""
    if inner.endswith(_FROM):
        return True
    raised, handled = outer_trace.frames[-1], trace.frames[0]
    same = (raised.path, raised.function) == (handled.path, handled.function)
    return inner.endswith(_DURING) and same and raised.text.startswith("raise")


def _place(trace: _Trace) -> str:
    if trace.name == "RecursionError":  # where it was when it became too deep is chance
        file, function = max(sorted(trace.counts), key=lambda each: trace.counts[each])
        return f"{file}:{function}"
    at = len(trace.frames) - 1
    text = trace.frames[at].text
    while at and trace.frames[at].function in _COMPREHENSIONS and trace.frames[at - 1].file == trace.frames[at].file:
        at -= 1
    frame = trace.frames[at]
    return f"{frame.file}:{frame.function}: {text}" if text else f"{frame.file}:{frame.function}"


def dumped_place(output: str, root: str) -> str:
    """Where the Python code stood when it died of a signal, "reader.py:render"; "" where its dump does not say.

    Args:
        output: what was printed, with what `faulthandler` writes at its end.
        root: the folder whose files are one's own.
    """
    _, found, dump = output.rpartition(_DUMP)
    if not found:
        return ""
    frames = _DUMPED.findall(dump.partition("\n\n")[0])
    own = next(((path, function) for path, function in frames if _is_own(path, root)), None)
    return f"{own[0].rpartition('/')[2]}:{own[1]}" if own else ""


def named(output: str) -> str:
    """What an uncaught exception of another language says, where a runtime prints its stack below it; else ""."""
    for pattern in _NAMED:
        if found := pattern.findall(output):
            return " ".join(str(found[-1]).split())
    return ""
