"""What of a result leaves its lane, and what of it is written down."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

from crumple.discretion import Discretion, general
from crumple.outcome import Outcome, Verdict
from crumple.redaction import BLACK, redacted, redacted_answer, redacting
from crumple.result import Result, Work
from crumple.truth import ABSENT, AnyOf, Truth

TRUTH: Truth = {
    "iban": "DE89 3704 0044 0532 0130 00",
    "name": "Zoë Müller",
    "total": AnyOf(1234.5, "1.234,50"),
    "born": "1984-03-05",
    "lines": [{"account": "77123", "price": 1}, {"account": None, "price": 2}],
    "kept": "Ulm",
}
POINTERS = ("/iban", "/name", "/total", "/born", "/lines/*/account")
REDACTED = {
    "iban": BLACK,
    "name": BLACK,
    "total": AnyOf(BLACK, BLACK),
    "born": BLACK,
    "lines": [{"account": BLACK, "price": 1}, {"account": None, "price": 2}],
    "kept": "Ulm",
}


def test_values_at_pointers_are_blacked_out_and_empty_ones_stay() -> None:
    assert redacted(TRUTH, POINTERS) == REDACTED
    assert redacted(TRUTH, ("/lines",)) != TRUTH
    assert redacted({"a": {"b": 1, "c": [2]}, "d": 3}, ("/a",)) == {"a": {"b": BLACK, "c": [BLACK]}, "d": 3}
    assert redacted("a whole text", ("",)) == BLACK


def test_columns_of_a_table_go_by_their_name() -> None:
    rows = [["id", "IBAN"], ["1", "DE1"], ["2", ""]]
    assert redacted(rows, ("/*/iban",)) == [["id", "IBAN"], ["1", BLACK], ["2", ""]]
    assert redacted(rows, ("/2/id",)) == [["id", "IBAN"], ["1", "DE1"], [BLACK, ""]]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"iban": "garbled"}, {"iban": BLACK}),
        ('{"iban": "garbled"}', {"iban": BLACK}),
        (b'{"result": {"IBAN": "garbled"}, "x": 1}', {"result": {"IBAN": BLACK}, "x": 1}),
        ([{"iban": 1}, {"iban": 2}], [{"iban": BLACK}, {"iban": BLACK}]),
        ("iban;x\nDE1;2\n", [["iban", "x"], [BLACK, "2"]]),
        ("no fields at all", "no fields at all"),
    ],
)
def test_answers_of_another_shape_are_blacked_out_by_the_fields_name(answer: Any, shown: Any) -> None:
    assert redacted_answer(answer, ("/iban",)) == shown or redacted_answer(answer, ("/*/iban",)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ValueError: bad DE89370400440532013000 here", f"ValueError: bad {BLACK} here"),
        ("nobody is called zoë müller.", f"nobody is called {BLACK}."),
        ("Zo\\u00eb M\\u00fcller", BLACK),
        ("1,234.50 is too much", f"{BLACK} is too much"),
        ("1'234.5", BLACK),
        ("born on 05.03.1984", f"born on {BLACK}"),
        ("19840305", BLACK),
        ("account 77123 is closed", f"account {BLACK} is closed"),
        ('{"iban": "misread \\" badly", "kept": "Ulm"}', f'{{"iban": {BLACK}, "kept": "Ulm"}}'),
        ("iban=misread, kept=Ulm", f"iban={BLACK}, kept=Ulm"),
        (f'{{"iban": "{BLACK}"}}', f'{{"iban": "{BLACK}"}}'),
        (f'{{"/iban": {{"$any_of": ["{BLACK}", null]}}}}', f'{{"/iban": {{"$any_of": ["{BLACK}", null]}}}}'),
        ("KeyError: 'name'", "KeyError: 'name'"),
        ("line 21234.5 of 771234", "line 21234.5 of 771234"),
    ],
)
def test_texts_lose_the_values_however_they_are_written(text: str, shown: str) -> None:
    assert redacting([TRUTH], POINTERS)(text) == shown


def test_an_answer_nested_without_end_is_blacked_out_whole() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert redacted_answer(deep, ("/*/*",)) == BLACK


# ------------------------------------------------------------------------------------------------ results


def result(**fields: Any) -> Result:
    verdict = Verdict(Outcome.CRASHED, failure=True, fingerprint="crashed ValueError at a.py:f: no sk-secret")
    filled = {"cause": "ValueError: no DE89370400440532013000", "detail": "key sk-secret", "digest": "d", **fields}
    return Result(work=Work(1, "a.txt"), **{"verdict": verdict, **filled})


def test_a_result_leaves_its_lane_without_secrets_and_redacted_values() -> None:
    discretion = pickle.loads(pickle.dumps(Discretion(secrets={"KEY": "sk-secret"}, redact=("/iban",))))
    found = discretion.discreet(result(skipped="it is Zoë", expected="sk-secret"), TRUTH)
    assert "sk-secret" not in repr(found)
    assert "DE89" not in repr(found)
    assert found.cause == f"ValueError: no {BLACK}"
    assert found.verdict is not None
    assert found.verdict.fingerprint == "crashed ValueError at a.py:f: no ${KEY}"
    assert found.skipped == "it is Zoë"


def test_what_nobody_wants_kept_costs_nothing() -> None:
    plain = result()
    assert Discretion().discreet(plain, TRUTH) is plain
    assert Discretion().stored(plain) is plain


def test_secrets_are_in_no_description_of_themselves() -> None:
    assert "sk-secret" not in repr(Discretion(secrets={"KEY": "sk-secret"}))


def test_labels_are_masked_as_texts_are() -> None:
    verdict = Verdict(Outcome.WRONG, failure=True, labels=("Zoë Müller", "other"))
    found = Discretion(redact=("",)).discreet(result(verdict=verdict), "Zoë Müller").verdict
    assert found is not None
    assert found.labels == (BLACK, BLACK)


@pytest.mark.parametrize(
    ("store", "redact", "failed", "kept"),
    [
        ("recipe", (), True, False),
        ("failing", (), True, True),
        ("failing", (), False, False),
        ("all", (), False, True),
        ("all", ("/iban",), True, False),
    ],
)
def test_documents_are_kept_as_configured_and_never_where_fields_are_redacted(
    store: Any, redact: tuple[str, ...], failed: bool, kept: bool
) -> None:
    """A document holds what is to be blacked out."""
    assert Discretion(store=store, redact=redact).keeps(failed=failed) is kept


def test_of_recipes_alone_no_text_of_a_document_is_written() -> None:
    full = result(expected='{"/a": "text"}', answer="text", detail="text", cause="ValueError: text")
    cut = Discretion(store="recipe").stored(full)
    assert (cut.expected, cut.answer, cut.detail, cut.cause, cut.digest) == ("", "", "", "ValueError", "d")
    assert cut.verdict is not None
    assert "text" not in repr(replace(cut, work=full.work))


def test_buckets_are_the_same_before_and_after_a_run_was_stored() -> None:
    """The fingerprint is cut in the lane: a run that goes on has the buckets of one that was never interrupted."""
    discretion = Discretion(store="recipe")
    live = discretion.discreet(result())
    assert live.verdict is not None
    assert live.verdict.fingerprint == "crashed ValueError at a.py:f"
    assert discretion.stored(live).verdict == live.verdict


def test_an_answer_that_stands_in_is_written_only_where_it_may_be() -> None:
    clean = result(value={"iban": "DE1", "x": 1}, verdict=Verdict(Outcome.RIGHT, failure=False), cause="", detail="")
    assert Discretion().stored(clean) is clean
    assert Discretion(redact=("/y",)).stored(clean).value is not ABSENT
    assert Discretion(redact=("/iban",)).stored(clean).value is ABSENT
    assert Discretion(store="recipe").stored(clean).value is ABSENT
    assert Discretion(store="recipe").discreet(clean).value is not ABSENT, "others are compared with it"


@pytest.mark.parametrize(
    ("cause", "kept"),
    [
        ("ValueError: no 'DE89'", "ValueError"),
        ("exit code 3", "exit code 3"),
        ("exit code 3: cannot read Müller", "exit code 3"),
        ("no answer within 30 s", "no answer within 30 s"),
        ("HTTP 500: Müller", "HTTP 500"),
        ("ValueError at a.py:f", "ValueError at a.py:f"),
        ("wrong /total (garbled)", "wrong /total (garbled)"),
    ],
)
def test_of_a_cause_its_kind_remains(cause: str, kept: str) -> None:
    assert general(cause) == kept


def test_of_what_is_void_crumples_own_words_remain() -> None:
    assert general("[system] url: nobody listens at localhost:80. Start it.", void=True).endswith("Start it.")
    assert general("ValueError: Müller", void=True) == "ValueError"
    assert general("the case 'Müller' 1234567 is gone", void=True) == "the case '…' N is gone"


@pytest.mark.parametrize(
    ("cause", "kept"),
    [
        ("status 403: Herr Müller is not allowed; the clean document came to nothing as well: no", "status 403"),
        ("the service cannot be reached: nothing listens at localhost:80", None),
        ("[system] refuses: own:rule raised ValueError: Herr Müller. It is given every answer.", None),
        ("crumple's own fault: KeyError: Herr Müller", "crumple's own fault: KeyError"),
        ("the answer cannot be read: exit code 3: Herr Müller", "the answer cannot be read: exit code 3"),
    ],
)
def test_of_what_is_void_nothing_remains_that_a_service_or_an_exception_said(cause: str, kept: str | None) -> None:
    assert "Müller" not in general(cause, void=True)
    assert kept is None or general(cause, void=True) == kept
    assert kept is not None or general(cause, void=True).startswith(cause[:30])


def test_a_runs_document_is_cut_as_its_results_are() -> None:
    example = {"case": "a", "replay": "a > b", "cause": "ValueError: text", "expected": "text", "answer": "text"}
    document = {
        "schema": 1,
        "run": {"ended": "calls"},
        "clean": {"failed": [example], "cases": 3},
        "mutators": {"a.b": {"worst": example, "rate": 0.5}},
        "buckets": [{"fingerprint": "crashed ValueError: text", "count": 2, "example": example}],
        "labels": {"clean": {"table": {"x": {"x": 3, "text": 1, "more text": 1}}, "calls": 5}},
        "skipped": [{"mutator": "m", "reason": "it is 'text'", "count": 1}],
        "void": {"calls": 2, "causes": {"ValueError: text": 1, "ValueError: more text": 1}},
        "search": {
            "discoveries": [{"id": "a-1", "shows": "refused no: text", "fingerprints": ["refused no: text"]}],
            "replayed": [
                {"finding": "a-1", "status": "CHANGED", "why": "another failure: crashed KeyError: text"},
                {"finding": "a-2", "status": "ERROR", "why": "ValueError: text"},
            ],
        },
        "night": {"findings": [{"id": "a-1", "status": "FAILS", "what": "crashes: text"}]},
        "finding": {"id": "a-1", "what": "crashes: text"},
    }
    cut = Discretion(store="recipe").stored_document(document)
    assert "text" not in repr(cut)
    assert cut["void"] == {"calls": 2, "causes": {"ValueError": 2}}
    assert cut["labels"]["clean"] == {"table": {"x": {"x": 3, "(another)": 2}}, "calls": 5}
    assert cut["mutators"]["a.b"]["worst"]["replay"] == "a > b"
    assert cut["clean"]["cases"] == 3
    assert cut["search"]["discoveries"] == [{"id": "a-1", "shows": "refused no", "fingerprints": ["refused no"]}]
    assert [each["why"] for each in cut["search"]["replayed"]] == ["another failure: crashed KeyError", "ValueError"]
    assert cut["night"]["findings"] == [{"id": "a-1", "status": "FAILS", "what": ""}]
    assert Discretion().stored_document(document) == document


@pytest.mark.parametrize("name", ["table", "labels", "causes", "reason", "answer", "cause"])
def test_a_category_may_have_the_name_of_anything(name: str) -> None:
    """What is cut is cut below it, and the category's own figures are what they were."""
    figures = {"runs": 3, "outcomes": {"wrong": 1}, "levels": {"3": {"runs": 3}}}
    mutator = figures | {"worst": {"answer": "text", "replay": "a > b"}}
    document = {"categories": {name: figures}, "mutators": {name: mutator}, "amounts": {"categories": {name: figures}}}
    cut = Discretion(store="recipe").stored_document(document)
    assert cut["categories"][name] == cut["amounts"]["categories"][name] == figures
    assert cut["mutators"][name] == figures | {"worst": {"answer": "", "replay": "a > b"}}
