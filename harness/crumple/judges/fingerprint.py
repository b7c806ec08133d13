"""What wrong answers of one cause have in common: which fields are wrong, and in what manner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crumple import normalise
from crumple.judges.comparison import structured
from crumple.judges.options import general
from crumple.judges.values import is_list
from crumple.normalise import holds_values
from crumple.outcome import Outcome
from crumple.truth import Absent, AnyOf, Json, Truth, leaves, lookup

_MOST_NAMED = 6
_MOST_LOOKED_AT = 20
_MOST_OTHERS = 500
_COMPARED = 1000  # characters
_READ = 1_000_000  # characters
_ALIKE = 0.5
_POWERS = frozenset(Decimal(10) ** power for power in range(-6, 7) if power)


def fingerprint(answer: Json | bytes, truth: Json, wrong: Sequence[str], abstained: Sequence[str]) -> str:
    """The fingerprint of a wrong answer.

        wrong /lines/*/amount, /total (another scale)

    Args:
        answer: the system's.
        truth: the right one.
        wrong: JSON pointers of the wrong fields.
        abstained: of the fields left out; named where nothing is wrong.
    """
    if not wrong:
        return " ".join(filter(None, (Outcome.WRONG.value, _named(abstained), "(empty)" if abstained else "")))
    compared = structured(answer, truth)
    others: list[str] = []
    for path, value in leaves(truth):
        if len(others) < _MOST_OTHERS and path and isinstance(value, (str, int, float)):
            others.append(normalise.text(value))
    seen = {_manner(lookup(truth, path), lookup(compared, path), others) for path in wrong[:_MOST_LOOKED_AT]}
    seen.discard("")
    manner = "" if not seen else f"({seen.pop()})" if len(seen) == 1 else "(in several ways)"
    return " ".join(filter(None, (Outcome.WRONG.value, _named(wrong), manner)))


def _named(paths: Sequence[str]) -> str:
    names = sorted({general(path) for path in paths})
    more = ["..."] if len(names) > _MOST_NAMED else []
    return ", ".join(names[:_MOST_NAMED] + more)


def _manner(truth: Truth, answer: Truth, others: Sequence[str]) -> str:
    """How a value went wrong, in a word; "" where the two cannot be compared (a table's cells, say)."""
    if isinstance(truth, (Absent, AnyOf)) or isinstance(answer, Absent):
        return ""
    if is_list(truth) and is_list(answer) and len(truth) != len(answer):
        return "items missing" if len(answer) < len(truth) else "items added"
    if isinstance(truth, Mapping) or is_list(truth) or isinstance(answer, Mapping) or is_list(answer):
        return "another shape"
    if not holds_values(truth):
        return "made up"
    one, other = normalise.quantity(truth), normalise.quantity(answer)
    if one and other and one.value and other.value:
        if one.value == -other.value:
            return "sign"
        if abs(one.value / other.value) in _POWERS:
            return "another scale"
    return _textual(_text(truth), _text(answer), others)


def _text(value: Json) -> str:
    return normalise.text(value[:_READ] if isinstance(value, str) else value)


def _textual(truth: str, answer: str, others: Sequence[str]) -> str:
    if answer in others and answer != truth:
        return "shifted"
    if answer and (truth.startswith(answer) or truth.endswith(answer)):
        return "truncated"
    from rapidfuzz.distance import Levenshtein  # slow to import

    alike = Levenshtein.normalized_similarity(truth[:_COMPARED], answer[:_COMPARED])
    return "garbled" if alike >= _ALIKE else "other value"
