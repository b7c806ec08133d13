"""Forms in PDF files (AcroForm): as a record of what is filled in, and as sheets to write on. See `acroform_files`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.places import Region
from crumple.views.acroform_fields import FilledForm, FormField
from crumple.views.record import Record


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
        from crumple.views.acroform_lettering import takes  # loads fonts' widths

        return path in self.boxes and takes(self.boxes[path], value)

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
