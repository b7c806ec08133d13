"""How the run was made: what anybody needs who wants to make it again. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crumple import Material, excerpt, quoted
from crumple_reports.examples import config_option
from crumple_reports.figures import count, duration, money
from crumple_reports.html.section import Section
from crumple_reports.night_words import day

_TESTS: Final = 50
_MOST: Final = 200
_LONG: Final = 400
_COMMANDS: Final = {"fuzz": "fuzz", "night": "nightly"}
_ENDS: Final = {
    "calls": "no calls were left for another round",
    "cost": "no money was left for another round",
    "time": "the time allowed was used up",
    "outage": "given up after one void call after the other",
    "interrupted": "interrupted; whole rounds are counted",
    "all fail clean": "nothing passes clean",
    "nothing to do": "no mutator applied any more",
    "found": "every curve was traced",
    "decided": "every limit was decided, or cannot be with these documents",
    "quiet": "hardly anything new was to be expected",
    "replayed": "every finding was called again",
    "night": "every call of the night was made",
    "by hand": "ended by hand",
}
_Facts = Sequence[tuple[str, str]]


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of a comparison, which has two runs and says it of both."""
    kind = document.get("kind")
    if kind == "comparison":
        return None
    if kind == "pytest":
        return Section("made", "How it was made", _of_session(document))
    run = document["run"]
    if not run["calls"] and not run.get("started") and not run.get("id"):
        return None
    groups: list[tuple[str, _Facts]] = [
        ("The run", list(_run(run))),
        ("What was called", list(_system(document))),
        ("What was settled beforehand", [*_drawn(run), *_settings(run)]),
        ("With what", list(_versions(run.get("versions")))),
    ]
    model = {
        "short": _short(run),
        "groups": [(title, _cut(facts)) for title, facts in groups if facts],
        "commands": list(_commands(document)),
        "tests": [],
        "more": 0,
    }
    return Section("made", "How it was made", model)


def _cut(facts: _Facts) -> _Facts:
    return [(excerpt(name, _LONG), excerpt(value, _LONG)) for name, value in facts[:_MOST]]


def _short(run: Mapping[str, Any]) -> str:
    """In a line what most people want to know."""
    parts = [
        day(run["started"]) if run.get("started") else "",
        f"seed {run['seed']}" if "seed" in run else "",
        count(run["calls"], "call"),
        duration(run["wall_seconds"]),
        f"corpus {excerpt(str(run['corpus']), _LONG)}" if run.get("corpus") else "",
    ]
    return "; ".join(each for each in parts if each)


def _run(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if run.get("id"):
        yield "id", str(run["id"])
    if run.get("started"):
        yield "begun", day(run["started"])
    yield "took", duration(run["wall_seconds"])
    yield "ended", _ENDS.get(str(run["ended"]), str(run["ended"]))
    yield "calls", f"{run['calls']:,}"
    if run.get("attempts", 0) > run["calls"]:
        yield "attempts", f"{run['attempts']:,}, with retries and controls"
    if run.get("resumed"):
        yield "made before", f"{count(run['resumed'], 'call')}, before it was interrupted and gone on with"
    if run.get("answered_alone"):
        yield "sent again alone", f"{count(run['answered_alone'], 'call')} cut off beside others"
    if run["rounds"]:
        yield "whole rounds", f"{run['rounds']:,}"
    if run.get("cost"):
        yield "cost", money(run["cost"])


def _system(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    run, clean = document["run"], document["clean"]
    for name, key in (("project", "project"), ("configuration", "config"), ("system's version", "system")):
        if run.get(key):
            yield name, str(run[key])
    if run.get("corpus"):
        yield "corpus", str(run["corpus"])
    if run.get("corpus_cases"):
        tried = clean["cases"] + (clean.get("void") or 0)
        sample = f", of which {tried:,} were called" if 0 < tried < run["corpus_cases"] else ""
        yield "cases in it", f"{run['corpus_cases']:,}{sample}"
    if run.get("corpus_version"):
        yield "its version", str(run["corpus_version"])


def _drawn(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "seed" in run:
        yield "seed", str(run["seed"])
    levels = run.get("levels")
    if isinstance(levels, Sequence) and levels and not isinstance(levels, str):
        yield "levels", ", ".join(f"{each:g}" if isinstance(each, (int, float)) else str(each) for each in levels)
    if run.get("repeat", 1) != 1:
        yield "each call", f"{run['repeat']} times"
    if "void_share" in run:
        yield "void calls allowed", f"{run['void_share']:.0%} of all"


def _settings(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The configuration, as far as the calls depend on it and no fact above has it."""
    told = {"cases in the corpus", "[mutate] levels", "[mutate] seed", "[run] repeat"}
    for name, value in sorted((run.get("settings") or {}).items()):
        if name not in told:
            yield str(name), str(value)


def _versions(versions: object) -> Iterator[tuple[str, str]]:
    if isinstance(versions, Mapping):
        for name, version in versions.items():
            yield str(name), str(version)


def _commands(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What makes the run again, what goes on with it, and what shows it."""
    run = document["run"]
    config = config_option(document)
    kind = "breaking-points" if document.get("breaking_points") else _COMMANDS.get(str(run.get("kind", "")), "run")
    decided = " --decide" if run["ended"] == "decided" and kind == "run" else ""
    seed = f" --seed {run['seed']}" if isinstance(run.get("seed"), int) and kind != "nightly" else ""
    if run["ended"] == "interrupted":
        yield (
            "The command that made it, given once more, goes on with it; this is its beginning:",
            f"crumple {kind}{config}",
        )
    else:
        yield (
            "Make it again, with whatever else was asked for on the command line:",
            f"crumple {kind}{config}{seed}{decided}",
        )
    if run.get("id"):
        own = quoted(str(run["id"]))
        yield "Show it on the terminal:", f"crumple show{config} {own}"
        yield "Write it in other forms, with every result:", f"crumple report{config} {own} -o results.csv"


def _of_session(document: Mapping[str, Any]) -> dict[str, Any]:
    session, items = document["session"], document["items"]
    runs = [(str(each["id"]), each["document"]["run"]) for each in items if each.get("document")]
    facts = [(name, str(session[name])) for name in ("crumple", "pytest", "python") if name in session]
    calls = f"{count(session['calls'], 'degraded call')}"
    tests = [
        (
            excerpt(id_, _LONG),
            str(run.get("seed", "")),
            f"{run['calls']:,}",
            duration(run["wall_seconds"]),
            _ENDS.get(str(run["ended"]), str(run["ended"])),
        )
        for id_, run in runs
    ]
    return {
        "short": f"{calls}; crumple {session.get('crumple', '?')}, pytest {session.get('pytest', '?')}",
        "groups": [
            (title, given) for title, given in (("With what", facts), ("What was called", list(_same(runs)))) if given
        ],
        "commands": [("Make it again:", "pytest")] if runs else [],
        "tests": tests[:_TESTS],
        "more": len(tests) - _TESTS,
    }


def _same(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, str]]:
    """What all runs of a session have in common."""
    names = {"project": "project", "system": "system's version", "corpus": "corpus", "corpus_version": "its version"}
    for key, name in names.items():
        values = {str(run[key]) for _, run in runs if run.get(key)}
        if len(values) == 1:
            yield name, values.pop()
