"""What engines have read so far, kept in a file: a reading depends on the engine and on the degraded page alone.

So an interrupted calibration goes on where it was, a changed ladder costs only its new rungs, and a mutator that draws
nothing is read once, whatever the seed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from crumple import Page

_TABLE = """
CREATE TABLE IF NOT EXISTS reading (
    engine TEXT NOT NULL, page TEXT NOT NULL, text TEXT NOT NULL, seconds REAL NOT NULL,
    mutator TEXT NOT NULL, value TEXT NOT NULL, sheet TEXT NOT NULL, seed INTEGER NOT NULL,
    PRIMARY KEY (engine, page)
) WITHOUT ROWID
"""


class Readings:
    """A file of readings; several processes may share it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(_TABLE)

    def find(self, engine: str, page: str) -> str | None:
        """What an engine of this version has read on a page of this fingerprint."""
        query = "SELECT text FROM reading WHERE engine = ? AND page = ?"
        row = self._database.execute(query, (engine, page)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, engine: str, page: str, text: str, seconds: float, *, about: tuple[str, str, str, int]) -> None:
        """Keep a reading; `about` says for people where the page came from: mutator, value, sheet, seed."""
        row = (engine, page, text, seconds, *about)
        self._database.execute("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def fingerprint(page: Page) -> str:
    """A name for a page's pixels and resolution."""
    head = f"{page.pixels.shape} {page.dpi[0]:.2f} {page.dpi[1]:.2f}".encode()
    return hashlib.blake2b(head + page.pixels.tobytes(), digest_size=16).hexdigest()
