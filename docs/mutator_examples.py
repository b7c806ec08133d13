"""What a mutator changes, in words: lines of text, inputs, answers of a dependency, facts of a file."""

from __future__ import annotations

import difflib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from PIL import Image
from pypdf import PdfReader

from crumple import Dependency, Document, Inputs, NotApplicable, Text, identify, read, views_of, visible
from crumple.dependency.faults import Answered, Cut, Dropped, Reshaped, Silent, Treatment, treatment
from crumple.dependency.sending import shortened
from crumple.dependency.shapes import reshaped
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from crumple.mutation.samples import samples
from crumple.views.format import write
from crumple_corpora.forms import Forms
from crumple_corpora.invoices import Invoices

SEED = 20
_SHOWN_LEVELS = (1, 3, 5)
_MOST_LINES, _LONGEST = 12, 160
_CALLS, _PIECE = 6, 16
_ANSWER = b'{"item": "A1", "price": 12.5, "currency": "EUR"}'
_QUESTION = {"question": "How much is due, and to whom?"}


def in_lines(mutator: Mutator) -> list[str]:
    """The lines of text that change in the first document that shows any."""
    for document in _documents(mutator):
        if {Text, seen_as(mutator)} <= set(views_of(document.media_type)):
            said = _levels(mutator, partial(_changed_lines, mutator, document))
            if said:
                return [f"`{document.name}`, lines that change:", *said]
    return []


def elsewhere(mutator: Mutator) -> list[str]:
    """What changes where no text shows it."""
    if seen_as(mutator) is Dependency:
        said = _levels(mutator, lambda level: _answers(mutator, level))
        return [f"What the system gets for the first {_CALLS} calls of its dependency:", *said]
    if seen_as(mutator) is Inputs:
        said = _levels(mutator, lambda level: _changes([_inputs(_QUESTION)], [_inputs(_asked(mutator, level))]))
        return ["What goes with the document:", *said]
    for document in _files(mutator):
        said = _levels(mutator, partial(_changed_facts, mutator, document))
        if said:
            return [f"What changes of `{document.name}`:", *said]
    return []


def _changed_lines(mutator: Mutator, document: Document, level: float) -> list[str]:
    return _changes(_lines(document), _lines(_degraded(mutator, document, level)))


def _changed_facts(mutator: Mutator, document: Document, level: float) -> list[str]:
    after = _degraded(mutator, document, level)
    told = _told(facts(document), facts(after))
    return told or _bytes(document.data, after.data)


def _told(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Facts that differ, each before its new self where there are as many."""
    said = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            old, new = [f"- {each}" for each in before[a:b]], [f"+ {each}" for each in after[c:d]]
            said += (
                [each for pair in zip(old, new, strict=True) for each in pair] if len(old) == len(new) else old + new
            )
    return said


def _levels(mutator: Mutator, changes: Callable[[float], Sequence[str]]) -> list[str]:
    """A block of lines before and after for each level that is shown; none where it does not apply."""
    try:
        blocks = [(level, changes(level)) for level in (_SHOWN_LEVELS if mutator.ladder else (mutator.level,))]
    except NotApplicable:
        return []
    return [_block(f"Level {level:g}" if mutator.ladder else "Its level", lines) for level, lines in blocks if lines]


def _block(title: str, changes: Sequence[str]) -> str:
    more = len(changes) - _MOST_LINES
    kept = [*changes[:_MOST_LINES], *([f"  ... {more} more lines"] if more > 0 else [])]
    longest = max((len(run) for line in kept for run in re.findall("`+", line)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{title}:\n\n{fence}diff\n" + "\n".join(kept) + f"\n{fence}"


def _changes(before: Sequence[str], after: Sequence[str]) -> list[str]:
    found = []
    for line in difflib.unified_diff(before[:400], after[:400], n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            text = line[1:]
            short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text):,} characters)"
            found.append(f"{line[0]} {short}")
    return found


def _degraded(mutator: Mutator, document: Document, level: float) -> Document:
    view: object = document if seen_as(mutator) is Document else read(document, seen_as(mutator))
    after = act(mutator, view, mutator.step(level, SEED)).view
    return after if isinstance(after, Document) else write(after, document)


def _documents(mutator: Mutator) -> Iterator[Document]:
    for name, content in mutator.examples:
        data = content.encode() if isinstance(content, str) else content
        yield Document(data, identify(data, name), name)
    yield from (each for each in samples() if mutator.fits(each.media_type))


def _lines(document: Document) -> list[str]:
    """Lines as they can be shown; bytes that are no UTF-8 as escapes."""
    text = document.data.decode("utf-8", "backslashreplace")
    return [visible(line.removesuffix("\n")) for line in text.splitlines(keepends=True)]


@cache
def _generated() -> tuple[Document, ...]:
    invoices, forms = Invoices(count=7, seed=7), Forms(count=1, seed=7)
    names = ("invoice-0001.pdf", "invoice-0007.tiff")
    return (*(invoices.load(each).document for each in names), forms.load("form-0001.pdf").document)


def _files(mutator: Mutator) -> Iterator[Document]:
    known = (*_generated(), *_documents(mutator))
    return (each for each in known if mutator.fits(each.media_type) and _sees(mutator, each))


def _sees(mutator: Mutator, document: Document) -> bool:
    return seen_as(mutator) is Document or seen_as(mutator) in views_of(document.media_type)


def facts(document: Document) -> list[str]:
    """What can be said of a file without showing it, a line each."""
    said = [f"name: {visible(document.name)}", f"media type: {document.media_type}"]
    reader, known = ("pypdf", _of_pdf) if b"%PDF" in document.data[:1024] else ("Pillow", _of_image)
    try:
        said += [line.rstrip() for line in known(document.data)]
    except Exception as error:  # noqa: BLE001 - a damaged file may make its reader raise anything, and that is shown
        said.append(f"{reader} cannot open it: {type(error).__name__}")
    return said


def _of_image(data: bytes) -> list[str]:
    with Image.open(io.BytesIO(data)) as image:
        orientation = image.getexif().get(0x0112)  # which loading the pixels takes care of, and forgets
        image.load()
        kept = ("dpi", "interlace", "progressive", "compression")
        known = {name: image.info[name] for name in kept if name in image.info}
        return [
            f"image: {image.format}, {image.width} x {image.height} pixels, {image.mode}",
            f"frames: {getattr(image, 'n_frames', 1)}",
            f"colour profile: {'yes' if 'icc_profile' in image.info else 'no'}",
            *([f"orientation: {orientation}"] if orientation else []),
            *(f"{name}: {value}" for name, value in known.items()),
        ]


def _of_pdf(data: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    said = [f"encrypted: {'yes' if reader.is_encrypted else 'no'}", f"revisions: {data.count(b'%%EOF')}"]
    said += [f"attachment: {name}" for name in reader.attachments]
    said += [
        f"field {name}: {visible(str(field.get('/V', '')))}" for name, field in (reader.get_fields() or {}).items()
    ]
    for number, page in enumerate(reader.pages[:3], start=1):
        size = f"{float(page.mediabox.width):.0f} x {float(page.mediabox.height):.0f} pt"
        said.append(f"page {number}: {size}, turned by {page.get('/Rotate', 0)}")
        said += [f"page {number} says: {visible(line)}" for line in page.extract_text().splitlines()[:4]]
    return said


def _bytes(before: bytes, after: bytes) -> list[str]:
    """How large files are, and where they begin to differ, for where nothing else tells them apart."""
    if before == after:
        return []
    size = [f"- size: {len(before):,} bytes", f"+ size: {len(after):,} bytes"] if len(before) != len(after) else []
    pairs = enumerate(zip(before, after, strict=False))
    at = next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))
    parts = [("-", before[at : at + _PIECE]), ("+", after[at : at + _PIECE])]
    said = [f"{sign} from byte {at:,}: {part.hex(' ')}  {visible(part.decode('latin-1'))}" for sign, part in parts]
    return [*size, *(line.rstrip() for line in said)]


def _inputs(value: object) -> str:
    return visible(json.dumps(value, ensure_ascii=False))


def _asked(mutator: Mutator, level: float) -> object:
    return act(mutator, Inputs(_QUESTION), mutator.step(level, SEED)).view.value


def _answers(mutator: Mutator, level: float) -> list[str]:
    """What the calls get that a fault hits, those with the same answer together."""
    faults = act(mutator, Dependency(), mutator.step(level, SEED)).view.faults
    hit: dict[str, list[str]] = {}
    for number in range(_CALLS):
        if treated := treatment(faults, number):
            hit.setdefault(_said(number, treated), []).append(str(number + 1))
    who = {said: "every call" if len(calls) == _CALLS else f"call {', '.join(calls)}" for said, calls in hit.items()}
    changed = [f"+ {calls}: {said}" for said, calls in who.items()]
    return [f"- every call: {_body(Treatment())}", *changed]


def _said(number: int, treated: Treatment) -> str:
    """What the system gets for a call."""
    parts = [f"after {treated.seconds:g} s"] if treated.seconds else []
    parts += [f"redirected {treated.hops} times" if treated.hops > 1 else "redirected"] if treated.hops else []
    match treated.ending:
        case Silent():
            parts.append("never an answer")
        case Dropped():
            parts.append("connection reset")
        case Answered() as answered:
            answer = answered.answer(number)
            headers = "".join(f", {name}: {value}" for name, value in answer.headers if name != "Content-Type")
            parts.append(f"{answer.status}{headers} {' '.join(answer.body.decode().split()) or '(nothing)'}")
        case None:
            parts.append(_body(treated))
    parts += [f"in drips over {treated.drip:g} s"] if treated.drip else []
    return ", ".join(parts)


def _body(treated: Treatment) -> str:
    body, broken = _ANSWER, ""
    for fault in treated.body:
        match fault:
            case Reshaped(how, amount, hits):
                body = reshaped(body, how, amount, hits.seed) or body
            case Cut(left, reset):
                body, _ = shortened(body, left, "application/json") or (body, True)
                broken = ", connection reset" if reset else ""
    return f"200 {body.decode()}{broken}"
