"""Builds the pages that are made from the code: `python docs/build.py`; with `--check` it only says what is stale."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from crumple.cli import statements
from crumple.config.model import Settings
from crumple.config.quantities import duration, size
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry, discover
from crumple.workers.limits import in_bytes

HERE = Path(__file__).parent
ABOUT_MUTATORS = """\
Levels 1 to 5 of the main parameter: 1 is everyday, 3 is bad, 5 is the worst that production will really send. *Truth*
is what becomes of the right answer: it stays the same, is a new one, or fields are lost (then the old value passes, and
none). *Refusing* is acceptable from the level that is named on."""
ABOUT_CONFIGURATION = """\
One file, `crumple.toml`, or `[tool.crumple]` in `pyproject.toml`; the nearest one above the current folder. `${NAME}`
takes a value from the environment, and such values never reach a report; `$${NAME}` is the text itself. `crumple init`
writes a file with comments. Unknown keys are errors."""
MADE = "<!-- Made from the code by docs/build.py; change it there. -->"


def mutators_page(registry: Registry) -> str:
    """The catalogue: a table a category, and what each mutator does."""
    parts = [
        MADE,
        "# Mutators",
        ABOUT_MUTATORS,
    ]
    for category in registry.categories:
        own = [each for each in registry if each.category == category]
        parts.append(f"## {category}")
        parts.append(
            "\n".join(
                [
                    "| mutator | parameter | levels 1 to 5 | truth | refusing | acts on |",
                    "| --- | --- | --- | --- | --- | --- |",
                    *(_row(each) for each in own),
                ]
            )
        )
        parts.extend(f"**`{each.name}`** {' '.join(each.doc.split())}" for each in own)
    return "\n\n".join(parts) + "\n"


def _row(mutator: Mutator) -> str:
    unit = f" ({mutator.ladder.unit})" if mutator.ladder and mutator.ladder.unit else ""
    cells = [
        f"`{mutator.name}`",
        f"{mutator.parameter}{unit}",
        statements.ladder(mutator),
        "control" if mutator.control else statements.truth(mutator),
        statements.refusal(mutator),
        statements.short_types(statements.acts_on(mutator)),
    ]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def configuration_page() -> str:
    """Every key of crumple.toml."""
    parts = [
        MADE,
        "# crumple.toml",
        ABOUT_CONFIGURATION,
    ]
    for section, field in Settings.model_fields.items():
        model: Any = field.annotation
        about = " ".join((model.__doc__ or "").split()).partition(": ")[2]
        parts.append(f"## [{section}]\n\n{about[:1].upper()}{about[1:]}")
        rows = [
            f"| `{each.alias or name}` | {_default(each)} | {' '.join((each.description or '').split())} |"
            for name, each in model.model_fields.items()
        ]
        parts.append("\n".join(["| key | default | |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    for kind in field.metadata:
        if isinstance(value, (int, float)) and isinstance(kind, BeforeValidator):
            written = {duration: lambda: f'"{value:g}s"', size: lambda: f'"{in_bytes(int(value))}"'}.get(kind.func)
            if written is not None:
                return f"`{written()}`"
    if value is None or value == () or not isinstance(value, (str, int, float, tuple)):
        return ""
    if isinstance(value, tuple):
        return f"`[{', '.join(f'{each:g}' for each in value)}]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value:g}`"


PAGES = {"mutators.md": lambda: mutators_page(discover()), "configuration.md": configuration_page}


def stale() -> list[str]:
    """The pages that are not what the code says."""
    return [
        name for name, page in PAGES.items() if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != page()
    ]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(found)}; run python docs/build.py" if (found := stale()) else 0)
    for page_name, make in PAGES.items():
        (HERE / page_name).write_text(make(), "utf-8")
