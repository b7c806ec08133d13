"""The headers of mail: folded, doubled, missing, in other letters, under dozens of others, behind something else."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.mail_structure import MAIL, ORDER, Field, end_of_line, fields, message
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_BEFORE: Final = {
    "mbox": "From zoe@example.org Tue Mar  5 02:00:01 2024\n",
    "archived": ">From zoe@example.org Tue Mar  5 02:00:01 2024\n",
    "blank line": "\n",
    "log line": "2024-03-05 02:00:01 queue/1a2b3c: delivered\n",
    "transcript": "EHLO mail.example.org\nMAIL FROM:<zoe@example.org>\nRCPT TO:<orders@example.com>\nDATA\n",
}
_TRACES: Final = (
    "Received: from mx{0}.example.net ([192.0.2.{1}])\n\tby mail.example id {2};\n\t1 Jan 2024 00:{3:02d}:00 GMT",
    "X-Spam-Status: No, score={4}.1 required=5.0 tests=HTML_MESSAGE,RCVD_IN_DNSWL_LOW autolearn=ham",
    "DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=s{0};\n\th=from:to:subject; bh={2}=; b={2}{2}{2}",
    "X-Gateway-Trace-{0}: {2}; queue={1}; size={2}",
    "ARC-Seal: i={1}; a=rsa-sha256; t={2}; cv=none; d=example.net; s=arc{0}; b={2}{2}",
    "X-Original-To: mailbox{0}@example.net",
)
_STRUCTURE: Final = ("content-type", "content-transfer-encoding", "mime-version", "content-disposition")


def _outer(text: Text) -> list[Field]:
    return fields(text.value, message(text.value).head)


@mutator("format.mail_folded_headers", only=MAIL, share=shares("headers"), examples=[ORDER])
def folded_headers(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Break headers over several lines at their spaces, as mail servers do with long ones.

    A line that begins with white space goes on with the header before it (RFC 5322), so the answer is the same. Ladder:
    the shares of `form`, of headers that hold a space.
    """
    end = end_of_line(text.value)
    inner = [each.value for each in _outer(text)]
    fit = [each for each in inner if re.search(r"\S \S", text.value[each.start : each.end])]

    def written(at: int) -> str:
        return re.sub(r"(?<=\S) (?=\S)", lambda _: f"{end} ", text.value[fit[at].start : fit[at].end])

    return rewritten(text, fit, share, rng, written, "no header holds a space")


@mutator("format.mail_header_case", only=MAIL, share=shares("headers"), examples=[ORDER])
def header_case(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write the names of headers in small letters or capitals, with other space after the colon, as scripts do.

    Names have no case and the space is no part of the value (RFC 5322), so the answer is the same. Ladder: the shares
    of `form`, of headers.
    """
    found = [Span(each.whole.start, each.value.start) for each in _outer(text)]
    kinds = rng.integers(3, size=len(found)).tolist()

    def written(at: int) -> str:
        name = text.value[found[at].start : found[at].end].rstrip(": \t")
        return (f"{name.swapcase()}:", f"{name.upper()}: ", f"{name.lower()}:\t")[kinds[at]]

    return rewritten(text, found, share, rng, written, "it has no headers")


@mutator("format.mail_repeated_headers", refusable_from=3, only=MAIL, share=shares("headers"), examples=[ORDER])
def repeated_headers(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write headers twice with the same value, as two gateways in a row do.

    Whichever is read, the answer is the same; RFC 5322 allows most of them once, so from the third level on refusing is
    acceptable. Ladder: the shares of `form`, of headers that say nothing of the parts.
    """
    found = [each.whole for each in _outer(text) if each.name not in _STRUCTURE]
    return rewritten(
        text, found, share, rng, lambda at: text.value[found[at].start : found[at].end] * 2, "it has no such headers"
    )


@mutator("format.mail_missing_headers", truth="lost", only=MAIL, share=shares("headers"), examples=[ORDER])
def missing_headers(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave out headers, as exports from archives and scripts that write mail themselves do.

    What stood in them is lost: sender, subject, date. Those that say how to read the parts stay. Ladder: the shares of
    `form`, of the others but those in encoded words; one stays, so that it is a mail.
    """
    headers = (each for each in _outer(text) if each.name not in _STRUCTURE)
    # What an encoded word says does not stand in the text, so nobody could tell that it is lost.
    found = [each.whole for each in headers if "=?" not in text.value[each.whole.start : each.whole.end]]
    if len(found) < 2:
        raise NotApplicable("it has no two headers of which one could be missing")
    order = chosen(rng, len(found), 1)[: len(found) - 1]
    count = min(len(order), len(chosen(rng, len(found), share)))
    gone = [found[at] for at in sorted(order[:count])]
    return Degraded(text.with_value(spliced(text.value, gone, [""] * len(gone))), lost=gone)


@mutator(
    "format.mail_trace_headers",
    only=MAIL,
    headers=Ladder(5, 20, 50, 100, 300, unit="headers", zero=0),
    examples=[ORDER],
)
def trace_headers(text: Text, headers: int, rng: Generator) -> Degraded[Text]:
    """Put the headers of servers, filters and signatures before those of the message, as its way through the net does.

    With dates, ids and addresses of their own that are not the message's, so the answer is the same. Ladder: a first
    guess; three hundred is what gateways in a loop leave.
    """
    message(text.value)
    end = end_of_line(text.value)
    draws = rng.integers(1, 10**9, size=(64, 3)).tolist()
    lines = [
        _TRACES[at % len(_TRACES)]
        .format(at, draws[at % 64][0] % 250, draws[at % 64][1], draws[at % 64][2] % 60, -(draws[at % 64][0] % 5))
        .replace("\n", end)
        + end
        for at in range(int(headers))
    ]
    return Degraded(text.with_value("".join(reversed(lines)) + text.value))


@mutator(
    "format.mail_before_headers",
    refusable_from=3,
    only=MAIL,
    what=Ladder(*_BEFORE, unit="what stands before the headers"),
    examples=[ORDER],
)
def before_headers(text: Text, what: str, rng: Generator) -> Degraded[Text]:
    """Put something before the headers: a mailbox's "From " line, quoted or not, a blank line, a log, what servers say.

    As exports and logs leave it. The message follows whole, so the answer is the same; after a blank line a strict
    reader sees no headers, so refusing is acceptable from there on. A byte order mark has `encoding.bom`. Ladder: a
    first guess.
    """
    some(_outer(text), "it has no headers")
    return Degraded(text.with_value(_BEFORE[what].replace("\n", end_of_line(text.value)) + text.value))
