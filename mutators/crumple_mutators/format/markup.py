"""The tags and elements of XML and HTML, as they stand in a text; quick, and never in more than linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from crumple import NotApplicable, Span

XML: Final = ("application/xml",)
HTML: Final = ("text/html",)

XML_ORDER: Final = (
    "order.xml",
    """<?xml version="1.0" encoding="UTF-8"?>
<order version="2">
  <number>A-2024/117</number>
  <customer id="K-9"><name>Müller &amp; Søn</name><city>Málaga</city></customer>
  <lines>
    <line><description>Oak table</description><quantity>12</quantity><amount>54.00</amount></line>
    <line><description>Chair, 27&quot; wide</description><quantity>4</quantity><amount>399.80</amount></line>
  </lines>
  <note/>
  <total>453.80</total>
</order>
""",
)
"""An order on which every mutator of XML can act."""

HTML_ORDER: Final = (
    "order.html",
    """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Order</title></head>
<body>
<h1>Order A-2024/117</h1>
<p class="to">Customer: Müller &amp; Søn, Málaga</p>
<table border="1">
<tr><th>Description</th><th>Quantity</th><th>Amount</th></tr>
<tr><td>Oak table</td><td>12</td><td>54.00</td></tr>
<tr><td>Chair</td><td>12</td><td>399.80</td></tr>
</table>
<p>Total: 453.80 EUR</p>
<p>Please deliver in the morning.</p>
</body>
</html>
""",
)
"""An order on which every mutator of HTML can act."""

# What is opened and never closed runs to the end, so that it is looked through once; nothing is tried twice.
_APART = (
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<![A-Za-z][^<>\[]*+(?:\[.*?(?:\]\s*>|\Z)|>|(?=<)|\Z)"
)
_RAW = r"|<(?P<raw>script|style|textarea|template|title)\b[^<>]*+>.*?(?:</(?P=raw)\s*>|\Z)"
_ATTRIBUTES = r"""(?:\s[^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+)?"""
_NAME = r"[^\s<>/!?\"'=&]+"
_TAG = re.compile(rf"{_APART}|<(?P<close>/?)(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})(?P<empty>/?)>", re.DOTALL)
_HTML_TAG = re.compile(
    rf"{_APART}{_RAW}|<(?P<close>/?)(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})(?P<empty>/?)>",
    re.DOTALL | re.IGNORECASE,
)
_BODY = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_END_OF_BODY = re.compile(r"</body\s*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&#?\w{1,31};")
_DEEPEST = 200


def tags(value: str, *, html: bool = False) -> Iterator[re.Match[str]]:
    """Every tag of a text, with the groups "close", "name", "attributes" and "empty"; none in comments and scripts."""
    return (tag for tag in (_HTML_TAG if html else _TAG).finditer(value) if tag["name"])


def texts(value: str, *, html: bool = False) -> list[Span]:
    """What stands between tags, comments and scripts and is not white space alone, the space around it left out."""
    found, at = list[Span](), 0
    ends = [(each.start(), each.end()) for each in (_HTML_TAG if html else _TAG).finditer(value)]
    for start, end in (*ends, (len(value), len(value))):
        piece = value[at:start]
        if stripped := piece.strip():
            begin = at + len(piece) - len(piece.lstrip())
            found.append(Span(begin, begin + len(stripped)))
        at = end
    return found


def shown(value: str) -> list[Span]:
    """The texts of an HTML page that are seen: those after its head."""
    head = re.search(r"</head\s*>|<body\b", value, re.IGNORECASE)
    start = head.start() if head else 0
    return [each for each in texts(value, html=True) if each.start >= start]


def body(value: str) -> Span:
    """Where the content of an HTML page's body stands.

    Raises:
        NotApplicable: it has no body.
    """
    found = _BODY.search(value)
    if found is None:
        raise NotApplicable("it has no body")
    end = _END_OF_BODY.search(value, found.end())
    return Span(found.end(), end.start() if end else len(value))


def words(value: str, spans: Sequence[Span], least: int) -> list[list[Span]]:
    """The words of at least so many characters in some texts, each as its characters; an entity is one."""
    found = (
        characters(value, Span(*word.span()))
        for span in spans
        for word in re.compile(rf"[^\s<>]{{{least},64}}").finditer(value, span.start, span.end)
    )
    return [each for each in found if len(each) >= least]


def characters(value: str, span: Span) -> list[Span]:
    """The characters of a text of markup one by one; an entity or reference is one."""
    found, at = list[Span](), span.start
    for reference in _REFERENCE.finditer(value, span.start, span.end):
        found += (Span(each, each + 1) for each in range(at, reference.start()))
        found.append(Span(*reference.span()))
        at = reference.end()
    return [*found, *(Span(each, each + 1) for each in range(at, span.end))]


@dataclass(slots=True)
class Element:
    """One element of well-formed XML.

    Attributes:
        name: as it stands in its tags.
        opening: its first tag.
        closing: its last tag; the same where it is empty ("<note/>").
        attributes: what stands after the name in the first tag.
        children: the elements in it.
        mixed: whether text stands beside its children, or it has none.
    """

    name: str
    opening: Span
    closing: Span
    attributes: str
    children: list[Element] = field(default_factory=list)
    mixed: bool = False

    @property
    def whole(self) -> Span:
        """From its first tag to its last."""
        return Span(self.opening.start, self.closing.end)

    @property
    def inner(self) -> Span:
        """What stands between its tags."""
        return Span(self.opening.end, max(self.opening.end, self.closing.start))


def elements(value: str) -> list[Element]:
    """Every element of well-formed XML, in the order of their first tags; the root comes first.

    Raises:
        NotApplicable: the tags do not match, there is no root, or it is nested deeper than 200 elements.
    """
    found: list[Element] = []
    open_: list[Element] = []
    for tag in tags(value):
        span, attributes = Span(*tag.span()), tag["attributes"].rstrip()
        if tag["close"]:
            if not open_ or open_[-1].name != tag["name"]:
                raise NotApplicable("its tags do not match")
            open_.pop().closing = span
            continue
        element = Element(tag["name"], span, span, attributes.removesuffix("/").rstrip())
        if open_:
            open_[-1].children.append(element)
        elif found:
            raise NotApplicable("it has more than one root")
        found.append(element)
        if not tag["empty"] and not attributes.endswith("/"):
            open_.append(element)
        if len(open_) > _DEEPEST:
            raise NotApplicable(f"it is nested deeper than {_DEEPEST} elements")
    if open_ or not found:
        raise NotApplicable("its tags do not match" if open_ else "it has no elements")
    for element in found:
        ends = [element.opening.end, *(each.closing.end for each in element.children)]
        starts = [*(each.opening.start for each in element.children), element.inner.end]
        element.mixed = any(value[end:start].strip() for end, start in zip(ends, starts, strict=True))
    return found


def leaves(value: str) -> list[Element]:
    """The elements of XML that hold text and no element, comment or section.

    Raises:
        NotApplicable: it is not well-formed, or has none.
    """
    found = [each for each in elements(value) if each.mixed and not each.children]
    plain = [each for each in found if "<" not in value[each.inner.start : each.inner.end]]
    if not plain:
        raise NotApplicable("no element holds plain text")
    return plain
