"""Forms in PDF files (AcroForm): as a record of what is filled in, and as sheets to write on. See `acroform_files`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.places import Region
from crumple.truth import pointer
from crumple.views.record import Record

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

    def takes(self, value: object) -> bool:
        """Whether it can hold a value, and every one of its boxes can show it; "" and None empty it."""
        if self.kind == "tick":
            return isinstance(value, bool)
        if value is None or value == "":
            return True
        if isinstance(value, list):
            return self.kind == "choice" and set(value) <= set(self.options)
        if not isinstance(value, str):
            return False
        if self.kind == "radio" or (self.kind == "choice" and not self.editable):
            return value in self.options
        from crumple.views.acroform_lettering import fits  # loads fonts' widths

        return fits(self, value)

    def shown(self, value: str) -> str:
        """The text that stands in its box for a value."""
        return dict(zip(self.options, self.labels, strict=False)).get(value, value)


@dataclass(frozen=True, slots=True)
class AcroForm(Record):
    """The record of a form: one value a field, in the order of the file; no value is of another kind than its field.

    Attributes:
        boxes: every field by its pointer.
    """

    boxes: Mapping[str, FormField] = field(default_factory=dict)

    @classmethod
    def of(cls, boxes: Iterable[FormField]) -> AcroForm:
        """The record of these fields."""
        by_path = {each.path: each for each in boxes}
        value = nested({path: each.value for path, each in by_path.items()})
        return cls(value, _source(value), boxes=by_path)

    def takes(self, path: str, value: object) -> bool:
        """Whether the field at a pointer can hold and show a value."""
        return path in self.boxes and self.boxes[path].takes(value)

    def set(self, values: Mapping[str, Any]) -> AcroForm:
        """The same form with other values in some fields.

        Raises:
            NotApplicable: a field cannot hold its value, or a pointer is not that of a field.
        """
        for path, each in values.items():
            if not self.takes(path, each):
                raise NotApplicable(f"the form has no field {path} that could hold {str(each)[:40]!r}")
        now = nested({path: values.get(path, each.value) for path, each in self._now().items()})
        return replace(self, value=now, source=_source(now))

    def remove(self, *paths: str) -> AcroForm:
        """The same form with some fields left empty: a box is always there."""
        return self.set(dict.fromkeys(paths))

    def _now(self) -> dict[str, FormField]:
        return {path: replace(each, value=self.get(path)) for path, each in self.boxes.items()}


def nested(values: Mapping[str, Any]) -> Any:
    """Values at pointers as nested objects; where all keys of one are 0, 1, 2 ..., it is a list."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path[1:].split("/")
        holder = tree
        for each in parents:
            holder = holder.setdefault(each.replace("~1", "/").replace("~0", "~"), {})
        holder[last.replace("~1", "/").replace("~0", "~")] = _Leaf(value)
    return _lists(tree)


@dataclass(frozen=True, slots=True)
class _Leaf:
    value: Any


def _lists(tree: Any) -> Any:
    if isinstance(tree, _Leaf):
        return tree.value
    built = {key: _lists(each) for key, each in tree.items()}
    return [built[str(at)] for at in range(len(built))] if set(built) == set(map(str, range(len(built)))) else built


def _source(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


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


class AcroFormCodec:
    """The form of a PDF as `AcroForm`, which is a `Record`."""

    exact = True

    def read(self, document: Document) -> AcroForm:
        """The record."""
        from crumple.views import acroform_files  # heavy, only for PDF

        return AcroForm.of(acroform_files.fields(document))

    def write(self, view: Record, document: Document) -> bytes:
        """The document with an update at its end that holds the values that are new, and how they look."""
        from crumple.views import acroform_files  # heavy, only for PDF

        return acroform_files.filled(document, view)


class FilledFormCodec:
    """The form of a PDF as `FilledForm`."""

    exact = True

    def read(self, document: Document) -> FilledForm:
        """The sheets."""
        from crumple.views import acroform_files  # heavy, only for PDF

        return acroform_files.sheets(document)

    def write(self, view: FilledForm, document: Document) -> bytes:
        """The document with an update at its end that draws on its pages."""
        from crumple.views import acroform_files  # heavy, only for PDF

        return acroform_files.drawn_on(document, view)


def field_regions(document: Document) -> dict[str, tuple[Region, ...]]:
    """Where the values of a PDF's form stand on its pages, by their pointers in the record.

    Of a radio button it is the box that is ticked, of all others every box of the field.

    Raises:
        Unreadable: it has no form that can be read.
    """
    from crumple.views import acroform_files  # heavy, only for PDF

    return {
        each.path: tuple(
            widget.region
            for widget in each.widgets
            if each.kind != "radio" or each.value is None or widget.state == each.value
        )
        for each in acroform_files.fields(document)
    }
