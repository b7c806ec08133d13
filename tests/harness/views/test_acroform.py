"""Forms in PDF files: read as a record, filled in and drawn on by updates that leave the file's own bytes alone."""

import io
import re

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import (
    AcroForm,
    Document,
    FilledForm,
    NotApplicable,
    Record,
    Region,
    Unreadable,
    field_regions,
    identify,
    read,
    words,
    write,
)
from crumple.views.acroform_fields import paths_of
from crumple_mutators.form.example import FORM

DATA = FORM[1]


def document(data: bytes = DATA) -> Document:
    return Document(data, "application/pdf", "form.pdf")


def as_others_read_it(data: bytes) -> dict[str, str]:
    """Every field's value as pypdf has it, by its full name."""
    return {
        name: str(field.get("/V")) for name, field in (pypdf.PdfReader(io.BytesIO(data)).get_fields() or {}).items()
    }


def as_shown(data: bytes) -> str:
    """The words on the first page once its fields are drawn into it."""
    import pypdfium2.raw as raw

    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()
    raw.FPDFPage_Flatten(pdf[0], raw.FLAT_NORMALDISPLAY)
    flat = io.BytesIO()
    pdf.save(flat)
    return " ".join(word for word, _ in words(document(flat.getvalue())))


def with_table_as_stream(data: bytes) -> bytes:
    """The same PDF with its table of objects in a stream, as newer writers make them."""
    body = data[: data.rindex(b"xref\n0 ")]
    starts = [match.start() for match in re.finditer(rb"^\d+ 0 obj$", body, re.MULTILINE)]
    size = len(starts) + 2
    rows = b"\0" * 5 + b"".join(b"\1" + at.to_bytes(3, "big") + b"\0" for at in (*starts, len(body)))
    said = f"/Type /XRef /Size {size} /W [1 3 1] /Root 1 0 R /Length {len(rows)}".encode()
    table = b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (size - 1, said, rows)
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def test_a_form_is_a_record_of_texts_ticks_and_choices():
    assert identify(DATA, "form.pdf") == "application/pdf"
    assert read(document(), Record).value == {
        "applicant": "Maria Jensen",
        "city": "Oldenburg",
        "postcode": "26121",
        "since": "05.03.2011",
        "first_item": "Washing machine",
        "second_item": "Carpet, blue",
        "notes": "Please call in the afternoon.",
        "insured": True,
        "newsletter": False,
        "cause": "fire",
    }


def test_what_was_not_changed_is_written_back_byte_for_byte():
    for view in (read(document(), AcroForm), read(document(), FilledForm)):
        assert write(view, document()).data == DATA
    same = read(document(), AcroForm).set({"/city": "Oldenburg"})
    assert write(same, document()).data == DATA


@pytest.mark.parametrize("data", [DATA, with_table_as_stream(DATA)], ids=["table", "stream"])
def test_new_values_stand_behind_the_old_bytes_and_every_reader_has_them(data):
    changed = read(document(data), AcroForm).set(
        {
            "/applicant": "Zoë Müller & Søn",
            "/newsletter": True,
            "/insured": False,
            "/cause": "water",
            "/postcode": "04109",
        }
    )
    written = write(changed, document(data)).data
    assert written.startswith(data)
    assert read(document(written), AcroForm).value == changed.value
    others = as_others_read_it(written)
    assert (others["applicant"], others["newsletter"], others["insured"], others["cause"]) == (
        "Zoë Müller & Søn",
        "/Yes",
        "/Off",
        "/water",
    )
    shown = as_shown(written)
    assert "Zoë Müller & Søn" in shown
    assert "Maria" not in shown
    assert "0 4 1 0 9" in shown or "04109" in shown


def test_an_update_can_follow_another():
    data = DATA
    for city in ("Leer", "Emden", "Jever"):
        data = write(read(document(data), AcroForm).set({"/city": city}), document(data)).data
    assert as_others_read_it(data)["city"] == "Jever"


def test_a_field_that_is_removed_is_empty():
    written = write(read(document(), AcroForm).remove("/city", "/cause"), document()).data
    found = read(document(written), AcroForm)
    assert (found.get("/city"), found.get("/cause")) == ("", None)
    assert "Oldenburg" not in as_shown(written)


def test_long_text_gets_smaller_and_what_cannot_be_shown_is_not_taken():
    form = read(document(), AcroForm)
    assert form.takes("/city", "Bad Zwischenahn am Meer, Ortsteil")
    for path, value in (
        ("/city", "x" * 200),
        ("/city", "Łódź"),
        ("/city", "two\nlines"),
        ("/city", 5),
        ("/city", True),
        ("/postcode", "261210"),
        ("/cause", "storm"),
        ("/insured", "yes"),
        ("/insured", None),
        ("/nowhere", "x"),
        ("/notes", "\udc80"),
    ):
        assert not form.takes(path, value), (path, value)
        with pytest.raises(NotApplicable):
            form.set({path: value})
    assert form.takes("/notes", "two\nlines")


def test_names_are_nested_by_dots_and_lists_are_lists():
    from oracles.orders import ORDER, case

    found = read(case("order.pdf").document, AcroForm).value
    assert [line["description"] for line in found["lines"]] == [line["description"] for line in ORDER["lines"]]
    assert paths_of(["a.b", "a.c"]) == ["/a/b", "/a/c"]
    assert paths_of(["a", "a.c"]) == ["/a", "/a.c"]
    assert len(set(paths_of(["a", "a", "b~/"]))) == 3


@given(st.lists(st.text("ab.", max_size=5), max_size=6))
def test_every_field_has_a_pointer_of_its_own(names):
    paths = paths_of(names)
    assert len(set(paths)) == len(names)
    assert not any(one != other and other.startswith(one + "/") for one in paths for other in paths)


def test_regions_are_where_the_values_are_shown():
    regions = field_regions(document())
    (region,) = regions["/applicant"]
    assert (region.left, region.top) == pytest.approx((20 / 420, 1 - 266 / 300))
    assert len(regions["/cause"]) == 1  # the box that is ticked
    assert regions["/cause"][0].left == pytest.approx(220 / 420)


def test_a_turned_page_has_its_regions_as_it_is_shown_but_no_sheet_to_write_on():
    turned = DATA.replace(b"/MediaBox [0 0 420 300] ", b"/MediaBox[0 0 420 300]/Rotate 90 ")
    turned = _mended(turned)
    (region,) = field_regions(document(turned))["/applicant"]
    assert region == Region(0, *map(pytest.approx, (1 - (1 - 250 / 300), 20 / 420, 1 - (1 - 266 / 300), 170 / 420)))
    with pytest.raises(Unreadable, match="turned"):
        read(document(turned), FilledForm)


def _mended(data: bytes) -> bytes:
    """A PDF whose objects were changed, with a table that says where they are now."""
    body = data[: data.rindex(b"xref\n0 ")]
    starts = [match.start() for match in re.finditer(rb"^\d+ 0 obj$", body, re.MULTILINE)]
    table = b"".join(b"%010d 00000 n \n" % at for at in starts)
    size = len(starts) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 nothing", "no form"),
        (b"junk" + DATA, "header"),
        (DATA[: len(DATA) // 2], "end"),
        (DATA + b"z" * 5000, "end"),
        (DATA.replace(b"startxref\n", b"startxref\n9"), "table of objects"),
        (_mended(DATA.replace(b"/AcroForm << ", b"/AcroForm << /XFA (x) ")), "XFA"),
        (_mended(DATA.replace(b"/AcroForm << ", b"/AcroForm << /SigFlags 3 ")), "signed"),
        (_mended(re.sub(rb"/Fields \[[^]]*\]", b"/Fields []", DATA)), "no form"),
        (b"%PDF-1.7 /AcroForm " + b"x\n" * 1_000_000, "end"),
        (b"%PDF-1.7 /AcroForm\0", "end"),
    ],
)
def test_what_is_no_form_that_can_be_filled_in_is_unreadable_with_a_reason(data, reason):
    for view in (AcroForm, FilledForm):
        with pytest.raises(Unreadable, match=reason):
            read(document(data), view)


def test_fields_that_hold_each_other_are_unreadable():
    kids = _mended(re.sub(rb"/Fields \[(\d+)", rb"/Fields [\1 0 R \1", DATA))
    with pytest.raises(Unreadable, match="hold each other"):
        read(document(kids), AcroForm)


def test_an_encrypted_form_is_unreadable():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(DATA))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Unreadable, match="encrypted"):
        read(document(out.getvalue()), AcroForm)


@settings(max_examples=60, deadline=None)
@given(st.integers(9, len(DATA) - 1), st.binary(min_size=1, max_size=4), st.booleans())
def test_a_damaged_form_is_read_and_written_or_refused_with_a_reason(at, junk, cut):
    data = DATA[:at] + junk + (DATA[at + len(junk) :] if not cut else DATA[at:])
    try:
        form = read(document(data), AcroForm)
        path = next(path for path, field in form.boxes.items() if field.kind == "text")
        assert write(form.set({path: "new"}), document(data)).data.startswith(data)
    except (NotApplicable, StopIteration):
        pass


def test_what_is_drawn_lies_over_the_page_and_its_field_is_gone():
    from reportlab.pdfgen.canvas import Canvas

    form, overlay = read(document(), FilledForm), io.BytesIO()
    canvas = Canvas(overlay, pagesize=form.sizes[0], invariant=1)
    canvas.drawString(30, 253, "Somebody Else")
    canvas.save()
    view = form.written_on({0: overlay.getvalue()}, "/applicant", "/cause")
    written = write(view, document()).data
    assert written == write(view, document()).data
    assert written.startswith(DATA)
    found = read(document(written), AcroForm).value
    assert "applicant" not in found
    assert "cause" not in found
    assert found["city"] == "Oldenburg"
    assert "Somebody Else" in as_shown(written)
    assert "Jensen" not in as_shown(written)
