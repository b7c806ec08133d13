"""Carrying a mutator's statement over to the truth: what is right now, and which fields are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple import normalise
from crumple.errors import NotApplicable
from crumple.mutation.alignment import Aligned
from crumple.mutation.located import Located
from crumple.mutation.mutator import Degraded, Replaced
from crumple.places import Cell, Extent, Place, Region, Span, Spans, overlap
from crumple.truth import ABSENT, ALL, AnyOf, Edit, Json, Truth, is_transcription, leaves, lookup, pointer, tokens

_LONGEST_SLIP = 40  # characters or bytes: no number is longer
UNKNOWN = "cannot tell the new answer"


def carry(
    degraded: Degraded[object], truth: Truth, lost: frozenset[str], located: Located | None
) -> tuple[Truth, frozenset[str]]:
    """The truth and the lost fields after one step.

    Args:
        degraded: what the mutator said.
        truth: what was right before.
        lost: what was lost before.
        located: where the truth's fields stand in the document before; None where there is no truth.

    Raises:
        NotApplicable: the new answer cannot be worked out.
    """
    if isinstance(degraded.truth, Replaced):
        return degraded.truth.truth, lost
    if truth is ABSENT or located is None:
        if degraded.truth != Edit():
            raise NotApplicable("its right answer is new, and there is no truth")
        return truth, lost | ({""} if degraded.lost is ALL else frozenset())
    options = degraded.truth.options if isinstance(degraded.truth, AnyOf) else (degraded.truth,)
    _check_drawn(options, located)
    carried = [_edited(edit, truth, lost, located) for edit in options if isinstance(edit, Edit)]
    now = carried[0][0] if len(carried) == 1 else AnyOf(*(option for option, _ in carried))
    gone = frozenset[str]().union(*(each for _, each in carried))
    if degraded.lost is ALL:
        return now, gone | {""}
    touched = degraded.lost
    if not len(touched):
        return now, gone
    if not located.known:
        # Nobody knows what stood there, so whatever cannot be read any more may be left out.
        return now, gone | {""}
    hit = located.at(touched)
    if isinstance(truth, str) and "" in hit and is_transcription(truth) and truth == now:
        kept = _without(truth, touched, located)
        if kept != truth:
            return AnyOf(truth, kept), gone
    hit |= located.reworked(_slips(touched))
    return now, gone | hit | _worked_out(truth, hit, located)


def _worked_out(truth: Truth, hit: frozenset[str], located: Located) -> frozenset[str]:
    """The numbers that stand nowhere: they are worked out from those that do, and go with any of them."""
    values = dict(leaves(truth))
    numbers = {path for path in located.fields if _measurable(values.get(path)) and not is_transcription(values[path])}
    nowhere = numbers.intersection(located.nowhere) - located.unsure
    return frozenset(nowhere) if nowhere and (hit & numbers or numbers == nowhere) else frozenset()


def _without(truth: str, touched: Sequence[Place], located: Located) -> str:
    """A transcription without what was touched; where that cannot be told, all of it."""
    words = truth.split()
    for whole, *others in located.fields[""]:
        if isinstance(whole, Region) and len(words) == 1 + len(others):
            seen = zip(words, (whole, *others), strict=True)
            return " ".join(word for word, place in seen if not any(overlap(place, each) for each in touched))
        if not isinstance(whole, Span):
            continue
        pieces, at = list[str](), 0
        for place in sorted(place for place in touched if isinstance(place, Span)):
            start, end = max(0, place.start - whole.start), max(0, place.end - whole.start)
            pieces.append(truth[at:start])
            at = max(at, end)
        return "".join(pieces) + truth[at:]
    return truth


def _edited(edit: Edit, truth: Truth, lost: frozenset[str], located: Located) -> tuple[Json, frozenset[str]]:
    if isinstance(truth, AnyOf):
        carried = [_edited(edit, option, lost, located) for option in truth.options if not isinstance(option, Edit)]
        return AnyOf(*(option for option, _ in carried)), frozenset[str]().union(*(each for _, each in carried))
    assert truth is not ABSENT
    if edit == Edit():
        return truth, lost
    _check_derived(edit, truth, located)
    now = _plain(truth)
    blank = tuple(place for place, value in edit.values.items() if value is None)
    for place, value in edit.values.items():
        now = _put(now, place, value, located, blank)
    if edit.rows is not None:
        now, lost = _with_rows(now, edit.rows, lost, located)
    if edit.repeated:
        now = _repeated(now, edit.repeated, located)
    return now, lost


def _check_derived(edit: Edit, truth: Json, located: Located) -> None:
    """What was worked out from the rows, or stands among them by chance, may be something else now."""
    if edit.rows is not None and not located.lists and any(isinstance(each, list) for each in _containers(truth)):
        raise NotApplicable(f"{UNKNOWN}: no list in the truth goes with the rows")
    values = dict(leaves(truth))
    for path in located.nowhere:
        if _measurable(values.get(path)):
            raise NotApplicable(f"{UNKNOWN}: {path or 'it'} does not stand in the document")
    loose = located.loose if edit.rows is not None else located.loose & located.within(tuple(edit.values))
    if loose:
        raise NotApplicable(f"{UNKNOWN}: {min(loose) or 'it'} may come from the rows that have changed")


def _check_drawn(options: Sequence[object], located: Located) -> None:
    """What may have been worked out from numbers that are others now, and are none of its own, may be another too."""
    for edit in options if located.drawn else ():
        if not isinstance(edit, Edit):
            continue
        changed = [place for place, value in edit.values.items() if any(map(normalise.numbers, _options(value)))]
        if reworked := located.reworked(changed):
            raise NotApplicable(f"the right answer may be worked out from what has changed: {min(reworked) or 'it'}")


def _options(value: Json) -> Sequence[Any]:
    return value.options if isinstance(value, AnyOf) else (value,)


def _slips(lost: Sequence[Place]) -> Sequence[Place]:
    """Places that hold a value or less; where a whole stretch is gone, what was worked out from it was there."""
    if isinstance(lost, Spans):
        return lost
    return [each for each in lost if not isinstance(each, (Span, Extent)) or each.end - each.start <= _LONGEST_SLIP]


def _measurable(value: Json) -> bool:
    """Whether a value is one that is worked out (a number, in whatever notation) or a transcription."""
    if isinstance(value, bool):
        return False
    return bool(normalise.numbers(value)) or is_transcription(value)


def _containers(value: Json) -> Sequence[Json]:
    if isinstance(value, Mapping):
        return [value, *(each for item in value.values() for each in _containers(item))]
    if isinstance(value, list):
        return [value, *(each for item in value for each in _containers(item))]
    return []


def _plain(value: Json) -> Json:
    """A copy whose mappings and lists may be changed."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def _put(truth: Json, place: Place, value: Json, located: Located, blank: Sequence[Place]) -> Json:
    # What stood at several places is missing when all of them are blank.
    everywhere = located.throughout(blank if value is None else (place,))
    somewhere = located.within((place,))
    for path in sorted(somewhere):
        old = _at(truth, path)
        new = _alike(old, _spliced(old, path, place, value, located))
        if path in everywhere:
            truth = _replace(truth, path, new)
        elif value is not None:
            # The old value still stands elsewhere: the document contradicts itself, and both are right.
            truth = _replace(truth, path, AnyOf(old, new))
    return truth


def _alike(old: Json, new: Json) -> Json:
    """A text that stands where a number stood, as the number that it reads, a dangling mark aside: "94." is 94."""
    if isinstance(new, str) and isinstance(old, (int, float)) and not isinstance(old, bool):
        number = normalise.number(new.rstrip(".,' "))
        return new if number is None else float(number)
    return new


def _spliced(old: Json, path: str, place: Place, value: Json, located: Located) -> Json:
    """What a field says now: the new value, or the old text with the new value in place of a part of it."""
    if not isinstance(place, Span) or not isinstance(old, str):
        return value
    for each in located.fields[path]:
        stands = each[0] if isinstance(each[0], Span) else located.convert(each[0], Span)
        if not isinstance(stands, Span) or not (stands.start < place.end and place.start < stands.end):
            continue
        if place.start <= stands.start + 1 and stands.end - 1 <= place.end:  # quotes may stand around it
            return value
        if stands.end - stands.start != len(old) or value is None:
            break
        start, end = max(0, place.start - stands.start), place.end - stands.start
        return f"{old[:start]}{value}{old[end:]}"
    raise NotApplicable(f"{UNKNOWN}: a part of {path or 'it'} has changed")


def _with_rows(truth: Json, rows: Sequence[int], lost: frozenset[str], located: Located) -> tuple[Json, frozenset[str]]:
    in_lists: set[str] = set()
    for aligned in located.lists:
        order = _order(aligned, rows)
        old = _at(truth, aligned.path)
        assert isinstance(old, list)
        truth = _replace(truth, aligned.path, [_plain(old[index]) for index in order])
        lost = _moved(lost, aligned.path, order)
        in_lists.update(aligned.cells)
    kept = set(rows)
    gone = {
        path
        for path, found in located.fields.items()
        if path not in in_lists
        and found
        and all(isinstance(place, Cell) and place.row not in kept for each in found for place in each)
    }
    return truth, lost | {path for path in gone if not _in_any(path, located.lists)}


def _order(aligned: Aligned, rows: Sequence[int]) -> list[int]:
    item = {row: index for index, row in enumerate(aligned.rows)}
    order = [item[row] for row in rows if row in item]
    # A list that begins with the header keeps it, whether or not the mutator named that row.
    return [0, *order] if aligned.rows[0] == 0 and 0 not in rows else order


def _moved(lost: frozenset[str], root: str, order: Sequence[int]) -> frozenset[str]:
    moved = set()
    for path in lost:
        if not path.startswith(root + "/"):
            moved.add(path)
            continue
        index, *rest = tokens(path[len(root) :])
        moved.update(root + pointer(new, *rest) for new, old in enumerate(order) if str(old) == index)
    return frozenset(moved)


def _in_any(path: str, lists: Sequence[Aligned]) -> bool:
    return any(path.startswith(aligned.path + "/") for aligned in lists)


def _repeated(truth: Json, places: Sequence[Place], located: Located) -> Json:
    """Every list with the items that stand in these places following once more after the last of them."""
    inside = located.within(places)
    lists: dict[str, set[int]] = {}
    for path in inside:
        at = tokens(path)
        depth = next((depth for depth, token in enumerate(at) if token.isdigit()), None)
        if depth is not None:
            lists.setdefault(pointer(*at[:depth]), set()).add(int(at[depth]))
    for root in sorted(lists, reverse=True):
        old = _at(truth, root)
        if isinstance(old, list):
            block = sorted(lists[root])
            after = block[-1] + 1
            copies = [_plain(old[index]) for index in block]
            truth = _replace(truth, root, [*old[:after], *copies, *old[after:]])
    return truth


def _at(truth: Json, path: str) -> Json:
    found = lookup(truth, path)
    assert found is not ABSENT  # the pointers come from this very truth
    return found


def _replace(value: Json, path: str, new: Json) -> Json:
    if not path:
        return new
    *parents, last = tokens(path)
    holder = _at(value, pointer(*parents))
    if isinstance(holder, dict):
        holder[last] = new
    elif isinstance(holder, list):
        holder[int(last)] = new
    return value
