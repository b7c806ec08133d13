"""A page a mutator, built from the code: what it does, its ladder, what it says of the right answer, and an example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypedDict

import strips
from mutator_examples import elsewhere, in_lines

from crumple import Document, views_of
from crumple.cli import statements
from crumple.mutation.action import seen_as
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.mutation.samples import samples
from crumple.views.pages import Pages

FOLDER = "mutators"
GALLERY = Path(__file__).parent / "gallery"
OVERVIEWS = ("combination", "form", "scan")
"""Categories that have a picture of all their mutators that act on pages."""
_SAYS = {
    "same": "The right answer stays what it was.",
    "new": "The right answer is a new one, which crumple works out.",
    "lost": "Fields that cannot be read any more are lost: their old value passes, and none; any other is wrong.",
}
MADE = "<!-- Made from the code by docs/build.py; change it there. -->"


class Drawn(TypedDict):
    """What is known of a strip of pictures: of what it was drawn, in pixels how large; no levels: nothing is seen."""

    digest: str
    document: str
    seed: int
    page: int
    levels: list[float]
    size: list[int]
    pages: bool


@cache
def strips_drawn() -> dict[str, Drawn]:
    """What is known of every strip, by its mutator's name."""
    path = GALLERY / "strips.json"
    drawn: dict[str, Drawn] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return drawn


def to_be_pictured(mutator: Mutator) -> bool:
    """Whether a strip is to be tried: it acts on pages, and is about pages or no text shows what it does."""
    types = (each.media_type for each in samples() if mutator.fits(each.media_type))
    known = {view for each in types if Pages in views_of(each) for view in (Document, *views_of(each))}
    return seen_as(mutator) in known and not mutator.control and not lines_of(mutator)


def is_fresh(mutator: Mutator, known: Mapping[str, Drawn]) -> bool:
    """Whether a mutator's strip is of what it does now."""
    drawn = known.get(mutator.name)
    if drawn is None:
        return False
    subject = strips.Subject(drawn["document"], drawn["seed"], drawn["page"])
    there = not drawn["levels"] or (GALLERY / f"{mutator.name}.webp").exists()
    return there and drawn["digest"] == strips.digest(mutator, subject)


def stale_strips(registry: Registry) -> list[str]:
    """Whose strip is not of what they do now, was never tried, or is of a mutator that is gone."""
    known = strips_drawn()
    stale = [each.name for each in registry if to_be_pictured(each) and not is_fresh(each, known)]
    return [*stale, *sorted(set(known) - {each.name for each in registry})]


def first_sentence(mutator: Mutator) -> str:
    """What a mutator says of itself first."""
    words = " ".join(mutator.doc.partition("\n\n")[0].split())
    return words.partition(". ")[0].removesuffix(".")


def overview(category: str) -> list[str]:
    """A picture of a category's mutators of pages, where there is one."""
    if category not in OVERVIEWS:
        return []
    names = [
        name.partition(".")[2]
        for name, each in strips_drawn().items()
        if each["levels"] and name.startswith(f"{category}.")
    ]
    said = ", ".join(each.replace("_", " ") for each in sorted(names))
    what = "A piece of a page" if category == "form" else "A page"
    return [f"![{what} each, at level 4 or its only level: {said}](gallery/{category}.webp)"]


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
    shown = example(mutator)
    parts += ["## Example", *shown] if shown else []
    return "\n\n".join(parts) + "\n"


def example(mutator: Mutator) -> list[str]:
    """A strip of pictures, or the lines that change, or what else changes."""
    return _pictures(mutator) or lines_of(mutator) or elsewhere(mutator)


@cache
def lines_of(mutator: Mutator) -> list[str]:
    """The lines that change, found once."""
    return [] if seen_as(mutator) is Pages else in_lines(mutator)


def _pictures(mutator: Mutator) -> list[str]:
    """A mutator's strip with what it shows in words."""
    drawn = strips_drawn().get(mutator.name)
    if drawn is None or not drawn["levels"]:
        return []
    shown = f"{drawn['document']}, clean and at {_spoken_levels(mutator, drawn['levels'])}"
    alt = f"{shown}. {first_sentence(mutator)}.".replace("[", "(").replace("]", ")")
    below = "All its pages." if drawn["pages"] else "Below each page a piece of it, pixel for pixel."
    words, source = " ".join((alt[:1].upper() + alt[1:]).split()), f"../gallery/{mutator.name}.webp"
    return [f"[![{words}]({source})]({source})", below]


def _spoken_levels(mutator: Mutator, levels: Sequence[float]) -> str:
    if mutator.ladder is None:
        return f"its only level, {levels[0]:g}"
    rungs = ", ".join(statements.value(each) for each in mutator.ladder.rungs)
    return f"levels 1 to 5: {mutator.parameter} {rungs}"


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
