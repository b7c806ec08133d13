"""What part of production each damage is: the mix that a profile comes to, and how it is written. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from crumple.profile.severity import UNKNOWN, rung

Damages: TypeAlias = "Mapping[str, float]"
"""What is the matter with one file: a measure's name -> its level."""

_UNITS: Final = 10_000
_LEVEL_UNITS: Final = 1000
_LEVELS = range(1, 6)


def mix_of(damages: Sequence[Damages], names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Shares of the files that come to 1: {"clean": 0.8, "scan.skew": {"share": 0.2, "levels": [...]}}.

    A file with several damages counts a part for each, and one whose trace several mutators leave a part for each of
    those. Shares are rounded so that they still come to 1; what rounds to nothing is left out.

    Args:
        damages: of every file that was opened.
        names: measure -> the mutators that its trace stands for, none of which are controls.
    """
    parts: dict[str, float] = defaultdict(float)
    at: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(_LEVELS))
    for each in damages:
        if not each:
            parts["clean"] += 1
        for of, level in each.items():
            for name in names[of]:
                part = 1 / len(each) / len(names[of])
                parts[name] += part
                if level != UNKNOWN:
                    at[name][rung(level) - 1] += part
    shares = _rounded(parts, _UNITS)
    mix: dict[str, Any] = {"clean": shares.pop("clean", 0.0)}
    for name, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])):
        if share:
            known = at[name] if sum(at[name]) else None
            spread = _rounded(dict(enumerate(known)), _LEVEL_UNITS) if known else None
            mix[name] = {"share": share, "levels": [spread[each] for each in range(5)] if spread else None}
    return mix


def _rounded(parts: Mapping[Any, float], units: int) -> dict[Any, float]:
    """Parts as shares of a whole in so many units, the largest remainders rounded up, so that they come to 1.

    Source: the method of largest remainders (T. Hare, "The Election of Representatives", 1859).
    """
    whole = sum(parts.values())
    exact = {name: part / whole * units for name, part in parts.items()}
    floors = {name: int(value) for name, value in exact.items()}
    left = units - sum(floors.values())
    order = sorted(exact, key=lambda name: (floors[name] - exact[name], str(name)))
    for name in order[:left]:
        floors[name] += 1
    return {name: count / units for name, count in floors.items()}


def as_toml(mix: Mapping[str, Any], fixed: frozenset[str], comments: Sequence[str] = ()) -> str:
    """The section [mix] of a configuration.

    Args:
        mix: what `mix_of` made.
        fixed: the mutators that have but one level, whose levels are not said.
        comments: lines above it.
    """
    lines = [*(f"# {each}" for each in comments), "[mix]", f"clean = {_number(mix['clean'])}"]
    for name, each in mix.items():
        if name == "clean":
            continue
        share = _number(each["share"])
        if name in fixed or each["levels"] is None:
            lines.append(f"{json.dumps(name)} = {share}")
        else:
            levels = ", ".join(map(_number, each["levels"]))
            lines.append(f"{json.dumps(name)} = {{ share = {share}, levels = [{levels}] }}")
    return "\n".join(lines) + "\n"


def _number(share: float) -> str:
    return f"{share:.4f}".rstrip("0").rstrip(".")
