"""Runs by what people call them: an id, how one begins, "latest", a configuration, or a run of one: FOLDER:RUN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.cli.stores import Project
    from crumple.comparing.sides import Called, Key, Side
    from crumple.result import Result
    from crumple.store import Line, Store

NAMES: Final = 'an id or the beginning of one, "latest", a folder with a crumple.toml, or FOLDER:RUN'


@dataclass(frozen=True, slots=True)
class Named:
    """A run that somebody named.

    Attributes:
        store: open, where it is.
        line: the run.
        project: whose it is.
        config: the configuration as it was named; "" where it is the one that is found here.
    """

    store: Store
    line: Line
    project: Project
    config: str

    @property
    def reached(self) -> str:
        """How it is named from here: "build:20261122-20"."""
        return f"{self.config}:{self.line.id}" if self.config else self.line.id


@contextmanager
def named_run(name: str, config: str | None, location: str | None) -> Iterator[Named]:
    """The run of this name, its store open.

    Args:
        name: as `NAMES` says.
        config: the configuration whose runs are meant where none is in the name.
        location: what --store says of those.

    Raises:
        CrumpleError: there is none, or its store cannot be read.
    """
    from crumple.cli.stores import past_runs, project

    place, run = _taken_apart(name)
    with ExitStack() as stack:
        try:
            found = project(place or config, None if place else location)
        except CrumpleError:
            if place or config or location:
                raise
            raise CrumpleError("there is no such run or configuration", got=name, allowed=[NAMES]) from None
        try:
            store = stack.enter_context(past_runs(found))
        except CrumpleError as error:
            if place and "there are no runs yet" in str(error):
                hint = f"`crumple run --config {place}` makes one."
                raise CrumpleError(f"{place} has no runs yet", where=str(found.root), hint=hint) from None
            raise
        line = store.find(run) if run else _latest_finished(store, place)
        yield Named(store, line, found, place or (config or ""))


def _taken_apart(name: str) -> tuple[str, str]:
    """The configuration in a name, and the run; "" where it has none."""
    if Path(name).exists():
        return name, ""
    place, colon, run = name.rpartition(":")
    if colon and place and Path(place).exists():
        return place, run or "latest"
    if "/" in name or name.endswith(".toml"):
        raise CrumpleError("there is no such configuration", where=name, got=name, allowed=[NAMES])
    return "", name


def _latest_finished(store: Store, place: str) -> Line:
    """The newest run or night that came to its end: what a configuration stands for."""
    kinds = {"", "run", "night"}
    for line in store.lines():
        if line.state == "ended" and str(line.info.get("kind") or "") in kinds:
            return line
    raise CrumpleError(
        "there is no finished run", where=store.where, hint=f"`crumple run --config {place}` makes one, or goes on."
    )


def side(named: Named) -> Side:
    """A run as one side of a comparison.

    Raises:
        CrumpleError: it cannot be one.
    """
    from crumple.comparing.comparable import check_run
    from crumple.comparing.sides import Side

    line = named.line
    document = check_run(line.id, named.store.document(line), line.calls)
    return Side(
        run=line.id,
        state=line.state,
        document=document,
        config=named.config or str(document["run"].get("config") or ""),
        cases=partial(_cases, named),
        results=partial(_results, named),
    )


def _cases(named: Named) -> Iterator[tuple[str, Called]]:
    """What it called of each case, in the order of their names."""
    from crumple.comparing.sides import called
    from crumple.store.by_case import by_case

    for name, results in by_case(named.store, named.line):
        yield name, called(results)


def _results(named: Named, keys: frozenset[Key]) -> Mapping[Key, Result]:
    """The results of some of its calls, by case and recipe; the first of repetitions."""
    from crumple.store.by_case import by_case

    found: dict[Key, Result] = {}
    if not keys:
        return found
    for _, results in by_case(named.store, named.line, {case for case, _ in keys}):
        for result in results:
            key = result.work.case, str(result.work.recipe)
            if key in keys and result.work.key.endswith("/0"):
                found[key] = result
    return found
