"""Problems: one for each cause, the worst first, in plain words, and nothing said that the figures do not bear."""

from __future__ import annotations

from typing import Any

from crumple_reports.problems import by_mutator, problems_of
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, night, run, session


def bucket(fingerprint: str, outcome: str = "crashed", count: int = 1, **more: Any) -> dict[str, Any]:
    name = more.pop("mutator", "encoding.bom")
    replay = f"a.csv > {name}(seed={len(fingerprint)})"
    example = EXAMPLE | {"outcome": outcome, "replay": replay} | more.pop("example", {})
    made = {"fingerprint": fingerprint, "outcome": outcome, "mutator": name, "count": count, "example": example}
    return made | {"mutators": {name: count}, "tried": 1, "failed": 1} | more


def test_a_title_says_what_happens_where_and_under_what() -> None:
    document = run(
        buckets=[
            bucket("wrong /total (truncated)", "wrong"),
            bucket(
                'crashed KeyError at reader.py:from_csv: "number": rows[0]', mutators={"a.b": 3, "a.c": 2, "a.d": 1}
            ),
            bucket("refused no /date", "refused"),
            bucket("hung", "hung"),
        ]
    )
    titles = [each.title for each in problems_of(document)]
    assert titles[0] == "Silent wrong answers: /total (truncated) under encoding.bom"
    assert "Crashes: KeyError at reader.py:from_csv under a.b, a.c, a.d" in titles
    assert "Refusals: no /date under encoding.bom" in titles
    assert "Hangs under encoding.bom" in titles


def test_what_breaks_a_limit_comes_first_then_what_is_silent_then_what_is_commonest() -> None:
    document = run(
        buckets=[
            bucket("crashed often", count=9, mutator="table.x"),
            bucket("crashed seldom", count=2, mutator="table.x"),
            bucket("wrong /a", "wrong", mutator="table.x"),
            bucket("crashed in a limit", count=1),
        ],
        mutators={},
    )
    found = [each.fingerprint for each in problems_of(document)]
    assert found == ["crashed in a limit", "wrong /a", "crashed often", "crashed seldom"]


def test_a_limit_is_broken_only_by_failures_that_it_is_about() -> None:
    def limits(own: dict[str, Any], **more: Any) -> tuple[str, ...]:
        found = problems_of(run(buckets=[bucket("crashed", **more)], contract=[own], mutators={}))
        return next(each.limits for each in found if each.fingerprint)

    assert limits(limit())
    assert not limits(limit("met"))
    assert not limits(limit(of="scan"))
    assert not limits(limit(metric="silent"))
    assert not limits(limit(metric="latency_p95"))
    assert not limits(limit(up_to_level=2.0))
    assert limits(limit(of="all", metric="refusals"), outcome="refused")


def test_what_production_mostly_fails_of_comes_before_what_is_common_in_the_run() -> None:
    mend = [{"category": "encoding", "share_of_failures": 0.8, "without": 0.1}]
    document = run(
        buckets=[bucket("crashed a", count=9, mutator="table.x"), bucket("crashed b", count=1)],
        forecast={"mend_first": mend},
        contract=[],
        mutators={},
    )
    first, second = problems_of(document)
    assert (first.fingerprint, first.share) == ("crashed b", 0.8)
    assert first.forecast == "encoding makes up 80 % of the failures that are forecast"
    assert (second.share, second.forecast) == (0.0, "")


def test_without_a_mix_nothing_is_said_of_production() -> None:
    (found,) = problems_of(run())
    assert found.share is None
    assert not found.forecast


def test_mutators_that_no_cause_covers_are_problems_too() -> None:
    mutators = {"encoding.bom": mutator(10, 4), "table.x": mutator(5, 2, category="table")}
    found = problems_of(run(buckets=[bucket("crashed", count=4)], mutators=mutators))
    assert sorted(name for each in found for name in each.mutators) == ["encoding.bom", "table.x"]


def test_an_example_that_failed_once_in_two_is_flaky() -> None:
    (found,) = problems_of(run(buckets=[bucket("crashed", tried=2, failed=1)], mutators={}))
    assert found.flaky == "1 of 2"


def test_without_a_truth_a_wrong_answer_is_a_changed_one() -> None:
    example = {"stand_in": True}
    (found,) = problems_of(run(buckets=[bucket("wrong /a", "wrong", example=example)], mutators={}))
    assert found.title.startswith("Silently changed answers: /a")


def test_numbers_are_ranks_and_mutators_lead_to_their_worst() -> None:
    document = run(buckets=[bucket("crashed"), bucket("wrong /a", "wrong"), bucket("crashed c", mutator="scan.x")])
    found = problems_of(document)
    assert [each.number for each in found] == [1, 2, 3]
    assert by_mutator(found) == {"encoding.bom": 1, "scan.x": 2}


def test_the_first_three_are_of_three_categories_where_so_many_matter() -> None:
    """Else one category with many causes hides all others from whoever reads no further."""
    mend = [{"category": name, "share_of_failures": share} for name, share in (("table", 0.6), ("scan", 0.2))]
    buckets = [bucket(f"wrong /{at}", "wrong", mutator=f"scan.{at}") for at in range(5)]
    buckets += [bucket("crashed", count=7, mutator="table.x"), bucket("hung", count=1, mutator="text.x")]
    document = run(
        buckets=buckets,
        mutators={},
        contract=[limit(of="scan", name="scan, failures")],
        categories={"scan": figures(10, 5), "table": figures(10, 7), "text": figures(10, 1)},
        forecast={"mend_first": mend},
    )
    found = [each.categories[0] for each in problems_of(document)]
    assert found == ["scan", "table", "scan", "scan", "scan", "scan", "text"]


def test_of_one_category_the_order_is_by_what_is_worst() -> None:
    document = run(buckets=[bucket("wrong /a", "wrong"), *(bucket(f"crashed {at}") for at in range(4))], mutators={})
    assert [each.number for each in problems_of(document)] == [1, 2, 3, 4, 5]
    assert problems_of(document)[0].silent


def test_a_broken_limit_on_the_form_of_answers_shows_one_that_has_it_not() -> None:
    simple = EXAMPLE | {"outcome": "right", "replay": "a.csv > language.dates(seed=1)", "level": 1.0}
    mutators = {
        "encoding.bom": mutator(10, 0) | {"invalid": {"count": 9, "example": EXAMPLE}},
        "language.dates": mutator(10, 0, category="language") | {"invalid": {"count": 3, "example": simple}},
        "language.digits": mutator(10, 0, category="language")
        | {"invalid": {"count": 5, "example": simple | {"level": 3.0}}},
    }
    own = limit(of="language", metric="valid", name="language, valid answers")
    (found,) = (each for each in problems_of(run(buckets=[], mutators=mutators, contract=[own])) if each.limits)
    assert found.title == "Answers that do not keep to the JSON schema under language.digits, language.dates"
    assert (found.often(100), found.command) == ("8 answers", "crumple replay 'a.csv > language.dates(seed=1)'")


def test_a_broken_limit_that_no_call_shows_is_a_problem_in_the_limit_s_own_words() -> None:
    own = limit(of="clean", metric="latency_p95", name="clean, latency", sentence="Clean documents take 9 s.")
    (found,) = problems_of(run(buckets=[], mutators={}, contract=[own, limit("met")]))
    assert (found.title, found.note) == (
        "clean, latency: 40 %, and must be at most 5 %",
        "clean documents take 9 s",
    )
    assert not found.command
    assert found.limits == ("clean, latency",)


def test_clean_documents_that_break_their_limit_are_shown_as_they_are() -> None:
    failed = [{"case": "a.csv", "replay": "a.csv", "outcome": "crashed", "wrong": [], "cause": "ValueError: x"}]
    clean = {"cases": 2, "right": 1, "failed": failed, "void": 0, "without_truth": 0, "stand_ins": 0}
    own = limit(of="clean", name="clean, failures")
    (found,) = problems_of(run(buckets=[], mutators={}, clean=clean, contract=[own]))
    assert (found.title, found.command) == ("Clean documents fail, before any damage", "crumple replay a.csv")


def test_levels_are_those_at_which_its_mutators_fail_and_no_others() -> None:
    own = mutator(10, 4) | {"levels": {"1": figures(5, 0), "3": figures(5, 4)}}
    example = {"level": 2.51089}
    (found,) = problems_of(run(buckets=[bucket("crashed", example=example)], mutators={"encoding.bom": own}))
    assert found.levels == ("3",)


def test_what_a_search_found_is_named_by_its_smallest_example_and_its_finding() -> None:
    own = {
        "id": "encoding-1a2b",
        "category": "encoding",
        "state": "minimised",
        "fingerprints": ["crashed wide"],
        "shows": "crashed KeyError at a.py:f: x",
        "mutators": ["encoding.bom", "table.x"],
        "count": 7,
        "tries": 3,
        "failed": 2,
        "known": "",
        "written": True,
        "example": EXAMPLE | {"outcome": "crashed"},
    }
    aside = own | {"state": "not reproduced", "id": "x"}
    document = run(mutators={}, search={"discoveries": [own, aside], "replayed": []})
    (found,) = problems_of(document)
    assert found.title == "Crashes: KeyError at a.py:f under encoding.bom, table.x"
    assert (found.finding, found.flaky, found.count) == ("encoding-1a2b", "2 of 3", 7)


def test_what_got_worse_in_a_night_comes_first() -> None:
    found = problems_of(night())
    assert found[0].note == "right in the baseline, wrong now"
    assert not found[1].note


def test_items_of_one_file_show_a_cause_once_and_keep_their_privacy() -> None:
    one = item("a", source="crumple.toml", privacy="excerpts")
    other = item("b", source="crumple.toml", privacy="excerpts")
    (found,) = problems_of(session(one, other))
    assert (found.item, found.privacy) == ("a", "excerpts")
    assert found.command.startswith("pytest ")


def test_a_run_that_was_interrupted_before_anything_has_no_problems() -> None:
    assert not problems_of(run(mutators={}, buckets=[], contract=[]))
    assert not problems_of({"run": {}, "clean": {"cases": 0, "right": 0}})
