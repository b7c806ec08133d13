"""What reports of a run are made of beside its document: its results, its documents, the runs before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crumple.cli.stores import Project, past_runs
from crumple.errors import CrumpleError

_RUNS = 30

if TYPE_CHECKING:
    from crumple.config.loading import Config
    from crumple.exhibit import Exhibit
    from crumple.material import Material


def material_of(document: Mapping[str, Any], config: Config | None, project: Project) -> Material:
    """What a report can be made of; nothing is read before it is asked for.

    Args:
        document: the run's.
        config: its configuration; None where that cannot be read: then nothing is shown but figures.
        project: where its store is.
    """
    from crumple.exhibits.making import exhibits_of, shown
    from crumple.material import Material

    run = str(document["run"].get("id", ""))
    privacy = shown(config) if config is not None else "figures"

    def exhibits(replays: Sequence[str]) -> Mapping[str, Exhibit]:
        return exhibits_of(config, replays, document) if config is not None else {}

    def results() -> Iterator[Mapping[str, Any]]:
        from crumple.store.exported import rows

        with past_runs(project) as store:
            groups = _groups(config) if config is not None else {}
            yield from rows(store, store.find(run), privacy=privacy, document=document, groups=groups)

    def timeline() -> Mapping[str, Any]:
        from crumple.nightly.history import read_timeline

        with past_runs(project) as store:
            return read_timeline(store, kind="", last=_RUNS, system="")

    return Material(
        privacy=privacy,
        exhibits=exhibits,
        results=results,
        timeline=timeline,
    )


def _groups(config: Config) -> Mapping[str, str]:
    """Which cases are of one origin; of a corpus that is not to be had any more, nothing."""
    from crumple.assembly import corpus_of

    try:
        return {each.id: each.group for each in corpus_of(config).entries()}
    except (CrumpleError, OSError):
        return {}
