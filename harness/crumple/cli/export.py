"""`crumple export`: the documents of a run in a folder, for a system that cannot be called one by one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option, levels_option, use_option, words

if TYPE_CHECKING:
    from crumple.batch import Export

_MOST_REASONS = 8
_NO_DOCUMENT = "no document of the corpus"
_HELP = """Write the documents of a run into a folder, for a system that cannot be called one by one.

FOLDER is new or empty. Clean and degraded documents stand in its documents/, under names and in an order that do not
say which is which; README.txt says what to do with them, and in what form answers are written into its answers/. Then
`crumple judge FOLDER` prints the report that `crumple run` would print.

\b
Examples:
  crumple export to-process
  crumple export to-process --use scan --calls 300

Exit codes: 0 done; 2 usage or configuration; 130 interrupted.
"""


@click.command("export", help=_HELP, short_help="Write documents for a batch system.")
@click.argument("folder", type=click.Path())
@config_option
@use_option
@levels_option
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Of every draw; the same seed makes the same documents."
)
@click.option(
    "--calls", type=click.IntRange(min=1), metavar="N", help="How many documents there may be, clean ones included."
)
def command(
    folder: str,
    config: str | None,
    use: tuple[str, ...],
    levels: tuple[float, ...] | None,
    seed: int | None,
    calls: int | None,
) -> None:
    """Degrade, write, and say what to do next."""
    from crumple.assembly import Wishes, assemble
    from crumple.batch import export
    from crumple.cli.progress import watching
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.destinations import here

    target = here(folder, where="FOLDER", hint="Export to a folder, and copy that there with what the store brings.")
    loaded = load(find(Path(config) if config is not None else None))
    wishes = Wishes(use=words(use), levels=levels, seed=seed, calls=calls)
    assembly = assemble(loaded, wishes)
    with watching(None) as watcher:
        found = export(assembly, target, wishes, watcher.add)
    _show(found, folder)


def _show(found: Export, folder: str) -> None:
    from crumple.plain_text import excerpt

    total = len(found.manifest.documents)
    emit(f"{folder}: {total:,} documents, of {found.cases:,} case{'s' * (found.cases != 1)}, clean and degraded")
    if found.void:
        emit("\nCould not be made, and are in no rate:")
        for cause, times in sorted(found.void.items(), key=lambda each: -each[1])[:_MOST_REASONS]:
            emit(f"  {excerpt(cause, 160)}" + (f" ({times} times)" if times > 1 else ""))
    reasons: dict[str, list[str]] = {}
    for mutator, reason in found.not_run.items():
        if reason.startswith(_NO_DOCUMENT):
            continue  # that mutators of pages do not act on tables is no news
        reasons.setdefault(reason, []).append(mutator)
    if reasons:
        emit("\nNot among them:")
        for reason, mutators in sorted(reasons.items(), key=lambda each: -len(each[1]))[:_MOST_REASONS]:
            shown = ", ".join(mutators[:4]) + (f" and {len(mutators) - 4} more" if mutators[4:] else "")
            emit(f"  {reason}: {shown}")
    emit(
        f"\nHave every document in {folder}/documents processed, and the answers written into {folder}/answers as\n"
        f"{folder}/README.txt says. Then: crumple judge {folder}\n(--calls N and --use export fewer.)"
    )
