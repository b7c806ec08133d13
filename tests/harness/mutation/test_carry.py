"""What a mutator touched decides which fields are lost or new, without knowing how the truth is spelled."""

from typing import Any

import pytest
from numpy.random import Generator

from crumple import (
    ABSENT,
    ALL,
    AnyOf,
    Case,
    Cell,
    Degraded,
    Document,
    Edit,
    Extent,
    Member,
    NotApplicable,
    Pages,
    Pointer,
    Recipe,
    Record,
    Region,
    Span,
    Step,
    Table,
    Text,
    mutator,
)
from crumple.mutation.apply import degrade
from crumple.mutation.carry import carry
from crumple.mutation.located import Located
from crumple.truth import Expectation

CSV = b"number,description,quantity,amount\nINV-7,Paper,2,10.50\nINV-7,Ink,1,99.00\nINV-7,Pens,12,1.234\n"
LINES = [
    {"description": "Paper", "quantity": 2, "amount": 10.5},
    {"description": "Ink", "quantity": 1, "amount": 99},
    {"description": "Pens", "quantity": 12, "amount": 1.234},
]
TABLE = Case("i.csv", Document(CSV, "text/csv", "i.csv"), {"number": "INV-7", "lines": LINES})
JSON = b'{"invoice": {"no": "INV-7", "total": 110.73}, "when": "2024-03-05", "paid": 110.73}'
RECORD = Case(
    "i.json", Document(JSON, "application/json", "i.json"), {"no": "INV-7", "total": 110.73, "date": "2024-03-05"}
)
LETTER = "Invoice INV-7\nDate: 5 March 2024\nTotal: 1.234,50 EUR\n"
TEXT = Case(
    "i.txt",
    Document(LETTER.encode(), "text/plain", "i.txt"),
    {"no": "INV-7", "date": "2024-03-05", "total": 1234.5, "lines": 1},
)


def said(case: Case, kind: type, **says: Any) -> Expectation:
    """What is expected after a mutator of this view said so."""

    def function(view: Any, rng: Generator) -> Degraded[Any]:
        """Change something, and say so."""
        if isinstance(view, Pages):
            first = view[0] if len(view) > 1 else view[0].with_pixels(255 - view[0].pixels)
            return Degraded(Pages((first,)), **says)
        if isinstance(view, bytes):
            return Degraded(view + b"!", **says)
        if isinstance(view, Table):
            return Degraded(view.with_cells({Cell(0, 0): "changed"}), **says)
        if isinstance(view, Record):
            return Degraded(view.set({view.fields().__next__()[0]: "changed"}), **says)
        return Degraded(view.with_value(view.value + "!"), **says)

    function.__annotations__["view"] = kind
    made = mutator("test.said", truth=("same", "new", "lost"))(function)
    return degrade(case, Recipe((Step("test.said"),)), {"test.said": made}).expectation


def test_a_lost_cell_loses_the_field_of_its_own_row_only() -> None:
    assert said(TABLE, Table, lost=[Cell(2, 2)]).lost == {"/lines/1/quantity"}


def test_a_value_that_stands_elsewhere_too_is_not_lost() -> None:
    assert said(TABLE, Table, lost=[Cell(1, 0)]).lost == frozenset()
    assert said(TABLE, Table, lost=[Cell(row, 0) for row in (1, 2, 3)]).lost == {"/number"}


def test_a_lost_span_of_the_file_loses_the_cell_that_it_is_in() -> None:
    at = CSV.index(b"99.00")
    assert said(TABLE, Text, lost=[Span(at, at + 1)]).lost == {"/lines/1/amount"}
    assert said(TABLE, bytes, lost=[Extent(at, at + 1)]).lost == {"/lines/1/amount"}


def test_a_lost_pointer_loses_the_field_with_its_value() -> None:
    assert said(RECORD, Record, lost=[Pointer("/invoice/no")]).lost == {"/no"}


def test_a_field_is_told_from_another_of_the_same_value_by_its_name() -> None:
    assert said(RECORD, Record, lost=[Pointer("/invoice/total")]).lost == {"/total"}
    assert said(RECORD, Record, lost=[Pointer("/paid")]).lost == frozenset()


def test_a_value_is_found_in_running_text_in_any_notation() -> None:
    for wanted, path in (("5 March 2024", "/date"), ("1.234,50", "/total"), ("INV-7", "/no")):
        at = LETTER.index(wanted)
        assert path in said(TEXT, Text, lost=[Span(at, at + 2)]).lost


def test_bytes_beyond_the_text_count_in_bytes() -> None:
    case = Case("u.txt", Document("Zahlung für Müller & Söhne: 42,10".encode(), "text/plain", "u.txt"), {"total": 42.1})
    at = case.document.data.index(b"42,10")
    assert said(case, bytes, lost=[Extent(at, at + 1)]).lost == {"/total"}
    assert said(case, bytes, lost=[Extent(0, at)]).lost == frozenset()


def test_all_lost_is_the_whole_answer() -> None:
    assert said(TABLE, bytes, lost=ALL).lost == {""}


def test_dropped_and_doubled_rows_change_the_list_that_goes_with_them() -> None:
    now = said(TABLE, Table, truth=Edit(rows=(1, 3, 3)))
    assert now.truth == {"number": "INV-7", "lines": [LINES[0], LINES[2], LINES[2]]}
    assert now.lost == frozenset()


def test_what_stood_in_dropped_rows_alone_is_lost() -> None:
    now = said(TABLE, Table, truth=Edit(rows=()))
    assert now.truth == {"number": "INV-7", "lines": []}
    assert now.lost == {"/number"}


def test_several_right_answers_stay_several() -> None:
    now = said(TABLE, Table, truth=AnyOf(Edit(rows=(1,)), Edit(rows=(1, 2), values={Cell(2, 3): 9})))
    first = {"number": "INV-7", "lines": [LINES[0]]}
    second = {"number": "INV-7", "lines": [LINES[0], {**LINES[1], "amount": 9}]}
    assert now.truth == AnyOf(first, second)


def test_a_table_truth_with_its_header_keeps_it() -> None:
    rows = [line.split(",") for line in CSV.decode().splitlines()]
    case = Case("t.csv", TABLE.document, rows)
    assert said(case, Table, truth=Edit(rows=(2,))).truth == [rows[0], rows[2]]


def test_a_new_value_takes_the_place_of_the_old_one() -> None:
    assert said(RECORD, Record, truth=Edit(values={Pointer("/when"): None})).truth == {
        "no": "INV-7",
        "total": 110.73,
        "date": None,
    }


def test_a_document_that_contradicts_itself_has_two_right_answers() -> None:
    now = said(TABLE, Table, truth=Edit(values={Cell(1, 0): "INV-8"}))
    assert isinstance(now.truth, dict)
    assert now.truth["number"] == AnyOf("INV-7", "INV-8")


def test_a_number_that_was_worked_out_may_be_another_one_now() -> None:
    case = Case("s.csv", TABLE.document, {"sum": 110.734, "lines": LINES})
    with pytest.raises(NotApplicable, match="cannot tell the new answer: /sum"):
        said(case, Table, truth=Edit(rows=(1,)))


def test_a_list_that_does_not_go_with_the_rows_cannot_be_edited() -> None:
    case = Case("s.csv", TABLE.document, {"items": ["Paper"]})
    with pytest.raises(NotApplicable, match="no list in the truth goes with the rows"):
        said(case, Table, truth=Edit(rows=(1,)))


def test_without_a_truth_a_new_one_cannot_be_said() -> None:
    case = Case("t.csv", TABLE.document, ABSENT)
    with pytest.raises(NotApplicable, match="there is no truth"):
        said(case, Table, truth=Edit(rows=(1,)))
    assert said(case, Table, lost=[Cell(1, 1)]) == Expectation(ABSENT)


def test_a_transcription_loses_only_what_was_touched() -> None:
    prose = "one two three four five six seven eight nine ten"
    case = Case("p.txt", Document(prose.encode(), "text/plain", "p.txt"), prose)
    now = said(case, Text, lost=[Span(4, 8)])
    assert now.truth == AnyOf(prose, "one three four five six seven eight nine ten")
    assert now.lost == frozenset()


def test_list_items_on_a_doubled_page_may_be_read_twice() -> None:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    pages = [Image.new("L", (40, 40), shade) for shade in (250, 200)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    regions = {"/lines/0": (Region(0, 0, 0, 1, 0.1),), "/lines/1": (Region(1, 0, 0, 1, 0.1),), "/no": (Region(0),)}
    case = Case(
        "p.tiff", Document(buffer.getvalue(), "image/tiff", "p.tiff"), {"no": "7", "lines": ["a", "b"]}, regions=regions
    )
    now = said(case, Pages, truth=AnyOf(Edit(), Edit(repeated=(Region(0),))))
    assert now.truth == AnyOf({"no": "7", "lines": ["a", "b"]}, {"no": "7", "lines": ["a", "a", "b"]})
    assert said(case, Pages, lost=[Region(1)]).lost == {"/lines/1"}


def test_where_nobody_knows_what_stood_there_anything_may_be_left_out() -> None:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (40, 40), 250).save(buffer, "PNG")
    case = Case("p.png", Document(buffer.getvalue(), "image/png", "p.png"), {"no": "7"})
    assert said(case, bytes, lost=[Region(0, 0, 0, 0.1, 0.1)]).lost == {""}


def test_a_new_value_inside_a_longer_text_changes_that_part_alone() -> None:
    prose = "Please deliver on 5 March 2024 at noon, to the back door"
    case = Case("p.txt", Document(prose.encode(), "text/plain", "p.txt"), {"note": prose})
    at = prose.index("5 March")
    now = said(case, Text, truth=Edit(values={Span(at, at + len("5 March 2024")): "2024-05-03"}))
    assert now.truth == {"note": "Please deliver on 2024-05-03 at noon, to the back door"}


@pytest.mark.parametrize("kind", [Span, Extent])
def test_a_place_is_touched_as_if_every_pair_were_compared(kind: Any) -> None:
    from crumple.places import overlap, touching

    places = [kind(5, 7), kind(1, 2), kind(6, 9), kind(20, 21)]
    test = touching(places)
    for start in range(23):
        for end in range(start + 1, 24):
            assert test(kind(start, end)) == any(overlap(kind(start, end), place) for place in places)


@pytest.mark.parametrize("derived", [{"total": "110.734"}, {"total": 110.734}, {"count": 12}, {"highest": 99}])
def test_what_may_have_been_worked_out_from_the_rows_cannot_be_told_once_they_change(derived: Any) -> None:
    """A sum as text, and a count or a maximum that stands among the cells by chance or because it is one of them."""
    case = Case("s.csv", TABLE.document, {"lines": LINES, **derived})
    with pytest.raises(NotApplicable, match=f"cannot tell the new answer: /{next(iter(derived))}"):
        said(case, Table, truth=Edit(rows=(1, 3)))


def test_a_table_that_is_its_own_transcription_cannot_be_told_once_its_rows_change() -> None:
    case = Case("s.csv", TABLE.document, CSV.decode())
    with pytest.raises(NotApplicable, match="cannot tell the new answer"):
        said(case, Table, truth=Edit(rows=()))


def test_a_value_of_several_words_is_lost_when_one_of_them_is_covered() -> None:
    import io

    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 200), invariant=True)
    canvas.drawString(50, 150, "Harbour Trading and Sons")
    canvas.drawString(50, 50, "Number 4711")
    canvas.save()
    case = Case(
        "p.pdf",
        Document(buffer.getvalue(), "application/pdf", "p.pdf"),
        {"firm": "Harbour Trading and Sons", "no": 4711},
    )
    assert said(case, Pages, lost=[Region(0, 0.1, 0.2, 0.2, 0.3)]).lost == {"/firm"}
    assert said(case, Pages, lost=[Region(0, 0.0, 0.7, 1.0, 0.8)]).lost == {"/no"}


def test_true_false_and_several_right_answers_are_found_too() -> None:
    data = b'{"paid": true, "open": false, "total": 12.5}'
    truth = {"paid": True, "open": False, "total": AnyOf(12.5, "12.50 EUR")}
    case = Case("r.json", Document(data, "application/json", "r.json"), truth)
    assert said(case, Record, truth=Edit(values={Pointer("/paid"): None})).truth == {**truth, "paid": None}
    assert said(case, Record, lost=[Pointer("/total")]).lost == {"/total"}
    assert said(case, bytes, lost=[Extent(0, 20)]).lost == {"/paid"}


def test_of_equal_cells_in_a_row_the_one_in_the_fields_own_column_is_meant() -> None:
    """With one piece the price and the amount are the same; which is which, the other rows and the header say."""
    data = b"item,pieces,price,amount\nInk,2,4.5,9.0\nPen,1,3.25,3.25\n"
    lines = [{"amount": 9.0, "price": 4.5}, {"amount": 3.25, "price": 3.25}]
    case = Case("e.csv", Document(data, "text/csv", "e.csv"), {"lines": lines})
    assert said(case, Table, lost=[Cell(2, 3)]).lost == {"/lines/1/amount"}
    assert said(case, Table, lost=[Cell(2, 2)]).lost == {"/lines/1/price"}
    one = Case("o.csv", Document(data[:24] + b"\nPen,1,3.25,3.25\n", "text/csv", "o.csv"), {"lines": lines[1:]})
    assert said(one, Table, lost=[Cell(1, 3)]).lost == {"/lines/0/amount"}


def test_what_is_left_of_a_number_is_a_number() -> None:
    now = said(TABLE, Table, truth=Edit(values={Cell(2, 3): "99."}))
    assert isinstance(now.truth, dict)
    assert now.truth["lines"][1]["amount"] == 99


def test_of_several_records_each_loses_the_fields_that_were_touched() -> None:
    """A choice of whole answers, be it the user's or left by an earlier step, has fields as one answer has."""
    lines: list[Any] = LINES
    one, other = ({"number": number, "lines": lines} for number in ("INV-7", "INV 7"))
    case = Case("i.csv", TABLE.document, AnyOf(one, other))
    now = said(case, Table, lost=[Cell(2, 3)])
    assert now == Expectation(AnyOf(one, other), frozenset({"/lines/1/amount"}))
    edited: Any = said(case, Table, truth=Edit(values={Cell(1, 3): 11})).truth
    assert [option["lines"][0]["amount"] for option in edited.options] == [11, 11]


def test_what_is_lost_after_a_row_was_doubled_is_lost_of_both_answers() -> None:
    def doubled(table: Table, rng: Generator) -> Degraded[Table]:
        """Double the first row."""
        return Degraded(table.taken([0, 1, 1, 2, 3]), AnyOf(Edit(), Edit(rows=(0, 1, 1, 2, 3))))

    def blotted(table: Table, rng: Generator) -> Degraded[Table]:
        """Lose the last amount."""
        last = Cell(len(table.rows) - 1, 3)
        return Degraded(table.with_cells({last: "?"}), lost=[last])

    steps = {name: mutator(f"test.{name}", level=3)(each) for name, each in (("a", doubled), ("b", blotted))}
    recipe = Recipe((Step("test.a", {}, 1), Step("test.b", {}, 1)))
    now = degrade(TABLE, recipe, {f"test.{name}": each for name, each in steps.items()}).expectation
    lines: list[Any] = LINES
    assert now.truth == AnyOf({"number": "INV-7", "lines": lines}, {"number": "INV-7", "lines": [lines[0], *lines]})
    assert now.lost == {"/lines/2/amount", "/lines/3/amount"}


def test_a_number_that_stands_nowhere_is_lost_with_those_that_it_is_worked_out_from() -> None:
    lines: list[Any] = LINES
    case = Case("i.csv", TABLE.document, {"number": "INV-7", "lines": lines, "total": 110.734, "kind": "invoice"})
    assert said(case, Table, lost=[Cell(2, 3)]).lost == {"/lines/1/amount", "/total"}
    assert said(case, Table, lost=[Cell(2, 1)]).lost == {"/lines/1/description"}
    alone = Case("i.csv", TABLE.document, {"total": 110.734, "kind": "invoice"})
    assert said(alone, Table, lost=[Cell(2, 3)]).lost == {"/total"}


def test_where_two_fields_share_their_places_neither_is_surely_untouched() -> None:
    """The 100 of the quantity may be the one that was hit: that of the number stands, and so does the total."""
    text = "Number: 100\nQuantity: 100\nTotal: 100.00\nPlace: Rome\n"
    truth = {"number": "100", "quantity": 100, "total": 100.0, "at": "Rome"}
    case = Case("d.txt", Document(text.encode(), "text/plain", "d.txt"), truth)
    assert said(case, Text, lost=[Span(8, 9)]).lost == {"/number", "/quantity", "/total"}
    alone = Case("d.txt", case.document, {"quantity": 100, "at": "Rome"})
    assert said(alone, Text, lost=[Span(8, 9)]).lost == frozenset()


def test_a_value_is_looked_for_in_the_column_of_its_name() -> None:
    rows = b"city,customer,goods\nOak,Oak,Oak\nOak,Oak,Pine\nOak,Oak,Oak\n"
    case = Case("o.csv", Document(rows, "text/csv", "o.csv"), {"city": "Oak", "customer": "Oak"})
    assert said(case, Table, lost=[Cell(1, 0), Cell(2, 0)]).lost == {"/city"}
    assert said(case, Table, lost=[Cell(1, 2), Cell(3, 2)]).lost == frozenset()


def test_a_record_that_stands_in_several_parts_is_not_lost_with_one_of_them() -> None:
    """All fields of a part stand in one place, the part; that does not make them rivals for it."""
    located = Located(
        {path: ((Member("a.csv"),), (Member("b.csv"),), (Member("c.csv"),)) for path in ("/x", "/y", "/z", "/u")},
        frozenset(),
        known=True,
        convert=lambda place, kind: None,
    )
    assert located.at([Member("a.csv")]) == frozenset()
    assert located.at([Member(name) for name in ("a.csv", "b.csv", "c.csv")]) == {"/x", "/y", "/z", "/u"}


def test_a_transcription_of_a_page_loses_the_words_that_were_covered() -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    places = tuple(Region(0, at / 10, 0, (at + 1) / 10, 0.1) for at in range(10))
    located = Located({"": (places,)}, frozenset(), known=True, convert=lambda place, kind: place)
    stamp: Degraded[object] = Degraded(None, lost=[Region(0, 0.12, 0, 0.25, 1)])
    now, gone = carry(stamp, " ".join(words), frozenset(), located)
    assert now == AnyOf(" ".join(words), " ".join([words[0], *words[3:]]))
    assert not gone
    nobody_knows = Located({"": ((Region(0),),)}, frozenset(), known=True, convert=lambda place, kind: place)
    assert carry(stamp, " ".join(words), frozenset(), nobody_knows) == (" ".join(words), frozenset({""}))


def test_a_round_number_is_no_longer_for_its_decimals() -> None:
    """The 1.0 of a mail's version is not the 1.00 of its price."""
    text = "Version: 1.0\nPrice: 1.00\nMore: 1\nTotal: 123.00\n"
    case = Case("v.txt", Document(text.encode(), "text/plain", "v.txt"), {"price": 1.0, "total": 123.0})
    assert said(case, Text, lost=[Span(20, 21)]).lost == {"/price"}


READINGS = b"meter,at,kw\nA,1,4.5\nA,2,24.5\nA,3,22.9\nA,4,7.25\n"
NESTED = (
    b'{"meter": "A", "limit": 99.5, "readings": [{"at": 1, "kw": 4.5}, {"at": 2, "kw": 24.5}, {"at": 3, "kw": 22.9}]}'
)
REWORKED = "the right answer may be worked out from what has changed: /highest"


def read_from(data: bytes, name: str, truth: Any) -> Case:
    return Case(name, Document(data, "text/csv" if name.endswith("csv") else "application/json", name), truth)


@pytest.mark.parametrize("truth", [{"highest": 24.5}, {"highest": "24,5", "meter": "A"}, {"highest": 4.5}])
def test_a_number_worked_out_from_a_column_cannot_be_told_once_another_of_it_has_changed(truth: Any) -> None:
    """Where the other one is lost, so is what may have been worked out from it."""
    case = read_from(READINGS, "r.csv", truth)
    with pytest.raises(NotApplicable, match=REWORKED):
        said(case, Table, truth=Edit(values={Cell(3, 2): "45.8"}))
    assert said(case, Table, lost=[Cell(3, 2)]).lost == {"/highest"}


def test_a_number_worked_out_from_a_list_cannot_be_told_once_another_of_it_has_changed() -> None:
    case = read_from(NESTED, "r.json", {"highest": 24.5})
    with pytest.raises(NotApplicable, match=REWORKED):
        said(case, Record, truth=Edit(values={Pointer("/readings/2/kw"): 45.8}))
    assert said(case, Record, lost=[Pointer("/readings/2/kw")]).lost == {"/highest"}
    summed = read_from(NESTED, "r.json", {"highest": 24.5, "sum": 51.9})
    assert said(summed, Record, lost=[Pointer("/readings/2/kw")]).lost == {"/highest", "/sum"}
    assert said(case, Record, truth=Edit(values={Pointer("/limit"): 1})) == Expectation({"highest": 24.5})
    assert said(case, Record, lost=[Pointer("/readings/2/at")]) == Expectation({"highest": 24.5})


@pytest.mark.parametrize(
    "says",
    [
        {"truth": Edit(values={Cell(3, 1): "9"})},
        {"truth": Edit(values={Cell(3, 2): AnyOf(None, "pending")})},
        {"lost": [Cell(3, 0)]},
        {"lost": [Cell(0, 2)]},
    ],
    ids=["a number of another column", "another number is missing", "a word", "the header"],
)
def test_a_number_of_a_column_stays_where_something_else_has_changed(says: Any) -> None:
    assert said(read_from(READINGS, "r.csv", {"highest": 24.5}), Table, **says) == Expectation({"highest": 24.5})


def test_what_is_cut_off_is_no_other_number_of_the_column() -> None:
    """The highest of what is left of a file that was cut off is wrong, and where the highest is left it is right."""
    case, at = read_from(READINGS * 9, "r.csv", {"highest": 24.5, "kw": 1}), len(READINGS)
    assert said(case, Text, lost=[Span(at, len(READINGS) * 9)]).truth == {"highest": 24.5, "kw": 1}


def test_a_sum_that_stands_nowhere_goes_with_the_numbers_of_the_table() -> None:
    case = read_from(READINGS, "r.csv", {"sum": 59.15, "meter": "A"})
    assert said(case, Table, lost=[Cell(3, 2)]).lost == {"/sum"}
    with pytest.raises(NotApplicable, match="cannot tell the new answer: /sum"):
        said(case, Table, truth=Edit(values={Cell(3, 2): "45.8"}))


def test_an_invoice_whose_lines_are_all_in_the_truth_goes_on_being_followed() -> None:
    edited = said(TABLE, Table, truth=Edit(values={Cell(2, 3): "198.00"}))
    assert edited.truth["lines"][1]["amount"] == 198  # type: ignore[index,call-overload]
    assert said(TABLE, Table, lost=[Cell(2, 3)]).lost == {"/lines/1/amount"}
    named = read_from(READINGS, "r.csv", {"1": 4.5, "2": 24.5, "3": 22.9, "4": 7.25})
    assert said(named, Table, lost=[Cell(3, 2)]).lost == {"/3"}
