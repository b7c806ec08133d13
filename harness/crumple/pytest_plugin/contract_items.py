"""`pytest --crumple`: an item for each limit of a crumple.toml, carried out on crumple's own workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crumple.assembly import Wishes, assemble
from crumple.config.finding import find
from crumple.config.loading import load
from crumple.engine import run
from crumple.errors import CrumpleError
from crumple.execution.local import LocalLanes
from crumple.mutation.registry import Registry
from crumple.summary import Tally


class ContractFile(pytest.File):
    """A crumple.toml."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each limit."""
        try:
            config = load(find(self.path))
            assembly = assemble(config)
        except CrumpleError as error:
            raise self.CollectError(str(error)) from None
        for number, limit in enumerate(assembly.contract.limits):
            yield LimitItem.from_parent(self, name=limit.of, number=number)


class LimitItem(pytest.Item):
    """One limit of the contract."""

    def __init__(self, *, number: int, **more: Any) -> None:
        super().__init__(**more)
        self.number = number

    def runtest(self) -> None:
        """Make the calls that decide it."""
        calls = self.config.getoption("--crumple-calls")
        assembly = assemble(load(find(self.path)), Wishes(calls=calls, decide=True))
        plan = assembly.plan
        registry = Registry({**plan.registry.mutators, **plan.controls.mutators})
        tally = Tally(registry, {"id": self.nodeid}, contract=assembly.contract, mix=assembly.mix)
        with LocalLanes(assembly.spec, assembly.lanes) as lanes:
            for event in run(plan, lanes, None, assembly.course):
                tally.add(event)
        row = tally.document(0.0)["contract"][self.number]
        if row["state"] == "broken":
            pytest.fail(str(row), pytrace=False)
        if row["state"] == "undecided":
            pytest.skip("undecided")

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it stands."""
        return self.path, None, self.nodeid
