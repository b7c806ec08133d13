"""Renderers of a run's document, found by their entry points: a plugin's as the built-in ones."""

from __future__ import annotations

from collections.abc import Callable

from crumple.errors import CrumpleError
from crumple.loading import entry_points

GROUP = "crumple.reports"


def renderer(name: str) -> Callable[..., str]:
    """What turns a run's document into a text.

    Args:
        name: its entry point's name: "terminal", "json".

    Raises:
        CrumpleError: there is none of this name.
    """
    points = {point.name: point for point in sorted(entry_points(GROUP), key=lambda point: point.value)}
    if name not in points:
        raise CrumpleError(f"there is no report {name!r}", got=name, allowed=sorted(points))
    render: Callable[..., str] = points[name].load()
    return render
