"""What reports of a session are made of beside its document: the documents of what a crumple.toml has called.

Results are not stored, so that there is no table of them and no timeline. The documents of a marked test are its own:
its items let nothing but figures out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.errors import CrumpleError, in_words
from crumple.exhibit import Exhibit
from crumple.material import Material
from crumple.plain_text import excerpt

if TYPE_CHECKING:
    from crumple.exhibits.making import Patience

_LONG = 300
_UNKNOWN = "no document is shown: which configuration has called it is not known"


def material_of(root: Path, document: Mapping[str, Any]) -> Material:
    """What a report can be made of; no document is drawn before one is asked for.

    Args:
        root: what the sources of the session's items are relative to.
        document: the session's.
    """

    def exhibits(replays: Sequence[str]) -> Mapping[str, Exhibit]:
        return _exhibits(root, document, replays)

    return Material(exhibits=exhibits)


def _exhibits(root: Path, document: Mapping[str, Any], replays: Sequence[str]) -> dict[str, Exhibit]:
    """An exhibit for each line, or a note in its place; those of one configuration are drawn together."""
    from crumple.exhibits.making import Patience

    rest = list(dict.fromkeys(filter(None, replays)))
    until = time.monotonic() + Patience().all
    found: dict[str, Exhibit] = {}
    for source, items in _sources(document).items():
        known = set(_replays(items))
        lines = [line for line in rest if line in known]
        if lines:
            left = Patience(all=max(0.0, until - time.monotonic()))
            found |= _of_source(root / source, lines, items, left)
            rest = [line for line in rest if line not in known]
    return found | {line: Exhibit(replay=line, note=_UNKNOWN) for line in rest}


def _of_source(
    path: Path, lines: Sequence[str], items: Sequence[Mapping[str, Any]], patience: Patience
) -> Mapping[str, Exhibit]:
    from crumple.config.loading import load
    from crumple.exhibits.making import exhibits_of

    try:
        return exhibits_of(load(path), lines, {"items": items}, patience)
    except (CrumpleError, OSError) as error:
        why = excerpt(str(error) if isinstance(error, CrumpleError) else in_words(error), _LONG)
        return {line: Exhibit(replay=line, note=f"no document is shown: {why}") for line in lines}


def _sources(document: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Source -> its items, as far as more than figures may be shown of them."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in document["items"]:
        if item.get("document") and item.get("privacy", "figures") != "figures":
            found.setdefault(str(item["source"]), []).append(item)
    return found


def _replays(value: Any) -> Iterator[str]:
    """Every line that replays in what was reported."""
    if isinstance(value, Mapping):
        if isinstance(value.get("replay"), str):
            yield value["replay"]
        for each in value.values():
            yield from _replays(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _replays(each)
