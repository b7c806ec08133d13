"""The worker: holds one system, calls it, and says in frames of plain data how each call ended.

It runs under the system's own interpreter: the standard library alone, in the syntax of Python 3.6, and nothing of
crumple. It is started as `python worker.py REQUESTS ANSWERS`, two descriptors of pipes. The first frame holds the
settings; what follows is one call at a time. Systems overwrite, close and leave behind whatever they like, so what
is used after the first call is bound before it.

What the function is given, by `input`: bytes, the path of a file as a string, text, an image as a numpy array of
uint8 in the shape (height, width) or (height, width, 3), or a record as JSON values. Parameters beyond the first
that are called `name`, `media_type`, `inputs` or `parts` are given by keyword; parts are dicts of `name`,
`media_type`, `data` (bytes) and, with `input = "path"`, `path`.
"""

import os
import sys

# Python puts this file's folder first on the path; a system must find its own modules there, and not crumple's.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [_each for _each in sys.path if os.path.abspath(_each or ".") != _HERE]

import _signal as _signals  # type: ignore[import-not-found]  # noqa: E402 - `signal` without its enums; no stubs
import faulthandler  # noqa: E402
import importlib  # noqa: E402
import inspect  # noqa: E402
import json  # noqa: E402
import linecache  # noqa: E402
import re  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
import struct  # noqa: E402
import time  # noqa: E402
import traceback  # noqa: E402
from collections import deque  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from fcntl import F_DUPFD_CLOEXEC, fcntl  # noqa: E402

TYPE_CHECKING = False  # as typing has it; importing typing costs milliseconds of every start
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn, Tuple

    Frame = Tuple[int, Any, int]  # how sure it is one's own, from 0 to 2; the frame; the line's number

MAGIC = b"CRMP"
LOST_PIPE = 251  # the exit code that says: the pipes to crumple are gone
PLAIN = {"json": b"json", "text": b"text", "bytes": b"bytes"}  # whose headers are short and written often
GIVEN = ("name", "media_type", "inputs", "parts")

_PREFIX = struct.Struct(">4s8sIQ")
_TAIL = 4000
_FRAMES = 12
_LONGEST_MESSAGE = 1000
_LONGEST_LINE = 80
_MOST_LINES = 500
_DEEPEST = 8
_SHORT = 100  # bytes of code
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_RAISED = re.compile(r"\braise [\w.]+\((.*)\)")
_NAMES = re.compile(r"[A-Za-z_]\w*")
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_WORDS = re.compile(r"""(['"])[^'"]*[A-Za-z][^'"]*\1""")

_read, _write, _getpid, _exit = os.read, os.write, os.getpid, os._exit
_chdir, _clock = os.chdir, time.perf_counter
_getsignal, _signal, _setitimer = _signals.getsignal, _signals.signal, _signals.setitimer
_format_exception, _getline = traceback.format_exception, linecache.getline


class _Encoder(json.JSONEncoder):
    """JSON as it comes; what is not JSON is an error here even where a system has patched the class above."""

    def default(self, o: "Any") -> "Any":
        raise TypeError


_encode = _Encoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class Unplain(Exception):
    """An answer holds something that is not JSON-able; `what` says what and where."""

    def __init__(self, what: str) -> None:
        Exception.__init__(self, what)
        self.what = what


class Pipe:
    """The two pipes to the lane."""

    def __init__(self, requests: int, answers: int) -> None:
        self.requests = _lifted(requests)
        self.answers = _lifted(answers)
        self.nonce = b""
        self.data = b""
        self.at = 0

    def read(self) -> "tuple[dict[str, Any], bytes]":
        """The next frame's header and body; ends the process where there is none any more."""
        data, at = self.data, self.at
        while len(data) - at < _PREFIX.size:
            data, at = data[at:] + self._some(1 << 18), 0
        magic, nonce, header, body = _PREFIX.unpack_from(data, at)
        if magic != MAGIC or (self.nonce and nonce != self.nonce):
            _exit(LOST_PIPE)
        self.nonce = nonce
        missing = at + _PREFIX.size + header + body - len(data)
        if missing > 0:
            chunks = [data[at:]]
            while missing > 0:
                chunks.append(self._some(min(missing, 1 << 20)))
                missing -= len(chunks[-1])
            data, at = b"".join(chunks), 0
        start = at + _PREFIX.size
        end = start + header + body
        # What is left are the frames of calls that come after this one.
        self.data, self.at = (b"", 0) if end == len(data) else (data, end)
        return _decode(data[start : start + header].decode("ascii")), data[start + header : end]

    def _some(self, most: int) -> bytes:
        try:
            data = _read(self.requests, most)
        except OSError:
            _exit(LOST_PIPE)
        if not data:
            _exit(0)
        return data

    def write(self, header: "dict[str, Any]", body: bytes = b"") -> None:
        """Send a frame."""
        if len(header) == 3 and header["kind"] in PLAIN:
            text = b'{"kind":"%s","id":%d,"seconds":%r}' % (PLAIN[header["kind"]], header["id"], header["seconds"])
        else:
            text = _encode(header).encode("utf-8", "surrogatepass")
        frame = _PREFIX.pack(MAGIC, self.nonce, len(text), len(body)) + text
        try:
            if len(body) < 65536:
                _all(self.answers, frame + body)
            else:
                _all(self.answers, frame)
                _all(self.answers, body)
        except OSError:
            _exit(LOST_PIPE)


def _all(descriptor: int, data: bytes) -> None:
    done = _write(descriptor, data)
    if done < len(data):
        view = memoryview(data)
        while done < len(data):
            done += _write(descriptor, view[done:])


def _lifted(descriptor: int) -> int:
    """The same pipe under a high number, out of the way of systems that close or use low ones, and not inherited."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    high = max(64, (1024 if soft == resource.RLIM_INFINITY else min(soft, 1024)) - 24)
    try:
        lifted = fcntl(descriptor, F_DUPFD_CLOEXEC, high)
    except OSError:
        os.set_inheritable(descriptor, False)
        return descriptor
    os.close(descriptor)
    return lifted


# --- what a worker does to itself before it loads the system ---


def harden(settings: "dict[str, Any]") -> None:
    """Die with the lane, keep strays close, leave no core, and be the first to go where memory ends."""
    faulthandler.enable()
    if settings["dump_signal"]:
        faulthandler.register(settings["dump_signal"], all_threads=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if settings["address_space"]:
        resource.setrlimit(resource.RLIMIT_AS, (settings["address_space"],) * 2)
    if sys.platform.startswith("linux"):
        try:
            import ctypes

            prctl = ctypes.CDLL(None).prctl
            prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG
            prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        except (ImportError, OSError, AttributeError):
            settings["watch_parent"] = True
        try:
            with open("/proc/self/oom_score_adj", "w") as adjustment:
                adjustment.write("1000")
        except OSError:
            pass
    if settings["watch_parent"]:
        _watch_parent(settings["parent"])
    if os.getppid() != settings["parent"]:
        _exit(LOST_PIPE)


def _watch_parent(parent: int) -> None:
    """Where the kernel does not end a worker with its lane, look twice a second."""
    import threading

    def look(getppid: "Callable[[], int]" = os.getppid, sleep: "Callable[[float], None]" = time.sleep) -> None:
        while getppid() == parent:
            sleep(0.5)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=look, daemon=True).start()


# --- loading ---


class NotStarted(Exception):
    """The system cannot be loaded; `words` go into the startup_error frame."""

    def __init__(self, **words: "Any") -> None:
        Exception.__init__(self)
        self.words = words


def load(settings: "dict[str, Any]") -> "tuple[Callable[..., Any], list[str]]":
    """The function to call, and which of GIVEN it takes."""
    sys.path.insert(0, settings["root"])
    sys.argv[:] = [""]
    module_name, _, path = (settings["factory"] or settings["call"]).partition(":")
    try:
        importlib.invalidate_caches()
        found = importlib.import_module(module_name)  # type: Any
    except ImportError as error:
        missing = getattr(error, "name", None)
        if missing and (module_name == missing or module_name.startswith(missing + ".")):
            raise NotStarted(reason="no_module", missing=missing)
        raise
    for name in path.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            there = [each for each in dir(found) if not each.startswith("_") and callable(getattr(found, each, None))]
            raise NotStarted(reason="no_function", missing=name, there=there)
    if not callable(found):
        raise NotStarted(reason="not_callable", got=type(found).__name__)
    if settings["factory"]:
        found = settle(found())
        if not callable(found):
            raise NotStarted(reason="factory", got=type(found).__name__)
    if settings["input"] == "image":
        try:
            import numpy  # noqa: F401
        except ImportError as error:
            raise NotStarted(reason="no_numpy", message=str(error))
    check_refusals(settings["refuses"])
    return found, _takes(found)


def check_refusals(names: "list[str]") -> None:
    """A declared exception that its loaded module does not have would make every refusal a crash, without a word."""
    for name in names:
        module_name, _, exception = name.rpartition(".")
        module = sys.modules.get(module_name)
        if module is not None and not hasattr(module, exception):
            there = [each for each, value in vars(module).items() if isinstance(value, type)]
            there = [each for each in there if issubclass(getattr(module, each), BaseException)]
            there = ["%s.%s" % (module_name, each) for each in there]
            raise NotStarted(reason="no_exception", missing=name, there=there)


def _takes(function: "Callable[..., Any]") -> "list[str]":
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    by_keyword = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    if not parameters or parameters[0].kind not in positional + (inspect.Parameter.VAR_POSITIONAL,):
        raise NotStarted(reason="no_argument")
    further = parameters[1:]
    takes = [each.name for each in further if each.name in GIVEN and each.kind in by_keyword]
    for each in further:
        needed = each.default is each.empty and each.kind in positional + by_keyword
        if needed and each.name not in takes:
            raise NotStarted(reason="argument", missing=each.name)
    return takes


_loop = None  # type: Any


def settle(answer: "Any") -> "Any":
    """The answer itself, or what it comes to where it is awaitable; one event loop serves all calls."""
    global _loop
    if not hasattr(type(answer), "__await__"):
        return answer
    import asyncio

    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)

    async def waited() -> "Any":
        return await answer

    return _loop.run_until_complete(waited())


# --- answers ---


def plain(value: "Any", path: str = "") -> "Any":
    """JSON for what is nearly JSON: dataclasses, models, arrays, enums, sets, dates, decimals, paths.

    A Decimal is a number where a float has all its digits, and text otherwise; a set is a list in the order of its
    JSON; NaN and infinities stay the floats that they are.
    """
    if value is None or isinstance(value, (bool, str, int, float)) and not _is(value, "enum", "Enum"):
        return value
    if _is(value, "enum", "Enum"):
        return plain(value.value, path)
    if isinstance(value, Mapping):
        return {_key(key, path): plain(item, "%s/%s" % (path, key)) for key, item in value.items()}
    if isinstance(value, (list, tuple, deque)):
        return [plain(item, "%s/%d" % (path, index)) for index, item in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, path) for item in value), key=_encode)
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name), "%s/%s" % (path, name)) for name in fields if hasattr(value, name)}
    for method in ("model_dump", "tolist", "isoformat", "__fspath__"):
        if callable(getattr(type(value), method, None)):
            return plain(getattr(value, method)(), path)
    if _is(value, "decimal", "Decimal"):
        number = float(value)
        return number if number != number or type(value)(repr(number)) == value else str(value)
    if _is(value, "datetime", "timedelta"):
        return value.total_seconds()
    if _is(value, "uuid", "UUID"):
        return str(value)
    raise Unplain("a %s%s" % (type(value).__name__, " at " + path if path else ""))


def _is(value: "Any", module: str, name: str) -> bool:
    """Whether it is of a class whose module need not be imported: where it is not, nothing is of that class."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(value, kind)


def _key(key: "Any", path: str) -> "Any":
    name = plain(key, path)
    if name is None or isinstance(name, (bool, str, int, float)):
        return name
    raise Unplain("a dict with a %s as key%s" % (type(key).__name__, " at " + path if path else ""))


def encoded(answer: "Any") -> "tuple[dict[str, Any], bytes]":
    """The frame's header and body for an answer."""
    if type(answer) is str:
        return {"kind": "text"}, answer.encode("utf-8", "surrogatepass")
    if isinstance(answer, (bytes, bytearray, memoryview)):
        return {"kind": "bytes"}, bytes(answer)
    try:
        return {"kind": "json"}, _encode(answer).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError):
        pass
    try:
        return {"kind": "json"}, _encode(plain(answer)).encode("utf-8", "surrogatepass")
    except Unplain as error:
        return {"kind": "not_plain", "what": error.what}, b""
    except RecursionError:
        what = "a %s that is nested too deep" % type(answer).__name__
        return {"kind": "not_plain", "what": what}, b""
    except BaseException as error:  # whatever a property or model_dump() of the system's raises
        what = "a %s that raised %s when it was read" % (type(answer).__name__, type(error).__name__)
        return {"kind": "not_plain", "what": what}, b""


# --- exceptions ---


def described(error: BaseException, settings: "dict[str, Any]") -> "dict[str, Any]":
    """An exception as plain data; nothing of what it overrides can get in the way."""
    root, place = _origin(error, settings)
    return {
        "classes": [_name(each) for each in type.mro(type(error)) if each is not object],
        "message": _text(error),
        "place": place,
        "root": "" if root is error else _name(type(root)),
        "traceback": _traceback(error),
    }


def exit_code(error: SystemExit) -> int:
    """What the process would have ended with."""
    return error.code & 0xFF if isinstance(error.code, int) else int(error.code is not None)


def _name(kind: type) -> str:
    try:
        module, name = type.__getattribute__(kind, "__module__"), type.__getattribute__(kind, "__qualname__")
        return "%s.%s" % (module, name)
    except BaseException:
        return "unknown"


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST_MESSAGE]
    except BaseException:
        return "(its str() raises)"


def _origin(error: BaseException, settings: "dict[str, Any]") -> "tuple[BaseException, str]":
    """The exception that another one was made of, and where in the user's own code it was raised."""
    try:
        frames = _frames(error, settings)
        for _ in range(_DEEPEST):
            inner = _made_of(error, frames)
            within = [] if inner is None else _frames(inner, settings)
            if inner is None or not within or within[-1][0] < frames[-1][0]:
                break
            error, frames = inner, within
        return error, _place(error, frames)
    except BaseException:  # whatever a class of the system's does when it is looked at
        return error, ""


def _made_of(error: BaseException, frames: "list[Frame]") -> "BaseException | None":
    """What it was raised from; also without that word, where it was raised by the very handler of the other one.

    What a handler called, and what failed there, is a failure of its own.
    """
    if not frames or error.__cause__ is not None:
        return error.__cause__ if frames else None
    other = error.__context__
    if other is None or error.__suppress_context__ or other.__traceback__ is None:
        return None
    same = frames[-1][1].f_code is other.__traceback__.tb_frame.f_code
    return other if same and _line(frames[-1]).startswith("raise") else None


def _frames(error: BaseException, settings: "dict[str, Any]") -> "list[Frame]":
    """Its frames in the user's own code, outermost first; where there are none, all others but this file's.

    One's own is what lies in the project's folder, or in the package that the function to call is in.
    """
    library, root = os.path.dirname(os.__file__), settings["root"] + os.sep
    package = (settings["factory"] or settings["call"]).partition(":")[0].partition(".")[0]
    found = []  # type: list[Frame]
    trace = error.__traceback__
    while trace is not None:
        frame, line = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
        path = frame.f_code.co_filename
        if path == __file__:
            continue
        installed = "site-packages" in path or "dist-packages" in path
        if not path.startswith("<") and (_package(frame) == package or (not installed and path.startswith(root))):
            sure = 2
        else:
            sure = 0 if installed or path.startswith((library + os.sep, "<")) else 1
        found.append((sure, frame, line))
    surest = max((sure for sure, _, _ in found), default=0)
    return [each for each in found if each[0] == surest]


def _package(frame: "Any") -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _line(frame: "Frame") -> str:
    sure, where, line = frame
    return " ".join(_getline(where.f_code.co_filename, line, where.f_globals).split()) if sure else ""


def _counted_line(frame: "Frame") -> str:
    """The line, with its number among those of the function that read alike, where it is not the first of them."""
    text, (sure, where, line) = _shortened(_line(frame)), frame
    first = max(where.f_code.co_firstlineno, line - _MOST_LINES)
    before = sum(_shortened(_line((sure, where, at))) == text for at in range(first, line)) if text else 0
    return "%s (%d)" % (text, before + 1) if before else text


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 3] + "..."


def _place(error: BaseException, frames: "list[Frame]") -> str:
    """Where it was raised, "file.py:function: line"; the line is not numbered, for numbers change with every edit.

    A comprehension is its function's, and what raises for others is where they called it. Where a recursion was when
    it became too deep is chance: it is the function that occurs most.
    """
    if not frames:
        return ""
    names = [(os.path.basename(each.f_code.co_filename), each.f_code.co_name) for _, each, _ in frames]
    if isinstance(error, RecursionError):
        counts = {}  # type: dict[tuple[str, str], int]
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        return "%s:%s" % max(sorted(counts), key=lambda name: counts[name])
    at = len(frames) - 1
    while at and _raises_for_others(frames[at]):
        at -= 1
    (file, function), text = names[at], _counted_line(frames[at])
    while at and function in _COMPREHENSIONS and names[at - 1][0] == file:
        at -= 1
        function = names[at][1]
    return "%s:%s: %s" % (file, function, text) if text else "%s:%s" % (file, function)


def _raises_for_others(frame: "Frame") -> bool:
    """Whether a short function raises what it was given to say: `raise Unreadable(message)`."""
    said, code = _RAISED.search(_line(frame)), frame[1].f_code
    if said is None or len(code.co_code) > _SHORT:
        return False
    given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    names = set(_NAMES.findall(said.group(1))) - {"f"}
    return bool(names) and names <= set(given) and not _WORDS.search(_IN_BRACES.sub("", said.group(1)))


# Where an exception passes before it reaches the system's own code: this file, and what imports the system.
_NOT_THE_SYSTEMS = (__file__, "<frozen importlib", importlib.__file__)


def _traceback(error: BaseException) -> str:
    try:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_NOT_THE_SYSTEMS):
            trace = trace.tb_next
        return "".join(_format_exception(type(error), error, trace, limit=-_FRAMES))[-_TAIL:]
    except BaseException:
        return ""


# --- calls ---


class Surroundings:
    """What a system may have changed for the calls after it: folder, environment, recursion limit, timers, signals."""

    TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    # Not SIGCHLD, by which event loops learn of their children, nor the faults, which faulthandler sees to.
    SIGNALS = tuple(
        int(getattr(signal, "SIG" + name))
        for name in ("ALRM", "VTALRM", "PROF", "INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "PIPE")
    )

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.environ = os.environ
        self.values = self._raw().copy()
        self.depth = sys.getrecursionlimit()
        # A timer that runs from the start, such as a profiler's, is none that a call has left behind.
        self.timers = tuple(each for each in self.TIMERS if signal.getitimer(each) == (0.0, 0.0))
        self.alarm = signal.ITIMER_REAL in self.timers
        self.handlers = tuple(map(_getsignal, self.SIGNALS))

    def _raw(self) -> "dict[Any, Any]":
        return getattr(self.environ, "_data", None) or dict(self.environ)  # the former is cheap to compare

    def still(self) -> None:
        """Stop the alarm that a call has set, before it is over: it would go off in a later one."""
        if self.alarm:
            _setitimer(signal.ITIMER_REAL, 0)

    def restore(self) -> None:
        """Put back what differs."""
        try:
            if tuple(map(_getsignal, self.SIGNALS)) != self.handlers:
                self._restore_handlers()
            os.environ = self.environ
            if self._raw() != self.values:
                self.environ.clear()
                decode = getattr(self.environ, "decodevalue", str)
                self.environ.update({decode(key): decode(value) for key, value in self.values.items()})
            if sys.getrecursionlimit() != self.depth:
                sys.setrecursionlimit(self.depth)
            _chdir(self.folder)
        except BaseException:  # such as a folder that the system removed: the next call meets it as it is
            pass

    def _restore_handlers(self) -> None:
        for timer in self.timers:  # the others are of no use without a handler, and looked for only here: it takes time
            _setitimer(timer, 0)
        for number, handler in zip(self.SIGNALS, self.handlers):
            if handler is not None and _getsignal(number) != handler:  # None: set by a library, not by Python
                _signal(number, handler)


def argument(kind: str, header: "dict[str, Any]", body: bytes) -> "Any":
    """What the function is given first."""
    if kind == "bytes":
        return body
    if kind == "path":
        return header["path"]
    if kind == "text":
        return body.decode("utf-8")
    if kind == "record":
        return _decode(body.decode("utf-8", "surrogatepass"))
    import numpy

    return numpy.frombuffer(bytearray(body), numpy.uint8).reshape(header["shape"])


def keywords(header: "dict[str, Any]", body: bytes) -> "tuple[dict[str, Any], bytes]":
    """What it is given by name, and the body without the parts at its end."""
    given = header["given"]
    parts = given.get("parts", ())
    at = len(body) - sum(part["size"] for part in parts)
    own = body[:at]
    for part in parts:
        size = part.pop("size")
        part["data"] = body[at : at + size]
        at += size
    return given, own


def called(function: "Callable[..., Any]", settings: "dict[str, Any]", header: "dict[str, Any]", body: bytes) -> "Any":
    """Call the function once; the header and body of the frame that says what came of it."""
    started = _clock()
    try:
        given = {}  # type: dict[str, Any]
        if "given" in header:
            given, body = keywords(header, body)
        first = argument(settings["input"], header, body)
        started = _clock()
        answer = function(first, **given)
        if hasattr(type(answer), "__await__"):
            answer = settle(answer)
        seconds = _clock() - started
        words, content = encoded(answer)
    except SystemExit as error:
        seconds, content = _clock() - started, b""
        words = {"kind": "exit", "code": exit_code(error)}
        words.update(described(error, settings))
    except BaseException as error:
        seconds, content = _clock() - started, b""
        words = {"kind": "raised"}
        words.update(described(error, settings))
    words["id"] = header["id"]
    words["seconds"] = seconds
    return words, content


def serve(pipe: Pipe, function: "Callable[..., Any]", settings: "dict[str, Any]") -> "NoReturn":
    """Answer calls until the lane closes the pipe."""
    own = _getpid()
    surroundings = Surroundings(settings["root"])
    while True:
        header, body = pipe.read()
        words, content = called(function, settings, header, body)
        surroundings.still()
        if _getpid() != own:
            _exit(0)  # the system forked, and this is the child that came back from it
        try:
            sys.stdout.flush()
        except BaseException:  # closed, replaced or gone
            pass
        pipe.write(words, content)
        del body, content
        surroundings.restore()


def main() -> None:
    """Load the system, say so, and serve."""
    pipe = Pipe(int(sys.argv[1]), int(sys.argv[2]))
    settings, _ = pipe.read()
    harden(settings)
    own = _getpid()
    words = {"kind": "startup_error"}  # type: dict[str, Any]
    function = None  # type: Any
    try:
        function, takes = load(settings)
        words = {"kind": "ready", "takes": takes, "python": "%d.%d.%d" % sys.version_info[:3]}
    except NotStarted as error:
        words.update(error.words)
    except SystemExit as error:
        words.update(described(error, settings), reason="exit", code=exit_code(error))
    except BaseException as error:
        words.update(described(error, settings), reason="raised")
    if _getpid() != own:
        _exit(0)
    pipe.write(words)
    if words["kind"] != "ready":
        _exit(1)
    serve(pipe, function, settings)


if __name__ == "__main__":
    main()
