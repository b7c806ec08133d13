"""What all invoices have below the head: table, page breaks, totals, foot; each value with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from crumple import Region
from crumple_corpora.invoice_content import Invoice, Line
from crumple_corpora.invoice_layouts import LAYOUTS, Column, Layout
from crumple_corpora.notation import printed_date
from crumple_corpora.sheet import Piece, Sheet, Type, Value

GREY, PALE, _TINT = "#6b6b6b", "#b5b5b5", "#eef3f8"
# As on mail that crosses a border: in capitals, in English.
_COUNTRIES = {
    "AT": "AUSTRIA",
    "CH": "SWITZERLAND",
    "DE": "GERMANY",
    "ES": "SPAIN",
    "FR": "FRANCE",
    "GB": "UNITED KINGDOM",
    "IT": "ITALY",
    "NL": "NETHERLANDS",
    "SE": "SWEDEN",
}
_SYMBOLS = {"EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    line: Line
    wrapped: list[str]
    height: float


class Drawing:
    """One invoice on its way to paper.

    Attributes:
        invoice, layout, sheet, words: what is drawn, how, on what, and what labels are called.
        plain, bold, small: how text is set.
    """

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.layout: Layout = LAYOUTS[invoice.market.layout]
        self.words = self.layout.words
        self.sheet = Sheet(f"{self.words['title'].capitalize()} {invoice.number}", invoice.supplier)
        self.plain = Type(self.layout.font, self.layout.size)
        self.bold = Type(self.layout.bold, self.layout.size)
        self.small = Type(self.layout.font, self.layout.size - 1.5, GREY)
        self.leading = self.layout.size * 1.25
        patterns = self.layout.dates
        self.pattern = patterns[int(invoice.variant * len(patterns))]
        self.money = self.layout.notation.amount

    def finish(self, head: Callable[[Drawing], None]) -> tuple[bytes, dict[str, tuple[Region, ...]]]:
        """Draw everything.

        Args:
            head: draws the first page above the table.

        Returns:
            The PDF, and where each field of the truth is drawn: JSON pointer -> every place.
        """
        pages = self._paginate()
        carried = Decimal(0)
        for page, rows in enumerate(pages):
            if page:
                self.sheet.next_page()
                self._continuation()
            else:
                head(self)
            y = self._table(rows, self.layout.top_next if page else self.layout.top, carried)
            carried += sum((row.line.amount for row in rows), Decimal(0))
            if page == len(pages) - 1:
                self._totals(y)
            else:
                label = f"{self.words['carried']}  {self.money(carried)}"
                self.sheet.text(self._right, y + 14, label, style=self.small, align="right")
            self._foot(page + 1, len(pages))
        return self.sheet.finish()

    @property
    def _right(self) -> float:
        return self.layout.columns[-1].edge

    @property
    def _left(self) -> float:
        first = self.layout.columns[0]
        return first.edge - 26 if first.right else first.edge

    def value(self, name: str) -> Value:
        """A field of the truth as this invoice prints it."""
        invoice = self.invoice
        text = {
            "number": invoice.number,
            "date": self._date(),
            "supplier": invoice.supplier,
            "customer": invoice.customer,
            "net": self.money(invoice.net),
            "vat": self.money(invoice.vat),
            "total": self.money(invoice.total),
            "currency": _SYMBOLS.get(invoice.market.currency, invoice.market.currency),
        }[name]
        return Value(text, f"/{name}")

    def _date(self) -> str:
        return printed_date(self.invoice.date, self.pattern, self.layout.language)

    def facts(self) -> list[tuple[str, Piece]]:
        """The labelled facts at the head: (label, what stands beside it)."""
        invoice, words = self.invoice, self.words
        due = printed_date(invoice.due, self.pattern, self.layout.language)
        return [
            (words["number"], self.value("number")),
            (words["date"], self.value("date")),
            (words["account"], invoice.references["customer"]),
            (words["order"], invoice.references["order"]),
            (words["due"], due),
        ]

    def recipient(self) -> tuple[str, ...]:
        """The customer's address, with the country where it is another than the supplier's."""
        own, theirs = (locale[-2:] for locale in (self.invoice.market.locale, self.invoice.customer_at.locale))
        return (*self.invoice.customer_at.lines, *([_COUNTRIES[theirs]] if own != theirs else []))

    def stack(self, x: float, y: float, lines: list[Piece], *, style: Type, align: str = "left") -> float:
        """Set lines below each other; returns the baseline after the last."""
        for line in lines:
            self.sheet.text(x, y, line, style=style, align=align)
            y += style.size * 1.3
        return y

    def _paginate(self) -> list[list[_Row]]:
        """The rows of each page; the last page has room for the totals."""
        layout = self.layout
        rows = [self._row(index, line) for index, line in enumerate(self.invoice.lines)]
        pages: list[list[_Row]] = [[]]
        free = layout.bottom - layout.top - 2 * self.leading
        for row in rows:
            if row.height > free:
                pages.append([])
                free = layout.bottom - layout.top_next - 3 * self.leading
            pages[-1].append(row)
            free -= row.height
        if free < layout.summary:
            # A page with nothing but totals looks torn off: some rows go along.
            moved = pages[-1][-2:]
            del pages[-1][-2:]
            pages.append(moved)
        return [page for page in pages if page]

    def _row(self, index: int, line: Line) -> _Row:
        wrapped = Sheet.wrap(line.description, self.layout.wrap, self.plain)
        return _Row(index, line, wrapped, len(wrapped) * self.leading + 5)

    def _table(self, rows: list[_Row], y: float, carried: Decimal) -> float:
        """Draw head and rows; returns where they end."""
        sheet, layout = self.sheet, self.layout
        left, right = self._left, self._right
        if layout.coloured:
            sheet.box(left - 6, y - 14, right + 6, y + 6, fill=layout.accent)
        head = Type(layout.bold, layout.size, "#ffffff" if layout.coloured else layout.accent)
        for column in layout.columns:
            self._cell(column, y, column.title, head)
        if not layout.coloured:
            sheet.rule(left, y + 5, right, y + 5, width=1, colour=layout.accent)
        y += 2 * self.leading - 2
        if carried:
            label = f"{self.words['carried']}  {self.money(carried)}"
            sheet.text(right, y, label, style=self.small, align="right")
            y += self.leading + 5
        for row in rows:
            top = y - self.leading + 1
            if layout.zebra and row.index % 2:
                sheet.box(left - 6, top, right + 6, top + row.height, fill=_TINT)
            self._draw_row(row, y)
            if layout.ruled:
                sheet.rule(left, top + row.height, right, top + row.height, width=0.3, colour=PALE)
            y += row.height
        return y - self.leading + 1

    def _draw_row(self, row: _Row, y: float) -> None:
        line, notation = row.line, self.layout.notation
        path = f"/lines/{row.index}"
        shown: Mapping[str, Piece] = {
            "position": str(row.index + 1),
            "unit": line.unit,
            "rate": notation.quantity(line.rate),
            "quantity": Value(notation.quantity(line.quantity), f"{path}/quantity"),
            "unit_price": Value(self.money(line.unit_price), f"{path}/unit_price"),
            "amount": Value(self.money(line.amount), f"{path}/amount"),
        }
        for column in self.layout.columns:
            if column.shows == "description":
                self.sheet.block(column.edge, y, row.wrapped, self.leading, f"{path}/description", self.plain)
            else:
                self._cell(column, y, shown[column.shows], self.plain)

    def _cell(self, column: Column, y: float, piece: Piece, style: Type) -> None:
        self.sheet.text(column.edge, y, piece, style=style, align="right" if column.right else "left")

    def _totals(self, y: float) -> None:
        """Net, tax by rate, tax in all where there are two rates, total; then the closing words."""
        sheet, layout, words, invoice = self.sheet, self.layout, self.words, self.invoice
        label_x, right = self._right - 212, self._right
        y += 22
        rows: list[tuple[str, Piece]] = [(words["net"], self.value("net"))]
        one_rate = len(invoice.taxes) == 1
        for rate, net, tax in invoice.taxes:
            label = words["vat"].format(rate=layout.notation.quantity(rate), net=self.money(net))
            rows.append((label, self.value("vat") if one_rate else self.money(tax)))
        if not one_rate:
            rows.append((words["all_vat"], self.value("vat")))
        for label, piece in rows:
            sheet.text(label_x, y, label, style=self.plain)
            sheet.text(right, y, piece, style=self.plain, align="right")
            y += self.leading + 3
        large = Type(layout.bold, layout.size + 2, layout.accent)
        sheet.rule(label_x, y - self.leading + 1, right, y - self.leading + 1, width=1, colour=layout.accent)
        y += 6
        sheet.text(label_x, y, words["total"], style=large)
        sheet.text(right, y, *self._total(), style=large, align="right")
        sheet.text(self._left, y + 34, words["thanks"], style=self.plain)

    def _total(self) -> list[Piece]:
        total, currency = self.value("total"), self.value("currency")
        if self.layout.language == "en":
            # A symbol stands before the amount, a code with a space between.
            return [currency, total] if len(currency.text) == 1 else [currency, " ", total]
        return [total, "\N{NO-BREAK SPACE}", currency]

    def _continuation(self) -> None:
        """The head of any further page."""
        style = self.small
        self.sheet.text(self._left, 52, f"{self.words['number']} ", self.value("number"), style=style)
        self.sheet.text(self._right, 52, self.value("supplier"), style=style, align="right")

    def _foot(self, page: int, pages: int) -> None:
        sheet, words, invoice = self.sheet, self.words, self.invoice
        references = invoice.references
        y = 796.0
        sheet.rule(self._left, y - 12, self._right, y - 12, width=0.3, colour=PALE)
        address = ", ".join(invoice.supplier_at.lines)
        sheet.text(self._left, y, self.value("supplier"), f", {address}", style=self.small)
        bank = f"{words['bank']} {references['iban']}   {words['vat_id']} {references['vat_id']}"
        sheet.text(self._left, y + 11, bank, style=self.small)
        if pages > 1:
            label = words["page"].format(page=page, pages=pages)
            sheet.text(self._right, y + 22, label, style=self.small, align="right")
