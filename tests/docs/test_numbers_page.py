"""Every figure on the page "What the numbers mean" is what the code computes."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from crumple.statistics.clustered import effective, interval
from crumple.statistics.multiple import holm
from crumple.statistics.rates import calls_to_certify, clopper_pearson
from crumple.statistics.sequential import calls_to_decide, log_evidence_met
from crumple.statistics.stratified import Stratum, stratified
from doc_examples import block, text_of

TEXT = text_of("docs/numbers.md")
PLAIN = " ".join(TEXT.split())
SURE = 0.95


def rows(head: str) -> list[list[str]]:
    """The cells of the table that begins with this head."""
    _, found, rest = TEXT.partition(head)
    assert found, head
    lines = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def share(cell: str) -> float:
    return float(re.sub(r"[^\d.]", "", cell)) / 100


def per_cent(value: float) -> str:
    return "0 %" if value == 0 else f"{100 * value:.1f} %"


def test_how_many_draws_there_are() -> None:
    lines = [re.findall(r"\d[\d,]*", line) for line in block("docs/numbers.md", "15 invoices").splitlines()]
    (invoices, versions, calls), (these,), (like_these, looks) = [[int(n.replace(",", "")) for n in at] for at in lines]
    assert invoices * versions == calls == these
    assert (like_these, looks) == (invoices, versions)


def test_what_no_failure_proves() -> None:
    assert f"it fails less than {per_cent(clopper_pearson(0, 15, SURE)[1])} of the time" in PLAIN
    assert "every tenth document gets through 15 of them without a failure one time in five" in PLAIN
    assert pytest.approx(1 / 5, abs=0.01) == 0.9**15


def test_how_many_documents_it_takes() -> None:
    found = rows("| the limit | none fails | one fails | two fail |")
    assert len(found) == 4
    for limit, *counts in found:
        assert [int(each) for each in counts] == [calls_to_certify(share(limit), SURE, failed) for failed in range(3)]
    assert f"At 99 % confidence 5 % takes {calls_to_certify(0.05, 0.99)}." in PLAIN


def test_when_a_limit_is_met_broken_or_undecided() -> None:
    found = rows("| failed | rate | 95 % sure: above | 95 % sure: below | the limit is |")
    assert {each[-1] for each in found} == {"met", "broken", "undecided"}
    for failed, rate, above, below, state in found:
        low, high = clopper_pearson(int(failed), 60, SURE)
        assert [rate, above, below] == [per_cent(int(failed) / 60), per_cent(low), per_cent(high)]
        assert state == ("met" if high <= 0.05 else "broken" if low > 0.05 else "undecided")
    assert f'"At least {found[-1][2]}" can be defended; "{found[-1][1]}" is what happened to come of 60 calls' in PLAIN


def test_how_long_a_system_close_to_its_limit_stays_undecided() -> None:
    assert "4.9 % and one of 5.1 % look the same after a hundred thousand calls" in PLAIN
    assert clopper_pearson(4_900, 100_000, SURE)[1] > 0.05 > clopper_pearson(5_100, 100_000, SURE)[0]


def test_what_looking_costs_who_has_an_ordinary_interval() -> None:
    """Exactly, by the number of failures that an open run may have: no simulation."""
    step = np.array([math.comb(8, k) * 0.05**k * 0.95 ** (8 - k) for k in range(9)])
    still, decided = np.ones(1), 0.0
    for calls in range(8, 1001, 8):
        still = np.convolve(still, step)
        for failed in np.flatnonzero(still > 1e-12).tolist():
            low, high = clopper_pearson(failed, calls, SURE)
            if high <= 0.05 or low > 0.05:
                decided += still[failed]
                still[failed] = 0
    assert f"met or broken, in {100 * decided:.0f} % of all runs" in PLAIN


def test_what_watching_costs() -> None:
    border = calls_to_decide(0.05, 0.05, SURE, cap=1000)
    assert f"called met in {per_cent(border.met)} of all runs, and broken in {per_cent(border.broken)}." in PLAIN
    for rate, calls, state in rows("| true rate | calls | comes out |"):
        foreseen = calls_to_decide(share(rate), 0.05, SURE, cap=1000)
        assert int(calls.removesuffix(" of 1,000")) == round(foreseen.mean)
        likely = max((foreseen.met, "met"), (foreseen.broken, "broken"), (foreseen.undecided, "undecided"))
        assert likely[0] > 0.9
        assert state.startswith(likely[1])
    none = next(calls for calls in range(1000) if log_evidence_met(0, calls, 0.05) >= math.log(20))
    assert f"5 % is met after {none} calls; a fixed plan would need {calls_to_certify(0.05, SURE)}," in PLAIN


def test_the_design_effect() -> None:
    known = effective([(4, 4)] * 5 + [(4, 1)] * 2 + [(4, 0)] * 23)
    assert known.design_effect is not None
    assert f"The rate is {100 * (known.rate or 0):.0f} %." in PLAIN
    low, high = clopper_pearson(22, 120, SURE)
    assert f"it would lie between {per_cent(low)} and {per_cent(high)}, each end 95 % sure." in PLAIN
    worth = 120 / known.design_effect
    assert f"the *design effect* is {known.design_effect:.1f}, 120 calls say no more than {worth:.0f} indep" in PLAIN
    low, high = interval(known, SURE)
    assert f"the rate lies between {per_cent(low)} and {per_cent(high)}." in PLAIN


def test_ten_limits() -> None:
    assert f"finds one of them broken in {100 * (1 - SURE**10):.0f} % of all contracts" in PLAIN
    # p-values over alpha: the first must be a tenth, the next a ninth.
    assert holm([0.099, 0.11, *[1.0] * 8]) == (True, True, *[False] * 8)
    assert holm([0.101, 0.11, *[1.0] * 8]) == (False,) * 10


def test_production_and_pooling() -> None:
    parts = rows("| | of production | failed | adds |")
    strata = [Stratum(share(each[1]), 100, float(each[2].split()[0])) for each in parts[:3]]
    assert [each[3] for each in parts[:3]] == [per_cent(each.share * each.failures / 100) for each in strata]
    found = stratified(strata, SURE)
    assert found.rate is not None
    assert parts[3][3] == (
        f"**{per_cent(found.rate)}**, 95 % sure: above {per_cent(found.low)}, below {per_cent(found.high)}"
    )
    failed = sum(each.failures for each in strata)
    assert parts[4][2:] == [f"{failed:.0f} of 300", per_cent(failed / 300)]
    assert f"{per_cent(found.rate)} are {found.rate * 12_000:.0f} of 12,000 documents a day" in PLAIN


def test_from_which_share_of_void_calls_on_a_run_is_void() -> None:
    from crumple.config.model import Run

    assert "Where every fifth call is void, the whole run is" in PLAIN
    assert Run().void == 1 / 5
