"""How the text of XML elements is written: sections, references, comments in between, white space, bare signs."""

from __future__ import annotations

import html
import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.markup import XML, XML_ORDER, characters, elements, leaves, tags
from crumple_mutators.selection import portion

_NOTES: Final = ("<!-- checked -->", "<!-- todo -->", "<?page-break?>", "<!-- 2 -->", "<?sort asc?>", "<!---->")
_REFERENCE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")


@mutator("format.xml_bare_ampersands", refusable_from=1, only=XML, share=shares("&amp;"), examples=[XML_ORDER])
def bare_ampersands(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write "&" without its escape, as programs do that put XML together from strings ("Müller & Søn").

    A reader that goes on sees what is meant, so the answer is the same; it is not well-formed, so refusing is
    acceptable. Ladder: the shares of `form`.
    """
    # Where a name and a semicolon follow, the bare sign would begin another entity.
    found = [Span(*each.span()) for each in re.finditer(r"&amp;(?![\w#]{1,40};)", text.value)]
    return rewritten(text, found, share, rng, lambda at: "&", "it has no escaped ampersand")


@mutator("format.xml_cdata", only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def cdata(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write the text of elements as CDATA sections, as programs do that cannot be sure what is in it.

    A parser gives the same text, so the answer is the same. Ladder: the shares of `form`.
    """
    spans = [each.inner for each in leaves(text.value)]
    new = [_REFERENCE.sub(lambda found: html.unescape(found[0]), text.value[each.start : each.end]) for each in spans]
    fit = [at for at, each in enumerate(new) if "]]>" not in each and not re.search(r"&\w+;", each)]
    return rewritten(
        text,
        [spans[at] for at in fit],
        share,
        rng,
        lambda at: f"<![CDATA[{new[fit[at]]}]]>",
        "no element's text can stand in a section",
    )


@mutator("format.xml_comments", only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def comments(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put comments and processing instructions into the text of elements, as editors and type-setting systems do.

    By the standard they are no part of it ("4<!-- checked -->53.80" is 453.80), so the answer is the same. Ladder: the
    shares of `form`.
    """
    inner = [characters(text.value, each.inner) for each in leaves(text.value)]
    where, what = rng.random(len(inner)).tolist(), rng.integers(len(_NOTES), size=len(inner)).tolist()
    marks = [each[int(where[at] * len(each))] for at, each in enumerate(inner)]
    return rewritten(
        text,
        marks,
        share,
        rng,
        lambda at: _NOTES[what[at]] + text.value[marks[at].start : marks[at].end],
        "no element holds text",
    )


@mutator("format.xml_references", only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def references(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write the characters of elements as numbers (&#52;&#x35;), as programs do that trust no encoding.

    A reference is the character that it names, so the answer is the same. Ladder: the shares of `form`.
    """
    spans = [each.inner for each in leaves(text.value)]
    hexadecimal = rng.integers(2, size=len(spans)).tolist()

    def written(at: int) -> str:
        form = "&#x{:X};" if hexadecimal[at] else "&#{};"
        found = (text.value[each.start : each.end] for each in characters(text.value, spans[at]))
        return "".join(each if len(each) > 1 or each.isspace() else _numbered(each, form) for each in found)

    return rewritten(text, spans, share, rng, written, "no element holds text")


def _numbered(character: str, form: str) -> str:
    # An undecodable byte has no number.
    return character if "\ud800" <= character <= "\udfff" else form.format(ord(character))


@mutator("format.xml_whitespace", only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def whitespace(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put line ends and spaces around the text of elements, as programs do that indent what they write.

    It is no part of a value, so the answer is the same. Ladder: the shares of `form`.
    """
    spans = [each.inner for each in leaves(text.value)]
    before = [text.value[max(0, span.start - 400) : span.start] for span in spans]
    indents = [re.split(r"[^ \t]", each.rpartition("\n")[2], maxsplit=1)[0] for each in before]
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: f"\n{indents[at]}  {text.value[spans[at].start : spans[at].end]}\n{indents[at]}",
        "no element holds text",
    )


@mutator("format.xml_unclosed", refusable_from=1, only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def unclosed(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave out the closing tags of elements with text, as XML written from templates, and SGML, has them.

    Such an element ends where the next tag begins, so the answer is the same; it is not well-formed, so refusing is
    acceptable. Ladder: the shares of `form`, of those beside which no text stands.
    """
    return rewritten(text, _closings(text.value), share, rng, lambda at: "", "no element holds text")


def _closings(value: str) -> list[Span]:
    """The closing tags of elements with text whose parents hold elements alone."""
    found: list[Span] = []
    for element in elements(value):
        for child in element.children if not element.mixed else ():
            inner = value[child.inner.start : child.inner.end]
            if child.mixed and not child.children and "<" not in inner:
                found.append(child.closing)
    return sorted(found)


@mutator("format.xml_mismatched", refusable_from=1, only=XML, share=shares("elements with text"), examples=[XML_ORDER])
def mismatched(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Close elements under another name: in other letters, with a slip, under the name of their neighbour.

    As XML edited by hand does. Where the element ends is seen all the same, so the answer is the same; it is not
    well-formed, so refusing is acceptable. Ladder: the shares of `form`, of elements with text.
    """
    spans = _closings(text.value)
    names = [text.value[each.start + 2 : each.end - 1].strip() for each in spans]
    kinds = rng.integers(3, size=len(spans)).tolist()

    def written(at: int) -> str:
        name = names[at]
        other = (name.swapcase(), name + "s", names[at - 1])[kinds[at]]
        return f"</{other if other != name else name + '_'}>"

    return rewritten(text, spans, share, rng, written, "no element holds text")


@mutator("format.xml_upper_case", refusable_from=1, only=XML, share=shares("names of elements"), examples=[XML_ORDER])
def upper_case(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write the names of elements in capitals, as exports from mainframes and older databases do.

    The words are the same, so the answer is; to XML they are other names, so refusing is acceptable. Ladder: the
    shares of `form`, of names.
    """
    found = [(tag["name"], Span(*tag.span("name"))) for tag in tags(text.value)]
    names = sorted({name for name, _ in found if name.upper() != name})
    if not names:
        raise NotApplicable("its names are in capitals already")
    ranks = dict(zip(names, rng.permutation(len(names)).tolist(), strict=True))
    most = portion(share, len(names))
    spans = [span for name, span in found if ranks.get(name, most) < most]
    if not spans:
        return Degraded(text)
    return rewritten(text, spans, 1, rng, lambda at: text.value[spans[at].start : spans[at].end].upper(), "")
