"""What is sent to an HTTP service for one document: URL, headers and body, from what is configured. No I/O."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from crumple.adapters import Request
from crumple.adapters.forms import INPUTS, Form, as_text
from crumple.adapters.placeholders import check, filled, names
from crumple.adapters.service.exchange import Exchange
from crumple.errors import CrumpleError
from crumple.truth import ABSENT, Json, Truth, lookup
from crumple.urls import check_url

BODIES: Final = ("raw", "multipart", "json")
IN_BODY: Final = ("base64", "text", "name", "media_type", "inputs", "parts")
IN_URL: Final = ("text", "name", "media_type", "inputs")
_LONE = re.compile(r"\{(inputs|parts)((?:/[^{}/]*)*)\}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SENT_BY_HTTPX = {"host", "content-length", "transfer-encoding", "connection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How a request is made from a document.

    Attributes:
        url: with {name}, {media_type}, {inputs/key} and {text} in it.
        method: "POST" and so on.
        body: "raw", "multipart" or "json"; "" for none.
        form_field: the form's field that holds the document.
        template: the JSON that is sent, or the form's further fields; with placeholders in its texts.
        headers: of every request; {name} and {media_type} in their values.
    """

    url: str
    method: str = "POST"
    body: str = "raw"
    form_field: str = "file"
    template: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Reject what could not be sent, or would be sent without the document.

        Raises:
            CrumpleError: with the key.
        """
        check_url(self.url, "[system] url")
        check(self.url, IN_URL, "[system] url")
        for name, value in self.headers.items():
            _check_header(name, value)
        if self.body not in {*BODIES, ""}:
            raise CrumpleError(f"there is no body {self.body!r}", where="[system] body", got=self.body, allowed=BODIES)
        for text in _texts(self.template):
            check(text, IN_BODY, "[system] template")
        self._check_template()

    def _check_template(self) -> None:
        where = "[system] template"
        if self.body == "json":
            if self.template is None:
                raise CrumpleError("a JSON body needs a template", where=where, hint=_EXAMPLE)
        elif self.template is not None:
            if self.body != "multipart":
                raise CrumpleError('it goes with body = "json" or "multipart"', where=where, hint=_EXAMPLE)
            if not isinstance(self.template, Mapping):
                raise CrumpleError("of a form it is a table of fields", where=where, hint='Like { lang = "en" }.')
        if self.body in {"json", ""} and not self.carried:
            what = "the document is nowhere in it"
            if self.body:
                raise CrumpleError(what, where=where, hint=_EXAMPLE)
            hint = 'Put {text} into the url, such as "?text={text}", or name a body.'
            raise CrumpleError(what, where="[system] url", hint=hint)

    @property
    def carried(self) -> frozenset[str]:
        """In which of its forms the document itself is in the request: "bytes", "text"."""
        if self.body in {"raw", "multipart"}:
            return frozenset({"bytes"})
        named = names([self.url, *_texts(self.template)])
        return frozenset({"base64": "bytes", "text": "text"}[each] for each in named & {"base64", "text"})

    def sees(self, view: type) -> bool:
        """Whether damage made in this view is in the request."""
        return INPUTS["bytes" if "bytes" in self.carried else "text"].sees(view)

    def exchange(self, request: Request, *, repeatable: bool) -> tuple[Exchange, Form | None]:
        """The request for one document, and the text that is seen of it where that is all.

        Args:
            request: the document and what goes with it.
            repeatable: whether it may be sent again whatever became of it.

        Raises:
            NotApplicable: the document is not text, and text is what is sent.
        """
        document, form = request.document, None
        values: dict[str, Truth] = {
            "name": document.name,
            "media_type": document.media_type,
            "inputs": request.inputs,
        }
        named = names([self.url, *_texts(self.template)])
        if "text" in named:
            form = as_text(document)
            values["text"] = form.body.decode("utf-8")
        if "base64" in named:
            values["base64"] = _base64(document.data)
        if "parts" in named:
            values["parts"] = [_part(each.name, each.media_type, each.data) for each in request.parts]
        media_type, content = self._body(request, values)
        headers = {"Content-Type": media_type} if media_type else {}
        for name, value in self.headers.items():
            headers = {held: each for held, each in headers.items() if held.lower() != name.lower()}
            headers[name] = _header(value, values)
        quoted = {name: _quoted(value) for name, value in values.items() if name in IN_URL and name != "inputs"}
        url = filled_url(self.url, quoted, request.inputs)
        exchange = Exchange(self.method, url, tuple(headers.items()), content, repeatable)
        return exchange, form if "bytes" not in self.carried else None

    def _body(self, request: Request, values: Mapping[str, Truth]) -> tuple[str, bytes]:
        """The body's media type, and the body."""
        if self.body == "raw":
            return request.document.media_type, request.document.data
        if self.body == "multipart":
            return _form(
                self.form_field, {name: _value(each, values) for name, each in (self.template or {}).items()}, request
            )
        if self.body == "json":
            return "application/json", json.dumps(_value(self.template, values), ensure_ascii=False).encode()
        return "", b""


def filled_url(url: str, quoted: Mapping[str, str], inputs: Json = None) -> str:
    """A URL with its placeholders filled in; of what goes with a document each value is quoted too."""

    def value(found: re.Match[str]) -> str:
        held = lookup(inputs, found[1])
        return _quoted("" if held is ABSENT else held)

    return filled(re.sub(r"\{inputs((?:/[^{}/]*)*)\}", lambda found: value(found).replace("{", "%7B"), url), quoted)


def _quoted(value: Truth) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return quote(text, safe="", errors="replace")


def _check_header(name: str, value: str) -> None:
    where = f"[system] headers {name}"
    if not _TOKEN.fullmatch(name):
        raise CrumpleError(f"{name!r} is no name of a header", where="[system] headers", hint='Like "X-Api-Key".')
    if name.lower() in _SENT_BY_HTTPX:
        raise CrumpleError(f"{name!r} cannot be set: the connection needs its own", where="[system] headers")
    if not value.isascii() or any(ord(each) < 32 or ord(each) == 127 for each in value):
        # The value is likely a secret, and is not shown.
        raise CrumpleError("its value holds line ends or characters beyond ASCII", where=where)


def _header(value: str, values: Mapping[str, Truth]) -> str:
    """A header's value; braces in it are otherwise its own, for they may be a secret's."""
    for name in ("name", "media_type"):
        if f"{{{name}}}" in value:
            value = value.replace(f"{{{name}}}", quote(str(values[name]), safe=" /+;=.,()[]", errors="replace"))
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every text in a template, keys of its tables not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _value(template: Any, values: Mapping[str, Truth]) -> Any:
    """A template filled in; a text that is one placeholder for something else than text becomes that."""
    if isinstance(template, str):
        lone = _LONE.fullmatch(template)
        if lone is None:
            return filled(template, values)
        held = lookup(values[lone[1]], lone[2])
        return None if held is ABSENT else held
    if isinstance(template, Mapping):
        return {name: _value(each, values) for name, each in template.items()}
    if isinstance(template, (list, tuple)):
        return [_value(each, values) for each in template]
    return template


def _form(name: str, fields: Mapping[str, Any], request: Request) -> tuple[str, bytes]:
    """A form with the document, further documents in fields called "parts", and further fields."""
    from crumple.adapters.service.connections import library

    document = request.document
    media_type = f"multipart/form-data; boundary=crumple-{document.digest}"
    texts = {
        key: each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for key, each in fields.items()
    }
    files = [(name, (document.name, document.data, document.media_type))]
    files += [("parts", (part.name, part.data, part.media_type)) for part in request.parts]
    made = library().Request("POST", "http://crumple/", data=texts, files=files, headers={"Content-Type": media_type})
    return media_type, bytes(made.read())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _part(name: str, media_type: str, data: bytes) -> dict[str, Json]:
    return {"name": name, "media_type": media_type, "base64": _base64(data)}


_EXAMPLE = 'Like template = { file = "{base64}", name = "{name}" }; {text} is the document as text.'
