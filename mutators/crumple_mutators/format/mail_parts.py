"""The parts of mail: boundaries, messages in messages, what is attached and how it is named, attachments cut short."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.mail_structure import MAIL, ORDER, Entity, end_of_line, fields, leaves, message
from crumple_mutators.positions import spliced

_COPIED: Final = ("from", "to", "cc", "subject", "date")
_PIXEL: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_EXTRA: Final = (
    ('image/png; name="logo.png"', "base64", 'inline; filename="logo.png"', _PIXEL),
    ("application/pgp-signature", "7bit", 'attachment; filename="signature.asc"', "-----BEGIN PGP SIGNATURE-----"),
    ('application/ms-tnef; name="winmail.dat"', "base64", 'attachment; filename="winmail.dat"', "eJ8+IgAAAQaQCAAEAAAA"),
    ('text/x-vcard; name="sam.vcf"', "7bit", 'attachment; filename="sam.vcf"', "BEGIN:VCARD\nFN:Sam Reed\nEND:VCARD"),
    ("text/calendar; method=REQUEST", "7bit", "inline", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR"),
    ('application/octet-stream; name="ATT00001.bin"', "base64", "attachment", "AAAAAAAAAAA="),
    ('text/html; name="ATT00002.htm"', "7bit", 'attachment; filename="ATT00002.htm"', "<html><body></body></html>"),
    ('application/pdf; name="empty.pdf"', "base64", 'attachment; filename="empty.pdf"', ""),
)
_TYPES: Final = {
    "octet-stream": "application/octet-stream",
    "download": "application/force-download",
    "unknown": "x-unknown/x-unknown",
    "text": "text/plain",
    "none": "",
}
_DAMAGES: Final = ("preamble", "spaces", "not closed", "other", "undeclared")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
_QUANTUM: Final = 4


@mutator(
    "format.mail_boundary",
    refusable_from=4,
    only=MAIL,
    damage=Ladder(*_DAMAGES, unit="damage"),
    examples=[ORDER],
)
def boundary(text: Text, damage: str, rng: Generator) -> Degraded[Text]:
    """Damage the lines between the parts of a mail, as gateways that rewrite headers and exports do.

    Text before the first and after the last part; spaces after them; the last one missing; in the header another one;
    none in the header. The lines are seen all the same, so the answer is the same; where the header does not name
    them a strict reader sees no parts, so refusing is acceptable. Ladder: a first guess, by how many readers give up.
    """
    value, end = text.value, end_of_line(text.value)
    outer = message(value)
    if len(outer.lines) < 2:
        raise NotApplicable("it has no parts")
    kind = next(each for each in fields(value, outer.head) if each.name == "content-type")
    said = re.compile(r";\s*boundary\s*=\s*(?:\"[^\"\r\n]*\"|[^\s;\"]+)", re.IGNORECASE)
    named = said.search(value, kind.value.start, kind.value.end)
    closing = value[outer.lines[-1].start : outer.lines[-1].end].rstrip().endswith("--")
    if damage == "preamble":
        places = [Span(outer.body.start, outer.body.start), Span(outer.body.end, outer.body.end)]
        new = [
            f"This is a message in several parts in MIME format.{end}{end}",
            f"{end}--{end}Checked by the gateway.{end}",
        ]
    elif damage == "spaces":
        places = [Span(each.end, each.end) for each in outer.lines]
        new = ["  "] * len(places)
    elif damage == "not closed":
        if not closing:
            raise NotApplicable("its last boundary line is missing already")
        places, new = [outer.lines[-1]], [""]
    else:
        assert named is not None  # or there would be no parts
        other = f'; boundary="----=_Part_{int(rng.integers(10**6))}"' if damage == "other" else ""
        places, new = [Span(*named.span())], [other]
    return Degraded(text.with_value(spliced(value, places, new)))


@mutator(
    "format.mail_nested",
    refusable_from=4,
    only=MAIL,
    depth=Ladder(1, 2, 5, 20, 100, unit="messages around it", zero=0),
    examples=[ORDER],
)
def nested(text: Text, depth: int, rng: Generator) -> Degraded[Text]:
    """Attach the message to another one, that to another and so on, as forwarding as an attachment does.

    Those around it have its own sender, subject and date and say nothing else, so the answer is the same; from twenty
    on refusing is acceptable, as gateways do. Ladder: the catalogue's nested forwards, the depths a first guess.
    """
    value, end = text.value, end_of_line(text.value)
    outer = message(value)
    said = [value[each.whole.start : each.whole.end] for each in fields(value, outer.head) if each.name in _COPIED]
    head = "".join(each if each.endswith("\n") else each + end for each in said)
    value_of_type = f"MIME-Version: 1.0{end}Content-Type: message/rfc822{end}Content-Transfer-Encoding: 8bit{end}{end}"
    return Degraded(text.with_value((head + value_of_type) * int(depth) + value))


@mutator(
    "format.mail_extra_parts",
    only=MAIL,
    parts=Ladder(1, 2, 4, 8, 16, unit="parts", zero=0),
    examples=[ORDER],
)
def extra_parts(text: Text, parts: int, rng: Generator) -> Degraded[Text]:
    """Attach what nobody asked for: a logo, a signature, winmail.dat, a card, an invitation, an empty file.

    As offices and mail programs do. None holds a value, so the answer is the same. Ladder: a first guess.
    """
    value, end = text.value, end_of_line(text.value)
    outer = message(value)
    if not parts:
        return Degraded(text)
    order = rng.permutation(len(_EXTRA)).tolist()
    chosen = [_EXTRA[order[at % len(order)]] for at in range(int(parts))]
    limit = outer.boundary or "=_mixed_0"
    added = "".join(f"--{limit}{end}{_written(each, end)}{end}" for each in chosen)
    if outer.media_type == "multipart/mixed" and outer.lines:
        last = outer.lines[-1]
        if not value[last.start : last.end].rstrip().endswith("--"):
            raise NotApplicable("its last boundary line is missing")
        return Degraded(text.with_value(value[: last.start] + added + value[last.start :]))
    if outer.boundary or limit in value:
        raise NotApplicable("its parts are no attachments")
    return Degraded(_mixed(text, outer, limit, added, end))


def _mixed(text: Text, outer: Entity, limit: str, added: str, end: str) -> Text:
    """A mail of one part as the first part of another."""
    value = text.value
    moved = [each.whole for each in fields(value, outer.head) if each.name.startswith("content-")]
    head = "".join(value[each.start : each.end] for each in moved) or f"Content-Type: text/plain{end}"
    body = value[outer.body.start : outer.body.end]
    version = (
        "" if any(each.name == "mime-version" for each in fields(value, outer.head)) else f"MIME-Version: 1.0{end}"
    )
    kind = f'{version}Content-Type: multipart/mixed; boundary="{limit}"{end}'
    whole = f"--{limit}{end}{head}{end}{body}{end}{added}--{limit}--{end}"
    spans = [*moved, Span(outer.head.end, outer.head.end), outer.body]
    return text.with_value(spliced(value, spans, [*([""] * len(moved)), kind, whole]))


def _written(extra: tuple[str, str, str, str], end: str) -> str:
    kind, encoding, disposition, body = extra
    lines = (
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
        f"Content-Disposition: {disposition}",
        "",
        body,
    )
    return end.join(lines).replace("\r\n", "\n").replace("\n", end)


def _attached(value: str) -> list[Entity]:
    """The parts of a mail that are files.

    Raises:
        NotApplicable: there are none.
    """
    found = [each for each in leaves(message(value)) if each.named or not each.media_type.startswith("text/")]
    found = [each for each in found if each.head.start]
    if not found:
        raise NotApplicable("it has no attachment")
    return found


@mutator(
    "format.mail_attachment_type",
    only=MAIL,
    declared=Ladder(*_TYPES, unit="type"),
    examples=[ORDER],
)
def attachment_type(text: Text, declared: str, rng: Generator) -> Degraded[Text]:
    """Declare attachments to be of another type, or of none, as mail programs and scanners do.

    What a file is its content tells, so the answer is the same. Ladder: a first guess, by how far it leads astray.
    """
    value, spans, new = text.value, list[Span](), list[str]()
    for part in _attached(value):
        for each in fields(value, part.head):
            if each.name != "content-type":
                continue
            said = value[each.value.start : each.value.end]
            other = re.sub(r"^\s*[\w.+-]+/[\w.+-]+", f" {_TYPES[declared]}", said)
            written = f"Content-Type:{other}{end_of_line(value)}" if declared != "none" else ""
            if written != value[each.whole.start : each.whole.end]:
                spans.append(each.whole)
                new.append(written)
    if not spans:
        raise NotApplicable("its attachments are declared like that already")
    return Degraded(text.with_value(spliced(value, spans, new)), touched=spans)


@mutator(
    "format.mail_attachment_cut",
    truth="lost",
    refusable_from=1,
    only=MAIL,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of an attachment", zero=1),
    examples=[ORDER],
)
def attachment_cut(text: Text, kept: float, rng: Generator) -> Degraded[Text]:
    """Cut attachments short in the middle of their Base64, as gateways with a limit and full mailboxes do.

    What was cut is lost; the message and what stands before the cut are not. Refusing is acceptable. Ladder: that of
    `truncation.cut`.
    """
    value = text.value
    parts = [each for each in _attached(value) if each.encoding == "base64"]
    ends: list[Span] = []
    for part in parts:
        body = value[part.body.start : part.body.end].rstrip()
        if len(body) > _QUANTUM and _BASE64.fullmatch(body) and kept < 1:
            ends.append(
                Span(part.body.start + max(1, min(int(kept * len(body)), len(body) - 3)), part.body.start + len(body))
            )
    if not parts or (kept < 1 and not ends):
        raise NotApplicable("it has no attachment in Base64")
    return Degraded(text.with_value(spliced(value, ends, [""] * len(ends))), lost=ends)
