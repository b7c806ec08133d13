"""The page's problems: what may be shown of them, each picture once, and no more than there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crumple import Exhibit, LinePair, Material, PagePair, Picture, Piece, RowPair
from crumple_reports.html import render
from crumple_reports.html.problems import section
from documents_of_runs import EXAMPLE, item, mutator, run, session

PAGE = Picture(b"the clean page", "image/webp", 636, 900)
SECRET = "what stands in the document"


def exhibit(replay: str, **more: Any) -> Exhibit:
    other = Picture(replay.encode(), "image/webp", 636, 900)
    return replace(Exhibit(replay=replay, kind="pages", pages=(PagePair(1, PAGE, other),)), **more)


def material(privacy: str = "full", **more: Any) -> Material:
    def exhibits(lines: Sequence[str]) -> dict[str, Exhibit]:
        return {line: exhibit(line, **more) for line in lines}

    return Material(privacy=privacy, exhibits=exhibits)  # type: ignore[arg-type]


def many(number: int) -> dict[str, Any]:
    mutators = {f"encoding.m{at}": mutator(10, 4, replay=f"a.csv > encoding.m{at}(seed=1)") for at in range(number)}
    return run(mutators=mutators)


def model(document: dict[str, Any], own: Material) -> dict[str, Any]:
    found = section(document, own)
    assert found is not None
    return dict(found.model)


def test_without_failures_there_is_no_section() -> None:
    assert section(run(mutators={}, contract=[]), material()) is None


def test_a_picture_that_is_shown_often_is_in_the_page_once() -> None:
    text = render(many(5), material())
    import base64

    assert text.count(base64.b64encode(PAGE.data).decode()) == 1
    assert text.count('<use href="#picture-1"') == 5


def test_where_only_figures_may_be_shown_no_exhibit_is_asked_for_and_nothing_is_quoted() -> None:
    asked: list[Sequence[str]] = []

    def exhibits(lines: Sequence[str]) -> dict[str, Exhibit]:
        asked.append(lines)
        return {}

    document = run(mutators={"encoding.bom": mutator(10, 4, answer=SECRET, expected=SECRET, cause=SECRET)})
    found = model(document, Material(privacy="figures", exhibits=exhibits))
    assert not asked
    assert found["discreet"]
    assert SECRET not in str(found)


def test_excerpts_are_cut() -> None:
    long = '{"total":"' + "9" * 500 + '"}'
    document = run(mutators={"encoding.bom": mutator(10, 4, answer=long, expected=long)})
    ((path, expected, got),) = model(document, material("excerpts"))["full"][0]["answer"]["rows"]
    assert path == "/total"
    assert max(len(expected), len(got)) <= 90


def test_words_about_a_long_list_are_not_quoted_as_an_answer_is() -> None:
    kept = '{"/lines":"8 items, the last {\\"amount\\":137.9}"}'
    document = run(mutators={"encoding.bom": mutator(10, 4, answer='{"/lines":"8"}', expected=kept, wrong=["/lines"])})
    assert model(document, material())["full"][0]["answer"]["rows"] == [
        ("/lines", '8 items, the last {"amount":137.9}', '"8"')
    ]


def test_fields_stand_beside_each_other_and_what_a_crash_expected_is_not_shown() -> None:
    answer = model(run(), material())["full"][0]["answer"]
    assert answer["rows"] == [("/total", "119.0", "11.9")]
    crash = run(mutators={"encoding.bom": mutator(10, 4, outcome="crashed", answer="", expected=SECRET, cause="Boom")})
    answer = model(crash, material())["full"][0]["answer"]
    assert answer["cause"] == "Boom"
    assert SECRET not in str(answer)


def test_the_frame_of_a_crash_is_named() -> None:
    example = EXAMPLE | {"outcome": "crashed", "cause": "KeyError: 'x'"}
    own = {
        "fingerprint": "crashed KeyError at reader.py:read: rows['x']",
        "outcome": "crashed",
        "mutator": "encoding.bom",
    }
    answer = model(run(buckets=[own | {"count": 1, "example": example}]), material())["full"][0]["answer"]
    assert (answer["place"], answer["code"]) == ("read, reader.py", "rows['x']")


def test_each_test_of_a_session_shows_what_its_own_privacy_allows() -> None:
    open_, closed = item("a", privacy="full"), item("b", privacy="figures")
    found = model(session(open_, closed), material("full"))["full"]
    assert [each["exhibit"] is None for each in found] == [False, True]


def test_of_many_problems_the_worst_are_shown_whole_the_others_named_and_the_rest_counted() -> None:
    found = model(many(400), material("figures"))
    assert (len(found["full"]), len(found["listed"]), found["more"]) == (60, 240, 100)
    assert [each["open"] for each in found["full"][:4]] == [True, True, True, False]
    text = render(many(400))
    assert all(f'id="problem-{number}"' in text for number in (1, 60, 61, 300))
    assert 'id="problem-301"' not in text


def test_rows_that_differ_stand_below_each_other_and_gaps_are_marked() -> None:
    header = RowPair(1, 1, (Piece("id"),), (Piece("id"),))
    changed = RowPair(4, 4, (Piece("a", changed=True),), (Piece("b", changed=True),))
    new = RowPair(None, 5, (), (Piece("c", changed=True),))
    own = material("full", kind="rows", pages=(), rows=(header, changed, new))
    rows = model(run(), own)["full"][0]["exhibit"]["rows"]
    assert [each.get("side", "gap") for each in rows] == ["", "gap", "clean", "degraded", "degraded"]
    assert rows[0]["head"]


def test_long_lines_stand_above_each_other_and_short_ones_beside() -> None:
    def stacked(length: int) -> bool:
        line = LinePair(1, 1, (Piece("x" * length, changed=True),), (Piece("y", changed=True),))
        own = material("full", kind="lines", pages=(), lines=(line,))
        return bool(model(run(), own)["full"][0]["exhibit"]["stacked"])

    assert (stacked(20), stacked(100)) == (False, True)


def test_what_was_left_out_and_why_nothing_is_shown_is_said() -> None:
    own = model(run(), material("full", left_out=2, note="the file is odd"))["full"][0]["exhibit"]
    assert own["more"] == "and 2 more pages differ"
    assert own["note"] == "The file is odd."
