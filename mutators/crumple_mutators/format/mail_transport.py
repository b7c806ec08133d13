"""What happens to a mail's text on its way: encodings that lie, doubled dots left in, text cut in an escape."""

from __future__ import annotations

import binascii
import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.mail_structure import MAIL, ORDER, Entity, end_of_line, fields, letter
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_CLAIMS: Final = ("7bit", "none", "x-unknown", "quoted-printable", "base64")
_FIELD: Final = "Content-Transfer-Encoding: "
_DOT: Final = re.compile(r"(?<=[^\W_])\.(?=[^\W_])")
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/=\s]")


@mutator(
    "format.mail_transfer_lie",
    refusable_from=3,
    only=MAIL,
    claimed=Ladder(*_CLAIMS, unit="transfer encoding"),
    examples=[ORDER],
)
def transfer_lie(text: Text, claimed: str, rng: Generator) -> Degraded[Text]:
    """Let the header name a transfer encoding that the text of a mail is not in, as gateways and scripts do.

    7 bits where there are 8; none at all; one that does not exist; quoted-printable or Base64 for plain text. That it
    is plain is seen, so the answer is the same; RFC 2045 has what is unknown taken for bytes, so from there on refusing
    is acceptable. Not where the text would mean something in that encoding. Ladder: a first guess, by how far it leads
    astray.
    """
    value = text.value
    part = letter(value)
    body = value[part.body.start : part.body.end]
    if claimed in ("7bit", "none") and body.isascii():
        raise NotApplicable("its text is in 7 bits")
    if claimed == "quoted-printable" and "=" in body:
        raise NotApplicable("its text would mean something else as quoted-printable")
    if claimed == "base64" and not _NOT_BASE64.search(body):
        raise NotApplicable("its text might be Base64")
    said = _declared(value, part)
    new = "" if claimed == "none" else f"{_FIELD}{claimed}{end_of_line(value)}"
    if value[said.start : said.end] == new:
        raise NotApplicable("it says so already")
    return Degraded(text.with_value(spliced(value, [said], [new])), touched=[part.body])


def _declared(value: str, part: Entity) -> Span:
    """Where a part's transfer encoding is declared, or would be."""
    found = [each.whole for each in fields(value, part.head) if each.name == "content-transfer-encoding"]
    return found[0] if found else Span(part.head.end, part.head.end)


def _quoted(value: str, codec: str, end: str) -> str:
    """Characters as quoted-printable."""
    data = value.replace("\r\n", "\n").encode(codec, "surrogateescape")
    return binascii.b2a_qp(data).decode().replace("\n", end)


def _as_quoted(text: Text, part: Entity, written: str) -> Text:
    """The mail with one part in quoted-printable, its header saying so."""
    header = f"{_FIELD}quoted-printable{end_of_line(text.value)}"
    return text.with_value(spliced(text.value, [_declared(text.value, part), part.body], [header, written]))


def _letter(text: Text) -> Entity:
    if not text.encoding.isascii() or text.encoding.startswith(("utf-16", "utf-32")):
        raise NotApplicable("it is written in two bytes a character")
    return letter(text.value)


@mutator("format.mail_doubled_dots", only=MAIL, share=shares("dots within words"), examples=[ORDER])
def doubled_dots(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave dots doubled that begin a line of a mail in quoted-printable, as faulty SMTP clients do ("1234..50").

    SMTP doubles a dot at the beginning of a line and takes it out again (RFC 5321, 4.5.2); who forgets that shows two
    where a soft line break fell before a decimal point. It is seen what is meant, so the answer is the same. Ladder:
    the shares of `form`, of the dots within numbers and words: before how many of them a line is broken.
    """
    part, end = _letter(text), end_of_line(text.value)
    body = text.value[part.body.start : part.body.end]
    dots = [each.start() for each in _DOT.finditer(body)]
    some(dots, "it has no dots within words")
    hit = sorted(dots[at] for at in chosen(rng, len(dots), share))
    if not hit:
        return Degraded(text)
    pieces = [body[start:stop] for start, stop in zip([0, *hit], [*hit, len(body)], strict=True)]
    written = f"={end}.".join(_quoted(piece, text.encoding, end) for piece in pieces)
    touched = [Span(part.body.start + at, part.body.start + at + 1) for at in hit]
    return Degraded(_as_quoted(text, part, written), touched=touched)


@mutator(
    "format.mail_text_cut",
    truth="lost",
    refusable_from=1,
    only=MAIL,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of the text", zero=1),
    examples=[ORDER],
)
def text_cut(text: Text, kept: float, rng: Generator) -> Degraded[Text]:
    """Send the text of a mail as quoted-printable and cut it in the middle of an escape, as limits on length do.

    What was cut is lost, with the word that the cut is in; attachments are whole. Refusing is acceptable. Ladder: that
    of `truncation.cut`.
    """
    part, end = _letter(text), end_of_line(text.value)
    body = text.value[part.body.start : part.body.end].rstrip()
    if kept >= 1:
        return Degraded(text)
    at = min(int(kept * len(body)), len(body) - 1)
    half = f"={body[at].encode(text.encoding, 'surrogateescape')[0] >> 4:X}"
    written = _quoted(body[:at], text.encoding, end) + half + end
    word = 0 if not at or body[at - 1].isspace() else len(body[:at].rsplit(None, 1)[-1])
    lost = Span(part.body.start + at - word, part.body.start + len(body))
    return Degraded(_as_quoted(text, part, written), lost=[lost])
