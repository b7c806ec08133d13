"""What XML, HTML and mail say of their own encoding: a lie, or the truth about a legacy codepage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator, raw
from crumple_mutators.content import mail_body
from crumple_mutators.encoding.codepages import charset_name, escape, fitted
from crumple_mutators.encoding.rewriting import check_decodable
from crumple_mutators.positions import some, spliced

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<order><customer>Müller</customer><city>Köln</city></order>\n'
_HTML: Final = '<!doctype html>\n<html><head><meta charset="utf-8"></head><body><p>Müller, Köln</p></body></html>\n'
_MAIL: Final = (
    "From: a@example.org\nTo: b@example.org\nSubject: Order\nMIME-Version: 1.0\n"
    'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\nMüller, Köln\n'
)
EXAMPLES: Final = (("order.xml", _XML), ("order.html", _HTML), ("order.eml", _MAIL))
DECLARING: Final = ("application/xml", "text/html", "message/rfc822")
_OF_XML = re.compile(r"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""")
_OF_HTML = re.compile(r"""<meta\s[^>]*?charset\s*=\s*["']?([A-Za-z][\w.:-]*)""", re.IGNORECASE)
_OF_MAIL = re.compile(
    r"""^Content-Type:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*?\bcharset=["']?([A-Za-z][\w.:-]*)""",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD_OF_PART = re.compile(r"^Content-[A-Za-z-]+:[^\r\n]*(?:\r?\n(?!\r?\n)[^\r\n]*){0,50}+\r?\n\r?\n", re.MULTILINE)
_AS_IT_IS = re.compile(r"^Content-Transfer-Encoding:\s*8bit\b", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(r"^--\S", re.MULTILINE)
_DECLARED_WITHIN = 4096
_LIES: Final = ("windows-1252", "windows-1251", "us-ascii", "utf-16", "x-unknown")
_HARMLESS: Final = _LIES[:3]


@mutator(
    "encoding.charset_lie",
    refusable_from=3,
    only=DECLARING,
    declared=Ladder(*_LIES, unit="declared charset"),
    examples=EXAMPLES,
)
def charset_lie(text: Text, declared: str, rng: Generator) -> Degraded[Text]:
    """Declare another charset than the UTF-8 that the bytes are in, as templates and gateways do that only copy a line.

    The XML declaration, HTML's meta element, a mail's Content-Type headers. That the bytes are valid UTF-8 shows the
    lie: same. From us-ascii on, where readers that trust the declaration see an error, refusing is acceptable. Ladder:
    a first guess, uncalibrated: what misreads in silence, then what cannot be read so at all.
    """
    if text.encoding != "utf-8":
        raise NotApplicable(f"it is in {text.encoding}, which no reader can tell from what is declared")
    check_decodable(text)
    if text.value.isascii() and declared in _HARMLESS:
        raise NotApplicable(f"it is ASCII, which reads the same as {declared}")
    spans = declarations(text.value)
    some(spans, "it declares no charset")
    if all(text.value[each.start : each.end].lower() == declared for each in spans):
        raise NotApplicable(f"it declares {declared} already")
    return Degraded(text.with_value(spliced(text.value, spans, [declared] * len(spans))), touched=spans)


def declarations(value: str) -> list[Span]:
    """Where the names of declared charsets stand in XML, HTML and mail."""
    if end := mail_body(value):
        heads = [Span(0, end), *(Span(*each.span()) for each in _HEAD_OF_PART.finditer(value, end))]
        found = [_OF_MAIL.search(value, head.start, head.end) for head in heads]
    else:
        found = [_OF_XML.search(value, 0, _DECLARED_WITHIN) or _OF_HTML.search(value, 0, _DECLARED_WITHIN)]
    return [Span(*each.span(1)) for each in found if each]


@mutator("encoding.declared_codepage", level=1, only=DECLARING, examples=EXAMPLES)
def declared_codepage(text: Text, rng: Generator) -> Degraded[Text]:
    """Write the text in the Windows codepage of its language and declare it, as older but honest programs do.

    Whoever heeds the declaration reads the same. What the codepage lacks is a character reference in XML and HTML; a
    mail that needs one is left alone.
    """
    if text.encoding != "utf-8":
        raise NotApplicable(f"it is in {text.encoding}, not in UTF-8")
    check_decodable(text)
    if text.value.isascii():
        raise NotApplicable("it is ASCII, the same in every codepage")
    codec, lacks = fitted(text.value, "windows")
    name = charset_name(codec)
    if mail_body(text.value):
        return _mail_in(text, codec, name, lacks)
    spans = declarations(text.value)
    some(spans, "it declares no charset")
    declared = spliced(text.value, spans, [name] * len(spans))
    value = declared.translate({ord(each): escape(declared, each) for each in lacks})
    return Degraded(Text(value, codec, bom=False), touched=spans)


def _mail_in(text: Text, codec: str, name: str, lacks: frozenset[str]) -> Degraded[Text]:
    """A mail whose parts of eight bits are in a codepage."""
    spans, written = list[Span](), list[str]()
    for head, body in parts(text.value):
        charset = _OF_MAIL.search(text.value, head.start, head.end)
        if charset is None or not _AS_IT_IS.search(text.value, head.start, head.end):
            continue
        value = text.value[body.start : body.end]
        if value.isascii() or lacks.intersection(value):
            continue
        spans += [Span(*charset.span(1)), body]
        written += [name, raw(value.encode(codec))]
    some(spans, f"it has no part of eight bits that {codec} could hold")
    return Degraded(text.with_value(spliced(text.value, spans, written)), touched=spans)


def parts(value: str) -> Iterator[tuple[Span, Span]]:
    """The headers and the body of a mail's parts, or of a mail of one part."""
    end = mail_body(value)
    for head in (Span(0, end), *(Span(*each.span()) for each in _HEAD_OF_PART.finditer(value, end))):
        boundary = _BOUNDARY.search(value, head.end)
        yield head, Span(head.end, boundary.start() if boundary else len(value))


@mutator("encoding.declared_utf16", level=3, only=("application/xml",), examples=EXAMPLES[:1])
def declared_utf16(text: Text, rng: Generator) -> Degraded[Text]:
    """Write XML in UTF-16 with a byte order mark and declare it, as Windows programs and databases export it.

    Every XML parser must read it: same.
    """
    check_decodable(text)
    if text.encoding.startswith("utf-16"):
        raise NotApplicable("it is in UTF-16 already")
    spans = declarations(text.value)
    some(spans, "it has no declaration")
    value = spliced(text.value, spans, ["UTF-16"] * len(spans))
    return Degraded(Text(value, "utf-16-le", bom=True), touched=spans)
