"""What a test's calls share: pytest sets its fixtures up once, and some of them are given anew for each document."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from crumple.errors import CrumpleError
from crumple.pytest_plugin.warned import SharedFixtureWarning

_GIVEN: Final = "degraded"
_OUTPUT: Final = ("capsys", "capfd", "capsysbinary", "capfdbinary", "capteesys")


class NotYet:
    """What stands for `degraded` while fixtures are set up: there is no document before the test is called."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.fail(
            "there is no degraded document while fixtures are set up: take `degraded` in the test itself", pytrace=False
        )


def arguments_of(item: pytest.Function) -> dict[str, Any]:
    """A test's arguments but for `degraded`."""
    names = inspect.signature(item.obj).parameters
    return {name: value for name, value in item.funcargs.items() if name in names and name != _GIVEN}


def check(item: pytest.Function) -> None:
    """Reject what can never be given a document, and warn of fixtures that documents share.

    Raises:
        CrumpleError: the test, or a fixture of it, takes `degraded` where none is to be had.
    """
    if inspect.iscoroutinefunction(item.obj) or inspect.isasyncgenfunction(item.obj):
        raise CrumpleError(
            f"{item.name} is async, and crumple calls plain functions",
            where="@pytest.mark.crumple",
            hint="Await in it: asyncio.run(read(degraded.data)).",
        )
    definitions = _definitions(item)
    for name, definition in definitions.items():
        if name != _GIVEN and _GIVEN in definition.argnames:
            raise CrumpleError(
                f"the fixture {name!r} takes `degraded`, and fixtures are set up once for all documents",
                where="@pytest.mark.crumple",
                hint=f"Take `degraded` in {item.name} itself, and have {name} return a function.",
            )
    own = definitions.get(_GIVEN)
    if own is not None and not _is_pytests(own.func):
        raise CrumpleError(
            f"{item.name} takes `degraded`, and {getattr(own.func, '__module__', 'another plugin')} has a fixture of "
            "that name, which hides crumple's",
            where="@pytest.mark.crumple",
            hint="Give that fixture another name.",
        )
    asked = set(inspect.signature(item.obj).parameters)
    shared = [
        name
        for name, each in definitions.items()
        if each.scope == "function" and not _is_pytests(each.func) and (name in asked or _is_under(each, item))
    ]
    if shared:
        item.warn(
            SharedFixtureWarning(
                f"{', '.join(shared)}: set up once for all documents of {item.name}, not anew for each; what one call "
                "leaves in it the next one finds. Where that is meant, say so with a wider scope."
            )
        )


def _definitions(item: pytest.Function) -> Mapping[str, Any]:
    """The fixtures of a test; pytest has no public name for them."""
    info = getattr(item, "_fixtureinfo", None)
    named = getattr(info, "name2fixturedefs", {})
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return {
        name: found[-1]
        for name, found in named.items()
        if found and not (name in parameters and _is_pytests(found[-1].func))
    }


def _is_pytests(function: Callable[..., Any]) -> bool:
    """Whether pytest itself, or crumple, brings a fixture."""
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0] in ("_pytest", "pytest", "crumple")


def _is_under(definition: Any, item: pytest.Function) -> bool:
    """Whether a fixture is one of the project's own."""
    try:
        path = Path(inspect.getfile(definition.func))
    except TypeError:
        return False
    return path.is_relative_to(item.config.rootpath) and not any("-packages" in part for part in path.parts)


class Arguments:
    """A test's arguments for one document after the other.

    `tmp_path` is another folder for each, `monkeypatch` is undone after each, and what `capsys`, `caplog` and `recwarn`
    hold is thrown away before each.
    """

    def __init__(self, item: pytest.Function) -> None:
        """Take what pytest has set up."""
        self._given = arguments_of(item)
        self._clearing = [
            *(self._given[name].readouterr for name in _OUTPUT if name in self._given),
            *(self._given[name].clear for name in ("caplog", "recwarn") if name in self._given),
        ]
        self._folder: Path | None = self._given.get("tmp_path")
        self._patches = "monkeypatch" in self._given
        self._count = 0

    def call(self, function: Callable[..., Any], degraded: object) -> object:
        """Call the test's body with them."""
        __tracebackhide__ = True
        given = {**self._given, _GIVEN: degraded}
        answer = self._apart(function, given) if self._clearing or self._folder or self._patches else function(**given)
        if answer is not None and inspect.isawaitable(answer):
            if inspect.iscoroutine(answer):
                answer.close()
            raise TypeError("the test returned what is to be awaited, and crumple calls plain functions")
        return answer

    def _apart(self, function: Callable[..., Any], given: dict[str, Any]) -> object:
        __tracebackhide__ = True
        for clear in self._clearing:
            clear()
        patch = pytest.MonkeyPatch() if self._patches else None
        folder = None
        if patch is not None:
            given["monkeypatch"] = patch
        if self._folder is not None:
            self._count += 1
            folder = given["tmp_path"] = self._folder / f"document{self._count}"
            folder.mkdir()
        try:
            return function(**given)
        finally:
            if patch is not None:
                patch.undo()
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
