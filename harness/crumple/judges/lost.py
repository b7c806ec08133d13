"""An answer with what it could not know filled in: for judges that know nothing of lost fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crumple.judges.values import is_list
from crumple.normalise import holds_values
from crumple.truth import ABSENT, AnyOf, Json, Truth, covers, leaves, pointer


def filled(answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Json | bytes:
    """A copy of an answer in which lost fields that are missing or blank have the truth's values.

    List items that are lost altogether are put back where the answer has left out just these. Text and bytes
    are as they were.

    Args:
        answer: the system's; never modified, and returned itself where there is nothing to fill in.
        truth: the right answer; of several the first is taken.
        lost: JSON pointers of fields that cannot be read any more.
    """
    if isinstance(answer, (bytes, bytearray)):
        return answer
    found = _filled("", answer, truth, lost)
    return answer if found is ABSENT else found


def _filled(path: str, answer: Truth, truth: Json, lost: frozenset[str]) -> Truth:
    while isinstance(truth, AnyOf):
        truth = truth.options[0]  # type: ignore[assignment]  # edits are carried out by now
    if covers(path, lost) and not holds_values(answer):
        return truth
    if isinstance(truth, Mapping) and (answer is ABSENT or answer is None or isinstance(answer, Mapping)):
        return _mapping(path, answer, truth, lost)
    if is_list(truth) and is_list(answer):
        return _list(path, answer, truth, lost)
    return answer


def _mapping(path: str, answer: Truth, truth: Mapping[str, Json], lost: frozenset[str]) -> Truth:
    known: Mapping[str, Json] = answer if isinstance(answer, Mapping) else {}
    found = dict(known)
    changed = False
    for key, item in truth.items():
        before = known.get(key, ABSENT)
        after = _filled(path + pointer(key), before, item, lost)
        if after is not before and after is not ABSENT:
            found[key], changed = after, True
    return found if changed else answer


def _list(path: str, answer: Sequence[Json], truth: Sequence[Json], lost: frozenset[str]) -> Truth:
    there: list[Truth] = list(answer)
    if len(truth) != len(answer):
        gone = {index for index, item in enumerate(truth) if _gone(path + pointer(index), item, lost)}
        if len(truth) - len(gone) != len(answer):
            return answer
        left = iter(answer)
        there = [ABSENT if index in gone else next(left) for index in range(len(truth))]
    found: list[Json] = []
    changed = len(there) != len(answer)
    for index, (before, item) in enumerate(zip(there, truth, strict=True)):
        after = _filled(path + pointer(index), before, item, lost)
        changed = changed or after is not before
        found.append(None if after is ABSENT else after)
    return found if changed else answer


def _gone(path: str, item: Json, lost: frozenset[str]) -> bool:
    return all(covers(where, lost) for where, _ in leaves(item, path))
