"""What a replay makes of a finding: its state, and what is written of it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from crumple.discretion import general
from crumple.events import Replayed
from crumple.findings.finding import Finding, Replaying, Seen
from crumple.findings.making import Setting
from crumple.findings.status import Status, concealed

_FAILING = frozenset({Status.FAILS, Status.CHANGED, Status.FLAKY})


def told(finding: Finding, event: Replayed, today: dt.date, setting: Setting) -> Finding:
    """The finding after a replay: fixed where it fails no more, open again where it does.

    What came of an error, or of other bytes, says nothing of its state.
    """
    failures = [each.verdict for each in event.results if each.verdict is not None and each.verdict.failure]
    known = finding.known(today)
    other = next((each.fingerprint for each in failures if not known.knows(each.fingerprint)), "")
    finding = replace(
        finding,
        replayed=Replaying(
            status=event.status,
            when=today,
            tries=sum(each.verdict is not None for each in event.results),
            failed=len(failures),
            why=event.why if setting.full else _general(event, other),
            fingerprint=(other if setting.full else concealed(other)) if event.status == Status.CHANGED else "",
        ),
    )
    if event.status == Status.FIXED:
        return finding.become("fixed", today, "a replay found it fixed")
    if event.status not in _FAILING:
        return finding
    if any(known.knows(each.fingerprint) for each in failures):
        seen = Seen(date=today, run=setting.run, count=finding.last_seen.count)
        if finding.last_seen.run != setting.run:
            seen = replace(seen, count=0)
        finding = replace(finding, last_seen=seen)
    if finding.state == "accepted" and event.status == Status.CHANGED:
        return finding.become("open", today, "it fails in another way than was accepted")
    if finding.stands(today) != finding.state:
        return finding.become("open", today, "its acceptance is over")
    return finding.become("open", today, "a replay found it failing again") if finding.state == "fixed" else finding


def _general(event: Replayed, other: str) -> str:
    """Why, without what may be quoted of a document or of what a system said."""
    if event.status == Status.CHANGED:
        return f"another failure: {general(other)}"
    return general(event.why, void=True)
