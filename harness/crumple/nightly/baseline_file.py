"""The file `crumple.baseline.json`: the baseline of a configuration. Its only reader and writer.

`crumple baseline RUN` writes it beside the configuration, and it goes into version control with it, so that a night on
any machine is compared with the same. One call a line, so that a difference can be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from crumple.config.finding import PROJECT
from crumple.errors import CrumpleError
from crumple.nightly.baseline import Baseline, Call
from crumple.outcome import Outcome
from crumple.recipe import Recipe

SCHEMA: Final = 1
ENDING: Final = ".baseline.json"
_AGAIN: Final = "Bring it back from version control, or write it anew with `crumple baseline RUN`."
_TEXTS: Final = ("run", "started", "set_on", "by", "reason", "config", "system", "corpus")
_MAPS: Final = ("versions", "mutators", "cases")


def path_of(config: Path) -> Path:
    """Where the baseline of a configuration is."""
    return config.with_name(("crumple" if config.name == PROJECT else config.stem) + ENDING)


def read_baseline(config: Path) -> Baseline | None:
    """The baseline of a configuration; None where there is none.

    Raises:
        CrumpleError: it cannot be read.
    """
    path = path_of(config)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=path.name) from None
    except ValueError as error:
        raise CrumpleError(f"it is no JSON: {error}", where=path.name, hint=_AGAIN) from None
    try:
        return _baseline(data)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CrumpleError(f"it cannot be understood ({error!r})", where=path.name, hint=_AGAIN) from None


def write_baseline(config: Path, baseline: Baseline) -> Path:
    """Write it, whole or not at all.

    Raises:
        CrumpleError: it cannot be written.
    """
    path = path_of(config)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text_of(baseline), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(path)) from None
    return path


def text_of(baseline: Baseline) -> str:
    """The file's content."""
    head: dict[str, Any] = {"schema": SCHEMA, "seed": baseline.seed}
    head |= {name: getattr(baseline, name) for name in _TEXTS}
    head |= {name: dict(sorted(getattr(baseline, name).items())) for name in _MAPS}
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    return "\n".join(
        ["{", *lines, *_rows("clean", baseline.clean), *_rows("calls", baseline.calls, last=True), "}", ""]
    )


def _rows(name: str, calls: Sequence[Call], *, last: bool = False) -> Iterable[str]:
    yield f' "{name}": ['
    yield ",\n".join(f"  {json.dumps(_row(each))}" for each in calls)
    yield " ]" if last else " ],"


def _row(call: Call) -> list[Any]:
    row = [call.case, str(call.recipe), call.level, str(call.outcome), int(call.failure), call.digest]
    return [*row, round(call.seconds, 4), round(call.cost, 6), call.fingerprint]


def _baseline(data: Mapping[str, Any]) -> Baseline:
    if (schema := data["schema"]) != SCHEMA:
        raise ValueError(f"a newer crumple has written it, schema {schema}")
    texts: dict[str, Any] = {name: str(data[name]) for name in _TEXTS}
    maps: dict[str, Any] = {name: {str(key): str(value) for key, value in data[name].items()} for name in _MAPS}
    calls, clean = ([_call(each) for each in data[name]] for name in ("calls", "clean"))
    return Baseline(seed=int(data["seed"]), clean=clean, calls=calls, **texts, **maps)


def _call(row: Sequence[Any]) -> Call:
    case, recipe, level, outcome, failure, digest, seconds, cost, fingerprint = row
    steps = Recipe.parse(recipe)
    return Call(
        case=str(case),
        recipe=steps,
        mutator=steps.steps[0].mutator if steps.steps else "",
        level=float(level),
        outcome=Outcome(outcome),
        failure=bool(failure),
        fingerprint=str(fingerprint),
        digest=str(digest),
        seconds=float(seconds),
        cost=float(cost),
    )
