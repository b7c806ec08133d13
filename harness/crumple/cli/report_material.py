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
    from crumple.store import Line, Store


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
            line = store.find(run)
            groups = _groups(config, store, line) if config is not None else {}
            yield from rows(store, line, privacy=privacy, document=document, groups=groups)

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


def _groups(config: Config, store: Store, line: Line) -> Mapping[str, str]:
    """Which cases are of one origin; of a corpus that is not to be had any more, nothing."""
    from crumple import corpora
    from crumple.configured_corpus import corpus_of
    from crumple.store.exported import cases

    try:
        corpus = corpus_of(config)
        stream = corpora.streamed(corpus)
        entries = stream.find(cases(store, line)).values() if stream else corpus.entries()
        return {each.id: each.group for each in entries}
    except (CrumpleError, OSError):
        return {}
