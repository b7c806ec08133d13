"""Hostile text in every place of every kind of document, through everything that writes it: it stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from crumple import excerpt
from crumple.reporting import rendering, report
from hostile_documents import KINDS, material, timeline, with_texts
from naughty import BIDI, CONTROLS, HUGE, INVISIBLE, LETTERS, MARKDOWN, STRINGS

AT_ONCE = 60
WHOLE = ("run",)
SENT = ("run", "fuzz", "breaking-points", "night", "void night")
"""What may end in a message."""
TERMINAL = (*CONTROLS, *BIDI, *INVISIBLE, *LETTERS)
"""What a terminal would act on; it does nothing with markup."""
HARMFUL = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
MARKDOWN_TAGS = {"details", "/details", "summary", "/summary", "sub", "/sub", "code", "/code", "br"}


def batches(strings: Sequence[str] = STRINGS) -> Iterator[list[str]]:
    for start in range(0, len(strings), AT_ONCE):
        yield list(strings[start : start + AT_ONCE])


def documents(kind: str, strings: Sequence[str] = STRINGS) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Documents that together have each of the strings in each place; of kinds that are much alike every fourth."""
    at = list(KINDS).index(kind)
    for texts in batches(strings if kind in WHOLE else strings[at::4]):
        yield with_texts(KINDS[kind](), texts), texts


def written(ending: str, document: dict[str, Any], texts: Sequence[str]) -> str:
    """A report's text."""
    from pathlib import Path

    content = report(Path(f"x.{ending}"))(document, material(texts))
    if isinstance(content, bytes):
        return content.decode()
    return content if isinstance(content, str) else "".join(_decoded(each) for each in content)


def _decoded(piece: str | bytes) -> str:
    return piece if isinstance(piece, str) else piece.decode()


def harmless(text: str) -> bool:
    """Whether a terminal shows each character where it stands, and obeys none."""
    return all(each == "\n" or unicodedata.category(each) not in HARMFUL for each in text)


def test_there_are_hundreds_of_strings() -> None:
    assert len(STRINGS) >= 300
    assert all(len(each.encode()) >= 800_000 or len(each) >= 100_000 for each in HUGE)


@pytest.mark.parametrize("kind", KINDS)
def test_markdown_has_no_link_no_mention_and_no_tag_but_its_own(kind: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    for document, texts in documents(kind):
        text = written("md", document, texts)
        assert len(text) <= 60_000
        outside = []
        for token in _flat(parser.parse(text)):
            assert token.type not in {"link_open", "image", "strong_open" if kind == "x" else "s_open", "em_open"}
            if token.type in {"html_inline", "html_block"}:
                assert set(re.findall(r"<(/?\w+)", token.content)) <= MARKDOWN_TAGS, token.content
                assert not re.search(r"<\w+\s", token.content), "a tag with attributes"
            if token.type == "text":
                outside.append(token.content)
        raw = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
        # What a forge makes links, names and references of when Markdown is done with.
        assert not re.search(
            r"@\w|://|www\.|\bGH-\d|&#(33|35|36|38|64|94|126);\w", re.sub(r"<code>.*?</code>", " ", raw)
        )
        assert harmless(text)
        assert outside


def _flat(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def test_what_markdown_would_act_on_is_found_by_these_checks() -> None:
    parser = MarkdownIt("commonmark", {"html": True})
    seen = {token.type for text in MARKDOWN for token in _flat(parser.parse(text))}
    assert {"link_open", "image", "html_inline", "html_block", "em_open", "strong_open"} <= seen


@pytest.mark.parametrize("kind", KINDS)
def test_junit_is_well_formed_and_has_the_elements_of_a_harmless_one(kind: str) -> None:
    calm = _shape(written("xml", with_texts(KINDS[kind](), ["calm"]), ["calm"]))
    for document, texts in documents(kind):
        text = written("xml", document, texts)
        assert _shape(text) <= calm
        assert ET.tostring(ET.fromstring(text), encoding="unicode") == text.partition("\n")[2].strip()


def _shape(text: str) -> set[tuple[str, str]]:
    return {(each.tag, name) for each in ET.fromstring(text).iter() for name in ["", *each.attrib]}


def test_junit_gives_names_back_as_they_are_shown() -> None:
    names: set[str] = set()
    for document, texts in documents("run"):
        names |= {each.attrib["name"] for each in ET.fromstring(written("xml", document, texts)).iter("testcase")}
    lost = [
        each
        for each in STRINGS
        if each.strip() and re.sub(r"[\ufffe\uffff\U0001fffe\U0010ffff]", "?", excerpt(each, 2_000)) not in names
    ]
    assert not lost


@pytest.mark.parametrize("kind", ["run", "pytest"])
def test_json_gives_everything_back_as_it_was(kind: str) -> None:
    for document, texts in documents(kind):
        assert json.loads(written("json", document, texts)) == json.loads(json.dumps(document))


@pytest.mark.parametrize("kind", SENT)
def test_messages_are_one_json_value_of_the_same_form(kind: str) -> None:
    calm = json.loads(rendering("webhook")(with_texts(KINDS[kind](), ["calm"])))
    for document, _ in documents(kind):
        made = rendering("webhook")(document)
        assert "\n" not in made
        assert json.loads(made).keys() == calm.keys()
        slack = rendering("slack")(document)
        assert slack.isascii()
        assert not [text for text in _marked(json.loads(slack)) if re.search(r"[<>]", text)], "a link, or a call"


def _marked(message: Any) -> Iterator[str]:
    """The texts of a message in which Slack looks for links and names; a header is plain."""
    yield message["text"]
    yield from (each["text"]["text"] for each in message["blocks"] if each["text"]["type"] == "mrkdwn")


@pytest.mark.parametrize("kind", ["run", "fuzz", "night"])
def test_metrics_have_no_line_that_is_not_theirs(kind: str) -> None:
    line = re.compile(r'(# (HELP|TYPE) crumple_\w+ .*|crumple_\w+(\{(\w+="(\\.|[^"\\])*",?)*\})? [-+.\deE]+)')
    for document, _ in documents(kind):
        made = rendering("metrics")(document)
        assert harmless(made)
        assert [each for each in made.split("\n")[:-1] if not line.fullmatch(each)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_terminal_is_told_nothing(kind: str) -> None:
    for document, _ in documents(kind, TERMINAL[::2] if kind == "night" else TERMINAL):
        assert harmless(rendering("terminal")(document, width=120))


def test_what_a_terminal_would_obey_is_found_by_this_check() -> None:
    assert sum(not harmless(each.replace("\n", "")) for each in TERMINAL) > 60


def test_a_history_tells_a_terminal_nothing() -> None:
    for texts in batches(TERMINAL):
        assert harmless(rendering("history")(with_texts(timeline(), texts)))


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202eabc", "a\x00b", "\x9b31m", "line\nline"])
def test_a_profile_and_what_a_run_can_decide_tell_a_terminal_nothing(text: str) -> None:
    assert harmless(rendering("profile")(with_texts(PROFILE, [text]) | {"toml": ""}))
    assert harmless(rendering("foreseen")(with_texts(FORESEEN, [text])))


def test_every_result_stays_a_row_of_its_table() -> None:
    for texts in batches():
        document = with_texts(KINDS["run"](), ["calm"])
        rows = list(csv.reader(io.StringIO(written("csv", document, texts), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows) == len(texts) + 1
        # A spreadsheet would compute what begins so.
        assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r") and not _number(cell)]


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell) is not None


def test_every_result_stays_a_line_of_json() -> None:
    for texts in batches():
        lines = written("jsonl", with_texts(KINDS["run"](), ["calm"]), texts).splitlines()
        assert len(lines) == len(texts)
        assert all(isinstance(json.loads(line), dict) for line in lines)


PROFILE: dict[str, Any] = {
    "schema": 1,
    "folder": "inbox",
    "there": 5,
    "drawn": 5,
    "hidden": 0,
    "seed": 0,
    "files": 5,
    "opened": 5,
    "kinds": [{"media_type": "text/csv", "files": 3}],
    "clean": {"files": 3, "share": 0.6, "low": 0.2, "high": 0.9},
    "damages": [
        {
            "name": "encoding.codepage",
            "mutator": True,
            "stands_for": ["encoding.other"],
            "files": 1,
            "told": 3,
            "untold": 1,
            "share": 0.2,
            "low": 0.1,
            "high": 0.6,
            "levels": [1.0, 0.0, 0.0, 0.0, 0.0],
            "unknown_level": 0,
            "unit": "codepages",
            "strangest": [{"path": "y.csv", "value": "windows"}],
        }
    ],
    "duplicates": {"files": 2, "largest": [{"path": "a.csv", "copies": 1}], "low": 0.0, "high": 0.4, "share": 0.4},
    "looked_for": ["corruption.gzipped"],
    "never_told": ["scan.skew"],
    "not_opened": [{"path": "e.pdf", "why": "it is cut"}],
    "failed": [{"measure": "skew", "files": 1, "path": "f.pdf", "why": "it hung"}],
    "mix": {"clean": 0.6},
}
FORESEEN: dict[str, Any] = {
    "schema": 1,
    "file": "crumple.toml",
    "corpus": {
        "name": "invoices",
        "cases": 24,
        "groups": 6,
        "run": {"cases": 24, "groups": 6},
        "decide": {"cases": 24, "groups": 6},
    },
    "budget": {"calls": 300, "seconds": None, "cost": None, "before": 30, "left": 264, "rounds": 8, "mutators": 33},
    "price": {"cost": None, "seconds": 0.1, "known_from": "the last 3 runs"},
    "limits": [
        {
            "name": "scan, failures",
            "of": "scan",
            "metric": "failures",
            "limit": 0.02,
            "shown": "at most 2 %",
            "up_to_level": 5.0,
            "confidence": 0.95,
            "about": "these documents",
            "line": 46,
            "mutators": ["scan.skew"],
            "cases": 24,
            "groups": 6,
            "census": False,
            "run": {"can": False, "calls": 24, "has": 24, "needs": 149, "at_least": False, "why": "too few"},
            "decide": {"can": False, "calls": 24, "has": 24, "needs": 149, "at_least": False, "why": "too few"},
            "rates": [],
            "instead": "say so",
        }
    ],
    "all": {"limits": 1, "run": 0, "decide": 0, "calls": 548, "cost": None, "seconds": 83.0},
    "uncovered": ["corruption"],
    "not_run": {},
    "mix": {"named": 1.0, "missing": []},
    "pin": None,
}
