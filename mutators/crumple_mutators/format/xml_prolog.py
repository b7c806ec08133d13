"""What stands before and after the root of XML: junk, document types, entities that grow or are elsewhere."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.markup import XML, XML_ORDER, elements, leaves
from crumple_mutators.positions import spliced
from crumple_mutators.selection import chosen

_DECLARATION: Final = re.compile(r"\s*(<\?xml\s[^>]*\?>)?\s*", re.DOTALL)
_AROUND: Final = {
    "no declaration": ("", ""),
    "remarks": ("{}\n<!-- created by the night job -->\n<?order version='2'?>\n", "\n<!-- end -->\n"),
    "blank line": ("\n{}\n", "\n"),
    "log line": ("INFO 02:00:01 export started\n{}\n", "\n"),
    "both": ("HTTP/1.1 200 OK\nContent-Type: text/xml\n\n{}\n", "\n-- end of file --\n"),
}
_MISSING: Final = "crumple-no-such-file"
_EXTERNAL: Final = {
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="{file}.xsl"?>\n',
    "document type": '<!DOCTYPE {root} SYSTEM "{file}.dtd">\n',
    "public": '<!DOCTYPE {root} PUBLIC "-//Example//DTD Order 2.0//EN" "{file}.dtd">\n',
    "entity": '<!DOCTYPE {root} [<!ENTITY terms SYSTEM "{file}.txt">]>\n',
    "parameter": '<!DOCTYPE {root} [<!ENTITY % more SYSTEM "{file}.ent"> %more;]>\n',
}
_TENFOLD: Final = 10
_SMALLEST: Final = 1000


@mutator(
    "format.xml_around",
    refusable_from=3,
    only=XML,
    what=Ladder(*_AROUND, unit="what stands around the root"),
    examples=[XML_ORDER],
)
def around(text: Text, what: str, rng: Generator) -> Degraded[Text]:
    """Change what stands around the root: no declaration, remarks, a blank line before it, lines of logs and headers.

    As programs do that print to where they write. The root is whole, so the answer is the same; with anything before
    the declaration it is not well-formed, so refusing is acceptable from there on. Ladder: a first guess.
    """
    found = _DECLARATION.match(text.value)
    declaration = found[1] if found and found[1] else ""
    if what == "no declaration" and not declaration:
        raise NotApplicable("it has no declaration")
    if not declaration and what == "blank line":
        raise NotApplicable("it has no declaration, before which a blank line would matter")
    before, after = _AROUND[what]
    body = text.value[found.end() if found else 0 :].strip()
    head = before.format(declaration).replace("\n\n\n", "\n\n") if before else ""
    return Degraded(text.with_value(head + body + (after or "\n")))


@mutator(
    "format.xml_internal_entities",
    refusable_from=1,
    only=XML,
    share=shares("elements with text"),
    examples=[XML_ORDER],
)
def internal_entities(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Define values as entities in a document type and refer to them, as publishing systems do ("&name;").

    A parser puts them in, so the answer is the same; parsers that are set to be safe take no entities, so refusing is
    acceptable. Ladder: the shares of `form`, of elements with text.
    """
    value = text.value
    start, root = _root(value)
    spans = [each.inner for each in leaves(value)]
    hit = sorted(chosen(rng, len(spans), share))
    inner = [value[spans[at].start : spans[at].end] for at in hit]
    # Within an entity's value a percent sign begins another, and references are read at once.
    defined = [each.replace("&", "&#38;").replace("%", "&#37;").replace('"', "&#34;") for each in inner]
    entities = "".join(f'<!ENTITY v{at} "{each}">\n' for at, each in zip(hit, defined, strict=True))
    if not hit:
        return Degraded(text)
    places = [Span(start, start), *(spans[at] for at in hit)]
    new = [f"<!DOCTYPE {root} [\n{entities}]>\n", *(f"&v{at};" for at in hit)]
    return Degraded(text.with_value(spliced(value, places, new)), touched=places[1:])


@mutator(
    "format.xml_entity_expansion",
    refusable_from=1,
    only=XML,
    expanded=Ladder(10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, unit="characters when expanded"),
    examples=[XML_ORDER],
)
def entity_expansion(text: Text, expanded: int, rng: Generator) -> Degraded[Text]:
    """Add an element whose entities, each ten of the one before, expand to far more than the file holds.

    As an attack that is known since 2002 does; here it is bounded. The element is no part of the question, so the
    answer is the same; a parser that is set to be safe refuses entities, which is acceptable. Ladder: the catalogue
    asks for it bounded; from 10 KB to 100 MB, of which a careless parser's process feels the last.
    """
    value = text.value
    start, root = _root(value)
    end = _end_of_root(value)
    least = max(1, int(expanded) // _SMALLEST)
    base = "x" * (int(expanded) // 10 ** (len(str(least)) - 1))
    entities = [f'<!ENTITY e0 "{base}">']
    entities += (f'<!ENTITY e{at} "{f"&e{at - 1};" * _TENFOLD}">' for at in range(1, len(str(least))))
    defined = "\n".join(entities)
    new = [f"<!DOCTYPE {root} [\n{defined}\n]>\n", f"<extension>&e{len(entities) - 1};</extension>"]
    return Degraded(text.with_value(spliced(value, [Span(start, start), Span(end, end)], new)))


@mutator(
    "format.xml_external",
    refusable_from=1,
    only=XML,
    kind=Ladder(*_EXTERNAL, unit="kind of reference"),
    examples=[XML_ORDER],
)
def external(text: Text, kind: str, rng: Generator) -> Degraded[Text]:
    """Refer to a file that is elsewhere and not there: a style sheet, a document type, an entity.

    As documents do that were moved without their schema, and as attacks do that make a parser read other files. It
    holds no value, so the answer is the same; refusing is acceptable. The file does not exist, and nothing is asked of
    a network. Ladder: a first guess, by how hard parsers try to open it.
    """
    value = text.value
    start, root = _root(value)
    places, new = [Span(start, start)], [_EXTERNAL[kind].format(root=root, file=_MISSING)]
    if kind == "entity":
        end = _end_of_root(value)
        places.append(Span(end, end))
        new.append("<terms>&terms;</terms>")
    return Degraded(text.with_value(spliced(value, places, new)))


def _root(value: str) -> tuple[int, str]:
    """Where the root's first tag begins, and its name.

    Raises:
        NotApplicable: it is not well-formed, or has a document type already.
    """
    root = elements(value)[0]
    if "<!DOCTYPE" in value[: root.opening.start]:
        raise NotApplicable("it has a document type already")
    return root.opening.start, root.name


def _end_of_root(value: str) -> int:
    """Where the content of the root ends."""
    root = elements(value)[0]
    if root.opening == root.closing:
        raise NotApplicable("its root is empty")
    return root.inner.end
