"""How a mail says what an attached file is called."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.format.mail_structure import MAIL, ORDER, end_of_line, fields, leaves, message
from crumple_mutators.positions import some, spliced

_NAMED: Final = re.compile(r";\s*((?:file)?name)\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_WRITTEN: Final[Mapping[str, Callable[[str, str, str], str]]] = {
    "bare": lambda key, name, end: f"; {key}={name}",
    "encoded word": lambda key, name, end: f'; {key}="=?utf-8?B?{base64.b64encode(_bytes(name)).decode()}?="',
    "RFC 2231": lambda key, name, end: f"; {key}*=utf-8''{_percent(name)}",
    "continued": lambda key, name, end: "".join(
        f";{end} {key}*{at}*={piece}" for at, piece in enumerate(_halves(name))
    ),
    "no name": lambda key, name, end: "",
}


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _percent(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in _bytes(name))


def _halves(name: str) -> tuple[str, str]:
    middle = len(name) // 2
    return f"utf-8''{_percent(name[:middle])}", _percent(name[middle:])


@mutator("format.mail_attachment_name", only=MAIL, form=Ladder(*_WRITTEN, unit="form"), examples=[ORDER])
def attachment_name(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Write the names of attached files in another of the ways that mail programs have, or not at all.

    Without quotes though it has spaces; as an encoded word in quotes, which RFC 2047 forbids and all do; as RFC 2231
    has it; that in two pieces; no name. Decoded it is the same name, and what a file is its content tells: same.
    Ladder: by how many libraries miss the name, a first guess.
    """
    value, end, spans, new = text.value, end_of_line(text.value), list[Span](), list[str]()
    for part in leaves(message(value)):
        for each in fields(value, part.head):
            if each.name not in ("content-type", "content-disposition"):
                continue
            for found in _NAMED.finditer(value, each.value.start, each.value.end):
                name = found[2] or found[3]
                if "=?" in name or "\\" in name:
                    raise NotApplicable("a name in it is encoded already")
                spans.append(Span(*found.span()))
                new.append(_WRITTEN[form](found[1].lower(), name, end))
    some(spans, "it has no attachment with a name")
    if all(value[each.start : each.end] == written for each, written in zip(spans, new, strict=True)):
        raise NotApplicable("its names are written so already")
    return Degraded(text.with_value(spliced(value, spans, new)), touched=spans)
