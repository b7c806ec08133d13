"""What a lane must know, and what whoever calls lanes can rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, Self

from crumple.adapters import System
from crumple.case import Corpus
from crumple.result import Result, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSpec:
    """Everything that a lane needs to turn work into results; pickled to each.

    Attributes:
        root: the configuration file's folder: modules are looked for there first.
        corpus: where cases come from.
        system: how the system is called.
        judge: the judge's kind: "fields", or "module:function".
        judge_options: its options by name.
        mutators: mutator's name -> the module that defines it.
        refusable: levels from which on refusing is acceptable, where the team has overruled a mutator.
        abstain: what an answer that only lacks values is: "refused" or "wrong".
    """

    root: Path
    corpus: Corpus
    system: System
    judge: str
    judge_options: Mapping[str, Any] = field(default_factory=dict)
    mutators: Mapping[str, str] = field(default_factory=dict)
    refusable: Mapping[str, float | None] = field(default_factory=dict)
    abstain: Literal["refused", "wrong"] = "refused"


class Executor(Protocol):
    """Makes calls somewhere: work in, results out as they arrive, in any order. To be used in a `with`."""

    @property
    def pending(self) -> int:
        """How many calls were put in whose results have not been handed out."""

    def put(self, works: Iterable[Work]) -> None:
        """Add calls to make; returns at once."""

    def results(self, timeout: float = 1.0) -> list[Result]:
        """What has arrived: waits for the first result, but at most `timeout` seconds; [] where none came."""

    def close(self) -> None:
        """End everything that was started; what is pending is given up."""

    def __enter__(self) -> Self:
        """Start.

        Raises:
            CrumpleError: the system, the judge or a mutator cannot be loaded.
        """

    def __exit__(self, *exception: object) -> None:
        """Close."""
