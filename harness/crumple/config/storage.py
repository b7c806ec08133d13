"""[storage], read for commands that need nothing else of a configuration; and where files go that they are to write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crumple.config.environment import Expansion
from crumple.config.finding import find, nearest, source
from crumple.destinations import Destination, destination
from crumple.errors import CrumpleError
from crumple.masking import remember
from crumple.remote import is_url

_KEY = ("storage",)


def known_destination(name: str, config: str | Path | None = None) -> Destination:
    """Where a file goes, by what was written on a command line.

    Args:
        name: a path or a URL; a configuration is looked at for a URL alone.
        config: its file or folder; None: the nearest one, if there is one.

    Raises:
        CrumpleError: see `destination` and `known_storage`.
    """
    return destination(name, known_storage(config) if is_url(name) else {})


def known_storage(config: str | Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Scheme -> what its file system is made with, as a configuration says.

    Raises:
        CrumpleError: the configuration was named and is not there, is no TOML, or its [storage] cannot be read.
    """
    path = nearest(Path.cwd()) if config is None else find(Path(config))
    if path is None:
        return {}
    written = source(path)
    expansion = Expansion(os.environ)
    said = expansion.expand(written.value(_KEY) or {}, _KEY)
    remember(expansion.used)
    if expansion.flaws:
        key, what = expansion.flaws[0]
        raise CrumpleError(what, where=written.place(key))
    if not isinstance(said, Mapping) or not all(isinstance(each, Mapping) for each in said.values()):
        raise CrumpleError("storage must have a table a scheme: [storage.s3]", where=written.place(_KEY))
    return said
