"""`degraded.call`: a function in a worker of crumple's own, kept warm from one document to the next."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from crumple.document import Document
from crumple.endings import CallFailed, Crashed, Exhausted, Hung, Refused
from crumple.errors import CrumpleError
from crumple.outcome import Ending
from crumple.pytest_plugin.marks import Mark

if TYPE_CHECKING:
    from crumple.adapters.callable import CallableAdapter

_WHERE: Final = "degraded.call"
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ENDINGS: Final[Mapping[Ending, type[CallFailed]]] = {
    Ending.CRASHED: Crashed,
    Ending.PARTIAL: Crashed,
    Ending.HUNG: Hung,
    Ending.EXHAUSTED: Exhausted,
    Ending.REFUSED: Refused,
}


class Workers:
    """The workers of one test, one for each function and form of input."""

    def __init__(self, mark: Mark, scratch: Path) -> None:
        """Start none yet.

        Args:
            mark: says what a call may take, and what is a refusal.
            scratch: a folder for their files.
        """
        self._mark, self._scratch = mark, scratch
        self._started: dict[tuple[str, str], CallableAdapter] = {}

    def call(self, document: Document, function: Callable[..., Any], *, form: str) -> Any:
        """What the function answers for a document.

        Raises:
            CallFailed: it did not.
            NotApplicable: the document cannot be given in this form.
            CrumpleError: it cannot be called so, or could not be loaded.
        """
        __tracebackhide__ = True
        from crumple.adapters import Request  # heavy, and not before it is needed

        target, root = _importable(function)
        adapter = self._started.get((target, form))
        if adapter is None:
            adapter = self._adapter(target, root, form)
        adapter.send(adapter.prepare(Request(document)))
        reply = adapter.receive()
        if reply.ending is Ending.ANSWERED:
            return reply.answer
        if reply.ending is Ending.VOID:
            raise CrumpleError(reply.cause.rstrip("."), where=_WHERE)
        raise _ENDINGS[reply.ending](reply.cause, kind=reply.kind, detail=reply.detail)

    def _adapter(self, target: str, root: Path, form: str) -> CallableAdapter:
        """A worker that has loaded the function."""
        try:
            from crumple.adapters.callable import CallableSystem
            from crumple.adapters.forms import INPUTS
            from crumple.workers.limits import Limits
        except ImportError:
            raise CrumpleError("workers need Linux or macOS", where=_WHERE, hint="Call the function itself.") from None
        if form not in INPUTS:
            raise CrumpleError(f"there is no input {form!r}", where=_WHERE, got=form, allowed=INPUTS)
        system = CallableSystem(
            call=target,
            input=form,
            root=root,
            refuses=tuple(filter(None, map(_exception, self._mark.refuses))),
            limits=Limits(timeout=self._mark.timeout, memory=self._mark.memory),
            # What this process can import, that one can.
            env={"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        adapter = system.adapter(self._scratch / f"worker{len(self._started)}")
        try:
            adapter.start()
        except BaseException as error:
            adapter.close()
            if isinstance(error, CrumpleError):
                raise CrumpleError(str(error).replace("[system] call: ", "").rstrip("."), where=_WHERE) from None
            raise
        self._started[target, form] = adapter
        return adapter

    def close(self) -> None:
        """End all of them, with everything that they have started."""
        while self._started:
            self._started.popitem()[1].close()


def _importable(function: Callable[..., Any]) -> tuple[str, Path]:
    """By which name another process finds a function, and the folder that its module is looked for in first.

    Raises:
        CrumpleError: it finds none.
    """
    __tracebackhide__ = True
    name = getattr(function, "__qualname__", "")
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    if not isinstance(function, FunctionType) and not (module and name and not hasattr(function, "__self__")):
        raise _not_importable(f"{type(function).__name__} {name}".strip())
    if name.rpartition(".")[2] == "<lambda>":
        raise _not_importable("a lambda")
    if "<locals>" in name:
        raise _not_importable(f"{name.rpartition('.')[2]!r}, which is defined inside another function,")
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if module is None or module.__name__ == "__main__" or found is not function:
        raise _not_importable(f"{name!r}")
    file = getattr(module, "__file__", None)
    depth = module.__name__.count(".") + (Path(file).name == "__init__.py" if file else 0)
    return f"{module.__name__}:{name}", Path(file).resolve().parents[depth] if file else Path.cwd()


def _not_importable(what: str) -> CrumpleError:
    return CrumpleError(
        f"{what} cannot be called in a worker, which imports what it calls",
        where=_WHERE,
        hint="Give it a function at the top level of a module.",
    )


def _exception(kind: type[BaseException]) -> str:
    """The name by which a worker knows a class of exceptions; "" where it can know none."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    return name if _NAME.fullmatch(name) else ""
