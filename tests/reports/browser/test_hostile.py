"""Hostile text in a real browser: pages hold it as text, and nothing of it runs, loads, or leads anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crumple_reports.html import render
from hostile_documents import KINDS, material, with_texts
from naughty import HOST, STRINGS

AT_ONCE = 60
# Elements with their attributes; ids that occur twice; what a page could load, or lead to.
_READ = """text => {
  const seen = new Set(), ids = new Set(), twice = [], urls = [];
  for (const element of new DOMParser().parseFromString(text, "text/html").querySelectorAll("*")) {
    const tag = element.namespaceURI.split("/").pop() + " " + element.tagName;
    seen.add(tag);
    for (const each of element.attributes) {
      seen.add(tag + " " + each.name);
      if (/^(src|href|xlink:href|action|formaction|srcset|data|poster|style)$/.test(each.name))
        urls.push(each.value.slice(0, 200));
    }
    if (element.id) { if (ids.has(element.id)) twice.push(element.id); ids.add(element.id); }
  }
  return {seen: [...seen], twice, urls};
}"""
_ALLOWED = re.compile(r"#[\w-]+|data:image/(webp|png|jpeg);base64,[A-Za-z0-9+/=]+")
_OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Every button; of links and inputs the first ones, for each of them goes over the whole page again.
_CLICK_ALL = """() => {
  const clicked = [
    ...document.querySelectorAll("button, [role=button]"),
    ...[...document.querySelectorAll("a[href]")].slice(0, 60),
    ...[...document.querySelectorAll("input, select")].slice(0, 20),
  ];
  for (const each of clicked) {
    each.dispatchEvent(new PointerEvent("pointerover", {bubbles: true}));
    each.dispatchEvent(new FocusEvent("focus"));
    each.click();
  }
  for (const each of document.querySelectorAll("dialog[open]")) each.close();
  return clicked.length;
}"""


@pytest.fixture
def blank(opened):
    return opened("<!doctype html><title>blank</title>")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_elements_of_a_harmless_one(blank, kind: str) -> None:
    calm = [f"calm {at}" for at in range(AT_ONCE)]
    known = blank.evaluate(_READ, render(with_texts(KINDS[kind](), calm), material(calm)))
    assert known["twice"] == []
    strings = STRINGS if kind == "run" else STRINGS[list(KINDS).index(kind) :: 4]
    for start in range(0, len(strings), AT_ONCE):
        texts = list(strings[start : start + AT_ONCE])
        page = render(with_texts(KINDS[kind](), texts), material(texts))
        assert "could not be made of this document" not in page
        found = blank.evaluate(_READ, page)
        assert set(found["seen"]) - set(known["seen"]) == set()
        assert found["twice"] == []
        assert [each for each in found["urls"] if not _ALLOWED.fullmatch(each)] == []
        assert not [
            each
            for each in found["seen"]
            if re.search(r" (on\w+|style|srcdoc|formaction|action|http-equiv)$", each) and "meta" not in each.lower()
        ]


@pytest.mark.parametrize("kind", ["run", "night"])
def test_nothing_of_the_whole_list_runs_whatever_is_clicked(opened, kind: str) -> None:
    strings = STRINGS if kind == "run" else STRINGS[::8]
    text = render(with_texts(KINDS[kind](), strings), material(strings))
    assert HOST in text
    page = opened(text, viewport={"width": 1000, "height": 800})
    here, title = page.url, page.title()
    page.evaluate(_OPEN_ALL)
    assert page.evaluate(_CLICK_ALL) > 50
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[typeof ran, document.querySelectorAll('[id=ran], [onerror], [onload]').length]") == [
        "undefined",
        0,
    ]
    assert page.url.partition("#")[0] == here
    assert page.title() == title
    assert len(page.context.pages) == 1


INJECTED = f"""
<script>ran = 1</script>
<script src="https://{HOST}/a.js"></script>
<img src="x" onerror="ran = 2">
<img src="https://{HOST}/a.png">
<style>h1 {{ color: rgb(1, 2, 3) !important; }}</style>
<p id="styled" style="color: rgb(1, 2, 3)">styled</p>
<link rel="stylesheet" href="https://{HOST}/a.css">
<iframe srcdoc="<script>parent.ran = 3</script>"></iframe>
<iframe src="https://{HOST}/f"></iframe>
<object data="https://{HOST}/o"></object>
<a id="go" href="javascript:ran = 4">go</a>
<base href="https://{HOST}/">
<video src="https://{HOST}/v" autoplay></video>
<form id="sent" action="https://{HOST}/s"><button>send</button></form>
"""


@pytest.mark.parametrize("held", [True, False], ids=["with the policy", "without it"])
def test_the_policy_stops_what_would_get_past_the_template(browser, tmp_path: Path, held: bool) -> None:
    text = render(KINDS["run"](), material(["calm"])).replace("</main>", f"</main>{INJECTED}")
    if not held:
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    path = tmp_path / "page.html"
    path.write_text(text, "utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        # A request that the policy stops is not sent; what is sent ends here.
        context.route(f"https://{HOST}/**", lambda route: (asked.append(route.request.url), route.abort()))
        page.goto(path.as_uri())
        page.evaluate("document.getElementById('go').click()")
        page.evaluate("document.getElementById('sent').requestSubmit()")
        page.wait_for_load_state()
        if held:
            assert page.evaluate("typeof ran") == "undefined"
            assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
            assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(1, 2, 3)"
            assert page.url == path.as_uri()
            assert page.evaluate("document.baseURI") == path.as_uri()
            assert asked == []
        else:
            assert len(asked) >= 4, "it would have run, and asked"
