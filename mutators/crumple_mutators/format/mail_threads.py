"""What stands in a mail's text around the message: quoted replies, older messages, signatures, footers of lists."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, Span, Text, mutator
from crumple_mutators.format.mail_structure import MAIL, ORDER, end_of_line, letter
from crumple_mutators.positions import spliced

_OLDER: Final = (
    "On {day} January 2019 at 09:{day:02d}, Sam Reed <sam@example.net> wrote:",
    "-----Original Message-----",
    "________________________________",
    "Am {day:02d}.01.2019 um 09:12 schrieb Sam Reed:",
    "---------- Forwarded message ---------",
)
_SIGNATURE: Final = (
    "-- ",
    "Sam Reed | Accounts | Example Trading Ltd",
    "1 High Street, Old Town | Tel. +00 0000 123456 | Fax +00 0000 123457",
    "www.example.net | Registered no. 0123456 | VAT no. XX999999973",
    "Please consider the environment before printing this message.",
    "",
    "This message and any attachment are confidential and for the addressee alone. If you have",
    "received it by mistake, please tell the sender and delete it. Messages can be changed on their",
    "way; we are not liable for what others write under our name. Offers are valid for 30 days.",
    "",
    "_______________________________________________",
    "orders mailing list",
    "To unsubscribe send a message to orders-leave@example.net, quoting 4711.",
    "",
    "Sent from my phone, please excuse typing errors",
    "Follow us | Summer offer: save 10.00 until 31 August",
    "Scanned by Example Mail Gateway, no virus found (database 2019-01-02)",
    "",
    "Board: A. Example, B. Example. Chair of the supervisory board: C. Example",
    "Bank: Example Bank, account 000123456, sort code 00-00-00",
)
_REPLIES: Final = ("Fine with me.", "Agreed, please go ahead.", "See below.", "FYI", "Confirmed, thank you.")


@mutator(
    "format.mail_older_messages",
    only=MAIL,
    messages=Ladder(1, 2, 3, 5, 10, unit="messages", zero=0),
    examples=[ORDER],
)
def older_messages(text: Text, messages: int, rng: Generator) -> Degraded[Text]:
    """Quote older messages with other numbers below the message, as every thread does that is answered on top.

    Every digit in them is another one, and they look like the message. What is asked for is the newest, which stands
    first and whole, so the answer is the same. Ladder: a first guess.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    body = value[part.body.start : part.body.end]
    lines = re.split(r"\r?\n", body.rstrip())
    # A shift of 1 to 9 makes every digit another one, whichever is drawn.
    shifts = rng.integers(1, 10, size=512).tolist()
    older = list[str]()
    for depth in range(1, int(messages) + 1):
        intro = _OLDER[(depth - 1) % len(_OLDER)].format(day=1 + shifts[depth] * 2)
        older += ("", "> " * (depth - 1) + intro, *("> " * depth + _shifted(line, shifts, depth) for line in lines))
    if not older:
        return Degraded(text)
    added = end.join(older) + end
    place = Span(part.body.start + len(body.rstrip()), part.body.end)
    return Degraded(text.with_value(spliced(value, [place], [end + added])))


def _shifted(line: str, shifts: list[int], depth: int) -> str:
    """The line with each of its ASCII digits another one."""
    return re.sub("[0-9]", lambda found: str((int(found[0]) + shifts[(found.start() * 7 + depth) % 512]) % 10), line)


@mutator(
    "format.mail_quoted",
    only=MAIL,
    depth=Ladder(1, 2, 3, 5, 8, unit="replies", zero=0),
    examples=[ORDER],
)
def quoted(text: Text, depth: int, rng: Generator) -> Degraded[Text]:
    """Quote the message below short replies ("> > > Total: ..."), as a thread does by the time it is passed on.

    Its lines are the same behind the marks, and nothing else is said, so the answer is the same. Ladder: a first guess.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    body = value[part.body.start : part.body.end]
    kinds = rng.integers(len(_REPLIES), size=64).tolist()
    lines = list[str]()
    for at in range(int(depth)):
        marks = "> " * at
        lines += (marks + _REPLIES[kinds[at % 64]], marks.rstrip(), marks + "Sam Reed wrote:")
    lines += ("> " * int(depth) + line for line in re.split(r"\r?\n", body.rstrip()))
    ending = body[len(body.rstrip()) :]
    return Degraded(text.with_value(spliced(value, [part.body], [end.join(lines) + ending])))


@mutator(
    "format.mail_signature",
    only=MAIL,
    lines=Ladder(2, 5, 9, 14, 20, unit="lines", zero=0),
    examples=[ORDER],
)
def signature(text: Text, lines: int, rng: Generator) -> Degraded[Text]:
    """Put a signature, a notice of confidentiality, a list's footer and an advertisement below the message.

    As offices, lists and phones do. They are not what is asked for, other numbers notwithstanding, so the answer is the
    same. Ladder: a first guess.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    if not lines:
        return Degraded(text)
    body = value[part.body.start : part.body.end]
    place = Span(part.body.start + len(body.rstrip()), part.body.end)
    return Degraded(text.with_value(spliced(value, [place], [end * 2 + end.join(_SIGNATURE[: int(lines)]) + end])))
