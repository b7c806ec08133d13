"""The HTML page: whole, escaped, without scripts, and no more of single calls than may be shown."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from crumple_reports.html import render
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, night, run, session

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=y>\x1b[31m"
VOID = {"meta", "br", "!doctype"}


class Tags(HTMLParser):
    """What tags there are, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(text: str) -> set[str]:
    parser = Tags()
    parser.feed(text)
    parser.close()
    assert not parser.open
    return parser.seen


def test_every_kind_of_document_is_a_whole_page_without_scripts() -> None:
    for document in (run(), night(), session(item()), session()):
        assert not tags(render(document)) & {"script", "img", "link", "iframe", "a"}


def test_hostile_names_are_text() -> None:
    document = run(
        categories={HOSTILE: figures(10, 4)},
        mutators={HOSTILE: mutator(10, 4, replay=HOSTILE, cause=HOSTILE)},
        contract=[limit(name=HOSTILE, sentence=HOSTILE)],
    )
    text = render(document, privacy="full")
    assert not tags(text) & {"script", "img"}
    assert "\x1b" not in text


def test_the_policy_allows_the_style_that_is_there_and_nothing_else() -> None:
    text = render(run())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'" in text


def test_of_single_calls_it_shows_what_it_may() -> None:
    document = run(mutators={"encoding.bom": mutator(10, 4, cause="", answer='{"total":"' + "y" * 900 + '"}')})
    figures_only, excerpts, full = (render(document, privacy=each) for each in ("figures", "excerpts", "full"))
    assert "119" not in figures_only
    assert "119" in excerpts
    assert "y" * 900 not in excerpts
    assert "y" * 900 in full
    assert EXAMPLE["case"] in figures_only


def test_each_item_of_a_session_has_its_own_privacy() -> None:
    text = render(session(item("tests/t.py::a", privacy="full"), item("tests/t.py::b")), privacy="full")
    assert text.count("the cause of it") == 1
