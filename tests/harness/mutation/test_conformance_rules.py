"""What the check of the rules finds in mutators that break them."""

from __future__ import annotations

from numpy.random import Generator

from crumple import Inputs, mutator
from crumple.mutation.conformance import digests, flaws
from crumple.mutation.registry import discover


@mutator("form.in_place", examples=[("a.json", '{"order": {"number": 17}}')])
def in_place(inputs: Inputs, rng: Generator) -> Inputs:
    """Write into the very values that were handed over, and hand over others, which no mutator may do. A guess."""
    given = inputs.value
    assert isinstance(given, dict)
    given["seen"] = True
    return Inputs({**given, "more": 1})


def test_values_that_are_changed_in_place_are_told() -> None:
    assert "a.json: it modified the view that it was handed" in flaws(in_place)


def test_a_choice_of_samples_differs_from_mutator_to_mutator_and_is_the_same_each_time() -> None:
    stains = {name: each for name, each in discover().mutators.items() if name in ("scan.stain", "scan.half_turn")}
    everywhere, somewhere = digests(stains), digests(stains, 1)
    assert len(somewhere) == len(stains)
    assert somewhere.items() <= everywhere.items()
    assert somewhere == digests(stains, 1)
