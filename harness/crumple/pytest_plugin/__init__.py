"""The pytest plugin: robustness tests among people's own. It does nothing, and imports nothing, until it is asked to.

marks           what `@pytest.mark.crumple` says, read and checked
given           what a marked test is given: `degraded`
in_process      an executor that calls a test's body in this process
marked          a marked test, carried out as a run is: clean first, then rounds, until its limit is decided
lanes           crumple's own workers, started once a session for all that need them
contract_items  `pytest --crumple`: an item for each limit of crumple.toml
finding_items   and for each of its findings
reported        what pytest is told: a report for each degraded document, a table in the end, properties in JUnit files
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crumple.pytest_plugin.given import Degraded

MARK = "crumple"
CONFIG = "crumple.toml"
_MARK_HELP = (
    "crumple(corpus=None, use=(), levels=(1, 3, 5), limit=0, ...): call the test for degraded documents, and fail "
    "where more than the limit of them fail; see the documentation of crumple."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; all of them begin with --crumple."""
    group = parser.getgroup("crumple", "robustness to degraded documents")
    group.addoption("--crumple", action="store_true", help="Collect the limits of crumple.toml, and its findings.")
    group.addoption("--crumple-seed", type=int, metavar="N", help="Of every draw: the same seed, the same documents.")
    group.addoption("--crumple-calls", type=int, metavar="N", help="At most so many calls an item.")
    group.addoption("--crumple-replay", metavar="LINE", help="Only this one: 'case > recipe', as failures print it.")
    group.addoption("--crumple-report", metavar="FILE", action="append", default=[], help="By ending: .md, .json, ...")
    group.addoption("--crumple-strict", action="store_true", help="What is undecided fails.")
    parser.addini("crumple", "Whether the limits of crumple.toml are collected, as with --crumple.", "bool", False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", _MARK_HELP)


def is_asked(config: pytest.Config) -> bool:
    """Whether crumple.toml is to be collected."""
    return bool(config.getoption("--crumple") or config.getini("crumple"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The limits of a crumple.toml."""
    if file_path.name != CONFIG or not is_asked(parent.config):
        return None
    from crumple.pytest_plugin.contract_items import ContractFile

    return ContractFile.from_parent(parent, path=file_path)


@pytest.fixture
def degraded(request: pytest.FixtureRequest) -> Degraded:
    """A degraded document: its bytes, path, text, truth and how it came about."""
    if request.node.get_closest_marker(MARK) is None:
        pytest.fail("the fixture degraded needs @pytest.mark.crumple(...) on its test", pytrace=False)
    return None  # type: ignore[return-value]  # each call of the body is given its own


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Call a marked test once for each document."""
    mark = pyfuncitem.get_closest_marker(MARK)
    if mark is None or "degraded" not in pyfuncitem.funcargs:
        return None
    from crumple.pytest_plugin.marked import carry_out

    carry_out(pyfuncitem, mark)
    return True
