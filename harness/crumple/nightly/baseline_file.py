"""The file `crumple.baseline.json`: the baseline of a configuration. Its only reader and writer.

`crumple baseline RUN` writes it beside the configuration, and it goes into version control with it, so that a night on
any machine is compared with the same. One call a line, so that a difference can be read: case, recipe, level, outcome,
whether that is a failure, digest of the degraded document, seconds, money, fingerprint.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from crumple.config.finding import PROJECT
from crumple.errors import CrumpleError
from crumple.files import replace_file
from crumple.nightly.baseline import Baseline, Call
from crumple.outcome import Outcome
from crumple.recipe import Recipe

SCHEMA: Final = 1
ENDING: Final = ".baseline.json"
_AGAIN: Final = "Bring it back from version control, or write it anew with `crumple baseline RUN`."
_TEXTS: Final = ("run", "started", "set_on", "by", "reason", "config", "system", "corpus")
_MAPS: Final = ("versions", "machine", "settings", "mutators", "cases")
_LATER: Final = frozenset({"machine", "settings"})
"""Those that a file may lack."""
_COLUMNS: Final = 9
_MOST_BYTES: Final = 256 << 20
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


def path_of(config: Path) -> Path:
    """Where the baseline of a configuration is: beside it, and by its name, for a folder may have several."""
    return config.with_name(("crumple" if config.name == PROJECT else config.stem) + ENDING)


def read_baseline(config: Path) -> Baseline | None:
    """The baseline of a configuration; None where there is none.

    Raises:
        CrumpleError: it cannot be read; the message says the line.
    """
    path = path_of(config)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CrumpleError("it is larger than any baseline", where=path.name, hint=_AGAIN)
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=path.name) from None
    return _parsed(raw, path.name)


def write_baseline(config: Path, baseline: Baseline) -> Path:
    """Write it, whole or not at all.

    Raises:
        CrumpleError: it cannot be written.
    """
    path = path_of(config)
    try:
        replace_file(path, text_of(baseline).encode())
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(path)) from None
    return path


def text_of(baseline: Baseline) -> str:
    """The file's content; the same for the same baseline."""
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
    return [*row, _figures(call.seconds), _figures(call.cost), call.fingerprint]


def _figures(amount: float) -> float:
    """Four figures: more say nothing of a call, and make every difference longer."""
    return float(f"{amount:.4g}")


class _FlawError(ValueError):
    """What is wrong with the file's content: a key of it, the number of a row, and what."""

    def __init__(self, what: str, key: str, at: int | None = None) -> None:
        super().__init__(what)
        self.key, self.at = key, at


def _parsed(raw: bytes, name: str) -> Baseline:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CrumpleError("it is not UTF-8", where=f"{name}, line {line}", hint=_AGAIN) from None
    try:
        data = json.loads(text)
        if not isinstance(data, dict):
            raise _FlawError("it holds no baseline", "")
        return _baseline(data)
    except json.JSONDecodeError as error:
        conflict = _CONFLICT.search(text)
        if conflict is not None:
            line = text.count("\n", 0, conflict.start()) + 1
            raise CrumpleError(
                "it has a merge conflict in it",
                where=f"{name}, line {line}",
                hint="Take one side whole (`git checkout --ours` or `--theirs`): half of one baseline and half of "
                "another is none.",
            ) from None
        raise CrumpleError(f"it is no JSON: {error.msg}", where=f"{name}, line {error.lineno}", hint=_AGAIN) from None
    except RecursionError:
        raise CrumpleError("it is nested too deeply", where=name, hint=_AGAIN) from None
    except _FlawError as flaw:
        line = _line(text, flaw.key, flaw.at)
        where = f"{name}, line {line}" if line else name
        raise CrumpleError(str(flaw), where=where, hint=_AGAIN) from None


def _line(text: str, key: str, at: int | None) -> int:
    """The line that something is in, as this module writes files; 0 where somebody has formatted it otherwise."""
    lines = text.splitlines()
    begins = f' "{key}": '
    found = next((number for number, line in enumerate(lines, 1) if key and line.startswith(begins)), 0)
    return found + 1 + at if found and at is not None else found


def _baseline(data: Mapping[str, Any]) -> Baseline:
    schema = data.get("schema")
    if schema != SCHEMA:
        newer = isinstance(schema, int) and schema > SCHEMA
        said = f"a newer crumple has written it (schema {schema}; this one reads {SCHEMA})"
        raise _FlawError(said if newer else f"its schema must be {SCHEMA}, got {schema!r:.40}", "schema")
    seed = data.get("seed")
    if not isinstance(seed, int):
        raise _FlawError(f"seed must be a whole number, got {seed!r:.40}", "seed")
    texts: dict[str, Any] = {name: _text(data, name) for name in _TEXTS}
    maps: dict[str, Any] = {name: _map(data, name) for name in _MAPS}
    calls, clean = _calls(data, "calls", maps["cases"]), _calls(data, "clean", maps["cases"])
    if not calls:
        raise _FlawError("it has no call to make again", "calls")
    return Baseline(seed=seed, clean=clean, calls=calls, **texts, **maps)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise _FlawError(f"{name} must be a text, got {value!r:.40}" if name in data else f"{name} is missing", name)
    return value


def _map(data: Mapping[str, Any], name: str) -> dict[str, str]:
    value = data.get(name, {} if name in _LATER else None)
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise _FlawError(f"{name} must be texts by name" if name in data else f"{name} is missing", name)
    return value


def _calls(data: Mapping[str, Any], name: str, cases: Mapping[str, str]) -> list[Call]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise _FlawError(f"{name} must be a list" if name in data else f"{name} is missing", name)
    calls = []
    for at, row in enumerate(rows):
        try:
            calls.append(_call(row, degraded=name == "calls"))
            if calls[-1].case not in cases:
                raise ValueError(f"its case {calls[-1].case!r} is not among the cases")
        except (CrumpleError, TypeError, ValueError) as error:
            raise _FlawError(
                f"call {at + 1} of {name} cannot be understood: {str(error).rstrip('.')}", name, at
            ) from None
    return calls


def _call(row: object, *, degraded: bool) -> Call:
    if not isinstance(row, list) or len(row) != _COLUMNS:
        raise ValueError(f"it must have {_COLUMNS} values")
    case, recipe, level, outcome, failure, digest, seconds, cost, fingerprint = row
    for name, value in (("case", case), ("recipe", recipe), ("digest", digest), ("fingerprint", fingerprint)):
        if not isinstance(value, str):
            raise ValueError(f"its {name} must be a text, got {value!r:.40}")
    for name, value in (("level", level), ("failure", failure), ("seconds", seconds), ("money", cost)):
        if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
            raise ValueError(f"its {name} must be a number that is not negative, got {value!r:.40}")
    if outcome not in {str(each) for each in Outcome} - {str(Outcome.VOID)}:
        raise ValueError(f"its outcome is {outcome!r:.40}")
    steps = Recipe.parse(recipe)
    if len(steps.steps) != int(degraded):
        raise ValueError(f"its recipe has {len(steps.steps)} steps")
    return Call(
        case=case,
        recipe=steps,
        mutator=steps.steps[0].mutator if steps.steps else "",
        level=float(level),
        outcome=Outcome(outcome),
        failure=bool(failure),
        fingerprint=fingerprint,
        digest=digest,
        seconds=float(seconds),
        cost=float(cost),
    )
