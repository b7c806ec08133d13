"""What `crumple profile` says of pages, beside what was done to them.

    python -m benchmarks.profile_pages [--quick] [--real] [--write]

Clean pages of several kinds, fonts and resolutions are degraded by crumple at each level, and measured back. *Bias*,
*deviation* and *95 %* (of the errors' sizes) are in the unit of the ladder, and *of the value* is that 95 % as a share.
*Not told* is the share of degraded pages that the measure could not tell, *missed* the share that it took for clean.
Then come false alarms: clean pages that were not measured as clean, and pages with other damage (at level 2), in which
a measure sees what is not there. Then the CPU seconds that all measures take together. With --quick a fifth of the
pages are measured; with --real the measures' words on the pages that OCRmyPDF is tested with, which are downloaded.
With --write the tables go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.calibration.sheets import sheets
from benchmarks.output import Output
from crumple import CrumpleError, Degraded, Document, NotApplicable, Page, Pages, read
from crumple.measuring import Measure
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.profile.severity import level_of
from crumple.recipe import Value
from crumple_corpora.forms import Forms
from crumple_corpora.invoices import Invoices
from crumple_corpora.letters import Letters
from crumple_corpora.sundries import Sundries
from crumple_mutators.measures import pages as module

LEVELS = (1, 2, 3, 4, 5)
OTHER_LEVEL = 2
OCRMYPDF = "ocrmypdf==17.13"
TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}
FONTS = (
    ("en", "fontpkg_pt_serif", "PT_Serif-Web-Regular.ttf", 11, 200),
    ("de", "fontpkg_pt_serif", "PT_Serif-Web-Regular.ttf", 10, 300),
    ("fr", "fontpkg_open_sans", "OpenSans[wdth,wght].ttf", 7, 200),
    ("pl", "fontpkg_arimo", "Arimo[wght].ttf", 10, 200),
    ("ru", "fontpkg_arimo", "Arimo[wght].ttf", 11, 200),
    ("el", "fontpkg_arimo", "Arimo[wght].ttf", 11, 200),
    ("en", "fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf", 10, 300),
    ("en", "fontpkg_caveat", "Caveat[wght].ttf", 16, 200),
    ("en", "fontpkg_pt_serif", "PT_Serif-Web-Bold.ttf", 22, 200),
)
"""Of typeset letters: language, package and file of the font, points, dpi."""


def clean_pages() -> Iterator[tuple[str, Page]]:
    """Clean pages of every kind there is."""
    yield from ((f"sheet: {sheet.name}", sheet.page) for sheet in sheets())
    invoices, forms, sundries = Invoices(), Forms(), Sundries()
    for number in (1, 2, 3, 5, 7):
        name = next(e.id for e in invoices.entries() if e.id.startswith(f"invoice-{number:04}") and "image" in e.tags)
        yield name, read(invoices.load(name).document, Pages)[0]
    for number in (4, 8):
        yield f"invoice {number} of a PDF", read(invoices.load(f"invoice-{number:04}.pdf").document, Pages)[0]
    for name in [entry.id for entry in forms.entries() if "image" in entry.tags][:2]:
        yield name, read(forms.load(name).document, Pages)[0]
    yield "form of a PDF", read(forms.load("form-0004.pdf").document, Pages)[0]
    for entry in list(sundries.entries())[:6]:
        yield f"{entry.id} {' '.join(entry.tags)}", read(sundries.load(entry.id).document, Pages)[0]
    yield from typeset()
    yield "blank", Page(np.full((2339, 1654), 250, np.uint8), (200.0, 200.0))


def typeset() -> Iterator[tuple[str, Page]]:
    """Letters in several languages, fonts and sizes, and one with a photograph."""
    letters = Letters()
    of = {tag: entry.id for entry in letters.entries() for tag in entry.tags}
    for number, (language, package, file, points, dpi) in enumerate(FONTS):
        text = letters.load(of[language]).document.data.decode()
        with as_file(files(package) / "files" / file) as path:
            page = set_in(text, ImageFont.truetype(str(path), round(points * dpi / 72)), dpi)
        yield f"{language} in {file.partition('[')[0].removesuffix('.ttf')}, {points} pt, {dpi} dpi", page
        if not number:
            yield "with a photograph", with_photograph(page)


def set_in(text: str, font: ImageFont.FreeTypeFont, dpi: int) -> Page:
    """A full page of running text."""
    wide, high, margin = round(8.27 * dpi), round(11.69 * dpi), round(0.9 * dpi)
    image = Image.new("L", (wide, high), 255)
    draw = ImageDraw.Draw(image)
    words, line, at, y = text.split(), "", 0, margin
    while y < high - margin:
        longer = f"{line} {words[at % len(words)]}".strip()
        if draw.textlength(longer, font=font) > wide - 2 * margin or at % 61 == 60:
            draw.text((margin, y), line, font=font, fill=20)
            y += round(font.size * (1.9 if at % 61 == 60 else 1.35))
            longer = words[at % len(words)]
        line, at = longer, at + 1
    return Page(np.array(image), (float(dpi), float(dpi)))


def with_photograph(page: Page) -> Page:
    """The page in colours, with a picture on a third of it."""
    rng = np.random.default_rng(1)
    drawn = cv2.resize(rng.integers(0, 255, (20, 30, 3)).astype(np.uint8), (1200, 800), interpolation=cv2.INTER_CUBIC)
    pixels = np.repeat(page.pixels[..., None], 3, axis=2)
    pixels[900:1700, 230:1430] = np.clip(drawn + rng.normal(0, 6, drawn.shape), 0, 255).astype(np.uint8)
    return Page(pixels, page.dpi)


def degraded(mutator: Mutator, page: Page, level: float, seed: int) -> Page | None:
    """The page at a level; None where the mutator does not apply."""
    if mutator.view is not Page:
        # Of a document: pages turned whole, or blank ones.
        turns = {"scan.half_turn": 2, "scan.quarter_turn": 1 + 2 * (seed % 2)}
        return page.turned(turns[mutator.name]) if mutator.name in turns else None
    try:
        made = mutator.apply(page, mutator.step(level, seed))
    except NotApplicable:
        return None
    view = made.view if isinstance(made, Degraded) else made
    return Page(view.pixels, view.dpi)


class Figures:
    """What was measured.

    Attributes:
        errors: of each measure and level, truth and what was said.
        alarms: of each measure, pages and what was said where nothing was to be said.
        chances: how often a measure could have raised one, on clean pages and on pages with other damage.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = measures
        self.mutators = {each.name: each for each in discover()}
        self.errors: dict[tuple[str, int], list[tuple[Value, Value | None]]] = {}
        self.alarms: dict[str, list[tuple[str, Value]]] = {}
        self.chances: Counter[str] = Counter()
        self.seconds: list[float] = []

    def level(self, measure: Measure, value: Value | None) -> float | None:
        """The level that a value stands for; None where it is clean or not told."""
        return level_of(self.mutators[measure.of], value, measure.of)

    def page(self, name: str, page: Page, seed: int) -> None:
        """Measure a clean page as it is, and in every damaged form."""
        page = Page(page.pixels.copy(), page.dpi)  # a page of its own, of no file
        began = time.process_time()
        clean = {each.of: each(page) for each in self.measures}
        self.seconds.append(time.process_time() - began)
        silent = [each for each in self.measures if self.level(each, clean[each.of]) is None]
        for each in self.measures:
            if each.of != "scan.blank_page" or "blank" not in name:
                self._heard(each, f"{name}, clean", clean[each.of])
        for each in self.measures:
            mutator = self.mutators[each.of]
            for level in LEVELS if mutator.ladder else (int(mutator.level or 1),):
                damaged = degraded(mutator, page, level, seed + level)
                if damaged is None:
                    continue
                truth = mutator.ladder.at(level) if mutator.ladder else True
                self.errors.setdefault((each.of, level), []).append((truth, each(damaged)))
                if level == OTHER_LEVEL or not mutator.ladder:
                    for other in silent:
                        if other is not each and each.of not in other.stands_for:
                            self._heard(other, f"{name}, {each.of}", other(damaged))

    def _heard(self, measure: Measure, where: str, said: Value | None) -> None:
        kind = "clean" if where.endswith(", clean") else "other"
        self.chances[f"{measure.of} {kind}"] += 1
        if self.level(measure, said) is not None and said is not None:
            self.alarms.setdefault(measure.of, []).append((where, said))

    def errors_table(self, output: Output) -> None:
        """How far off the values are."""
        rows = []
        for (of, _), pairs in sorted(self.errors.items()):
            ladder = self.mutators[of].ladder
            told = [
                (float(truth), float(said)) for truth, said in pairs if not isinstance(said, bool) and said is not None
            ]
            untold = sum(said is None for _, said in pairs) / len(pairs)
            missed = sum(said is False or said == 0 for _, said in pairs) / len(pairs)
            cells = ["", "", "", ""]
            if told:
                off = np.array([said - truth for truth, said in told])
                worst = float(np.quantile(np.abs(off), 0.95))
                cells = [f"{off.mean():+.3g}", f"{off.std():.2g}", f"{worst:.3g}", f"{worst / told[0][0]:.1%}"]
            unit = ladder.unit if ladder else ""
            truth = f"{pairs[0][0]:g} {unit}" if ladder else "turned"
            rows.append([of, truth, f"{len(pairs)}", *cells, f"{untold:.0%}", f"{missed:.0%}"])
        heads = ["measure", "truth", "pages", "bias", "deviation", "95 %", "of the value", "not told", "missed"]
        output.table(heads, rows)

    def alarms_table(self, output: Output) -> None:
        """What is seen that is not there."""
        rows = []
        for each in self.measures:
            heard = self.alarms.get(each.of, [])
            on_clean = [(where, said) for where, said in heard if where.endswith(", clean")]
            others = [(where, said) for where, said in heard if not where.endswith(", clean")]
            kinds = Counter(where.rpartition(", ")[2] for where, _ in others)
            shown = [f"{where.removesuffix(', clean')}: {said}" for where, said in on_clean[:4]]
            rows.append(
                [
                    each.of,
                    f"{len(on_clean)} of {self.chances[f'{each.of} clean']}",
                    f"{len(others)} of {self.chances[f'{each.of} other']}",
                    "; ".join([*shown, *(f"{kind} ({count})" for kind, count in kinds.most_common(4))]),
                ]
            )
        output.table(["measure", "on clean pages", "on other damage", "which"], rows)


def real_pages(measures: Sequence[Measure], output: Output) -> None:
    """What is said of the pages that OCRmyPDF is tested with."""
    figures = Figures(measures)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", OCRMYPDF]
        subprocess.run([*command, "-d", folder], check=True)
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
        rows = []
        for path in sorted(Path(folder).glob("*/tests/resources/*")):
            if path.suffix not in TYPES:
                continue
            try:
                pages = read(Document(path.read_bytes(), TYPES[path.suffix], path.name), Pages)
            except (CrumpleError, NotApplicable) as error:
                rows.append([path.name, "", f"not read: {error}"])
                continue
            for number, page in enumerate(pages, 1):
                said = {each.of: each(page) for each in measures}
                shown = [
                    f"{each.of.removeprefix('scan.')} {said[each.of]}"
                    for each in measures
                    if figures.level(each, said[each.of]) is not None
                ]
                rows.append([path.name, str(number), ", ".join(shown) or "clean"])
    output.table(["file", "page", "shows"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the pages")
    parser.add_argument("--real", action="store_true", help="other people's pages too, which are downloaded")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    output = Output()
    measures = sorted((each for each in vars(module).values() if isinstance(each, Measure)), key=lambda each: each.of)
    figures = Figures(measures)
    chosen = list(clean_pages())[:: 5 if given.quick else 1]
    for number, (name, page) in enumerate(chosen):
        figures.page(name, page, seed=10 * number)
    output.say(
        f"{len(chosen)} clean pages, degraded and measured back; OpenCV {cv2.__version__}, numpy {np.__version__}:"
    )
    figures.errors_table(output)
    output.say("False alarms:")
    figures.alarms_table(output)
    output.say(
        f"All measures of a page together take {np.median(figures.seconds):.2f} CPU s in the middle and "
        f"{max(figures.seconds):.2f} at most, on {os.cpu_count()} cores that others use as well."
    )
    if given.real:
        output.say(f"Pages that {OCRMYPDF.replace('==', ' ')} is tested with:")
        real_pages(measures, output)
    if given.write:
        output.write("profile_pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
