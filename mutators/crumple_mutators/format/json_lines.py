"""JSON Lines with lines that are no records, or in another form than one record a line."""

from __future__ import annotations

import json
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Pointer, Record, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.json_tokens import LINES
from crumple_mutators.positions import spliced
from crumple_mutators.selection import chosen

ORDERS: Final = (
    "orders.jsonl",
    (
        '{"id": "A-17", "customer": "Zoë Müller", "total": 54.0}\n'
        '{"id": "A-18", "customer": "Ann Lee", "total": 399.8}\n'
        '{"id": "A-19", "customer": "José Núñez", "total": 12.25}\n'
        '{"id": "A-20", "customer": "Bolt GmbH", "total": 7.5}\n'
    ),
)
_NOISE: Final = (
    "",
    "2024-03-05 02:00:01 INFO export started",
    "# page 2",
    "null",
    "WARN: slow query",
    "Killed",
    "---",
    "...",
    "EOF",
    "//",
)


@mutator(
    "format.jsonl_bad_lines",
    truth="lost",
    refusable_from=1,
    only=LINES,
    share=shares("lines"),
    examples=[ORDERS],
)
def bad_lines(record: Record, share: float, rng: Generator) -> Degraded[Text]:
    """Cut lines off within their first value, as writers that are killed and two writers of one file do.

    Of such a line nothing can be read, so its record is lost. A reader that goes on with the next line is right, and
    so is one that refuses. Ladder: the shares of `form`, of lines that are objects.
    """
    fields = [(path, value) for path, value in record.fields() if path]
    firsts: dict[str, str] = {}
    for path, _ in fields:
        firsts.setdefault("/" + path.split("/")[1], path)
    lines = [line for line, first in firsts.items() if first != line]
    if not lines:
        raise NotApplicable("no line is an object with a value")
    spans, draws = record.spans(), rng.random(len(lines)).tolist()
    hit = sorted(chosen(rng, len(lines), share))
    cuts: list[Span] = []
    for at in hit:
        whole, value = spans[lines[at]], spans[firsts[lines[at]]]
        # No more than the first character of the value is left, and no less than a bracket.
        cuts.append(Span(whole.start + 1 + int(draws[at] * (value.start - whole.start)), whole.end))
    text = record.text.with_value(spliced(record.source, cuts, [""] * len(cuts)))
    return Degraded(text, lost=[Pointer(lines[at]) for at in hit])


@mutator(
    "format.jsonl_noise",
    refusable_from=1,
    only=LINES,
    share=shares("lines"),
    examples=[ORDERS],
)
def noise(record: Record, share: float, rng: Generator) -> Degraded[Text]:
    """Put lines between the records that are none: blank ones, log messages, comments, null, an end mark.

    As programs do that log to where they write. All records are there, so the answer is the same; the lines are no
    records, so refusing is acceptable. Ladder: the shares of `form`, of lines that get one before them.
    """
    count = len(record.value)
    kinds = rng.integers(len(_NOISE), size=count).tolist()
    spans, end = record.spans(), "\r\n" if "\r\n" in record.source else "\n"
    hit = sorted(chosen(rng, count, share))
    starts = [spans[f"/{at}"].start for at in hit]
    places = [Span(start, start) for start in starts]
    return Degraded(
        record.text.with_value(spliced(record.source, places, (_NOISE[kinds[at]] + end for at in hit))),
        touched=[Pointer(f"/{at}") for at in hit],
    )


@mutator(
    "format.jsonl_form",
    refusable_from=2,
    only=LINES,
    form=Ladder("blank lines", "sequence", "list", "pretty", "one line", unit="form"),
    examples=[ORDERS],
)
def form(record: Record, form: str, rng: Generator) -> Degraded[Text]:
    """Write the records of JSON Lines in another form, as another exporter does.

    With blank lines between; each after the sign 0x1E, a text sequence (RFC 7464); as one JSON list; laid out over
    several lines; all on one line. They are the same records, so the answer is the same; but for the blank lines it
    is not one record a line any more, so refusing is acceptable. Ladder: a first guess, by how rarely it is done.
    """
    end = "\r\n" if "\r\n" in record.source else "\n"
    spans = record.spans()
    lines = [record.source[spans[f"/{at}"].start : spans[f"/{at}"].end] for at in range(len(record.value))]
    value = {
        "blank lines": lambda: (end + end).join(lines) + end,
        "sequence": lambda: "".join(f"\x1e{line}{end}" for line in lines),
        "list": lambda: f"[{end}" + f",{end}".join(lines) + f"{end}]{end}",
        "pretty": lambda: (
            end.join(
                json.dumps(each, ensure_ascii=record.source.isascii(), indent=2).replace("\n", end)
                for each in record.value
            )
            + end
        ),
        "one line": lambda: " ".join(lines) + end,
    }[form]()
    if value == record.source:
        raise NotApplicable("it is in that form already")
    return Degraded(record.text.with_value(value))
