"""A corpus of nothing but entries, a plan over it, and limits: to foresee what a run can decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crumple.case import Case, Entry
from crumple.contract.limits import THESE, About, Limit, Metric
from crumple.mutation.registry import Registry, discover
from crumple.plan import Plan

NAMES = ("encoding.bom", "encoding.nfd", "encoding.utf16", "table.delimiter", "truncation.empty")


@dataclass(frozen=True)
class Paper:
    """A corpus of nothing but entries: texts and tables, of each group one of either."""

    groups: int
    tables: int

    @property
    def name(self) -> str:
        return "paper"

    def entries(self) -> Sequence[Entry]:
        texts = [Entry(f"{at}.txt", "text/plain", f"g{at}", True) for at in range(self.groups)]
        return [*texts, *(Entry(f"{at}.csv", "text/csv", f"g{at}", True) for at in range(self.tables))]

    def load(self, case_id: str) -> Case:
        raise NotImplementedError


def plan(groups: int = 40, tables: int = 10, **more: object) -> Plan:
    known = discover()
    registry = Registry({name: known.get(name) for name in NAMES})
    return replace(Plan(Paper(groups, tables), registry, calls=600), **more)  # type: ignore[arg-type]  # by name


def limit(of: str, about: About = THESE, **more: object) -> Limit:
    given = {"of": of, "metric": Metric.FAILURES, "bound": 0.05, "about": about} | more
    return Limit(**given)  # type: ignore[arg-type]  # by name
