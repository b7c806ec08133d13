"""What undoes mutators of XML: readers that forgive what a strict parser does not."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]
_TAG = re.compile(r"<(/?)([\w:.-]+)([^<>]*?)(/?)>")


def _edited(edit: Callable[[str], str]) -> Undo:
    def undo(document: Document, step: Step) -> Document:
        return Document(edit(document.data.decode()).encode(), document.media_type, document.name)

    return undo


def _bare_escaped(source: str) -> str:
    return re.sub(r"&(?!#?\w+;)", "&amp;", source)


def _closed(source: str) -> str:
    """Every element of text closed where the next tag is not its own, and other closing tags as they must be."""
    pieces, open_, at = list[str](), list[str](), 0
    found = list(_TAG.finditer(source))
    for index, tag in enumerate(found):
        pieces.append(source[at : tag.start()])
        at = tag.end()
        if tag[1]:
            pieces.append(f"</{open_.pop()}>")
            continue
        pieces.append(tag[0])
        if tag[4]:
            continue
        following = found[index + 1]
        text = source[tag.end() : following.start()]
        if text.strip() and (not following[1] or _last_of_its_parent(following[2], tag[2], open_)):
            pieces.append(text + f"</{tag[2]}>")
            at = following.start()
        else:
            open_.append(tag[2])
    return "".join((*pieces, source[at:]))


def _last_of_its_parent(closing: str, name: str, open_: list[str]) -> bool:
    return bool(open_) and closing == open_[-1] and closing != name


def _renamed(source: str) -> str:
    """Each closing tag closes what was opened last, whatever its name is."""
    open_: list[str] = []

    def named(tag: re.Match[str]) -> str:
        if tag[1]:
            return f"</{open_.pop()}>"
        if not tag[4]:
            open_.append(tag[2])
        return tag[0]

    return _TAG.sub(named, source)


def _small(source: str) -> str:
    return _TAG.sub(lambda tag: f"<{tag[1]}{tag[2].lower()}{tag[3]}{tag[4]}>", source)


def _as_elements(source: str) -> str:
    def rewritten(tag: re.Match[str]) -> str:
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in re.findall(r'([\w.-]+)="([^"]*)"', tag[3]))
        if tag[1] or not inner:
            return tag[0]
        return f"<{tag[2]}>{inner}" + (f"</{tag[2]}>" if tag[4] else "")

    return _TAG.sub(rewritten, source)


def _without_namespaces(source: str) -> str:
    plain = re.sub(r'\s[\w:]*(?:xmlns|schemaLocation)[\w:]*="[^"]*"', "", source)
    return re.sub(r"(</?)\w+:", r"\1", plain)


def _root(source: str) -> str:
    """The order inside whatever stands around it."""
    unescaped = html.unescape(source) if "&lt;order" in source else source
    found = re.search(r"<order\b.*</order>", unescaped, re.DOTALL)
    assert found
    return found[0]


def _entities_in(source: str) -> str:
    entities = dict(re.findall(r'<!ENTITY (\w+) "([^"]*)">', source))
    body = re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", "", source, flags=re.DOTALL)
    known = {name: html.unescape(value) for name, value in entities.items()}
    return re.sub(r"&(\w+);", lambda found: known.get(found[1], found[0]), body)


def _without_entities(source: str) -> str:
    body = re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", "", source, flags=re.DOTALL)
    return re.sub(r"<(extension|terms)>&\w+;</\1>", "", body)


def as_it_is(document: Document, step: Step) -> Document:
    """Nothing needs undoing: a strict parser reads it."""
    ET.fromstring(document.data)
    return document


UNDO: Mapping[str, Undo] = {
    "format.xml_bare_ampersands": _edited(_bare_escaped),
    "format.xml_unclosed": _edited(_closed),
    "format.xml_mismatched": _edited(_renamed),
    "format.xml_upper_case": _edited(_small),
    "format.xml_attributes": _edited(_as_elements),
    "format.xml_namespaces": _edited(_without_namespaces),
    "format.xml_envelope": _edited(_root),
    "format.xml_around": _edited(_root),
    "format.xml_internal_entities": _edited(_entities_in),
    "format.xml_entity_expansion": _edited(_without_entities),
    "format.xml_external": _edited(_without_entities),
    **{
        f"format.xml_{name}": as_it_is
        for name in (
            "cdata",
            "comments",
            "references",
            "whitespace",
            "order",
            "repeated",
            "conflicting",
            "empty_elements",
        )
    },
}
