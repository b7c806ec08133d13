"""What undoes the category form: what is struck out is passed over, marks are followed, and handwriting is read."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pypdf

from crumple import Document, Region, Step, words
from oracles.orders import HEAD, ITEM, read_plainly

Undo: TypeAlias = Callable[[Document, Step], Document]
Word: TypeAlias = "tuple[str, Region]"

_PDF, _LINES = "application/pdf", "application/x-ndjson"
_LABELS = (*HEAD, *(f"lines.{at}.{name}" for at in range(9) for name in ITEM))
_WRITTEN_FROM = 0.27  # of the page's width: labels end before it
_CORRECTED = re.compile(r".*(?:~~ | - sorry, | crossed out\] )", re.DOTALL)
_LABELLED = re.compile(r"[A-Z][a-z ]*(?:: | - | = )")
_NUMBER = re.compile(r"-?\d[\d.,]*")
_PLACEHOLDER = re.compile(
    r"(?i)n/?a|tb[cd]|-|\?+|unknown|please see attached|will follow|x+|to be confirmed|\./\.|k\. ?a\.|\.+"
    r"|none of your business|please select|\[.*\]"
)
_SOUND = {
    "number": re.compile(r"[A-Z]{2}-\d{4}-\d{4}"),
    "date": re.compile(r"\d{4}-(?!02-31|13-|00-)\d\d-\d\d"),
    "currency": re.compile(r"[A-Z]{3}"),
    "total": re.compile(r"[\d.]+"),
    "customer": re.compile(r"(?!.* or )[^\d/;,]+ & [^\d/;,]+"),  # a firm's name is known from a city's
}
_NAME = re.compile(r"(?!.* or )[^\d/;,]+")
_DITTO = re.compile(r"(?i)[\"″']+|-? ?\" ?-?|d(?:t)?o\.|ditto|id(?:em|\.)")


def _same(value: Any) -> Any:
    return value


def _as_it_is(document: Document, step: Step) -> Document:
    return document


def _each(fix: Callable[[Any], Any]) -> Undo:
    """A repair of every value of a record by itself."""

    def walked(value: Any) -> Any:
        fixed = fix(value)
        if isinstance(fixed, dict):
            return {key: walked(each) for key, each in fixed.items()}
        return [walked(each) for each in fixed] if isinstance(fixed, list) else fixed

    return _whole(walked)


def _whole(fix: Callable[[Any], Any]) -> Undo:
    """A repair of a record, whichever file it comes in."""

    def undone(document: Document, step: Step) -> Document:
        if document.media_type == _LINES:
            records = fix([json.loads(line) for line in document.data.decode().splitlines() if line.strip()])
            return _json(_agreed(records))
        record = read_plainly(document) if document.media_type == _PDF else json.loads(document.data)
        return _json(fix(record))

    return undone


def _agreed(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An order whose head stands in every record, each value as most of them have it."""
    head: dict[str, Any] = {}
    for name in HEAD:
        said = [record.get(name) for record in records if str(record.get(name) or "").strip()]
        counts = Counter(said)
        sound = [each for each in said if _SOUND.get(name, _NAME).fullmatch(str(each))] or said
        head[name] = max(sound, key=lambda each: counts[each]) if said else None
    return {**head, "lines": [{name: record.get(name) for name in ITEM} for record in records]}


def _json(record: Any) -> Document:
    return Document(json.dumps(record).encode(), "application/json", "order.json")


def _of_text(fix: Callable[[str], Any]) -> Undo:
    return _each(lambda value: fix(value) if isinstance(value, str) else value)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    return value["value"] if isinstance(value, dict) and list(value) == ["value"] else value


def _number(value: str) -> str:
    """The number in a field that holds one and little else."""
    found = _NUMBER.findall(value)
    return found[0] if len(found) == 1 and (value[:1].isdigit() or re.match(r"approx|[A-Z]{3} |[€$]", value)) else value


def _dittoed(record: Any) -> Any:
    """Every mark in a row as what stands in the row above."""
    rows = record if isinstance(record, list) else record["lines"]
    for above, row in itertools.pairwise(rows):
        for key, value in row.items():
            if isinstance(value, str) and _DITTO.fullmatch(value):
                row[key] = above[key]
    return record


def _read_by_eye(order: Callable[[Sequence[Word], Sequence[Word]], Mapping[str, Sequence[Word]]]) -> Undo:
    """A reader of a sheet: fields that are filled in on the screen, else what a pen has written for a label."""

    def undone(document: Document, step: Step) -> Document:
        found = words(document)
        labels = [word for word in found if word[0] in _LABELS and word[1].left < 0.15]
        written = [word for word in found if word not in labels]
        typed = pypdf.PdfReader(io.BytesIO(document.data)).get_form_text_fields(full_qualified_name=True)
        missing = [label for label in labels if label[0] not in typed]
        values = {
            **typed,
            **{name: " ".join(word for word, _ in said) for name, said in order(missing, written).items()},
        }
        items = [{name: values.get(f"lines.{at}.{name}") for name in ITEM} for at in range(3)]
        return _json({**{name: values.get(name) for name in HEAD}, "lines": items})

    return undone


def _middle(word: Word) -> float:
    return (word[1].top + word[1].bottom) / 2


def _beside(labels: Sequence[Word], written: Sequence[Word]) -> dict[str, list[Word]]:
    """What stands nearest to each label's line, in the order of reading."""
    found: dict[str, list[Word]] = {name: [] for name, _ in labels}
    for word in written:
        name, _ = min(labels, key=lambda label: abs(_middle(label) - _middle(word)))
        found[name].append(word)
    return {name: _in_order(said) for name, said in found.items()}


def _in_order(said: Sequence[Word]) -> list[Word]:
    """Words line by line: what overlaps half way is one line."""
    lines: list[list[Word]] = []
    for word in sorted(said, key=_middle):
        if lines and max(_overlap(word[1], other[1]) for other in lines[-1]) > 0.4:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda each: each[1].left)]


def _overlap(one: Region, other: Region) -> float:
    """How much of the lower of two words' heights both share; words of a line that rises may share none."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / min(one.bottom - one.top, other.bottom - other.top)


def _in_turn(labels: Sequence[Word], written: Sequence[Word]) -> dict[str, list[Word]]:
    """Lines of writing from the top, one for each label from the top: all are off their lines alike."""
    shift = sorted(min((_middle(word) - _middle(label) for label in labels), key=abs) for word in written)[
        len(written) // 2
    ]
    for sign in (0.0, 1.0, -1.0):
        pitch = abs(_middle(labels[1]) - _middle(labels[0])) if len(labels) > 1 else 1.0
        moved = [(text, _lifted(place, shift + sign * pitch)) for text, place in written]
        found = _beside(labels, moved)
        if all(found.values()):
            return found
    return _beside(labels, written)


def _lifted(place: Region, by: float) -> Region:
    return Region(place.page, place.left, place.top - by, place.right, place.bottom - by)


def _second_half(labels: Sequence[Word], written: Sequence[Word]) -> dict[str, list[Word]]:
    """Of two answers in a box, the one that is not struck out, which is the second."""
    return {name: said[len(said) // 2 :] for name, said in _beside(labels, written).items()}


def _by_arrows(document: Document, step: Step) -> Document:
    """What stands at the foot of the sheet, each where its arrow points."""
    reader = pypdf.PdfReader(io.BytesIO(document.data))
    page = reader.pages[0]
    height = float(page.mediabox.height)
    objects = page["/Resources"]["/XObject"]
    overlay = next(each.get_object() for name, each in objects.items() if name.startswith("/Overlay"))
    drawn = re.findall(r"\bBT\b|[-\d.]+ [-\d.]+ [ml]\b|\bS\b", overlay.get_data().decode("latin-1"))
    answers: list[tuple[int, list[tuple[float, float]]]] = []
    for token in drawn[1:]:  # the first sets the font
        if token == "BT":
            if not answers or answers[-1][1]:
                answers.append((0, []))
            answers[-1] = (answers[-1][0] + 1, answers[-1][1])
        elif token != "S":
            x, y, _ = token.split()
            answers[-1][1].append((float(x), float(y)))
    said = words(document)
    said = said[len(said) - sum(count for count, _ in answers) :]
    labels = [word for word in words(document) if word[0] in _LABELS and word[1].left < 0.15]
    values = dict(reader.get_form_text_fields(full_qualified_name=True))
    for count, points in answers:
        tip = points[11]  # the last of the curve; its barbs follow
        name, _ = min(labels, key=lambda label: abs(_middle(label) - (1 - tip[1] / height)))
        values[name] = " ".join(word for word, _ in said[:count])
        said = said[count:]
    items = [{name: values.get(f"lines.{at}.{name}") for name in ITEM} for at in range(3)]
    return _json({**{name: values.get(name) for name in HEAD}, "lines": items})


UNDO: Mapping[str, Undo] = {
    "form.by_hand": _read_by_eye(_beside),
    "form.capitals": _as_it_is,
    "form.corrected": _of_text(lambda value: _CORRECTED.sub("", value)),
    "form.cut_short": _each(_same),
    "form.ditto": _whole(_dittoed),
    "form.elsewhere": _by_arrows,
    "form.foreign_date": _as_it_is,
    "form.impossible_date": _each(_same),
    "form.in_notes": _each(_same),
    "form.label_in_value": _of_text(lambda value: _LABELLED.sub("", value, count=1)),
    "form.missing": _each(_same),
    "form.off_line": _read_by_eye(_in_turn),
    "form.past_the_box": _read_by_eye(_beside),
    "form.placeholder": _of_text(lambda value: None if _PLACEHOLDER.fullmatch(value) else value),
    "form.range": _as_it_is,
    "form.string_for_number": _each(_same),
    "form.struck_out": _read_by_eye(_second_half),
    "form.test_values": _as_it_is,
    "form.two_lines": _read_by_eye(_beside),
    "form.two_values": _each(_same),
    "form.unit_in_number": _of_text(_number),
    "form.wrapped_value": _each(_unwrapped),
    "form.wrong_field": _each(_same),
}
