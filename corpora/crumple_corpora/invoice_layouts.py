"""Four invoice layouts: what stands where, what it is called, and how dates and amounts are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crumple_corpora.notation import Notation


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table of lines.

    Attributes:
        shows: "position", "description", "unit", "quantity", "unit_price", "rate" or "amount".
        title: as its head calls it.
        edge: in points from the page's left; the right end of figures, the left end of words.
        right: whether it is set to the right.
    """

    shows: str
    title: str
    edge: float
    right: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout.

    Attributes:
        words: what labels are called, by what they stand before.
        language: of the words and of the months in dates.
        dates: patterns of `printed_date`; an invoice keeps to one.
        columns: of the table, from the left.
        wrap: how wide a description may be, in points.
        top, top_next: where the table begins on the first and on any further page, in points.
        bottom: where it ends at the latest.
        summary: how high the block of totals is with two tax rates, and all below it.
        font, bold: of the standard fonts.
        size: of the text, in points.
        accent: the colour of what stands out.
        coloured: whether a scan of it needs colour.
        zebra, ruled: whether every other row is tinted; whether rows have rules.
    """

    words: Mapping[str, str]
    language: str
    notation: Notation
    dates: tuple[str, ...]
    columns: tuple[Column, ...]
    wrap: float
    top: float
    top_next: float
    bottom: float
    summary: float
    font: str
    bold: str
    size: float
    accent: str
    coloured: bool = False
    zebra: bool = False
    ruled: bool = False


_ENGLISH = {
    "title": "INVOICE",
    "number": "Invoice no.",
    "date": "Invoice date",
    "due": "Payment due",
    "order": "Your order",
    "account": "Account no.",
    "customer": "Bill to",
    "net": "Subtotal",
    "vat": "VAT {rate}% on {net}",
    "all_vat": "Total VAT",
    "total": "Total due",
    "thanks": "Please pay by bank transfer and quote the invoice number. Thank you for your business.",
    "page": "Page {page} of {pages}",
    "carried": "Carried forward",
    "vat_id": "VAT reg. no.",
    "phone": "Tel.",
    "bank": "IBAN",
}

LAYOUTS: Mapping[str, Layout] = {
    "ledger": Layout(
        words=_ENGLISH,
        language="en",
        notation=Notation(",", "."),
        dates=("{d} {month} {yyyy}", "{dd}/{mm}/{yyyy}", "{d} {mon} {yyyy}"),
        columns=(
            Column("quantity", "Qty", 92),
            Column("unit", "Unit", 98, right=False),
            Column("description", "Description", 136, right=False),
            Column("rate", "VAT %", 398),
            Column("unit_price", "Unit price", 464),
            Column("amount", "Amount", 539),
        ),
        wrap=216,
        top=318,
        top_next=110,
        bottom=770,
        summary=150,
        font="Times-Roman",
        bold="Times-Bold",
        size=10.5,
        accent="#1a1a1a",
        ruled=True,
    ),
    "letter": Layout(
        words={
            "title": "Rechnung",
            "number": "Rechnungsnummer",
            "date": "Rechnungsdatum",
            "due": "Zahlbar bis",
            "order": "Ihre Bestellung",
            "account": "Kundennummer",
            "customer": "",
            "net": "Summe netto",
            "vat": "zzgl. {rate} % MwSt. auf {net}",
            "all_vat": "MwSt. gesamt",
            "total": "Rechnungsbetrag",
            "thanks": "Bitte überweisen Sie den Betrag mit Angabe der Rechnungsnummer. Vielen Dank für Ihren Auftrag.",
            "page": "Seite {page} von {pages}",
            "carried": "Übertrag",
            "vat_id": "USt-IdNr.",
            "phone": "Telefon",
            "bank": "IBAN",
        },
        language="de",
        notation=Notation(".", ","),
        dates=("{dd}.{mm}.{yyyy}", "{d}. {month} {yyyy}"),
        columns=(
            Column("position", "Pos.", 97),
            Column("description", "Bezeichnung", 110, right=False),
            Column("quantity", "Menge", 352),
            Column("unit", "Einh.", 358, right=False),
            Column("rate", "MwSt.", 418),
            Column("unit_price", "Einzelpreis", 476),
            Column("amount", "Gesamt", 538),
        ),
        wrap=204,
        top=372,
        top_next=96,
        bottom=742,
        summary=135,
        font="Helvetica",
        bold="Helvetica-Bold",
        size=9.5,
        accent="#1a1a1a",
    ),
    "band": Layout(
        words={
            "title": "FACTURE",
            "number": "Facture n°",
            "date": "Date d'émission",
            "due": "Échéance",
            "order": "Votre commande",
            "account": "Compte client",
            "customer": "Facturé à",
            "net": "Total HT",
            "vat": "TVA {rate} % sur {net}",
            "all_vat": "Total TVA",
            "total": "Total TTC",
            "thanks": "Règlement par virement. Aucun escompte pour paiement anticipé.",
            "page": "Page {page} / {pages}",
            "carried": "Report",
            "vat_id": "N° TVA",
            "phone": "Tél.",
            "bank": "IBAN",
        },
        language="fr",
        notation=Notation("\N{NO-BREAK SPACE}", ","),
        dates=("{dd}/{mm}/{yyyy}", "{d} {month} {yyyy}"),
        columns=(
            Column("description", "Désignation", 50, right=False),
            Column("quantity", "Qté", 330),
            Column("unit", "Unité", 338, right=False),
            Column("unit_price", "P.U. HT", 424),
            Column("rate", "TVA", 468),
            Column("amount", "Montant HT", 543),
        ),
        wrap=244,
        top=330,
        top_next=100,
        bottom=750,
        summary=140,
        font="Helvetica",
        bold="Helvetica-Bold",
        size=9.5,
        accent="#1f4e79",
        coloured=True,
        zebra=True,
    ),
    "grid": Layout(
        words=_ENGLISH
        | {
            "title": "Commercial invoice",
            "number": "Document number",
            "date": "Date of issue",
            "due": "Due date",
            "order": "Order reference",
            "account": "Customer ID",
            "customer": "Sold to",
            "net": "Net amount",
            "vat": "VAT at {rate}% of {net}",
            "all_vat": "VAT amount",
            "total": "Amount payable",
            "thanks": "Goods remain our property until paid in full.",
        },
        language="en",
        notation=Notation(",", "."),
        dates=("{yyyy}-{mm}-{dd}", "{dd}-{mon}-{yyyy}", "{month} {d}, {yyyy}"),
        columns=(
            Column("position", "#", 66),
            Column("description", "Item", 76, right=False),
            Column("unit_price", "Price", 376),
            Column("quantity", "Quantity", 424),
            Column("unit", "Unit", 432, right=False),
            Column("rate", "VAT %", 488),
            Column("amount", "Net", 549),
        ),
        wrap=244,
        top=296,
        top_next=92,
        bottom=768,
        summary=135,
        font="Courier",
        bold="Courier-Bold",
        size=8.5,
        accent="#333333",
        ruled=True,
    ),
}
