"""A past run as commands show it: how it stands where it is unfinished, and what its document can be read by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crumple.errors import CrumpleError

if TYPE_CHECKING:
    import click

    from crumple.store import Line, Store

_SCHEMA = 1
_UNFINISHED = {
    "running": "is still going on, by {holder}; this is how it stood a moment ago",
    "interrupted": "was interrupted; the same command goes on with it. This is how it stood last",
    "abandoned": "was interrupted and given up; this is how it stood last",
}


def standing(line: Line) -> str:
    """What is to be said of an unfinished run before it is shown; "" of one that ended."""
    said = _UNFINISHED.get(line.state)
    return f"Run {line.id} {said.format(holder=line.holder)} ({line.calls:,} calls)." if said else ""


def document_of(store: Store, line: Line) -> dict[str, Any]:
    """A run's document, of an unfinished one as it was last written.

    Raises:
        CrumpleError: there is none yet, a newer crumple has made it, or the store cannot be read.
    """
    document = store.document(line)
    if document is None:
        running = line.state == "running"
        stood = "is going on, and does not yet have" if running else "was interrupted before it had"
        raise CrumpleError(
            f"run {line.id} {stood} anything to report: {line.calls:,} calls are stored",
            where=store.where,
            hint="" if running else "The same command goes on with it.",
        )
    schema = document.get("schema")
    if schema != _SCHEMA:
        versions = (document.get("run") or {}).get("versions") or {}
        by = f" crumple {versions['crumple']} has made it." if "crumple" in versions else ""
        raise CrumpleError(
            f"the document of run {line.id} is of schema {schema!r}, and this crumple reads schema {_SCHEMA}",
            where=store.where,
            hint=f"Update crumple.{by}",
        )
    return document


def complete_runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The runs whose ids begin with what was typed, for the shell; nothing where there is no store."""
    from crumple.cli.stores import past_runs, project

    try:
        with past_runs(project(ctx.params.get("config"), ctx.params.get("location"))) as store:
            names = ["latest", *(line.id for line in store.lines())]
    except (CrumpleError, OSError):
        return []
    return [each for each in names if each.startswith(incomplete)]
