"""The pytest plugin: robustness tests among people's own. Until asked to, it does nothing, and imports next to nothing.

Marked tests:

marks           what `@pytest.mark.crumple` says, read and checked
collected       the same while tests are collected, and what else a marked test cannot be
source          the corpus and the mutators that its documents are drawn from
given           what a marked test is given: `degraded`
worker_calls    `degraded.call`: a function in a worker
isolation       what the calls of one test share, and what each is given anew
in_process      an executor that calls a test's body in this process
exceptions      what an exception of the body says: outcome, kind and place
sampling        the rounds of a test that is called for so many documents
marked          a marked test, carried out as a run is: clean first, then rounds, until its limit is decided
marked_words    what it says where it fails, is undecided or void
marked_replay   one for a single document: `--crumple-replay`
warned          what is warned of

`pytest --crumple`:

projects        what a crumple.toml comes to in a session
lanes           crumple's own workers, started once a session for all that need them
worker_item     what the items have in common: measured in setup, judged in the call
contract_items  an item for each limit of a crumple.toml, or for each category
finding_items   and for each of its findings
replay_items    `--crumple-replay` there
item_plans      the part of a run that one of them carries out
item_words      what one says where it fails, is undecided or void
worst           the calls that speak against a limit most

Both:

failure_table   how often what fails
reported        what pytest is told of each call and item; in reports, which xdist carries
gathered        what is shown of it in the session's own process: letters, counts, the table
session         the document of a session: items, and figures added up
report_files    `--crumple-report`
session_material  what those are made of beside the document: what documents look like
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crumple.pytest_plugin.given import Degraded

MARK = "crumple"
CONFIGS = ("crumple.toml", "pyproject.toml")
_MET = pytest.StashKey[bool]()
_MARK_HELP = (
    "crumple(corpus=None, use=(), levels=(1, 3, 5), limit=0, ...): call the test for degraded documents, and fail "
    "where more than the limit of them fail; see the documentation of crumple."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; all of them begin with --crumple."""
    group = parser.getgroup("crumple", "robustness to degraded documents")
    group.addoption("--crumple", action="store_true", help="Collect the limits of crumple.toml, and its findings.")
    group.addoption(
        "--crumple-seed",
        type=partial(_whole, least=0),
        metavar="N",
        help="Of every draw: the same seed, the same documents.",
    )
    group.addoption(
        "--crumple-calls", type=partial(_whole, least=1), metavar="N", help="At most so many calls an item."
    )
    group.addoption("--crumple-replay", metavar="LINE", help="Only this one: 'case > recipe', as failures print it.")
    group.addoption(
        "--crumple-report",
        metavar="FILE",
        action="append",
        default=[],
        help="Write a report, by its ending: .md, .html, .xml (JUnit), .json. May be repeated.",
    )
    group.addoption("--crumple-strict", action="store_true", help="What is undecided fails.")
    parser.addini("crumple", "Whether the limits of crumple.toml are collected, as with --crumple.", "bool", False)


def _whole(text: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"it must be a whole number from {least} on, not {text!r}")
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known; where it is asked for, see to it that the configuration at the root is come by."""
    config.addinivalue_line("markers", _MARK_HELP)
    if not hasattr(config, "workerinput"):  # with xdist, in the process that shows and writes
        from crumple.pytest_plugin.gathered import Gathered

        config.pluginmanager.register(Gathered(config), "crumple-gathered")
    else:
        from crumple.pytest_plugin.reported import SENDING, Sending

        config.pluginmanager.register(Sending(), SENDING)
    if is_asked(config):
        from crumple.pytest_plugin.contract_items import beside

        path = beside(config)
        if path is not None:
            config.args.append(str(path))


def is_asked(config: pytest.Config) -> bool:
    """Whether configurations are to be collected."""
    return bool(config.getoption("--crumple") or config.getini("crumple") or config.getoption("--crumple-replay"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The limits and findings of a crumple.toml, or of [tool.crumple]; also where it is only named."""
    if file_path.name not in CONFIGS:
        return None
    asked = is_asked(parent.config)
    if not asked and not any(file_path.name in each for each in parent.config.args):
        return None
    from crumple.pytest_plugin.contract_items import ContractFile, is_named, is_ours

    if not is_ours(file_path) or not (asked or is_named(parent.config, file_path)):
        return None
    parent.config.stash[_MET] = True
    return ContractFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Check a mark while its test is collected."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.config.stash[_MET] = True
        from crumple.pytest_plugin.collected import check

        check(metafunc, MARK)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what a line can be replayed with; say so where --crumple finds nothing to do."""
    if session.testsfailed:
        return  # what could not be collected is said, and nothing runs
    here = not hasattr(config, "workerinput")  # of xdist's workers each would say so
    if here and config.getoption("--crumple") and not config.stash.get(_MET, False):
        from crumple.pytest_plugin.contract_items import missing

        raise pytest.UsageError(missing(config))
    line = config.getoption("--crumple-replay")
    if line:
        from crumple.pytest_plugin.marked_replay import select

        select(config, items, MARK, line)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Reject a marked method of a unittest.TestCase, which can be given nothing; report that the others begin."""
    if getattr(item, "nofuncargs", False) and any(each.name == MARK for each in item.own_markers):
        pytest.fail(
            f"@pytest.mark.crumple: {item.name} is a method of a unittest.TestCase, and those take no arguments, so "
            "none is given `degraded`. Write it as a function.",
            pytrace=False,
        )
    if item.get_closest_marker(MARK) is not None and "degraded" in getattr(item, "fixturenames", ("degraded",)):
        from crumple.pytest_plugin.reported import begun

        begun(item)


@pytest.fixture
def degraded(request: pytest.FixtureRequest) -> Degraded:
    """A degraded document: its bytes, path, text, truth and how it came about."""
    if request.node.get_closest_marker(MARK) is None:
        pytest.fail("the fixture degraded needs @pytest.mark.crumple(...) on its test", pytrace=False)
    from crumple.pytest_plugin.isolation import NotYet

    return NotYet()  # type: ignore[return-value]  # each call of the body is given its own


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Call a marked test once for each document."""
    mark = pyfuncitem.get_closest_marker(MARK)
    if mark is None or "degraded" not in pyfuncitem.funcargs:
        return None
    line = pyfuncitem.config.getoption("--crumple-replay")
    if line:
        from crumple.pytest_plugin import marked_replay

        marked_replay.carry_out(pyfuncitem, mark, line)
    else:
        from crumple.pytest_plugin import marked

        marked.carry_out(pyfuncitem, mark)
    return True
