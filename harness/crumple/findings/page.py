"""The page of a finding, README.md in its folder: for the developer who was not there. Made of its data alone. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crumple.findings.finding import Finding, StepSaid
from crumple.findings.words import in_words, what_happens
from crumple.plain_text import excerpt, quoted, visible
from crumple.truth import ABSENT, lookup

_LONG = 400
_MOST_FIELDS = 12
_DIGEST = 12
_HEX = re.compile(r"[0-9a-f]{32,}")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_OUTCOMES: Mapping[str, str] = {
    "wrong": "The system answers without complaint, and the answer is wrong,",
    "crashed": "The system crashes",
    "hung": "The system does not answer within its time limit, and is ended,",
    "exhausted": "The system takes more memory or writes more than it may, and is ended,",
    "refused": "The system refuses a document that it should still read,",
}
_STATES: Mapping[str, str] = {"open": "Open", "fixed": "Fixed", "accepted": "Accepted"}


def page(finding: Finding) -> str:
    """The whole page, in Markdown."""
    blocks = [
        f"# {finding.id}: {_code(what_happens(finding))}",
        _state(finding),
        *_happening(finding),
        *_changed(finding),
        *_answers(finding),
        *_where(finding),
        *_certainty(finding),
        *_doing(finding),
        *_versions(finding),
        "---\nThis page is made from `finding.json`, and again when that changes: keep notes in a file of your own.",
    ]
    return "\n\n".join(blocks) + "\n"


def _state(finding: Finding) -> str:
    since = finding.history[-1].when if finding.history else finding.first_seen.date
    lines = [f"**{_STATES[finding.state]}** since {since}."]
    if finding.accepted is not None:
        given = finding.accepted
        ticket = f", {visible(given.ticket)}" if given.ticket else ""
        lines.append(
            f"Accepted by {visible(given.by)} on {given.when} until {given.until}{ticket}: {visible(given.reason)}"
        )
    times = "once" if finding.seen == 1 else f"{finding.seen:,} times"
    first, last = finding.first_seen, finding.last_seen
    later = f", last on {last.date}{_in_run(last.run)}"
    if last.date == first.date and last.run in {"", first.run}:  # a replay is no run
        later = ""
    lines.append(f"Seen {times}, {'first ' * bool(later)}on {first.date}{_in_run(first.run)}{later}.")
    return "\n".join(lines)


def _in_run(run: str) -> str:
    return f" (run {visible(run)})" if run else ""


def _happening(finding: Finding) -> Iterator[str]:
    mutators = " and ".join(dict.fromkeys(step.mutator for step in finding.recipe.steps))
    yield (
        f"## What happens\n\n{_said(finding)} when {mutators} {'have' if ' and ' in mutators else 'has'} acted on "
        f"`{_bare(finding.case)}`, which passes as it is."
    )
    if finding.outcome == "wrong" and finding.stand_in:
        yield (
            "The case has no truth, the system's own clean answer stands in for it: this says consistency, not "
            "correctness."
        )
    by_recipe = _block([f"crumple replay{_named(finding)} {quoted(f'{finding.case} > {finding.recipe}')}"])
    yield f"See it happen:\n\n{_block([finding.replay()])}"
    yield f"The same by case and recipe, which needs nothing of this folder:\n\n{by_recipe}"


def _said(finding: Finding) -> str:
    """What the system does, as the beginning of a sentence."""
    if finding.outcome == "wrong" and finding.stand_in:
        return "The system answers otherwise than on the clean document"
    return _OUTCOMES.get(finding.outcome, f"The call ends as {finding.outcome}")


def _named(finding: Finding) -> str:
    return f" --config {quoted(finding.config)}" if finding.config else ""


def _changed(finding: Finding) -> Iterator[str]:
    yield "## What was changed in the document"
    said = finding.steps or tuple(StepSaid(mutator=step.mutator) for step in finding.recipe.steps)
    yield "\n".join(
        f"{at}. `{step.mutator}`: {in_words(step) or 'no more is known of it'}." for at, step in enumerate(said, 1)
    )
    if finding.difference:
        yield f"Clean (-) and degraded (+):\n\n{_block(finding.difference)}"
    files = [f"[{each.file}]({each.file})" for each in (finding.clean, finding.degraded) if each.file]
    lines = [f"The documents: {', '.join(files)}."] if files else []
    if finding.kept:
        lines.append(f"{finding.kept[0].upper()}{visible(finding.kept[1:])}.")
    digests = [("clean", finding.clean), ("degraded", finding.degraded)]
    lines += [f"BLAKE2b-128 of the {name} one: `{each.digest}`." for name, each in digests if each.digest]
    yield "\n".join(lines)
    if not finding.degraded.file:
        ending = _ENDING.search(finding.case)
        made = f"crumple mutate FILE --with {quoted(str(finding.recipe))} -o degraded{ending.group() if ending else ''}"
        yield f"To look at it, FILE being the document of that case:\n\n{_block([made])}"


def _answers(finding: Finding) -> Iterator[str]:
    if finding.outcome != "wrong":
        return
    yield "## Expected, and what came"
    rows = list(_fields(finding))
    if rows:
        yield _block(
            line
            for path, right, given in rows
            for line in (visible(path), f"  expected  {right}", f"  came      {given}")
        )
        if (more := len(finding.wrong) - len(rows)) > 0:
            yield f"And {more} {'field' if more == 1 else 'fields'} more."
    elif finding.expected or finding.answer:
        yield _block((f"expected  {excerpt(finding.expected, _LONG)}", f"came      {excerpt(finding.answer, _LONG)}"))
    else:
        fields = ", ".join(f"`{_bare(path)}`" for path in finding.wrong if path)
        named = f"Wrong: {fields}. " if fields else ""
        yield f"{named}Neither what was expected nor what came is kept here; a replay shows both."
    if missing := [f"`{_bare(path)}`" for path in finding.abstained if path]:
        yield f"Left out: {', '.join(missing[:_MOST_FIELDS])}{', ...' if len(missing) > _MOST_FIELDS else ''}."


def _fields(finding: Finding) -> Iterator[tuple[str, str, str]]:
    """The wrong fields with both values, where both texts are whole JSON and hold them."""
    try:
        expected, answer = json.loads(finding.expected), json.loads(finding.answer)
    except (ValueError, RecursionError):
        return
    for path in finding.wrong[:_MOST_FIELDS]:
        right = _at(expected, path)
        if path and right is not ABSENT:
            given = _at(answer, path)
            yield path, _value(right), "nothing" if given is ABSENT else _value(given)


def _at(value: Any, path: str) -> Any:
    """What stands at a pointer, or under the pointer itself where only the wrong fields were kept."""
    return value[path] if isinstance(value, Mapping) and path in value else lookup(value, path)


def _value(value: Any) -> str:
    if isinstance(value, Mapping) and list(value) == ["$any_of"] and isinstance(value["$any_of"], list):
        return excerpt(" or ".join("nothing" if each is None else _json(each) for each in value["$any_of"]), _LONG)
    return excerpt(_json(value), _LONG)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _where(finding: Finding) -> Iterator[str]:
    if finding.detail:
        yield f"## What it said\n\n{_block(finding.detail.splitlines())}"
    elif finding.frames:
        yield f"## Where\n\nThe last frames of the call, the innermost last:\n\n{_block(finding.frames)}"


def _certainty(finding: Finding) -> Iterator[str]:
    yield "## How sure this is"
    known = finding.minimised
    calls = f"{known.calls} {'call' if known.calls == 1 else 'calls'}"
    why = f": {visible(known.why).rstrip('.')}" if known.why else ""
    match known.state:
        case "minimised":
            said = f"Nothing smaller that was tried in {calls} fails alike{why}."
        case "flaky":
            said = f"It is flaky, and was not made smaller{why}."
        case "not reproduced":
            said = (
                "It could not be made to fail again: it may be the system that comes and goes, and not the "
                f"damage{why}."
            )
        case "not minimised":
            said = f"It may not be as small as it gets{why}."
        case _:
            said = "The run ended before it was made small."
    lines = [f"{_of(known.failed, known.tries)} {said}"]
    lines += known.bounds
    if finding.replayed is not None:
        told = finding.replayed
        why = f": {visible(told.why)}" if told.why else ""
        lines.append(f"Replayed on {told.when}: **{told.status}**{why}.")
    yield "\n".join(lines)
    others = [each for each in finding.fingerprints if each != (finding.shows or finding.fingerprints[0])]
    if others:
        yield f"Failures like these were put down to it as well:\n\n{_block(others)}"
    if known.met_by:
        yield f"It was met by\n\n{_block([known.met_by])}"


def _of(failed: int, tries: int) -> str:
    return "It failed in the one call that there was." if tries == 1 else f"It failed {failed} of {tries} times."


def _doing(finding: Finding) -> Iterator[str]:
    yield "## What to do"
    steps = [
        f"Mend the system, and call it again: `{_bare(finding.replay())}` says FIXED, and marks it as fixed.",
        f"Or let it be for now: `crumple accept{_named(finding)} {finding.id} --reason '...' --until 90d`.",
    ]
    if finding.outcome == "refused":
        name = finding.recipe.steps[-1].mutator
        steps.append(f'Or allow refusals where they are right: `[mutate.refusable]` `"{name}" = LEVEL`.')
    if finding.outcome == "wrong" and not finding.stand_in:
        steps.append("If the answer is right after all, the case's truth is not: mend that, and replay.")
    yield "\n".join(f"- {each}" for each in steps)


def _versions(finding: Finding) -> Iterator[str]:
    known = finding.environment
    own = [("crumple", known.crumple), ("Python", known.python), *sorted(known.libraries.items())]
    own += [
        ("the system", known.system[:_DIGEST] if _HEX.fullmatch(known.system) else known.system),
        ("on", known.platform),
    ]
    own += [(step.mutator, step.version) for step in finding.steps]
    said = ", ".join(f"{visible(name)} {visible(each)}" for name, each in dict(own).items() if each)
    if said:
        yield f"## Seen with\n\n{said}."


def _bare(text: str) -> str:
    return visible(text).replace("`", "'")


def _code(text: str) -> str:
    return f"`{excerpt(text, _LONG // 4).replace('`', chr(39))}`"


def _block(lines: Iterable[str]) -> str:
    """Lines as they are: indented, so that nothing in them is Markdown."""
    return "\n".join(f"    {visible(line)}".rstrip() for line in lines)
