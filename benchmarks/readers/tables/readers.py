"""Readers of CSV, each called as its documentation shows it, nothing else done."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import dummies

ITEM = ("description", "quantity", "unit_price", "amount")


def invoice(records: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """What an importer takes from the records: the invoice's own columns once, and its lines."""
    rows = [{key: _value(value) for key, value in record.items()} for record in records]
    first = rows[0] if rows else {}
    head = {"number": first.get("invoice_number"), "date": first.get("date"), "currency": first.get("currency")}
    return {**head, "lines": [{name: row.get(name) for name in ITEM} for row in rows]}


def _value(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def csv_module(document: bytes) -> dict[str, Any]:
    """Python's csv: DictReader over UTF-8."""
    return invoice(list(csv.DictReader(io.StringIO(document.decode(), newline=""))))


def csv_sniffed(document: bytes) -> dict[str, Any]:
    """Python's csv with the dialect that its Sniffer finds."""
    text = document.decode()
    return invoice(list(csv.DictReader(io.StringIO(text, newline=""), dialect=csv.Sniffer().sniff(text))))


def pandas_read(document: bytes) -> dict[str, Any]:
    """pandas.read_csv."""
    import pandas as pd

    return invoice(pd.read_csv(io.BytesIO(document)).to_dict("records"))


def polars_read(document: bytes) -> dict[str, Any]:
    """polars.read_csv."""
    import polars as pl

    return invoice(pl.read_csv(document).to_dicts())


def duckdb_read(document: bytes) -> dict[str, Any]:
    """DuckDB's read_csv, which sniffs the dialect; it wants a file."""
    import tempfile

    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(document)
        file.flush()
        found = duckdb.read_csv(file.name)
        return invoice([dict(zip(found.columns, row, strict=True)) for row in found.fetchall()])


def clevercsv_read(document: bytes) -> dict[str, Any]:
    """CleverCSV, which sniffs the dialect."""
    import clevercsv

    text = document.decode()
    dialect = clevercsv.Sniffer().sniff(text)
    return invoice(list(clevercsv.DictReader(io.StringIO(text, newline=""), dialect=dialect)))


READERS = ("csv_module", "csv_sniffed", "pandas_read", "polars_read", "duckdb_read", "clevercsv_read")
constant = dummies.constant({"number": "INV-1", "date": "2024-01-01", "currency": "EUR", "lines": []})
echo, refuses = dummies.echo, dummies.refuses
loses_half, shuffles = dummies.loses_half(csv_module), dummies.shuffles(csv_module)
