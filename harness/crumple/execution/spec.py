"""What a lane must know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from crumple.adapters import System
from crumple.case import Corpus
from crumple.config.quantities import PIXELS
from crumple.dependency.front import Front
from crumple.discretion import Discretion
from crumple.kept import Elsewhere


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
        json_schema: the text of the schema that answers are to keep to; "": none.
        abstain: what an answer that only lacks values is: "refused" or "wrong".
        pixels: how many pixels are unpacked of one document.
        cost: the money that a call costs, or the "module:function" that tells it from an answer; None: not known.
        dependency: what the system itself calls, where a proxy is to stand in front of it.
        discretion: what of a result may be shown and written down.
        documents: where documents are kept, as far as `discretion` allows it; None: nowhere.
        company: whether lanes of other machines call the same service, which this one cannot hold back.
        trial: cases of which a lane loads one before it takes calls; none: it does not try.
        own_seconds: how long one step of crumple's own may take, degrading or judging; a lane that takes longer is
            ended, and the call is void.
    """

    root: Path
    corpus: Corpus
    system: System
    judge: str
    judge_options: Mapping[str, Any] = field(default_factory=dict)
    mutators: Mapping[str, str] = field(default_factory=dict)
    refusable: Mapping[str, float | None] = field(default_factory=dict)
    json_schema: str = ""
    abstain: Literal["refused", "wrong"] = "refused"
    pixels: int = PIXELS
    cost: float | str | None = None
    dependency: Front | None = None
    discretion: Discretion = field(default_factory=Discretion)
    documents: Path | Elsewhere | None = None
    company: bool = False
    trial: tuple[str, ...] = ()
    own_seconds: float = 60.0
