"""A run from beginning to end, as every front door carries it out: called, stored, shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from crumple.cli.json_file import check_json, write_json
from crumple.cli.output import color, emit, width
from crumple.cli.spending import Spending
from crumple.errors import CrumpleError, Enough

if TYPE_CHECKING:
    from pathlib import Path

    from crumple.assembly import Assembly
    from crumple.cli.progress import Watcher
    from crumple.cli.report_files import ReportFiles
    from crumple.config.loading import Config
    from crumple.discretion import Discretion
    from crumple.events import Event
    from crumple.execution.executor import Executor
    from crumple.kept import Elsewhere
    from crumple.store import Record
    from crumple.summary import Tally


class Companion(Protocol):
    """What a front door does beside carrying a run out: shows it in a way of its own, keeps what it finds."""

    @property
    def kind(self) -> str:
        """What the run is called among others: "fuzz"."""

    def known(self) -> dict[str, Any]:
        """What belongs to the run from its beginning, as JSON; a run that goes on has what it began with."""

    def begin(self, info: Mapping[str, Any]) -> None:
        """The run begins, or goes on; `info` has its id, and what `known` said when it began."""

    def watching(self, seconds: float | None) -> AbstractContextManager[Watcher]:
        """What shows its events."""

    def attended(self, executor: Executor) -> Executor:
        """The executor, as whoever sits beside the run lets it take calls on; it raises `Enough` to end the run."""

    def clock(self) -> float:
        """The seconds that count against its budget in time."""

    def take(self, event: Event) -> None:
        """Take one event in, once it is stored."""

    def complete(self, document: dict[str, Any]) -> None:
        """Put into the run's document, before it is stored and shown, what is known here alone."""

    def code(self, document: Mapping[str, Any], code: int) -> int:
        """The exit code of a run; `code` is what it would be without."""


BROKEN, UNWRITTEN, UNDECIDED, VOID, INTERRUPTED = 1, 2, 3, 4, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a run is carried out and shown, beside what it is about.

    Attributes:
        json_file: where to write the document; "-" is standard output, None nowhere.
        store: what --store says; None: as configured.
        fresh: begin anew even where the same run was interrupted.
        wait: for another process that is at the same run.
        kept: whether anything is stored at all; not of a run in a folder that is thrown away.
        passing: whether the folder is thrown away, with what is stored.
        named: how the commands that replay are to name the configuration; "": not at all.
        strict: whether a contract that is undecided is told by the exit code.
        companion: what goes on beside it; None: progress is shown.
        files: further files that its document is written to.
    """

    json_file: str | None = None
    store: str | None = None
    fresh: bool = False
    wait: bool = True
    kept: bool = True
    passing: bool = False
    named: str = ""
    strict: bool = False
    companion: Companion | None = None
    files: ReportFiles | None = None


def manner_of(config: Config, named: str | None, **asked: Any) -> Manner:
    """A manner, from what `keeping_options` and `report_options` were given.

    Args:
        config: the configuration.
        named: how it was named on the command line; None: it was found.
        asked: the options by their names there, and further attributes of `Manner`.
    """
    from crumple.cli.report_files import ReportFiles
    from crumple.cli.report_material import material_of
    from crumple.cli.stores import Project

    location = asked.get("store") or config.settings.run.store
    material = partial(material_of, config=config, project=Project(config.root, location, None))
    files = ReportFiles(asked.pop("reports"), asked.pop("metrics"), material, config.path)
    return Manner(named=named or "", wait=not asked.pop("no_wait"), files=files, **asked)


def carry_out(assembly: Assembly, config: Config, manner: Manner | None = None) -> int:
    """Call, store and show; the exit code.

    Raises:
        CrumpleError: it cannot be carried out, or nothing can be stored any more.
    """
    from crumple.assembly import run_info
    from crumple.project import project_folder

    manner = manner or Manner()
    check_json(manner.json_file, config.path)
    if manner.files is not None:
        manner.files.check()
    assembly.check_executor()
    info = run_info(assembly, config.settings.run.void)
    if manner.named:
        info["config"] = manner.named
    companion = manner.companion
    if companion is not None:
        info |= {"kind": companion.kind, "known": companion.known()}
    if not manner.kept:
        return show(_measured(assembly, info, None, None), manner, assembly.spec.discretion, config.path)
    documents = _documents(assembly, config, project_folder(config.root))
    assembly = replace(assembly, spec=replace(assembly.spec, documents=documents))
    with _recording(assembly, config, manner, info) as record:
        spending = Spending(assembly, config.settings.run)
        if companion is not None:
            companion.begin(record.info)
        told = dict(record.info)
        document = _measured(
            assembly,
            told,
            record,
            assembly.spec.discretion.stored_document,
            spending,
            companion=companion,
            files=manner.files,
        )
    code = show(document, manner, assembly.spec.discretion, config.path)
    if manner.files is not None and manner.files.unwritten and not manner.passing:
        emit(f"the run is kept; its reports are written again by: {_again(document, manner)}", err=True)
    code = companion.code(document, code) if companion is not None else code
    # What the run itself has come to counts for more than what of it could not be written.
    return code or (UNWRITTEN if manner.files is not None and manner.files.unwritten else 0)


def _again(document: Mapping[str, Any], manner: Manner) -> str:
    """The command that writes the report of a run."""
    from crumple.plain_text import quoted

    said = {"--config": manner.named, "--store": manner.store}
    more = "".join(f" {option} {quoted(value)}" for option, value in said.items() if value)
    return f"crumple report {document['run']['id']}{more} -o FILE"


def _documents(assembly: Assembly, config: Config, folder: Path) -> Path | Elsewhere | None:
    """Where lanes keep documents: on machines of others nowhere, unless it is said where."""
    from crumple.kept import Elsewhere, place

    settings = config.settings
    found = place(folder, settings.privacy.documents, settings.storage.options)
    if isinstance(found, Elsewhere):
        found.check(settings.corpus.path or "", config.source.place(("privacy", "documents")))
        return found
    return found if assembly.dask in ("", "local") else None


@contextmanager
def _recording(assembly: Assembly, config: Config, manner: Manner, info: dict[str, Any]) -> Iterator[Record]:
    """The run in the store: gone on with, or begun."""
    from crumple.identity import identity_of
    from crumple.store import open_store
    from crumple.systems import version_of

    discretion = assembly.spec.discretion
    version = version_of(config, assembly.system)
    info = discretion.shown_document({**info, "system": version})
    asked = assembly.course.asked if assembly.course else ""
    identity = identity_of(config, assembly.plan, version, asked)
    with ExitStack() as stack:
        store = open_store(manner.store or config.settings.run.store, config.root)
        stack.callback(store.close)
        yield stack.enter_context(
            store.resume_or_begin(
                identity,
                info,
                fresh=manner.fresh,
                wait=manner.wait,
                say=_say,
                kept=discretion.stored,
                lag=assembly.course.lag if assembly.course else None,
            )
        )


def _say(line: str) -> None:
    emit(line, err=True)


def _measured(
    assembly: Assembly,
    info: dict[str, Any],
    record: Record | None,
    cut: Callable[[dict[str, Any]], dict[str, Any]] | None,
    spending: Spending | None = None,
    *,
    companion: Companion | None = None,
    files: ReportFiles | None = None,
) -> dict[str, Any]:
    """The run's document; after an interruption, of what was done until then."""
    from crumple.events import Ended
    from crumple.mutation.registry import Registry
    from crumple.soundness import much_is_void
    from crumple.summary import Tally

    plan = assembly.plan
    # A search calls findings again whose mutators are not among those that it looks with.
    visited = assembly.registry if companion is not None else plan.registry
    registry = Registry({**visited.mutators, **plan.controls.mutators})
    tally = Tally(registry, info, contract=assembly.contract, mix=assembly.mix)
    began = time.monotonic()

    def document() -> dict[str, Any]:
        return tally.document(record.seconds if record else time.monotonic() - began)

    interrupted = False
    try:
        _call(assembly, tally, record, lambda: (cut or dict)(document()), spending, companion)
    except KeyboardInterrupt:
        interrupted = True
        emit("interrupted; this is what was done until then", err=True)
    except Enough:
        tally.add(Ended("by hand"))
    made = document()
    if companion is not None:
        companion.complete(made)
    if files is not None:  # before the run ends in the store, which may have gone: what was measured is written
        if record is not None:
            record.snapshot((cut or dict)(made))  # a table of results counts whole rounds, the last one too
        files.write((cut or dict)(made))
    if record is not None:
        # After an outage the same command goes on as after an interruption, and calls for what was void again.
        stopped = interrupted or made["run"]["ended"] == "outage" or much_is_void(made)
        (record.interrupt if stopped else record.end)((cut or dict)(made))
        if stopped:
            emit(f"run {record.id} is kept; the same command goes on with it", err=True)
    return made


def _call(
    assembly: Assembly,
    tally: Tally,
    record: Record | None,
    cut: Callable[[], dict[str, Any]],
    spending: Spending | None,
    companion: Companion | None,
) -> None:
    from crumple.cli.progress import watching
    from crumple.engine import run
    from crumple.store import Recorded

    plan = assembly.plan
    shown = companion.watching(plan.seconds) if companion is not None else watching(plan.seconds)
    clock = companion.clock if companion is not None else time.monotonic
    with shown as watcher, assembly.executor(_say) as lanes:
        if record is None:
            events = run(plan, lanes, None, assembly.course, clock)
        else:
            past = record.past if record.resumed else None
            executor: Executor = Recorded(lanes, record)
            if companion is not None:
                executor = companion.attended(executor)
            events = run(plan, executor, past, assembly.course, clock)
        for event in events:
            if record is not None:
                record.add(event)
            tally.add(event)
            watcher.add(event)
            if companion is not None:
                companion.take(event)
            if record is None:
                continue
            record.show(cut)
            if spending is not None and (much := spending.objection(event, begun=record.past.begun)) is not None:
                record.interrupt(cut())
                raise much


def show(document: dict[str, Any], manner: Manner, discretion: Discretion, config: Path) -> int:
    """Print a run's report, write the JSON, and say how the run ended as an exit code.

    Args:
        document: what was measured.
        manner: where the JSON goes, and whether a contract that is undecided has an exit code of its own.
        discretion: what of it may be shown, and what written down.
        config: the configuration's file.
    """
    from crumple.reporting import rendering
    from crumple.soundness import contract_state, void_reason

    shown = discretion.shown_document(document)
    if manner.json_file is not None:
        text = rendering("json")(discretion.stored_document(document))
        try:
            write_json(manner.json_file, text, config)
        except CrumpleError:
            emit(text)  # the figures are worth more than the file
            raise
    emit(rendering("terminal")(shown, width=width(), color=color()).rstrip("\n"), err=manner.json_file == "-")
    if document["run"]["ended"] == "interrupted":
        return INTERRUPTED
    if void_reason(document) or document["run"]["ended"] == "outage":
        return VOID
    state = contract_state(document)
    if state == "broken":
        return BROKEN
    return UNDECIDED if manner.strict and state == "undecided" else 0
