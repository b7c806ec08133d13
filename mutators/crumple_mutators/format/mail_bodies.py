"""How a mail carries its text: beside HTML, as HTML, as an attachment, in lines that flow."""

from __future__ import annotations

import html
import re
from typing import Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.mail_structure import MAIL, ORDER, Entity, end_of_line, fields, letter
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_BOUNDARY: Final = "=_part_{}"
_UNBROKEN: Final = 1_000_000
_FLOWED: Final = "Content-Type: text/plain; format=flowed"
_AMOUNT: Final = re.compile(r"(?<![\w.,:/-])(\d+[.,])\d{2}(?![\w:/-]|[.,]\d)")
_NOTICE: Final = "This message is best viewed in a program that can display HTML."


@mutator(
    "format.mail_form",
    only=MAIL,
    form=Ladder("alternative", "html", "notice", "attached text", "attached html", unit="form"),
    examples=[ORDER],
)
def form(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Carry the text of a mail otherwise: with HTML beside it, as HTML alone, with a notice where the text was.

    Or as an attached file under an empty message, as scanners, portals and newsletters send theirs. The text is the
    same, line by line, so the answer is the same. Ladder: a first guess, by how much a reader has to open.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    body = value[part.body.start : part.body.end]
    charset = _charset(value, part)
    page = _page(body, charset, end)
    text_part, page_part = _Part(f"text/plain{charset}", body), _Part(f"text/html{charset}", page)
    if form == "html":
        return Degraded(_replaced(text, part, page_part, end))
    inner = {
        "alternative": ("alternative", (text_part, page_part)),
        "notice": ("alternative", (_Part("text/plain", _NOTICE + end), page_part)),
        "attached text": ("mixed", (_Part("text/plain", end), _Part(f"text/plain{charset}", body, "message.txt"))),
        "attached html": ("mixed", (_Part("text/plain", end), _Part(f"text/html{charset}", page, "message.html"))),
    }[form]
    return Degraded(_replaced(text, part, _several(value, inner[1], end, rng, inner[0]), end))


@mutator(
    "format.mail_disagreeing",
    truth="new",
    refusable_from=1,
    only=MAIL,
    share=shares("amounts"),
    examples=[ORDER],
)
def disagreeing(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put HTML beside the text of a mail that says other amounts, as templates do of which one half was kept up.

    Programs show the HTML and scripts read the text, and which is meant cannot be told: either is right, and refusing
    is acceptable. Ladder: the shares of `form`, of the different amounts with two decimals.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    body = value[part.body.start : part.body.end]
    found = list(_AMOUNT.finditer(body))
    amounts = sorted({each[0] for each in found})
    some(amounts, "its text holds no amounts")
    digits = rng.integers(10, 90, size=len(amounts)).tolist()
    hit = {amounts[at]: digits[at] for at in chosen(rng, len(amounts), share)}
    spans, new, values = list[Span](), list[str](), dict[Place, Json]()
    for each in found:
        if each[0] in hit:
            cents = (int(each[0][-2:]) + hit[each[0]]) % 100
            spans.append(Span(*each.span()))
            new.append(f"{each[1]}{cents:02d}")
            values[Span(part.body.start + each.start(), part.body.start + each.end())] = AnyOf(each[0], new[-1])
    if not values:
        return Degraded(text)
    charset = _charset(value, part)
    inner = (
        _Part(f"text/plain{charset}", body),
        _Part(f"text/html{charset}", _page(spliced(body, spans, new), charset, end)),
    )
    return Degraded(_replaced(text, part, _several(value, inner, end, rng), end), truth=Edit(values=values))


def _several(value: str, inner: tuple[_Part, ...], end: str, rng: Generator, kind: str = "alternative") -> _Part:
    """Parts in a part of several."""
    boundary = _unused(value, int(rng.integers(10**9)))
    lines = "".join(f"--{boundary}{end}{each.written(end)}{end}" for each in inner)
    return _Part(f'multipart/{kind};{end} boundary="{boundary}"', f"{lines}--{boundary}--{end}")


class _Part:
    """A part that is written anew: its type, its content, and its name where it is a file."""

    def __init__(self, content_type: str, body: str, name: str = "") -> None:
        self.content_type, self.body, self.name = content_type, body, name

    def head(self, end: str) -> str:
        encoding = "7bit" if self.body.isascii() else "8bit"
        lines = [f"Content-Type: {self.content_type}", f"Content-Transfer-Encoding: {encoding}"]
        if self.name:
            lines.append(f'Content-Disposition: attachment; filename="{self.name}"')
        return "".join(line + end for line in lines)

    def written(self, end: str) -> str:
        return self.head(end) + end + self.body


def _replaced(text: Text, part: Entity, new: _Part, end: str) -> Text:
    """The mail with another content in one part; its other headers stay."""
    value = text.value
    gone = [each.whole for each in fields(value, part.head) if each.name.startswith("content-")]
    spans = [*gone, Span(part.head.end, part.head.end), part.body]
    versioned = part.head.start or any(each.name == "mime-version" for each in fields(value, part.head))
    head = new.head(end) if versioned else f"MIME-Version: 1.0{end}{new.head(end)}"
    return text.with_value(spliced(value, spans, [*([""] * len(gone)), head, new.body]))


def _charset(value: str, part: Entity) -> str:
    """The charset as the part's header says it; what it does not say is not said anew."""
    said = re.search(r"charset\s*=\s*\"?([\w.:-]+)", value[part.head.start : part.head.end], re.IGNORECASE)
    return f"; charset={said[1]}" if said else ""


def _page(body: str, charset: str, end: str) -> str:
    """The text as a page: each line a paragraph."""
    lines = (html.escape(line, quote=False) for line in re.split(r"\r?\n", body.rstrip()))
    shown = end.join(f"<p>{line or '&nbsp;'}</p>" for line in lines)
    meta = f'<meta http-equiv="Content-Type" content="text/html{charset}">' if charset else ""
    return f"<html><head>{meta}</head><body>{end}{shown}{end}</body></html>{end}"


def _unused(value: str, draw: int) -> str:
    number = draw
    while _BOUNDARY.format(number) in value:
        number += 1
    return _BOUNDARY.format(number)


@mutator(
    "format.mail_flowed",
    only=MAIL,
    width=Ladder(76, 60, 45, 30, 20, unit="characters", zero=_UNBROKEN),
    examples=[ORDER],
)
def flowed(text: Text, width: int, rng: Generator) -> Degraded[Text]:
    """Break the lines of a mail's text after a space and say format=flowed (RFC 3676), as mail programs and phones do.

    A line that ends in a space goes on in the next, so the answer is the same. Ladder: a first guess, from the usual 76
    characters to a phone's 20.
    """
    value, end = text.value, end_of_line(text.value)
    part = letter(value)
    body = value[part.body.start : part.body.end]
    if re.search(r"[ \t](?=\r?\n|\Z)|^[> ]|^From ", body, re.MULTILINE):
        raise NotApplicable("it holds lines that would mean something else if they flowed")
    lines = body.split(end)
    long = [len(line) > width for line in lines]
    if not any(long):
        if width < _UNBROKEN:
            raise NotApplicable(f"no line is longer than {width} characters")
        return Degraded(text)
    flown = (_flown(line, int(width), end) if more else line for line, more in zip(lines, long, strict=True))
    broken = end.join(flown)
    kind = next((each for each in fields(value, part.head) if each.name == "content-type"), None)
    # Where the header does not say what the text is, it says so now.
    place, said = (kind.value.end, "; format=flowed") if kind else (part.head.end, f"{_FLOWED}{end}")
    spans, new = [Span(place, place), part.body], [said, broken]
    return Degraded(text.with_value(spliced(value, spans, new)), touched=[part.body])


def _flown(line: str, width: int, end: str) -> str:
    """A long line in several, each but the last with a space at its end."""
    pieces, length = list[str](), 0
    for word in line.split(" "):
        if length and length + len(word) > width:
            pieces.append(end)
            length = 0
        pieces += (word, " ")
        length += len(word) + 1
    return "".join(pieces[:-1])
