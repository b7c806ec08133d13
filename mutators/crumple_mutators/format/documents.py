"""Word documents whose text does not stand in plain paragraphs: split, tracked, hidden, in boxes, in controls."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from numpy.random import Generator

from crumple import Element, Ladder, NotApplicable, Package, as_xml, mutator
from crumple_mutators.format.word_runs import altered, body, looks_of, paragraphs, picked, run_text, runs, written
from crumple_mutators.format.word_samples import DOCX, LETTER, MAIN, TYPES
from crumple_mutators.format.workbook_samples import DECLARATION
from crumple_mutators.selection import chosen

PARAGRAPHS: Final = Ladder(0.05, 0.1, 0.25, 0.5, 1.0, unit="share of paragraphs", zero=0)
_WORD: Final = re.compile(r"\S+")
_DASHES: Final = re.compile(r"(?<=\w)-(?=\w)")
_LONG: Final = re.compile(r"[^\W\d_]{7,}")
_AUTHOR: Final = 'w:author="A. Clerk" w:date="2024-03-05T09:30:00Z"'

Edits = list[tuple[int, int, str]]


@mutator(
    "format.split_runs",
    only=[DOCX],
    share=Ladder(0.02, 0.05, 0.2, 0.5, 1.0, unit="share of characters", zero=0),
    examples=[LETTER],
)
def split_runs(package: Package, share: float, rng: Generator) -> Package:
    """Split runs in mid-word, as Word does with every correction and every check of spelling.

    What is read is the same; who looks for a word or a placeholder run by run does not find it. Ladder: a first
    guess, uncalibrated; at 1 every character is a run.
    """
    found = list(runs(body(package)))
    inner = [(number, at) for number, run in enumerate(found) for at in range(1, len(run_text(run)))]
    cuts: dict[int, list[int]] = {}
    for each in sorted(chosen(rng, len(inner), share)):
        number, at = inner[each]
        cuts.setdefault(number, []).append(at)
    if not cuts:
        raise NotApplicable("no run has two characters" if not inner else "nothing is chosen")
    changes: Edits = []
    for number, places in cuts.items():
        run, text = found[number], run_text(found[number])
        pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
        looks = looks_of(package, run)
        made = "".join(
            new_run(piece, looks, f' w:rsidR="00{0xA70000 + number * 64 + at:06X}"') for at, piece in enumerate(pieces)
        )
        changes.append((run.start, run.end, made))
    return _changed(package, changes)


def new_run(text: str, looks: str = "", more: str = "") -> str:
    """A run that says this, as it is written."""
    return f'<w:r{more}>{looks}<w:t xml:space="preserve">{as_xml(text)}</w:t></w:r>'


def _changed(package: Package, changes: Edits) -> Package:
    """The document with changes that are written with the prefix w:, whatever its own is."""
    main = package.main()
    mark = package.prefix(main)
    if mark != "w:":
        raise NotApplicable(f"its names are written with the prefix {mark!r}, not w:")
    return package.with_changes(main, changes)


def on_words(package: Package, share: float, rng: Generator, made: Callable[[str, str, int], str]) -> Package:
    """One word of each of a share of paragraphs written anew.

    Args:
        package: the document.
        share: of the paragraphs of the body.
        rng: draws which.
        made: from the word, how its run looks, and a number to tell it by.
    """
    known = paragraphs(package)
    draws = rng.random(len(known)).tolist()
    number_of = {each.start: number for number, each in enumerate(known)}
    changes: Edits = []
    for each in picked(rng, known, share, "paragraphs of plain text"):
        number = number_of[each.start]
        run, word = _word(each, draws[number])
        text, looks = run_text(run), looks_of(package, run)
        before, after = text[: word.start()], text[word.end() :]
        pieces = [new_run(before, looks)] if before else []
        pieces.append(made(word.group(), looks, number))
        pieces += [new_run(after, looks)] if after else []
        changes.append((run.start, run.end, "".join(pieces)))
    return _changed(package, changes)


def _word(paragraph: Element, draw: float) -> tuple[Element, re.Match[str]]:
    """A word of a paragraph and the run that it stands in; one with digits where there is any."""
    words = [(run, word) for run in runs(paragraph) for word in _WORD.finditer(run_text(run))]
    telling = [each for each in words if re.search(r"\d", each[1].group())] or words
    return telling[int(draw * len(telling))]


@mutator("format.tracked_changes", only=[DOCX], share=PARAGRAPHS, refusable_from=4, examples=[LETTER])
def tracked_changes(package: Package, share: float, rng: Generator) -> Package:
    """Leave corrections tracked, as drafts are that went through several hands.

    What was there before is deleted and still in the file, what is right is inserted: the same. From level 4 on,
    where half of the paragraphs wait for a decision, refusing is acceptable. Ladder: a first guess, uncalibrated.
    """

    def corrected(word: str, looks: str, number: int) -> str:
        old = f'<w:r>{looks}<w:delText xml:space="preserve">{as_xml(altered(word, 3))}</w:delText></w:r>'
        deleted = f'<w:del w:id="{9000 + 2 * number}" {_AUTHOR}>{old}</w:del>'
        return f'{deleted}<w:ins w:id="{9001 + 2 * number}" {_AUTHOR}>{new_run(word, looks)}</w:ins>'

    return on_words(package, share, rng, corrected)


@mutator("format.merge_fields", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def merge_fields(package: Package, share: float, rng: Generator) -> Package:
    """Leave words as results of fields, as letters are that a mail merge has filled in.

    The field's instruction stands in the file beside its result, which is what is seen: the same. Ladder: a first
    guess, uncalibrated.
    """

    def field(word: str, looks: str, number: int) -> str:
        name = f"Field_{number + 1}"
        return (
            f'<w:r>{looks}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{looks}<w:instrText xml:space="preserve">'
            f' MERGEFIELD "{name}" \\* MERGEFORMAT </w:instrText></w:r><w:r>{looks}<w:fldChar '
            f'w:fldCharType="separate"/></w:r>{new_run(word, looks)}<w:r>{looks}<w:fldChar w:fldCharType="end"/></w:r>'
        )

    return on_words(package, share, rng, field)


@mutator("format.hidden_text", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def hidden_text(package: Package, share: float, rng: Generator) -> Package:
    """Put hidden text behind words, as templates carry instructions and old values that nobody prints.

    It says something else than what is seen; what is seen is the same. Ladder: a first guess, uncalibrated.
    """

    def doubled(word: str, looks: str, number: int) -> str:
        inside = looks.removeprefix("<w:rPr>").removesuffix("</w:rPr>") if looks.startswith("<w:rPr>") else ""
        return new_run(word, looks) + new_run(f" {altered(word, 7)}", f"<w:rPr>{inside}<w:vanish/></w:rPr>")

    return on_words(package, share, rng, doubled)


@mutator("format.comments", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def comments(package: Package, share: float, rng: Generator) -> Package:
    """Leave reviewers' comments on words, as drafts have them that were sent out as they were.

    A comment says what the reviewer had expected; it is no text of the document, which is the same. Ladder: a first
    guess, uncalibrated.
    """
    main = package.main()
    if package.related(main, "comments"):
        raise NotApplicable("it has comments already")
    said: list[str] = []

    def commented(word: str, looks: str, number: int) -> str:
        text = f"Should this not be {altered(word, 3)}?"
        said.append(f'<w:comment w:id="{number}" {_AUTHOR} w:initials="AC"><w:p>{new_run(text)}</w:p></w:comment>')
        return (
            f'<w:commentRangeStart w:id="{number}"/>{new_run(word, looks)}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:commentReference w:id="{number}"/></w:r>'
        )

    package = on_words(package, share, rng, commented)
    content = f'{DECLARATION}<w:comments xmlns:w="{MAIN}">{"".join(said)}</w:comments>'
    return package.with_related(main, "comments", "word/comments.xml", content.encode(), f"{TYPES}.comments+xml")[0]


@mutator("format.hyphen_elements", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def hyphen_elements(package: Package, share: float, rng: Generator) -> Package:
    """Write hyphens as Word's no-break hyphens, and soft hyphens into long words, as typists and converters do.

    Both are elements and no characters, so that "RE-2024-0117" is read as "RE20240117" by who takes the text alone.
    What is seen is the same. Ladder: a first guess, uncalibrated.
    """
    found = [run for run in runs(body(package)) if _DASHES.search(run_text(run)) or _LONG.search(run_text(run))]
    changes: Edits = []
    for run in picked(rng, found, share, "hyphens and no long words"):
        marked = _DASHES.sub("\0", run_text(run))
        marked = _LONG.sub(lambda word: f"{word.group()[:4]}\1{word.group()[4:]}", marked)
        pieces = (
            {"\0": "<w:noBreakHyphen/>", "\1": "<w:softHyphen/>"}.get(piece)
            or f'<w:t xml:space="preserve">{as_xml(piece)}</w:t>'
            for piece in re.split("([\0\1])", marked)
            if piece
        )
        changes.append((run.start, run.end, f"<w:r>{looks_of(package, run)}{''.join(pieces)}</w:r>"))
    return _changed(package, changes)


@mutator("format.content_controls", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def content_controls(package: Package, share: float, rng: Generator) -> Package:
    """Put paragraphs into content controls, as forms and templates of companies are made.

    What is seen is the same; common libraries leave such paragraphs out. Ladder: a first guess, uncalibrated.
    """
    known = paragraphs(package)
    draws = (rng.random(len(known)) < 0.5).tolist()
    around = dict(zip((each.start for each in known), draws, strict=True))
    changes: Edits = []
    for number, each in enumerate(picked(rng, known, share, "paragraphs of plain text"), 1):
        start = (
            f'<w:sdt><w:sdtPr><w:alias w:val="Field {number}"/><w:tag w:val="field{number}"/></w:sdtPr><w:sdtContent>'
        )
        end = "</w:sdtContent></w:sdt>"
        looks = each.first("pPr")
        if around[each.start]:
            changes += [(each.start, each.start, start), (each.end, each.end, end)]
        else:
            opened = looks.end if looks is not None else each.opened
            changes += [(opened, opened, start), (each.closed, each.closed, end)]
    return _changed(package, changes)


@mutator("format.layout_tables", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def layout_tables(package: Package, share: float, rng: Generator) -> Package:
    """Put paragraphs and tables into tables of one cell without lines, as letterheads and forms are laid out.

    A table then stands in a table. What is seen is the same. Ladder: a first guess, uncalibrated.
    """
    known = sorted(
        [*paragraphs(package), *(each for each in body(package).children if each.name == "tbl")],
        key=lambda each: each.start,
    )
    start = (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr>'
        '<w:tc><w:tcPr><w:tcW w:w="9000" w:type="dxa"/></w:tcPr>'
    )
    changes: Edits = []
    for each in picked(rng, known, share, "paragraphs of plain text and no tables"):
        filler = "<w:p/>" if each.name == "tbl" else ""  # a cell ends with a paragraph, and two tables need one between
        changes.append((each.start, each.end, f"{start}{written(package, each)}{filler}</w:tc></w:tr></w:tbl><w:p/>"))
    return _changed(package, changes)


@mutator("format.text_boxes", only=[DOCX], share=PARAGRAPHS, examples=[LETTER])
def text_boxes(package: Package, share: float, rng: Generator) -> Package:
    """Put paragraphs into text boxes, as addresses, totals and notes at the margin are.

    The file holds each of them twice, once for programs before Word 2010; what is seen is the same. Ladder: a first
    guess, uncalibrated.
    """
    changes: Edits = []
    for number, each in enumerate(picked(rng, paragraphs(package), share, "paragraphs of plain text"), 1):
        changes.append((each.start, each.end, _box(written(package, each), number)))
    return _changed(package, changes)


def _box(inside: str, number: int) -> str:
    content = f"<w:txbxContent>{inside}</w:txbxContent>"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    return (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice xmlns:wps="{shape}" Requires="wps"><w:drawing>'
        f'<wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        f'<wp:extent cx="5400000" cy="360000"/><wp:docPr id="{9000 + number}" name="Text Box {number}"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{shape}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="5400000" cy="360000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f"</a:prstGeom></wps:spPr><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        '</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" '
        f'style="width:425pt;height:28pt"><v:textbox>{content}</v:textbox></v:rect></w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r></w:p>"
    )
