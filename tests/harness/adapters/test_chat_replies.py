"""What a chat service says, as a reply: answers, refusals, failures of the model's, and what is nobody's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crumple.adapters.chat.prices import Prices, Usage
from crumple.adapters.chat.replies import ChatReplies, unfenced
from crumple.adapters.refusal import compiled
from crumple.adapters.service.exchange import Fate, Heard
from crumple.errors import CrumpleError
from crumple.outcome import Ending, Reply

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 400}}


def message(content: object, finish: str = "stop", **words: object) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **words}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": USAGE}).encode()


def stream(*events: object, done: bool = True) -> bytes:
    lines = [f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n" for each in events]
    return "".join([": a comment\n\n", *lines, "data: [DONE]\n\n" if done else ""]).encode()


def delta(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


def heard(body: bytes, status: int = 200, fate: Fate = Fate.ANSWERED) -> Heard:
    return Heard(fate, status, body=body, attempts=3, seconds=0.5)


def failed(status: int, **error: object) -> Heard:
    return heard(json.dumps({"error": error}).encode(), status)


def reply(said: bytes | Heard, **how: Any) -> Reply:
    return ChatReplies(**how).reply(said if isinstance(said, Heard) else heard(said))


def test_an_answer_comes_with_its_tokens_money_attempts_and_time() -> None:
    got = reply(message(" 12 EUR\n"), prices=Prices(input=0.15, output=0.6))
    assert (got.ending, got.answer) == (Ending.ANSWERED, "12 EUR")
    assert got.figures == {"tokens in": 1000, "tokens out": 100}
    assert got.cost == pytest.approx((1000 * 0.15 + 100 * 0.6) / 1e6)
    assert (got.attempts, got.seconds) == (3, 0.5)


def test_cached_tokens_have_a_price_of_their_own() -> None:
    assert Prices(input=10, output=0, cached=1).of(Usage(1000, 0, 400)) == pytest.approx((600 * 10 + 400) / 1e6)
    assert Prices(input=10, output=0).of(Usage(1000, 0, 400)) == pytest.approx(0.01)
    with pytest.raises(CrumpleError, match=r"prices\.output"):
        Prices(input=1, output=-1)


def test_without_prices_the_money_is_not_known() -> None:
    assert reply(message("12")).cost is None


def test_what_is_refused_costs_nothing_and_what_was_cut_is_not_known() -> None:
    prices = Prices(input=1, output=1)
    assert reply(failed(429, message="slow down"), prices=prices).cost == 0
    assert reply(heard(b"", 200, Fate.CUT), prices=prices).cost is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (message("12 EU", "length"), "answer cut at the token limit"),
        (message(None, "tool_calls", tool_calls=[{"id": "a"}]), "called a tool"),
        (b"<html>", "the service's answer is not JSON"),
        (b"", "the service's answer is not JSON"),
        (b"[" * 100_000, "the service's answer is not JSON"),
        (b"[]", "no chat completion"),
        (b'{"choices": []}', "no chat completion"),
        (b'{"choices": [{"message": "12"}]}', "no chat completion"),
        (message({"a": 1}), "no chat completion"),
        (failed(400, code="context_length_exceeded", message="8192 tokens"), "context length exceeded"),
        (failed(400, message="prompt is too long: 9 tokens > 8 maximum"), "context length exceeded"),
        (failed(413, message="This model's maximum context length is 8"), "context length exceeded"),
        (failed(500, message="worker 17 failed"), "status 500: worker N failed"),
        (failed(400, message="invalid image"), "status 400: invalid image"),
        (b'{"error": {"message": "worker 17 failed"}}', "status 500: worker N failed"),
    ],
)
def test_each_failure_has_a_kind_of_its_own(said: bytes | Heard, kind: str) -> None:
    got = reply(said)
    assert got.ending is Ending.CRASHED
    assert got.kind.startswith(kind)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (message(None, refusal="I cannot help with that."), "refusal"),
        (message("", "content_filter"), "content filter"),
        (failed(400, code="content_filter", message="filtered"), "content filter"),
        (failed(400, code="x", innererror={"code": "ResponsibleAIPolicyViolation"}), "content filter"),
    ],
)
def test_a_refusal_in_words_of_the_interface_is_one(said: bytes | Heard, kind: str) -> None:
    got = reply(said)
    assert (got.ending, got.kind) == (Ending.REFUSED, kind)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (failed(401, message="Incorrect API key provided"), "credentials refused (401)"),
        (failed(404, code="model_not_found", message="no gpt-5o"), "no such model or URL (404)"),
        (failed(429, code="insufficient_quota", message="no money"), "no credit (429)"),
        (failed(402, message="pay"), "no credit (402)"),
        (failed(429, message="slow down"), "rate limit (429)"),
        (failed(503, message="later"), "service unavailable (503)"),
        (b'{"error": {"code": 429, "message": "upstream is busy"}}', "rate limit (429)"),
    ],
)
def test_what_depends_on_the_account_is_nobodys_failure(said: bytes | Heard, kind: str) -> None:
    got = reply(said)
    assert (got.ending, got.kind) == (Ending.VOID, kind)
    assert got.suspect == ("503" in kind)
    assert got.detail


@pytest.mark.parametrize("content", [None, "", " \n", []])
def test_an_empty_answer_abstains(content: object) -> None:
    for form in ("text", "json"):
        got = reply(message(content), reads=form)
        assert (got.ending, got.answer) == (Ending.ANSWERED, None)


def test_text_in_pieces_is_one_text() -> None:
    assert reply(message([{"type": "text", "text": "1"}, {"type": "x"}, {"type": "text", "text": "2"}])).answer == "12"


@pytest.mark.parametrize(
    "text", ['{"total": 12}', '\n {"total": 12}\n', '```json\n{"total": 12}\n```', '```\n{"total": 12}```']
)
def test_json_is_read_and_a_fence_around_it_forgiven(text: str) -> None:
    assert reply(message(text), reads="json").answer == {"total": 12}
    assert reply(message(text), reads="json", pointer="/total").answer == 12


@pytest.mark.parametrize(
    "text", ["Sure! {}", "{", '```json\n{"a": 1}\n``` as you asked', "```{}```", "```\n", "[" * 100_000]
)
def test_what_is_not_json_is_a_failure_of_its_own(text: str) -> None:
    got = reply(message(text), reads="json")
    assert (got.ending, got.kind) == (Ending.CRASHED, "answer is not JSON")
    assert got.detail


def test_a_fence_is_not_json_where_a_schema_was_sent() -> None:
    got = reply(message('```json\n{"a": 1}\n```'), reads="json", strict=True)
    assert (got.ending, got.kind) == (Ending.CRASHED, "answer is not JSON")
    assert "fence" in got.cause


def test_a_pointer_that_leads_nowhere_is_a_failure() -> None:
    got = reply(message('{"a": 1}'), reads="json", pointer="/result")
    assert (got.ending, got.cause) == (Ending.CRASHED, "the answer has nothing at /result")


def test_only_a_fence_around_everything_is_taken_off() -> None:
    assert unfenced("```python\nx\n```") == "x\n"
    for text in ("```", "``` ```", "a\n```\nb\n```", "```a`b\n```"):
        assert unfenced(text) is text


def test_a_stream_is_put_together() -> None:
    said = stream(delta(""), delta("12 "), delta("EUR"), delta(None, "stop"), {"choices": [], "usage": USAGE})
    got = reply(said, streamed=True)
    assert (got.ending, got.answer) == (Ending.ANSWERED, "12 EUR")
    assert got.figures["tokens out"] == 100
    assert reply(said.replace(b"\n", b"\r\n"), streamed=True).answer == "12 EUR"
    assert reply(message("12"), streamed=True).answer == "12"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (stream(delta("12 "), done=False), "answer cut short"),
        (b"", "answer cut short"),
        (b'data: {"choices": [{"index": 0, "delta": {"content": "1', "answer cut short"),
        (stream(delta("12 "), '{"choices"'), "an event of the stream is not JSON"),
        (stream(delta("12 "), delta(None, "length")), "answer cut at the token limit"),
        (stream(delta("12 "), {"error": {"message": "engine overloaded"}}), "status 500: engine overloaded"),
    ],
)
def test_a_stream_that_breaks_is_no_answer(said: bytes, kind: str) -> None:
    got = reply(said, streamed=True)
    assert (got.ending, got.kind) == (Ending.CRASHED, kind)


def test_a_stream_that_says_why_it_ended_is_whole() -> None:
    assert reply(stream(delta("12", "stop"), done=False), streamed=True).answer == "12"


REFUSES = (
    422,
    {"matches": "^I cannot"},
    {"answer": "/status", "equals": "unreadable"},
    {"answer": "/error/code", "equals": "context_length_exceeded"},
)


@pytest.mark.parametrize(
    "said",
    [
        failed(422, message="no"),
        message("I cannot read it."),
        message('{"status": "unreadable"}'),
        failed(400, code="context_length_exceeded", message="9 tokens"),
    ],
)
def test_a_declared_refusal_is_one(said: bytes | Heard) -> None:
    refusals = compiled(REFUSES, Path(), "service")
    form = "json" if isinstance(said, bytes) and b"unreadable" in said else "text"
    assert reply(said, refusals=refusals, reads=form).ending is Ending.REFUSED


def test_prose_for_json_may_be_a_declared_refusal() -> None:
    refusals = compiled(REFUSES, Path(), "service")
    assert reply(message("I cannot read it."), refusals=refusals, reads="json").ending is Ending.REFUSED
    assert reply(message("It is 12."), refusals=refusals, reads="json").ending is Ending.CRASHED


@pytest.mark.parametrize("usage", [{}, [], {"prompt_tokens": "9", "completion_tokens": -1}, {"prompt_tokens": 1e400}])
def test_tokens_that_are_none_are_not_counted(usage: object) -> None:
    sent = json.loads(message("12")) | {"usage": usage}
    got = reply(json.dumps(sent).encode(), prices=Prices(input=1, output=1))
    assert (got.answer, got.figures, got.cost) == ("12", {}, None)
