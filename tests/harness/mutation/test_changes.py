"""Changes of a step told apart: some kept, the others undone, and what is lost then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from crumple import (
    Case,
    Degraded,
    Document,
    Ladder,
    NotApplicable,
    Page,
    Pointer,
    Recipe,
    Span,
    Step,
    Text,
    identify,
    mutator,
)
from crumple.mutation.action import act
from crumple.mutation.apply import degrade
from crumple.mutation.cache import ViewCache
from crumple.mutation.changes.numbers import chosen
from crumple.mutation.changes.sequences import coarse, differing
from crumple.mutation.changes.telling import changes, may_be_told
from crumple.mutation.changes.told import Changes
from crumple.mutation.conformance import _bytes, _seen, _suits
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.mutation.samples import samples
from crumple.truth import Edit
from crumple.views.dependency import Dependency
from crumple.views.format import read
from crumple.views.inputs import Inputs
from crumple.views.pages import Pages
from crumple.views.parts import Parts
from crumple.views.record import Record
from crumple.views.table import Table
from crumple_corpora.invoices import Invoices

MUTATORS = discover().mutators
WORDS = Ladder(0.1, 0.2, 0.4, 0.7, 1.0, unit="share of words", zero=0)
LETTER = Document(b"Name: Ann Lee\nCity: Oslo\nOrder: 4711\n", "text/plain", "a.txt")
CASE = Case("c", LETTER, {"name": "Ann Lee", "city": "Oslo", "order": 4711})


@mutator("test.blotted", share=WORDS, truth="lost")
def blotted(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Blot out a name and a city, for good."""
    spans = [Span(at, at + len(word)) for word in ("Ann Lee", "Oslo") for at in (text.value.index(word),)]
    value = text.value.replace("Ann Lee", "### ###").replace("Oslo", "####")
    return Degraded(text.with_value(value), lost=spans, touched=spans)


@mutator("test.renamed", share=WORDS, truth="new")
def renamed(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write another name and another city."""
    values = {Span(6, 13): "Bob Ray", Span(20, 24): "Rome"}
    value = text.value.replace("Ann Lee", "Bob Ray").replace("Oslo", "Rome")
    return Degraded(text.with_value(value), truth=Edit(values=values))


@mutator("test.turned", share=WORDS)
def turned(text: Text, share: float, rng: Generator) -> Text:
    """Write the lines from the last to the first."""
    return text.with_value("".join(text.value.splitlines(keepends=True)[::-1]))


TESTED = {each.name: each for each in (blotted, renamed, turned)}


def made(recipe: str, case: Case = CASE, mutators: dict[str, Mutator] | None = None) -> Any:
    return degrade(case, Recipe.parse(recipe), mutators or {**MUTATORS, **TESTED}, counts=True)


def told(mutator: Mutator, before: object, after: object) -> Changes:
    found = changes(mutator, before, Degraded(after), "text/plain")
    assert isinstance(found, Changes), found
    return found


def shares(view: type) -> Mutator:
    """A mutator of a share of many things alike."""
    return replace(blotted, view=view, truth=("same",))


def test_what_is_lost_is_lost_only_where_its_change_is_kept() -> None:
    assert made("test.blotted(share=1.0,seed=1)").expectation.lost == {"/name", "/city"}
    one = made('test.blotted(share=1.0,only="2",seed=1)')
    assert one.document.data == b"Name: Ann Lee\nCity: ####\nOrder: 4711\n"
    assert (one.expectation.lost, one.touched) == ({"/city"}, (Span(20, 24),))


def test_changes_are_counted_in_the_order_of_the_document_and_only_when_asked() -> None:
    assert made("test.blotted(share=1.0,seed=1)").changes == (3,)
    assert made('test.blotted(share=1.0,only="1",seed=1)').document.data.startswith(b"Name: Ann ###\nCity: Oslo")
    assert degrade(CASE, Recipe.parse("test.blotted(share=1.0,seed=1)"), TESTED).changes == ()
    assert made("test.blotted(share=1.0,seed=1) > encoding.bom(seed=1) > test.turned(share=1.0,seed=1)").changes[0] == 3


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ('test.blotted(share=1.0,only="2-3",seed=1)', "it makes only 3 changes, from 0 to 2"),
        ('test.blotted(share=1.0,only="2-1",seed=1)', "keeps none of its 3 changes"),
        ('test.renamed(share=1.0,only="0",seed=1)', "the right answer hangs on all of its changes together"),
        ('test.turned(share=1.0,only="0",seed=1)', "it makes one change"),
        ('encoding.utf16(form="little-endian",only="0",seed=1)', "its changes cannot be told apart"),
    ],
)
def test_what_cannot_be_kept_alone_does_not_apply(step: str, reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        made(step)


def test_all_changes_kept_are_the_whole_step() -> None:
    assert made('test.blotted(share=1.0,only="0-2",seed=1)') == made("test.blotted(share=1.0,seed=1)")


def test_a_step_with_only_stands_in_a_recipe_like_any_other() -> None:
    recipe = 'test.blotted(share=1.0,only="2",seed=1) > test.turned(share=1.0,seed=1)'
    assert made(recipe).document.data == b"Order: 4711\nCity: ####\nName: Ann Lee\n"
    with pytest.raises(NotApplicable, match="undone"):
        made("test.turned(share=1.0,seed=1) > test.turned(share=1.0,seed=1) > encoding.bom(seed=1)")


def smallest(mutator: Mutator) -> Sequence[Document]:
    """The documents that a mutator is tried on here, the smallest first; pages as one picture."""
    data = [(name, each.encode() if isinstance(each, str) else each) for name, each in mutator.examples]
    own = [Document(each, identify(each, name), name) for name, each in data]
    suiting = [each for each in (*own, *samples()) if _suits(mutator, each)]
    return sorted(suiting, key=lambda each: (each.name == "a.tiff", len(each.data)))


def equal(one: object, other: object, document: Document) -> bool:
    if isinstance(one, Record) and isinstance(other, Record) and not one.lines:
        return bool(one.value == other.value)
    return one == other or _bytes(one, document) == _bytes(other, document)


@pytest.mark.parametrize("view", sorted({each.view.__name__ for each in MUTATORS.values() if may_be_told(each)}))
def test_of_every_mutator_all_changes_make_what_it_made_and_none_the_clean_document(view: str) -> None:
    for each in MUTATORS.values():
        if each.view.__name__ != view or not may_be_told(each):
            continue
        step = each.step(5 if each.ladder else each.level, 20)
        for document in smallest(each):
            before = _seen(each, document)
            try:
                said = act(each, before, step)
            except NotApplicable:
                continue
            found = changes(each, before, said, document.media_type)
            if isinstance(found, Changes) and len(found):
                assert equal(found.made(frozenset(range(len(found)))), said.view, document), (each.name, document.name)
                assert equal(found.made(frozenset()), before, document), (each.name, document.name)
            break


def test_text_is_told_apart_by_words_and_what_moved_is_one_change() -> None:
    before = Text("one two three\nfour five\nsix, seven\n")
    after = Text("one 2wo three\nfour f1ve\nsix, sev3n\n")
    found = told(shares(Text), before, after)
    assert [place for (place,) in found.places] == [Span(4, 7), Span(19, 23), Span(29, 34)]
    assert found.made(frozenset({1})).value == "one two three\nfour f1ve\nsix, seven\n"
    moved = told(shares(Text), before, Text("four five\none two thr33\nsix, seven\n"))
    assert len(moved) == 1


def test_words_that_vanish_unsaid_are_elsewhere_and_cannot_be_undone_one_by_one() -> None:
    """As the cells below one that spans several rows."""
    gone = changes(shares(Text), Text("oak 1\noak 2\noak 3\n"), Degraded(Text("oak 1\n2\n3\n")), "text/html")
    assert gone == "its changes cannot be told apart"


def test_a_sign_that_may_be_another_than_it_seems_does_not_hold_two_changes_apart() -> None:
    found = told(shares(Text), Text("<td>0117</td>"), Text("<td>01<b></b>17</td>"))
    assert len(found) == 1


def test_cells_rows_and_columns_of_a_table() -> None:
    before = Table.parsed(Text("a,b\n1,2\n3,4\n5,6\n"))
    cells = told(shares(Table), before, Table.parsed(Text("a,b\n1,x\n3,4\n5,y\n")))
    assert cells.made(frozenset({1})).text.value == "a,b\n1,2\n3,4\n5,y\n"
    rows = told(shares(Table), before, Table.parsed(Text("a,b\n\n1,2\n3,4\n,\n5,6\n"), before.dialect))
    assert rows.made(frozenset({0})).text.value == "a,b\n\n1,2\n3,4\n5,6\n"
    swapped = Table.parsed(Text("b,a\n2,1\n4,3\n6,5\n"))
    columns = replace(shares(Table), ladder=Ladder(0.1, 0.2, 0.4, 0.7, 1.0, unit="share of columns"))
    assert len(told(columns, before, swapped)) == 1
    wider = Table.parsed(Text("a,b,c\n1,2,\n3,4,\n5,6,\n"))
    assert len(told(shares(Table), before, wider)) == 1


def test_a_row_behind_one_without_line_ending_stands_on_a_line_of_its_own() -> None:
    before = Table.parsed(Text("a,b\n1,2"))
    found = told(shares(Table), before, before.inserted({2: [before.dialect.row(["3", "4"])]}))
    assert all("1,23" not in found.made(frozenset({number})).text.value for number in range(len(found)))


def test_values_members_and_items_of_a_record() -> None:
    before = Record.parsed(Text('{"a": 1, "b": {"c": [1, 2]}, "d": "x"}'))
    after = Record.parsed(Text('{"a": 9, "b": {"c": [1, 2, 3], "e": 0}, "d": "y"}'))
    found = told(shares(Record), before, after)
    values = [found.made(frozenset({number})).value for number in range(len(found))]
    assert values == [
        {"a": 9, "b": {"c": [1, 2]}, "d": "x"},
        {"a": 1, "b": {"c": [1, 2, 3]}, "d": "x"},
        {"a": 1, "b": {"c": [1, 2], "e": 0}, "d": "x"},
        {"a": 1, "b": {"c": [1, 2]}, "d": "y"},
    ]
    gone = Degraded(Record.parsed(Text('{"b": {"c": [1, 2]}, "d": "x"}')))
    assert isinstance(changes(shares(Record), before, gone, "application/json"), str)
    lost = replace(gone, lost=(Pointer("/a"),))
    assert isinstance(changes(shares(Record), before, lost, "application/json"), Changes)


def test_pages_and_places_of_a_page() -> None:
    pixels = np.full((200, 400), 255, np.uint8)
    spoilt = pixels.copy()
    spoilt[10:20, 10:20] = spoilt[100:120, 300:340] = 0
    before = Pages((Page(pixels, (50, 50)), Page(pixels, (50, 50))))
    after = Pages((before[0].with_pixels(spoilt), before[1].with_pixels(255 - pixels)))
    found = told(MUTATORS["scan.jpeg"], before, after)
    assert len(found) == 3
    one = found.made(frozenset({1}))
    assert (one[0].pixels[10:20, 10:20] == 255).all()
    assert (one[0].pixels[100:120, 300:340] == 0).all()
    assert one[1] is before[1]
    assert found.places[2][0].page == 1  # type: ignore[union-attr]
    assert found.made(frozenset(range(3))) == after


def test_what_goes_with_documents_and_what_they_carry() -> None:
    inputs = told(shares(Inputs), Inputs({"q": "a", "n": [1, 2]}), Inputs({"q": "b", "n": [1, 3]}))
    assert inputs.made(frozenset({1})) == Inputs({"q": "a", "n": [1, 3]})
    clean = Dependency()
    faults = told(shares(Dependency), clean, clean.late(1).cut(0.5))
    assert faults.made(frozenset({1})) == clean.cut(0.5)
    archive = next(each for each in samples() if each.name == "a.zip")
    parts = read(archive, Parts)
    found = told(shares(Parts), parts, parts.with_part("a.txt", b"1").with_part("a.csv", b"2"))
    assert found.made(frozenset({0})) in (parts.with_part("a.csv", b"2"), parts.with_part("a.txt", b"1"))


def test_bytes_of_a_file_of_the_same_length() -> None:
    data = bytes(100)
    flipped = b"\1" + data[1:50] + b"\2\0\2" + data[53:]
    said = Degraded(Document(flipped, "image/png", "a.png"), lost=(Span(0, 1),))
    bytewise = replace(shares(Document), truth=("lost",))
    found = changes(bytewise, Document(data, "image/png", "a.png"), said, "image/png")
    assert isinstance(found, Changes)
    assert found.made(frozenset({1})).data == data[:50] + b"\2\0\2" + data[53:]


def test_an_answer_stays_known_where_marks_that_close_are_undone_alone() -> None:
    """Tags that do not match any more are no mark-up that the whole step makes."""
    case = Case("x", Document(b"<a><b>one</b><c>two</c></a>", "application/xml", "a.xml"), {"b": "one", "c": "two"})
    recipe = "format.xml_upper_case(share=1.0,seed=1)"
    count = made(recipe, case).changes[0]
    assert count > 1
    with pytest.raises(NotApplicable, match="make no sense without the others"):
        made(recipe.replace("seed", 'only="0",seed'), case)


@pytest.mark.parametrize("many", [30_000, 9])
def test_where_long_sequences_differ(many: int) -> None:
    one = [f"line {number}" for number in range(many)]
    other = [*one[:5], "new", *one[5:7], *one[8:]]
    assert [tuple(each) for each in differing(one, other)] == [(5, 5, 5, 6), (7, 8, 8, 8)]
    same_again = ["x"] * many
    assert [tuple(each) for each in differing(same_again, [*same_again, "y"])] == [(many, many, many, many + 1)]


def test_there_are_never_more_changes_than_anybody_tells_apart() -> None:
    blocks = differing(["a"] * 30_000, ["b"] * 30_000)
    joined = coarse(blocks)
    assert len(joined) <= 4096
    assert (joined[0].start, joined[-1].end) == (0, 30_000)


def test_numbers_of_changes_are_read_from_ranges() -> None:
    assert chosen("0-3,7", 8) == {0, 1, 2, 3, 7}


def test_redaction_of_one_word_of_a_scan_loses_what_stands_there_alone() -> None:
    """A value that stands in two places is lost only where both are black."""
    case = Invoices(1).load("invoice-0001.png")
    whole = Step("scan.redaction", (("share", 0.1),), 7)
    cache = ViewCache()
    said = degrade(case, Recipe((whole,)), MUTATORS, cache, counts=True)
    single = [
        degrade(case, Recipe((replace(whole, only=str(number)),)), MUTATORS, cache).expectation.lost
        for number in range(0, said.changes[0], 4)
    ]
    lost = frozenset[str]().union(*single)
    assert len(single) > 1
    assert lost
    assert lost <= said.expectation.lost
    assert all(len(each) < len(said.expectation.lost) for each in single)
