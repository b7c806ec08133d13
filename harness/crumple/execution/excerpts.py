"""Short texts of truths and answers, as results keep them of failures: what is wrong, and not all around it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from crumple.truth import ABSENT, AnyOf, Truth, lookup, pointer, tokens

LONGEST = 500
_LONGEST_VALUE = 80
_MOST_FIELDS = 5


def excerpt(value: object) -> str:
    """At most 500 characters of a truth or an answer: text as it is, anything else as compact JSON."""
    if value is ABSENT:
        return ""
    if isinstance(value, bytes):
        value = value[: 4 * LONGEST].decode("utf-8", "replace")
    if isinstance(value, str):
        return _short(value, LONGEST)
    written = ""
    for piece in _pieces(value):
        written += piece
        if len(written) > LONGEST:
            break
    return _short(written, LONGEST)


def excerpt_of(value: object, wrong: Sequence[str], lost: Collection[str] = ()) -> str:
    """The wrong fields alone, `{"/lines/4/amount": 12.5}`, where the value has fields; else as `excerpt`.

    Args:
        value: a truth or an answer; an answer may be JSON in text or bytes.
        wrong: JSON pointers of the wrong fields; only the first few are kept.
        lost: those that cannot be read any more: of them nothing, null, is right as well.
    """
    paths = [path for path in wrong if path][:_MOST_FIELDS]
    structured = _structured(value)
    if not paths or structured is ABSENT:
        return excerpt(value)
    found = {path: at for path in paths if (at := lookup(structured, path)) is not ABSENT}
    if not found:
        return excerpt(value)
    kept = {path: _or_nothing(_few(at)) if _among(path, lost) else _few(at) for path, at in found.items()}
    return json.dumps(kept, ensure_ascii=False, default=_plain)


def _among(path: str, lost: Collection[str]) -> bool:
    """Whether a field is lost, or something that it is a part of."""
    words = tokens(path)
    return any(pointer(*words[:length]) in lost for length in range(len(words) + 1)) if lost else False


def _or_nothing(value: Any) -> object:
    if value is None:
        return value
    return AnyOf(*value.options, None) if isinstance(value, AnyOf) else AnyOf(value, None)


def _structured(value: object) -> Truth:
    """A value that has fields; ABSENT where it has none."""
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ABSENT
    return value if isinstance(value, (Mapping, list, tuple, AnyOf)) else ABSENT


def _few(value: object) -> object:
    """A value that fits on a line: itself, or the beginning of what it reads."""
    written = "".join(piece for piece, _ in zip(_pieces(value), range(_LONGEST_VALUE), strict=False))
    if len(written) <= _LONGEST_VALUE:
        return value
    if isinstance(value, list):  # wrong as a whole, for items are missing or added
        return _short(f"{len(value):,} items, the last {excerpt(value[-1])}", _LONGEST_VALUE)
    return _short(value if isinstance(value, str) else written, _LONGEST_VALUE)


def _pieces(value: object) -> Iterator[str]:
    """JSON piece by piece, so that a long answer is not written out for its beginning."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain, check_circular=False)
    return encoder.iterencode(value)


def _plain(value: object) -> Any:
    if isinstance(value, AnyOf):
        return {"$any_of": list(value.options)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    return str(value)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
