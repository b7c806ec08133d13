"""Sensor and highest reading of a logger's export.

The bug: every line is padded to the width of the longest, to find columns, so that one long cell takes as much
memory as all lines would.
"""

from __future__ import annotations

from typing import Any

from benchmarks.fuzz.reading import cells, decoded, number, tidy

KIND, FORMAT, TRIGGER = "memory", "table", "common"
CATEGORIES = ("table", "format")
FIELDS = ("/sensor", "/highest")
_ROWS = 400


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not a logger's export, or not all of one."""


def _log(at: int) -> tuple[bytes, dict[str, Any]]:
    sensor, names = f"T-{at * 37 + 11}", ("ok", "door open", "fan on", "")
    values = [150 + (n * n * (at + 3) + 7 * n) % 83 for n in range(_ROWS)]
    values[(at * 97) % _ROWS] = 240 + at
    rows = [f"{n},{sensor},{v // 10}.{v % 10},{names[(n + at) % 4]}" for n, v in enumerate(values, 1)]
    text = "\n".join(["no,sensor,celsius,remark", *rows, f"END,{sensor},{_ROWS},"]) + "\n"
    return text.encode(), {"sensor": sensor, "highest": max(values) / 10}


DOCUMENTS = {f"log-{at}.csv": _log(at) for at in range(1, 7)}
TRIGGERED_BY = {"log-1.csv": DOCUMENTS["log-1.csv"][0].replace(b"door open", b"door open " * 400_000, 1)}


def _read(lines: list[str]) -> dict[str, Any]:
    rows = cells("\n".join(lines))
    if len(rows) < 3 or rows[0][:3] != ["no", "sensor", "celsius"] or any(len(row) != 4 for row in rows):
        raise Unreadable
    body, last = rows[1:-1], rows[-1]
    if last[:3] != ["END", body[0][1], f"{len(body)}"] or len({row[1] for row in body}) > 1:
        raise Unreadable
    values = [number(row[2]) for row in body if row[2].count(".") == 1]
    if [row[0] for row in body] != [f"{n}" for n in range(1, len(body) + 1)] or len(values) < len(body):
        raise Unreadable
    return {"sensor": body[0][1], "highest": float(max(each for each in values if each is not None))}


def _lines(data: bytes) -> list[str]:
    return tidy(decoded(data)).split("\n")


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    lines = _lines(data)
    width = max(map(len, lines))
    grid = [line.ljust(width) for line in lines]
    return _read([row.rstrip() for row in grid])


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    return _read([line.rstrip() for line in _lines(data)])
