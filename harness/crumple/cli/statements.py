"""What a mutator says of itself, in the words that `list` and `describe` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crumple.mutation.mutator import Mutator
    from crumple.recipe import Value

_ANY = "any file"


def value(rung: Value) -> str:
    """A parameter's value as people read it; invisible ones (a tab) in their escaped form."""
    if isinstance(rung, str):
        return rung if rung.isprintable() and rung.strip() == rung and rung else repr(rung)
    if isinstance(rung, bool):
        return str(rung).lower()
    return f"{rung:g}" if rung == 0 or abs(rung) >= 1e-4 else f"{rung:.12f}".rstrip("0")


def ladder(mutator: Mutator) -> str:
    """The five values of the main parameter, or which level it is."""
    if mutator.ladder is None:
        return f"one level, {mutator.level:g}"
    return ", ".join(map(value, mutator.ladder.rungs))


def parameter(mutator: Mutator) -> str:
    """The main parameter with its unit, where its name is not the unit already."""
    unit = mutator.ladder.unit if mutator.ladder else ""
    if not unit:
        return mutator.parameter or "-"
    return unit if unit.split()[0] == mutator.parameter else f"{mutator.parameter} ({unit})"


def truth(mutator: Mutator) -> str:
    """What becomes of the right answer."""
    return " or ".join(mutator.truth)


def refusal(mutator: Mutator) -> str:
    """From which level on refusing is acceptable."""
    return "never" if mutator.refusable_from is None else f"from level {mutator.refusable_from:g}"


def acts_on(mutator: Mutator) -> list[str]:
    """The media types that it can be tried on; ["any file"] for bytes and whole documents."""
    from crumple.plan import acts_on as fits
    from crumple.views.format import BINARY, formats

    if fits(mutator, BINARY):
        return [_ANY]
    return [media_type for media_type in sorted(formats()) if fits(mutator, media_type)]


def beside(mutator: Mutator) -> str:
    """What it acts on in place of a document; "" where it acts on documents."""
    from crumple.views.dependency import Dependency
    from crumple.views.inputs import Inputs

    if mutator.view is Dependency:
        return "what the system itself calls"
    return "a case's inputs" if mutator.view is Inputs else ""


def seen(mutator: Mutator) -> str:
    """What it acts on, in short: the media types where those are named, else the view."""
    from crumple.views.format import spoken

    if aside := beside(mutator):
        return aside
    types = acts_on(mutator)
    return spoken(types) if mutator.only or types == [_ANY] else mutator.view.__name__
