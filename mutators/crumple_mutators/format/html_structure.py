"""The tags of an HTML page as browsers forgive them, and tables that are not what they seem."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.markup import HTML, HTML_ORDER, body, shown, tags
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_OPTIONAL: Final = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "option", "thead", "tbody"})
_LINES: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = _OPTIONAL | _LINES | frozenset({"div", "table", "tfoot", "ul", "ol", "dl", "body", "html", "section"})
_ATTRIBUTE: Final = re.compile(r"""=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
_PLAIN: Final = re.compile(r"[^\s\"'=<>`/]+")
_SOUP: Final = (
    ("<b><i>", "</b></i>"),
    ("<font><b>", "</font></b>"),
    ("<span>", "</span></span>"),
    ("<i>", "</em></i>"),
    ("<center>", "</font></center>"),
)
_CELLS: Final = {"table": "table", "tr": "table-row", "td": "table-cell", "th": "table-cell"}
_ROW: Final = re.compile(r"<tr\b[^<>]*>\s*((?:<(t[dh])\b[^<>]*>[^<>]*</\2\s*>\s*)+)</tr\s*>", re.IGNORECASE)
_CELL: Final = re.compile(r"<(t[dh])\b([^<>]*)>([^<>]*)</\1\s*>", re.IGNORECASE)


@mutator("format.html_unclosed", only=HTML, share=shares("closing tags"), examples=[HTML_ORDER])
def unclosed(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave out closing tags of paragraphs, list items, rows and cells, as pages written by hand do.

    HTML allows it, and says where such an element ends, so the answer is the same. Ladder: the shares of `form`, of the
    closing tags that may be left out.
    """
    found = list(tags(text.value, html=True))
    spans = [
        Span(*each.span())
        for each, following in itertools.pairwise(found)
        if each["close"] and each["name"].lower() in _OPTIONAL and following["name"].lower() in _BLOCKS
        # Text that followed at once would belong to it.
        if not text.value[each.end() : following.start()].strip()
    ]
    return rewritten(text, spans, share, rng, lambda at: "", "it has no closing tags that may be left out")


@mutator(
    "format.html_tags",
    only=HTML,
    style=Ladder("single quotes", "upper case", "no quotes", "spaced", "all", unit="style"),
    examples=[HTML_ORDER],
)
def tag_style(text: Text, style: str, rng: Generator) -> Degraded[Text]:
    """Write tags otherwise: attributes in single quotes or none, names in capitals, spaces and line ends within.

    As the tools of three decades do. A browser reads the same, so the answer is the same. Ladder: a first guess, by how
    often patterns that are no parser miss it.
    """
    spans, new = list[Span](), list[str]()
    for each in tags(text.value, html=True):
        written = _tag(each, style)
        if written != each[0]:
            spans.append(Span(*each.span()))
            new.append(written)
    some(spans, "its tags are written like that already")
    return Degraded(text.with_value(spliced(text.value, spans, new)), touched=spans)


def _tag(tag: re.Match[str], style: str) -> str:
    name, attributes = tag["name"], tag["attributes"]
    if style in ("upper case", "all"):
        name = name.upper()
    if style in ("single quotes", "no quotes", "all"):
        attributes = _ATTRIBUTE.sub(lambda pair: "=" + _quoted(pair[1] or pair[2] or "", style), attributes)
    space = "\n" if style == "all" else " " if style == "spaced" else ""
    return f"<{tag['close']}{name}{attributes}{space}{tag['empty']}>"


def _quoted(value: str, style: str) -> str:
    if style != "single quotes" and _PLAIN.fullmatch(value):
        return value
    return f'"{value}"' if "'" in value else f"'{value}'"


@mutator("format.html_soup", only=HTML, share=shares("texts"), examples=[HTML_ORDER])
def soup(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put tags around texts that close in the wrong order, twice, or without having been opened.

    As editors that paste from one another leave them. They are tags of formatting, so a browser shows the same and the
    answer is the same. Ladder: the shares of `form`, of texts.
    """
    spans = shown(text.value)
    kinds = rng.integers(len(_SOUP), size=len(spans)).tolist()

    def written(at: int) -> str:
        before, after = _SOUP[kinds[at]]
        return before + text.value[spans[at].start : spans[at].end] + after

    return rewritten(text, spans, share, rng, written, "it shows no text")


@mutator("format.html_breaks", only=HTML, share=shares("paragraphs"), examples=[HTML_ORDER])
def breaks(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write paragraphs and headings as lines that end in <br>, or as blocks, as editors of mail programs do.

    A browser shows lines all the same, so the answer is the same. Ladder: the shares of `form`, of paragraphs and
    headings without others in them.
    """
    found = [each for each in tags(text.value, html=True) if each["name"].lower() in _LINES]
    pairs = [
        (Span(first.start(), last.end()), text.value[first.end() : last.start()])
        for first, last in itertools.pairwise(found)
        if last["close"] and not first["close"] and first["name"] == last["name"]
    ]
    kinds = rng.integers(2, size=len(pairs)).tolist()
    return rewritten(
        text,
        [span for span, _ in pairs],
        share,
        rng,
        lambda at: (f"{pairs[at][1]}<br><br>", f'<div class="MsoNormal">{pairs[at][1]}</div>')[kinds[at]],
        "it has no paragraphs",
    )


@mutator(
    "format.html_layout_tables",
    only=HTML,
    depth=Ladder(1, 2, 3, 5, 10, unit="tables in one another", zero=0),
    examples=[HTML_ORDER],
)
def layout_tables(text: Text, depth: int, rng: Generator) -> Degraded[Text]:
    """Put the page into tables within tables that only lay it out, as mails of shops and banks are built.

    They hold nothing of their own but spacers, so the answer is the same. Ladder: a first guess; ten deep is what mail
    editors make.
    """
    around = body(text.value)
    inner = text.value[around.start : around.end]
    side = rng.integers(2, size=64).tolist()
    for at in range(int(depth)):
        spacer = '<td width="20">&nbsp;</td>'
        cells = (f"{spacer}<td>{inner}</td>", f"<td>{inner}</td>{spacer}")[side[at % 64]]
        inner = f'\n<table width="100%" cellpadding="0" cellspacing="0" role="presentation"><tr>{cells}</tr></table>\n'
    return Degraded(text.with_value(spliced(text.value, [around], [inner])))


@mutator("format.html_blocks_for_tables", only=HTML, level=3, examples=[HTML_ORDER])
def blocks_for_tables(text: Text, rng: Generator) -> Degraded[Text]:
    """Write tables as blocks that are laid out as rows and cells, as web applications do.

    A browser shows the same rows and cells, so the answer is the same.
    """
    found = [each for each in tags(text.value, html=True) if each["name"].lower() in (*_CELLS, "tbody", "thead")]
    some(found, "it has no tables")

    def written(tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        if name not in _CELLS:
            return ""
        return "</div>" if tag["close"] else f'<div role="{name}" style="display:{_CELLS[name]}">'

    spans = [Span(*each.span()) for each in found]
    return Degraded(text.with_value(spliced(text.value, spans, map(written, found))), touched=spans)


@mutator("format.html_row_spans", only=HTML, share=shares("equal cells"), examples=[HTML_ORDER])
def row_spans(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write a cell once for several rows that have the same value there (rowspan), as reports that group rows do.

    It stands beside each of them, so the answer is the same. Ladder: the shares of `form`, of the runs of equal cells
    in a column.
    """
    runs = [run for rows in _tables(text.value) for run in _runs(rows)]
    some(runs, "no column of a table has the same value in two rows, one below the other")
    edits: dict[Span, str] = {}
    hit = sorted(chosen(rng, len(runs), share))
    for at in hit:
        first, *others = runs[at]
        start = first.start() + 1 + len(first[1])
        edits[Span(start, start)] = f' rowspan="{len(runs[at])}"'
        edits |= {Span(*each.span()): "" for each in others}
    spans = sorted(edits)
    new: Mapping[Span, str] = edits
    return Degraded(
        text.with_value(spliced(text.value, spans, (new[each] for each in spans))),
        touched=[Span(*each.span()) for at in hit for each in runs[at]],
    )


def _tables(value: str) -> list[list[list[re.Match[str]]]]:
    """Tables of plain cells, as rows of them: rows that follow each other and have as many cells."""
    tables: list[list[list[re.Match[str]]]] = []
    end = -1
    for row in _ROW.finditer(value):
        cells = list(_CELL.finditer(value, row.start(1), row.end(1)))
        plain = not any("span" in each[2].lower() for each in cells)
        beside = bool(tables) and plain and len(tables[-1][-1]) == len(cells) and not value[end : row.start()].strip()
        if beside:
            tables[-1].append(cells)
        elif plain:
            tables.append([cells])
        end = row.end() if plain else -1
    return tables


def _runs(rows: list[list[re.Match[str]]]) -> list[list[re.Match[str]]]:
    """The cells of each column that say the same as the one above."""
    runs: list[list[re.Match[str]]] = []
    for column in range(len(rows[0])):
        cells = [row[column] for row in rows]
        at = 0
        while at < len(cells):
            end = at + 1
            while end < len(cells) and cells[end][3].strip() == cells[at][3].strip() and cells[at][3].strip():
                end += 1
            if end - at > 1:
                runs.append(cells[at:end])
            at = end
    return runs
