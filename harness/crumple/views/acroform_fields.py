"""The fields of a form in a PDF, and a filled form as sheets that a pen can write on. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from crumple.places import Region
from crumple.truth import pointer

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top in a page's own coordinates, in points from the bottom left."""

_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a form sets the text of a field.

    Attributes:
        font: one of the 14 standard fonts, the nearest to the one that the form asks for.
        size: in points; 0 is whatever fits.
        colour: PDF operators that set it, such as "0 g".
        align: 0 left, 1 centred, 2 right.
        background, border: colours as operands, as many as their colour space has components; () is none.
    """

    font: str = "Helvetica"
    size: float = 0.0
    colour: str = "0 g"
    align: int = 0
    background: tuple[float, ...] = ()
    border: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Widget:
    """One place where a field is shown.

    Attributes:
        page: from 0.
        box: where, on that page.
        region: the same in shares of the page as it is shown.
        state: what ticking it says; "" where there is nothing to tick.
        lettering: of its text.
    """

    page: int
    box: Box
    region: Region
    state: str = ""
    lettering: Lettering = field(default_factory=Lettering)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form.

    Attributes:
        path: its pointer in the record, "/applicant/name" for "applicant.name".
        name: as the file has it.
        kind: "text", "tick" (a box alone), "radio" (one of several boxes) or "choice" (from a list).
        value: text, whether it is ticked, the option that is taken (None: none), or a list of options.
        widgets: at least one.
        options: of "radio" and "choice".
        labels: what "choice" shows for its options.
        max_length: of text; 0 where there is no limit.
        comb: text is set in cells, one for each of `max_length` characters.
        multiline: text may run over several lines.
        editable: "choice" takes text that is no option.
    """

    path: str
    name: str
    kind: Literal["text", "tick", "radio", "choice"]
    value: Any
    widgets: tuple[Widget, ...]
    options: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    max_length: int = 0
    comb: bool = False
    multiline: bool = False
    editable: bool = False

    def holds(self, value: object) -> bool:
        """Whether a value is of its kind; "" and None empty it. Whether its boxes can show a text is another thing."""
        if self.kind == "tick":
            return isinstance(value, bool)
        if value is None or value == "":
            return True
        if isinstance(value, list):
            return self.kind == "choice" and set(value) <= set(self.options)
        if not isinstance(value, str):
            return False
        return self.lettered or value in self.options

    @property
    def lettered(self) -> bool:
        """Whether it takes any text that its boxes can show."""
        return self.kind == "text" or (self.kind == "choice" and self.editable)

    def shown(self, value: str) -> str:
        """The text that stands in its box for a value."""
        return dict(zip(self.options, self.labels, strict=False)).get(value, value)


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled form as sheets that a pen can write on.

    Attributes:
        boxes: every field by its pointer.
        sizes: of the pages, width and height in points.
        flattened: pointers of fields that are taken out of the form, so that only what is drawn says what they hold.
        drawn: (page, a PDF of one page of that size), each laid over what is there.
    """

    boxes: Mapping[str, FormField]
    sizes: tuple[tuple[float, float], ...]
    flattened: tuple[str, ...] = ()
    drawn: tuple[tuple[int, bytes], ...] = ()

    def written_on(self, drawn: Mapping[int, bytes], *flattened: str) -> FilledForm:
        """The form with more drawn on it, and fields taken out of it for that."""
        return replace(self, drawn=(*self.drawn, *sorted(drawn.items())), flattened=(*self.flattened, *flattened))


def _numbered(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Names and how often each has come up: a damaged or careless form has several fields of one name."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name, seen[name]


def paths_of(names: Iterable[str]) -> list[str]:
    """Pointers for fields' names: nested by dots; flat where that cannot be, or goes too deep."""
    names = [name if each == 1 else f"{name}#{each}" for name, each in _numbered(names)]
    split = [tuple(name.split(".")) for name in names]
    inner = {parts[:end] for parts in split for end in range(1, len(parts))}
    odd = any("" in each or len(each) > _DEEPEST for each in split)
    flat = odd or any(parts in inner for parts in split) or len(set(split)) < len(split)
    return [pointer(name) if flat else pointer(*parts) for name, parts in zip(names, split, strict=True)]
