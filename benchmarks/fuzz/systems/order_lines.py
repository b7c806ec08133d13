"""What was ordered and delivered of each item, from an export with a row of totals.

The bug: the columns are taken by their position, whatever the header says.
"""

from __future__ import annotations

from typing import Any

from benchmarks.fuzz.reading import cells, decoded, tidy

KIND, FORMAT, TRIGGER = "silent wrong", "table", "common"
CATEGORIES = ("table",)
FIELDS = ("/items",)
_NAMES = ("item", "ordered", "delivered", "stock", "cents")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not such an export, or its sums do not agree."""


def _export(at: int, count: int) -> tuple[bytes, dict[str, Any]]:
    rows = [
        (
            f"{'ABCDEFGH'[n % 8]}{at}{n}{(3 * at + 7 * n) % 10}",
            12 + (5 * n + at) % 9 + 13 * n,
            11 + n * 3 + at,
            501 + 17 * n * at,
            1999 + 250 * n + at,
        )
        for n in range(1, count + 1)
    ]
    sums = ["TOTAL", *(str(sum(int(row[c]) for row in rows)) for c in range(1, 5))]
    lines = [",".join(_NAMES), *(",".join(map(str, row)) for row in rows), ",".join(sums)]
    items = [{"item": row[0], "ordered": row[1], "delivered": row[2]} for row in rows]
    return ("\n".join(lines) + "\n").encode(), {"items": items}


DOCUMENTS = {f"orders-{at}.csv": _export(at, 3 + (at * 2) % 6) for at in range(1, 7)}
TRIGGERED_BY = {
    "orders-1.csv": "\n".join(
        ",".join([item, stock, delivered, ordered, cents])
        for item, ordered, delivered, stock, cents in (
            line.split(",") for line in DOCUMENTS["orders-1.csv"][0].decode().splitlines()
        )
    ).encode()
}


def _read(rows: list[list[str]], places: list[int]) -> dict[str, Any]:
    if len(rows) < 3 or any(len(row) <= max(places) for row in rows):
        raise Unreadable
    body, last = [[row[at] for at in places] for row in rows[1:-1]], [rows[-1][at] for at in places]
    codes = [row[0] for row in body]
    if last[0] != "TOTAL" or len(set(codes)) < len(codes) or not all(map(_is_whole, codes)):
        raise Unreadable
    for column in (1, 2):
        cells = [row[column] for row in [*body, last]]
        if not all(each.isdecimal() for each in cells) or sum(map(int, cells[:-1])) != int(cells[-1]):
            raise Unreadable
    return {"items": [{"item": row[0], "ordered": int(row[1]), "delivered": int(row[2])} for row in body]}


def _is_whole(code: str) -> bool:
    """Whether a code's last digit is what its others say."""
    return (
        len(code) == 4
        and code.isascii()
        and code[1:].isdecimal()
        and code[0] == "ABCDEFGH"[int(code[2]) % 8]
        and int(code[3]) == (3 * int(code[1]) + 7 * int(code[2])) % 10
    )


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    return _read(cells(tidy(decoded(data))), [0, 1, 2])


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    rows = cells(tidy(decoded(data)))
    header = [cell.casefold() for cell in rows[0]] if rows else []
    if any(header.count(name) != 1 for name in _NAMES[:3]):
        raise Unreadable
    return _read(rows, [header.index(name) for name in _NAMES[:3]])
