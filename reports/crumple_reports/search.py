"""What a search has found: how many kinds of failure, how much is left, and each as a developer needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple import excerpt, quoted, visible
from crumple_reports.examples import replay_command, show_example
from crumple_reports.figures import count, listed, percent
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_KIND = ("met", "minimising", "minimised", "not minimised")
_MOST_FINDINGS = 30
_MOST_LINES = 10
_LONG, _HEADING = 200, 110
_MUCH, _MANY = 0.9, 20
"""From which share of failing calls on, and of how many calls, a system is said to fail on everything."""
_STATUSES = ("FAILS", "CHANGED", "FLAKY", "ERROR", "OTHER BYTES", "FIXED")


def is_search(document: Mapping[str, Any]) -> bool:
    """Whether a run has searched, rather than measured rates; a night measures, and calls findings again."""
    kind = document["run"].get("kind")
    return kind != "night" and (bool(document.get("search")) or kind == "fuzz")


def show_search_headline(page: Page, document: Mapping[str, Any]) -> None:
    """How many kinds of failure there are, how many of them are new, and how much is left, in three sentences."""
    search = document.get("search")
    if not search:
        page.line("Nothing was searched: no round of calls was finished.", HEAD)
        return
    found = _kinds(search)
    new = [each for each in found if _is_new(document, each)]
    calls = (search["explored"] or {"calls": 0})["calls"]
    flaky = sum(each["state"] == "flaky" for each in search["discoveries"])
    if found:
        which = "all of them new" if len(new) == len(found) else f"{len(new) or 'none'} of them new"
        what = f"{count(len(found), 'kind')} of failure{f', {which}' if len(found) > 1 else ', new' * bool(new)}"
        among = f", in {count(calls, 'call')} that looked for {'it' if len(found) == 1 else 'them'}" if calls else ""
        page.line(f"{what}{among}.", BAD)
    elif calls:
        page.line(f"Nothing that breaks it was found in {count(calls, 'call')} that looked for it.", HEAD)
    else:
        page.line("Known findings were called again, and nothing was searched.", HEAD)
    if flaky:
        page.line(f"{count(flaky, 'more fails', 'more fail')} now and then.")
    for line in _replayed_in_short(search):
        page.line(line)
    if warning := _hidden(search):
        page.line(warning, BAD)  # how little is left to find beside that would be cold comfort
    elif calls and search["left"]:
        page.line(search["left"])


def _replayed_in_short(search: Mapping[str, Any]) -> list[str]:
    statuses = [each["status"] for each in search["replayed"]]
    if not statuses:
        return []
    numbers = [(name, statuses.count(name)) for name in _STATUSES if name in statuses]
    which = count(len(statuses), "known finding was", "known findings were")
    return [f"{which} called again: {', '.join(f'{number} {name}' for name, number in numbers)}."]


def _hidden(search: Mapping[str, Any]) -> str:
    """What is to be said of a system that fails on nearly everything."""
    calls = (search["explored"] or {"calls": 0})["calls"]
    failures = sum(each["count"] for each in search["discoveries"])
    if calls < _MANY or failures < _MUCH * calls:
        return ""
    share = min(1.0, failures / calls)
    largest = max(search["discoveries"], key=lambda each: each["count"])
    most = f", {percent(largest['count'] / failures)} of them alike" if len(search["discoveries"]) > 1 else ""
    return (
        f"It fails on nearly everything that was tried: {percent(share)} of the calls{most}. What else may be wrong "
        "cannot be seen behind that until it is mended."
    )


def show_search(page: Page, document: Mapping[str, Any]) -> None:
    """The new findings by category, then what was known, and what came to nothing."""
    search = document.get("search")
    if not search:
        return
    if not is_search(document):
        _known(page, document)
        return
    _findings(page, document, [each for each in _kinds(search) if _is_new(document, each)])
    _known(page, document)
    _aside(page, document, "Fails now and then", [each for each in search["discoveries"] if each["state"] == "flaky"])
    _aside(
        page,
        document,
        "Failed once, and not again",
        [each for each in search["discoveries"] if each["state"] == "not reproduced"],
    )
    page.line()
    page.line(about_search(search), FAINT)


def _kinds(search: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in search["discoveries"] if each["state"] in _KIND]


def _is_new(document: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether nobody had it before, or it was taken to be fixed."""
    return not found["known"] or _state(document, found["known"]) == "fixed"


def _state(document: Mapping[str, Any], finding: str) -> str:
    """The state that a finding had when the run began; "" of one that was not there."""
    known = document["run"].get("known") or {}
    return next((str(each["state"]) for each in known.get("findings", ()) if each["id"] == finding), "")


def _findings(page: Page, document: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    by_category: dict[str, list[Mapping[str, Any]]] = {}
    for each in sorted(found, key=lambda each: each["number"]):
        by_category.setdefault(each["category"], []).append(each)
    shown = 0
    for category, own in sorted(by_category.items(), key=lambda item: (-len(item[1]), item[0])):
        if shown >= _MOST_FINDINGS:
            break
        failures = sum(each["count"] for each in own)
        page.heading(f"{visible(category)}: {count(len(own), 'kind')} of failure, met in {count(failures, 'call')}")
        for each in own[: _MOST_FINDINGS - shown]:
            page.line()
            _finding(page, document, each)
        shown += len(own)
    if len(found) > _MOST_FINDINGS:
        page.line()
        page.line(f"and {len(found) - _MOST_FINDINGS} more; `crumple findings` lists them, --json FILE keeps them all")


def _finding(page: Page, document: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    again = "   it was fixed, and is back" if found["known"] else ""
    page.line(f"{in_short(found)}{again}", HEAD, indent=2)
    for at, step in enumerate(found["steps"]):
        how = f": {step['how']}" if step["how"] else ""
        page.labelled("by" if not at else "then", f"{step['mutator']}{how}")
    show_example(page, found["example"])
    page.labelled("sure", _sure(found))
    written = found.get("written", True)
    page.labelled("kept", f"findings/{visible(found['id'])}/" if written else "only here: findings/ cannot be written")
    page.copyable(f"  replay    {replay_command(document, found['example'])}")


def in_short(found: Mapping[str, Any]) -> str:
    """How its smallest example fails, which a replay shows; it may have been met in a wider one."""
    return excerpt(found.get("shows") or found["fingerprints"][0], _HEADING)


def _sure(found: Mapping[str, Any]) -> str:
    """How often it failed, how often it was met, and how it was made small."""
    parts = [
        f"failed {found['failed']} of {count(found['tries'], 'time')}",
        f"met in {count(found['count'], 'call')}"
        + (f", first by number {found['met_after']:,}" if found["met_after"] else ""),
    ]
    if found["state"] == "minimised":
        parts.append(f"as small as it gets, after {count(found['calls'], 'more call')}")
    else:
        why = found["why"] or ("the search ended before that" if found["state"] != "not minimised" else "")
        parts.append(f"not as small as it could be{f': {visible(why)}' if why else ''}")
    return "; ".join(parts)


def _known(page: Page, document: Mapping[str, Any]) -> None:
    """Findings that were there before: as they stand now, the worst first; those that were met and not called again."""
    rows = known_findings(document)
    if not rows:
        return
    page.heading("Findings that were known")
    for status, finding, said in rows[: 2 * _MOST_LINES]:
        style = BAD if status in {"FAILS", "CHANGED"} else PLAIN
        page.line(f"{status:<11} {visible(finding)}{f': {said}' if said else ''}", style, indent=2)
    if len(rows) > 2 * _MOST_LINES:
        page.line(f"and {len(rows) - 2 * _MOST_LINES} more; `crumple findings` lists them", FAINT, indent=2)


def known_findings(document: Mapping[str, Any], *, quoting: bool = True) -> list[tuple[str, str, str]]:
    """Findings that were there before the search: how each stands now, its id, and what came of it; the worst first.

    Args:
        document: of a run with a search.
        quoting: whether it may be told what the system has said.
    """
    search = document["search"]
    again = sorted(search["replayed"], key=lambda each: (_rank(each["status"]), each["finding"]))
    called = {each["finding"] for each in again}
    met = {
        each["known"]: each
        for each in search["discoveries"]
        if each["known"] and each["known"] not in called and not _is_new(document, each)
    }
    rows = [(str(each["status"]), str(each["finding"]), _told(each, quoting=quoting)) for each in again]
    rows += [
        ("met again", name, f"{_state(document, name) or 'open'}; {in_short(each)}")
        for name, each in sorted(met.items())
    ]
    return rows


def _rank(status: str) -> int:
    return _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)


def _told(replayed: Mapping[str, Any], *, quoting: bool) -> str:
    """What came of calling it again."""
    if replayed["why"] and quoting:
        return excerpt(replayed["why"], _LONG)
    example = (replayed.get("example") or {}) if quoting else {}
    how = f"failed {replayed['failed']} of {count(replayed['calls'], 'time')}"
    said = example.get("cause") or listed(map(visible, example.get("wrong") or ()), 4) or replayed.get("shows")
    return how if not replayed["failed"] or not said else f"{how}; {excerpt(said, _LONG)}"


def _aside(page: Page, document: Mapping[str, Any], heading: str, found: Sequence[Mapping[str, Any]]) -> None:
    """What is no finding that one could rely on, in short."""
    if not found:
        return
    page.heading(heading)
    for each in found[:_MOST_LINES]:
        often = f"failed {each['failed']} of {count(each['tries'], 'time')}"
        page.line(f"{in_short(each)}: met in {count(each['count'], 'call')}; {often}", indent=2)
        page.copyable(f"    {replay_command(document, each['example'])}")
    if len(found) > _MOST_LINES:
        page.line(f"and {len(found) - _MOST_LINES} more; --json FILE keeps them all", FAINT, indent=2)


def about_search(search: Mapping[str, Any]) -> str:
    """What a kind of failure is, and what the figures of a search are about."""
    mixtures = sum(each["state"] == "explained" for each in search["discoveries"])
    about = (
        "A kind of failure is what has one cause, as far as can be told from how it shows. How much is left is about "
        "further calls like those of this search, on these documents: it goes where failures turn up, so that this is "
        "no failure rate and says nothing of production; `crumple run` measures that."
    )
    if mixtures:
        verb = "is a mixture" if mixtures == 1 else "are mixtures"
        which = count(mixtures, "further one that was met", "further ones that were met")
        about += f" {which} {verb} of others, or the same otherwise."
    return about


def next_search(document: Mapping[str, Any]) -> str:
    """The command that looks elsewhere."""
    run = document["run"]
    config = run.get("config", "")
    named = f" --config {quoted(config)}" if config else ""
    return f"crumple fuzz{named} --seed {int(run.get('seed', 0)) + 1}"
