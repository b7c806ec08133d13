"""What the check of the rules finds in mutators that break them."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from crumple import Inputs, Ladder, Text, mutator
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


@mutator(
    "text.weaker_in_csv", share=Ladder(0.1, 0.2, 0.3, 0.4, 0.5, unit="share of lines"), only=("text/csv", "text/plain")
)
def weaker_in_csv(text: Text, share: float, rng: Generator) -> Text:
    """Shout a share of the lines, and of a table fewer at the higher levels, which no mutator may do. A guess."""
    lines = text.value.splitlines(keepends=True)
    of_table = lines[0].startswith("number,")
    most = round(len(lines) * (0.6 - share if of_table and share > 0.25 else share))
    return text.with_value("".join(line.upper() if at < most else line for at, line in enumerate(lines)))


def test_levels_are_told_from_one_another_on_as_many_samples_as_are_asked_for() -> None:
    told = "a.csv: level 5 does less damage than level 4"
    assert any(flaw.startswith(told) for flaw in flaws(weaker_in_csv))
    alike = [replace(weaker_in_csv, name=f"text.weaker_{number}") for number in range(12)]
    found = [any(flaw.startswith(told) for flaw in flaws(each, rising=1)) for each in alike]
    assert any(found), "each mutator has a sample of its own"
    assert not all(found)


def test_a_choice_of_samples_differs_from_mutator_to_mutator_and_is_the_same_each_time() -> None:
    stains = {name: each for name, each in discover().mutators.items() if name in ("scan.stain", "scan.half_turn")}
    everywhere, somewhere = digests(stains), digests(stains, 1)
    assert len(somewhere) == len(stains)
    assert somewhere.items() <= everywhere.items()
    assert somewhere == digests(stains, 1)
