"""The store that commands about past runs read; the rest of the configuration need not be sound for that."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from crumple.cli.parameters import STORE, config_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.store import Store

_Command = TypeVar("_Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Project:
    """What commands about past runs need of a configuration.

    Attributes:
        root: the folder that it is in.
        location: what it says of the store; None where it says nothing.
        keep_for: seconds that it keeps runs; None where it says nothing.
        others: where else its runs may be, for a store can be named on the command line: None is `.crumple/store.db`.
    """

    root: Path
    location: str | None
    keep_for: float | None
    others: tuple[str | None, ...] = ()


def with_store(command: _Command) -> _Command:
    """The options by which a store is found."""
    return config_option(click.option("--store", "location", metavar="WHERE", help=STORE)(command))


def project(config: str | None, location: str | None) -> Project:
    """What the nearest configuration, or the one that is named, says of its store.

    Raises:
        CrumpleError: there is none, and no store is named; or what it says of it cannot be read.
    """
    from crumple.config.environment import Expansion
    from crumple.config.finding import find, nearest, source
    from crumple.config.quantities import duration
    from crumple.masking import remember

    here = Path.cwd()
    if config is None and location is not None and nearest(here) is None:
        return Project(here, location, None, (None,))
    path = find(Path(config) if config is not None else None)
    written = source(path)
    expansion = Expansion(os.environ)
    said = location or expansion.expand(written.value(("run", "store")), ("run", "store"))
    remember(expansion.used)
    if expansion.flaws:
        key, what = expansion.flaws[0]
        raise CrumpleError(what, where=written.place(key), hint="Set it, or name the store with --store.")
    if said is not None and not isinstance(said, str):
        raise CrumpleError("store must be a text in quotes", where=written.place(("run", "store")))
    keep_for = written.value(("privacy", "keep_for"))
    try:
        seconds = None if keep_for is None else duration(keep_for)
    except ValueError as error:
        raise CrumpleError(f"keep_for {error}", where=written.place(("privacy", "keep_for"))) from None
    others: set[str | None] = {None} if said is not None else set()
    if location is not None:
        aside = Expansion(os.environ)
        configured = aside.expand(written.value(("run", "store")), ("run", "store"))
        remember(aside.used)
        if isinstance(configured, str) and not aside.flaws:
            others.add(configured)
    return Project(path.parent, said, seconds, tuple(others - {said}))


@contextmanager
def other_stores(found: Project) -> Iterator[list[Store]]:
    """The project's other stores, as far as they are there.

    Raises:
        CrumpleError: one of them cannot be read.
    """
    from crumple.store import exists, open_store

    with ExitStack() as opened:
        stores = []
        for location in found.others:
            if exists(location, found.root):
                stores.append(open_store(location, found.root))
                opened.callback(stores[-1].close)
        yield stores


@contextmanager
def past_runs(found: Project) -> Iterator[Store]:
    """The store, which is not made where there is none.

    Raises:
        CrumpleError: there is none yet, or it cannot be read.
    """
    from crumple.store import exists, open_store

    if not exists(found.location, found.root):
        raise CrumpleError("there are no runs yet", where=str(found.root), hint="`crumple run` makes one.")
    store = open_store(found.location, found.root)
    try:
        yield store
    finally:
        store.close()
