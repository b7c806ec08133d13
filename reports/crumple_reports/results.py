"""Every result of a run as a file of texts: CSV for spreadsheets, JSON Lines for programs. Row by row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from crumple import FIGURES, Material, visible
from crumple_reports.columns import Column, columns_of, results_of

_AT_ONCE: Final = 1_000
_MARK: Final = "\ufeff"
"""By which Excel knows that a file is UTF-8."""
_FORMULA: Final = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20]")


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
        table.writerows([_cell(row[each.name]) for each in columns] for row in some)
        yield _taken(written)


def _taken(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text


def _cell(value: Any) -> str | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=True) if value else "[]"
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]  # a number
    text = visible(value)  # on one line: what reads a table line by line does not lose its place
    return f"'{text}" if _FORMULA.match(text) else text
