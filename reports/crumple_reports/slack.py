"""How a night ended, as a message in Slack's form (which Mattermost and others take too): figures alone.

Source: https://docs.slack.dev/reference/block-kit/blocks and "Formatting text for app surfaces" there: &, < and > are
control characters; a section holds 3,000 characters, a header 150, a message 50 blocks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from crumple import visible
from crumple_reports.night_words import changes, contract_words, got_worse, headline, to_look_at
from crumple_reports.webhook import state

SECTION, HEADER, BLOCKS = 3_000, 150, 50
_MOST: Final = 10
_SIGNS: Final = {
    "worse": ":red_circle:",
    "broken": ":red_circle:",
    "void": ":warning:",
    "undecided": ":grey_question:",
    "same": ":large_green_circle:",
    "better": ":large_green_circle:",
    "met": ":large_green_circle:",
}
_MARKS: Final = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_ENTITY: Final = re.compile(r"&[a-z]*$")


def render(document: Mapping[str, Any], *, links: Mapping[str, str] | None = None) -> str:
    """The message as one line of JSON, ASCII alone, within Slack's limits.

    Args:
        document: of a run or a night, as `Discretion.stored_document` lets it out.
        links: name -> where more is to be read.
    """
    run = document["run"]
    said = headline(document) or f"crumple run {run['id']}: the contract is {state(document) or 'none'}."
    sign = _SIGNS.get(state(document), ":white_circle:")
    project = visible(str(run.get("project") or ""))
    title = f"crumple {'nightly' if document.get('night') else 'run'}{f': {project}' if project else ''}"
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(title, HEADER)}},
        _section(f"{sign} {escaped(said)}"),
        *map(_section, _sections(document)),
        _section(" ".join([f"run `{_code(str(run['id']))}`", *_linked(links or {})])),
    ]
    return json.dumps({"text": _cut(escaped(said), SECTION), "blocks": blocks[:BLOCKS]}, allow_nan=False)


def escaped(text: str) -> str:
    """A text in which Slack finds no link, no channel and nobody's name, and makes nothing bold or code."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Within a word these mean nothing, and a name is to be copied as it is.
    return _MARKS.sub("\u200b\\g<0>", safe)


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    if worse := got_worse(document):
        yield _list("What got worse", map(escaped, worse[:_MOST]), len(worse))
    if shown := to_look_at(document):
        lines = [
            f"{_word(each['before'])} before, {_word(each['now'])} now: `{_code(str(each['replay']))}`"
            for each in shown
        ]
        yield _list("To look at first (`crumple replay` calls each again)", lines, len(lines))
    if contract := contract_words(document):
        yield f"*Contract* {escaped(contract)}"
    if different := changes(document):
        lines = [f"{escaped(what)}: {escaped(before)}, now {escaped(now)}" for what, before, now in different[:_MOST]]
        yield _list("Different from the baseline", lines, len(different))


def _list(title: str, lines: Iterable[str], number: int) -> str:
    """A heading and its lines, of which one that is too long loses its end, so that others are seen."""
    shown = [_cut(line, SECTION // (_MOST + 2)) for line in lines]
    rest = [f"and {number - len(shown)} more"] if number > len(shown) else []
    return "\n".join([f"*{title}*", *(f"• {line}" for line in [*shown, *rest])])


def _linked(links: Mapping[str, str]) -> list[str]:
    """Links as Slack writes them; an address that could end one early is left out."""
    return [f"<{url}|{escaped(name)}>" for name, url in links.items() if not re.search(r"[<>|\s]", url)]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, SECTION)}}


def _code(text: str) -> str:
    """A text within backticks; one of its own would end them."""
    safe = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _cut(safe.replace("`", "ˋ"), SECTION // (_MOST + 2) - 60)


def _word(outcome: object) -> str:
    return escaped(visible(str(outcome)))


def _cut(text: str, most: int) -> str:
    """The beginning of a text that is too long, with no half of an entity at its end."""
    return text if len(text) <= most else _ENTITY.sub("", text[: most - 1]) + "…"
