"""Truth as people write it into files: JSON, text, CSV; and inline in case.toml and manifests."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn

from crumple import AnyOf, CrumpleError, Json

STAND_IN, TRUTH = "$stand_in", "$truth"
_ANY_OF = "$any_of"


def parse_truth(data: bytes, ending: str, where: str) -> Json:
    """What a truth file says.

    Args:
        data: its bytes, UTF-8, with or without a byte order mark.
        ending: one of `ENDINGS`. JSON is taken as it is, with `{"$any_of": [...]}` for several right answers; text
            is a string without its last line end; CSV a list of rows, the header first.
        where: the file, for messages.

    Raises:
        CrumpleError: it does not parse; the message has file and line.
    """
    return parse_marked(data, ending, where)[0]


def parse_marked(data: bytes, ending: str, where: str) -> tuple[Json, bool]:
    """What a truth file says, and whether it is a stand-in of `crumple truth` that nobody has confirmed.

    A stand-in is JSON with a member "$stand_in", which whoever has corrected it takes out. What is no object stands in
    the member "$truth" beside it.

    Args:
        data: its bytes.
        ending: one of `ENDINGS`.
        where: the file, for messages.

    Raises:
        CrumpleError: it does not parse; the message has file and line.
    """
    text = decode(data, where)
    if ending == ".json":
        value = _parse_json(text, where)
        marked = isinstance(value, dict) and STAND_IN in value
        if marked:
            del value[STAND_IN]
        if isinstance(value, dict) and value.keys() == {TRUTH}:
            value = value[TRUTH]
        return json_value(value, where), marked
    if ending == ".csv":
        return [list(row) for _, row in table(text, where)], False
    return text.removesuffix("\n").removesuffix("\r"), False


def decode(data: bytes, where: str, first: int = 1) -> str:
    """Text from UTF-8, of which the first line has this number.

    Raises:
        CrumpleError: it is something else; the message has the line.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + first
        raise CrumpleError(
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            where=f"{where}, line {line}",
            hint="Save it as UTF-8.",
        ) from None


def table(text: str, where: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file with their line numbers, header first, blank lines left out.

    Separated by commas, semicolons or tabs, whichever the header has most of.

    Raises:
        CrumpleError: there is no row at all, a row is longer or shorter than the header, or quotes do not match.
    """
    return list(_rows(io.StringIO(text, newline=""), where))


def rows_of(file: BinaryIO, where: str) -> Iterator[tuple[int, list[str]]]:
    """The same of a file that may be too large to be held, one row after the other.

    Raises:
        CrumpleError: as above, or it is not UTF-8.
    """
    lines = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        yield from _rows(lines, where)
    except UnicodeDecodeError as error:
        file.seek(0)
        for number, line in enumerate(file, 1):
            decode(line, where, number)
        raise CrumpleError(f"not UTF-8: {error.reason}", where=where) from None


def _rows(lines: Iterable[str], where: str) -> Iterator[tuple[int, list[str]]]:
    ahead = iter(lines)
    blank = 0
    first = next(ahead, "")
    while first and not first.strip("\r\n"):
        blank, first = blank + 1, next(ahead, "")
    separator = max(",;\t", key=first.count)
    width = 0
    reader = csv.reader(itertools.chain([first] if first else [], ahead), delimiter=separator, strict=True)
    try:
        for row in reader:
            line = blank + reader.line_num
            if row and width and len(row) != width:
                raise CrumpleError(
                    f"the row has {_cells(len(row))}, its header {_cells(width)}",
                    where=f"{where}, line {line}",
                    hint="Put cells that hold a separator in double quotes.",
                )
            if row:
                width = width or len(row)
                yield line, row
    except csv.Error as error:
        raise CrumpleError(f"not CSV: {error}", where=f"{where}, line {blank + reader.line_num}") from None
    if not width:
        raise CrumpleError("the file is empty", where=where, hint="A table has a header at least.")


def _cells(count: int) -> str:
    return f"{count} cell{'s' * (count != 1)}"


def json_cell(text: str, where: str) -> Json:
    """JSON in a cell of a table, with `{"$any_of": [...]}` as in files.

    Raises:
        CrumpleError: it does not parse.
    """
    return json_value(_parse_json(text, where), where)


def _parse_json(text: str, where: str) -> Any:
    def constant(name: str) -> NoReturn:
        raise CrumpleError(f"{name} is not JSON", where=where, hint="Write null, or a string.")

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(name for at, (name, _) in enumerate(pairs) if name in dict(pairs[:at]))
            raise CrumpleError(f"{twice!r} is there twice in one object", where=where)
        return found

    if not text.strip():
        raise CrumpleError("the file is empty", where=where, hint="Write the right answer as JSON, or remove the file.")
    try:
        return json.loads(text, parse_constant=constant, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise CrumpleError(f"not JSON: {error.msg}", where=place) from None
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits, lists of thousands of levels.
        raise CrumpleError(f"not JSON that can be compared: {error}", where=where) from None


def json_value(value: Any, where: str, path: str = "") -> Json:
    """A parsed value as truth: `{"$any_of": [...]}` becomes `AnyOf`, dates (in TOML) become ISO 8601 strings.

    Args:
        value: as a JSON or TOML parser gives it.
        where: the file, for messages.
        path: JSON pointer of the value, for messages.

    Raises:
        CrumpleError: a misspelt or empty "$any_of", or a number that JSON does not know.
    """
    if isinstance(value, dict):
        if any(key.startswith("$") and _means_any_of(key) for key in value):
            return _any_of(value, where, path)
        return {key: json_value(item, where, f"{path}/{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [json_value(item, where, f"{path}/{at}") for at, item in enumerate(value)]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise CrumpleError(f"{value} is not a number that JSON knows", where=_at(where, path))
    plain: Json = value
    return plain


def _any_of(value: Mapping[str, Any], where: str, path: str) -> AnyOf:
    options = value.get(_ANY_OF)
    if len(value) != 1 or not isinstance(options, list) or not options:
        raise CrumpleError(
            "several right answers are not written so",
            where=_at(where, path),
            hint='Write {"$any_of": [ONE, OTHER]}, with no other key beside it and one answer at least.',
        )
    return AnyOf(*(json_value(option, where, f"{path}/{_ANY_OF}/{at}") for at, option in enumerate(options)))


def _means_any_of(key: str) -> bool:
    """Whether a key is "$any_of" or a slip for it: as a field's name it would make every answer wrong."""
    return key.lower().replace("_", "").replace("-", "") == "$anyof"


def _at(where: str, path: str) -> str:
    return f"{where}, at {path}" if path else where
