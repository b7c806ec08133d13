"""The fields of a PDF's form as pypdf's objects: their names, what they inherit, and where they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crumple.errors import Unreadable

_INHERITED = ("/FT", "/V", "/Ff", "/DA", "/Q", "/MaxLen", "/Opt")
_KINDS = ("/Tx", "/Btn", "/Ch")
_PUSH_BUTTON, _PASSWORD = 1 << 16, 1 << 13
_HIDDEN = 0b100010  # hidden, or not viewed
_DEEPEST, _MOST = 32, 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One widget annotation: its page, its dictionary, and the number of the object that holds that."""

    page: int
    dictionary: Any
    owner: int


@dataclass(frozen=True, slots=True)
class Node:
    """A field.

    Attributes:
        name: with those of its parents, joined by dots.
        inherited: what it and its parents say; its own first.
        dictionary: its own.
        owner: the number of the object that holds that.
        listed: the array that it stands in, and the number of the object that holds that array.
        widgets: where it is shown.
    """

    name: str
    inherited: dict[str, Any]
    dictionary: Any
    owner: int
    listed: tuple[Any, int]
    widgets: tuple[Shown, ...]

    @property
    def kind(self) -> str:
        """/Tx, /Btn or /Ch."""
        return str(self.inherited.get("/FT", ""))

    @property
    def flags(self) -> int:
        """Its bits of /Ff."""
        return int(self.inherited.get("/Ff", 0))

    @property
    def value(self) -> Any:
        """Its /V, or None."""
        return self.inherited.get("/V")


def nodes(reader: Any) -> list[Node]:
    """The fields that people fill in and that a page shows, in the order of the form.

    Raises:
        Unreadable: there are too many, nested too deep, or they hold each other.
    """
    form, owner = _resolved(reader.trailer["/Root"], "/AcroForm", reader.trailer.raw_get("/Root").idnum)
    listed, owner = _resolved(form, "/Fields", owner)
    places = _places(reader)
    found: list[Node] = []
    for node in _walk(listed, owner, {}, "", places, 0, set()):
        found.append(node)
        if len(found) > _MOST:
            raise Unreadable(f"the PDF's form has more than {_MOST:,} fields")
    return found


def _places(reader: Any) -> dict[int, int]:
    """The page of each annotation, by the number of its object."""
    found: dict[int, int] = {}
    for number, page in enumerate(reader.pages):
        if "/Annots" in page:
            for each in page["/Annots"]:
                if hasattr(each, "idnum"):
                    found.setdefault(each.idnum, number)
    return found


def _resolved(holder: Any, key: Any, owner: int) -> tuple[Any, int]:
    """What stands at a key or an index, and the number of the object that it is, or else is a part of."""
    raw = holder.raw_get(key) if isinstance(key, str) else list.__getitem__(holder, key)
    return raw.get_object(), getattr(raw, "idnum", owner)


def _walk(
    listed: Any, holder: int, above: dict[str, Any], name: str, places: dict[int, int], depth: int, seen: set[int]
) -> Iterator[Node]:
    if depth > _DEEPEST:
        raise Unreadable("the PDF's form is nested too deep")
    for index in range(len(listed)):
        each, owner = _resolved(listed, index, holder)
        if id(each) in seen:
            raise Unreadable("the fields of the PDF's form hold each other")
        if not hasattr(each, "raw_get"):
            continue  # not a dictionary
        seen.add(id(each))
        own = {key: each[key] for key in _INHERITED if key in each}
        part = str(each["/T"]) if "/T" in each else ""
        full = f"{name}.{part}" if name and part else name or part
        inherited = above | own
        kids, kids_owner = _resolved(each, "/Kids", owner) if "/Kids" in each else ([], owner)
        if any("/T" in kid.get_object() for kid in kids):
            yield from _walk(kids, kids_owner, inherited, full, places, depth + 1, seen)
            continue
        if str(inherited.get("/FT")) not in _KINDS or int(inherited.get("/Ff", 0)) & (_PUSH_BUTTON | _PASSWORD):
            continue
        at = [_resolved(kids, kid, kids_owner) for kid in range(len(kids))] or [(each, owner)]
        widgets = tuple(
            Shown(places[number], widget, number)
            for widget, number in at
            if number in places and "/Rect" in widget and not int(widget.get("/F", 0)) & _HIDDEN
        )
        if widgets:
            yield Node(full, inherited, each, owner, (listed, holder), widgets)
