"""Paragraphs and runs of a Word document as its mutators look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from numpy.random import Generator

from crumple import Element, NotApplicable, Package
from crumple_mutators.format.word_samples import MAIN
from crumple_mutators.selection import chosen

_UNSEEN: Final = frozenset(
    {"del", "moveFrom", "Fallback", "pPr", "rPr", "sdtPr", "sdtEndPr", "pict", "drawing", "object"}
)


def body(package: Package) -> Element:
    """The body of a document.

    Raises:
        NotApplicable: it has none, or is written in Strict Open XML.
    """
    main = package.main()
    found = package.tree(main).first("body")
    if found is None or MAIN.encode() not in package.part(main):
        raise NotApplicable("it is written in Strict Open XML, or has no body")
    return found


def written(package: Package, element: Element) -> str:
    """An element of the main part as it is written."""
    return package.part(package.main())[element.start : element.end].decode()


def paragraphs(package: Package) -> list[Element]:
    """The paragraphs that stand in the body itself, say something, and end no section."""
    found = []
    for each in body(package).children:
        if each.name == "p" and any(run_text(run).strip() for run in runs(each)):
            looks = each.first("pPr")
            if looks is None or looks.first("sectPr") is None:
                found.append(each)
    return found


def runs(element: Element) -> Iterator[Element]:
    """The runs below an element that hold nothing but text that is seen, outside of fields and text boxes."""
    if any(each.name in ("fldChar", "fldSimple") for each in element.walk()):
        for child in element.children:
            if child.name in ("p", "tbl", "tr", "tc", "sdt", "sdtContent"):
                yield from runs(child)
        return
    for child in element.children:
        if child.name == "r":
            if run_text(child):
                yield child
        elif child.name not in _UNSEEN:
            yield from runs(child)


def run_text(run: Element) -> str:
    """What a run says that holds nothing but text; "" where it holds anything else, or is hidden."""
    looks = run.first("rPr")
    if looks is not None and looks.first("vanish") is not None:
        return ""
    if any(child.name not in ("rPr", "t") for child in run.children):
        return ""
    return "".join(child.text for child in run.children if child.name == "t")


def looks_of(package: Package, run: Element) -> str:
    """How a run looks, as it is written."""
    looks = run.first("rPr")
    return written(package, looks) if looks is not None else ""


def picked(rng: Generator, found: Sequence[Element], share: float, what: str) -> list[Element]:
    """A share of elements in the order of the document.

    Raises:
        NotApplicable: there are none, or the share is 0.
    """
    order = chosen(rng, len(found), share)
    if not order:
        raise NotApplicable(f"it has no {what}" if not found else "nothing is chosen")
    return [found[each] for each in sorted(order)]


def altered(text: str, shift: int) -> str:
    """A word as an older draft had it: with other digits, else with two letters in the wrong order."""
    if re.search(r"\d", text):
        return re.sub(r"\d", lambda digit: str((int(digit.group()) + shift) % 10), text)
    middle = len(text) // 2
    swapped = text[: max(0, middle - 1)] + text[max(0, middle - 1) : middle + 1][::-1] + text[middle + 1 :]
    return swapped if swapped != text else text + text[-1:]
