"""Answers are held to a JSON schema: what keeps to it, which schemas are refused, and that no answer takes for ever."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crumple.assembly import assemble
from crumple.config.loading import load
from crumple.config.model import Judge
from crumple.errors import CrumpleError
from crumple.execution.calls import Calls
from crumple.identity import identity_of
from crumple.judges import load as load_judge
from crumple.judges.extent import DEEPEST
from crumple.judges.schema import Schema
from crumple.judges.schema_file import read_schema
from crumple.outcome import VALID, Ending, Outcome, Reply
from crumple.recipe import Recipe
from crumple.result import Work

INVOICE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "number": {"type": ["string", "null"]},
        "date": {"type": "string", "format": "date"},
        "total": {"type": "number"},
        "lines": {"type": "array", "items": {"type": "object", "required": ["amount"]}},
    },
    "required": ["number", "total"],
}
SOUND: dict[str, Any] = {"number": "R-1", "total": 5, "lines": [{"amount": 5}]}


def made(schema: Any) -> Schema:
    return Schema(json.dumps(schema))


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("answer", "keeps"),
    [
        (SOUND, True),
        (SOUND | {"number": None}, True),
        (SOUND | {"total": "5"}, False),
        (SOUND | {"date": "2024-02-30"}, False),
        (SOUND | {"lines": [{}]}, False),
        ({"total": 5}, False),
        (None, False),
        (json.dumps(SOUND), True),
        (("﻿" + json.dumps(SOUND)).encode(), True),
        (b'{"number": "R-1", "total": 1e400}', False),
        (b"\xff{}", False),
        ("```json\n{}\n```", False),
        (SOUND | {"total": float("nan")}, False),
        (SOUND | {"total": float("inf")}, False),
        (SOUND | {"total": 10**400}, True),
        (SOUND | {"note": "\udc80"}, True),
        (SOUND | {1: 2}, False),
        (SOUND | {"raw": b"x"}, False),
    ],
)
def test_an_answer_keeps_to_the_schema_or_not(answer: Any, keeps: bool) -> None:
    assert made(INVOICE).keeps(answer) is keeps


def test_a_text_may_be_what_is_wanted_itself() -> None:
    assert made({"type": "string"}).keeps('{"a": 1}')
    assert made({"type": "string", "pattern": "^[a-z]+$"}).keeps(b"invoice")
    assert not made({"type": "string"}).keeps(5)


def test_the_judge_names_the_places_that_do_not_keep_to_it() -> None:
    judge = load_judge("schema", Path(), {"schema": json.dumps(INVOICE)})
    found = judge.judge({"number": 5, "total": 1, "lines": [{"amount": 1}, {}]}, None, frozenset())
    assert (found.score, found.wrong) == (0, ("/lines/1", "/number"))
    right = judge.judge(SOUND, {"total": "another"}, frozenset())
    assert (right.score, right.wrong) == (1, ())


def test_an_answer_too_large_to_place_each_fault_in_is_wrong_as_a_whole() -> None:
    judge = load_judge("schema", Path(), {"schema": '{"items": {"type": "string"}}'})
    assert judge.judge(list(range(20_000)), None, frozenset()).wrong == ("",)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("{", "it is no JSON"),
        ("[]", "it is no JSON object"),
        ("true", "true says nothing of an answer"),
        ("{}", "it says nothing of an answer"),
        ('{"number": "R-1", "total": 5}', "an example of an answer"),
        ('{"type": "objekt"}', "it is no JSON schema: at /type"),
        ('{"pattern": "(a"}', "it is no JSON schema: at /pattern"),
        ('{"$ref": "#/$defs/a"}', "'/$defs/a' does not exist"),
        ('{"$ref": "http://127.0.0.1:9/x.json"}', "nothing is fetched"),
        ('{"properties": {"a": {"$ref": "file:///etc/hostname"}}}', "nothing is fetched"),
        ('{"$schema": "http://127.0.0.1:9/x.json", "type": "object"}', "it is no JSON schema"),
        ('{"items":' * 400 + '{"type": "object"}' + "}" * 400, "nested deeper"),
        ("[" * 100_000, "nested deeper"),
        ('{"type": "' + " " * 4_000_000 + '"}', "4,000,0"),
    ],
    ids=lambda each: each[:24],
)
def test_what_answers_cannot_be_held_to_is_refused(schema: str, words: str) -> None:
    with pytest.raises(CrumpleError) as caught:
        Schema(schema)
    assert words in str(caught.value)
    assert str(caught.value).startswith("[judge] schema: ")


def test_references_that_unfold_like_a_bomb_are_refused_and_recursive_ones_are_not() -> None:
    chain = {f"a{at}": {"allOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(40)} | {"a40": {"type": "null"}}
    with pytest.raises(CrumpleError, match="unfold"):
        made({"$ref": "#/$defs/a0", "$defs": chain})
    tree = made({"type": "object", "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}})
    assert tree.keeps({"left": {"right": {}}})
    assert not tree.keeps({"left": {"right": 1}})


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1, 100_000])
def test_an_answer_nested_too_deep_keeps_to_none(depth: int) -> None:
    schema = made({"type": "array", "items": {"$ref": "#"}})
    assert schema.keeps(nested(depth)) is (depth <= DEEPEST)
    assert schema.keeps(b"[" * depth + b"]" * depth) is (depth <= DEEPEST)


def test_patterns_take_no_longer_than_the_text_and_those_that_might_are_stopped() -> None:
    assert not made({"pattern": "(a+)+b"}).keeps("a" * 1_000_000)
    assert made({"pattern": "^(?=.*[0-9])[a-z0-9]+$"}).keeps("abc1")
    assert not made({"pattern": "^(?=.*[0-9])[a-z0-9]+$"}).keeps("abc")
    with pytest.raises(CrumpleError, match="searched for in every way"):
        made({"pattern": "^(a|a)*\\1b$"}).keeps("a" * 50)
    with pytest.raises(CrumpleError, match="looks around or back"):
        made({"pattern": "(?=.*b).*"}).keeps("a" * 200_000)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(CrumpleError, match=r"crumple\[schema\]"):
        made(INVOICE)


def test_a_file_that_is_not_there_is_looked_for_by_its_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "answer.schema.json").write_text("{}")
    with pytest.raises(
        CrumpleError, match=r"crumple\.toml, line 6: answers\.schema\.json: .*Did you mean 'answer\.sch"
    ):
        read_schema(tmp_path / "answers.schema.json", "crumple.toml, line 6")


def test_the_page_of_judges_says_what_a_schema_does() -> None:
    page = (Path(__file__).parents[3] / "docs" / "judges.md").read_text().partition("## schema")[2]
    (written,) = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    schema = Schema(written)
    assert schema.keeps({"number": "R-1", "total": 5, "date": None})
    assert not schema.keeps({"number": "R-1"})
    assert not schema.keeps({"number": "R-1", "total": 5, "date": "5 March 2024"})
    (settings,) = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert Judge.model_validate(tomllib.loads(settings)["judge"]).json_schema == "answer.schema.json"


TOML = """
[system]
call = "reader:read"
{system}
[corpus]
path = "corpus"
[judge]
{judge}
[mutate]
use = ["truncation"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.json").write_text('{"total": 1}')
    (tmp_path / "answer.schema.json").write_text(json.dumps(INVOICE))
    (tmp_path / "reader.py").write_text("def read(document):\n    return 1\n")
    return tmp_path


def calls(project: Path, judge: str, *, truth: str = '{"total": 5}') -> Calls:
    if truth:
        (project / "corpus" / "a.json.truth.json").write_text(truth)
    (project / "crumple.toml").write_text(TOML.format(judge=judge, system=""))
    assembly = assemble(load(project / "crumple.toml"))

    class Sent:
        """Hands the document on."""

        def prepare(self, request: Any) -> Any:
            from crumple.adapters import Prepared

            return Prepared(request)

    return Calls(assembly.spec, Sent())  # type: ignore[arg-type]


def concluded(calls: Calls, reply: Reply) -> Any:
    attempt = calls.prepare(Work(0, "a.json", Recipe()))
    return calls.conclude(attempt, reply)  # type: ignore[arg-type]


def test_every_answer_is_held_to_it_whatever_the_judge_says(project: Path) -> None:
    """Right and not valid, wrong and valid: the two are measured apart."""
    lane = calls(project, 'kind = "fields"\nschema = "answer.schema.json"')
    right = concluded(lane, Reply(Ending.ANSWERED, {"total": 5})).verdict
    assert (right.outcome, right.figures[VALID]) == (Outcome.RIGHT, 0)
    wrong = concluded(lane, Reply(Ending.ANSWERED, SOUND | {"total": 6})).verdict
    assert (wrong.outcome, wrong.figures[VALID]) == (Outcome.WRONG, 1)
    abstained = concluded(lane, Reply(Ending.ANSWERED, {"total": None, "number": None})).verdict
    assert (abstained.outcome, abstained.figures[VALID]) == (Outcome.REFUSED, 0)


def test_a_right_answer_that_does_not_keep_to_it_says_where(project: Path) -> None:
    """A limit on valid answers is broken by answers that nothing else is wrong with."""
    lane = calls(project, 'kind = "fields"\nschema = "answer.schema.json"')
    result = concluded(lane, Reply(Ending.ANSWERED, SOUND | {"number": 7}))
    assert result.verdict.outcome is Outcome.RIGHT
    assert result.cause == "the answer does not keep to the JSON schema: /number"
    assert (result.expected, result.answer) == ("", '{"/number": 7}')
    sound = concluded(lane, Reply(Ending.ANSWERED, SOUND))
    assert (sound.cause, sound.answer) == ("", "")


@pytest.mark.parametrize("ending", [each for each in Ending if each is not Ending.ANSWERED])
def test_what_is_no_answer_is_held_to_nothing(project: Path, ending: Ending) -> None:
    lane = calls(project, 'schema = "answer.schema.json"')
    assert VALID not in concluded(lane, Reply(ending, {"total": 5}, cause="x")).verdict.figures


def test_without_a_schema_nothing_is_said_of_it(project: Path) -> None:
    assert VALID not in concluded(calls(project, 'kind = "fields"'), Reply(Ending.ANSWERED, SOUND)).verdict.figures


def test_what_cannot_be_told_is_void_and_says_why(project: Path) -> None:
    (project / "answer.schema.json").write_text('{"properties": {"total": {"pattern": "^(a|a)*\\\\1b$"}}}')
    result = concluded(calls(project, 'schema = "answer.schema.json"'), Reply(Ending.ANSWERED, {"total": "a" * 50}))
    assert result.verdict.outcome is Outcome.VOID
    assert "searched for in every way" in result.cause


def test_the_judge_schema_needs_no_truth(project: Path) -> None:
    """Neither the clean answers' agreement nor a file is asked for, and the clean answer is judged too."""
    lane = calls(project, 'kind = "schema"\nschema = "answer.schema.json"', truth="")
    assert concluded(lane, Reply(Ending.ANSWERED, SOUND)).verdict.outcome is Outcome.RIGHT
    wrong = concluded(lane, Reply(Ending.ANSWERED, {"total": 5}))
    assert (wrong.verdict.outcome, wrong.verdict.fingerprint) == (Outcome.WRONG, "wrong")
    config = load(project / "crumple.toml")
    assert all(entry.has_truth for entry in assemble(config).plan.corpus.entries())


def test_the_judge_schema_without_one_is_an_error_at_the_start(project: Path) -> None:
    with pytest.raises(CrumpleError, match=r'line 7: .* needs one.*schema = "answer\.schema\.json"'):
        calls(project, 'kind = "schema"')
    with pytest.raises(CrumpleError, match=r"line 8, \[judge\]: other\.json: there is no such file"):
        calls(project, 'schema = "other.json"')


def test_a_schema_that_changes_makes_another_run(project: Path) -> None:
    def identity() -> str:
        calls(project, 'schema = "answer.schema.json"')
        config = load(project / "crumple.toml")
        return identity_of(config, assemble(config).plan, "1")["the judge"]

    before = identity()
    assert identity() == before
    (project / "answer.schema.json").write_text(json.dumps(INVOICE | {"required": ["number"]}))
    assert identity() != before
