"""From a configuration to what a run needs: its plan, and what a lane is told. The one place where they meet."""

from __future__ import annotations

from pathlib import Path

from crumple.errors import CrumpleError
from crumple.mutation.registry import Registry, discover


def known_mutators(config: str | None = None) -> Registry:
    """Every mutator of the installed plugins, and of a configuration's modules where there is one.

    Args:
        config: a configuration file or its folder; None: the one of the current folder, if there is one.

    Raises:
        CrumpleError: the configuration was named and cannot be used, or a module cannot be imported.
    """
    from crumple.config.loading import find, load

    try:
        path = find(Path(config) if config is not None else None)
    except CrumpleError:
        if config is not None:
            raise
        return discover()
    loaded = load(path)
    return discover(loaded.settings.mutate.modules, loaded.root)
