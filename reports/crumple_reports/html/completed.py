"""A document as sections can take it: what it lacks is filled in with nothing, and said. Pure.

A document may come from a file: of a run that was interrupted before anything came back, of another version of
crumple's, or cut short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple import CrumpleError
from crumple_reports.figures import listed

SCHEMA: Final = 1
_RUN: Final[Mapping[str, Any]] = {
    "calls": 0,
    "attempts": 0,
    "rounds": 0,
    "cut": 0,
    "cost": 0.0,
    "wall_seconds": 0.0,
    "ended": "not known",
}
_CLEAN: Final[Mapping[str, Any]] = {
    "cases": 0,
    "right": 0,
    "failed": [],
    "void": 0,
    "without_truth": 0,
    "stand_ins": 0,
    "unstable": {},
}
_OF_A_RUN: Final[Mapping[str, Any]] = {
    "run": _RUN,
    "clean": _CLEAN,
    "controls": {},
    "categories": {},
    "mutators": {},
    "buckets": [],
    "labels": {},
    "contract": [],
    "skipped": [],
    "void": {"calls": 0, "causes": {}},
}
_OF_A_SESSION: Final[Mapping[str, Any]] = {
    "session": {"calls": 0, "failing": 0, "crumple": "?", "pytest": "?", "python": "?"},
    "state": "undecided",
    "categories": {},
    "items": [],
}
_KINDS: Final = {"pytest": _OF_A_SESSION, "comparison": {}}


def completed(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The document with every part that its kind has, and sentences for what was not there.

    Raises:
        CrumpleError: it is no document at all.
    """
    if not isinstance(document, Mapping):
        raise CrumpleError("this is no document of a run", got=type(document).__name__, allowed=["an object"])
    wanted = _KINDS.get(str(document.get("kind", "")), _OF_A_RUN)
    missing = [name for name, empty in wanted.items() if not _of_kind(document.get(name), empty)]
    whole = dict(document) | {name: wanted[name] for name in missing}
    for name, empty in wanted.items():
        if isinstance(empty, Mapping) and empty:
            whole[name] = {**empty, **_kept(whole[name], empty)}
    if "items" in wanted:
        whole["items"] = [_item(each) for each in whole["items"] if isinstance(each, Mapping)]
    return whole, [*_schema(document), *_lacks(missing)]


def _kept(part: Mapping[str, Any], empty: Mapping[str, Any]) -> dict[str, Any]:
    """What of a part is of the kind that it must be."""
    return {name: value for name, value in part.items() if name not in empty or _of_kind(value, empty[name])}


def _of_kind(value: object, empty: object) -> bool:
    if isinstance(empty, Mapping):
        return isinstance(value, Mapping)
    if isinstance(empty, (int, float)):
        return isinstance(value, (int, float))
    return isinstance(value, type(empty))


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    whole = {"id": "?", "outcome": "", "source": str(item.get("id", "?"))} | dict(item)
    if whole.get("document"):
        whole["document"] = completed(whole["document"])[0]
    return whole


def _schema(document: Mapping[str, Any]) -> list[str]:
    schema = document.get("schema")
    if schema == SCHEMA:
        return []
    if isinstance(schema, int) and schema > SCHEMA:
        newer = f"This document is of schema {schema}, and this crumple reads schema {SCHEMA}: a newer one made it. "
        return [f"{newer}What cannot be read is left out; a newer crumple shows all of it."]
    which = f"schema {schema}, and this crumple reads schema {SCHEMA}" if schema is not None else "no known schema"
    return [f"This document is of {which}. What cannot be read is left out."]


def _lacks(missing: list[str]) -> list[str]:
    if not missing:
        return []
    return [f"The document has nothing of: {listed(missing, 12)}. It may have been cut short; the rest is shown."]
