"""The mutators that commands without a run can name: the installed ones, and those of a configuration's modules."""

from __future__ import annotations

from pathlib import Path

from crumple.config.finding import find, nearest, source
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
