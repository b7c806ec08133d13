"""The demo's reader passes the clean invoices in every shape, fails on messy ones, and its configuration fits."""

import pytest

import crumple
from crumple.assembly import Assembly, assemble
from crumple.cli.carry_out import Manner
from crumple.cli.demo import command as demo
from crumple.cli.demo import example_folder
from crumple.config.loading import load
from crumple.judges.fields import fields
from crumple.judges.schema import Schema
from crumple.loading import module

FOLDER = example_folder()
CONFIG = load(FOLDER / "crumple.toml")
ASSEMBLY = assemble(CONFIG)
PLAN = ASSEMBLY.plan
SCHEMA = Schema(ASSEMBLY.spec.json_schema)
READER = module("reader", FOLDER, "the example")


@pytest.mark.parametrize("entry", PLAN.corpus.entries()[:8], ids=lambda entry: entry.id)
def test_a_clean_invoice_is_read_right_in_every_shape(entry: crumple.Entry) -> None:
    case = PLAN.corpus.load(entry.id)
    judgement = fields(**CONFIG.settings.judge.options).judge(READER.read(case.document.data), case.truth, frozenset())
    assert judgement.score == 1, judgement.wrong + judgement.abstained
    assert SCHEMA.keeps(READER.read(case.document.data))


def test_what_is_no_invoice_is_refused_as_the_configuration_says() -> None:
    assert CONFIG.settings.system.refuses == ("reader.Unreadable",)
    with pytest.raises(READER.Unreadable):
        READER.read(b"invoice_number,date,currency,amount\n")


def test_an_export_with_a_byte_order_mark_crashes_it_as_it_would_any_proof_of_concept() -> None:
    with pytest.raises(KeyError):
        READER.read("﻿invoice_number,date,currency,amount\nINV-1,2024-01-01,EUR,2.50\n".encode())


def test_the_choice_of_mutators_covers_every_category() -> None:
    categories = {each.category for each in PLAN.registry}
    assert categories == {"scan", "encoding", "truncation", "corruption", "language", "form", "table"}


def test_a_date_in_another_notation_is_right_and_no_use_to_the_ledger() -> None:
    """What the contract's limit on valid answers of `language` is there for."""
    record = PLAN.corpus.load("invoice-0001.json")
    answer = READER.read(record.document.data)
    year, month, day = answer["date"].split("-")
    other = answer | {"date": f"{day}.{month}.{year}"}
    assert fields(**CONFIG.settings.judge.options).judge(other, record.truth, frozenset()).score == 1
    assert SCHEMA.keeps(answer)
    assert not SCHEMA.keeps(other)


def test_the_contract_is_about_what_is_run_and_the_mix_too() -> None:
    settings = CONFIG.settings
    assert settings.contract is not None
    assert settings.mix is not None
    named = {each.of for each in settings.contract.limit} - {"all", "clean", "production"}
    assert named <= {each.category for each in PLAN.registry}
    assert {each.metric for each in settings.contract.limit} == {"failures", "latency_p95", "silent", "valid"}
    assert set(settings.mix.damaged) <= set(PLAN.registry.mutators)


@pytest.mark.parametrize(("came", "code"), [(0, 0), (1, 0), (4, 4)])
def test_that_its_contract_is_broken_is_what_it_shows_and_no_failure(
    came: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make demo` ends well; that nothing could be measured is a failure all the same."""
    asked = []

    def carry_out(assembly: Assembly, _config: object, manner: Manner) -> int:
        asked.append((assembly.course is not None, manner.kept))
        return came

    monkeypatch.setattr("crumple.cli.carry_out.carry_out", carry_out)
    assert demo.callback is not None
    assert demo.callback(folder=None, reports=()) == code
    assert asked == [(True, False)]
    assert "crumple demo --copy" in capsys.readouterr().out
