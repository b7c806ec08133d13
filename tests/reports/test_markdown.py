"""Markdown for a comment: the verdict first, figures only, harmless, and never too long."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import comparisons
from comparisons import CRASHED, RIGHT
from crumple_reports.markdown import LONGEST, code, escaped, render
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, night, run, session

HOSTILE = "a|b`c``` <img src=x onerror=alert(1)> @team **x** [y](http://z) www.z.org \n# h\r\n|-|\x1b[31m_k_ ~~s~~ #12"


def parsed(text: str) -> str:
    return MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)


def test_the_verdict_comes_first_and_replay_lines_can_be_copied() -> None:
    text = render(run())
    assert text.split("\n")[0] == "### ❌ crumple run"
    assert text.split("\n")[2].startswith("The contract is broken: it has one limit. 4 of 10 degraded calls failed")
    assert "```sh\ncrumple replay 'a.csv > encoding.bom(seed=5)'\n```" in text


def test_a_sessions_lines_are_those_of_its_tests() -> None:
    text = render(session(item(), item("crumple.toml::table", "passed")))
    assert "2 robustness tests: 1 failed, 1 passed." in text
    assert "pytest tests/test_a.py::test_a --crumple-replay 'a.csv > encoding.bom(seed=5)'" in text


def test_a_night_says_what_got_worse_before_all_else() -> None:
    text = render(night())
    assert text.index("Worse than the baseline: encoding") < text.index("**Compared") < text.index("**Limits**")
    assert "❌ worse" in text
    assert "<code>encoding-1a2b</code>: fixed, FAILS" in text


def test_nothing_of_documents_or_answers_is_in_it() -> None:
    for document in (run(), night(), session(item(privacy="full"))):
        for text in ("119", "11.9", "the cause of it"):
            assert text not in render(document)


def test_what_was_said_of_a_void_run_is_not_in_it() -> None:
    void = {"calls": 12, "causes": {"ConnectError: secret-host": 12}}
    text = render(run(void=void))
    assert "void" in text
    assert "secret-host" not in text


def test_hostile_names_are_text_and_nothing_else() -> None:
    document = run(
        categories={HOSTILE: figures(10, 4)},
        mutators={HOSTILE: mutator(10, 4, replay=HOSTILE)},
        contract=[limit(name=HOSTILE, sentence=HOSTILE)],
    )
    html = parsed(render(document))
    assert "<img" not in html
    assert "<a " not in html
    assert "<strong>x" not in html
    assert "<h1>" not in html
    assert len(re.findall("<tr>", html)) == 4  # two heads, two rows
    assert "@team" not in re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)


@settings(max_examples=60)
@given(
    st.text(st.sampled_from(list("|`<>@_*[]()#\\&~:/.-+=!$^{} \n\t\r\x00\x1b\u2028aw1")) | st.characters(), max_size=40)
)
def test_any_name_stays_one_cell_of_code(name: str) -> None:
    html = parsed(f"| a | b |\n| --- | --- |\n| {code(name)} | end |\n")
    assert html.count("<td>") == 2
    assert html.count("<code>") == 1
    inner = re.search(r"<code>(.*)</code>", html)
    assert inner is not None
    assert not re.search(r"<(?!/?code)", inner[1])


def test_a_fence_is_longer_than_any_in_the_line() -> None:
    html = parsed(render(run(mutators={"encoding.bom": mutator(10, 4, replay="a.csv > ````` ```")})))
    assert html.count("<pre>") == 1


def test_it_is_never_longer_than_a_comment_may_be() -> None:
    many: dict[str, Any] = {
        f"encoding.m{number}{'x' * 200}": mutator(10, 4, replay=f"{number}{'r' * 3_000}") for number in range(70)
    }
    limits = [limit(name=f"limit {number} {'|' * 300}", sentence="s" * 3_000) for number in range(70)]
    text = render(run(mutators=many, contract=limits))
    assert len(text) <= LONGEST
    assert "left out here" in text
    assert text.count("<details>") == text.count("</details>")


LONG = "|<@a_b>`" * 40


FORECAST = {
    "rate": 0.04,
    "low": 0.03,
    "high": 0.05,
    "silent": {"rate": 0.01, "low": 0.0, "high": 0.02},
    "share": 0.97,
    "named": 0.99,
    "missing": [],
    "like_these": None,
    "mend_first": [],
    "thinnest": None,
    "per_day": 10_000,
    "failing_per_day": {"documents": 1e4, "failures": 400.0, "low": 300.0, "high": 500.0, "silent": 100.0},
}


def a_large_run() -> dict[str, Any]:
    """As large as runs come, with names in which every character has to be escaped."""
    bucket = {"outcome": "crashed", "mutator": "encoding.bom", "count": 3, "example": EXAMPLE}
    figured = mutator(10, 4, replay="r" * 3_900)
    return {
        "mutators": {f"c{n % 400}{LONG}.m{n}": {**figured, "category": f"c{n % 400}"} for n in range(5_000)},
        "categories": {f"c{n}{LONG}": figures(10, 4) for n in range(400)},
        "buckets": [{"fingerprint": f"crashed {n} {LONG}", **bucket} for n in range(10_000)],
        "contract": [limit(name=f"{n} {LONG}", sentence=LONG * 9) for n in range(500)],
        "forecast": FORECAST,
    }


def large(kind: str) -> dict[str, Any]:
    """A document of this kind that is as large."""
    if kind == "breaking points":
        row = {"kind": "", "state": "breaks", "sentence": LONG * 9, "calls": 9, "level": 3, "low": 1, "high": 2}
        return run(breaking_points=[{"mutator": f"{n}{LONG}", **row} for n in range(5_000)])
    if kind == "session":
        return session(*(item(f"{n}{LONG}", document=run(contract=[limit(name=LONG)])) for n in range(800)))
    if kind == "comparison":
        outcomes = tuple((f"c{n % 300}_{'x' * 200}.m{n}", CRASHED, RIGHT, 1) for n in range(2_000))
        made: dict[str, Any] = comparisons.document(outcomes, names=(LONG, f"b{LONG}"))
        return made
    if kind == "run":
        return run(**a_large_run())
    dark = night()
    dark["night"] |= {name: dark["night"][name] * 3_000 for name in ("categories", "findings")}
    return {**dark, **a_large_run()}


@pytest.mark.parametrize("kind", ["run", "night", "breaking points", "session", "comparison"])
def test_of_the_largest_there_is_a_comment_all_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = large(kind)
    text = render(document)
    assert len(text) <= LONGEST
    assert text.count("<details>") == text.count("</details>")
    assert re.search(r"[0-9,]+ more", text), "what is left out is counted"
    assert "| --- |" in text, "there is more than a sentence"
    monkeypatch.setattr("crumple_reports.markdown._ROWS", (300,))
    assert len(render(document)) > LONGEST, "the document is none that has to be shortened"


def test_all_is_well_in_few_words() -> None:
    own = run(
        mutators={"encoding.bom": mutator(10, 0)}, categories={"encoding": figures(10, 0)}, contract=[limit("met")]
    )
    text = render(own)
    assert text.startswith(
        "### ✅ crumple run\n\nThe contract is met: it has one limit. None of 10 degraded calls failed."
    )
    assert "```" not in text


def test_numbers_written_for_characters_read_as_the_characters() -> None:
    assert parsed(escaped("a_b @x <y>")).strip() == "<p>a_b <code>@</code>x &lt;y&gt;</p>"
    assert EXAMPLE["case"] == escaped("a.csv")
