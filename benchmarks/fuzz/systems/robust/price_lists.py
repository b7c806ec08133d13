"""Article numbers of a price list: each checks itself (EAN-13), and a last row counts them and adds up the prices."""

from __future__ import annotations

from typing import Any

from benchmarks.fuzz.reading import cells, decoded, tidy

KIND, FORMAT = "robust", "table"
FIELDS = ("/articles",)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is no such list, or not all of one."""


def _check(twelve: str) -> int:
    return -sum(int(each) * (1, 3)[at % 2] for at, each in enumerate(twelve)) % 10


def _prices(at: int) -> tuple[bytes, dict[str, Any]]:
    numbers = [f"40{at}{(at * 7919 + n * 104729) % 10**9:09}" for n in range(2 + at)]
    articles = [f"{each}{_check(each)}" for each in numbers]
    prices = [199 + 340 * n + 17 * at for n in range(len(articles))]
    rows = [f"{article},ware {n},{price}" for n, (article, price) in enumerate(zip(articles, prices, strict=True), 1)]
    text = "\n".join(["article,name,cents", *rows, f"END,{len(rows)} rows,{sum(prices)}"])
    return (text + "\n").encode(), {"articles": articles}


DOCUMENTS = {f"prices-{at}.csv": _prices(at) for at in range(1, 7)}


def sound(data: bytes) -> dict[str, Any]:
    """The numbers in their order, where all of them hold."""
    rows = cells(tidy(decoded(data)))
    header = [each.casefold() for each in rows[0]] if rows else []
    if len(rows) < 3 or any(header.count(name) != 1 for name in ("article", "name", "cents")):
        raise Unreadable
    at = [header.index(name) for name in ("article", "name", "cents")]
    if any(len(row) != len(header) for row in rows):
        raise Unreadable
    *body, last = [[row[each] for each in at] for row in rows[1:]]
    held = all(len(row[0]) == 13 and row[0].isdecimal() and _check(row[0][:12]) == int(row[0][12]) for row in body)
    cents = all(row[2].isdecimal() for row in [*body, last]) and sum(int(row[2]) for row in body) == int(last[2])
    if not held or not cents or last[:2] != ["END", f"{len(body)} rows"]:
        raise Unreadable
    return {"articles": [row[0] for row in body]}
