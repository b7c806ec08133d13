"""What benchmarks of calls are made with, where lanes can import it: texts of one size, a mutator that costs little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from crumple.case import Case, Entry
from crumple.document import Document
from crumple.mutation.mutator import mutator
from crumple.recipe import Recipe, Step
from crumple.result import Work
from crumple.views.text import Text

CASES = 20
MUTATORS: Mapping[str, str] = {"benchmark.smudge": __name__}


@mutator("benchmark.smudge", level=3)
def smudge(text: Text, rng: Generator) -> Text:
    """Replace one character, as a smudge on a page would; the cheapest degradation there is."""
    at = int(rng.integers(len(text.value)))
    return text.with_value(f"{text.value[:at]}#{text.value[at + 1 :]}")


@dataclass(frozen=True)
class Letters:
    """Cases of one size, all with the same truth."""

    size: int
    name: str = "letters"

    def entries(self) -> Sequence[Entry]:
        """One line a case."""
        return [Entry(str(number), "text/plain", str(number), has_truth=True) for number in range(CASES)]

    def load(self, case_id: str) -> Case:
        """A text of the size."""
        text = (f"letter {case_id} " * (self.size // 8))[: self.size]
        return Case(case_id, Document(text.encode(), "text/plain", f"{case_id}.txt"), truth="total 1")


def works(count: int) -> Iterator[Work]:
    """So many calls, over all cases in turn."""
    for number in range(count):
        recipe = Recipe((Step("benchmark.smudge", (), number),))
        yield Work(number, str(number % CASES), recipe, 3.0, "benchmark.smudge")


def noop(_text: str) -> str:
    """The quickest of all systems."""
    return "total 1"
