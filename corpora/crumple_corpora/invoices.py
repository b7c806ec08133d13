"""Invoices with full truth, generated from a seed, in four shapes of the same content."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple import Case, CrumpleError, Document, Entry, Region
from crumple_corpora import invoice_shapes
from crumple_corpora.invoice_content import compose, fits_one_page, line_count

_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "tiff": "image/tiff",
    "csv": "text/csv",
    "json": "application/json",
}
_ID = re.compile(r"invoice-(\d{4,})\.(pdf|png|tiff|csv|json)")
_LOWEST_DPI, _HIGHEST_DPI = 50, 1200


@dataclass(frozen=True, slots=True)
class Invoices:
    """Invoices of suppliers in several countries, each as PDF, page image, CSV and JSON: one group of four cases.

    The truth has number, date (ISO 8601), supplier, customer, currency (ISO 4217), net, vat, total, and lines with
    description, quantity, unit_price and amount. The CSV export holds no parties and no totals, nor does its truth.
    One invoice in five runs on to a second or third page; its image is a TIFF of several pages, otherwise a PNG.

    Attributes:
        count: how many invoices; each is four cases. A larger corpus begins with the smaller one's.
        seed: 0 or more; another seed gives other invoices.
        dpi: of the page images.
    """

    count: int = 50
    seed: int = 0
    dpi: int = 200

    def __init__(self, count: int = 50, *, seed: int = 0, dpi: int = 200) -> None:
        if count < 1:
            raise CrumpleError(f"count is 1 or more, got {count}", where="invoices")
        if seed < 0:
            raise CrumpleError(f"seed is 0 or more, got {seed}", where="invoices")
        if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI:
            raise CrumpleError(f"dpi is from {_LOWEST_DPI} to {_HIGHEST_DPI}, got {dpi}", where="invoices")
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "seed", seed)
        object.__setattr__(self, "dpi", dpi)

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"invoices, seed {self.seed}"

    def entries(self) -> Sequence[Entry]:
        """Four entries an invoice; nothing is composed or drawn for it."""
        return [
            Entry(f"{group}.{shape}", _TYPES[shape], group, True, frozenset({_tag(shape)}))
            for index in range(1, self.count + 1)
            for group in [f"invoice-{index:04d}"]
            for shape in ("pdf", self._image_shape(index), "csv", "json")
        ]

    def load(self, case_id: str) -> Case:
        """Compose one invoice and draw one shape of it.

        Raises:
            CrumpleError: there is no such case.
        """
        match = _ID.fullmatch(case_id)
        index, shape = (int(match[1]), match[2]) if match else (0, "")
        known = 1 <= index <= self.count and case_id == f"invoice-{index:04d}.{shape}"
        if not known or (shape in ("png", "tiff") and shape != self._image_shape(index)):
            raise CrumpleError(
                f"no case {case_id!r}",
                where=self.name,
                hint=f"Its cases are invoice-0001.pdf, .png (.tiff for several pages), .csv and .json, "
                f"and so on to invoice-{self.count:04d}.",
            )
        invoice = compose(self.seed, index)
        regions: Mapping[str, tuple[Region, ...]] = {}
        if shape == "pdf":
            data, regions = invoice_shapes.pdf(invoice)
        elif shape in ("png", "tiff"):
            data, regions = invoice_shapes.image(invoice, self.dpi)
        else:
            data = invoice_shapes.export(invoice) if shape == "csv" else invoice_shapes.record(invoice)
        return Case(
            id=case_id,
            document=Document(data, _TYPES[shape], case_id),
            truth=invoice_shapes.export_truth(invoice) if shape == "csv" else invoice.truth(),
            group=f"invoice-{index:04d}",
            tags=frozenset({_tag(shape)}),
            regions=regions,
        )

    def _image_shape(self, index: int) -> str:
        return "png" if fits_one_page(line_count(self.seed, index)) else "tiff"


def _tag(shape: str) -> str:
    return "image" if shape in ("png", "tiff") else shape
