"""What wrong answers of one cause have in common: which fields are wrong, and each in what manner.

`judges.signs` reads it back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from crumple import normalise
from crumple.judges.comparison import structured
from crumple.judges.signs import MANNERS, MORE
from crumple.judges.values import is_list
from crumple.normalise import holds_values
from crumple.outcome import Outcome
from crumple.truth import Absent, AnyOf, Edit, Json, Truth, leaves, lookup

_MOST_NAMED = 6
_MOST_LOOKED_AT = 20
_MOST_OTHERS = 500
_COMPARED = 1000  # characters
_READ = 1_000_000  # characters
_ALIKE = 0.5
_POWERS = frozenset(Decimal(10) ** power for power in range(-6, 7) if power)
_LISTED = 3
"""From so many keys on that differ in their numbers only, they are taken for the items of a list."""
_DIGITS = re.compile(r"\d+")
_NUMBERING = re.compile(r"\d{3}|(?<![A-Za-z_0-9])\d")
"""In a key that numbers a thing: "A-17", "R0042"; "line2" is a field's name."""
_UNKNOWN: Final = ""


def fingerprint(answer: Json | bytes, truth: Json, wrong: Sequence[str], abstained: Sequence[str]) -> str:
    """The fingerprint of a wrong answer.

        wrong /lines/*/amount, /total (another scale); /vendor (empty)

    List indices are *, and so are keys that number things: "/items/A-17/price" is "/items/*/price" where there are
    three such keys. Of a list's items the manner is the one that most have.

    Args:
        answer: the system's.
        truth: the right one.
        wrong: JSON pointers of the wrong fields.
        abstained: of the fields left out; named where nothing is wrong.
    """
    if not wrong:
        return _said({_general(path, truth): "empty" for path in abstained})
    compared = structured(answer, truth)
    others: list[str] = []
    for path, value in leaves(truth):
        if len(others) < _MOST_OTHERS and path and isinstance(value, (str, int, float)):
            others.append(normalise.text(value))
    manners: dict[str, Counter[str]] = {}
    for at, path in enumerate(wrong):
        found = manners.setdefault(_general(path, truth), Counter())
        if at < _MOST_LOOKED_AT or (not found and len(manners) <= _MOST_NAMED):
            found[_manner(lookup(truth, path), lookup(compared, path), others)] += 1
    return _said({name: _most(found) for name, found in manners.items()})


def _said(manners: Mapping[str, str]) -> str:
    """Fields of one manner together, the first of them in the order of their names first."""
    groups: dict[str, list[str]] = {}
    for name in sorted(manners)[:_MOST_NAMED]:
        groups.setdefault(manners[name], []).append(name)
    if len(manners) > _MOST_NAMED:
        groups[next(reversed(groups))].append(MORE)
    # What has no manner comes last: nothing ends it.
    ordered = sorted(groups.items(), key=lambda group: not group[0])
    said = "; ".join(f"{', '.join(names)} ({manner})" if manner else ", ".join(names) for manner, names in ordered)
    return f"{Outcome.WRONG} {said.strip()}".strip()


def _most(found: Counter[str]) -> str:
    """The manner of most; of as many the one that says more."""
    known = {manner: count for manner, count in found.items() if manner}
    return max(known, key=lambda manner: (known[manner], -MANNERS.index(manner)), default=_UNKNOWN)


def _general(path: str, truth: Truth) -> str:
    """A JSON pointer with * for what counts things: list indices, and keys that differ in their numbers only."""
    if not any(map(str.isdigit, path)):
        return path
    names: list[str] = []
    here = ""
    for token in path.split("/")[1:]:
        counts = token.isdecimal() or (_NUMBERING.search(token) and _numbered(token, lookup(truth, here)))
        names.append("*" if counts else token)
        here = f"{here}/{token}"
    return "".join(f"/{name}" for name in names)


def _numbered(token: str, holder: Truth) -> bool:
    if not isinstance(holder, Mapping) or len(holder) < _LISTED:
        return False
    form = _DIGITS.sub("0", token)
    return sum(_DIGITS.sub("0", str(key)) == form for key in holder) >= _LISTED


def _manner(truth: Truth, answer: Truth, others: Sequence[str]) -> str:
    """How a value went wrong, in a word; "" where the two cannot be compared (a table's cells, say)."""
    while isinstance(truth, AnyOf):
        truth = truth.options[0]  # type: ignore[assignment]  # edits are carried out by now
    if isinstance(truth, (Absent, Edit)) or isinstance(answer, Absent):
        return _UNKNOWN
    if is_list(truth) and is_list(answer) and len(truth) != len(answer):
        return "items missing" if len(answer) < len(truth) else "items added"
    if any(isinstance(each, Mapping) or is_list(each) for each in (truth, answer)):
        return "another shape"
    if not holds_values(truth):
        return "made up"
    if not holds_values(answer):
        return "empty"
    return _in_number(truth, answer) or _in_date(truth, answer) or _textual(truth, answer, others)


def _in_number(truth: Json, answer: Json) -> str:
    one, other = normalise.quantity(truth), normalise.quantity(answer)
    if not (one and other and one.value and other.value):
        return ""
    if one.value == -other.value:
        return "sign"
    return "another scale" if abs(one.value / other.value) in _POWERS else ""


def _in_date(truth: Json, answer: Json) -> str:
    days, others = normalise.dates(truth), normalise.dates(answer)
    turned = any((one.year, one.month, one.day) == (two.year, two.day, two.month) for one in days for two in others)
    return "day and month" if turned else ""


def _text(value: Json) -> str:
    return normalise.text(value[:_READ] if isinstance(value, str) else value)


def _textual(truth: Json, answer: Json, others: Sequence[str]) -> str:
    right, given = _text(truth), _text(answer)
    if given in others and given != right:
        return "shifted"
    if given and (right.startswith(given) or right.endswith(given)):
        return "truncated"
    if normalise.quantity(truth) and normalise.quantity(answer):  # of two numbers their digits say nothing
        return "other value"
    from rapidfuzz.distance import Levenshtein  # slow to import

    alike = Levenshtein.normalized_similarity(right[:_COMPARED], given[:_COMPARED])
    return "garbled" if alike >= _ALIKE else "other value"
