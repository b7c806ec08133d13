"""`crumple accept`: a finding that nothing is done about for now, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.author import myself
from crumple.cli.output import emit
from crumple.cli.parameters import config_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    import datetime as dt

    from crumple.findings.finding import Finding
    from crumple.findings.folder import Folder

_HELP = """Accept a finding until a day: replays still call it, and no longer end with 1 because of it.

Who accepts it, why and until when is in its folder, under version control. Past that day it is open again.

\b
Examples:
  crumple accept encoding-3f9a1c07 --reason 'the supplier sends UTF-8 from May on' --until 90d --ticket OPS-12
  crumple accept encoding-3f9a1c07 --reopen

Exit codes: 0 done; 2 usage, or there is no such finding.
"""
_DAY = 86_400


class Until(click.ParamType["dt.date"]):
    """A day that is to come: "2027-03-31", or "90d" from now."""

    name = "until"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day."""
        import datetime as dt

        from crumple.config.quantities import duration

        if isinstance(value, dt.date):
            return value
        text, today = str(value).strip(), dt.date.today()
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            try:
                day = today + dt.timedelta(days=round(duration(text) / _DAY))
            except (ValueError, OverflowError):
                self.fail(f'{value!r} is neither a day such as 2027-03-31 nor a time such as "90d"', param, ctx)
        if day <= today:
            self.fail(f"{value!r} is not in the future: an acceptance that is over accepts nothing", param, ctx)
        return day


@click.command("accept", help=_HELP, short_help="Let a finding be until a day, with a reason.")
@click.argument("finding", metavar="ID")
@click.option("--reason", metavar="TEXT", help="Why nothing is done about it for now.")
@click.option(
    "--until", type=Until(), metavar="DATE", help='The last day that it holds: 2027-03-31, or "90d" from now.'
)
@click.option("--ticket", metavar="TEXT", default="", help="Where it is followed up.")
@click.option("--by", metavar="NAME", help="Who accepts it; by default as git knows you, or your login.")
@click.option("--reopen", is_flag=True, help="Take an acceptance back.")
@config_option
def command(
    finding: str,
    reason: str | None,
    until: dt.date | None,
    ticket: str,
    by: str | None,
    reopen: bool,
    config: str | None,
) -> int:
    """Write it down."""
    import datetime as dt

    from crumple.config.finding import find
    from crumple.findings.folder import Folder

    folder = Folder(find(Path(config) if config is not None else None).parent)
    shelf = folder.shelf()
    for name, flaw in shelf.unread.items():
        if name != finding:  # that one is the error
            emit(f"not read: {flaw}", err=True)
    found = shelf.named(finding)
    today = dt.date.today()
    if reopen:
        if reason is not None or until is not None:
            raise CrumpleError("it goes with neither --reason nor --until", where="--reopen")
        _reopen(folder, found, today)
        return 0
    if reason is None or not reason.strip():
        raise CrumpleError("say why nothing is done about it", where="--reason", hint="--reason 'TEXT'.")
    if until is None:
        raise CrumpleError(
            "say until when it is accepted", where="--until", hint='--until 2027-03-31, or "90d" from now.'
        )
    _accept(folder, found, _Terms(reason.strip(), until, ticket.strip(), (by or myself(folder.path.parent)).strip()))
    return 0


class _Terms:
    """What is agreed on."""

    def __init__(self, reason: str, until: dt.date, ticket: str, by: str) -> None:
        self.reason, self.until, self.ticket, self.by = reason, until, ticket, by


def _accept(folder: Folder, found: Finding, terms: _Terms) -> None:
    import datetime as dt
    from dataclasses import replace

    from crumple.findings.finding import Acceptance, Change
    from crumple.findings.status import Status
    from crumple.findings.words import what_happens
    from crumple.plain_text import visible

    if found.state == "fixed":
        raise CrumpleError("it is fixed: there is nothing to accept", where=found.id)
    today = dt.date.today()
    given = Acceptance(reason=terms.reason, by=terms.by, until=terms.until, when=today, ticket=terms.ticket)
    changed = Change(state="accepted", when=today, why=f"by {terms.by} until {terms.until}: {terms.reason}")
    marks = found.fingerprints
    if found.replayed is not None and found.replayed.status == Status.CHANGED and found.replayed.fingerprint:
        # What it fails with now is what is accepted.
        marks = tuple(dict.fromkeys((*marks, found.replayed.fingerprint)))
    accepted = replace(found, state="accepted", accepted=given, history=(*found.history, changed), fingerprints=marks)
    _write(folder, accepted)
    emit(f"{found.id} is accepted until {terms.until}, by {visible(terms.by)}: {visible(what_happens(found))}")


def _reopen(folder: Folder, found: Finding, today: dt.date) -> None:
    if found.state != "accepted":
        raise CrumpleError(f"it is {found.state}, not accepted", where=found.id)
    _write(folder, found.become("open", today, "its acceptance was taken back"))
    emit(f"{found.id} is open again.")


def _write(folder: Folder, finding: Finding) -> None:
    from crumple.config.finding import shown

    try:
        folder.write(finding)
    except OSError as error:
        raise CrumpleError(
            f"it cannot be written: {error.strerror or error}", where=shown(folder.path / finding.id)
        ) from None
