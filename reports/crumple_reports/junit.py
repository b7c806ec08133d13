"""A report as a JUnit XML file: limits, categories of a night and findings as cases. Figures only.

Well-formed whatever names hold: what XML cannot hold is written as an escape. The form is what Jenkins and GitLab read:
https://github.com/jenkinsci/xunit-plugin, its junit-10.xsd; properties stand within a case, as pytest writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from crumple import excerpt
from crumple_reports.content import content_of
from crumple_reports.night_words import told
from crumple_reports.parts import BAD, Content, Finding, Limit

_LONG: Final = 2_000
# What `visible` leaves: letters of planes whose last two code points are none.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the file.

    Attributes:
        result: "failure", "error", "skipped", or "" for one that passed.
        text: what stands beside it.
    """

    group: str
    name: str
    properties: Mapping[str, object]
    result: str = ""
    message: str = ""
    text: str = ""


def render(document: Mapping[str, Any]) -> str:
    """The report as JUnit XML.

    Args:
        document: of a run, a night or a pytest session.
    """
    content = content_of(document)
    cases = _cases(content)
    suite = ET.Element("testsuite", {"name": "crumple", **_numbers(cases)})
    for each in cases:
        suite.append(_element(each))
    whole = ET.Element("testsuites", {"name": "crumple", **_numbers(cases)})
    whole.append(suite)
    ET.indent(whole)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(whole, encoding="unicode") + "\n"


def _numbers(cases: Iterable[Case]) -> dict[str, str]:
    results = [each.result for each in cases]
    return {
        "tests": str(len(results)),
        "failures": str(results.count("failure")),
        "errors": str(results.count("error")),
        "skipped": str(results.count("skipped")),
        "time": "0.000",
    }


def _element(case: Case) -> ET.Element:
    made = ET.Element("testcase", classname=_safe(case.group), name=_safe(case.name), time="0.000")
    if case.properties:
        properties = ET.SubElement(made, "properties")
        for name, value in case.properties.items():
            ET.SubElement(properties, "property", name=_safe(name), value=_safe(str(value)))
    if case.result:
        result = ET.SubElement(made, case.result, message=_safe(case.message))
        if case.text:
            result.text = "\n".join(_safe(line) for line in case.text.split("\n"))
    return made


def _safe(text: str) -> str:
    return _NO_XML.sub("?", excerpt(text, _LONG))


def _cases(content: Content) -> list[Case]:
    made = [Case(item, "crumple", {}, "error", f"void. {reason}") for item, reason in content.void]
    made += [_limit(limit, content) for limit in content.limits]
    made += [_finding(finding) for finding in content.findings]
    made += [_compared(row) for row in content.night]
    if not content.limits:
        made += [Case("crumple.categories", name, _figures(each)) for name, each in content.categories.items()]
    # What is bad as a whole, where no case says so; and a file without a case would be no file to some readers.
    bad = content.state == BAD and not any(each.result in {"failure", "error"} for each in made)
    if bad or not made:
        text = "\n".join([*content.lines, *(each.command for each in content.examples[:3])])
        whole = Case(f"crumple.{content.kind}", "verdict", {}, "error" if bad else "", content.verdict, text)
        made.insert(0, whole)
    return made


def _compared(row: Mapping[str, Any]) -> Case:
    """A category of a night, beside the baseline."""
    worse = row["state"] == "worse"
    result = {"worse": "failure", "unknown": "skipped"}.get(str(row["state"]), "")
    figures = {f"crumple.{name}": row[name] for name in ("state", "pairs", "before", "now", "worse", "better")}
    text = "\n".join(str(each["replay"]) for each in row.get("documents") or ()) if worse else ""
    return Case(
        "crumple.night",
        str(row["category"]),
        figures | {"crumple.p": row.get("p")},
        result,
        told(row) if worse else str(row.get("why") or "") if result else "",
        text,
    )


def _figures(each: Mapping[str, Any]) -> dict[str, object]:
    named = {
        "documents": "runs",
        "failures": "failures",
        "silent": "silent",
        "rate": "rate",
        "low": "low",
        "high": "high",
    }
    return {f"crumple.{name}": each[key] for name, key in named.items() if each[key] is not None}


def _limit(limit: Limit, content: Content) -> Case:
    row = limit.row
    figures = {
        "crumple.limit": row["name"],
        "crumple.bound": row["limit"],
        "crumple.state": row["state"],
        "crumple.calls": row["calls"],
        "crumple.rate": row["figure"],
        "crumple.low": row["low"],
        "crumple.high": row["high"],
        "crumple.seed": limit.seed,
    }
    figures = {name: value for name, value in figures.items() if value not in {None, ""}}
    result = {"broken": "failure", "undecided": "skipped"}.get(row["state"], "")
    of = ("",) if row["of"] in {"all", "production", "clean"} else (f"{row['of']}.", f"{row['of']} ")
    own = [each for each in content.examples if each.item == limit.item and each.title.startswith(of)]
    text = "\n".join(f"{each.title}\n  {each.command}" for each in own[:3]) if result == "failure" else ""
    return Case(limit.item or "crumple.contract", row["name"], figures, result, row["sentence"] if result else "", text)


def _finding(finding: Finding) -> Case:
    result = "failure" if finding.bad else ""
    return Case(
        "crumple.findings", finding.id, {"crumple.status": finding.status}, result, finding.status, finding.replay
    )
