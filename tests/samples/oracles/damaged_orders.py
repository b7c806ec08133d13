"""A reader of damaged orders: line by line, what still makes sense of each; it gives up on a line, never on all."""

from __future__ import annotations

import contextlib
import csv
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from crumple import Document
from oracles.orders import HEAD, ITEM

_LABELS = {name.capitalize(): name for name in HEAD}
_MEMBER = re.compile(r'^\s*"(\w+)": (.*?),?\s*$')
_INLINE = re.compile(r'"(\w+)": ("[^"\\\x00-\x1f]*(?:\\["\\/bfnrt][^"\\\x00-\x1f]*)*"|-?\d+(?:\.\d+)?)(?=[,}])')
_ELEMENT = re.compile(r"<(\w+)>(.*)</\1>")
_ROW = re.compile(r"^<tr>(.*)</tr>\s*$")
_CELL = re.compile(r"<t([dh])>(.*?)</t\1>")
_NAMES = re.compile(r"[A-Z][^\W\d_]+(?: (?:[^\W\d_]+|&))*")
_PLAUSIBLE = {
    "number": re.compile(r"[A-Z]{2}-\d{4}-\d{4}"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "customer": _NAMES,
    "city": _NAMES,
    "currency": re.compile(r"[A-Z]{3}"),
}
_REPEATED = tuple(_PLAUSIBLE)
_SENT = re.compile(r"^Date: (\w{3}, .+)$", re.MULTILINE)
_OF_MAIL = re.compile(r"[A-Z][a-z]{2}, ")
Pairs = Iterator[tuple[str, Any]]


def salvaged(document: Document) -> Document:
    """What can be told of a damaged order, as JSON; fields that cannot are null."""
    text = document.data.decode("utf-8", "replace").replace("\0", "")
    lines = re.split(r"\r\n|\n|\r", text)
    records = _RECORDS.get(document.media_type)
    order = _of_records(records(lines)) if records else _of_pairs(_PAIRS[document.media_type](lines))
    items = order["lines"]
    if items and not _adds_up(items[-1]):
        items[-1] = {**items[-1], "amount": None}  # the last number of a file that ends too early
    order["lines"] = [_completed(item) for item in items if _adds_up(item) and (records is None or says_enough(item))]
    if document.media_type == "message/rfc822" and not order["date"] and (sent := _SENT.search(text)):
        with contextlib.suppress(ValueError):
            order["date"] = parsedate_to_datetime(sent[1]).date().isoformat()
    return Document(json.dumps(order).encode(), "application/json", document.name)


def _adds_up(item: Mapping[str, Any]) -> bool:
    """Whether an item may be one; two that have run together say what cannot be."""
    quantity, price, amount = (_number(item.get(name)) for name in ITEM[1:])
    return None in (quantity, price, amount) or abs((quantity or 0) * (price or 0) - (amount or 0)) < 0.01


def says_enough(item: Mapping[str, Any]) -> bool:
    """Whether there is more of an item than a stray number."""
    return bool(item.get("description")) or sum(item.get(name) is not None for name in ITEM) > 1


def _completed(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with its price or amount worked out from the other, where one is missing."""
    quantity, price, amount = (_number(item.get(name)) for name in ITEM[1:])
    found = {name: item.get(name) for name in ITEM}
    if quantity and price is None and amount is not None:
        found["unit_price"] = amount / quantity
    if quantity and amount is None and price is not None:
        found["amount"] = quantity * price
    return found


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _of_pairs(pairs: Pairs) -> dict[str, Any]:
    """An order from names and values as they follow each other; a name that goes back begins the next item."""
    found: dict[str, Any] = dict.fromkeys(HEAD)
    items: list[dict[str, Any]] = []
    last = len(ITEM)
    for name, value in pairs:
        if name in HEAD and found[name] is None and not items:
            found[name] = value
        elif name in ITEM:
            place = ITEM.index(name)
            if place <= last or not items:
                items.append({})
            items[-1][name], last = value, place
    return {**found, "lines": items}


def _of_records(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """An order from records that each say the head: what most of them say is taken, and of two the last."""
    whole = [each for each in records if each]
    said = {
        name: Counter(filter(_PLAUSIBLE[name].fullmatch, (each.get(name, "") for each in reversed(whole))))
        for name in _REPEATED
    }
    head = {name: counted.most_common(1)[0][0] if counted else None for name, counted in said.items()}
    return {**head, "lines": [{name: each.get(name) for name in ITEM} for each in whole]}


def _prose(lines: Iterable[str]) -> Pairs:
    for line in lines:
        label, found, value = line.partition(": ")
        if found and label in _LABELS and not _OF_MAIL.match(value):
            yield _LABELS[label], value
        elif found and label == "Item" and value.count("|") == len(ITEM) - 1:
            yield from zip(ITEM, map(str.strip, value.split("|")), strict=True)


def _members(lines: Iterable[str]) -> Pairs:
    for line in lines:
        if member := _MEMBER.match(line):
            try:
                yield member[1], json.loads(member[2])
            except ValueError:
                continue


def _elements(lines: Iterable[str]) -> Pairs:
    for line in lines:
        for name, value in _ELEMENT.findall(line):
            yield name, html.unescape(value)


def _markup(lines: Iterable[str]) -> Pairs:
    for line in lines:
        row = _ROW.match(line)
        cells = [html.unescape(value) for _, value in _CELL.findall(row[1])] if row else []
        if len(cells) == 2 and cells[0] in _LABELS:
            yield _LABELS[cells[0]], cells[1]
        elif len(cells) == len(ITEM) and tuple(cells) != ITEM:
            yield from zip(ITEM, cells, strict=True)


def _delimited(delimiter: str) -> Callable[[list[str]], Iterator[Mapping[str, Any]]]:
    def records(lines: list[str]) -> Iterator[Mapping[str, Any]]:
        header = lines[0].split(delimiter)
        written = [line for line in lines[1:] if line]
        for line in written:
            cells = next(csv.reader([line], delimiter=delimiter), [])
            cut = line is written[-1] and len(cells) < len(header)
            yield dict(zip(header, cells, strict=False)) if len(cells) == len(header) or cut else {}

    return records


def _json_lines(lines: list[str]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        yield {name: json.loads(value) for name, value in _INLINE.findall(line)}


_PAIRS: Mapping[str, Callable[[list[str]], Pairs]] = {
    "text/plain": _prose,
    "text/markdown": _prose,
    "message/rfc822": _prose,
    "application/json": _members,
    "application/xml": _elements,
    "text/html": _markup,
}
_RECORDS: Mapping[str, Callable[[list[str]], Iterator[Mapping[str, Any]]]] = {
    "text/csv": _delimited(","),
    "text/tab-separated-values": _delimited("\t"),
    "application/x-ndjson": _json_lines,
}
