"""Systems that are chat models: anything that speaks the /chat/completions of OpenAI's interface."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit, urlunsplit

from crumple.adapters import Prepared, Request
from crumple.adapters.chat.documents import SHOWINGS
from crumple.adapters.chat.prices import Prices
from crumple.adapters.chat.prompt import Prompt
from crumple.adapters.chat.replies import ChatReplies
from crumple.adapters.chat.schema import digest, response_format
from crumple.adapters.refusal import check, compiled
from crumple.adapters.replies import own_fault
from crumple.adapters.service.exchange import Exchange, Heard
from crumple.adapters.service.replies import failure
from crumple.adapters.service.transport import Terms, Transport
from crumple.errors import CrumpleError, VoidRunError
from crumple.outcome import Reply
from crumple.urls import check_url, place_of

_OWN: Final = ("model", "messages", "stream", "stream_options", "n")
_STARTING: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSystem:
    """A chat model; pickled to every lane.

    Attributes:
        root: the configuration file's folder, which files are named from.
        url: the service's base URL, "https://api.example.com/v1".
        model: the model's name.
        key: what the service knows its caller by; "" where it asks for none.
        instructions: the system message; "" for none.
        prompt: the user's message, in which {document}, {inputs} and a case's inputs by name are replaced; None: the
            question, or whatever a case passes on, and below it the document.
        input: how documents are given: as "text" in the prompt, as an "image" of each page, or as a "file" beside it.
        schema: a file with the JSON schema that is sent along; "" for none.
        options: what else is sent with every call: {"temperature": 0}.
        reads: how the model's answer is read: "text", "json", "csv" or "bytes"; "": JSON where there is a schema.
        answer: JSON pointer of the answer in it.
        stream: whether the answer is asked for as a stream.
        prices: of the model's tokens.
        headers: of every request.
        retry: "safe", or "any" to send a call again after every failure of connection or service.
        refuses: by what the system refuses, statuses as well; see `crumple.adapters.refusal`.
        terms: time limit, concurrency, rate, retries, limit of answers, private authority.
    """

    root: Path
    url: str
    model: str
    key: str = field(default="", repr=False)
    instructions: str = ""
    prompt: str | None = None
    input: Literal["text", "image", "file"] = "text"
    schema: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    reads: Literal["", "text", "json", "csv", "bytes"] = ""
    answer: str = ""
    stream: bool = False
    prices: Prices | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    retry: Literal["safe", "any"] = "safe"
    refuses: tuple[object, ...] = ()
    terms: Terms = field(default_factory=Terms)

    def __post_init__(self) -> None:
        check_url(self.url, "[system] chat")
        if not self.model:
            raise CrumpleError("model is missing", where="[system]", hint="Name the model as the service does.")
        for name in _OWN:
            if name in self.options:
                raise CrumpleError(
                    f"options has {name!r}, which crumple sends itself", where="[system] options", hint=_INSTEAD[name]
                )
        if self.schema and "response_format" in self.options:
            raise CrumpleError(
                "options has 'response_format', and there is a schema", where="[system] options", hint="Keep one."
            )
        if self.schema and self.reads not in ("", "json"):
            raise CrumpleError(
                f"reads is {self.reads!r}, and there is a schema",
                where="[system]",
                hint="Answers to a schema are JSON.",
            )
        if self.answer and self.form != "json":
            raise CrumpleError(
                f"answer is {self.answer!r}, and answers are read as {self.form}",
                where="[system] answer",
                hint='A pointer leads into JSON: reads = "json", or a schema.',
            )
        self.terms.check(self.root)
        if self.schema and not (self.root / self.schema).is_file():
            raise CrumpleError(
                f"there is no file {self.schema!r}", where="[system] schema", hint=f"It is looked for in {self.root}."
            )
        Prompt(self.prompt, self.input == "text")
        check(self.refuses, "service")

    @property
    def form(self) -> Literal["text", "json", "csv", "bytes"]:
        """How answers are read."""
        return self.reads or ("json" if self.schema else "text")

    @property
    def longest(self) -> float:
        """Seconds that one call may take at the most, all attempts and waiting included."""
        return self.terms.longest

    @property
    def concurrency(self) -> int:
        """How many calls may be out at a time, over all lanes."""
        return self.terms.concurrency

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the model in the form that it is given documents in."""
        return SHOWINGS[self.input].sees(view)

    def version(self) -> str:
        """The URL, the model, and a digest of the schema."""
        named = f"{place_of(self.url)} {self.model}"
        if not self.schema:
            return named
        return f"{named} {digest(self.root / self.schema)}"

    def divided(self, lanes: int) -> ChatSystem:
        """The share of one of so many lanes."""
        return replace(self, terms=self.terms.divided(lanes))

    def adapter(self, scratch: Path) -> ChatAdapter:
        """An adapter for one lane; it needs no files."""
        return ChatAdapter(self)

    def place(self, of: str) -> str:
        """The URL of a part of the service, such as "chat/completions"."""
        parts = urlsplit(self.url)
        base = parts.path.rstrip("/").removesuffix("/chat/completions")
        return urlunsplit(parts._replace(path=f"{base}/{of}", fragment=""))

    def identified(self) -> tuple[tuple[str, str], ...]:
        """The headers of every request, credentials among them."""
        named = {"content-type": "application/json"}
        if self.key:
            named["authorization"] = f"Bearer {self.key}"
        named |= {name.lower(): value for name, value in self.headers.items()}
        return tuple(named.items())


_INSTEAD: Final = {
    "model": "It is the key model of [system].",
    "messages": "They are made of instructions and prompt.",
    "stream": "It is the key stream of [system].",
    "stream_options": "With stream = true the tokens are asked for by themselves.",
    "n": "One answer is judged; repeat = n in [run] asks for more.",
}


class ChatAdapter:
    """Calls a chat model, with many calls out."""

    def __init__(self, system: ChatSystem) -> None:
        """Read the schema.

        Raises:
            CrumpleError: it cannot be read or is none, or what `refuses` names cannot be imported.
        """
        self._system = system
        self._show = SHOWINGS[system.input].show
        self._prompt = Prompt(system.prompt, system.input == "text")
        self._place = system.place("chat/completions")
        self._headers = system.identified()
        self._always = _always(system)
        self._replies = ChatReplies(
            reads=system.form,
            strict=bool(system.schema),
            pointer=system.answer,
            streamed=system.stream,
            refusals=compiled(system.refuses, system.root, "service"),
            prices=system.prices,
        )
        self._transport = Transport(system.terms.of(system.root, self._replies.refusals.codes))

    def start(self) -> None:
        """Connect, and ask which models there are, which costs nothing: to learn whether the key is taken.

        Raises:
            CrumpleError: httpx is not installed, or `ca` cannot be read.
            VoidRunError: the service cannot be reached, or does not take the key.
        """
        try:
            self._transport.start(self._place)
        except VoidRunError as error:
            raise VoidRunError(str(error).rstrip(".").replace("[system] url", "[system] chat")) from None
        question = Exchange("GET", self._system.place("models"), self._headers, counted=False)
        self._transport.send(None, lambda line: line.ask(question, until=time.monotonic() + _STARTING))
        arrived: list[tuple[Any, Any]] = []
        while not arrived:
            arrived = self._transport.arrived(_STARTING)
        heard = arrived[0][1]
        if isinstance(heard, Heard) and heard.whole and heard.status == 401:
            self._transport.close()
            void = failure(heard)
            named = "the key" if self._system.key else "a call without a key"
            raise VoidRunError(
                f"the service refuses {named}: {void.cause.rstrip('.') if void else heard.status}",
                where="[system] key",
                hint='Write key = "${NAME}", and set NAME in the environment.',
            )

    def prepare(self, request: Request) -> Prepared:
        """The call as it is sent.

        Raises:
            NotApplicable: the document cannot be given in the form that the model takes.
            CrumpleError: the prompt and what the case passes on do not go together.
        """
        document = request.document
        shown = self._show(document)
        beside = {part.name: self._show(part) for part in request.parts}
        text = self._prompt.filled(
            request.inputs,
            name=document.name,
            media_type=document.media_type,
            document=shown.text,
            parts={name: each.text for name, each in beside.items()},
        )
        content: Any = text
        if self._system.input != "text":
            along = [*shown.content, *(each for part in beside.values() for each in part.content)]
            content = [*([{"type": "text", "text": text}] if text else []), *along]
        messages = [{"role": "user", "content": content}]
        if self._system.instructions:
            messages.insert(0, {"role": "system", "content": self._system.instructions})
        body = json.dumps({"model": self._system.model, "messages": messages, **self._always}).encode()
        again = self._system.retry == "any"
        return Prepared(Exchange("POST", self._place, self._headers, body, repeatable=again), shown.seen)

    @property
    def room(self) -> int:
        """How many more calls may be sent now."""
        return self._transport.room

    def send(self, prepared: Prepared) -> None:
        """Begin a call; returns at once."""
        exchange: Exchange = prepared.message
        self._transport.send(prepared, lambda line: line.ask(exchange))

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        """The replies that are there; waits so many seconds for the first."""
        return [(prepared, self._reply(heard)) for prepared, heard in self._transport.arrived(timeout)]

    def _reply(self, heard: object) -> Reply:
        if isinstance(heard, Heard):
            return self._replies.reply(heard)
        return own_fault(heard if isinstance(heard, BaseException) else TypeError(repr(heard)))

    def close(self) -> None:
        """End the connections."""
        self._transport.close()


def _always(system: ChatSystem) -> dict[str, Any]:
    """What every call has besides model and messages."""
    always: dict[str, Any] = dict(system.options)
    if system.stream:
        always |= {"stream": True, "stream_options": {"include_usage": True}}
    if system.schema:
        always["response_format"] = response_format(system.root / system.schema)
    return always
