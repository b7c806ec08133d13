"""Word documents as text: what people see, written back into the runs that it was read from."""

from __future__ import annotations

import io

import docx
import pytest
from docx.document import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import Document, Text, identify, read, write
from office_files import LETTER, letter, members, repacked

MAIN = "word/document.xml"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


PLAIN = letter()


def lines(document: Document) -> list[str]:
    return read(document, Text).value.splitlines()


def edited(document: Document, value: str) -> Document:
    return write(read(document, Text).with_value(value), document)


def of(*paragraphs: str) -> Document:
    """A document of these paragraphs, given as what stands in them or as other XML."""
    blocks = "".join(each if each.startswith("<w:tbl") else f"<w:p>{each}</w:p>" for each in paragraphs)
    return repacked(PLAIN, {MAIN: f"<w:document {SPACE}><w:body>{blocks}</w:body></w:document>".encode()})


def run(text: str, looks: str = "") -> str:
    return f"<w:r>{looks}<w:t>{text}</w:t></w:r>"


def test_paragraphs_rows_breaks_and_footers_are_lines() -> None:
    assert read(letter(), Text).value == LETTER


def test_what_was_not_changed_is_written_byte_for_byte() -> None:
    document = letter()
    assert edited(document, LETTER).data == document.data
    assert edited(document, LETTER.replace("\n", "\r\n")).data == document.data


def test_a_changed_word_keeps_the_runs_around_it_and_every_other_part() -> None:
    document = letter()
    changed = edited(document, LETTER.replace("Brontë", "Bront"))
    before, after = members(document.data), members(changed.data)
    assert [name for name in before if before[name] != after[name]] == [MAIN]
    paragraph = docx.Document(io.BytesIO(changed.data)).paragraphs[1]
    assert [(each.text, each.bold) for each in paragraph.runs] == [("Dear Ms ", None), ("Bront", True), (",", None)]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_change_of_characters_within_lines_is_read_again(data: st.DataObject) -> None:
    characters = st.text(st.sampled_from("ab é.,1&<>\u00a0"), max_size=6)
    old = LETTER.splitlines()
    new = list(old)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(old) - 1))
        cells = new[at].split("\t")
        cell = data.draw(st.integers(0, len(cells) - 1))
        start = data.draw(st.integers(0, len(cells[cell])))
        end = data.draw(st.integers(start, len(cells[cell])))
        cells[cell] = cells[cell][:start] + data.draw(characters) + cells[cell][end:]
        new[at] = "\t".join(cells)
    assert lines(edited(PLAIN, "".join(f"{each}\n" for each in new))) == new


@pytest.mark.parametrize(
    "new",
    [
        LETTER.replace("Order 4711\n", ""),
        LETTER.replace("Order 4711\n", "Copy\nOrder 4711\n"),
        LETTER.replace("EUR.\n", "EUR.\nP.S. as agreed\nP.P.S. nothing else\n"),
        LETTER.replace("Kind regards\n", "With\nkind regards\n"),
        LETTER.replace("Kind regards\nZoë Núñez", "Kind regards, Zoë Núñez"),
        LETTER.replace("EUR.", "EUR\tnet."),
    ],
)
def test_lines_come_and_go_as_paragraphs(new: str) -> None:
    changed = edited(PLAIN, new)
    assert read(changed, Text).value == new
    docx.Document(io.BytesIO(changed.data))


def test_a_line_that_joins_two_cells_leaves_the_second_blank() -> None:
    assert "Bolts 100\t12.50\t" in lines(edited(PLAIN, LETTER.replace("Bolts\t100", "Bolts 100")))


@pytest.mark.parametrize(
    ("paragraph", "seen"),
    [
        (
            run("a")
            + '<w:ins w:id="1">'
            + run("b")
            + '</w:ins><w:del w:id="2"><w:r><w:delText>x</w:delText></w:r></w:del>',
            "ab",
        ),
        (run("a") + run("x", "<w:rPr><w:vanish/></w:rPr>") + run("b", '<w:rPr><w:vanish w:val="0"/></w:rPr>'), "ab"),
        (
            "<w:hyperlink>"
            + run("link")
            + "</w:hyperlink><w:sdt><w:sdtContent>"
            + run("!")
            + "</w:sdtContent></w:sdt>",
            "link!",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("7")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "7",
        ),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>", "a\tb-c"),
        ('<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:br w:type="page"/></w:r>', "a\nb"),
        (
            "<w:r><w:t>a</w:t><w:pict><w:txbxContent><w:p>"
            + run("box")
            + "</w:p></w:txbxContent></w:pict></w:r>"
            + run("b"),
            "ab\nbox",
        ),
        (
            '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing><w:txbxContent><w:p>' + run("new") + "</w:p>"
            "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>" + run("old") + "</w:p>"
            "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            "\nnew",
        ),
    ],
)
def test_text_is_read_as_people_see_it(paragraph: str, seen: str) -> None:
    assert "\n".join(lines(of(paragraph))).startswith(seen + "\n")


def test_tables_in_tables_are_read_cell_by_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p></w:tc><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc><w:p>{run('head')}</w:p>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    assert lines(of(outer))[:3] == ["head", "a\tb", ""]


def test_the_line_of_a_paragraph_without_text_can_be_filled() -> None:
    document = of(run("a"), "", run("b"))
    assert lines(edited(document, read(document, Text).value.replace("a\n\nb", "a\nnew\nb")))[:3] == ["a", "new", "b"]


def test_notes_stand_behind_the_text() -> None:
    def more(word: Word) -> None:
        word.sections[0].header.paragraphs[0].text = "Letterhead"

    found = lines(letter(more=more))
    assert (found[0], found[-1]) == ("Letterhead", "Page one")


def test_it_is_told_by_its_members_whatever_its_name() -> None:
    document = letter()
    assert identify(document.data, "letter.xlsx") == document.media_type == identify(document.data)
