"""[contract] in crumple.toml: what a limit may say, and what is said of one that cannot be, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crumple.config.contract import Contract
from crumple.config.loading import load
from crumple.errors import CrumpleError

SOUND = '[system]\ncall = "a:b"\n[corpus]\npath = "c"\n'
LIMIT = '[[contract.limit]]\nof = "scan"\n'


def read(tmp_path: Path, text: str) -> Contract | None:
    path = tmp_path / "crumple.toml"
    path.write_text(SOUND + text, encoding="utf-8")
    return load(path, {}).settings.contract


def error(tmp_path: Path, text: str) -> str:
    with pytest.raises(CrumpleError) as caught:
        read(tmp_path, text)
    return str(caught.value)


def test_without_a_section_there_is_no_contract(tmp_path: Path) -> None:
    assert read(tmp_path, "") is None


@pytest.mark.parametrize(
    ("written", "metric", "bound"),
    [
        ('failures = "5%"', "failures", 0.05),
        ("failures = 0.05", "failures", 0.05),
        ("failures = 0", "failures", 0.0),
        ('silent = "0.5 %"', "silent", 0.005),
        ('refusals = "12.5%"', "refusals", 0.125),
        ('accuracy = "90%"', "accuracy", 0.9),
        ("valid = 1.0", "valid", 1.0),
        ('latency_p95 = "1500ms"', "latency_p95", 1.5),
        ("cost_mean = 0.004", "cost_mean", 0.004),
        ("cost_mean = 2", "cost_mean", 2.0),
    ],
)
def test_each_metric_is_read_in_its_unit(tmp_path: Path, written: str, metric: str, bound: float) -> None:
    contract = read(tmp_path, LIMIT + written)
    assert contract is not None
    assert (contract.limit[0].metric, contract.limit[0].bound) == (metric, bound)
    assert (contract.confidence, contract.about) == (0.95, "documents like these")
    assert (contract.limit[0].confidence, contract.limit[0].about, contract.limit[0].up_to_level) == (None, None, None)


def test_a_limit_overrides_what_the_contract_says(tmp_path: Path) -> None:
    contract = read(
        tmp_path,
        '[contract]\nconfidence = "99%"\nabout = "these documents"\n'
        + LIMIT
        + 'failures = "5%"\nconfidence = 0.9\nabout = "documents like these"\nup_to_level = 2.5\n',
    )
    assert contract is not None
    assert (contract.confidence, contract.about) == (0.99, "these documents")
    limit = contract.limit[0]
    assert (limit.confidence, limit.about, limit.up_to_level) == (0.9, "documents like these", 2.5)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("failures = 5", 'limit 1: failures needs a unit: 5 is no share; write "5%" or 0.05, got 5.'),
        ("failures = 1", '1 is no share; write "1%" or 0.01'),
        ("failures = 1.5", '1.5 is no share; write "1.5%" or 0.015'),
        ('failures = "5"', 'limit 1: failures needs a unit: "5%", or the number without quotes, 0.05, got "5".'),
        ('failures = "150%"', 'failures must be a share from 0 to 1, or in per cent: "5%", got "150%".'),
        ("failures = 150", "failures must be a share from 0 to 1"),
        ("failures = true", "failures must be a share from 0 to 1"),
        ("failures = nan", "failures must be a share from 0 to 1"),
        ('silent = "100%"', "silent can never be broken"),
        ('accuracy = "0%"', "accuracy can never be broken"),
        ("latency_p95 = 2", 'latency_p95 must be a duration above 0 such as "30s"'),
        ('cost_mean = "2"', "cost_mean must be a number"),
        ("cost_mean = 0", "cost_mean must be above 0"),
        ("cost_mean = inf", "cost_mean must be a finite number"),
        ("failure = 0.05", "unknown key 'failure'. Did you mean 'failures'? Allowed: of, failures, silent,"),
    ],
)
def test_a_bound_that_means_nothing_is_said_with_its_line(tmp_path: Path, written: str, said: str) -> None:
    found = error(tmp_path, LIMIT + written)
    assert "crumple.toml, line 7, [contract]: " in found
    assert said in found


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("confidence = 1.0", "confidence cannot be 100 %: however many calls go well, the next one may fail"),
        ('confidence = "100%"', "confidence cannot be 100 %"),
        ("confidence = 95", 'confidence needs a unit: write "95%" or 0.95'),
        ("confidence = 0.5", "confidence must be above 50 %"),
        ('confidence = "high"', "confidence must be above 50 % and below 100 %"),
        ('about = "these document"', "about cannot be \"these document\". Did you mean 'these documents'?"),
        ("up_to_level = 6", "up_to_level must be a level"),
    ],
)
def test_what_else_a_limit_says_is_checked(tmp_path: Path, written: str, said: str) -> None:
    found = error(tmp_path, LIMIT + "failures = 0.05\n" + written)
    assert "crumple.toml, line 8, [contract]: limit 1: " in found
    assert said in found
    if not written.startswith("up_to"):
        assert said in error(tmp_path, f"[contract]\n{written}\n{LIMIT}failures = 0.05\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIMIT, "line 5, [contract]: limit 1 has none, and must have exactly one of failures, silent, refusals,"),
        (LIMIT + "failures = 0.1\nvalid = 0.9", "limit 1 has failures and valid, and must have exactly one of"),
        ("[[contract.limit]]\nfailures = 0.1", "line 5, [contract]: limit 1: of is missing."),
        (LIMIT + "failures = 0.1\n" + LIMIT, "line 8, [contract]: limit 2 has none"),
        ("[contract]\nconfidence = 0.9", "line 5, [contract]: it names no limit; write one below it: [[contract."),
        ('[contract.limit]\nof = "scan"', "limit is a list of tables: write [[contract.limit]]"),
        ('[[contract.limits]]\nof = "scan"', "unknown key 'limits'. Did you mean 'limit'?"),
        ('[contract]\nlimit = [{ of = "scan", failures = 3 }]', "line 6, [contract]: limit 1: failures needs a unit"),
    ],
)
def test_a_contract_without_a_sound_limit_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    assert said in error(tmp_path, text)


def test_values_of_the_environment_are_in_no_message(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_text(f'{SOUND}{LIMIT}failures = "${{SECRET}}"\nconfidence = "${{OTHER}}"\n')
    with pytest.raises(CrumpleError) as caught:
        load(tmp_path / "crumple.toml", {"SECRET": "7", "OTHER": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "7%" not in str(caught.value)
    assert 'got "${SECRET}"' in str(caught.value)
