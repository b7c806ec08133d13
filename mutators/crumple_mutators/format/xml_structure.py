"""The same XML under another schema: attributes for elements, other orders, namespaces, envelopes, repetition."""

from __future__ import annotations

import html
import itertools
import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.markup import XML, XML_ORDER, Element, elements, tags
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_NAMESPACE: Final = "urn:example:order:2"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPES: Final = {
    "export": ("<export>\n", "\n</export>"),
    "list": ('<documents count="1">\n<document id="1">\n', "\n</document>\n</documents>"),
    "soap": (
        f'<soap:Envelope xmlns:soap="{_SOAP}">\n<soap:Header/>\n<soap:Body>\n',
        "\n</soap:Body>\n</soap:Envelope>",
    ),
    "section": ("<message><payload><![CDATA[", "]]></payload></message>"),
    "escaped": ("<message><payload>", "</payload></message>"),
}
_OPTIONAL: Final = ("remark", "discount", "reference2", "attachment", "approved_by", "cancelled_at", "cost_centre")
_PROLOG: Final = re.compile(r"\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*", re.DOTALL)


@mutator("format.xml_attributes", refusable_from=1, only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def attributes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write elements with text as attributes of their parents, as another version of a schema does.

    Name and value are the same, so the answer is; to a schema it is another document, so refusing is acceptable.
    Ladder: the shares of `form`, of the elements that could be attributes: their parents hold no other of the name.
    """
    value = text.value
    pairs = [(parent, child) for parent in elements(value) if not parent.mixed for child in alone(parent, value)]
    some(pairs, "no element with text could be an attribute")
    hit = chosen(rng, len(pairs), share)
    edits: dict[Span, str] = {}
    for at in sorted(hit):
        parent, child = pairs[at]
        inner = value[child.inner.start : child.inner.end].strip().replace('"', "&quot;")
        end = parent.opening.end - 1
        here = Span(end, end)
        edits[here] = edits.get(here, "") + f' {child.name}="{inner}"'
        edits[_with_space(child.whole, value)] = ""
    spans = sorted(edits)
    degraded = text.with_value(spliced(value, spans, (edits[each] for each in spans)))
    return Degraded(degraded, touched=[each for each in spans if each.start < each.end])


def alone(parent: Element, value: str) -> list[Element]:
    """The children that hold text alone and are the only ones of their name; an attribute has it, too, once."""
    names = [child.name for child in parent.children]
    return [
        child
        for child in parent.children
        if child.mixed
        and not child.children
        and not child.attributes
        and names.count(child.name) == 1
        and "<" not in value[child.inner.start : child.inner.end]
        and not re.search(rf"(?<!\S){re.escape(child.name)}\s*=", parent.attributes)
    ]


def _with_space(span: Span, value: str) -> Span:
    """A place and the white space before it."""
    before = value[max(0, span.start - 400) : span.start]
    return Span(span.start - (len(before) - len(before.rstrip())), span.end)


@mutator("format.xml_elements", refusable_from=1, only=XML, share=shares("attributes"), examples=[XML_ORDER])
def as_elements(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write attributes as elements, as another version of a schema, or a converter from JSON, does.

    Name and value are the same, so the answer is; to a schema it is another document, so refusing is acceptable.
    Ladder: the shares of `form`, of attributes that name no namespace.
    """
    value = text.value
    found = [
        (element, pair)
        for element in elements(value)
        if element.children and not element.mixed
        for pair in re.finditer(r"(?<!\s)\s++([^\s=:\"']++)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)')", element.attributes)
        if pair[1] != "xmlns"
    ]
    some(found, "it has no attributes on elements that hold elements")
    edits: dict[Span, str] = {}
    for at in sorted(chosen(rng, len(found), share)):
        element, pair = found[at]
        start = element.opening.start + 1 + len(element.name)
        edits[Span(start + pair.start(), start + pair.end())] = ""
        here = Span(element.opening.end, element.opening.end)
        edits[here] = edits.get(here, "") + f"<{pair[1]}>{pair[2] or pair[3] or ''}</{pair[1]}>"
    spans = sorted(edits)
    degraded = text.with_value(spliced(value, spans, (edits[each] for each in spans)))
    return Degraded(degraded, touched=[each for each in spans if each.start < each.end])


@mutator("format.xml_order", refusable_from=1, only=XML, share=shares("elements"), examples=[XML_ORDER])
def order(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write the children of elements in another order, as another exporter does.

    Only children with names of their own change places, so each value is told by its name and the answer is the same;
    schemas fix the order, so refusing is acceptable. Ladder: the shares of `form`, of elements with such children.
    """
    value = text.value
    every = elements(value)
    found = [each for each in every if not each.mixed and len(_named(each)) > 1]
    some(found, "no element has two children with names of their own")
    draws = rng.integers(1 << 20, size=len(found)).tolist()
    moved: dict[int, Element] = {}
    hit = sorted(chosen(rng, len(found), share))
    for at in hit:
        children = _named(found[at])
        turn = 1 + draws[at] % (len(children) - 1)
        moved |= {id(one): other for one, other in zip(children, children[turn:] + children[:turn], strict=True)}

    def written(element: Element) -> str:
        pieces, at = list[str](), element.whole.start
        for child in element.children:
            pieces += (value[at : child.whole.start], written(moved.get(id(child), child)))
            at = child.whole.end
        return "".join((*pieces, value[at : element.whole.end]))

    root = every[0]
    new = value[: root.whole.start] + written(root) + value[root.whole.end :]
    return Degraded(text.with_value(new), touched=[found[at].whole for at in hit])


def _named(element: Element) -> list[Element]:
    names = [child.name for child in element.children]
    return [child for child in element.children if names.count(child.name) == 1]


@mutator("format.xml_repeated", refusable_from=3, only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def repeated(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write elements twice, one right after the other with the same text, as merged exports do.

    Only elements that are the single ones of their name change, and both say the same, so the answer is the same; a
    schema may not allow it, so refusing is acceptable from the third level on. Ladder: the shares of `form`.
    """
    value = text.value
    spans = [child.whole for each in elements(value) if not each.mixed for child in alone(each, value)]
    spans.sort()
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: value[spans[at].start : spans[at].end] * 2,
        "no element with text is the only one of its name",
    )


@mutator(
    "format.xml_namespaces",
    refusable_from=5,
    only=XML,
    form=Ladder("unused", "default", "prefix", "two", "undeclared", unit="form"),
    examples=[XML_ORDER],
)
def namespaces(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Add namespaces: one that nothing uses, a default one, a prefix to every name, two of them, one not declared.

    As every new version of an interface does. Names are the same but for their namespace, so the answer is the same;
    a prefix that is not declared is an error, so refusing is acceptable there. Ladder: a first guess, by how many
    readers stumble.
    """
    value = text.value
    every = elements(value)
    if re.search(r"\sxmlns\s*=|\bxmlns:", every[0].attributes) or ":" in every[0].name:
        raise NotApplicable("it has namespaces already")
    declared = {
        "unused": f' xmlns:xsi="{_XSI}" xsi:schemaLocation="{_NAMESPACE} order.xsd"',
        "default": f' xmlns="{_NAMESPACE}"',
        "prefix": f' xmlns:ns0="{_NAMESPACE}"',
        "two": f' xmlns:ns0="{_NAMESPACE}" xmlns:ns1="{_NAMESPACE}:items"',
        "undeclared": "",
    }[form]
    deep = {id(child) for each in every[1:] for child in each.children} if form == "two" else set()
    edits: dict[Span, str] = {}
    if form in ("prefix", "two", "undeclared"):
        for each in every:
            prefix = "ns1:" if id(each) in deep else "ns0:"
            starts = {each.opening.start + 1} | ({each.closing.start + 2} if each.closing != each.opening else set())
            edits |= {Span(start, start): prefix for start in starts}
    end = every[0].opening.start + 1 + len(every[0].name)
    edits[Span(end, end)] = declared
    spans = sorted(edits)
    return Degraded(text.with_value(spliced(value, spans, (edits[each] for each in spans))))


@mutator(
    "format.xml_envelope",
    refusable_from=3,
    only=XML,
    form=Ladder(*_ENVELOPES, unit="envelope"),
    examples=[XML_ORDER],
)
def envelope(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Put the document into an envelope: an export's root, a list of one, SOAP, a section, an escaped string.

    As another gateway does. It is whole inside, so the answer is the same; from SOAP on another interface may be
    refused. Ladder: a first guess, by how much stands between the reader and the document.
    """
    found = _PROLOG.match(text.value)
    start = found.end() if found else 0
    prolog, body = text.value[:start], text.value[start:].strip()
    if body.startswith("<!") and form != "escaped":
        raise NotApplicable("it has a document type, which can stand at the beginning only")
    if form == "section" and "]]>" in body:
        raise NotApplicable("it has sections of its own, and one cannot stand in another")
    before, after = _ENVELOPES[form]
    inner = html.escape(body, quote=False) if form == "escaped" else body
    return Degraded(text.with_value(prolog + before + inner + after + "\n"))


@mutator(
    "format.xml_empty_elements",
    only=XML,
    elements=Ladder(1, 3, 10, 30, 100, unit="elements", zero=0),
    examples=[XML_ORDER],
)
def empty_elements(text: Text, elements: int, rng: Generator) -> Degraded[Text]:
    """Add empty elements that nobody asked for to the root, as exports that write every optional field do.

    "<remark/>", "<remark></remark>", with blanks, and marked as nil. They say nothing, so the answer is the same.
    Ladder: a first guess.
    """
    count = int(elements)
    taken = {tag["name"] for tag in tags(text.value)}
    forms = ("<{0}/>", "<{0}></{0}>", "<{0}> </{0}>", f'<{{0}} xmlns:xsi="{_XSI}" xsi:nil="true"/>')
    kinds = rng.integers(len(forms), size=512).tolist()
    numbered = (f"{_OPTIONAL[at % len(_OPTIONAL)]}{at // len(_OPTIONAL) or ''}" for at in itertools.count())
    names = itertools.islice((name for name in numbered if name not in taken), count)
    root = _outermost(text.value)
    written = "".join(f"\n  {forms[kind].format(name)}" for kind, name in zip(itertools.cycle(kinds), names))
    end = root.opening.end
    return Degraded(text.with_value(text.value[:end] + written + text.value[end:]))


def _outermost(value: str) -> Element:
    root = elements(value)[0]
    if root.opening == root.closing or root.mixed:
        raise NotApplicable("its root does not hold elements")
    return root
