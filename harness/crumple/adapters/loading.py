"""Why a function could not be loaded into its worker, as an error that its reader can mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crumple.adapters.replies import how_it_ended, one_line, own_lines
from crumple.errors import CrumpleError
from crumple.workers.frames import Frame
from crumple.workers.limits import Limits, in_bytes, in_seconds
from crumple.workers.process import Reason, Stop

_LONGEST_OUTPUT = 2000
GIVEN = ("name", "media_type", "inputs", "parts")
Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be loaded.

    Attributes:
        name: "module:function".
        key: "call" or "factory", for the error's place.
        root: the folder that modules are looked for in first.
        limits: what loading may take.
    """

    name: str
    key: str
    root: Path
    limits: Limits

    @property
    def where(self) -> str:
        """The place in the configuration."""
        return f"[system] {self.key}"

    def why_not(self, heard: Frame | Stop, output: str) -> CrumpleError:
        """The error for a worker that did not become ready.

        Args:
            heard: what it sent instead, or how it ended.
            output: the end of what was printed.
        """
        if isinstance(heard, Stop):
            return self._ended(heard, output)
        words = heard.header
        explain = _REASONS.get(str(words.get("reason")))
        if explain is not None:
            return explain(self, words)
        if words.get("reason") == "exit":
            what = f"{self.name!r} exited with code {words['code']} while it was loaded"
            return self.error(what, hint=_with("Guard what only a script should do.", own_lines(output)))
        name = words["classes"][0].rpartition(".")[2]
        what = f"{self.name!r} cannot be loaded: {name}: {one_line(words['message'])}".rstrip(": .")
        return self.error(what, hint=_with("", words["traceback"]))

    def error(self, what: str, **more: Any) -> CrumpleError:
        """An error at the target's place."""
        return CrumpleError(what, where=self.where, **more)

    def _ended(self, stop: Stop, output: str) -> CrumpleError:
        hint = ""
        if stop.reason is Reason.TIME:
            what, hint = f"was not loaded within {in_seconds(self.limits.startup)}", "Give it more with startup."
        elif stop.reason is Reason.MEMORY:
            what, hint = f"takes over {in_bytes(self.limits.memory)} to load", "Give it more with memory."
        elif stop.reason is Reason.OUTPUT:
            what = f"printed over {in_bytes(self.limits.output)} while it was loaded"
        else:
            what = f"ended while it was loaded: {how_it_ended(stop)}"
        return self.error(f"{self.name!r} {what}", hint=_with(hint, own_lines(output)))


def _no_module(target: Target, words: Words) -> CrumpleError:
    return target.error(
        f"there is no module {words['missing']!r}",
        hint=f"It is looked for in {target.root} first, and then where its Python finds modules.",
    )


def _no_function(target: Target, words: Words) -> CrumpleError:
    module = target.name.partition(":")[0]
    what = f"there is no {words['missing']!r} in {module}"
    return target.error(what, got=words["missing"], allowed=words["there"][:20])


def _not_callable(target: Target, words: Words) -> CrumpleError:
    return target.error(f"{target.name!r} is of type {words['got']} and cannot be called")


def _bad_factory(target: Target, words: Words) -> CrumpleError:
    return target.error(
        f"{target.name!r} returned something of type {words['got']} that cannot be called",
        hint="A factory builds the system and returns what is called for each document.",
    )


def _no_argument(target: Target, words: Words) -> CrumpleError:
    return target.error(f"{target.name!r} has no parameter that could take the document")


def _further_argument(target: Target, words: Words) -> CrumpleError:
    what = f"{target.name!r} needs an argument {words['missing']!r}, which crumple does not give"
    return target.error(what, got=words["missing"], allowed=GIVEN)


def _no_numpy(target: Target, words: Words) -> CrumpleError:
    return CrumpleError(
        f"an image is given as a numpy array, and the system's interpreter has no numpy ({words['message']})",
        where="[system] input",
        hint="Install numpy there, or choose another input.",
    )


def _no_exception(target: Target, words: Words) -> CrumpleError:
    module = words["missing"].rpartition(".")[0]
    return CrumpleError(
        f"{words['missing']!r} is declared as a refusal, and there is no such exception in {module}",
        where="[system] refuses",
        got=words["missing"],
        allowed=words["there"][:20],
    )


_REASONS: Mapping[str, Callable[[Target, Words], CrumpleError]] = {
    "no_module": _no_module,
    "no_function": _no_function,
    "not_callable": _not_callable,
    "factory": _bad_factory,
    "no_argument": _no_argument,
    "argument": _further_argument,
    "no_numpy": _no_numpy,
    "no_exception": _no_exception,
}


def _with(hint: str, text: str) -> str:
    """A hint, and below it what the system itself said."""
    text = text.strip()
    return f"{hint}\n{text[-_LONGEST_OUTPUT:]}" if text else hint
