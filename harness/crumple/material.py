"""What a report can be made of beside a run's document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from crumple.exhibit import Exhibit

Shown: TypeAlias = Literal["figures", "excerpts", "full"]


def _no_exhibits(replays: Sequence[str]) -> Mapping[str, Exhibit]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Further things about a run, each made when a report asks for it.

    Attributes:
        privacy: what may be shown of single calls: "figures"; "excerpts" of documents, of what was expected and
            answered; "full": whole, page pictures too, as far as there is room.
        exhibits: lines that replay -> what their documents look like; one that cannot be drawn has a `note`.
        results: every result that is stored, oldest first, as flat rows (`crumple.store.exported` names the columns);
            None where no store holds them.
        timeline: the project's runs one after the other, as `crumple.nightly.timeline` gives it; None where there are
            none.
    """

    privacy: Shown = "figures"
    exhibits: Callable[[Sequence[str]], Mapping[str, Exhibit]] = _no_exhibits
    results: Callable[[], Iterator[Mapping[str, Any]]] | None = None
    timeline: Callable[[], Mapping[str, Any]] | None = None


FIGURES = Material()
