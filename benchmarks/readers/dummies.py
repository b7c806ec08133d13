"""Systems that know nothing: what any judge must rank below whatever really reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


class Refused(Exception):  # noqa: N818 - what the configuration calls it
    """The dummy that refuses everything."""


def constant(answer: Any) -> Callable[[bytes], Any]:
    """Always the same answer."""
    return lambda document: answer


def echo(document: bytes) -> str:
    """The document itself, as text."""
    return document.decode("latin-1")


def refuses(document: bytes) -> None:
    """Refuses everything."""
    raise Refused("nothing is good enough")


def loses_half(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """A real reader that forgets every second field and row; of a single value, its second half."""
    return lambda document: _halved(read(document))


def shuffles(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """A real reader whose values stand in one another's places."""
    return lambda document: _shuffled(read(document))


def _halved(answer: Any) -> Any:
    if isinstance(answer, dict) and len(answer) == 1:
        return {key: _halved(str(value)) for key, value in answer.items()}
    if isinstance(answer, dict):
        kept = dict(list(answer.items())[::2])
        return {key: _halved(value) if isinstance(value, list) else value for key, value in kept.items()}
    return answer[: len(answer) // 2] if isinstance(answer, (list, str)) else answer


def _shuffled(answer: Any) -> Any:
    if isinstance(answer, dict):
        values = list(answer.values())
        return {key: _shuffled(value) for key, value in zip(answer, [*values[1:], *values[:1]], strict=True)}
    if isinstance(answer, list):
        return [_shuffled(each) for each in (*answer[1:], *answer[:1])]
    if isinstance(answer, str):
        return answer[::-1]
    return json.dumps(answer)[::-1]
