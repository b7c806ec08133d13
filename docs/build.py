"""Builds the pages that are made from the code: `python docs/build.py`; with `--check` it only says what is stale."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import at_scale
import mutator_pages
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from crumple.cli import statements
from crumple.config.fields import Section
from crumple.config.model import Settings
from crumple.config.quantities import alarms, duration, pixels, size
from crumple.config.system import KINDS, System, kinds_of
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry, discover
from crumple.views.format import spoken
from crumple.workers.limits import in_bytes

Json = Mapping[str, Any]

HERE = Path(__file__).parent
MEASURED = HERE / "calibration.json"
ENGINES = {"tesseract": "Tesseract", "rapidocr": "RapidOCR"}
ABOUT_MUTATORS = """\
Levels 1 to 5 of the main parameter: 1 is everyday, 3 is bad, 5 is the worst that production will really send. *Truth*
is what becomes of the right answer: it stays the same, is a new one, or fields are lost (then the old value passes,
none, and what can be read in its place now). *Refusing* is acceptable from the level that is named on."""
ABOUT_CONFIGURATION = """\
One file, `crumple.toml`, or `[tool.crumple]` in `pyproject.toml`; the nearest one above the current folder. `${NAME}`
takes a value from the environment, and such values never reach a report; `$${NAME}` is the text itself. `crumple init`
writes a file with comments. Unknown keys are errors."""
ABOUT_CALIBRATION = """\
What OCR engines miss at each level: the share of the words on the page that they do not read, case and punctuation
aside. Tesseract reads ten clean sheets of several fonts, sizes and layouts, each with seeds of its own; RapidOCR,
which is stronger and ten times slower, reads two with one seed at the levels 1, 3 and 5. Where a mutator declares
words lost (covered, cut off), *left* is what is missed of the others. A ladder is *monotone* where no level's share is
more than 0.02 below the one before. It *breaks* where what is missed of the words that are left is half way from the
clean pages' share to all. Levels that an engine already stumbles over (0.03 more than clean at level 1) and ladders
that never hurt Tesseract (less than 0.3 at level 5) are noted: those are as bad as is really sent, and hurt in
combinations.

`python -m benchmarks.calibration` measures this again, `--quick` a part of it in a few minutes; it reads only what has
changed since. RapidOCR needs an environment of its own: see `--rapidocr-python`."""
ABOUT_GALLERY = """\
What pages look like, of a generated invoice and of generated forms. Each mutator's page has it at five levels:
[the catalogue](mutators.md) leads to them. Your own page, a PDF, PNG, JPEG or TIFF, at five levels of every mutator:
`crumple mutate FILE --gallery OUT.png`. `python docs/gallery.py` draws the pictures here again."""
MADE = "<!-- Made from the code by docs/build.py; change it there. -->"


def mutators_page(registry: Registry) -> str:
    """The catalogue: a table a category; each mutator has a page of its own."""
    parts = [
        MADE,
        "# Mutators",
        ABOUT_MUTATORS,
    ]
    for category in registry.categories:
        own = [each for each in registry if each.category == category]
        parts.append(f"## {category}")
        parts += mutator_pages.overview(category)
        parts.append(
            "\n".join(
                [
                    "| mutator | what it does | levels 1 to 5 | truth; refusing | acts on |",
                    "| --- | --- | --- | --- | --- |",
                    *(_row(each) for each in own),
                ]
            )
        )
    return "\n\n".join(parts) + "\n"


def _row(mutator: Mutator) -> str:
    unit = f" ({mutator.ladder.unit})" if mutator.ladder and mutator.ladder.unit else ""
    ladder = (
        f"{mutator.parameter}{unit}: {statements.ladder(mutator)}" if mutator.ladder else statements.ladder(mutator)
    )
    truth = "control" if mutator.control else statements.truth(mutator)
    cells = [
        f"[`{mutator.name}`](mutators/{mutator.name}.md)",
        mutator_pages.first_sentence(mutator),
        ladder,
        f"{truth}; {statements.refusal(mutator)}",
        statements.beside(mutator) or spoken(statements.acts_on(mutator)),
    ]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def gallery_page() -> str:
    """What pages look like, all on a few pictures."""
    parts = [MADE, "# Gallery", ABOUT_GALLERY]
    for category in mutator_pages.OVERVIEWS:
        parts += [f"## {category}", *mutator_pages.overview(category)]
    return "\n\n".join(parts) + "\n"


def measurements() -> Json:
    """What `python -m benchmarks.calibration` has measured."""
    if not MEASURED.exists():
        return {"engines": {}, "mutators": {}}
    document: Json = json.loads(MEASURED.read_text("utf-8"))
    return document


def _measured(entry: Json) -> str:
    """What engines miss of what one mutator makes."""
    said = []
    for name, figure in entry["engines"].items():
        at = [entry["rungs"][int(level) - 1] for level in figure["levels"]] if entry["rungs"] else []
        rungs = f" at {', '.join(map(statements.value, at))}" if at else ""
        ends = f" and breaks at {broken}" if (broken := _break(entry, figure)) else ""
        said.append(f"{ENGINES[name]} misses {_shares(figure['error'])} of the words{rungs}{ends}")
    return f"Measured: {'; '.join(reversed(said))}."


def _shares(shares: Sequence[float | None]) -> str:
    return ", ".join("-" if each is None else f"{each:.2f}" for each in shares)


def _break(entry: Json, figure: Json) -> str:
    if figure["breaks"] is None:
        return ""
    value = figure["breaks"]["value"]
    shown = value if isinstance(value, str) else f"{value:.3g}"
    return shown if entry["unit"] in ("", entry["parameter"]) else f"{shown} {entry['unit']}"


def calibration_page(registry: Registry, measured: Json) -> str:
    """Every ladder of scanned pages with what engines miss at its levels."""
    engines = [
        f"- {ENGINES[name]}: {each['version']}; {each['sheets']} sheets, seeds a sheet: {each['seeds']}"
        for name, each in measured["engines"].items()
    ]
    rows = [_calibrated(name, entry, registry) for name, entry in measured["mutators"].items()]
    table = [
        "| mutator | parameter | rungs | Tesseract, 1 to 5 | left | monotone | breaks at | RapidOCR, 1, 3, 5 | note |",
        f"|{' --- |' * 9}",
    ]
    return "\n\n".join([MADE, "# Calibration", ABOUT_CALIBRATION, "\n".join(engines), "\n".join(table + rows)]) + "\n"


def _calibrated(name: str, entry: Json, registry: Registry) -> str:
    known = registry.mutators.get(name)
    now = list(known.ladder.rungs) if known and known.ladder else []
    tesseract, rapid = (entry["engines"].get(engine) for engine in ("tesseract", "rapidocr"))
    unit = f" ({entry['unit']})" if entry["unit"] not in ("", entry["parameter"]) else ""
    cells = [
        f"`{name}`",
        f"{entry['parameter']}{unit}",
        ", ".join(map(statements.value, entry["rungs"])),
        _shares(tesseract["error"]) if tesseract else "",
        _shares(tesseract["left"]) if tesseract and "left" in tesseract else "",
        ("yes" if tesseract["monotone"] else "no") if tesseract else "",
        _break(entry, tesseract) if tesseract else "",
        _shares(rapid["error"]) if rapid else "",
        ", ".join([*entry["flags"], *(["measured before its ladder was changed"] if now != entry["rungs"] else [])]),
    ]
    return f"| {' | '.join(cells)} |"


def configuration_page() -> str:
    """Every key of crumple.toml."""
    parts = [MADE, "# crumple.toml", ABOUT_CONFIGURATION]
    for name, field in Settings.model_fields.items():
        parts.extend(_section(name, _section_type(field.annotation)))
    return "\n\n".join(parts) + "\n"


def _section(name: str, model: type[Section], depth: int = 2, *, many: bool = False) -> list[str]:
    """A section's heading, what it is about, and its keys; then the sections in it."""
    about = " ".join((model.__doc__ or "").split())
    about = about.partition(": ")[2] if about.startswith("[") else about
    title = f"[[{name}]]" if many else f"[{name}]"
    parts = [f"{'#' * depth} {title}\n\n{about[:1].upper()}{about[1:]}"]
    fields = {each.alias or key: each for key, each in model.model_fields.items()}
    groups: dict[tuple[str, ...], list[str]] = {}
    for key in fields:
        groups.setdefault(() if model is not System or key in KINDS else kinds_of(key), []).append(key)
    for kinds, keys in sorted(groups.items(), key=lambda group: -len(group[0]) if group[0] else -len(KINDS) - 1):
        if kinds:
            parts.append(
                "With every kind:" if kinds == KINDS else f"With {' or '.join(f'`{each}`' for each in kinds)}:"
            )
        rows = [
            f"| `{key}` | {_default(fields[key])} | {' '.join((fields[key].description or '').split())} |"
            for key in keys
        ]
        parts.append("\n".join(["| key | default | |", "| --- | --- | --- |", *rows]))
    for key, each in fields.items():
        inner = _section_type(each.annotation)
        if issubclass(inner, Section):
            many = get_origin(each.annotation) is tuple
            parts.extend(_section(f"{name}.{key}", inner, depth + 1, many=many))
    return parts


def _section_type(annotation: Any) -> Any:
    """What a key holds, where it may be left out; of anything but sections, the type itself or `object`."""
    kinds = [each for each in (annotation, *get_args(annotation)) if isinstance(each, type)]
    return next((each for each in kinds if issubclass(each, Section)), object)


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    for kind in field.metadata:
        if isinstance(value, (int, float)) and isinstance(kind, BeforeValidator):
            written = {
                duration: lambda: f'"{value:g}s"',
                size: lambda: f'"{in_bytes(int(value))}"',
                pixels: lambda: f'"{value / 1e6:g}M"',
                alarms: lambda: f'"{365 * value:g} a year"',
            }.get(kind.func)
            if written is not None:
                return f"`{written()}`"
    if value is None or value == () or not isinstance(value, (str, int, float, tuple)):
        return ""
    if isinstance(value, tuple):
        return f"`[{', '.join(f'{each:g}' for each in value)}]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value:g}`"


def pages() -> dict[str, str]:
    """Every page that is made from the code, by its name in this folder."""
    registry, measured = discover(), measurements()
    of_mutators = {name: _measured(entry) for name, entry in measured["mutators"].items()}
    return {
        "mutators.md": mutators_page(registry),
        "gallery.md": gallery_page(),
        "calibration.md": calibration_page(registry, measured),
        "configuration.md": configuration_page(),
        "scale.md": at_scale.page((HERE / "scale.md").read_text("utf-8")),
        **mutator_pages.pages(registry, of_mutators),
    }


def stale() -> list[str]:
    """The pages that are not what the code says, and those that nothing in the code stands behind any more."""
    made = pages()
    old = {str(path.relative_to(HERE)) for path in (HERE / mutator_pages.FOLDER).glob("*.md")} - set(made)
    changed = [
        name for name, page in made.items() if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != page
    ]
    return [*changed, *sorted(old), *(f"gallery/{name}.webp" for name in mutator_pages.stale_strips(discover()))]


def build() -> None:
    """Write every page, and remove those of mutators that are gone."""
    folder = HERE / mutator_pages.FOLDER
    folder.mkdir(exist_ok=True)
    made = pages()
    for path in folder.glob("*.md"):
        if str(path.relative_to(HERE)) not in made:
            path.unlink()
    for name, page in made.items():
        (HERE / name).write_text(page, "utf-8")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            f"stale: {', '.join(found)}; run python docs/gallery.py, then python docs/build.py"
            if (found := stale())
            else 0
        )
    build()
