"""What systems say when they fail, where it differs from call to call: what it quotes, and what stays. Pure."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence

from crumple.events import Discovery
from crumple.judges.signs import Signs, beginning, read, speaks

MOST_SAID = 6
"""So many messages that begin alike and then differ show that they quote; so many discoveries of one head that were met
once each show that all of what is said differs from call to call."""
_QUOTED = 3


def quoting(signs: Signs, discoveries: Sequence[Discovery]) -> Discovery | None:
    """The first discovery whose message begins like this one, where so many go on differently that they quote."""
    marks = [(each, read(mark)) for each in discoveries for mark in each.fingerprints]
    known = [(each, other.said) for each, other in marks if other.head == signs.head and other.said]
    for length in range(len(signs.said), 1, -1):
        start = signs.said[:length]
        if not speaks(start):
            return None
        same = [(each, said) for each, said in known if said[:length] == start]
        messages = {said for _, said in same} | {signs.said}
        following = Counter(said[length : length + 1] for said in messages)
        # Where a word goes on in several ways itself, it is one of the message's own: "bad amount", "bad date".
        if len(messages) >= MOST_SAID and sum(count == 1 for count in following.values()) >= _QUOTED:
            return same[0][0]
    return None


def template(discovery: Discovery) -> tuple[str, ...] | None:
    """What the messages of one discovery begin with; None where there is but one."""
    own = _example(discovery)
    said = [other.said for other in map(read, discovery.fingerprints) if other.head == own.head and other.said]
    return functools.reduce(beginning, said) if len(said) > 1 else None


def _example(discovery: Discovery) -> Signs:
    verdict = discovery.example.verdict
    return read("" if verdict is None else verdict.fingerprint)
