"""The command line: one file a command, each imported when it is named. Only this room prints."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

from crumple.cli.group import Lazy

EPILOG = """\b
Examples:
  crumple init                                    write a crumple.toml for this folder
  crumple run                                     measure, and print the failure rates
  crumple mutate page.png --with scan.skew --level 3 -o skewed.png
  crumple describe scan.skew                      what it does, and what its levels mean

Exit codes: 0 done, and the contract is not broken; 1 it is, or a replayed call fails;
2 usage or configuration; 3 undecided, with --strict; 4 the run says nothing about
the system; 70 a fault of crumple's own; 130 interrupted.
"""

crumple = Lazy(
    name="crumple",
    help="""Measure how a system copes with messy data.

    crumple takes the clean documents that a system was shown with, degrades them as production does (pages
    scanned at an angle, broken encodings, files cut short), hands them to the system, and tabulates what fails.
    """,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main() -> None:
    """Run the command line; what `crumple` on the command line calls."""
    # A job that is told to end (a container, a CI runner) closes its lanes and shows what it has, as on Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    crumple(prog_name="crumple")


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
