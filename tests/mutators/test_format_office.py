"""What the mutators of Word documents make: the same text to people, other XML to programs."""

from __future__ import annotations

import io
import re

import docx
import pytest
from docx.document import Document as Word

from crumple import Degraded, Document, NotApplicable, Package, Step, Text, read, write
from crumple.mutation.registry import discover
from office_files import letter, members, repacked
from oracles.office import word

MUTATORS = discover().mutators
MAIN = "word/document.xml"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MISSED = ["format.tracked_changes", "format.text_boxes", "format.content_controls", "format.letterhead"]
DELETED = r"<w:delText[^>]*>([^<]*)</w:delText></w:r></w:del><w:ins [^>]*>.*?<w:t[^>]*>([^<]*)<"
HIDDEN = r">([^<]*)</w:t></w:r><w:r><w:rPr>[^R]*<w:vanish/></w:rPr><w:t[^>]*>([^<]*)<"


def more(document: Word) -> None:
    document.add_paragraph("Reference RE-2024-0117, hyphenated well-known long words: acknowledgement.")
    document.add_paragraph("Yours sincerely")


CLEAN = letter(more=more)
TEXT = read(CLEAN, Text).value
MINE = [
    name for name, each in MUTATORS.items() if each.category == "format" and each.only and CLEAN.media_type in each.only
]
MORE_IS_SHOWN = ("format.embedded_html", "format.footnotes")
SHOWN = [name for name in MINE if name not in ("format.office_password", *MORE_IS_SHOWN)]
LEVELS = (1, 3, 5)


def made(name: str, level: float, *, seed: int = 1, document: Document = CLEAN) -> Document:
    mutator = MUTATORS[name]
    said = mutator.apply(read(document, mutator.view), mutator.step(level, seed))
    return write(said.view if isinstance(said, Degraded) else said, document)


def plain_paragraphs(document: Document) -> str:
    """What a common reader takes: paragraphs of the body, and the cells of its tables."""
    found = docx.Document(io.BytesIO(document.data))
    return "\n".join(each.text for each in found.paragraphs)


def bare(text: str) -> list[str]:
    """The words of a text, soft hyphens left out, in the order of their letters: lines may stand elsewhere."""
    return sorted(text.replace("\N{SOFT HYPHEN}", "").split())


def xml(document: Document) -> str:
    return members(document.data)[MAIN].decode()


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_people_see_the_text_that_they_saw(name: str, level: float, seed: int) -> None:
    document = made(name, level, seed=seed)
    assert document.data != CLEAN.data
    assert bare(read(document, Text).value) == bare(TEXT)
    docx.Document(io.BytesIO(document.data))


@pytest.mark.parametrize("name", SHOWN)
def test_a_capable_reader_of_another_make_sees_it_too(name: str) -> None:
    body = TEXT.replace("Page one\n", "")  # which stands in the footer, and that reader takes headers only
    assert bare(word(made(name, 5), Step(name, (), 0)).data.decode()) == bare(body)


@pytest.mark.parametrize(
    "name", ["format.tracked_changes", "format.text_boxes", "format.content_controls", "format.letterhead"]
)
def test_a_common_reader_misses_some_of_it(name: str) -> None:
    assert "please deliver by 17 May 2024" in plain_paragraphs(CLEAN)
    assert len(plain_paragraphs(made(name, 5))) < len(plain_paragraphs(CLEAN))


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "format.letterhead"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_higher_level_does_more_of_the_same(name: str, seed: int) -> None:
    sizes = [len(xml(made(name, level, seed=seed))) for level in (1, 2, 3, 4, 5)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("format.split_runs", r"<w:r w:rsidR="),
        ("format.tracked_changes", r"<w:del .*?<w:delText"),
        ("format.merge_fields", r"MERGEFIELD"),
        ("format.hidden_text", r"<w:vanish/>"),
        ("format.hyphen_elements", r"<w:noBreakHyphen/>"),
        ("format.comments", r"<w:commentReference"),
        ("format.content_controls", r"<w:sdtContent>"),
        ("format.layout_tables", r"<w:tc><w:tcPr><w:tcW w:w=\"9000\" w:type=\"dxa\"/></w:tcPr><w:tbl>"),
        ("format.text_boxes", r"<w:txbxContent>"),
        ("format.letterhead", r"<w:headerReference"),
        ("format.embedded_html", r"<w:altChunk"),
    ],
)
def test_the_file_holds_what_it_is_about(name: str, told: str) -> None:
    assert re.search(told, xml(made(name, 5)))
    assert not re.search(told, xml(CLEAN))


def test_what_was_deleted_and_what_is_hidden_say_something_else() -> None:
    deleted = re.findall(DELETED, xml(made("format.tracked_changes", 5)))
    assert deleted
    assert all(old != new for old, new in deleted)
    hidden = re.findall(HIDDEN, xml(made("format.hidden_text", 5)))
    assert hidden
    assert all(old.strip() != new.strip() for new, old in hidden)


def test_a_comment_stands_in_a_part_of_its_own() -> None:
    document = made("format.comments", 5)
    said = members(document.data)["word/comments.xml"].decode()
    assert len(re.findall("<w:comment ", said)) == len(re.findall("<w:commentReference ", xml(document))) > 3
    assert "Should this not be" not in read(document, Text).value
    with pytest.raises(NotApplicable, match="already"):
        made("format.comments", 5, document=document)


def test_runs_keep_their_looks_when_they_are_split() -> None:
    paragraph = docx.Document(io.BytesIO(made("format.split_runs", 5).data)).paragraphs[1]
    assert "".join(run.text for run in paragraph.runs if run.bold) == "Brontë"
    assert max(len(run.text) for run in paragraph.runs) == 1


def test_a_letterhead_is_a_part_of_its_own_and_one_paragraph_stays() -> None:
    document = made("format.letterhead", 5)
    found = docx.Document(io.BytesIO(document.data))
    header = [each.text for each in found.sections[0].header.paragraphs]
    assert header == ["Order 4711", "Dear Ms Brontë,", "please deliver by 17 May 2024; the total is 1,234.50 EUR."]
    assert read(document, Text).value == TEXT
    with pytest.raises(NotApplicable, match="already"):
        made("format.letterhead", 5, document=document)


def test_an_embedded_page_is_all_of_the_body() -> None:
    document = made("format.embedded_html", 5)
    assert not plain_paragraphs(document).strip()
    page = members(document.data)["word/chunk1.html"].decode()
    assert "<td>Nuts &amp; washers</td><td>250</td>" in page
    assert "<p>Kind regards<br>Zoë Núñez</p>" in page
    package = Package.opened(document.data)
    assert [each.target for each in package.relations(MAIN) if each.kind == "aFChunk"] == ["word/chunk1.html"]


def test_a_table_in_a_table_is_still_read_row_by_row() -> None:
    lines = read(made("format.layout_tables", 5), Text).value.splitlines()
    assert "Nuts & washers\t250\t8.00" in lines


@pytest.mark.parametrize("name", MINE)
@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "<a/>",
        f'<w:document xmlns:w="{WORDS}"/>',
        f'<w:document xmlns:w="{WORDS}"><w:body><w:p/></w:body></w:document>',
        f'<document xmlns="{WORDS}"><body><p><r><t>a b</t></r></p></body></document>',
        f'<w:document xmlns:w="{STRICT}"><w:body><w:p><w:r><w:t>a</w:t></w:r></w:p></w:body></w:document>',
    ],
)
def test_on_strange_documents_there_is_a_result_or_a_reason(name: str, content: str | None) -> None:
    clean = repacked(CLEAN, {MAIN: content if content is None else content.encode()})
    level = 5 if MUTATORS[name].ladder else MUTATORS[name].level
    try:
        document = made(name, level, document=clean)
    except NotApplicable:
        return
    assert document.data != clean.data


def test_all_of_them_one_after_the_other_leave_a_document_that_opens() -> None:
    document = CLEAN
    for name in ("format.split_runs", "format.hidden_text", "format.letterhead", "format.text_boxes"):
        document = made(name, 1, document=document)
    docx.Document(io.BytesIO(document.data))
    assert bare(read(document, Text).value) == bare(TEXT)


@pytest.mark.parametrize("level", LEVELS)
def test_footnotes_speak_of_another_version_and_the_text_is_as_it_was(level: float) -> None:
    document = made("format.footnotes", level)
    assert plain_paragraphs(document) == plain_paragraphs(CLEAN)
    notes = members(document.data)["word/footnotes.xml"].decode()
    said = re.findall(r"In the version of last year: ([^<]*)<", notes)
    assert said
    assert len(said) == len(re.findall("<w:footnoteReference ", xml(document)))
    assert not set(said) & set(plain_paragraphs(CLEAN).split())
    with pytest.raises(NotApplicable, match="footnotes already"):
        made("format.footnotes", level, document=document)
