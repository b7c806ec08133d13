"""Every kind of document with somebody's texts in every place where text of others can come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import comparisons
import nights
from crumple import Exhibit, Material
from crumple.exhibit import LinePair, PagePair, Picture, Piece, RowPair
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, run, session

OWN: Final = frozenset(
    {
        "aggregate",
        "about",
        "began",
        "contract",
        "ended",
        "kind",
        "method",
        "metric",
        "outcome",
        "set_on",
        "started",
        "state",
        "status",
        "was",
        "worse",
        "plan",
    }
)
"""Keys of texts that are crumple's own words, one of a few."""
_ROWS: Final = {"category": ("all", "clean")}
"""Rows of tables that are about no category."""
NAMED: Final = frozenset(
    {"categories", "mutators", "controls", "causes", "unstable", "versions", "settings", "table", "machine"}
)
"""Keys of mappings whose own keys are somebody's names."""
PICTURE: Final = Picture(
    b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00",
    "image/webp",
    1,
    1,
)
MIX: Final = {"clean": 0.9, "per_day": 1200.0, "damaged": {"encoding.bom": {"1": 0.06, "3": 0.04}}}
_SILENT: Final = {"rate": 0.003, "low": 0.0, "high": 0.03}
_A_DAY: Final = {"documents": 1196.0, "silent": 4.0, "low": 16.2, "high": 74.4, "failures": 40.0}
_ALL: Final = {"rate": 0.03, "low": 0.01, "high": 0.06, "silent": _SILENT, "failing_per_day": _A_DAY, "calls": 72}
_EVIDENCE: Final = {"groups": 6, "effective_calls": 25.4, "design_effect": 1.0}
FORECAST: Final = {
    **_ALL,
    **_EVIDENCE,
    "per_day": 1200.0,
    "share": 0.99,
    "named": 0.9,
    "missing": [{"name": "table.decimal_comma", "level": 5.0, "share": 0.003, "why": "no call came to an outcome"}],
    "like_these": _ALL | _EVIDENCE,
    "mend_first": [{"category": "encoding", "share_of_failures": 0.6, "without": 0.01}],
    "thinnest": {"name": "scan.skew", "level": 1.0, "share": 0.04, "calls": 9, "part": 0.42},
}


def amounts() -> dict[str, Any]:
    """What the calls of a run took."""
    bins = [[-20, 3, 403_928], [0, 1, 1_023_906]]
    named = {"value": 0.4, "low": 0.2, "high": 1.0}
    seconds = {"timed": 4, "total": 2.2, "median": named, "p95": named, "p99": None, "longest": 1.02, "bins": bins}
    ended = {"calls": 4, "timed": 4, "seconds": 2.2, "longest": 1.02}
    part = {"calls": 4, "outcomes": {"right": ended}, "seconds": seconds, "money": None}
    return {"bins_per_decade": 50, "clean": part, "degraded": part, "categories": {"encoding": part}}


def whole_run() -> dict[str, Any]:
    """A run in which there is something of everything."""
    buckets = [
        {
            "fingerprint": "crashed KeyError at reader.py:read",
            "outcome": outcome,
            "mutator": "encoding.bom",
            "mutators": {"encoding.bom": 4},
            "count": 4,
            "tried": 2,
            "failed": 1,
            "example": EXAMPLE | {"outcome": outcome},
        }
        for outcome in ("crashed", "wrong")
    ]
    made = run(
        buckets=buckets,
        controls={"scan.rasterise": figures(6, 2)},
        labels={
            "degraded": {"table": {"letter": {"invoice": 3, "letter": 4}}, "calls": 7, "accuracy": 0.6, "constant": 0.9}
        },
        skipped=[
            {"mutator": "table.cut", "reason": "it has one row", "count": 3},
            {"mutator": "", "reason": "it is no text", "count": 0},
        ],
        void={"calls": 2, "causes": {"ConnectError: refused": 2}},
        contract=[limit(), limit("undecided"), limit("met")],
    )
    made["clean"] = {
        "cases": 4,
        "right": 2,
        "failed": [EXAMPLE, EXAMPLE | {"outcome": "crashed", "level": None}],
        "void": 1,
        "without_truth": 1,
        "stand_ins": 1,
        "unstable": {"a.csv": ["/total"]},
        "figures": {"valid": 0.9},
    }
    made["categories"] = {"encoding": figures(10, 4, 4, levels={"3": figures(10, 4, 4)}, figures={"valid": 0.5})}
    rungs = {"parameter": "share", "unit": "share of lines", "rungs": [f"{level} % of lines" for level in range(1, 6)]}
    made["mutators"] = {"encoding.bom": mutator(10, 4) | rungs | {"figures": {"valid": 0.5}, "flaky": 1}}
    made |= {"mix": MIX, "forecast": FORECAST, "amounts": amounts()}
    made["contract"] = [
        each
        | {
            "about": "these documents",
            "groups": 2,
            "design_effect": 1.2,
            "decided_after": 4,
            "up_to_level": 3.0,
            "confidence": 0.95,
            "why": "too few",
            "left_out": ["encoding.newer"],
            "other": {"about": "documents like these", "calls": 10, "shown": "40 %, between 1 % and 90 %"},
        }
        for each in made["contract"]
    ]
    made["run"] |= {
        "project": "invoices",
        "config": "other.toml",
        "corpus": "invoices, seed 2",
        "corpus_cases": 24,
        "corpus_version": "3dd4ca46",
        "system": "1.2",
        "started": "2026-11-23T08:57:38Z",
        "versions": {"crumple": "0.1.0"},
        "settings": {"[mutate] seed": "0"},
        "machine": {"platform": "Linux", "cores": 2},
        "wall_seconds": 3.0,
        "attempts": 14,
        "cost": 0.5,
        "cut": 1,
        "resumed": 2,
        "repeat": 1,
        "void_share": 0.5,
    }
    return made


def discovery(state: str = "minimised", **more: Any) -> dict[str, Any]:
    """What a search has found."""
    return {
        "number": 0,
        "id": "encoding-00a0",
        "category": "encoding",
        "state": state,
        "fingerprints": ["crashed KeyError"],
        "shows": "crashed KeyError",
        "mutators": ["encoding.bom"],
        "steps": [{"mutator": "encoding.bom", "how": "10 % of words"}],
        "count": 4,
        "met_after": 3,
        "tries": 2,
        "failed": 2,
        "calls": 7,
        "known": "",
        "parts": [],
        "why": "no calls were left",
        "thresholds": [{"step": 0, "parameter": "share", "unit": "share", "fails": "x", "passes": "y"}],
        "example": EXAMPLE | {"outcome": "crashed"},
        "first": EXAMPLE["replay"],
        "written": True,
    } | more


def fuzz() -> dict[str, Any]:
    """A search."""
    made = whole_run()
    made["run"] |= {"kind": "fuzz", "known": {"findings": [{"id": "encoding-9", "state": "fixed"}]}}
    made |= {"categories": {}, "mutators": {}, "buckets": [], "contract": []}
    states = ("minimised", "not minimised", "flaky", "not reproduced", "explained")
    again = {
        "finding": "encoding-1",
        "status": "FAILS",
        "why": "",
        "calls": 2,
        "failed": 2,
        "example": EXAMPLE,
        "shows": "crashed",
    }
    made["search"] = {
        "explored": {"calls": 90, "kinds": 9, "once": 3, "chance": 0.03, "low": 0.01, "high": 0.1, "open": 1},
        "left": "With 95 % confidence, fewer than 1 in 10.",
        "outcomes": {"right": 20, "crashed": 70},
        "discoveries": [*map(discovery, states), discovery(known="encoding-8")],
        "replayed": [again, again | {"status": "FIXED", "failed": 0, "why": "another failure"}],
    }
    return made


def breaking_points() -> dict[str, Any]:
    """Curves of mutators."""
    row = {
        "mutator": "scan.skew",
        "kind": "",
        "rate": 0.5,
        "calls": 20,
        "level": 3.0,
        "low": 2.0,
        "high": 4.0,
        "parameter": "angle",
        "unit": "deg",
        "value": 6.1,
        "value_low": 5.0,
        "value_high": 7.0,
        "falls": False,
        "falls_again": None,
        "ends": {"failures": 5, "calls": 5},
        "mix": {"share": 0.1, "beyond": 0.05, "low": 0.01, "high": 0.06},
        "sentence": "fails from 6.1 deg on (5-7)",
    }
    rows = [row | {"state": state} for state in ("always", "breaks", "not known", "never")]
    return whole_run() | {"breaking_points": rows, "contract": []}


def night() -> dict[str, Any]:
    """A night on which much got worse, and its findings were called again."""
    made = whole_run()
    bad = nights.bad_night()
    made["night"] = bad["night"]
    made["run"] |= {"kind": "night", "ended": "night"}
    made["search"] = fuzz()["search"] | {"discoveries": [], "explored": None}
    return made


def void_night() -> dict[str, Any]:
    """A night that was none."""
    made = night()
    made["night"] = {**made["night"], "state": "void"}
    return made


def tests() -> dict[str, Any]:
    """A pytest session."""
    found = {"id": "encoding-1a2b", "was": "fixed", "status": "FAILS", "what": "it crashes", "replay": "pytest x"}
    own = whole_run()
    own["run"]["replay"] = "pytest tests/test_a.py::test_a --crumple-replay"
    mended = {"id": "tests/f.py::f", "outcome": "failed", "source": "f", "finding": found, "privacy": "full"}
    return session(
        item(privacy="full", document=own),
        item("tests/b.py::b", "skipped", document=own, privacy="excerpts"),
        mended,
        {"id": "tests/c.py::c", "outcome": "failed", "source": "c"},
        {"id": "tests/d.py::d", "outcome": "", "source": "d"},
    )


def timeline() -> dict[str, Any]:
    """Runs one after the other."""
    categories = {
        "encoding": {"runs": 10, "failures": 4, "rate": 0.4, "low": 0.2, "high": 0.6, "paired": None},
        "all": {"runs": 10, "failures": 4, "rate": 0.4, "low": None, "high": None, "paired": None},
    }
    row = {
        "id": "20260101-000000-abcd",
        "kind": "run",
        "state": "ended",
        "started": "2026-01-01T00:00:00Z",
        "seconds": 3.0,
        "calls": 12,
        "void": 0,
        "cost": 0.0,
        "system": "1.2",
        "crumple": "0.1.0",
        "corpus": "invoices",
        "baseline": "",
        "contract": "broken",
        "categories": categories,
        "drift": [],
        "unread": False,
        "plan": "A",
        "changed": ["the system's version"],
    }
    plan = {
        "plan": "A",
        "kind": "run",
        "baseline": "",
        "baseline_run": "",
        "corpus": "invoices",
        "runs": 2,
        "categories": ["encoding"],
    }
    return {
        "schema": 1,
        "store": ".crumple/store.db",
        "stored": 2,
        "others": 0,
        "removed": 0,
        "plans": [plan],
        "runs": [row, row],
    }


KINDS: Final = {
    "run": whole_run,
    "fuzz": fuzz,
    "breaking-points": breaking_points,
    "night": night,
    "void night": void_night,
    "pytest": tests,
    "comparison": comparisons.document,
}


def with_texts(document: Any, texts: Sequence[str]) -> Any:
    """The document with these texts in the place of every text that is not crumple's own.

    Lists of parts have a part for each text, mappings of names an entry for each; what is there once has all of them.
    """
    return _replaced(document, texts, "")


def _replaced(value: Any, texts: Sequence[str], key: str) -> Any:
    if isinstance(value, str):
        return value if key in OWN or value in _ROWS.get(key, ()) else _text(key, texts)
    if isinstance(value, Mapping):
        return _mapping(value, texts, key)
    if isinstance(value, (list, tuple)) and value:
        # Each of its parts, one after the other, so that every state of one has texts of its own.
        rows = [value[at % len(value)] for at in range(max(len(texts), len(value)))] if len(texts) > 1 else value
        within = key if isinstance(rows[0], str) else ""
        return [_replaced(row, [texts[at % len(texts)]], within) for at, row in enumerate(rows)]
    return value


def _text(key: str, texts: Sequence[str]) -> str:
    if key in {"expected", "answer"} and len(texts[0]) % 2:
        return json.dumps({"/total": " ".join(texts)})
    # It stands in every command, and is quoted each time.
    return texts[0] if key == "config" else " ".join(texts)


def _mapping(value: Mapping[str, Any], texts: Sequence[str], key: str) -> dict[str, Any]:
    if key in NAMED and value:
        first = next(iter(value.values()))
        return {text: _replaced(first, [text], _inner(key)) for text in texts}
    return {name: _replaced(each, texts, name) for name, each in value.items()}


def _inner(key: str) -> str:
    """What the mapping under a name of a table is: its own keys are names, too."""
    return "machine" if key == "table" else ""


def material(texts: Sequence[str], privacy: str = "full") -> Material:
    """Everything that a report can be made of beside a document, of these texts."""

    def exhibits(lines: Sequence[str]) -> Mapping[str, Exhibit]:
        return {line: exhibit(line, at, texts) for at, line in enumerate(lines)}

    def results() -> Iterator[Mapping[str, Any]]:
        for text in texts:
            yield {
                "run": text, "key": text, "round": 1, "kind": "degraded", "counted": True, "case": text,
                "group": text, "category": text, "mutator": text, "level": 3.0, "parameter": text, "value": text,
                "recipe": text, "outcome": "wrong", "failure": True, "silent": True, "score": 0.0, "wrong": [text],
                "abstained": [text], "fingerprint": text, "cause": text, "seconds": 0.1, "cost": 0.0, "attempts": 1,
                "digest": text, "skipped": text, "expected": text, "answer": text,
            }  # fmt: skip

    def past() -> dict[str, Any]:
        made: dict[str, Any] = with_texts(timeline(), texts)
        made["runs"][-1]["id"] = _text("id", texts)  # the run that is reported is among them
        return made

    return Material(
        privacy=privacy,  # type: ignore[arg-type]  # one of its three
        exhibits=exhibits,
        results=results,
        timeline=past,
    )


def exhibit(line: str, at: int, texts: Sequence[str]) -> Exhibit:
    """The documents of a call: in turn pages, lines, rows, bytes and none."""
    text = texts[at % len(texts)]
    pieces = (Piece(text), Piece(text, changed=True))
    known: dict[str, Any] = {"replay": line, "note": text, "clean_type": text, "degraded_type": text, "left_out": 2}
    pair = LinePair(1, None, pieces, ()), LinePair(2, 2, pieces, pieces)
    match at % 5:
        case 0:
            return Exhibit(kind="pages", pages=(PagePair(1, PICTURE, PICTURE), PagePair(2, None, PICTURE)), **known)
        case 1:
            return Exhibit(kind="lines", lines=pair, **known)
        case 2:
            return Exhibit(kind="rows", rows=(RowPair(1, 1, pieces, pieces), RowPair(None, 2, (), pieces)), **known)
        case 3:
            return Exhibit(kind="bytes", lines=pair, **known)
    return Exhibit(**known)
