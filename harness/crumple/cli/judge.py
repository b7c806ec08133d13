"""`crumple judge`: the answers to an exported folder, judged like those of a run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option, report_options
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.adapters.batch.answers import Answers
    from crumple.assembly import Assembly, Wishes
    from crumple.cli.carry_out import Manner
    from crumple.config.loading import Config

_SOUND = (0, 1, 3)
"""The exit codes of runs that say something about the system: its contract is met, broken or undecided."""
_HELP = """Judge the answers to the documents that `crumple export` has written, and print what fails.

The report is the one that `crumple run` prints, and the run is kept like one. A document without an answer counts as
crashed, unless `[system] refuses` names "missing". The judge and its options may be changed and the folder judged
again; what documents depend on (seed, mutators, corpus) may not.

\b
Examples:
  crumple judge to-process
  crumple judge to-process --answers results.jsonl
  crumple judge to-process --json result.json

Exit codes: 0 done; 2 usage, configuration, or answers that cannot be read; 4 the run is void: there is no
answer, or every case fails clean; 130 interrupted.
"""


@click.command("judge", help=_HELP, short_help="Judge the answers to exported documents.")
@click.argument("folder", type=click.Path())
@click.option(
    "--answers",
    type=click.Path(),
    metavar="PATH",
    help="A folder of answers, or one table, .jsonl or .csv; by default FOLDER/answers.",
)
@config_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="How many lanes judge; by default one a core.")
@click.option(
    "--json", "json_file", type=click.Path(), metavar="FILE", help="Write all figures there too; - is standard output."
)
@click.option("--store", metavar="URL", help="Where results are kept: a PostgreSQL URL; by default .crumple/store.db.")
@report_options
def command(
    folder: str,
    answers: str | None,
    config: str | None,
    workers: int | None,
    **kept: Any,
) -> int:
    """Find the answers, judge them, and print the report."""
    from crumple.adapters.batch.manifest import read_manifest
    from crumple.assembly import assemble
    from crumple.batch import asked_again, found_answers, judging
    from crumple.cli.carry_out import carry_out, manner_of
    from crumple.config.finding import find
    from crumple.config.loading import load

    exported = Path(folder)
    manifest = read_manifest(exported)
    wishes = replace(asked_again(manifest), workers=workers)
    loaded = load(find(Path(config) if config is not None else None))
    manner = manner_of(loaded, config, fresh=True, no_wait=False, **kept)
    assembly = assemble(loaded, wishes)
    place = Path(answers) if answers is not None else None
    judged = judging(assembly, exported, place)
    _show(found_answers(exported, place, manifest), len(manifest.documents), loaded)
    return carry_out(judged, loaded, manner)


def carry_out_batch(assembly: Assembly, config: Config, wishes: Wishes, manner: Manner) -> int:
    """What `crumple run` does for a system that takes whole folders: export, process, judge; the exit code."""
    from crumple.adapters.batch.manifest import read_manifest
    from crumple.batch import found_answers, judging
    from crumple.batch_folder import alone, processed
    from crumple.cli.carry_out import carry_out
    from crumple.cli.json_file import check_json
    from crumple.cli.progress import watching
    from crumple.project import project_folder

    check_json(manner.json_file, config.path)  # before documents are processed, which takes what it takes
    if manner.files is not None:
        manner.files.check()
    place = project_folder(config.root) / "batch"
    keep_for = config.settings.privacy.keep_for
    with alone(place, lambda line: emit(line, err=True), wait=manner.wait):
        with watching(None) as watcher:
            folder = processed(assembly, place, wishes, watcher.add, fresh=manner.fresh, keep_for=keep_for)
        try:
            judged = judging(assembly, folder)
        except CrumpleError as error:
            kept = "The answers are kept: put them right there, or have them made anew with --fresh."
            raise type(error)(str(error).rstrip("."), hint=kept) from None
        _show(found_answers(folder), len(read_manifest(folder).documents), config)
        # The batch is what is gone on with, not the judging of it.
        code = carry_out(judged, config, replace(manner, fresh=True))
        if code in _SOUND:
            # Until then its answers, which are paid for, are there for the same command.
            shutil.rmtree(folder, ignore_errors=True)
    return code


def _show(found: Answers, documents: int, config: Config) -> None:
    """Say what does not fit together before anything is judged by it."""
    from crumple.adapters.batch.judged import MISSING
    from crumple.plain_text import visible

    if found.strangers:
        names = ", ".join(map(visible, found.strange[:5])) + (", ..." if found.strangers > 5 else "")
        emit(
            f"note: {found.place} holds {found.strangers} answer{'s' * (found.strangers != 1)} to no document of the "
            f"folder, left aside: {names}",
            err=True,
        )
    missing = documents - len(found)
    if missing and MISSING not in config.settings.system.refuses:
        emit(
            f"note: no answer to {missing} of {documents} documents, and each counts as crashed; where that is how "
            'the system refuses, say refuses = ["missing"]',
            err=True,
        )
