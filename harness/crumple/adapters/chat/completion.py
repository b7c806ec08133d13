"""What a chat service sends back, whole or as a stream: the model's message, why it ended, its tokens. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple.adapters.chat.prices import Usage
from crumple.adapters.reading import Misread, read_json

_MOST_TOKENS: Final = 10**12
_DONE: Final = "[DONE]"


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    Attributes:
        text: what it says; "" where it says nothing.
        finish: why it ended: "stop", "length", "content_filter", "tool_calls"; "" where that was not said.
        refusal: in what words it refuses; "" where it does not.
        calls: whether it calls a tool.
        usage: its tokens, where they were counted.
        error: what the service says instead, in an answer whose status is that of success.
    """

    text: str = ""
    finish: str = ""
    refusal: str = ""
    calls: bool = False
    usage: Usage | None = None
    error: Mapping[str, Any] | None = None


def completion(body: bytes, *, streamed: bool) -> Completion:
    """Read a service's answer.

    Args:
        body: all of it.
        streamed: whether a stream was asked for; one that comes whole instead is read as well.

    Raises:
        Misread: it is something else, or a stream that was cut.
    """
    if streamed and body.lstrip()[:1] not in (b"{", b"["):
        return _streamed(body)
    sent = _object(body, "the service's answer is not JSON")
    if error := _error(sent):
        return Completion(error=error, usage=_usage(sent.get("usage")))
    choice = _choice(sent)
    message = choice.get("message")
    if not isinstance(message, Mapping):
        raise Misread("no chat completion", "its first choice has no message")
    return Completion(
        text=_content(message.get("content")),
        finish=_word(choice.get("finish_reason")),
        refusal=_word(message.get("refusal")),
        calls=bool(message.get("tool_calls")),
        usage=_usage(sent.get("usage")),
    )


def _streamed(body: bytes) -> Completion:
    texts: list[str] = []
    refusals: list[str] = []
    finish, calls, done = "", False, False
    usage: Usage | None = None
    for data in _events(body):
        if data.strip() == _DONE:
            done = True
            break
        sent = _object(data.encode("utf-8", "surrogatepass"), "an event of the stream is not JSON")
        usage = _usage(sent.get("usage")) or usage
        if error := _error(sent):
            return Completion(error=error, usage=usage)
        choices = sent.get("choices")
        choice = next((each for each in _mappings(choices) if each.get("index", 0) == 0), None)
        if choice is None:
            continue  # the last event may hold nothing but the tokens
        delta = choice.get("delta")
        if isinstance(delta, Mapping):
            texts.append(_content(delta.get("content")))
            refusals.append(_word(delta.get("refusal")))
            calls = calls or bool(delta.get("tool_calls"))
        finish = _word(choice.get("finish_reason")) or finish
    if not done and not finish:
        raise Misread("answer cut short", "the stream ended before the answer did")
    return Completion("".join(texts), finish, "".join(refusals), calls, usage)


def _events(body: bytes) -> Iterator[str]:
    """The data of server-sent events: of each its `data` lines together."""
    lines: list[str] = []
    for line in body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith("data:"):
            lines.append(line[5:].removeprefix(" "))
        elif not line and lines:
            yield "\n".join(lines)
            lines.clear()
    # An event that no blank line ends has not come whole, unless it is the one that ends the stream.
    if lines and lines[0].strip() == _DONE:
        yield _DONE


def _object(data: bytes, kind: str) -> Mapping[str, Any]:
    sent = read_json(data, kind)
    if not isinstance(sent, Mapping):
        raise Misread("no chat completion", "it is JSON, and no object")
    return sent


def _choice(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    choice = next(_mappings(sent.get("choices")), None)
    if choice is None:
        raise Misread("no chat completion", "it has no choices")
    return choice


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (each for each in value if isinstance(each, Mapping))


def _error(sent: Mapping[str, Any]) -> Mapping[str, Any] | None:
    error = sent.get("error")
    if not error or next(_mappings(sent.get("choices")), None) is not None:
        return None
    return error if isinstance(error, Mapping) else {"message": _word(error) or json.dumps(error)}


def _content(content: Any) -> str:
    """A message's text; of several pieces those that are text."""
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    if isinstance(content, Sequence):
        return "".join(_word(each.get("text")) for each in _mappings(content))
    raise Misread("no chat completion", "its message is no text")


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _usage(sent: Any) -> Usage | None:
    if not isinstance(sent, Mapping):
        return None
    details = sent.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, Mapping) else None
    went, came = _count(sent.get("prompt_tokens")), _count(sent.get("completion_tokens"))
    return None if went is None or came is None else Usage(went, came, cached or 0)


def _count(value: Any) -> int | None:
    counted = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return int(value) if counted else None
