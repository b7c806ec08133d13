"""crumple: a robustness test harness for messy data.

The public names; each is imported when it is first used, so that `import crumple` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crumple.calendars import CALENDARS as CALENDARS
    from crumple.calendars import in_calendar as in_calendar
    from crumple.case import Case as Case
    from crumple.case import Corpus as Corpus
    from crumple.case import Entry as Entry
    from crumple.case import Wanted as Wanted
    from crumple.corpora import generated as generated
    from crumple.dates import dates_in as dates_in
    from crumple.discretion import figures_of as figures_of
    from crumple.document import Document as Document
    from crumple.endings import Crashed as Crashed
    from crumple.endings import Exhausted as Exhausted
    from crumple.endings import Hung as Hung
    from crumple.endings import Refused as Refused
    from crumple.errors import CrumpleError as CrumpleError
    from crumple.errors import NotApplicable as NotApplicable
    from crumple.errors import Unreadable as Unreadable
    from crumple.exhibit import Exhibit as Exhibit
    from crumple.exhibit import LinePair as LinePair
    from crumple.exhibit import PagePair as PagePair
    from crumple.exhibit import Picture as Picture
    from crumple.exhibit import Piece as Piece
    from crumple.exhibit import RowPair as RowPair
    from crumple.judges import Judge as Judge
    from crumple.judges.label import Confusion as Confusion
    from crumple.material import FIGURES as FIGURES
    from crumple.material import Material as Material
    from crumple.measuring import Measure as Measure
    from crumple.measuring import measure as measure
    from crumple.mutation.chain import chain as chain
    from crumple.mutation.chain import table_chain as table_chain
    from crumple.mutation.ladder import Ladder as Ladder
    from crumple.mutation.mutator import Degraded as Degraded
    from crumple.mutation.mutator import Origin as Origin
    from crumple.mutation.mutator import Replaced as Replaced
    from crumple.mutation.mutator import mutator as mutator
    from crumple.outcome import Judgement as Judgement
    from crumple.outcome import Outcome as Outcome
    from crumple.places import Cell as Cell
    from crumple.places import Extent as Extent
    from crumple.places import Member as Member
    from crumple.places import Place as Place
    from crumple.places import Pointer as Pointer
    from crumple.places import Region as Region
    from crumple.places import Span as Span
    from crumple.places import Spans as Spans
    from crumple.plain_text import excerpt as excerpt
    from crumple.plain_text import quoted as quoted
    from crumple.plain_text import visible as visible
    from crumple.recipe import Recipe as Recipe
    from crumple.recipe import Step as Step
    from crumple.remote import Location as Location
    from crumple.remote import is_url as is_url
    from crumple.sampling import Sampler as Sampler
    from crumple.soundness import contract_state as contract_state
    from crumple.soundness import fail_clean_share as fail_clean_share
    from crumple.soundness import many_fail_clean as many_fail_clean
    from crumple.soundness import void_reason as void_reason
    from crumple.truth import ABSENT as ABSENT
    from crumple.truth import ALL as ALL
    from crumple.truth import SAME as SAME
    from crumple.truth import AnyOf as AnyOf
    from crumple.truth import Edit as Edit
    from crumple.truth import Everything as Everything
    from crumple.truth import Json as Json
    from crumple.truth import Truth as Truth
    from crumple.truth import is_transcription as is_transcription
    from crumple.views.acroform import AcroForm as AcroForm
    from crumple.views.acroform import field_regions as field_regions
    from crumple.views.acroform_fields import FilledForm as FilledForm
    from crumple.views.acroform_fields import FormField as FormField
    from crumple.views.acroform_fields import Widget as Widget
    from crumple.views.acroform_pen import Hand as Hand
    from crumple.views.acroform_pen import Pen as Pen
    from crumple.views.bend import Bend as Bend
    from crumple.views.bend import Move as Move
    from crumple.views.bend import Projection as Projection
    from crumple.views.bend import Warp as Warp
    from crumple.views.dependency import Dependency as Dependency
    from crumple.views.format import exact as exact
    from crumple.views.format import identify as identify
    from crumple.views.format import named as named
    from crumple.views.format import read as read
    from crumple.views.format import views_of as views_of
    from crumple.views.format import write as write
    from crumple.views.inputs import Inputs as Inputs
    from crumple.views.markup import Element as Element
    from crumple.views.markup import as_xml as as_xml
    from crumple.views.office_files import word_of as word_of
    from crumple.views.office_files import workbook_of as workbook_of
    from crumple.views.package import OLE as OLE
    from crumple.views.package import Package as Package
    from crumple.views.pages import Page as Page
    from crumple.views.pages import Pages as Pages
    from crumple.views.parts import Parts as Parts
    from crumple.views.parts import inside as inside
    from crumple.views.pdf import read_pdf as read_pdf
    from crumple.views.pdf import words as words
    from crumple.views.record import Record as Record
    from crumple.views.sheet_rows import SheetCell as SheetCell
    from crumple.views.sheet_rows import column_name as column_name
    from crumple.views.table import Dialect as Dialect
    from crumple.views.table import Row as Row
    from crumple.views.table import Table as Table
    from crumple.views.text import Text as Text
    from crumple.views.text import raw as raw
    from crumple.views.workbook import Sheet as Sheet
    from crumple.views.workbook_writing import moved as moved

__version__ = "0.1.0"

_HOMES = {
    "crumple.calendars": ("CALENDARS", "in_calendar"),
    "crumple.case": ("Case", "Corpus", "Entry", "Wanted"),
    "crumple.corpora": ("generated",),
    "crumple.dates": ("dates_in",),
    "crumple.discretion": ("figures_of",),
    "crumple.document": ("Document",),
    "crumple.endings": ("Crashed", "Exhausted", "Hung", "Refused"),
    "crumple.errors": ("CrumpleError", "NotApplicable", "Unreadable"),
    "crumple.exhibit": ("Exhibit", "LinePair", "PagePair", "Picture", "Piece", "RowPair"),
    "crumple.judges": ("Judge",),
    "crumple.judges.label": ("Confusion",),
    "crumple.material": ("FIGURES", "Material"),
    "crumple.measuring": ("Measure", "measure"),
    "crumple.mutation.chain": ("chain", "table_chain"),
    "crumple.mutation.ladder": ("Ladder",),
    "crumple.mutation.mutator": ("Degraded", "Origin", "Replaced", "mutator"),
    "crumple.outcome": ("Judgement", "Outcome"),
    "crumple.places": ("Cell", "Extent", "Member", "Place", "Pointer", "Region", "Span", "Spans"),
    "crumple.plain_text": ("excerpt", "quoted", "visible"),
    "crumple.recipe": ("Recipe", "Step"),
    "crumple.remote": ("Location", "is_url"),
    "crumple.sampling": ("Sampler",),
    "crumple.soundness": ("contract_state", "fail_clean_share", "many_fail_clean", "void_reason"),
    "crumple.truth": ("ABSENT", "ALL", "SAME", "AnyOf", "Edit", "Everything", "Json", "Truth", "is_transcription"),
    "crumple.views.acroform": ("AcroForm", "field_regions"),
    "crumple.views.acroform_fields": ("FilledForm", "FormField", "Widget"),
    "crumple.views.acroform_pen": ("Hand", "Pen"),
    "crumple.views.bend": ("Bend", "Move", "Projection", "Warp"),
    "crumple.views.dependency": ("Dependency",),
    "crumple.views.format": ("exact", "identify", "named", "read", "views_of", "write"),
    "crumple.views.inputs": ("Inputs",),
    "crumple.views.markup": ("Element", "as_xml"),
    "crumple.views.office_files": ("word_of", "workbook_of"),
    "crumple.views.package": ("OLE", "Package"),
    "crumple.views.pages": ("Page", "Pages"),
    "crumple.views.parts": ("Parts", "inside"),
    "crumple.views.pdf": ("read_pdf", "words"),
    "crumple.views.record": ("Record",),
    "crumple.views.sheet_rows": ("SheetCell", "column_name"),
    "crumple.views.table": ("Dialect", "Row", "Table"),
    "crumple.views.text": ("Text", "raw"),
    "crumple.views.workbook": ("Sheet",),
    "crumple.views.workbook_writing": ("moved",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)  # noqa: PLE0605 - computed, so that a name is stated once


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'crumple' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
