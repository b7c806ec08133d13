"""XML, HTML and Markdown of category format: parsers and browsers see the same, and nothing grows beyond its bound."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

import crumple_mutators.format as family
from crumple import Degraded, Document, NotApplicable, read, write
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from naming import degraded_or_refused

NAMED = {name: each for name in family.__all__ if isinstance(each := getattr(family, name), Mutator)}
XML = {name: each for name, each in NAMED.items() if name.startswith("xml_")}
HTML = {name: each for name, each in NAMED.items() if name.startswith("html_")}
MD = {name: each for name, each in NAMED.items() if name.startswith("md_")}
TYPES = {"xml": "application/xml", "html": "text/html", "md": "text/markdown"}
ORDER_XML = family.xml_cdata.examples[0][1]
ORDER_HTML = family.html_hidden.examples[0][1]
STRICT = ("cdata", "comments", "references", "whitespace", "internal_entities")
BROKEN = ("bare_ampersands", "unclosed", "mismatched")


def made(name: str, content: bytes | None = None, *, level: float = 5, seed: int = 0) -> Degraded:
    mutator = NAMED[name]
    data = content if content is not None else mutator.examples[0][1].encode()
    document = Document(data, TYPES[name.partition("_")[0]], "a")
    return act(mutator, read(document, seen_as(mutator)), mutator.step(level, seed))


def values(source: str) -> list[tuple[str, str]]:
    return [(each.tag, (each.text or "").strip()) for each in ET.fromstring(source.encode()).iter() if len(each) == 0]


@pytest.mark.parametrize("name", [f"xml_{each}" for each in STRICT])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_strict_parser_reads_the_same_text(name: str, level: float) -> None:
    for seed in range(3):
        assert values(made(name, level=level, seed=seed).view.value) == values(ORDER_XML)


@pytest.mark.parametrize("name", [f"xml_{each}" for each in BROKEN])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_what_is_not_well_formed_may_be_refused(name: str, level: float) -> None:
    with pytest.raises(ET.ParseError):
        ET.fromstring(made(name, level=level).view.value.encode())
    assert NAMED[name].refusable(NAMED[name].step(level, 0))


@pytest.mark.parametrize("level", [1, 3, 5])
def test_attributes_and_elements_hold_the_same_names_and_values(level: float) -> None:
    def said(source: str) -> set[tuple[str, str]]:
        root = ET.fromstring(source.encode())
        attributes = {pair for each in root.iter() for pair in each.attrib.items()}
        return attributes | {(each.tag, each.text.strip()) for each in root.iter() if (each.text or "").strip()}

    for name in ("xml_attributes", "xml_elements"):
        assert said(made(name, level=level).view.value) == said(ORDER_XML)
        assert made(name, level=level).view.value != ORDER_XML


@pytest.mark.parametrize("level", [1, 3, 5])
def test_children_in_another_order_or_twice_keep_their_names_and_values(level: float) -> None:
    for seed in range(3):
        assert sorted(values(made("xml_order", level=level, seed=seed).view.value)) == sorted(values(ORDER_XML))
        assert set(values(made("xml_repeated", level=level, seed=seed).view.value)) == set(values(ORDER_XML))


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_entities_expand_to_what_the_ladder_says_and_the_file_stays_small(level: float) -> None:
    source = made("xml_entity_expansion", level=level).view.value
    base = re.search(r'<!ENTITY e0 "(x+)">', source)
    assert base is not None
    expanded = len(base[1]) * 10 ** (source.count("<!ENTITY") - 1)
    assert expanded == NAMED["xml_entity_expansion"].ladder.at(level) <= 100_000_000
    assert len(source) < 4000


@pytest.mark.parametrize("kind", family.xml_external.ladder.rungs)
def test_what_is_referred_to_is_a_missing_file_and_nothing_on_a_network(kind: str) -> None:
    view = read(Document(ORDER_XML.encode(), "application/xml", "a.xml"), seen_as(NAMED["xml_external"]))
    step = NAMED["xml_external"].step(1 + family.xml_external.ladder.rungs.index(kind), 0)
    source = act(NAMED["xml_external"], view, step).view.value
    added = source.replace("-//Example//DTD Order 2.0//EN", "")
    assert "crumple-no-such-file" in added
    assert "://" not in added


class Shown(HTMLParser):
    """The text that a browser shows, as far as these pages need it."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.hidden = "", list[str]()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        style = said.get("style") or ""
        unseen = "hidden" in said or re.search(r"display:\s*none|font-size:0|visibility:hidden", style)
        if tag in ("script", "style", "title", "template") or unseen:
            self.hidden.append(tag)
        if tag in ("td", "th", "tr", "p", "br", "div", "h1", "table"):
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += re.sub("[\u00ad\u200b\u200c\u2060]", "", data)


def shown(source: str) -> list[str]:
    parser = Shown()
    parser.feed(source)
    parser.close()
    return parser.text.split()


@pytest.mark.parametrize("name", [name for name in HTML if name not in ("html_boilerplate", "html_row_spans")])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_browser_shows_the_same_text(name: str, level: float) -> None:
    for seed in range(4):
        degraded = made(name, level=level if NAMED[name].ladder else NAMED[name].level, seed=seed)
        assert shown(degraded.view.value) == shown(ORDER_HTML)
        assert degraded.view.value != ORDER_HTML


def test_a_cell_that_spans_rows_stands_for_as_many_equal_ones() -> None:
    source = made("html_row_spans").view.value
    spans = [int(each) for each in re.findall(r'rowspan="(\d+)"', source)]
    assert spans == [2]
    assert ORDER_HTML.count("<td>12</td>") - source.count(">12</td>") == 1


def test_boilerplate_leaves_the_content_whole() -> None:
    inner = re.search(r"<body>(.*)</body>", ORDER_HTML, re.DOTALL)
    assert inner is not None
    for level in (1, 3, 5):
        assert inner[1] in made("html_boilerplate", level=level).view.value


def test_markdown_without_its_marks_is_the_same() -> None:
    words = re.findall(r"\w+", family.md_html.examples[0][1])
    for name in ("md_escapes", "md_emphasis", "md_tables", "md_headings"):
        for level in (1, 3, 5):
            for seed in range(4):
                source = made(name, level=level, seed=seed).view.value
                assert re.findall(r"\w+", re.sub(r"[*`\\]|</?b>", "", source)) == words


def test_rows_of_a_markdown_table_keep_their_cells() -> None:
    for level in (1, 2, 3, 4, 5):
        lines = [line for line in made("md_tables", level=level).view.value.splitlines() if "Oak" in line]
        assert [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines] == [
            ["Oak table", "12", "54.00"]
        ]


def test_code_in_markdown_is_left_alone() -> None:
    code = b"```\nA-1 **b** # c\n```\n\n    x-y z-w\n"
    for name in ("md_escapes", "md_emphasis", "md_html", "md_headings"):
        with pytest.raises(NotApplicable):
            made(name, code)


@pytest.mark.parametrize("name", [name for name, each in (XML | HTML | MD).items() if each.parameter == "share"])
def test_a_greater_share_touches_a_superset(name: str) -> None:
    for seed in range(3):
        before: set[object] = set()
        for level in (1, 2, 3, 4, 5):
            after = set(made(name, level=level, seed=seed).touched)
            assert before <= after != set()
            before = after


HOSTILE = {
    "one byte": b"<",
    "undecodable": b"<a>\xff\xfa</a>",
    "angles": b"<" * 20_000,
    "comments": b"<!--" * 5000,
    "sections": b"<![CDATA[" * 3000,
    "types": b"<!a[" * 5000,
    "quotes": b"<a b='" * 4000,
    "tags": b"<a>" * 6000,
    "scripts": b"<script>" * 3000,
    "spaces": b"<a" + b" " * 20_000 + b"=>",
    "rows": b"<tr><td>" * 3000,
    "bodies": b"<body>" * 4000,
    "paragraphs": b"<body>" + b"<p>a<h1>b" * 3000,
    "entities": b"<!DOCTYPE a [<!ENTITY b '" + b"x" * 20_000 + b"'>]><a>&b;</a>",
    "binary": bytes(range(1, 256)) * 40,
    "one line": b"x" * 50_000,
    "fences": b"```\n" * 5000,
    "heading": b"# " + b" " * 20_000 + b"#b",
    "table": b"| a |\n| - |\n" * 2000,
    "dashes": b"-|" + b" " * 20_000 + b"x",
}


@pytest.mark.parametrize("name", [*XML, *HTML, *MD])
def test_hostile_documents_give_a_result_or_a_reason(name: str) -> None:
    mutator = NAMED[name]
    for kind, data in HOSTILE.items():
        document = Document(data, TYPES[name.partition("_")[0]], "a")
        for level in (1, 5) if mutator.ladder else (mutator.level,):
            with degraded_or_refused(kind):
                write(made(name, data, level=level).view, document)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_of_conflicting_elements_either_value_is_right(level: float) -> None:
    degraded = made("xml_conflicting", level=level)
    said = ET.fromstring(degraded.view.value.encode())
    for place, either in degraded.truth.values.items():
        old, new = either.options
        name = ORDER_XML[: place.start].rpartition("<")[2].rstrip(">")
        pair = [each.text for each in said.iter(name)]
        assert {old, new} <= set(pair)
        assert old != new
    assert len(values(degraded.view.value)) == len(values(ORDER_XML)) + len(degraded.truth.values)
