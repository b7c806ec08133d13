"""The store of a night: one night of a series at a time, older unfinished ones closed, and one that is there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crumple.cli.output import emit
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from pathlib import Path

    from crumple.nightly.baseline import Baseline
    from crumple.nightly.past import PastNight
    from crumple.store import Line, Store

GOES_ON: Final = 20 * 3600.0
"""An interrupted night goes on until it is so many seconds old: not into the next one."""


@dataclass(slots=True)
class NightStore:
    """A store that a night is written to.

    Attributes:
        store: open.
        location: what is to be said of it to whoever opens it again; None: the project's own.
        mine: what tells the nights of this series.
        trouble: why it is not the one that is configured; "" where it is.
        closed: the older nights that were closed.
    """

    store: Store
    location: str | None
    mine: dict[str, str]
    trouble: str = ""
    closed: list[Line] = field(default_factory=list)

    def close_old(self, *, every: bool = False) -> None:
        """Close the unfinished nights that are too old to go on, or that the clock says are still to come."""
        for line in self.store.unfinished(self.mine):
            if every or not 0 <= time.time() - line.started < GOES_ON:
                self._close(line)

    def close_others(self, run: str) -> None:
        """Close every unfinished night but this: another system, corpus or baseline is another night."""
        for line in self.store.unfinished(self.mine):
            if line.id != run:
                self._close(line)

    def _close(self, line: Line) -> None:
        if self.store.give_up(line):
            self.closed.append(line)
            emit(f"night {line.id} of {line.info.get('started', '')[:10]} was interrupted; it is closed now", err=True)

    def past(self, baseline: Baseline | None, settings: Mapping[str, str]) -> tuple[list[PastNight], frozenset[str]]:
        """The nights before, and the fingerprints that their new recipes have shown; none where they cannot be read.

        Args:
            baseline: what they were compared with.
            settings: tonight's, as `changes.settings_of` has them.
        """
        from crumple.nightly.history import kinds_met, past_nights
        from crumple.store import StoreError

        if baseline is None:
            return [], frozenset()
        try:
            return past_nights(self.store, baseline, settings=settings), kinds_met(self.store, baseline)
        except StoreError as error:
            emit(f"earlier nights cannot be read, and nothing is said of slow change: {error}", err=True)
            return [], frozenset()


@contextmanager
def night_store(location: str | None, root: Path, mine: dict[str, str]) -> Iterator[NightStore]:
    """The store, held for this series of nights.

    Where the one that is named cannot be reached, the project's own: what a night has measured is worth keeping.

    Args:
        location: as named or configured.
        root: the configuration file's folder.
        mine: what tells the nights of this series; see `Store.unfinished`.

    Raises:
        CrumpleError: another night is going on, or not even the project's own store can be written.
    """
    from crumple.store import StoreError, open_store

    trouble = ""
    with ExitStack() as stack:
        try:
            store = open_store(location, root)
        except StoreError as error:
            if location is None:
                raise
            trouble, location = str(error), None
            store = open_store(None, root)
            emit(f"{trouble} Tonight's results are kept in {store.where}.", err=True)
        stack.callback(store.close)
        held = store.hold(mine)
        if held is None:
            raise _going_on(store, mine)
        stack.callback(held.release)
        yield NightStore(store, location, mine, trouble)


def _going_on(store: Store, mine: dict[str, str]) -> CrumpleError:
    """Who carries the other one out."""
    from crumple.plain_text import visible
    from crumple.store.record import RUNNING

    other = next((each for each in store.unfinished(mine) if each.state == RUNNING), None)
    said = f"night {other.id} is going on, carried out by {visible(other.holder)}" if other else "another night begins"
    return CrumpleError(said, where=store.where, hint="Wait for it to end: one night at a time.")
