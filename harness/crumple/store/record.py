"""One run as it is written: every result before it counts, and what a resumed run need not do again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, delete, exists, insert, or_, select, true, update

from crumple.errors import CrumpleError
from crumple.events import Event, RoundEnded
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.store.come import PROGRESS, added
from crumple.store.database import Database
from crumple.store.faults import StoreError
from crumple.store.insertion import Insertion
from crumple.store.left import read_left, reopen_void_rounds
from crumple.store.locking import Lock
from crumple.store.past import read_past
from crumple.store.rows import COLUMNS, Row, recipe_of, rest_of, result_of, stored_key, to_row
from crumple.store.schema import RESULTS, ROUNDS, RUNS
from crumple.store.spare_space import Reserve, Unsaved
from crumple.truth import ABSENT
from crumple.undisturbed import undisturbed

RUNNING: Final = "running"
INTERRUPTED: Final = "interrupted"
ENDED: Final = "ended"
ABANDONED: Final = "abandoned"

SNAPSHOT_SECONDS: Final = 5.0
_FIRST_SNAPSHOT = 1.0
_MAKING = 20  # of a run of a million calls a document takes seconds to make: one part in so many of the time, at most
_AT_ONCE = 500
_PATIENCE = 15.0
_PAUSE = 0.5
_VALUES = [RESULTS.c[name] for name in COLUMNS]
_ROUND, _KEY, _CASE = map(COLUMNS.index, ("round", "key", "case_id"))


class Record:
    """Writes one run. `with record:` lets go of it at the end, however that comes.

    Attributes:
        id: the run's.
        info: what its document says of it beforehand; of a resumed run as it began.
        resumed: whether it goes on where it stopped.
        past: what it has behind it.
        trouble: why nothing more can be stored; no further call should be made.
        left: how many stored results have not been asked for again.
    """

    def __init__(
        self,
        database: Database,
        number: int,
        info: Mapping[str, Any],
        lock: Lock,
        reserve: Reserve | None,
        unsaved: Unsaved,
        *,
        resumed: bool = False,
        kept: Callable[[Result], Result] = lambda result: result,
        lag: int | None = None,
    ) -> None:
        """Go on with a run, or begin it.

        Args:
            database: where it is.
            number: of its row.
            info: see above.
            lock: held; let go of in the end.
            reserve: space for results on their way.
            unsaved: what the store could not take the last time.
            resumed: see above.
            kept: what may be written of a result.
            lag: how far rounds depend on earlier ones, as `course.Course.lag`.
        """
        self._database, self._number = database, number
        self.id = str(info["id"])
        self.info = info
        self._lock, self._reserve, self._unsaved = lock, reserve, unsaved
        self._kept = kept
        self.trouble: StoreError | None = None
        self._insertion = Insertion(database, RESULTS, ("run", *COLUMNS))
        self._progress = database.prepared(PROGRESS)
        self._marks: list[dict[str, Any]] = []
        self._take_in(unsaved.rows())
        if resumed:
            reopen_void_rounds(database, number, lag)
        left = read_left(database, read_past(database, number))
        self.past = left.past
        self._stored, self.left = left.usable, left.usable.marked
        self._stale, self._seen, self._marked = left.stale, left.rounds, left.marked
        self._began = time.monotonic()
        self._shows_at = self._began + _FIRST_SNAPSHOT
        self.resumed = resumed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def seconds(self) -> float:
        """How long the run was at work, this time included."""
        return self.past.seconds + time.monotonic() - self._began

    def take(self, works: Sequence[Work]) -> dict[str, Result]:
        """The results of those works that are stored already, by key; each is handed out once.

        Raises:
            CrumpleError: what is stored by one of the keys is about another document.
        """
        by_round: dict[int, list[Work]] = {}
        for work in works:
            if self._stored.unmark(stored_key(work.key)):
                self.left -= 1
                by_round.setdefault(work.round, []).append(work)
        found: dict[str, Result] = {}
        for number, own in by_round.items():
            for begin in range(0, len(own), _AT_ONCE):
                some = {stored_key(work.key): work for work in own[begin : begin + _AT_ONCE]}
                wanted = select(*_VALUES).where(
                    RESULTS.c.run == self._number, RESULTS.c.round == number, RESULTS.c.key.in_(list(some))
                )
                with self._database.reading() as connection:
                    rows = connection.execute(wanted).all()
                for row in rows:
                    work = some[row[_KEY]]
                    found[work.key] = self._handed_back(row, work)
        return found

    def _handed_back(self, row: Sequence[Any], work: Work) -> Result:
        """A result as that of the work that asks for it; only ever for the very document that it is about."""
        rest = rest_of(row)
        case, recipe = rest.get("case", row[_CASE]), recipe_of(rest)
        if case != work.case or not _is_of(recipe, work):
            raise StoreError(
                f"run {self.id} was made by another plan: as {work.key} it has {Work(0, case, recipe).replay!r}, and "
                f"now it is {work.replay!r}",
                where=self._database.where,
                hint="Begin anew with --fresh.",
            )
        return result_of(row, rest, replace(work, recipe=recipe) if work.fitting else work)

    def save(self, results: Sequence[Result]) -> None:
        """Put results on disk; afterwards they are there, or `trouble` says why no more should be made.

        Raises:
            StoreError: they are lost; the message says how many.
        """
        if not results:
            return
        rows = []
        for result in results:
            kept = self._kept(result)
            rows.append(to_row(kept, whole=result.value is ABSENT or kept.value is not ABSENT))
            if result.work.round >= 0:
                self._seen.setdefault(result.work.round, set()).add(rows[-1][_KEY])
        with undisturbed():
            self._secure(rows)

    def add(self, event: Event) -> None:
        """Take note of an event: that a round is whole, so that it is not drawn again."""
        if not isinstance(event, RoundEnded) or event.number < self.past.rounds or event.number in self._marked:
            return
        self._marked.add(event.number)
        keys = {stored_key(result.work.key) for result in event.results}
        self._marks.append(
            {
                "run": self._number,
                "number": event.number,
                "calls": event.calls,
                "cost": event.cost,
                "aside": json.dumps(sorted(self._seen.pop(event.number, set()) - keys)),
            }
        )

    def show(self, document: Callable[[], Mapping[str, Any]]) -> None:
        """Have the run's document made and kept, where the last one is old enough; see `snapshot`."""
        began = time.monotonic()
        if began >= self._shows_at:
            self.snapshot(document())
            now = time.monotonic()
            self._shows_at = now + max(SNAPSHOT_SECONDS, _MAKING * (now - began))

    def snapshot(self, document: Mapping[str, Any]) -> None:
        """Keep the run's document as it stands, masked and cut as it may be kept."""
        if self.trouble is None:
            with undisturbed():
                self._secure([], document=json.dumps(document))

    def end(self, document: Mapping[str, Any]) -> None:
        """The run is through.

        Raises:
            StoreError: that cannot be written; the same command does so later, without further calls.
        """
        self._finish(document, ENDED)

    def interrupt(self, document: Mapping[str, Any]) -> None:
        """The run stops here and may go on later.

        Raises:
            StoreError: that cannot be written; nothing is lost by it.
        """
        self._finish(document, INTERRUPTED)

    def close(self) -> None:
        """Let go of the run; more than once does nothing."""
        if self._reserve is not None:
            self._reserve.give_up()
            self._reserve = None
        self._lock.release()

    def _finish(self, document: Mapping[str, Any], state: str) -> None:
        if self._reserve is not None:
            self._reserve.give_up()
        with undisturbed():
            self._write([], document=json.dumps(document), state=state)

    def _secure(self, rows: Sequence[Row], document: str | None = None) -> None:
        """Write to the store; where it fails, with what was held back, when it is there again, or beside it."""
        try:
            self._write(rows, document=document)
        except StoreError as fault:
            if fault.full and self._reserve is not None:
                self._reserve.give_up()
            if not self._written_later(rows, fault):
                self._put_aside(rows, fault)

    def _written_later(self, rows: Sequence[Row], fault: StoreError) -> bool:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                held = self._lock.renew()
                if held and self._landed(rows):
                    self._marks = []
                elif held:
                    self._write(rows)
            except StoreError as again:
                if not again.gone or time.monotonic() > until:
                    return False
                time.sleep(_PAUSE)
                continue
            if not held:
                self.trouble = StoreError(
                    f"the connection was lost, and another process has taken run {self.id}",
                    where=self._database.where,
                    hint="Wait for it, and run again.",
                )
                return False
            if not fault.gone:
                self.trouble = fault
            return True

    def _landed(self, rows: Sequence[Row]) -> bool:
        """Whether a transaction whose end was not seen is on disk after all: all of it is, or nothing."""
        new = next((row for row in rows if row[_KEY] not in self._stale), None)
        if new is not None:
            mine = RESULTS.c.run == self._number, RESULTS.c.round == new[_ROUND], RESULTS.c.key == new[_KEY]
        elif self._marks:
            mine = ROUNDS.c.run == self._number, ROUNDS.c.number == self._marks[0]["number"], true()
        else:
            return False
        with self._database.reading() as connection:
            return bool(connection.execute(select(exists().where(*mine))).scalar_one())

    def _put_aside(self, rows: Sequence[Row], fault: StoreError) -> None:
        self.trouble = self.trouble or fault
        try:
            if rows:
                self._unsaved.add(rows)
        except (OSError, CrumpleError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise StoreError(
                f"{len(rows)} results could be written neither there nor to {self._unsaved.path} ({why}), and are "
                f"lost; {str(fault).rstrip('.')}",
                where=self._database.where,
            ) from None

    def _write(self, rows: Sequence[Row], *, document: str | None = None, state: str = RUNNING) -> None:
        """One transaction: results, rounds that are whole with them, and how far the run has come."""
        marks = self._marks
        with self._database.writing() as connection:
            self._insert(connection, rows)
            if marks:
                connection.execute(insert(ROUNDS), marks)
            so_far = {"run": self._number, "now": self.seconds, "becomes": state, **added(rows)}
            connection.exec_driver_sql(self._progress.text, tuple(so_far[name] for name in self._progress.names))
            if document is not None:
                mine = RUNS.c.number == self._number
                connection.execute(update(RUNS).where(mine).values(document=document))
        self._marks = []

    def _insert(self, connection: Connection, rows: Iterable[Row]) -> None:
        values = [(self._number, *row) for row in rows]
        again = [row for row in values if row[_KEY + 1] in self._stale]
        if again:
            rounds, keys = {row[_ROUND + 1] for row in again}, [row[_KEY + 1] for row in again]
            mine = RESULTS.c.run == self._number, RESULTS.c.round.in_(rounds), RESULTS.c.key.in_(keys)
            connection.execute(delete(RESULTS).where(*mine))
        self._insertion.put(connection, values)

    def _take_in(self, rows: Sequence[Row]) -> None:
        """What was put aside the last time, as far as it is not there."""
        if not rows:
            return
        with self._database.writing() as connection:
            known: set[str] = set()
            for begin in range(0, len(rows), _AT_ONCE):
                keys = [row[_KEY] for row in rows[begin : begin + _AT_ONCE]]
                mine = RESULTS.c.run == self._number, RESULTS.c.key.in_(keys)
                # What was void or not whole has been called for again meanwhile.
                connection.execute(
                    delete(RESULTS).where(*mine, or_(~RESULTS.c.whole, RESULTS.c.outcome == Outcome.VOID))
                )
                known.update(connection.execute(select(RESULTS.c.key).where(*mine)).scalars())
            new = list({row[_KEY]: row for row in rows if row[_KEY] not in known}.values())
            if new:
                self._insertion.put(connection, [(self._number, *row) for row in new])
                before = connection.execute(select(RUNS.c.seconds).where(RUNS.c.number == self._number)).scalar_one()
                so_far = {"run": self._number, "now": before, "becomes": RUNNING, **added(new)}
                connection.execute(PROGRESS, so_far)
        self._unsaved.clear()


def _is_of(stored: Recipe, work: Work) -> bool:
    """Whether a recipe is the one that is asked for, or where steps may be left out, what is left of it."""
    if not work.fitting:
        return stored == work.recipe
    asked = iter(work.recipe.steps)
    return all(step in asked for step in stored.steps)
