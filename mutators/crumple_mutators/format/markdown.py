"""Markdown as converters, chat models and people write it: escaped, emphasised, fenced, with HTML and odd tables."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.positions import some, spliced

MARKDOWN: Final = ("text/markdown",)

ORDER: Final = (
    "order.md",
    """# Order A-2024/117

Customer: Müller & Søn, Málaga
Date: 5 March 2024

## Items

| description | quantity | amount |
| --- | ---: | ---: |
| Oak table | 12 | 54.00 |
| Chair, 27" wide | 4 | 399.80 |

Total: 453.80 EUR. Please deliver in the morning.
""",
)
"""An order on which every mutator of Markdown can act."""

_FENCE: Final = re.compile(r"^ {0,3}(```+|~~~+)[^\n]*\n(?:.*?^ {0,3}\1[`~]*[ \t]*$|.*)", re.MULTILINE | re.DOTALL)
_FRONT: Final = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.MULTILINE | re.DOTALL)
_DELIMITERS: Final = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-*+:?[ \t]*+)*+")
_MARKS: Final = re.compile(r"(?<=\S)[\-.()!+#_*{}\[\]>~](?=\S)")
_WORD: Final = re.compile(r"(?<![\w\\*_`/:@.-])[^\W_]{2,40}(?![\w*_`/:@-])")
_HEADING: Final = re.compile(r"^(#{1,6})[ \t]++([^\n#]*[^\s#])[ \t#]*$", re.MULTILINE)
_ROW: Final = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$")
_EMPHASIS: Final = ("**{0}{1}**", "*{0}{1}*", "**{0}**{1}", "<b>{0}{1}</b>", "`{0}{1}`", "***{0}{1}***")
_HTML: Final = ("{0}<br>", "{0}<!-- checked -->", "{0}&nbsp;", '<a id="l{1}"></a>{0}', "<span>{0}</span>")
_ABOUT: Final = (
    "file_title{0}: untitled",
    "created{0}: 2019-01-01",
    "tags{0}: [draft, export]",
    "layout{0}: page",
    "revision{0}: 7",
    "published{0}: false",
)
_FORMS: Final = {
    "fence": ("```markdown\n", "", "\n```\n"),
    "unclosed": ("```\n", "", "\n"),
    "indented": ("", "    ", "\n"),
    "quote": ("", "> ", "\n"),
    "quoted twice": ("> As you asked:\n>\n", "> > ", "\n>\n> Regards\n"),
}


def _lines(value: str) -> list[Span]:
    """The lines that are prose or rows of tables: not blank, in no code and no front matter, no row of dashes."""
    found, at, apart = list[Span](), 0, [*_FRONT.finditer(value), *_FENCE.finditer(value)]
    for start, end in (*(each.span() for each in apart), (len(value), len(value))):
        for line in re.compile(r"^[^\r\n]+", re.MULTILINE).finditer(value, min(at, start), start):
            code = line[0].startswith(("    ", "\t")) or not line[0].strip() or _DELIMITERS.fullmatch(line[0])
            if not code and not set(line[0].strip()) <= set("=-*_ "):
                found.append(Span(*line.span()))
        at = max(at, end)
    return found


def _in_lines(value: str, pattern: re.Pattern[str]) -> list[Span]:
    """Where a pattern is found in lines without inline code, links and tags."""
    plain = (each for each in _lines(value) if not re.search(r"[`<]|\]\(|://", value[each.start : each.end]))
    return [Span(*found.span()) for each in plain for found in pattern.finditer(value, each.start, each.end)]


@mutator("format.md_escapes", only=MARKDOWN, share=shares("marks"), examples=[ORDER])
def escapes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    r"""Put backslashes before marks within words and numbers (A\-2024, 453\.80), as converters from other formats do.

    A backslash before a mark is not seen in Markdown, so the answer is the same. Ladder: the shares of `form`, of marks
    between two characters.
    """
    spans = [each for each in _in_lines(text.value, _MARKS) if text.value[each.start - 1] != "\\"]
    return rewritten(text, spans, share, rng, lambda at: "\\" + text.value[spans[at].start], "it has no marks in words")


@mutator("format.md_emphasis", only=MARKDOWN, share=shares("words"), examples=[ORDER])
def emphasis(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Emphasise words and numbers or the first half of them (**12**, **Oa**k), as chat models and converters do.

    What is emphasised is the same, so the answer is the same. Ladder: the shares of `form`, of words.
    """
    spans = _in_lines(text.value, _WORD)
    kinds = rng.integers(len(_EMPHASIS), size=len(spans)).tolist()

    def written(at: int) -> str:
        middle = (spans[at].start + spans[at].end) // 2
        parts = text.value[spans[at].start : middle], text.value[middle : spans[at].end]
        return _EMPHASIS[kinds[at]].format(*parts)

    return rewritten(text, spans, share, rng, written, "it has no words")


@mutator("format.md_html", only=MARKDOWN, share=shares("lines"), examples=[ORDER])
def html(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put HTML into lines: breaks, comments, hard spaces, anchors, spans, as converters from web pages and wikis do.

    It is not seen, so the answer is the same. Ladder: the shares of `form`, of lines that are no row of a table.
    """
    spans = [each for each in _lines(text.value) if not re.match(r"[ \t]*[|#>]", text.value[each.start : each.end])]
    kinds = rng.integers(len(_HTML), size=len(spans)).tolist()
    return rewritten(
        text,
        spans,
        share,
        rng,
        lambda at: _HTML[kinds[at]].format(text.value[spans[at].start : spans[at].end], at),
        "it has no lines of text",
    )


@mutator("format.md_block", only=MARKDOWN, form=Ladder(*_FORMS, unit="block"), examples=[ORDER])
def block(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Put the document into a block: a code fence, one that is not closed, an indented one, a quotation, two.

    As chat models, forums and mail programs do. Its lines are the same, so the answer is the same. Ladder: a first
    guess, by how many readers pass over such blocks.
    """
    some(text.value.strip(), "it is blank")
    before, mark, after = _FORMS[form]
    if "```" in text.value and form in ("fence", "unclosed"):
        raise NotApplicable("it has code fences of its own")
    end = "\r\n" if "\r\n" in text.value else "\n"
    lines = (mark + line if line.strip() else mark.rstrip() for line in re.split(r"\r?\n", text.value.rstrip()))
    return Degraded(text.with_value(before.replace("\n", end) + end.join(lines) + after.replace("\n", end)))


@mutator(
    "format.md_front_matter",
    only=MARKDOWN,
    lines=Ladder(1, 3, 6, 12, 24, unit="lines", zero=0),
    examples=[ORDER],
)
def front_matter(text: Text, lines: int, rng: Generator) -> Degraded[Text]:
    """Put front matter before the document: its file's title, dates, tags and template, as site builders do.

    It is about the file and not what the document says, so the answer is the same. Ladder: a first guess.
    """
    if not lines:
        return Degraded(text)
    if text.value.startswith("---"):
        raise NotApplicable("it has front matter already")
    end = "\r\n" if "\r\n" in text.value else "\n"
    order = rng.permutation(len(_ABOUT)).tolist()
    about = (
        _ABOUT[order[at % len(order)]].format(f"_{at // len(order)}" if at >= len(order) else "")
        for at in range(int(lines))
    )
    return Degraded(text.with_value(f"---{end}{''.join(each + end for each in about)}---{end}{end}{text.value}"))


@mutator("format.md_headings", only=MARKDOWN, share=shares("headings"), examples=[ORDER])
def headings(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write headings otherwise: underlined, as bold lines, three levels deeper, closed with marks.

    As converters from office files do. Their words are the same, so the answer is the same. Ladder: the shares of
    `form`, of headings.
    """
    lines = set(_lines(text.value))
    found = [each for each in _HEADING.finditer(text.value) if Span(*each.span()) in lines]
    kinds = rng.integers(4, size=len(found)).tolist()

    def written(at: int) -> str:
        marks, words = found[at].groups()
        underlined = f"{words}\n{'=' * max(3, len(words))}"
        return (underlined, f"**{words}**", f"{(marks + '###')[:6]} {words}", f"{marks} {words} {marks}")[kinds[at]]

    return rewritten(text, [Span(*each.span()) for each in found], share, rng, written, "it has no headings")


@mutator(
    "format.md_tables",
    only=MARKDOWN,
    form=Ladder("padded", "no outer pipes", "narrow", "no delimiters", "no header", unit="form"),
    examples=[ORDER],
)
def tables(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Write tables otherwise: padded, without pipes at the ends, without spaces, without the row of dashes.

    And with an empty header over the real one. As editors, people and converters do. The cells are the same, row by
    row, so the answer is the same. Ladder: a first guess, by how many readers see no table any more.
    """
    value = text.value
    lines = [Span(*each.span()) for each in re.compile(r"^[^\r\n]*\|[^\r\n]*", re.MULTILINE).finditer(value)]
    rows = [each for each in lines if _ROW.match(value[each.start : each.end])]
    dashes = {each for each in rows if _DELIMITERS.fullmatch(value[each.start : each.end])}
    if not dashes or any("\\|" in value[each.start : each.end] or "`" in value[each.start : each.end] for each in rows):
        raise NotApplicable("it has no table of plain cells")
    end = "\r\n" if "\r\n" in value else "\n"
    after = {each.start for each in dashes}
    spans, new = list[Span](), list[str]()
    for each in rows:
        cells = [cell.strip() for cell in value[each.start : each.end].strip().strip("|").split("|")]
        written, stop = _row(cells, form), each.end
        if each in dashes and form in ("no delimiters", "no header"):
            written, stop = "", value.find("\n", each.end) + 1 or each.end
        headed = form == "no header" and value.find("\n", each.end) + 1 in after
        head = f"|{'  |' * len(cells)}{end}|{' --- |' * len(cells)}{end}" if headed else ""
        spans.append(Span(each.start, stop))
        new.append(head + written)
    return Degraded(text.with_value(spliced(value, spans, new)), touched=rows)


def _row(cells: list[str], form: str) -> str:
    if form == "no outer pipes":
        return " | ".join(cells)
    if form == "narrow":
        return f"|{'|'.join(cells)}|"
    if form == "padded":
        return "| " + " | ".join(cell.ljust(24) for cell in cells) + " |"
    return f"| {' | '.join(cells)} |"
