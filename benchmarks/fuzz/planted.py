"""Planted systems: small document readers, each with one known bug, and a twin of it that has none.

A module below `systems` holds, as constants and functions:

    \"\"\"One sentence about the system, and one about its bug.\"\"\"
    KIND = "crash"                   # crash | hang | silent wrong | wrong refusal | memory | robust
    FORMAT = "text"                  # text | table | record | mail | pdf | page
    TRIGGER = "common"               # common | one position
    CATEGORIES = ("encoding",)       # in which the bug may rightly be found
    DOCUMENTS = {"a.txt": (b"...", {"total": 12.5})}   # clean documents and what they say
    FIELDS = ("/total",)             # what of the answer is judged
    class Unreadable(Exception)      # how it refuses
    def planted(data: bytes)         # the system with its bug; a robust one has none
    def sound(data: bytes)           # the same without it
    TRIGGERED_BY = {"a.txt": b"..."} # a document on which the bug shows, and which `sound` reads

and where it knows better: REGIONS (document -> JSON pointer -> regions of its page), USE (categories or mutators).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.fuzz import systems
from crumple import ABSENT, Case, Document, Entry, Parts, identify, inside, views_of
from crumple.adapters.callable import CallableSystem
from crumple.execution.spec import LaneSpec
from crumple.mutation.registry import Registry, discover
from crumple.workers.limits import MIB, Limits

ROOT = Path(__file__).parents[2]
ROBUST, REFUSAL = "robust", "wrong refusal"
TIMEOUT, MEMORY = 2.0, 512 * MIB
_IN_WORKERS = ("hang", "memory")
_EVERYWHERE = 0.001
"""The mildest level that is of any use."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The clean documents of a planted system, as a corpus."""

    module: str

    @property
    def name(self) -> str:
        """The system's."""
        return self.module.rpartition(".")[2]

    def entries(self) -> Sequence[Entry]:
        """Every document's line."""
        return _entries(self.module)

    def load(self, case_id: str) -> Case:
        """A document and what it says."""
        module = importlib.import_module(self.module)
        data, truth = module.DOCUMENTS[case_id]
        regions = getattr(module, "REGIONS", {}).get(case_id, {})
        return Case(case_id, Document(data, identify(data, case_id), case_id), truth, regions=regions)


@functools.cache
def _entries(module: str) -> Sequence[Entry]:
    found = []
    for name, (data, truth) in importlib.import_module(module).DOCUMENTS.items():
        document = Document(data, identify(data, name), name)
        held = inside(document) if Parts in views_of(document.media_type) else ()
        within = tuple((path, each.media_type) for path, each in held)
        found.append(Entry(name, document.media_type, name, truth is not ABSENT, inside=within))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Planted:
    """One system.

    Attributes:
        module: the module's name.
    """

    module: str

    @property
    def name(self) -> str:
        """Without its packages."""
        return self.module.rpartition(".")[2]

    @property
    def code(self) -> ModuleType:
        """The module."""
        return importlib.import_module(self.module)

    @property
    def kind(self) -> str:
        """How its bug shows."""
        return str(self.code.KIND)

    @property
    def format(self) -> str:
        """What it reads."""
        return str(self.code.FORMAT)

    @property
    def trigger(self) -> str:
        """Whether damage of many places triggers the bug, or of one."""
        return str(getattr(self.code, "TRIGGER", ""))

    @property
    def categories(self) -> tuple[str, ...]:
        """In which the bug may rightly be found."""
        return tuple(getattr(self.code, "CATEGORIES", ()))

    @property
    def about(self) -> str:
        """What it is, and its bug."""
        return " ".join((self.code.__doc__ or "").split())

    @property
    def unseen(self) -> bool:
        """Whether it was written by somebody who has not seen the catalogue."""
        return ".unseen." in self.module

    @property
    def corpus(self) -> Documents:
        """Its clean documents."""
        return Documents(self.module)

    @property
    def function(self) -> Callable[[bytes], Any]:
        """The system under test."""
        found: Callable[[bytes], Any] = self.code.sound if self.kind == ROBUST else self.code.planted
        return found

    @property
    def needs_workers(self) -> bool:
        """Whether its bug can only be survived from outside."""
        return self.kind in _IN_WORKERS

    @property
    def documents(self) -> Mapping[str, bytes]:
        """Its clean documents."""
        return {name: data for name, (data, _) in self.code.DOCUMENTS.items()}

    def registry(self) -> tuple[Registry, Registry]:
        """The mutators that are tried on it, and the controls.

        Refusing is acceptable everywhere, as a team may agree that it is; but not of a system whose bug is to refuse.
        """
        registry = _known() if self.kind == REFUSAL else _overruled()
        chosen = registry.select(self.code.USE) if hasattr(self.code, "USE") else registry
        controls = {each.name: each for each in registry if each.control}
        return Registry({each.name: each for each in chosen if not each.control}), Registry(controls)

    def spec(self) -> LaneSpec:
        """What a lane is told."""
        known = _known()
        name = "sound" if self.kind == ROBUST else "planted"
        limits = Limits(timeout=TIMEOUT, memory=MEMORY)
        return LaneSpec(
            root=ROOT,
            corpus=self.corpus,
            system=CallableSystem(
                root=ROOT, call=f"{self.module}:{name}", refuses=(f"{self.module}.Unreadable",), limits=limits
            ),
            judge="fields",
            judge_options={"fields": list(self.code.FIELDS)},
            mutators={each.name: each.module for each in known},
            refusable={} if self.kind == REFUSAL else dict.fromkeys(_drawn(known), _EVERYWHERE),
        )


@functools.cache
def _known() -> Registry:
    return discover()


@functools.cache
def _overruled() -> Registry:
    return _known().overruled(dict.fromkeys(_drawn(_known()), _EVERYWHERE))


def _drawn(known: Registry) -> list[str]:
    return [each.name for each in known if not each.control]


def planted_systems() -> list[Planted]:
    """All of them, in the order of their names; those that are robust last."""
    found = [
        Planted(each.name) for each in pkgutil.walk_packages(systems.__path__, f"{systems.__name__}.") if not each.ispkg
    ]
    return sorted(found, key=lambda each: (".robust." in each.module, each.unseen, each.name))
