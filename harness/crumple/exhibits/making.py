"""The exhibits of a run's calls: each case loaded and degraded again, in processes that may be lost."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crumple import kept
from crumple.config.loading import Config
from crumple.errors import CrumpleError, in_words
from crumple.execution.cores import cores
from crumple.execution.disposable import Job, Limits, made_of
from crumple.exhibit import Exhibit
from crumple.exhibits.again import Given, prepare
from crumple.exhibits.bounds import EXCERPTS, FULL
from crumple.exhibits.room import MOST, within
from crumple.masking import mask_of, without_passwords
from crumple.material import Shown
from crumple.plain_text import excerpt
from crumple.project import FOLDER

_WORKERS: Final = 2
_A_WORKER: Final = 4  # exhibits, from which a second process is worth its start
_REDACTED: Final = "no document is shown: [privacy] redact blacks out fields, which cannot be done in a document"
_LONG: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What drawing may take: with all else, a report is there within 20 s, however slowly documents are drawn.

    Attributes:
        each: seconds for one exhibit.
        all: seconds for all of them, with the start of the processes.
        memory: bytes that a process may take beside what it needs to begin with.
        pictures: bytes of all pictures.
    """

    each: float = 7.0
    all: float = 14.0
    memory: int = 2 << 30
    pictures: int = MOST


def shown(config: Config) -> Shown:
    """What reports may show of single calls; figures where nothing is said and no text of a document is to be kept."""
    privacy = config.settings.privacy
    if config.source.value(("privacy", "reports")) is None and privacy.store == "recipe":
        return "figures"
    return privacy.reports


def exhibits_of(
    config: Config, replays: Sequence[str], document: Mapping[str, Any], patience: Patience | None = None
) -> dict[str, Exhibit]:
    """What the documents of calls look like; never raises for what a document, corpus or mutator does.

    Args:
        config: of the run.
        replays: lines "case > recipe"; those that come first are drawn first, and have room first. An empty one, of
            what no single call shows, has no document.
        document: the run's; where it names the digest of a degraded document, only that very document is shown.
        patience: what it may take.

    Returns:
        An exhibit for each line, of which those that show nothing have a note; none at all where only figures may be
        shown.
    """
    detail = shown(config)
    lines = list(dict.fromkeys(filter(None, replays)))
    if detail == "figures" or not lines:
        return {}
    if config.settings.privacy.redact:
        return {line: Exhibit(replay=line, note=_REDACTED) for line in lines}
    given = Given(
        config=config,
        bounds=FULL if detail == "full" else EXCERPTS,
        digests=dict(_digests(document)),
        documents=kept.place(config.root / FOLDER, config.settings.privacy.documents, config.settings.storage.options),
    )
    patience = patience or Patience()
    found = _made(lines, given, patience)
    ordered = [_discreet(found[line], config) for line in lines]
    return {each.replay: each for each in within(ordered, patience.pictures)}


def _discreet(exhibit: Exhibit, config: Config) -> Exhibit:
    """A note may quote a corpus or a mutator, and these what they reach by a value from the environment."""
    return replace(exhibit, note=without_passwords(mask_of(config.secrets)(exhibit.note))) if exhibit.note else exhibit


def _made(lines: Sequence[str], given: Given, patience: Patience) -> dict[str, Exhibit]:
    limits = Limits(seconds=patience.each, memory=patience.memory, until=time.monotonic() + patience.all)
    workers = max(1, min(_WORKERS, cores(), -(-len(lines) // _A_WORKER)))
    found: dict[str, Exhibit] = {}
    why = "it was not drawn"
    try:
        for each in made_of(lines, Job(prepare, given, _lost, "draw", "drew"), workers=workers, limits=limits):
            found[each.replay] = each
    except CrumpleError as error:
        why = excerpt(str(error), _LONG)
    except Exception as error:  # noqa: BLE001 - a corpus or plugin may do anything, and figures are there all the same
        why = excerpt(in_words(error), _LONG)
    return {line: found.get(line) or _lost(line, why) for line in lines}


def _lost(line: str, why: str) -> Exhibit:
    return Exhibit(replay=line, note=f"no document is shown: {why}")


def _digests(value: Any) -> Iterator[tuple[str, str]]:
    """Every line that replays in a document, with the digest of its degraded document, where that is known."""
    if isinstance(value, Mapping):
        if isinstance(value.get("replay"), str) and isinstance(value.get("digest"), str):
            yield value["replay"], value["digest"]
        for each in value.values():
            yield from _digests(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _digests(each)
