"""The first page's upper part, one function a layout: letterhead, addresses, the facts with their labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crumple_corpora.invoice_drawing import GREY, PALE, Drawing
from crumple_corpora.sheet import A4, Piece, Sheet, Type, Value


def _ledger(drawing: Drawing) -> None:
    """Centred letterhead, bill-to on the left, facts in a ruled box on the right."""
    sheet, invoice, layout = drawing.sheet, drawing.invoice, drawing.layout
    middle = A4[0] / 2
    sheet.text(middle, 70, drawing.value("supplier"), style=Type(layout.bold, 20), align="centre")
    sheet.text(middle, 88, ", ".join(invoice.supplier_at.lines), style=drawing.plain, align="centre")
    contact = f"{drawing.words['phone']} {invoice.references['phone']}"
    sheet.text(middle, 102, contact, style=drawing.plain, align="centre")
    sheet.rule(66, 116, 539, 116, width=1.2, colour=layout.accent)
    sheet.text(66, 152, drawing.words["title"], style=Type(layout.bold, 17))
    sheet.text(66, 184, drawing.words["customer"], style=drawing.small)
    drawing.stack(66, 200, [drawing.value("customer"), *drawing.recipient()], style=drawing.plain)
    sheet.box(330, 168, 539, 264, stroke=PALE)
    for row, (label, piece) in enumerate(drawing.facts()):
        sheet.text(340, 185 + row * 17.5, label, style=drawing.plain)
        sheet.text(530, 185 + row * 17.5, piece, style=drawing.bold, align="right")
    note = f"All amounts in {invoice.market.currency}"
    sheet.text(539, 296, note[:-3], Value(note[-3:], "/currency"), style=drawing.small, align="right")


def _letter(drawing: Drawing) -> None:
    """A business letter after DIN 5008: address window, information block, subject, salutation."""
    sheet, invoice, layout = drawing.sheet, drawing.invoice, drawing.layout
    sheet.text(538, 62, drawing.value("supplier"), style=Type(layout.bold, 15), align="right")
    contact: list[Piece] = [*invoice.supplier_at.lines, f"{drawing.words['phone']} {invoice.references['phone']}"]
    drawing.stack(538, 78, contact, style=drawing.small, align="right")
    sender = f" · {' · '.join(invoice.supplier_at.lines)}"
    sheet.text(71, 142, drawing.value("supplier"), sender, style=Type(layout.font, 6.5, GREY))
    sheet.rule(71, 146, 312, 146, width=0.3, colour=PALE)
    drawing.stack(71, 166, [drawing.value("customer"), *drawing.recipient()], style=Type(layout.font, 10.5))
    for row, (label, piece) in enumerate(drawing.facts()):
        sheet.text(370, 166 + row * 15, label, style=drawing.small)
        sheet.text(538, 166 + row * 15, piece, style=drawing.plain, align="right")
    sheet.text(71, 288, f"{drawing.words['title']} ", drawing.value("number"), style=Type(layout.bold, 13))
    sheet.text(71, 314, "Sehr geehrte Damen und Herren,", style=drawing.plain)
    text = f"für unsere Leistungen berechnen wir Ihnen die folgenden Positionen (Beträge in {invoice.market.currency}):"
    sheet.text(71, 332, text[:-5], Value(text[-5:-2], "/currency"), "):", style=drawing.plain)


def _band(drawing: Drawing) -> None:
    """A coloured band with a mark, title at the right, two columns of addresses."""
    sheet, invoice, layout = drawing.sheet, drawing.invoice, drawing.layout
    white = "#ffffff"
    sheet.box(0, 0, A4[0], 96, fill=layout.accent)
    sheet.disc(74, 48, 24, fill=white)
    initials = "".join(word[0] for word in invoice.supplier.replace("& ", "").split()[:2]).upper()
    sheet.text(74, 54, initials, style=Type(layout.bold, 17, layout.accent), align="centre")
    sheet.text(112, 54, drawing.value("supplier"), style=Type(layout.bold, 16, white))
    sheet.text(543, 54, drawing.words["title"], style=Type(layout.font, 20, white), align="right")
    contact: list[Piece] = [*invoice.supplier_at.lines, f"{drawing.words['phone']} {invoice.references['phone']}"]
    drawing.stack(50, 124, contact, style=drawing.plain)
    sheet.text(330, 124, drawing.words["customer"], style=Type(layout.bold, layout.size, layout.accent))
    drawing.stack(330, 139, [drawing.value("customer"), *drawing.recipient()], style=drawing.plain)
    for column, (label, piece) in enumerate(drawing.facts()):
        x, y = 50 + column % 3 * 170, 218 + column // 3 * 38
        sheet.text(x, y, label, style=Type(layout.font, 8, GREY))
        sheet.text(x, y + 14, piece, style=drawing.bold)
    note = f"Montants exprimés en {invoice.market.currency}"
    sheet.text(543, 308, note[:-3], Value(note[-3:], "/currency"), style=drawing.small, align="right")


def _grid(drawing: Drawing) -> None:
    """A form out of an accounting system: framed boxes in a typewriter face."""
    sheet, invoice, layout = drawing.sheet, drawing.invoice, drawing.layout
    sheet.text(40, 56, drawing.words["title"], style=Type("Helvetica-Bold", 16, layout.accent))
    sheet.box(40, 72, 290, 160, stroke=layout.accent)
    sheet.box(290, 72, 549, 258, stroke=layout.accent)
    sheet.box(40, 160, 290, 258, stroke=layout.accent)
    label = Type("Helvetica", 6.5, GREY)
    sheet.text(46, 82, "Seller", style=label)
    sheet.text(46, 98, drawing.value("supplier"), style=Sheet.fitted(invoice.supplier, Type(layout.bold, 10), 238))
    contact: list[Piece] = [*invoice.supplier_at.lines, f"{drawing.words['phone']} {invoice.references['phone']}"]
    drawing.stack(46, 112, contact, style=drawing.plain)
    sheet.text(46, 170, drawing.words["customer"], style=label)
    drawing.stack(46, 186, [drawing.value("customer"), *drawing.recipient()], style=drawing.plain)
    facts = [*drawing.facts(), ("Currency", Value(invoice.market.currency, "/currency"))]
    for row, (name, piece) in enumerate(facts):
        y = 72 + row * 31
        sheet.text(296, y + 10, name, style=label)
        sheet.text(296, y + 24, piece, style=Type(layout.bold, 10))
        if row:
            sheet.rule(290, y, 549, y, colour=layout.accent)


HEADS: Mapping[str, Callable[[Drawing], None]] = {
    "ledger": _ledger,
    "letter": _letter,
    "band": _band,
    "grid": _grid,
}
