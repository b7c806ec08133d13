"""A report as a JUnit XML file: limits, a night's categories and findings as cases. Figures only.

Well-formed whatever names hold: what XML cannot hold is written as an escape. The form is the strictest that is asked
for: https://github.com/jenkinsci/xunit-plugin, its junit-10.xsd. There a case has no properties, so that its figures
are what it printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree as ET

from crumple import FIGURES, Material, excerpt
from crumple_reports.content import content_of
from crumple_reports.examples import replay_command
from crumple_reports.figures import count
from crumple_reports.night_words import told
from crumple_reports.parts import BAD, Content, Example, Finding, Limit

_LONG: Final = 2_000
_MOST: Final = 3
"""How many lines that replay stand in a case."""
_TIMED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# What `visible` leaves: letters of planes whose last two code points are none.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the file.

    Attributes:
        figures: what is known of it, by name.
        result: "failure", "error", "skipped", or "" for one that passed.
        message: why, in a sentence.
        text: what stands below that: lines that replay.
    """

    group: str
    name: str
    figures: Mapping[str, object]
    result: str = ""
    message: str = ""
    text: str = ""


def render(document: Mapping[str, Any], material: Material = FIGURES) -> str:
    """The report as JUnit XML.

    Args:
        document: of a run, a night or a pytest session.
        material: not needed.
    """
    content = content_of(document)
    cases = list(_told_apart(_cases(content, document)))
    run = document.get("run") or {}
    numbers = _numbers(cases) | {"time": _seconds(run.get("wall_seconds"))}
    suite = ET.Element("testsuite", {"name": "crumple", **numbers, "skipped": _ended(cases, "skipped"), **_began(run)})
    _properties(suite, _known(document))
    for each in cases:
        suite.append(_element(each))
    whole = ET.Element("testsuites", {"name": "crumple", **numbers})
    whole.append(suite)
    ET.indent(whole)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(whole, encoding="unicode") + "\n"


def _numbers(cases: list[Case]) -> dict[str, str]:
    return {"tests": str(len(cases)), "failures": _ended(cases, "failure"), "errors": _ended(cases, "error")}


def _ended(cases: Iterable[Case], result: str) -> str:
    return str(sum(each.result == result for each in cases))


def _seconds(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, (int, float)) and 0 <= value < 1e9 else "0.000"


def _began(run: Mapping[str, Any]) -> dict[str, str]:
    found = _TIMED.match(str(run.get("started", "")))
    return {"timestamp": found[0]} if found else {}


def _known(document: Mapping[str, Any]) -> dict[str, object]:
    """What was measured, by what its calls can be made again: of a session and of a comparison too."""
    if document.get("kind") == "pytest":
        return {name: document["session"].get(name) for name in ("crumple", "pytest", "python")}
    if document.get("kind") == "comparison":
        sides = [(side, document[side]) for side in ("a", "b")]
        return {f"{side}.{name}": own.get(name) for side, own in sides for name in ("name", "run", "seed", "system")}
    run = document.get("run") or {}
    known = {"run": run.get("id"), "seed": run.get("seed"), "system": run.get("system"), "corpus": run.get("corpus")}
    return known | {"version": (run.get("versions") or {}).get("crumple")}


def _properties(suite: ET.Element, known: Mapping[str, object]) -> None:
    told = {name: str(value) for name, value in known.items() if value not in {None, ""}}
    if told:
        properties = ET.SubElement(suite, "properties")
        for name, value in told.items():
            ET.SubElement(properties, "property", name=f"crumple.{name}", value=_safe(value))


def _told_apart(cases: Iterable[Case]) -> Iterator[Case]:
    """Cases whose names differ: what reads the file takes two of one name for one."""
    seen: dict[tuple[str, str], int] = {}
    for each in cases:
        name = each.group, _safe(each.name)
        seen[name] = seen.get(name, 0) + 1
        yield each if seen[name] == 1 else replace(each, name=f"{each.name} ({seen[name]})")


def _element(case: Case) -> ET.Element:
    made = ET.Element("testcase", classname=_safe(case.group), name=_safe(case.name), time="0.000")
    if case.result:
        kind = {} if case.result == "skipped" else {"type": "crumple"}
        result = ET.SubElement(made, case.result, kind, message=_safe(case.message))
        if case.text:
            result.text = "\n".join(_safe(line) for line in case.text.split("\n"))
    if case.figures:
        lines = (f"{name}: {value}" for name, value in case.figures.items())
        ET.SubElement(made, "system-out").text = "\n".join(map(_safe, lines))
    return made


def _safe(text: str) -> str:
    return _NO_XML.sub("?", excerpt(text, _LONG))


def _cases(content: Content, document: Mapping[str, Any]) -> list[Case]:
    made = [Case(item, "crumple", {}, "error", f"void. {reason}") for item, reason in content.void]
    made += [_limit(limit, content, document) for limit in content.limits]
    made += [_finding(finding) for finding in content.findings]
    made += [_compared(row) for row in content.night]
    if content.kind == "fuzz":
        made += _discoveries(document)
    if content.kind == "compare":
        made += [_side_by_side(row, content) for row in document["rows"]]
    made += [_breaking_point(row) for row in document.get("breaking_points") or ()]
    if not content.limits:
        made += [Case("crumple.categories", name, _figures(each)) for name, each in content.categories.items()]
    # What is bad as a whole, where no case says so; and a file without a case would be no file to some readers.
    bad = content.state == BAD and not any(each.result in {"failure", "error"} for each in made)
    if bad or not made:
        text = "\n".join([*content.lines, *(each.command for each in content.examples[:_MOST])])
        whole = Case(f"crumple.{content.kind}", "verdict", {}, "error" if bad else "", content.verdict, text)
        made.insert(0, whole)
    return made


def _compared(row: Mapping[str, Any]) -> Case:
    """A category of a night, beside the baseline."""
    worse = row["state"] == "worse"
    result = {"worse": "failure", "unknown": "skipped"}.get(str(row["state"]), "")
    figures = {name: row[name] for name in ("state", "pairs", "before", "now", "worse", "better")}
    text = "\n".join(str(each["replay"]) for each in row.get("documents") or ()) if worse else ""
    return Case(
        "crumple.night",
        str(row["category"]),
        figures | ({"p": row["p"]} if row.get("p") is not None else {}),
        result,
        told(row) if worse else str(row.get("why") or "") if result else "",
        text,
    )


def _side_by_side(row: Mapping[str, Any], content: Content) -> Case:
    """A category of a comparison; it fails nothing but where the whole was asked to be a test."""
    failed = content.state == BAD and row["category"] == "all"
    figures = {name: row[name] for name in ("state", "pairs", "both_right", "only_a", "only_b", "both", "p")}
    figures |= {f"silent {name}": row["silent"][name] for name in ("state", "only_a", "only_b", "both", "p")}
    result = "failure" if failed else "skipped" if row["state"] == "unknown" else ""
    message = content.verdict if failed else str(row["why"]) if result else ""
    text = "\n".join(f"{each.title}\n  {each.command}" for each in content.examples[:_MOST]) if failed else ""
    return Case("crumple.compare", str(row["category"]), figures, result, message, text)


def _figures(each: Mapping[str, Any]) -> dict[str, object]:
    named = {
        "documents": "runs",
        "failures": "failures",
        "silent": "silent",
        "rate": "rate",
        "low": "low",
        "high": "high",
    }
    return {name: each[key] for name, key in named.items() if each[key] is not None}


def _limit(limit: Limit, content: Content, document: Mapping[str, Any]) -> Case:
    row = limit.row
    figures = {
        "limit": row["name"],
        "must be": row["shown"]["limit"],
        "state": row["state"],
        "calls": row["calls"],
        "figure": row["figure"],
        "low": row["low"],
        "high": row["high"],
        "seed": limit.seed,
    }
    figures = {name: value for name, value in figures.items() if value not in {None, ""}}
    result = {"broken": "failure", "undecided": "skipped"}.get(row["state"], "")
    lines = islice(_replays(limit, content, document), _MOST) if result == "failure" else ()
    message = row["sentence"] if result else ""
    return Case(limit.item or "crumple.contract", row["name"], figures, result, message, "\n".join(lines))


def _replays(limit: Limit, content: Content, document: Mapping[str, Any]) -> Iterator[str]:
    """Calls that count against a limit, the worst first, each with the line that makes it again."""
    row = limit.row
    if row["metric"] not in _FAILING:
        return  # which calls were slow, dear or of another form, a run does not keep
    if row["of"] == "clean":
        yield from _clean(limit.item, document)
        return
    for each in content.examples:
        if _counts(each, limit):
            yield f"{each.title}\n  {each.command}"


_FAILING: Final = frozenset({"failures", "silent", "refusals", "accuracy"})


def _counts(example: Example, limit: Limit) -> bool:
    row, call = limit.row, example.call or {}
    of = ("",) if row["of"] in {"all", "production"} else (f"{row['of']}.", f"{row['of']} ")
    ends = {"silent": "wrong", "refusals": "refused"}.get(row["metric"], "")
    return (
        example.item == limit.item
        and example.title.startswith(of)
        and (not ends or call.get("outcome") == ends)
        and float(call.get("level") or 0.0) <= float(row.get("up_to_level") or 5.0)
    )


def _clean(item: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Cases that fail clean."""
    own = next((each["document"] for each in document.get("items") or () if item and each["id"] == item), document)
    clean = own["clean"]
    for each in clean["failed"]:
        yield f"{each['case']}, clean: {each['outcome'] or 'not called'}\n  {_again(own, each)}"
    if (more := clean["cases"] - clean["right"] - len(clean["failed"])) > 0:
        yield f"and {count(more, 'more case')} that {'fails' if more == 1 else 'fail'} clean"


def _again(document: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    return replay_command(document, {"replay": example.get("replay") or example["case"]})


def _finding(finding: Finding) -> Case:
    result = "failure" if finding.bad else ""
    return Case("crumple.findings", finding.id, {"status": finding.status}, result, finding.status, finding.replay)


_OPEN: Final = frozenset({"met", "minimising", "minimised", "not minimised", "flaky"})
_AGAIN: Final = {"FAILS": "failure", "CHANGED": "failure", "FLAKY": "failure", "FIXED": ""}


def _discoveries(document: Mapping[str, Any]) -> Iterator[Case]:
    """What a search found or called again; what the team has accepted, or others explain, fails nothing."""
    search = document.get("search") or {}
    known = (document["run"].get("known") or {}).get("findings") or ()
    accepted = {each["id"] for each in known if each.get("state") == "accepted"}
    for each in search.get("replayed") or ():
        status = str(each["status"])
        result = "" if each["finding"] in accepted else _AGAIN.get(status, "skipped")
        figures = {"status": status, "calls": each["calls"], "failed": each["failed"]}
        replay = replay_command(document, each["example"]) if result else ""
        yield Case("crumple.findings", str(each["finding"]), figures, result, status if result else "", replay)
    for each in search.get("discoveries") or ():
        state, outcome = str(each["state"]), str(each["example"]["outcome"])
        if state == "explained":
            continue
        figures = {"state": state, "outcome": outcome, "met": each["count"]}
        figures |= {"tries": each["tries"], "failed": each["failed"], "known as": each["known"] or "nothing"}
        result = "" if each["known"] in accepted else "failure" if state in _OPEN else "skipped"
        replay = replay_command(document, each["example"]) if result else ""
        message = f"{outcome}, {state}" if result else ""
        yield Case("crumple.findings", str(each["id"]), figures, result, message, replay)


def _breaking_point(row: Mapping[str, Any]) -> Case:
    """From where on a mutator breaks the system: nothing that a contract asks for, so that it fails nothing."""
    known = {name: row.get(name) for name in ("state", "level", "low", "high", "rate", "calls")}
    figures = {name: value for name, value in known.items() if value is not None}
    unknown = row["state"] == "not known"
    name = f"{row['mutator']}, {row['kind']}" if row.get("kind") else str(row["mutator"])
    said = str(row.get("sentence", ""))
    return Case("crumple.breaking-points", name, figures, "skipped" if unknown else "", said if unknown else "")
