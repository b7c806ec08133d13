"""Marks checked while tests are collected, so that a mistake in one is an error of its file, with its line."""

from __future__ import annotations

import inspect

import pytest

from crumple.errors import CrumpleError
from crumple.pytest_plugin import marks


def check(metafunc: pytest.Metafunc, name: str) -> None:
    """Check the mark of a test.

    Args:
        metafunc: the test.
        name: the mark's.

    Raises:
        CollectError: it is not what it should be, or its test takes no document.
    """
    definition, function = metafunc.definition, metafunc.function
    given = definition.get_closest_marker(name)
    assert given is not None
    root = metafunc.config.rootpath
    place = marks.place_of(function, definition.path, root)
    try:
        if "degraded" not in inspect.signature(function).parameters:
            if not any(each.name == name for each in definition.own_markers):
                return  # of a marked class or module, and about something else
            raise CrumpleError(
                f"{definition.name} takes no document",
                where=f"{place}: @pytest.mark.crumple",
                hint="Give it the argument `degraded`.",
            )
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise CrumpleError(
                f"{definition.name} is async, and crumple calls plain functions",
                where=f"{place}: @pytest.mark.crumple",
                hint="Write a plain one and await in it: asyncio.run(read(degraded.data)).",
            )
        marks.read(given, place, (definition.path.parent, root))
    except CrumpleError as error:
        raise pytest.Collector.CollectError(str(error)) from None
