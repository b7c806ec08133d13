"""A search in the terminal report: first what a manager understands, then what a developer needs."""

from __future__ import annotations

from typing import Any

import pytest

from crumple.events import Explored
from crumple.search.left import bound, sentence
from crumple_reports.terminal import render


def discovery(number: int, mark: str, *mutators: str, **more: Any) -> dict[str, Any]:
    recipe = " > ".join(f"{name}(share=0.1,seed=7)" for name in mutators)
    return {
        "number": number,
        "id": f"{mutators[0].split('.')[0]}-00a{number}",
        "category": mutators[0].split(".")[0] if len(mutators) == 1 else "combination",
        "state": "minimised",
        "fingerprints": [mark],
        "mutators": list(mutators),
        "steps": [{"mutator": name, "how": "10 % of words, level 2"} for name in mutators],
        "count": 4,
        "met_after": 3,
        "tries": 2,
        "failed": 2,
        "calls": 17,
        "known": "",
        "parts": [],
        "why": "",
        "example": {
            "case": "a b.txt",
            "recipe": recipe,
            "replay": f"a b.txt > {recipe}",
            "level": 2.0,
            "outcome": mark.split(maxsplit=1)[0],
            "cause": "ValueError: no \x1b[2Jtotal" if mark.startswith("crashed") else "",
            "expected": '{"/total": 104.5}' if mark.startswith("wrong") else "",
            "answer": '{"/total": 10.45}' if mark.startswith("wrong") else "",
            "wrong": ["/total"] if mark.startswith("wrong") else [],
            "digest": "",
            "stand_in": False,
        },
        "first": f"a b.txt > {recipe}",
    } | more


def replayed(finding: str, status: str, failed: int = 2, why: str = "") -> dict[str, Any]:
    example = discovery(0, "crashed ValueError", "text.case")["example"]
    return {"finding": finding, "status": status, "why": why, "calls": 2, "failed": failed, "example": example}


def document(*found: dict[str, Any], calls: int = 300, once: int = 1, **more: Any) -> dict[str, Any]:
    explored = {"calls": calls, "kinds": len(found), "once": once, "chance": 0.0, "low": 0.0, "high": 0.01, "open": 0}
    return {
        "run": {
            "kind": "fuzz",
            "id": "1",
            "seed": 4,
            "calls": calls + 20,
            "attempts": calls + 20,
            "rounds": 50,
            "wall_seconds": 12.0,
            "ended": "calls",
            "known": {"findings": [{"id": "text-00ff", "state": "fixed"}, {"id": "text-00fa", "state": "accepted"}]},
        },
        "clean": {"cases": 6, "right": 6, "failed": []},
        "controls": {},
        "categories": {},
        "mutators": {},
        "buckets": [],
        "labels": {},
        "contract": [],
        "forecast": None,
        "skipped": [],
        "void": {"calls": 0, "causes": {}},
        "breaking_points": [],
        "search": {
            "explored": explored,
            "left": "With 95 % confidence, fewer than 1 in 100 further calls would.",
            "outcomes": {"right": 200, "crashed": 120},
            "discoveries": list(found),
            "replayed": [],
        }
        | more,
    }


SEVERAL = document(
    discovery(0, "crashed ValueError at a.py:f", "text.case"),
    discovery(1, "wrong /total (another scale)", "encoding.bom", "text.quotes"),
    discovery(2, "crashed OSError", "text.lines", state="not minimised", why="no calls were left"),
    discovery(3, "crashed TypeError", "text.words", known="text-00aa"),
    discovery(4, "crashed IndexError", "text.words", known="text-00ff"),
    discovery(5, "crashed KeyError", "text.words", known="text-00fa"),
    discovery(6, "hung", "text.words", state="flaky", tries=4, failed=1),
    discovery(7, "crashed EOFError", "text.words", state="not reproduced", tries=2, failed=1),
    discovery(8, "crashed both", "text.words", "text.case", state="explained", parts=[0, 1]),
    replayed=[
        replayed("text-00aa", "FAILS"),
        replayed("text-00ab", "FIXED", 0),
        replayed("text-00ac", "CHANGED", 2, "another failure: hung"),
    ],
)


def words(made: dict[str, Any], width: int = 100) -> str:
    return " ".join(render(made, width=width).split())


def test_a_manager_reads_how_many_kinds_how_many_are_new_and_how_much_is_left() -> None:
    text = words(SEVERAL)
    assert text.startswith(
        "6 kinds of failure, 4 of them new, in 300 calls that looked for them. 1 more fails now and then. "
        "3 known findings were called again: 1 FAILS, 1 CHANGED, 1 FIXED. "
        "With 95 % confidence, fewer than 1 in 100 further calls would."
    )
    assert "says nothing of production" in text
    assert "1 further one that was met is a mixture of others" in text


def test_a_developer_reads_each_new_finding_with_its_recipe_in_units_and_the_line_that_replays_it() -> None:
    text = render(SEVERAL, width=100)
    assert "  wrong /total (another scale)\n  by        encoding.bom: 10 % of words, level 2\n" in text
    assert "  then      text.quotes: 10 % of words, level 2\n" in text
    assert "  wrong     /total: expected 104.5, answered 10.45\n" in text
    sure = "failed 2 of 2 times; met in 4 calls, first by number 3; as small as it gets, after 17 more calls"
    assert sure in words(SEVERAL)
    assert "  kept      findings/encoding-00a1/\n" in text
    assert (
        "\n  replay    crumple replay 'a b.txt > encoding.bom(share=0.1,seed=7) > text.quotes(share=0.1,seed=7)'\n"
        in text
    )
    assert "not as small as it could be: no calls were left" in words(SEVERAL)
    assert "\x1b" not in text


def test_a_finding_is_headed_by_what_its_smallest_example_shows() -> None:
    wide = discovery(0, "wrong /date (garbled); /total (other value)", "text.case", shows="wrong /total (other value)")
    said = render(document(wide), width=100)
    assert "\n  wrong /total (other value)\n" in said
    assert "garbled" not in said


def test_a_known_finding_that_says_nothing_itself_is_told_by_how_it_fails() -> None:
    refused = replayed("scan-0f", "FAILS") | {"example": {"cause": "", "wrong": []}, "shows": "refused no /currency"}
    made = document(replayed=[refused])
    assert "FAILS       scan-0f: failed 2 of 2 times; refused no /currency" in render(made, width=100)


def test_a_folder_is_named_only_where_the_finding_is_in_it() -> None:
    said = render(document(discovery(0, "crashed EOFError", "text.case", written=False)), width=100)
    assert "kept      only here: findings/ cannot be written" in said


def test_findings_stand_under_their_category_the_largest_first() -> None:
    heads = [line for line in render(SEVERAL, width=100).splitlines() if "met in" in line and not line[0].isspace()]
    assert heads == [
        "text: 3 kinds of failure, met in 12 calls",
        "combination: 1 kind of failure, met in 4 calls",
    ]


def test_what_was_known_stands_apart_and_what_was_fixed_and_is_back_is_news() -> None:
    text = render(SEVERAL, width=100)
    known = text.partition("Findings that were known\n")[2]
    assert [line.split()[:2] for line in known.splitlines()[:4]] == [
        ["FAILS", "text-00aa:"],
        ["CHANGED", "text-00ac:"],
        ["FIXED", "text-00ab:"],
        ["met", "again"],
    ]
    assert "text-00fa: accepted; crashed KeyError" in known
    assert "crashed IndexError   it was fixed, and is back" in text
    assert "crashed TypeError" not in text.partition("Findings that were known")[0]


def test_what_cannot_be_relied_on_is_no_finding_among_the_others() -> None:
    text = render(SEVERAL, width=100)
    assert "Fails now and then\n  hung: met in 4 calls; failed 1 of 4 times\n" in text
    assert "Failed once, and not again\n  crashed EOFError: met in 4 calls; failed 1 of 2 times\n" in text
    assert "crashed both" not in text


def test_nothing_found_is_said_so() -> None:
    assert words(document(once=0)).startswith("Nothing that breaks it was found in 300 calls that looked for it. With")


@pytest.mark.parametrize(("count", "said"), [(291, True), (200, False)])
def test_a_system_that_fails_on_everything_hides_what_else_is_wrong(count: int, said: bool) -> None:
    made = document(discovery(0, "crashed ValueError", "text.case", count=count))
    assert ("97 % of the calls. What else may be wrong cannot be seen" in words(made)) is said
    assert ("With 95 % confidence" in words(made)) is not said  # that little is left would be cold comfort


def test_a_search_shows_no_rates_and_says_which_seed_looks_elsewhere() -> None:
    text = words(SEVERAL)
    assert "whole rounds" not in text
    assert "no rate to show" not in text
    assert "seed 4 another one looks elsewhere: crumple fuzz --seed 5" in text


def test_a_search_that_was_stopped_before_its_first_round_is_still_one() -> None:
    made = document() | {"search": None}
    made["run"] |= {"ended": "interrupted", "rounds": 0, "calls": 3}
    assert words(made).startswith("Nothing was searched: no round of calls was finished.")


def test_many_findings_are_cut_short() -> None:
    made = document(*(discovery(number, f"crashed E{number}", "text.case") for number in range(45)))
    text = render(made, width=100)
    assert text.count("\n  replay ") == 30
    assert "and 15 more; `crumple findings` lists them" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_too_long_but_those_that_are_copied(width: int) -> None:
    lines = [line for line in render(SEVERAL, width=width).splitlines() if "crumple replay" not in line]
    assert all(len(line) <= width for line in lines)


def left(calls: int, kinds: int, once: int, high: float) -> Explored:
    return Explored(calls, kinds, once, once / max(calls, 1), 0.0, high)


def test_how_much_is_left_is_a_bound_that_the_figures_bear() -> None:
    assert bound(left(500, 20, 0, 0.00751)) == "fewer than 1 in 130"  # 1 in 133.2, never rounded up
    assert bound(left(500, 20, 3, 0.3)) == "up to 30 % of"
    assert sentence(left(500, 20, 3, 0.0075)) == (
        "With 95 % confidence, fewer than 1 in 130 further calls of this search would show a kind of failure that is "
        "not listed here; 3 of the 20 kinds that such calls have met were met once only."
    )
    assert sentence(left(400, 0, 0, 0.009)) == (
        "None of 400 calls has shown a failure. With 95 % confidence, fewer than 1 in 110 further calls of this search "
        "would show one."
    )


def test_where_little_was_tried_nothing_is_promised() -> None:
    assert "nothing can be said" in sentence(left(0, 0, 0, 1.0))
    assert sentence(left(5, 3, 3, 0.9)).startswith("It is too early to say how much is left: 3 of the 3 kinds")
