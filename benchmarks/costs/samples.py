"""Documents of each kind, where lanes can import them: each is met once, so that nothing is remembered of it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from crumple.case import Case, Entry
from crumple.execution.spec import LaneSpec
from crumple.mutation.registry import discover
from crumple.plan import acts_on
from crumple.recipe import Recipe
from crumple.result import Work
from crumple.truth import Json
from crumple_corpora.invoices import Invoices
from crumple_corpora.letters import Letters

LEVELS = (1.0, 3.0, 5.0)
LOOKED_UP = "looked-up.png"
"""Pages of which nobody says where what stands: Tesseract is asked, once a page."""
WRONG_IN = 5
"""One in so many answers is wrong."""
KINDS = {
    "text, a letter": ("text/plain", "txt"),
    "CSV, an export": ("text/csv", "csv"),
    "JSON, a record": ("application/json", "json"),
    "PDF, one page or more": ("application/pdf", "pdf"),
    "PNG, a page at 200 dpi": ("image/png", "png"),
    "PNG, places looked up": ("image/png", LOOKED_UP),
}
READER = """
import json
from pathlib import Path

ANSWERS = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))


def read(document, name):
    return ANSWERS[name]
"""


@dataclass(frozen=True)
class Written:
    """Cases in a folder, loaded from there as files are."""

    folder: Path
    names: tuple[str, ...]
    name: str = "written"

    def entries(self) -> Sequence[Entry]:
        """Nobody draws from them."""
        return []

    def load(self, case_id: str) -> Case:
        """Read one."""
        case: Case = pickle.loads((self.folder / case_id).read_bytes())
        return case


def written(root: Path, kind: str, count: int) -> Written:
    """So many cases of a kind, a system that knows the answer to each, and gets one in five wrong."""
    folder = root / "cases"
    folder.mkdir()
    cases = list(_made(KINDS[kind][1], count))
    for case in cases:
        (folder / case.id).write_bytes(pickle.dumps(case))
    answers = {case.id: _answer(case.truth, at) for at, case in enumerate(cases)}
    (root / "answers.json").write_text(json.dumps(answers), "utf-8")
    (root / "reader.py").write_text(READER, "utf-8")
    return Written(folder, tuple(each.id for each in cases))


def _made(ending: str, count: int) -> Iterator[Case]:
    """Letters, or invoices of one shape; those that run on to a second page have no PNG."""
    if ending == "txt":
        letters = Letters(count)
        yield from (letters.load(each.id) for each in letters.entries())
        return
    invoices = Invoices(2 * count)
    fitting = [each.id for each in invoices.entries() if each.id.endswith(ending.rpartition(".")[2])]
    for each in fitting[:count]:
        case = invoices.load(each)
        yield replace(case, regions={}) if ending == LOOKED_UP else case


def _answer(truth: object, at: int) -> Json:
    """The truth; of one in five with another value in its first field."""
    answer: dict[str, Json] = json.loads(json.dumps(truth))
    if at % WRONG_IN == 0:
        answer[next(iter(answer))] = "something else"
    return answer


def mutators(kind: str) -> dict[str, str]:
    """All that act on documents of a kind, by the module that each is in."""
    media_type = KINDS[kind][0]
    return {each.name: each.module for each in discover() if not each.control and acts_on(each, media_type)}


def works(corpus: Written, kind: str) -> list[Work]:
    """A call for each case, of every mutator in turn at a level drawn at random."""
    rng = np.random.default_rng(10)
    known = discover().mutators
    visits = [(name, level) for name in mutators(kind) for level in known[name].levels(LEVELS)]
    order = [int(at) for _ in range(1 + len(corpus.names) // len(visits)) for at in rng.permutation(len(visits))]
    drawn = [visits[at] for at in order]
    return [
        Work(number, case, Recipe((known[name].step(level, number),)), level, name, f"{number}/{name}/0/0", number)
        for number, (case, (name, level)) in enumerate(zip(corpus.names, drawn, strict=False))
    ]


def spec(root: Path, corpus: Written, kind: str) -> LaneSpec:
    """What a lane is told."""
    from crumple.adapters.callable import CallableSystem

    system = CallableSystem(root=root, call="reader:read")
    return LaneSpec(root=root, corpus=corpus, system=system, judge="fields", mutators=mutators(kind))
