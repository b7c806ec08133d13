"""What a chat service said, as a reply: an answer, a refusal, a failure of the model's, or nobody's. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from crumple.adapters.chat.completion import Completion, completion
from crumple.adapters.chat.prices import Prices, Usage
from crumple.adapters.reading import Misread, read
from crumple.adapters.refusal import Refusals
from crumple.adapters.replies import one_line, own_fault
from crumple.adapters.service.exchange import Heard
from crumple.adapters.service.replies import beginning, failure
from crumple.errors import CrumpleError
from crumple.normalise import holds_values
from crumple.outcome import Ending, Reply
from crumple.truth import ABSENT, lookup

_TOO_LONG: Final = re.compile(
    r"context.{0,20}(?:length|window|limit|size)|maximum.{0,30}tokens|too many (?:input )?tokens"
    r"|(?:prompt|input) is too long|reduce the length",
    re.IGNORECASE,
)
_NO_CREDIT: Final = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTERED: Final = ("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation")
_NO_MODEL: Final = "Check [system] model, and that [system] chat is the base URL, as in https://api.example.com/v1."
_NO_MONEY: Final = "The account has no credit left, or has reached a limit of its own."


@dataclass(frozen=True, slots=True)
class ChatReplies:
    """How the answers of one chat service are read.

    Attributes:
        reads: "text", "json", "csv" or "bytes".
        strict: whether a JSON schema was sent, so that the answer must be JSON and nothing but.
        pointer: JSON pointer of the answer in what the model says.
        streamed: whether streams are asked for.
        refusals: what counts as a refusal.
        prices: of its tokens.
    """

    reads: Literal["text", "json", "csv", "bytes"] = "text"
    strict: bool = False
    pointer: str = ""
    streamed: bool = False
    refusals: Refusals = field(default_factory=Refusals)
    prices: Prices | None = None

    def reply(self, heard: Heard) -> Reply:
        """The reply for one call.

        - An answer that is not JSON where it must be, that was cut at the token limit or that never was one is a
          crash of its own kind; a filter of contents is a refusal, and so is a message that says so.
        - What depends on the account and not on the document is void: the key, the credit, the model's name.
        """
        reply, usage = self._read(heard)
        cost = None
        if self.prices is not None:
            if usage is not None:
                cost = self.prices.of(usage)
            elif heard.whole and heard.status >= 400:
                cost = 0.0  # what is refused is not charged for
        figures = {} if usage is None else usage.figures
        return replace(reply, cost=cost, figures=figures, seconds=heard.seconds, attempts=heard.attempts)

    def _read(self, heard: Heard) -> tuple[Reply, Usage | None]:
        if heard.whole and (heard.status >= 400 or heard.status in self.refusals.codes):
            return self._failed(heard, _error(heard.body)), None
        if (failed := failure(heard)) is not None:
            return failed, None
        try:
            said = completion(heard.body, streamed=self.streamed)
        except Misread as misread:
            return _crashed(misread.kind, misread.why, heard.body.decode("utf-8", "replace")), None
        if said.error is not None:
            code = said.error.get("code")
            status = code if isinstance(code, int) and 400 <= code <= 599 else 500
            body = json.dumps({"error": said.error}).encode()
            return self._failed(replace(heard, status=status, body=body), said.error), said.usage
        return self._said(said), said.usage

    def _failed(self, heard: Heard, error: Mapping[str, Any]) -> Reply:
        """The reply where the service reports an error."""
        words = {str(error.get(name)) for name in ("code", "type")}
        inner = error.get("innererror")
        if isinstance(inner, Mapping):
            words.add(str(inner.get("code")))
        message = str(error.get("message") or "")
        cause = one_line(f"status {heard.status}: {message}".rstrip(": "))
        if declared := self._declared(heard, error):
            return declared
        if words.intersection(_FILTERED):
            return Reply(Ending.REFUSED, None, cause, "content filter", detail=beginning(message))
        if "context_length_exceeded" in words or (heard.status in (400, 413, 422) and _TOO_LONG.search(message)):
            return Reply(Ending.CRASHED, None, cause, "context length exceeded", detail=beginning(message))
        if words.intersection(_NO_CREDIT) or heard.status == 402:
            return _void(cause, f"no credit ({heard.status})", _NO_MONEY)
        if heard.status == 404 or "model_not_found" in words:
            return _void(cause, f"no such model or URL ({heard.status})", _NO_MODEL)
        failed = failure(heard)
        assert failed is not None
        return failed

    def _declared(self, heard: Heard, error: Mapping[str, Any]) -> Reply | None:
        """The reply where a status or an error's body is declared as a refusal."""
        if heard.status in self.refusals.codes:
            said = f"status {heard.status}"
            return Reply(Ending.REFUSED, None, said, said, detail=beginning(str(error.get("message") or "")))
        return self._refused({"error": dict(error)} if error else heard.body.decode("utf-8", "replace"))

    def _refused(self, answer: Any) -> Reply | None:
        if not self.refusals.conditions:
            return None
        try:
            entry = self.refusals.answer(answer)
        except CrumpleError as error:
            return own_fault(error)
        if not entry:
            return None
        return Reply(Ending.REFUSED, None, f"answer: {entry}", f"answer: {entry}", detail=one_line(str(answer)))

    def _said(self, said: Completion) -> Reply:
        """The reply for a message of the model's."""
        if said.refusal or said.finish == "content_filter":
            kind = "refusal" if said.refusal else "content filter"
            return Reply(Ending.REFUSED, None, one_line(said.refusal or kind), kind, detail=beginning(said.text))
        if said.finish == "length":
            tokens = f" after {said.usage.answered} tokens" if said.usage else ""
            return _crashed("answer cut at the token limit", f"answer cut at the token limit{tokens}", said.text)
        if not holds_values(said.text):
            if said.calls:
                return _crashed("called a tool", "it called a tool instead of answering", "")
            return self._refused("") or Reply(Ending.ANSWERED, None)
        try:
            answer = self._form(said.text)
        except Misread as misread:
            return self._refused(said.text) or _crashed(misread.kind, misread.why, said.text)
        if refused := self._refused(answer):
            return refused
        if self.pointer:
            answer = lookup(answer, self.pointer) if isinstance(answer, (Mapping, list)) else ABSENT
            if answer is ABSENT:
                return _crashed(f"nothing at {self.pointer}", f"the answer has nothing at {self.pointer}", said.text)
        return Reply(Ending.ANSWERED, answer)

    def _form(self, text: str) -> Any:
        if self.reads == "text":
            return text.strip()
        if self.reads == "json":
            inner = unfenced(text)
            if self.strict and inner is not text:
                raise Misread("answer is not JSON", "it is in a code fence, and a schema was sent")
            text = inner
        return read(text.encode("utf-8", "replace"), self.reads)


def unfenced(text: str) -> str:
    """What stands in the code fence that is all of a text; the text itself where it is no such."""
    first, line_end, rest = text.strip().partition("\n")
    if not (line_end and rest.endswith("```") and first.startswith("```") and "`" not in first[3:]):
        return text
    return rest[:-3]


def _error(body: bytes) -> Mapping[str, Any]:
    """What a service says of an error: under "error" as most do, or at the top."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sent, Mapping):
        return {}
    error = sent.get("error", sent)
    if isinstance(error, Mapping):
        return error
    return {**sent, "message": error} if isinstance(error, str) else {}


def _void(cause: str, kind: str, hint: str) -> Reply:
    return Reply(Ending.VOID, None, one_line(f"{cause.rstrip('.')}. {hint}"), kind, detail=hint)


def _crashed(kind: str, cause: str, detail: str) -> Reply:
    return Reply(Ending.CRASHED, None, one_line(cause), kind, detail=beginning(detail))
