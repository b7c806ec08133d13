"""The measures that are there: found by entry points."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from crumple import loading
from crumple.errors import CrumpleError
from crumple.measuring import GROUP, Measure


def discover() -> tuple[Measure, ...]:
    """Every measure of the installed plugins, by name.

    Raises:
        CrumpleError: a module that cannot be imported, or two measures of one mutator and view.
    """
    points = sorted(loading.entry_points(GROUP), key=lambda point: (point.name, point.value))
    modules = dict.fromkeys(point.value.partition(":")[0] for point in points)
    return collected(loading.module(each, None, f"an entry point of {GROUP}") for each in modules)


def collected(modules: Iterable[ModuleType]) -> tuple[Measure, ...]:
    """The measures among the top-level names of these modules, by name.

    One mutator may have several where each is of a view of its own: a table's delimiter is no page's.

    Raises:
        CrumpleError: two measures of one mutator and view.
    """
    found: dict[tuple[str, type], Measure] = {}
    for module in modules:
        for each in vars(module).values():
            if not isinstance(each, Measure):
                continue
            if found.setdefault((each.of, each.view), each) is not each:
                raise CrumpleError(
                    f"{each.of} is measured twice on {each.view.__name__}",
                    where=f"the measures of {module.__name__}",
                    hint="Rename one of them, or join them.",
                )
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1].__name__)))
