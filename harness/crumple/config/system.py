"""[system] in crumple.toml: what is tested and how it is called, for every kind of system."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from crumple.config.fields import (
    Argv,
    Argvs,
    Batch,
    Callable,
    Duration,
    Money,
    Pointer,
    Refusals,
    Section,
    Size,
    Text,
    is_callable,
    listed,
)

KINDS: Final = ("call", "factory", "command", "url", "chat", "batch")
_LOCAL = ("call", "factory", "command")
_SERVICES = ("url", "chat")
# Which kinds a key goes with; what is not named here goes with all of them.
_GOES_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "input": ("call", "factory", "chat"),
    "python": ("call", "factory"),
    "spare": ("call", "factory"),
    "startup": _LOCAL,
    "memory": (*_LOCAL, "batch"),
    "output": (*_LOCAL, "batch"),
    "env": (*_LOCAL, "batch"),
    "reads": ("command", "url", "chat", "batch"),
    "before": ("command",),
    "answer_command": ("command",),
    "leaves": ("command",),
    "method": ("url",),
    "body": ("url",),
    "field": ("url",),
    "template": ("url",),
    "poll": ("url",),
    "headers": _SERVICES,
    "answer": _SERVICES,
    "retry": _SERVICES,
    "retries": _SERVICES,
    "ca": _SERVICES,
    "model": ("chat",),
    "key": ("chat",),
    "instructions": ("chat",),
    "prompt": ("chat",),
    "schema": ("chat",),
    "prices": ("chat",),
    "options": ("chat",),
    "stream": ("chat",),
}


def kinds_of(key: str) -> tuple[str, ...]:
    """The kinds of system that a key of [system] goes with."""
    return (key,) if key in KINDS else _GOES_WITH.get(key, KINDS)


def goes_with(key: str, kinds: Collection[str]) -> bool:
    """Whether a key of [system] goes with one of these kinds of system; without any, with whatever there is."""
    return not kinds or any(kind in kinds_of(key) for kind in kinds)


_INPUTS = {"chat": ("text", "image", "file")}
_CALL_INPUTS = ("bytes", "path", "text", "image", "record")


def _cost(value: object) -> object:
    if isinstance(value, str) and is_callable(value):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise ValueError('must be the money that a call costs, or the "module:function" that tells it from an answer')
    return float(value)


class State(Section):
    """Where an answer says how a job stands, and what it says there."""

    at: Pointer
    """JSON pointer of the value."""
    among: Annotated[tuple[Any, ...], BeforeValidator(listed)] = Field(alias="in")
    """The values that mean it."""


class Poll(Section):
    """[system.poll]: of a service that takes a job and is asked later how it stands."""

    url: Text
    """Where to ask; {id} is the job's, {location} the Location header of the first answer."""
    id: Pointer = "/id"
    """JSON pointer of the job's id in the first answer."""
    every: Duration = 1.0
    """How often to ask; an answer's Retry-After goes first."""
    done: State
    """When it is done: { at = "/status", in = ["done"] }."""
    failed: State | None = None
    """When it has failed, which is a crash."""
    refused: State | None = None
    """When the service says that it cannot."""
    fetch: Text | None = None
    """Where the answer is, with {id}; by default it stands in the last answer that was polled."""
    cancel: Text | None = None
    """What is sent a DELETE, with {id}, where the time limit ends a job."""


class Prices(Section):
    """What a model costs, in money for a million tokens."""

    input: Money
    """Tokens that are sent."""
    output: Money
    """Tokens that come back."""
    cached: Money | None = None
    """Tokens that are sent and that the service still knew; by default as others."""


class System(Section):
    """[system]: what is tested, how it is called, and what one call may take."""

    call: Callable | None = None
    """What is tested, "module:function", plain or async, found relative to the file: given a document, it returns
    the answer."""
    factory: Callable | None = None
    """Instead of call, the "module:function" that builds the system in each worker and returns what is called."""
    command: Argv | None = None
    """Or a command and its arguments, in which {input}, {output}, {work}, {name}, {media_type}, {inputs} and {parts}
    are replaced; without {input} the document goes to its standard input."""
    url: Text | None = None
    """Or where an HTTP service takes documents; {name}, {media_type}, {text} and {inputs/key} in it are replaced."""
    chat: Text | None = None
    """Or the base URL of an OpenAI-compatible service: "https://api.example.com/v1"."""
    batch: Batch | None = None
    """Or a command that processes a whole folder, {input}, and writes the answers into another, {output}; "by hand"
    where a person does, with `crumple export` and `crumple judge`."""
    input: Literal["bytes", "path", "text", "image", "record", "file"] | None = None
    """The form that documents are given in. Functions: "bytes" (the default), "path", "text", "image" (a numpy
    array) or "record" (its JSON value). Chat models: "text" (the default), "image" or "file"."""
    python: Text | None = None
    """The interpreter that a function lives in, such as ".venv/bin/python"; by default crumple's own."""
    timeout: Duration = 30.0
    """How long one call may take before it is ended as hung: "30s", "200ms"."""
    startup: Duration = 300.0
    """How long loading the system may take."""
    memory: Size = 2 * 2**30
    """How much memory the system and all that it starts may hold: "2GiB"."""
    output: Size = 2**20
    """How much one call may print: "1MiB"."""
    largest_answer: Size = 64 * 2**20
    """How large an answer may be: "64MiB"."""
    spare: Literal[0, 1] = 1
    """Whether a second, loaded worker is kept ready for when one dies; large systems have none."""
    refuses: Refusals = ()
    """How the system says that it cannot: an exception ("module.Class"), a predicate of the answer ("module:function"),
    an exit code or an HTTP status, `{ answer = "/pointer", equals = true }` or `{ matches = "regular expression" }`."""
    cost: Annotated[float | str | None, BeforeValidator(_cost)] = None
    """The money that a call costs, or the "module:function" that tells it from an answer."""
    version: Text | None = None
    """What the system's version is called; by default a digest of the function's module or of the command's files."""
    version_command: Argv | None = None
    """A command whose output is the system's version."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """Variables that are added to the environment of the system."""
    reads: Literal["text", "json", "csv", "bytes"] | None = None
    """How an answer is read: "text" (the default of commands, and of chat models without a schema), "json" (of
    services, and with a schema), "csv" or "bytes"."""
    before: Argvs = ()
    """Commands that are run before each call, in the folder of the file: [["createdb", "{work}/t.db"]]."""
    answer_command: Argv | None = None
    """A command that is run after each call and prints the answer: a query of what was imported."""
    leaves: Literal["nothing"] | None = None
    """"nothing": after a refusal or a crash the answer must be empty; one that is not is wrong, a partial write."""
    method: Literal["POST", "PUT", "PATCH", "GET"] = "POST"
    """How the document is sent."""
    body: Literal["raw", "multipart", "json"] | None = None
    """What is sent: the document itself ("raw", the default), a form with it ("multipart"), or JSON made from
    template ("json")."""
    field: Text = "file"
    """The form's field that holds the document."""
    template: Any = None
    """The JSON that is sent, or a form's further fields; in its texts {base64}, {text}, {name}, {media_type},
    {inputs} and {parts} are replaced."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Headers of every request: { Authorization = "Bearer ${TOKEN}" }."""
    answer: Pointer = ""
    """JSON pointer of the answer in what the service sends: "/result"."""
    retry: Literal["safe", "any"] = "safe"
    """"safe": a POST is sent again only where it cannot have been taken (a failed connection, 429, 503); "any": also
    after other failures of the connection and other 5xx statuses."""
    retries: Annotated[int, Field(ge=0, le=20)] = 4
    """How often it is sent again."""
    ca: Text | None = None
    """A file with the certificates of a private authority."""
    poll: Poll | None = None
    """How to ask for the answer of a service that takes a job."""
    model: Text | None = None
    """The chat model's name."""
    key: Text | None = None
    """The chat service's key: "${OPENAI_API_KEY}"."""
    instructions: str = ""
    """The system message."""
    prompt: str | None = None
    """The user's message; {document} is the document's text, {inputs} what goes with it, {question} one of its keys."""
    schema_file: Text | None = Field(default=None, alias="schema")
    """A file with the JSON schema that answers must keep to; it is sent along."""
    prices: Prices | None = None
    """What the model costs a million tokens: { input = 0.15, output = 0.60 }."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """What else is sent with each request: { temperature = 0 }."""
    stream: bool = False
    """Whether the answer is asked for as a stream."""

    @property
    def kind(self) -> str:
        """The key that says what is tested."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> System:
        named = [name for name in KINDS if getattr(self, name) is not None]
        if len(named) != 1:
            raise PydanticCustomError("value_error", f"must have exactly one of {', '.join(KINDS)}")
        kind = named[0]
        for name in sorted(self.model_fields_set):
            key = type(self).model_fields[name].alias or name
            if kind not in kinds_of(key):
                homes = " or ".join(kinds_of(key))
                raise PydanticCustomError("value_error", f"has {key}, which goes with {homes}, not with {kind}")
        allowed = _INPUTS.get(kind, _CALL_INPUTS)
        if self.input is not None and self.input not in allowed:
            raise PydanticCustomError("value_error", f"has input {self.input!r}; with {kind} it may be {_any(allowed)}")
        if self.version is not None and self.version_command is not None:
            raise PydanticCustomError("value_error", "must have at most one of version and version_command")
        return self


def _any(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{each}"' for each in words[:-1]) + f' or "{words[-1]}"'
