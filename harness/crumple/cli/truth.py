"""`crumple truth`: the system's own clean answers as truth files, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.config.loading import Config
    from crumple.stand_ins import StandIn

VOID = 4
_MOST = 10
_HELP = """Write what the system itself says of clean documents beside them, as truth files for you to correct.

Each document of the folder [corpus] path that has no truth is called three times. What the answers agree on is written
as NAME.EXT.truth.json; fields in which they differ are left out. Such a file is marked "$stand_in" and reports say so,
until you have read it, corrected it, and removed that entry: until then they measure consistency, not correctness.

\b
Examples:
  crumple truth                  for documents without a truth
  crumple truth --force          also anew for stand-ins that nobody has corrected yet
  crumple truth --all --force    for all documents; writes over truth files that you have written

Exit codes: 0 done; 2 usage or configuration; 4 no document came to an answer; 130 interrupted.
"""


@click.command("truth", help=_HELP, short_help="Write the system's clean answers as truth, to correct.")
@click.option("--all", "everything", is_flag=True, help="Documents that have a truth file as well; needs --force.")
@click.option("--force", is_flag=True, help="Write over stand-ins; with --all over every NAME.EXT.truth.json.")
@config_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="How many calls at a time.")
def command(everything: bool, force: bool, config: str | None, workers: int | None) -> int:
    """Call, agree, write, and say what was written."""
    from crumple.assembly import Wishes, assemble
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.execution.local import LocalLanes
    from crumple.stand_ins import Untold, stand_ins, wanted

    if everything and not force:
        raise CrumpleError(
            "it writes over truth files that are there", where="--all", hint="Add --force if you mean it."
        )
    loaded = load(find(Path(config) if config is not None else None))
    assembly = assemble(loaded, Wishes(workers=workers))
    asked = wanted(assembly.plan.corpus, everything=everything, force=force)
    _show_kept(asked.kept)
    if not asked.files:
        emit("nothing to do: every document has a truth")
        return 0
    written: list[StandIn] = []
    failed: list[StandIn] = []
    spec = replace(assembly.spec, corpus=Untold(assembly.plan.corpus))
    with LocalLanes(spec, assembly.lanes) as lanes:
        for each in stand_ins(lanes, asked.files):
            if _written(each, loaded, force=force):
                written.append(each)
            else:
                failed.append(each)
    return _show_end(written, failed)


def _written(stand_in: StandIn, config: Config, *, force: bool) -> bool:
    """Write one and say so; or say why not."""
    from crumple.config.loading import mask
    from crumple.plain_text import excerpt, visible
    from crumple.stand_ins import write

    why_not = stand_in.why_not
    if not why_not and mask(config, stand_in.truth) != stand_in.truth:
        why_not = "its answer holds a value that the configuration takes from the environment"
    if why_not:
        emit(f"not written  {visible(stand_in.case)}: {excerpt(str(mask(config, why_not)), 200)}")
        return False
    write(stand_in, force=force)
    emit(f"written      {visible(_shown(stand_in.file))}")
    if stand_in.left_out:
        fields = ", ".join(map(visible, stand_in.left_out[:_MOST]))
        more = f" and {len(stand_in.left_out) - _MOST} more" if stand_in.left_out[_MOST:] else ""
        emit(f"             left out, for the answers differ: {fields}{more}")
    return True


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _show_kept(kept: Mapping[str, str]) -> None:
    reasons: dict[str, int] = {}
    for reason in kept.values():
        reasons[reason] = reasons.get(reason, 0) + 1
    advice = {
        "it has a stand-in already": "--force writes it anew",
        "it has a truth": "--all --force writes over it",
        "its truth stands elsewhere": "in case.toml, a manifest, or a file of another name or kind",
    }
    for reason, times in reasons.items():
        emit(f"left alone   {times} document{'s' * (times != 1)}: {reason} ({advice[reason]})")


def _show_end(written: list[StandIn], failed: list[StandIn]) -> int:
    if not written:
        emit("\nNo truth was written: no document came to an answer that can stand in for it.")
        return VOID
    of = f" of {len(written) + len(failed)}" if failed else ""
    emit(f"\n{len(written)}{of} written. They are what the system says, right or wrong: read and correct each, then")
    emit('remove its "$stand_in".')
    return 0
