"""The runs of a store: which one goes on, which begins, what they came to."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Update, insert, select, text, update

from crumple.errors import CrumpleError
from crumple.result import Result
from crumple.store.database import Database
from crumple.store.lines import Line, calls, named
from crumple.store.locking import Lock, lock
from crumple.store.past import read_past
from crumple.store.record import ABANDONED, INTERRUPTED, RUNNING, Record
from crumple.store.schema import RUNS
from crumple.store.spare_space import Reserve, Unsaved

_PAUSE = 0.2
_OPEN = (RUNNING, INTERRUPTED)
_SHOWN = [each for each in RUNS.c if each.name not in {"document", "identity", "identities", "project"}]


class Store:
    """The runs of a project, or of several where they share a database."""

    def __init__(self, database: Database, root: Path) -> None:
        """Of this database; `open_store` makes one.

        Args:
            database: up to date.
            root: the configuration file's folder.
        """
        self.database = database
        self.root = root
        self._project = _digest([platform.node(), str(root.resolve())])

    @property
    def where(self) -> str:
        """The store as it may be shown: without a password."""
        return self.database.where

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def resume_or_begin(
        self,
        identity: Mapping[str, str],
        info: Mapping[str, Any],
        *,
        fresh: bool = False,
        wait: bool = True,
        say: Callable[[str], None] = lambda line: None,
        kept: Callable[[Result], Result] = lambda result: result,
        lag: int | None = None,
    ) -> Record:
        """Go on with the newest unfinished run of this identity, or begin one.

        Args:
            identity: all that a run's calls depend on, each by its name for people with its digest: "corpus",
                "mutators", "the system's version".
            info: what the document of a new run says of it beforehand, its "id" and "started" among it.
            fresh: begin one in any case; unfinished ones of this identity are given up.
            wait: for a process that is at this run; otherwise that is an error.
            say: shows a line to the user.
            kept: what may be written of a result.
            lag: how far its rounds depend on earlier ones, as `course.Course.lag`.

        Raises:
            CrumpleError: another process is at it, or the store cannot be written.
        """
        digest = _digest(sorted(identity.items()))
        told = False
        while True:
            found = self._choose(digest, identity, info, fresh=fresh)
            if isinstance(found, _Chosen):
                return self._record(found, say, kept, lag)
            if not wait:
                raise CrumpleError(
                    f"run {found.id} is being written by {found.holder}",
                    where=self.where,
                    hint="Wait for it to end, or begin another run beside it with --fresh.",
                )
            if not told:
                say(f"waiting for run {found.id}, which {found.holder} is at (--no-wait: do not wait)")
                told = True
            time.sleep(_PAUSE)

    def lines(self) -> list[Line]:
        """Every run, the newest first.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.database.reading() as connection:
            rows = connection.execute(select(*_SHOWN).order_by(RUNS.c.number.desc())).all()
        return [self._line(row) for row in rows]

    def find(self, name: str) -> Line:
        """A run by its id, by how that begins, or as "latest".

        Raises:
            CrumpleError: there is none, or several.
        """
        return named(name, self.lines(), self.where)

    def document(self, line: Line) -> dict[str, Any] | None:
        """A run's document, of an unfinished one as it was last written; None where it never was.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.database.reading() as connection:
            found = connection.execute(select(RUNS.c.document).where(RUNS.c.number == line.number)).scalar_one_or_none()
        document = None if found is None else json.loads(found)
        return document if isinstance(document, dict) else None

    def results(self, line: Line) -> Iterator[Result]:
        """A run's results that count: its clean calls, and those of whole rounds.

        Raises:
            StoreError: the store cannot be read.
        """
        past = read_past(self.database, line.number)
        yield from past.clean()
        for ended in past.ended():
            yield from ended.results

    def identities(self, line: Line) -> dict[str, str]:
        """What a run's calls depended on: name -> digest, as `identity.identity_of` gives it.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.database.reading() as connection:
            found = connection.execute(select(RUNS.c.identities).where(RUNS.c.number == line.number)).scalar_one()
        return {str(name): str(each) for name, each in json.loads(found).items()}

    def unfinished(self, mine: Mapping[str, str]) -> list[Line]:
        """The unfinished nights that are of one series, the newest first.

        Args:
            mine: what nights of it know: "baseline", by which nights of any machine are told, and "config", by which
                those of this folder are where there is no baseline.

        Raises:
            StoreError: the store cannot be read.
        """
        columns = [*_SHOWN, RUNS.c.project]
        rows = select(*columns).where(RUNS.c.state.in_(_OPEN))
        with self.database.reading() as connection:
            found = connection.execute(rows.order_by(RUNS.c.number.desc())).all()
        lines = []
        for row in found:
            info = json.loads(row.info)
            known = info.get("known") or {}
            same = mine["baseline"] and known.get("baseline") == mine["baseline"]
            here = row.project == self._project and known.get("config") == mine["config"]
            if info.get("kind") == "night" and (same or here):
                lines.append(self._line(row))
        return lines

    def give_up(self, line: Line) -> bool:
        """Close an unfinished run: it does not go on any more. Whether it was closed; not where somebody is at it.

        Raises:
            StoreError: the store cannot be written.
        """
        held = lock(self.database, line.id)
        if held is None:
            return False
        try:
            with self.database.writing() as connection:
                open_still = RUNS.c.number == line.number, RUNS.c.state.in_(_OPEN)
                return connection.execute(update(RUNS).where(*open_still).values(state=ABANDONED)).rowcount > 0
        finally:
            held.release()

    def hold(self, mine: Mapping[str, str]) -> Lock | None:
        """The right to carry a series of nights out, for as long as it is not let go of; None where another has it.

        Args:
            mine: as for `unfinished`.

        Raises:
            StoreError: it can be neither taken nor found taken.
        """
        return lock(self.database, f"nights-{mine['baseline'] or _digest([self._project, mine['config']])[:16]}")

    def _choose(
        self, digest: str, identity: Mapping[str, str], info: Mapping[str, Any], *, fresh: bool
    ) -> _Chosen | Line:
        """The run to write, locked; or the one of this identity that another process is at."""
        with self.database.writing() as connection:
            if connection.dialect.name == "postgresql":
                # Two processes must not both find nothing; SQLite's transaction sees to it by itself.
                number = int.from_bytes(bytes.fromhex(digest)[:8], signed=True)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})
            unfinished = select(*_SHOWN).where(RUNS.c.identity == digest, RUNS.c.state.in_(_OPEN))
            for row in connection.execute(unfinished.order_by(RUNS.c.number.desc())).all():
                held = lock(self.database, row.id)
                if held is None:
                    if fresh:
                        continue
                    return self._line(row)
                if fresh:
                    connection.execute(_at(row.number).values(state=ABANDONED))
                    held.release()
                    continue
                connection.execute(_at(row.number).values(state=RUNNING, holder=_holder()))
                return _Chosen(row.number, json.loads(row.info), held, line=self._line(row, looked_at=True))
            note = "" if fresh else self._differs(connection, identity)
            held = lock(self.database, str(info["id"]))
            if held is None:
                raise CrumpleError(f"another process writes a run {info['id']}", where=self.where)
            try:
                number = self._insert(connection, digest, identity, info)
            except BaseException:
                held.release()
                raise
            return _Chosen(number, dict(info), held, note=note)

    def _insert(self, connection: Connection, digest: str, identity: Mapping[str, str], info: Mapping[str, Any]) -> int:
        values = {
            "id": str(info["id"]),
            "identity": digest,
            "identities": json.dumps(dict(identity)),
            "project": self._project,
            "state": RUNNING,
            "holder": _holder(),
            "info": json.dumps(dict(info)),
            "started": time.time(),
            "seconds": 0.0,
            "calls": 0,
            "failures": 0,
            "void": 0,
            "cost": 0.0,
        }
        return int(connection.execute(insert(RUNS).values(values).returning(RUNS.c.number)).scalar_one())

    def _differs(self, connection: Connection, identity: Mapping[str, str]) -> str:
        """A line where this project's newest run is unfinished, and why it does not go on; or ""."""
        newest = select(RUNS.c.id, RUNS.c.state, RUNS.c.calls, RUNS.c.identities).where(RUNS.c.project == self._project)
        row = connection.execute(newest.order_by(RUNS.c.number.desc()).limit(1)).one_or_none()
        if row is None or row.state not in _OPEN:
            return ""
        held = lock(self.database, row.id)
        if held is None:
            return ""  # somebody is at it, side by side
        held.release()
        before = json.loads(row.identities)
        changed = [name for name in {**before, **identity} if before.get(name) != identity.get(name)]
        return (
            f"run {row.id} is unfinished ({calls(row.calls)}), but this has changed since: {', '.join(changed)}; "
            "beginning anew"
        )

    def _record(
        self, chosen: _Chosen, say: Callable[[str], None], kept: Callable[[Result], Result], lag: int | None
    ) -> Record:
        run = str(chosen.info["id"])
        reserve = None
        try:
            if self.database.path is not None:
                reserve = Reserve(self.database.path.with_suffix(".locks") / f"{run}.reserve")
            record = Record(
                self.database,
                chosen.number,
                chosen.info,
                chosen.lock,
                reserve,
                self.unsaved(run),
                resumed=chosen.line is not None,
                kept=kept,
                lag=lag,
            )
        except BaseException:
            if reserve is not None:
                reserve.give_up()
            chosen.lock.release()
            raise
        if chosen.note:
            say(chosen.note)
        if chosen.line is not None:
            say(f"going on with run {run} ({calls(chosen.line.calls)} stored; --fresh begins anew)")
        return record

    def unsaved(self, run: str) -> Unsaved:
        """What the store could not take of a run."""
        return Unsaved(self.root, run)

    def _line(self, row: Row[Any], *, looked_at: bool = False) -> Line:
        state = row.state
        if state == RUNNING and not looked_at:
            held = lock(self.database, row.id)
            if held is not None:
                held.release()
                state = INTERRUPTED
        return Line(
            row.number,
            row.id,
            state,
            row.holder,
            json.loads(row.info),
            row.started,
            row.seconds,
            row.calls,
            row.failures,
            row.void,
            row.cost,
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The run to write.

    Attributes:
        line: of one that goes on.
        note: what is to be said beforehand.
    """

    number: int
    info: Mapping[str, Any]
    lock: Lock
    line: Line | None = None
    note: str = ""


def _at(number: int) -> Update:
    return update(RUNS).where(RUNS.c.number == number)


def _holder() -> str:
    return f"process {os.getpid()} on {platform.node() or 'this machine'}"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
