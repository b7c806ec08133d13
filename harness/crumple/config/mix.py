"""[mix]: what production sends, in shares of its volume. Importing this brings pydantic in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from crumple.config.fields import Section, Share
from crumple.config.quantities import share

LEVELS: Final = 5
ROUNDED: Final = 0.01
"""By how much five shares may miss 1 for being rounded."""
_OVER = 0.001
_WHAT = 'must be a share such as 0.12 or "12%", or { share = 0.12, levels = [0.7, 0.2, 0.1, 0, 0] }'


@dataclass(frozen=True, slots=True)
class Portion:
    """A mutator's or a category's part of production.

    Attributes:
        share: of the volume.
        levels: which part of it has the levels 1 to 5, together 1; None: not said.
    """

    share: float
    levels: tuple[float, ...] | None = None


def _portion(value: object) -> Portion:
    if not isinstance(value, Mapping):
        try:
            return Portion(share(value))
        except ValueError:
            raise ValueError(_WHAT) from None
    unknown = [key for key in value if key not in ("share", "levels")]
    if unknown and not isinstance(value.get("share"), (int, float, str)):
        raise ValueError(f'{_WHAT}; a name with a point in it stands in quotes: "category.{unknown[0]}" = 0.12')
    if unknown:
        raise ValueError(f"has an unknown key {unknown[0]!r}; allowed are share and levels")
    if "share" not in value:
        raise ValueError(f"has no share; it {_WHAT}")
    try:
        own = share(value["share"])
    except ValueError:
        raise ValueError('must have a share from 0 to 1, or in per cent: "5%"') from None
    levels = value.get("levels")
    return Portion(own, None if levels is None else _levels(levels))


def _levels(value: object) -> tuple[float, ...]:
    if not isinstance(value, (list, tuple)) or len(value) != LEVELS:
        raise ValueError("must have in levels five shares, for the levels 1 to 5: [0.7, 0.2, 0.1, 0, 0]")
    try:
        shares = [share(each) for each in value]
    except ValueError:
        raise ValueError(
            'must have in levels five shares from 0 to 1, or in per cent: ["70%", "30%", 0, 0, 0]'
        ) from None
    total = math.fsum(shares)
    if abs(total - 1) > ROUNDED:
        raise ValueError(f"has levels that come to {total:.4g}; the five shares of its own volume must come to 1")
    return tuple(each / total for each in shares)


class Mix(Section):
    """[mix]: shares of production volume: clean documents and, by name, mutators and categories; [mix.md](mix.md)."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Any, BeforeValidator(_portion)]]

    clean: Share = 0.0
    """The share of clean documents: 0.8 or "80%". Beside it stand mutators and categories: `"scan.skew" = "12%"`, or
    `{ share = 0.12, levels = [0.7, 0.2, 0.1, 0, 0] }`."""
    per_day: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """How many documents a day production sends: 12000."""

    @model_validator(mode="after")
    def _at_most_all(self) -> Mix:
        shares = {"clean": self.clean} | {name: each.share for name, each in self.damaged.items()}
        total = math.fsum(shares.values())
        if total > 1 + _OVER:
            parts = ", ".join(f"{name} {each:.4g}" for name, each in shares.items() if each)
            raise PydanticCustomError(
                "value_error",
                "{what}",
                {"what": f"the shares come to {total:.4g}, and all of the volume is 1: {parts}"},
            )
        if not total:
            raise PydanticCustomError("value_error", "it names nothing that production sends; clean = 0.8 would")
        return self

    @property
    def damaged(self) -> Mapping[str, Portion]:
        """The parts that are not clean, by mutator or category."""
        return dict(self.model_extra or {})
