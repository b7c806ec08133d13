"""A page a mutator, built from the code: what it does, its ladder, what it says of the right answer, and an example."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from crumple import Document, NotApplicable, Text, identify, read, views_of, visible
from crumple.cli import statements
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.mutation.samples import samples
from crumple.views.format import write
from crumple.views.pages import Pages

FOLDER = "mutators"
GALLERY = Path(__file__).parent / "gallery"
SEED = 20
_SHOWN_LEVELS = (1, 3, 5)
_MOST_LINES, _LONGEST = 12, 160
_SAYS = {
    "same": "The right answer stays what it was.",
    "new": "The right answer is a new one, which crumple works out.",
    "lost": "Fields that cannot be read any more are lost: their old value passes, and none; any other is wrong.",
}
MADE = "<!-- Made from the code by docs/build.py; change it there. -->"


def pages(registry: Registry, measured: Mapping[str, str]) -> dict[str, str]:
    """Every mutator's page by its file name below docs/.

    Args:
        registry: the mutators.
        measured: mutator's name -> what was measured of it, as a sentence.
    """
    return {f"{FOLDER}/{each.name}.md": page(each, measured.get(each.name, "")) for each in registry}


def page(mutator: Mutator, measured: str) -> str:
    """One mutator's page."""
    parts = [MADE, f"# {mutator.name}", mutator.doc, _facts(mutator)]
    parts += [measured] if measured else []
    parts += ["## The right answer", *_statements(mutator)]
    example = _example(mutator)
    if example:
        parts += ["## Example", *example]
    return "\n\n".join(parts) + "\n"


def _facts(mutator: Mutator) -> str:
    rows = [("parameter", statements.parameter(mutator))]
    if mutator.ladder is None:
        rows.append(("level", f"{mutator.level:g}, its only one"))
    else:
        rows += [(f"level {level}", statements.value(rung)) for level, rung in enumerate(mutator.ladder.rungs, start=1)]
    others = [each for each in mutator.accepts if each != mutator.parameter]
    if others:
        rows.append(("further parameters", ", ".join(others)))
    rows += [
        ("acts on", statements.beside(mutator) or ", ".join(statements.acts_on(mutator))),
        ("seen as", mutator.view.__name__),
        ("as a recipe", f"`{mutator.step(3 if mutator.ladder else mutator.level, 1)}`"),
    ]
    body = "\n".join(f"| {name} | {value.replace('|', chr(92) + '|')} |" for name, value in rows)
    return f"| | |\n| --- | --- |\n{body}"


def _statements(mutator: Mutator) -> Iterator[str]:
    if mutator.control:
        yield "A control: it only does the round trip through its view, and is in no rate."
        return
    said = [_SAYS[each] for each in mutator.truth]
    yield said[0] if len(said) == 1 else "One of these, by what was hit:\n\n" + "\n".join(f"- {each}" for each in said)
    at = mutator.refusable_from
    yield "A refusal counts as a failure." if at is None else f"From level {at:g} on, refusing is acceptable."


def _example(mutator: Mutator) -> list[str]:
    if seen_as(mutator) is Pages:
        if mutator.category not in {each.stem.partition("-")[0] for each in GALLERY.glob("*.webp")}:
            return []
        return [f"Pictures at five levels: [gallery](../gallery.md#{mutator.category})."]
    for document in _documents(mutator):
        try:
            shown = [_degraded(mutator, document, level) for level in _levels(mutator)]
        except NotApplicable:
            continue
        said = [each for each in shown if each]
        if said:
            return [f"`{document.name}`, lines that change:", *said]
    return []


def _levels(mutator: Mutator) -> tuple[float, ...]:
    return _SHOWN_LEVELS if mutator.ladder else (mutator.level,)


def _documents(mutator: Mutator) -> Iterator[Document]:
    for name, content in mutator.examples:
        data = content.encode() if isinstance(content, str) else content
        yield Document(data, identify(data, name), name)
    yield from (each for each in samples() if mutator.fits(each.media_type))


def _degraded(mutator: Mutator, document: Document, level: float) -> str:
    """What changes at one level, as a block of lines before and after; "" where it is no text."""
    if Text not in views_of(document.media_type) or seen_as(mutator) not in views_of(document.media_type):
        return ""
    view: object = read(document, seen_as(mutator))
    after = write(act(mutator, view, mutator.step(level, SEED)).view, document)
    changes = list(_changes(_lines(document.data), _lines(after.data)))
    if not changes:
        return ""
    more = len(changes) - _MOST_LINES
    kept = changes[:_MOST_LINES] + ([f"  ... {more} more lines"] if more > 0 else [])
    fence = "`" * (max((len(run) for line in kept for run in re.findall("`+", line)), default=2) + 1)
    fence = fence if len(fence) > 2 else "```"
    title = f"Level {level:g}" if mutator.ladder else "Its level"
    return f"{title}:\n\n{fence}diff\n" + "\n".join(kept) + f"\n{fence}"


def _lines(data: bytes) -> list[str]:
    """Lines as they can be shown; bytes that are no UTF-8 as escapes."""
    text = data.decode("utf-8", "backslashreplace")
    return [visible(line.removesuffix("\n")) for line in text.splitlines(keepends=True)]


def _changes(before: list[str], after: list[str]) -> Iterator[str]:
    for line in difflib.unified_diff(before[:400], after[:400], n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            text = line[1:]
            short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text):,} characters)"
            yield f"{line[0]} {short}"
