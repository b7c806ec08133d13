"""Generated invoices: the truth is in the documents, the shapes agree, and bytes repeat."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import math
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image

from crumple import Case, CrumpleError
from crumple_corpora.invoice_content import Invoice, compose
from crumple_corpora.invoice_layouts import LAYOUTS
from crumple_corpora.invoices import Invoices
from crumple_corpora.markets import MARKETS

CORPUS = Invoices(32, seed=3)
CASES = {entry.id: entry for entry in CORPUS.entries()}
GROUPS = range(1, CORPUS.count + 1)


@functools.cache
def shape(index: int, ending: str) -> Case:
    return CORPUS.load(f"invoice-{index:04d}.{ending}")


def image_of(index: int) -> Case:
    return shape(index, "png" if f"invoice-{index:04d}.png" in CASES else "tiff")


def squeezed(text: str) -> str:
    return "".join(text.split())


def printed(invoice: Invoice, field: str) -> str:
    layout = LAYOUTS[invoice.market.layout]
    return layout.notation.amount(getattr(invoice, field))


def test_every_invoice_is_a_group_of_four_shapes() -> None:
    groups: dict[str, list[str]] = {}
    for entry in CASES.values():
        groups.setdefault(entry.group, []).append(entry.media_type)
        assert entry.has_truth
    assert len(groups) == CORPUS.count
    for types in groups.values():
        assert [types[0], *types[2:]] == ["application/pdf", "text/csv", "application/json"]
        assert types[1] in ("image/png", "image/tiff")


@pytest.mark.parametrize("index", GROUPS)
def test_a_pdf_holds_what_its_truth_says(index: int) -> None:
    case, invoice = shape(index, "pdf"), compose(CORPUS.seed, index)
    text = squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(case.document.data)).pages))
    truth: Any = case.truth
    for field in ("number", "supplier", "customer"):
        assert squeezed(truth[field]) in text
    for field in ("net", "vat", "total"):
        assert squeezed(printed(invoice, field)) in text
    for line in truth["lines"]:
        assert squeezed(line["description"]) in text


@pytest.mark.parametrize("index", GROUPS)
def test_amounts_add_up_to_the_cent(index: int) -> None:
    truth: Any = shape(index, "json").truth
    exact = {name: Decimal(str(truth[name])) for name in ("net", "vat", "total")}
    assert exact["net"] + exact["vat"] == exact["total"]
    assert sum(Decimal(str(line["amount"])) for line in truth["lines"]) == exact["net"]
    for line in truth["lines"]:
        product = Decimal(str(line["quantity"])) * Decimal(str(line["unit_price"]))
        assert abs(product - Decimal(str(line["amount"]))) <= Decimal("0.005")


@pytest.mark.parametrize("index", GROUPS)
def test_csv_and_json_hold_the_truth_exactly(index: int) -> None:
    record = shape(index, "json")
    assert json.loads(record.document.data) == record.truth
    export = shape(index, "csv")
    truth: Any = export.truth
    rows = list(csv.DictReader(io.StringIO(export.document.data.decode(), newline="")))
    assert [
        {
            "description": row["description"],
            "quantity": float(row["quantity"]),
            "unit_price": float(row["unit_price"]),
            "amount": float(row["amount"]),
        }
        for row in rows
    ] == truth["lines"]
    assert {(row["invoice_number"], row["date"], row["currency"]) for row in rows} == {
        (truth["number"], truth["date"], truth["currency"])
    }


@pytest.mark.parametrize("index", [1, 2, 3, 4])
def test_the_four_shapes_share_group_and_truth(index: int) -> None:
    cases = [shape(index, "pdf"), image_of(index), shape(index, "json")]
    assert cases[0].truth == cases[1].truth == cases[2].truth
    assert {case.group for case in (*cases, shape(index, "csv"))} == {f"invoice-{index:04d}"}
    export: Any = shape(index, "csv").truth
    assert export == {name: cases[0].truth[name] for name in ("number", "date", "currency", "lines")}  # type: ignore[index,call-overload]


def region_text(page: Any, region: Any, slack: float = 1.5) -> str:
    width, height = page.get_size()
    text: str = page.get_textpage().get_text_bounded(
        left=region.left * width - slack,
        right=region.right * width + slack,
        top=(1 - region.top) * height + slack,
        bottom=(1 - region.bottom) * height - slack,
    )
    return squeezed(text)


@pytest.mark.parametrize("index", range(1, 13))
def test_regions_cover_what_is_drawn_in_them(index: int) -> None:
    """pdfium, which knows nothing of the layout code, reads each value inside its region."""
    case, invoice = shape(index, "pdf"), compose(CORPUS.seed, index)
    truth: Any = case.truth
    texts = {f"/{name}": truth[name] for name in ("number", "supplier", "customer")}
    texts |= {f"/{name}": printed(invoice, name) for name in ("net", "vat", "total")}
    for at, line in enumerate(invoice.lines):
        notation = LAYOUTS[invoice.market.layout].notation
        texts |= {
            f"/lines/{at}/description": line.description,
            f"/lines/{at}/quantity": notation.quantity(line.quantity),
            f"/lines/{at}/unit_price": notation.amount(line.unit_price),
            f"/lines/{at}/amount": notation.amount(line.amount),
        }
    assert set(case.regions) == {*texts, "/date", "/currency"}
    with pypdfium2.PdfDocument(case.document.data) as document:
        for pointer, regions in case.regions.items():
            for region in regions:
                assert 0 <= region.left < region.right <= 1
                assert 0 <= region.top < region.bottom <= 1
                found = region_text(document[region.page], region)
                if pointer in texts:
                    assert squeezed(texts[pointer]) in found, pointer
        [date] = case.regions["/date"]
        assert str(invoice.date.year) in region_text(document[0], date)


@pytest.mark.parametrize("index", range(1, 13))
def test_no_glyph_of_a_value_sticks_out_of_its_region(index: int) -> None:
    """Ink outside of all regions and of all other text would be a value cut by a stamp that spares its region."""
    case = shape(index, "pdf")
    with pypdfium2.PdfDocument(case.document.data) as document:
        for region in (*case.regions["/number"], *case.regions["/total"]):
            page = document[region.page]
            width, height = page.get_size()
            textpage = page.get_textpage()
            for at in range(textpage.count_chars()):
                left, bottom, right, top = textpage.get_charbox(at)
                middle = ((left + right) / 2 / width, 1 - (top + bottom) / 2 / height)
                if region.left < middle[0] < region.right and region.top < middle[1] < region.bottom:
                    assert region.left * width - 1.5 < left
                    assert right < region.right * width + 1.5
                    assert top < (1 - region.top) * height + 0.5
                    assert bottom > (1 - region.bottom) * height - 0.5


def test_an_image_shows_the_pdf_at_the_resolution_asked_for() -> None:
    for dpi in (100, 200):
        case = Invoices(1, seed=3, dpi=dpi).load(image_of(1).id)
        image = Image.open(io.BytesIO(case.document.data))
        assert image.size == (math.ceil(595.2756 * dpi / 72), math.ceil(841.8898 * dpi / 72))
        assert round(image.info["dpi"][0]) == dpi
        assert case.regions == shape(1, "pdf").regions
    # Where a region says that the total is, there is ink; and the pixels are those of the rendered PDF.
    with pypdfium2.PdfDocument(shape(1, "pdf").document.data) as document:
        rendered = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    assert rendered.tobytes() == image.tobytes()
    region = case.regions["/total"][0]
    box = (
        region.left * image.width,
        region.top * image.height,
        region.right * image.width,
        region.bottom * image.height,
    )
    assert image.crop(tuple(map(round, box))).getextrema()[0] < 100


def test_an_invoice_of_several_pages_is_a_tiff_of_as_many() -> None:
    long = [name for name, entry in CASES.items() if entry.media_type == "image/tiff"]
    assert long
    for name in long[:3]:
        pdf = pypdf.PdfReader(io.BytesIO(CORPUS.load(name.replace("tiff", "pdf")).document.data))
        image = Image.open(io.BytesIO(CORPUS.load(name).document.data))
        assert len(pdf.pages) == getattr(image, "n_frames", 1) > 1


def test_one_page_images_belong_to_one_page_pdfs() -> None:
    for name, entry in CASES.items():
        if entry.media_type == "image/png":
            pdf = pypdf.PdfReader(io.BytesIO(shape(int(name[8:12]), "pdf").document.data))
            assert len(pdf.pages) == 1, name


def test_invoices_run_to_one_two_and_three_pages_in_every_corpus_of_a_hundred() -> None:
    corpus = Invoices(100)
    pages = {
        len(pypdfium2.PdfDocument(corpus.load(entry.id.replace("tiff", "pdf")).document.data))
        for entry in corpus.entries()
        if entry.media_type == "image/tiff"
    }
    assert pages == {2, 3}


def test_every_layout_date_notation_and_accent_occurs() -> None:
    invoices = [compose(0, index) for index in range(1, 97)]
    assert {invoice.market.layout for invoice in invoices} == set(LAYOUTS)
    seen = {(each.market.layout, int(each.variant * len(LAYOUTS[each.market.layout].dates))) for each in invoices}
    assert seen == {(name, at) for name, layout in LAYOUTS.items() for at in range(len(layout.dates))}
    names = "".join(each.supplier + each.customer for each in invoices)
    assert set("äöüé") <= set(names)
    assert any(len(each.taxes) == 2 for each in invoices)
    assert {market.currency for market in MARKETS} == {"EUR", "GBP", "SEK", "CHF"}


def test_all_text_can_be_set_in_the_standard_fonts() -> None:
    for index in range(1, 200):
        invoice = compose(7, index)
        texts = [invoice.supplier, invoice.customer, *invoice.supplier_at.lines, *invoice.customer_at.lines]
        texts += [line.description + line.unit for line in invoice.lines]
        for text in texts:
            assert text == text.encode("cp1252").decode("cp1252")


@pytest.mark.parametrize("index", range(1, 17))
def test_nothing_is_drawn_over_anything_else(index: int) -> None:
    """No two values overlap, and none leaves the page's margins."""
    regions = [(pointer, region) for pointer, places in shape(index, "pdf").regions.items() for region in places]
    for at, (one, first) in enumerate(regions):
        assert first.left > 0.05
        assert first.right < 0.95
        for other, second in regions[at + 1 :]:
            across = min(first.right, second.right) - max(first.left, second.left)
            down = min(first.bottom, second.bottom) - max(first.top, second.top)
            # Regions reach from ascent to descent, so those of neighbouring lines touch.
            assert first.page != second.page or across < 0.001 or down < 0.003, (one, other)


def test_numbers_are_unique_within_a_corpus() -> None:
    numbers = [compose(0, index).number for index in range(1, 300)]
    assert len(set(numbers)) == len(numbers)


SCRIPT = """
import hashlib
from crumple_corpora.invoices import Invoices
from crumple_corpora.letters import Letters
for corpus, names in ((Invoices(8, seed=3), None), (Letters(17, seed=3), None)):
    for entry in reversed(corpus.entries()):
        case = corpus.load(entry.id)
        print(case.id, hashlib.sha256(case.document.data + repr((case.truth, case.regions)).encode()).hexdigest())
"""


def test_the_same_id_gives_the_same_bytes_in_another_process() -> None:
    """Another hash seed and another order of loading change nothing."""
    from crumple_corpora.letters import Letters

    here = {}
    for corpus in (Invoices(8, seed=3), Letters(17, seed=3)):
        for entry in corpus.entries():
            case = corpus.load(entry.id)
            described = repr((case.truth, case.regions)).encode()
            here[case.id] = hashlib.sha256(case.document.data + described).hexdigest()
    environment = os.environ | {"PYTHONHASHSEED": "4242"}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert dict(line.split() for line in result.stdout.splitlines()) == here


def test_seeds_differ_and_a_larger_corpus_begins_with_the_smaller() -> None:
    first = shape(1, "json").document.data
    assert Invoices(500, seed=3).load("invoice-0001.json").document.data == first
    assert Invoices(32, seed=4).load("invoice-0001.json").document.data != first


def test_a_corpus_travels_by_description() -> None:
    copy = pickle.loads(pickle.dumps(CORPUS))
    assert copy == CORPUS
    assert len(pickle.dumps(CORPUS)) < 300
    assert copy.load("invoice-0002.csv").document == shape(2, "csv").document


@pytest.mark.parametrize(
    "name", ["invoice-0000.pdf", "invoice-0033.pdf", "invoice-00001.pdf", "invoice-0001.docx", "letter-0001.txt", ""]
)
def test_an_unknown_case_is_an_error_that_says_what_there_is(name: str) -> None:
    with pytest.raises(CrumpleError, match=r"invoices, seed 3: no case .*invoice-0032"):
        CORPUS.load(name)


def test_the_image_of_the_other_kind_is_unknown() -> None:
    for index in GROUPS:
        with pytest.raises(CrumpleError):
            shape(index, "tiff" if f"invoice-{index:04d}.png" in CASES else "png")


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}, {"dpi": 10}])
def test_bad_arguments_are_refused_at_once(wrong: dict[str, int]) -> None:
    with pytest.raises(CrumpleError, match=f"invoices: {next(iter(wrong))} is "):
        Invoices(**({"count": 1} | wrong))  # type: ignore[arg-type]


def test_importing_and_listing_load_nothing_heavy() -> None:
    script = (
        "import sys; from crumple_corpora.invoices import Invoices; Invoices(300).entries();"
        "print(sorted({'faker', 'reportlab', 'pypdfium2', 'PIL', 'cv2'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"
