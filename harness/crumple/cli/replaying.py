"""Findings called again: what `crumple replay ID...` and `crumple replay all` do."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.cli.json_file import check_json, write_json
from crumple.cli.output import emit
from crumple.config.finding import shown
from crumple.errors import CrumpleError
from crumple.plain_text import excerpt, visible

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.loading import Config
    from crumple.events import Replayed
    from crumple.findings.finding import Finding
    from crumple.findings.folder import Shelf
    from crumple.findings.keeping import Keeping

ALL = "all"
FAILING, UNTOLD = 1, 4
"""Exit codes: something fails; nothing does, but something could not be told."""
_FAILING = ("FAILS", "CHANGED", "FLAKY")
_UNTOLD_STATUSES = ("ERROR", "OTHER BYTES")
_LONG = 200
_SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a finding stands.

    Attributes:
        event: what replaying it said.
        finding: as it was before.
        state: what it is now.
        still: of other bytes, whether the document that was kept still fails; None: it was not tried.
    """

    event: Replayed
    finding: Finding
    state: str
    still: bool | None = None

    @property
    def excused(self) -> bool:
        """Whether it is accepted, and what it does is what was accepted."""
        return self.state == "accepted"

    @property
    def fails(self) -> bool:
        """Whether it fails, and nobody has accepted that."""
        return not self.excused and (self.event.status in _FAILING or bool(self.still))


def chosen(words: Sequence[str], shelf: Shelf, config: Path) -> list[Finding]:
    """The findings that words name: "all" of a configuration, ids, or their beginnings.

    Raises:
        CrumpleError: one of them is none, or of another configuration.
    """
    from crumple.findings.folder import named

    if ALL in words:
        if len(words) > 1:
            raise CrumpleError('"all" stands alone', where="replay")
        return [each for each in shelf.findings.values() if each.config == named(config)]
    found = list({each.id: each for each in map(shelf.named, words)}.values())
    for each in found:
        if each.config != named(config):
            beside = config.parent / each.config if each.config else config.parent
            raise CrumpleError(
                f"it is of another configuration than {config.name}",
                where=each.id,
                hint=f"Say --config {shown(beside)}.",
            )
    return found


def replay_findings(
    findings: Sequence[Finding], assembly: Assembly, config: Config, *, writes: bool, json_file: str | None
) -> list[Answer]:
    """Call them again, a line each as it is known, and write what came of it.

    Raises:
        CrumpleError: the system cannot be made ready, or the JSON not be written.
    """
    from crumple.execution.ingredients import libraries
    from crumple.findings.keeping import Keeping
    from crumple.findings_again import called_again, compared

    _check(config)
    check_json(json_file, config.path)
    err = json_file == "-"
    keeping = Keeping(
        config,
        assembly.plan.corpus,
        assembly.registry,
        assembly.spec.discretion,
        writes=writes,
        say=lambda line: emit(visible(line), err=True),
    )
    keeping.known()
    versions = dict(libraries()) | {"python": platform.python_version()}
    keeping.begin({"versions": versions})
    answers: list[Answer] = []
    documents = len({each.case for each in findings})
    emit(
        f"calling {_number(len(findings), 'finding')} of {_number(documents, 'document')} again, after the clean "
        f"{'document' if documents == 1 else 'documents'}",
        err=True,
    )

    def tell(event: Replayed, finding: Finding, still: bool | None = None) -> None:
        keeping.take(event)
        answer = Answer(event=event, finding=finding, state=_state(keeping, finding), still=still)
        answers.append(answer)
        emit(_line(answer), err=err)

    others: list[tuple[Replayed, Finding]] = []
    by_id = {each.id: each for each in findings}
    for event in called_again(findings, assembly, replace(assembly, dask="").executor()):
        if event.status == "OTHER BYTES":
            others.append((event, by_id[event.finding]))
        else:
            tell(event, by_id[event.finding])
    for event, finding, still in compared(others, assembly, config.root, versions):
        tell(event, finding, still)
    emit(_summary(answers), err=err)
    if json_file is not None:
        _write(json_file, answers, assembly, config)
    return answers


def _check(config: Config) -> None:
    if config.settings.system.batch is not None:
        raise CrumpleError(
            "findings of a batch cannot be called again one by one",
            where="[system] batch",
            hint="`crumple mutate` makes a finding's document again.",
        )


def _state(keeping: Keeping, finding: Finding) -> str:
    now = keeping.finding(finding.id) or finding
    return now.stands(dt.date.today())


def _line(answer: Answer) -> str:
    from crumple.findings.words import what_happens

    finding, event = answer.finding, answer.event
    notes = [event.why]
    if answer.excused and event.status in _FAILING and finding.accepted is not None:
        notes.append(f"accepted until {finding.accepted.until}")
    elif finding.state == "accepted" and answer.fails and finding.accepted is not None:
        over = finding.stands(dt.date.today()) == "open"
        notes.append(f"accepted until {finding.accepted.until}, which is over" if over else "which nobody has accepted")
    elif finding.state == "fixed" and answer.fails:
        notes.append("it was fixed, and is open again")
    what = excerpt(what_happens(finding), _LONG)
    more = excerpt("; ".join(filter(None, notes)), 3 * _LONG)
    return f"{event.status:<11}  {finding.id}  {what}" + (f"\n{'':<13}{more}" if more else "")


def code_of(answers: Sequence[Answer]) -> int:
    """The exit code."""
    if any(each.fails for each in answers):
        return FAILING
    return UNTOLD if any(each.event.status in _UNTOLD_STATUSES and not each.excused for each in answers) else 0


def _summary(answers: Sequence[Answer]) -> str:
    counts = {status: sum(each.event.status == status for each in answers) for status in _statuses()}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    accepted = sum(each.excused and each.event.status in _FAILING for each in answers)
    return f"\n{_number(len(answers), 'finding')}: {said}" + (f" ({accepted} accepted)" if accepted else "") + "."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _statuses() -> tuple[str, ...]:
    return ("FAILS", "CHANGED", "FLAKY", "FIXED", *_UNTOLD_STATUSES)


def _write(name: str, answers: Sequence[Answer], assembly: Assembly, config: Config) -> None:
    rows = [_row(each) for each in answers]
    document: dict[str, Any] = {"schema": _SCHEMA, "exit_code": code_of(answers), "findings": rows}
    write_json(name, json.dumps(assembly.spec.discretion.stored_document(document), indent=2), config.path)


def _row(answer: Answer) -> dict[str, Any]:
    from crumple.findings.words import what_happens

    made = [each.verdict for each in answer.event.results if each.verdict is not None]
    return {
        "id": answer.finding.id,
        "status": answer.event.status,
        "why": answer.event.why,
        "was": answer.finding.state,
        "state": answer.state,
        "accepted": answer.excused and answer.event.status in _FAILING,
        "what": what_happens(answer.finding),
        "replay": answer.finding.replay(),
        "tries": len(made),
        "failed": sum(each.failure for each in made),
        "fingerprints": sorted({each.fingerprint for each in made if each.fingerprint}),
    }
