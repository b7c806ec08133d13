"""The mutators that commands without a run can name: the installed ones, and those of a configuration's modules."""

from __future__ import annotations

from pathlib import Path

from crumple.config.finding import find, nearest, source
from crumple.config.quantities import PIXELS, pixels
from crumple.errors import CrumpleError
from crumple.mutation.registry import Registry, discover


def known_mutators(config: str | None = None) -> Registry:
    """Every mutator that a recipe may name here. Of a configuration only its modules are looked at.

    Args:
        config: a configuration file or its folder; None: the one of the current folder, if there is one.

    Raises:
        CrumpleError: the configuration was named and is not there, is no TOML, or a module cannot be imported.
    """
    path = nearest(Path.cwd()) if config is None else find(Path(config))
    if path is None:
        return discover()
    written = source(path)
    modules = written.value(("mutate", "modules")) or []
    if not isinstance(modules, list) or not all(isinstance(each, str) for each in modules):
        raise CrumpleError("modules must be a list of texts in quotes", where=written.place(("mutate", "modules")))
    return discover(modules, path.parent)


def known_pixels(config: str | None = None) -> int:
    """How many pixels of one document may be unpacked here.

    Args:
        config: as for `known_mutators`.

    Raises:
        CrumpleError: the configuration says something else than a number of pixels.
    """
    path = nearest(Path.cwd()) if config is None else find(Path(config))
    written = source(path) if path is not None else None
    most = written.value(("mutate", "pixels")) if written is not None else None
    if written is None or most is None:
        return PIXELS
    try:
        return pixels(most)
    except ValueError as error:
        raise CrumpleError(f"pixels {error}", where=written.place(("mutate", "pixels"))) from None
