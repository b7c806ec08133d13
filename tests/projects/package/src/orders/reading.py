"""Exports in CSV: two readers, of which one knows more of the world."""

import csv
import io


class UnreadableError(Exception):
    """It is no export of orders."""


def read(data: bytes) -> dict:
    """How many orders there are, and what they come to."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    else:
        text = data.decode("utf-8-sig", errors="replace")
    return _summed([line.rstrip("\0\x1a ") for line in text.splitlines()])


def read_strictly(data: bytes) -> dict:
    """The same, of what is UTF-8 without a mark."""
    return _summed(data.decode("utf-8").splitlines())


def _summed(lines: list) -> dict:
    rows = [row for row in csv.DictReader(io.StringIO("\n".join(lines))) if row.get("amount")]
    if not rows:
        raise UnreadableError("no orders")
    return {"count": len(rows), "total": round(sum(float(row["amount"]) for row in rows), 2)}
