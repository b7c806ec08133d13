"""Whatever document it is, every mutator makes something of it or says in one sentence why not."""

from __future__ import annotations

import resource

import pytest

from crumple import Case, NotApplicable, Recipe
from crumple.mutation.apply import degrade
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import discover
from crumple.plan import acts_on
from odd_documents import odd_documents

MUTATORS = discover().mutators
DOCUMENTS = odd_documents()
MOST_RESIDENT = 3 << 20
"""Kilobytes: pages of the scan family may be large, a bomb would be larger."""


@pytest.mark.parametrize("what", DOCUMENTS)
def test_every_mutator_degrades_it_or_says_why_not(what: str) -> None:
    document = DOCUMENTS[what]
    case = Case("odd", document, {"number": 4711, "total": 1234.5, "name": "Zoë"})
    cache, flaws = ViewCache(), []
    for mutator in MUTATORS.values():
        if not acts_on(mutator, document.media_type):
            continue
        step = mutator.step(5 if mutator.ladder else mutator.level, 3)
        try:
            degrade(case, Recipe((step,)), MUTATORS, cache)
        except NotApplicable as reason:
            if not str(reason) or "\n" in str(reason).strip():
                flaws.append(f"{step}: the reason is {str(reason)!r}")
        except Exception as error:  # noqa: BLE001 - that none comes is what is tested
            flaws.append(f"{step}: {type(error).__name__}: {str(error)[:200]}")
    assert not flaws, "\n".join(flaws)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_RESIDENT
