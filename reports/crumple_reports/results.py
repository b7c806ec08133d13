"""Every result of a run as a file of texts: CSV for spreadsheets, JSON Lines for programs. Row by row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from crumple import FIGURES, Material, visible
from crumple_reports.columns import Column, Type, columns_of, results_of

_AT_ONCE: Final = 1_000
_MARK: Final = "\ufeff"
"""By which Excel knows that a file is UTF-8."""
_FORMULA: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
# Where lists are separated by semicolons a spreadsheet cuts each line at them, whatever is quoted.
_BEHIND: Final = re.compile(r';(?="*[=+\-@\uff1d\uff0b\uff0d\uff20])')


def as_csv(document: Mapping[str, Any], material: Material = FIGURES) -> Iterator[str]:
    """The results as CSV (RFC 4180, UTF-8 with a byte order mark); a spreadsheet takes no text of it for a formula.

    Args:
        document: of a run.
        material: with its results.

    Raises:
        CrumpleError: no store holds them.
    """
    return _tabulated(results_of(document, material), columns_of(document))


def as_json_lines(document: Mapping[str, Any], material: Material = FIGURES) -> Iterator[str]:
    """The results as JSON Lines: an object a line, ASCII alone.

    Args:
        document: of a run.
        material: with its results.

    Raises:
        CrumpleError: no store holds them.
    """
    encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
    return (f"{encode(row)}\n" for row in results_of(document, material))


def _tabulated(rows: Iterator[Mapping[str, Any]], columns: tuple[Column, ...]) -> Iterator[str]:
    written = io.StringIO(newline="")
    table = csv.writer(written)
    written.write(_MARK)
    table.writerow([each.name for each in columns])
    yield _taken(written)
    while some := list(islice(rows, _AT_ONCE)):
        # A column at a time: what is done to a cell is decided once for all of them.
        table.writerows(
            zip(*(map(_CELLS[each.type], [row[each.name] for row in some]) for each in columns), strict=True)
        )
        yield _taken(written)


def _taken(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text


def _text(value: str | None) -> str:
    if not value:
        return ""
    text = visible(value)  # on one line: what reads a table line by line does not lose its place
    if ";" in text:
        text = _BEHIND.sub(";'", text)
    return f"'{text}" if text[0] in _FORMULA else text


def _number(value: float | None) -> str | float:
    return "" if value is None else value


def _yes(value: bool | None) -> str:
    return "" if value is None else "TRUE" if value else "FALSE"


def _list(value: list[str] | None) -> str:
    return "" if value is None else _BEHIND.sub(r"\\u003b", json.dumps(value, ensure_ascii=True)) if value else "[]"


_CELLS: Final[Mapping[Type, Callable[[Any], str | float]]] = {
    "text": _text,
    "name": lru_cache(maxsize=4_096)(_text),
    "number": _number,
    "whole": _number,
    "yes": _yes,
    "list": _list,
}
