"""Readers that know noise: they find labels that are misspelt, fold white space, join lines and check sums.

They know what an order looks like: which labels it has, that its lines are quantity times price, that they add up to
the total, and that all rows of one order name the same customer.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from rapidfuzz.distance import OSA

from crumple import Document, Step, Text, read, write
from oracles.orders import HEAD, ITEM

Undo = Callable[[Document, Step], Document]

_LABELS = (*(name.capitalize() for name in HEAD), "Item")
_LABELLED = re.compile(r"^([^:|<>\r\n]{1,24}):[ \t]*(.*?)(\r?)$", re.MULTILINE)
_LABEL = re.compile(r"[A-Z][a-z]+:")
_TABLES = {
    "text/csv": ",",
    "text/tab-separated-values": "\t",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "\t",
}
_HEADS = re.compile(r"<tr>(?:<th>[^<]*</th>){4}</tr>")
_CELL = re.compile(r"(<th>)([^<]*)(</th><td>)")
_EMOJI = re.compile("[ ]?[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?")
_DOUBLES = str.maketrans("асеорхуіјѕАВСЕНІЈКМОРЅТХ", "aceopxyijsABCEHIJKMOPSTX")
_FOOTER = re.compile(
    r"^(?:- \d+ -|Page \d+(?: of \d+)?|\d+ / \d+|\[\d+\]|\d+)\r?\n\r?\n[^\r\n]*\r?\n", re.MULTILINE
)  # a page number, a blank line, and whatever heads the next page


def _on_text(change: Callable[[str], str]) -> Undo:
    """A reader that acts on the characters of the document."""

    def undo(document: Document, step: Step) -> Document:
        return _with(document, change(read(document, Text).value))

    return undo


def _with(document: Document, value: str) -> Document:
    return write(read(document, Text).with_value(value), document)


def _as_it_is(document: Document, step: Step) -> Document:
    return document


def _labels(document: Document, step: Step) -> Document:
    """Labels as they are spelt, rows that agree on their order, amounts that follow from the others."""
    value = read(document, Text).value
    if document.media_type in _TABLES:
        return _with(document, _agreed(value, _TABLES[document.media_type], step.mutator))
    if "json" in document.media_type:
        return document if _one(value) else _with(document, _agreed_records(value, step.mutator))
    if document.media_type == "text/html":
        known = _assigned([match[2] for match in _CELL.finditer(value)])
        value = _CELL.sub(lambda match: f"{match[1]}{known.get(match[2], match[2])}{match[3]}", value)
        heads = "".join(f"<th>{name}</th>" for name in ITEM)
        return _with(document, _HEADS.sub(f"<tr>{heads}</tr>", value))
    if document.media_type == "application/xml":
        return document
    return _with(document, _in_body(document, value, _relabelled))


def _in_body(document: Document, value: str, change: Callable[[str], str]) -> str:
    """A change to running text; of a mail, to its first part."""
    if document.media_type != "message/rfc822":
        return change(value)
    head, body, rest = re.split(r"(?<=8bit\r\n\r\n)(.*?)(?=\r\n--=-=order)", value, maxsplit=1, flags=re.DOTALL)
    return head + change(body) + rest


def _one(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _relabelled(value: str) -> str:
    matches = list(_LABELLED.finditer(value))
    known = _assigned([match[1] for match in matches if "|" not in match[2]], _LABELS[:-1])
    items = _assigned_all([match[1] for match in matches if match[2].count("|") == len(ITEM) - 1], "Item")

    def spelt(match: re.Match[str]) -> str:
        label = (items if "|" in match[2] else known).get(match[1])
        return match[0] if label is None else f"{label}: {match[2]}{match[3]}"

    return _LABELLED.sub(spelt, value)


def _plain(label: str) -> str:
    return "".join(label.split()).lower()


def _assigned(found: Sequence[str], labels: Sequence[str] = _LABELS) -> dict[str, str]:
    """Which label each of some spellings is, the best likenesses first; what is like none is none."""
    likeness = sorted(
        (OSA.distance(_plain(spelling), label.lower()), spelling, label)
        for spelling, label in itertools.product(dict.fromkeys(found), labels)
    )
    known: dict[str, str] = {}
    for distance, spelling, label in likeness:
        if distance <= len(label) / 2 + 0.5 and spelling not in known and label not in known.values():
            known[spelling] = label
    return known


def _assigned_all(found: Sequence[str], label: str) -> dict[str, str]:
    return {spelling: label for spelling in found if OSA.distance(_plain(spelling), label.lower()) <= 3}


def _agreed(value: str, delimiter: str, mutator: str) -> str:
    """What all rows say of the order, in every row: the value that most of them have."""
    header, *rows = csv.reader(io.StringIO(value, newline=""), delimiter=delimiter)
    for column, name in enumerate(header):
        if name in HEAD:
            right = _likeliest([row[column] for row in rows], mutator)
            for row in rows:
                row[column] = right
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()


def _agreed_records(value: str, mutator: str) -> str:
    records = [json.loads(line) for line in value.splitlines() if line.strip()]
    for name in {name for record in records for name in record} & set(HEAD):
        right = _likeliest([str(record[name]) for record in records], mutator)
        for record in records:
            record[name] = right
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _likeliest(said: Sequence[str], mutator: str) -> str:
    """Of several spellings the one that this damage cannot have made, else the one most like the others."""
    if mutator == "text.joined_words":
        return max(said, key=len)
    if mutator in ("text.split_words", "text.spaced_letters"):
        return min(said, key=len)
    if mutator == "text.leet":
        return min(said, key=lambda each: sum(map(str.isdigit, each)))
    return min(said, key=lambda each: sum(OSA.distance(each, other) for other in said))


def _unstacked(value: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFC", value))


def _unwrapped(document: Document, step: Step) -> Document:
    """Lines joined where the next word would not have fitted; a line with a label begins anew."""
    if document.media_type in ("text/html", "application/xml"):
        return document
    width, hyphens = int(dict(step.parameters)["width"]), step.mutator == "text.hyphenated"
    value = read(document, Text).value
    return _with(document, _in_body(document, value, lambda body: _joined(body, width, hyphens)))


def _joined(value: str, width: int, hyphens: bool) -> str:
    joined: list[str] = []
    last = ""
    for line in value.splitlines():
        full = bool(last) and bool(line) and len(last) + 1 + len(line.split(" ")[0]) > width
        if hyphens and re.search(r"[^\W\d_A-Z]-$", last) and re.match(r"[^\W\d_A-Z]", line):
            joined[-1] = joined[-1][:-1] + line
        elif joined and full and not _LABEL.match(line):
            joined[-1] += " " + line
        else:
            joined.append(line)
        last = line
    return "".join(f"{line}\r\n" if "\r\n" in value else f"{line}\n" for line in joined)


def _unfolded(document: Document, step: Step) -> Document:
    width = int(dict(step.parameters)["width"])

    def change(value: str) -> str:
        lines = value.splitlines(keepends=True)
        return "".join(
            line.rstrip("\r\n") if len(line.rstrip("\r\n")) == width and not _LABEL.match(after) else line
            for line, after in itertools.zip_longest(lines, lines[1:], fillvalue="")
        )

    return _with(document, _in_body(document, read(document, Text).value, change))


UNDO: Mapping[str, Undo] = {
    **dict.fromkeys(
        (
            "text.keyboard", "text.insert", "text.delete", "text.double", "text.swap", "text.typos", "text.ocr",
            "text.phonetic", "text.joined_words", "text.split_words", "text.spaced_letters", "text.leet", "text.case",
            "text.lower_case",
        ),
        _labels,
    ),
    **dict.fromkeys(
        (
            "text.quotes", "text.markup", "text.templates", "text.formulas", "text.format_directives", "text.sql",
            "text.paths", "text.instructions", "text.sentences_shuffled", "text.paragraphs_shuffled",
        ),
        _as_it_is,
    ),
    "text.double_spaces": _on_text(partial(re.sub, r"(?<=\S) {2,}(?=\S)", " ")),
    "text.tabs": _on_text(partial(re.sub, r"\t", " ")),
    "text.trailing_spaces": _on_text(partial(re.sub, r"(?m)[ \t]+(?=\r?$)", "")),
    "text.homoglyphs": _on_text(lambda value: value.translate(_DOUBLES)),
    "text.emoji": _on_text(partial(_EMOJI.sub, "")),
    "text.stacked_accents": _on_text(_unstacked),
    "text.hard_wraps": _unwrapped,
    "text.hyphenated": _unwrapped,
    "text.folded_lines": _unfolded,
    "text.page_furniture": _on_text(partial(_FOOTER.sub, "")),
}  # fmt: skip
