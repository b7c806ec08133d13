"""What `crumple profile` measures, beside what is known: documents degraded by crumple, and files of other people's.

    python -m benchmarks.profile [--only PATTERN] [--real] [--write]

Every measure that is not of pages (those are in `benchmarks.profile_pages`) is held against its mutator: at each level,
over several documents and seeds, the level is measured back. *Found* is the share of degraded documents that are told
to be damaged, *level* the share of those whose level is told within half of one, *false* how many clean documents, and
documents with other damage of the same kind, are said to have it. With --real the files that chardet, frictionless,
pypdf and pikepdf come with are profiled too; they are downloaded. With --write the table goes into docs/profile.md.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.output import Output
from crumple import Case, Document, NotApplicable, Page, Recipe, corpora
from crumple.measuring import Measure
from crumple.mutation.apply import degrade
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover as mutators
from crumple.profile.measures import discover as measures
from crumple.profile.one_file import measured
from crumple.profile.severity import UNKNOWN, level_of
from crumple.recipe import Value

DOCS = Path(__file__).parents[1] / "docs" / "profile.md"
LEVELS = (1, 2, 3, 4, 5)
SEEDS = (1, 2)
NEAR = 0.5  # levels


def table(rows: int) -> str:
    """A table of orders, whose rows have numbers of their own."""
    cities = ("Málaga", "Besançon", "Köln", "Oslo, Norway", "Łódź", "Paris")
    lines = ["order_no,customer,city,ordered,net_amount"]
    for n in range(rows):
        city = cities[n % len(cities)]
        quoted = f'"{city}"' if "," in city else city
        lines.append(
            f"{1000 + n},Customer {n} Brontë,{quoted},2024-{1 + n % 12:02}-{1 + n % 28:02},{n * 37 % 900}.{n % 100:02}"
        )
    return "\n".join(lines) + "\n"


def clean() -> list[Document]:
    """Documents of many languages and kinds with nothing the matter."""
    letters = corpora.generated("letters", {"count": 14})
    invoices = corpora.generated("invoices", {"count": 4})
    found = [each.load(entry.id).document for each in (letters, invoices) for entry in each.entries()]
    found = [each for each in found if not each.media_type.startswith("image/")]
    people = "".join(f"<person><name>Zoë Brontë {n}</name><city>Málaga</city></person>\n" for n in range(30))
    page = "".join(f"<p>Grüße aus Köln, Nummer {n}: das Büro schließt früher.</p>\n" for n in range(30))
    written = {
        "orders.csv": table(60),
        "more.csv": table(400),
        "people.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<people>\n{people}</people>\n',
        "page.html": f'<!doctype html>\n<html><head><meta charset="utf-8"><title>Köln</title></head>\n{page}</html>\n',
    }
    kinds = {"csv": "text/csv", "xml": "application/xml", "html": "text/html"}
    return found + [Document(value.encode(), kinds[name.rpartition(".")[2]], name) for name, value in written.items()]


@dataclass(slots=True)
class Row:
    """What came of one measure."""

    tried: int = 0
    found: int = 0
    placed: int = 0
    right: int = 0
    untold: int = 0
    clean: int = 0
    false: list[tuple[str, Value]] = field(default_factory=list)
    off: list[tuple[str, float, Value | None]] = field(default_factory=list)


def degraded(document: Document, mutator: Mutator, known: Mapping[str, Mutator]) -> Iterator[tuple[float, Document]]:
    """A document at every level that the mutator has, with each seed."""
    for level in LEVELS if mutator.ladder else (mutator.level,):
        for seed in SEEDS:
            case = Case(id=document.name, document=document)
            try:
                yield level, degrade(case, Recipe((mutator.step(level, seed),)), known).document
            except NotApplicable:
                continue


def hold(chosen: Sequence[Measure], documents: Sequence[Document], known: Mapping[str, Mutator]) -> dict[str, Row]:
    """Every measure held against its mutator, and against documents with nothing the matter."""
    ladders = {name: each.ladder for name, each in known.items() if each.ladder is not None}
    rows = {each.of: Row() for each in chosen}
    for document in documents:
        for each in measured(document, document.name, chosen, ladders).findings:
            row = rows[each.of]
            row.clean += each.value is not None
            if each.value is not None and level_of(known.get(each.of), each.value, each.of) is not None:
                row.false.append((document.name, each.value))
    for each in chosen:
        if each.of not in known:
            continue
        for document in documents:
            for level, messy in degraded(document, known[each.of], known):
                _held(each, known[each.of], level, messy, ladders, rows[each.of])
    return rows


def _held(
    each: Measure, mutator: Mutator, level: float, messy: Document, ladders: Mapping[str, Ladder], row: Row
) -> None:
    row.tried += 1
    value = next((found.value for found in measured(messy, messy.name, [each], ladders).findings), None)
    row.untold += value is None
    told = level_of(mutator, value, each.of)
    row.found += told is not None
    if told is not None and told != UNKNOWN:
        row.placed += 1
        row.right += abs(told - level) <= NEAR
    if told is None or (told != UNKNOWN and abs(told - level) > NEAR):
        row.off.append((messy.name, level, value))


def share(part: int, of: int) -> str:
    return f"{part / of:.0%}".replace("%", " %") if of else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="measures whose name matches")
    parser.add_argument("--off", type=int, default=0, metavar="N", help="show N that were measured wrongly of each")
    parser.add_argument("--real", action="store_true", help="profile files of other people's too")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/profile.md")
    given = parser.parse_args()
    known = {each.name: each for each in mutators()}
    chosen = [each for each in measures() if each.view is not Page and fnmatch.fnmatch(each.of, given.only)]
    rows = hold(chosen, clean(), known)
    output = Output()
    output.table(
        ["measure", "documents", "found", "cannot tell", "level", "clean documents", "false"],
        [
            [
                f"`{name}`",
                str(row.tried),
                share(row.found, row.tried),
                share(row.untold, row.tried),
                share(row.right, row.placed),
                str(row.clean),
                str(len(row.false)),
            ]
            for name, row in rows.items()
        ],
    )
    for name, row in rows.items():
        for line in [*row.false, *row.off][: given.off]:
            print(name, line)
    if given.write:
        output.write("profile", page=DOCS)
    return int(any(row.false for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
