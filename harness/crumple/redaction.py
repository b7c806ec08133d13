"""Fields blacked out, by JSON pointers in which `*` stands for every item and key: in values, and in texts. Pure."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crumple import masking, normalise
from crumple.truth import ABSENT, AnyOf, Edit, Truth, tokens

BLACK: Final = "[redacted]"
_ANY = "*"
_LEAST = 3  # characters; shorter values stand in too many innocent words
_PIECE = 200
_MOST_PIECES = 200
_MOST_JSON = 8 << 20
_SAME_WORD = 6
_QUOTED = r""" "(?:[^"\\]|\\.)*" | \\+"(?:[^"\\]|\\+[^"\\])*\\+" | '(?:[^'\\]|\\.)*' | [^\s,;}\])"']+ """

Path: TypeAlias = "tuple[str, ...]"


def redacted(value: Truth, pointers: Sequence[str]) -> Truth:
    """A truth with the values at these pointers, and below them, blacked out; what is empty stays so.

    In a table, a list of rows with a header, columns go by their name as well: "/*/iban".
    """
    try:
        found: Truth = _black(value, [tokens(each) for each in pointers])
    except RecursionError:
        return BLACK
    return found


def redacted_answer(answer: Any, pointers: Sequence[str]) -> Any:
    """An answer with the values at these pointers blacked out, be it JSON, or JSON or CSV in text.

    Where it has nothing at a pointer, as answers of another shape, what goes by the field's name is, at any depth.
    """
    held = _structured(answer)
    if held is ABSENT:
        return answer
    paths = [tokens(each) for each in pointers]
    try:
        here = [path for path in paths if _holds(held, path)]
        names = frozenset(name.casefold() for path in paths if path not in here and (name := _name(path)))
        return _by_name(_black(held, here), names)
    except RecursionError:
        return BLACK


def holds(value: object, pointers: Sequence[str]) -> bool:
    """Whether redacting an answer would change it."""
    return redacted_answer(value, pointers) != value if pointers else False


def redacting(values: Sequence[Truth], pointers: Sequence[str]) -> Callable[[str], str]:
    """What takes out of a text the values that truths have at these pointers, however they are written there.

    And what the text itself calls by the field's name: "iban: DE89...". Values of fewer than three characters are
    not looked for.
    """
    paths = [tokens(each) for each in pointers]
    named = _named(tuple(sorted({_name(path) for path in paths} - {""})))
    found = {spelling for value in values for leaf in _at(value, paths) for spelling in _spellings(leaf)}
    values_in_it = _joined(tuple(sorted(found, key=lambda each: (-len(each), each)))) if found else None

    def redact(text: str) -> str:
        if text and named:
            text = named.sub(rf"\1{BLACK}", text)
        return values_in_it.sub(BLACK, text) if text and values_in_it else text

    return redact


def _name(path: Path) -> str:
    """What a field is called: the pointer's last word that is neither a place in a list nor any."""
    return next((each for each in reversed(path) if each != _ANY and not each.isdigit()), "")


def _black(value: Any, paths: Sequence[Path]) -> Any:
    if not paths:
        return value
    if isinstance(value, AnyOf):
        return AnyOf(*(each if isinstance(each, Edit) else _black(each, paths) for each in value.options))
    if () in paths:
        return _all_black(value)
    if isinstance(value, Mapping):
        return {key: _black(item, _below(paths, str(key))) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        paths = [*paths, *_columns(value, paths)]
        return [_black(item, _below(paths, str(index))) for index, item in enumerate(value)]
    return value


def _below(paths: Sequence[Path], token: str) -> list[Path]:
    return [path[1:] for path in paths if path and path[0] in {_ANY, token}]


def _columns(rows: Sequence[Any], paths: Sequence[Path]) -> Iterator[Path]:
    """Pointers by a column's name as pointers by its place, for the rows below the header."""
    header = rows[0] if rows else None
    if not isinstance(header, Sequence) or isinstance(header, (str, bytes)):
        return
    names = [each.strip().casefold() if isinstance(each, str) else None for each in header]
    for path in paths:
        if len(path) == 2 and path[1].strip().casefold() in names:
            column = str(names.index(path[1].strip().casefold()))
            for row in range(1, len(rows)) if path[0] == _ANY else (path[0],):
                yield str(row), column


def _all_black(value: Any) -> Any:
    if isinstance(value, AnyOf):
        return AnyOf(*(each if isinstance(each, Edit) else _all_black(each) for each in value.options))
    if isinstance(value, Mapping):
        return {key: _all_black(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_all_black(item) for item in value]
    return value if value is ABSENT or normalise.is_blank(value) else BLACK


def _by_name(value: Any, names: frozenset[str]) -> Any:
    if not names:
        return value
    if isinstance(value, Mapping):
        return {
            key: _all_black(item) if str(key).casefold() in names else _by_name(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_by_name(item, names) for item in value]
    return value


def _holds(value: Any, path: Path) -> bool:
    return any(True for _ in _at(value, [path]))


def _at(value: Any, paths: Sequence[Path]) -> Iterator[Any]:
    """Every value that stands at one of these paths, or below it."""
    if not paths:
        return
    if isinstance(value, AnyOf):
        for each in value.options:
            yield from _at(each, paths)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _at(item, [()] if () in paths else _below(paths, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        paths = [*paths, *_columns(value, paths)]
        for index, item in enumerate(value):
            yield from _at(item, [()] if () in paths else _below(paths, str(index)))
    elif () in paths and not isinstance(value, Edit):
        yield value


def _structured(answer: Any) -> Any:
    """What an answer holds: itself, or what its text says as JSON or CSV; ABSENT for a text without fields."""
    if not isinstance(answer, (str, bytes)):
        return answer
    if len(answer) > _MOST_JSON:
        return ABSENT
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return _rows(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)
    return value if isinstance(value, (dict, list)) else ABSENT


def _rows(text: str) -> Any:
    header = text.lstrip("\r\n\ufeff").partition("\n")[0]
    separator = max(",;\t|", key=header.count)
    if not header.count(separator):
        return ABSENT
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
    except csv.Error:
        return ABSENT


# ------------------------------------------------------------------------------------------------ in texts


@functools.lru_cache(maxsize=16)
def _named(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """What follows a field's name and a colon or an equals sign, as in JSON, logs and traces."""
    if not names:
        return None
    words = "|".join(map(re.escape, names)).replace(" ", r"\ ").replace("#", r"\#")
    before = rf"""((?<![^\W_])(?:{words})\\{{0,3}}["']?\s*[:=]\s*)"""
    # JSON that is black already stays JSON, and so does what begins an object: {"$any_of": ["[redacted]", null]}.
    kept = r"""(?! ["']?\[redacted\] | \{\s*["'] )"""
    return re.compile(rf"{before}{kept}(?:{_QUOTED})", re.IGNORECASE | re.VERBOSE)


@functools.lru_cache(maxsize=256)
def _joined(spellings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(spellings), re.IGNORECASE)


def _spellings(value: Any) -> Iterator[str]:
    """Patterns of what a value may read in a text."""
    if isinstance(value, bool) or value is None:
        return
    if found := normalise.quantity(value):
        yield from filter(None, (_amount(str(abs(each))) for each in found.readings))
    if isinstance(value, str):
        for day in normalise.dates(value):
            yield _date(day.year, day.month, day.day)
        lines = [line for line in value.splitlines() if line.strip()][:_MOST_PIECES]
        for line in lines:
            for start in range(0, len(line), _PIECE):
                yield from filter(None, (_letters(line[start : start + _PIECE]),))


def _letters(text: str) -> str:
    """A text's letters and digits in order, whatever stands between them."""
    characters = [masking.spelled(each) for each in text if each.isalnum()]
    if len(characters) < _LEAST:
        return ""
    pattern = r"[\W_]{0,3}?".join(characters)
    return rf"(?<![^\W_]){pattern}(?![^\W_])" if len(characters) < _SAME_WORD else pattern


def _amount(digits: str) -> str:
    """A number with whatever groups and decimal sign, and with any number of zeros behind it."""
    if "E" in digits:
        return ""
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if len(whole) + len(fraction) < _LEAST:
        return ""
    grouped = r"[\s.,'’]?".join(whole)
    behind = rf"[.,]{fraction}0{{0,6}}" if fraction else r"(?:[.,]0{1,6})?"
    return rf"(?<!\d)(?<!\d[.,]){grouped}{behind}(?!\d)(?![.,]\d)"


def _date(year: int, month: int, day: int) -> str:
    between, y, m, d = r"[-./\s]{1,2}", f"{year:04d}", f"0?{month}", f"0?{day}"
    orders = "|".join(between.join(order) for order in ((y, m, d), (d, m, y), (m, d, y)))
    return rf"(?<!\d)(?:{orders}|{year:04d}{month:02d}{day:02d})(?!\d)"
