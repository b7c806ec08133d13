"""Printing: what a terminal cannot show is escaped, never an error; help for the tables of several commands."""

from __future__ import annotations

import os
import shutil
import sys

import click

from crumple.errors import CrumpleError

_WIDEST = 120
_PIPED = 100


def emit(text: str, *, err: bool = False) -> None:
    """Print a line. Characters that the stream's encoding lacks are written as escapes.

    Raises:
        CrumpleError: standard output cannot be written to: the disk is full.
        BrokenPipeError: nobody reads it any more, as behind `| head`.
    """
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding), err=err)
    except BrokenPipeError:
        raise
    except OSError as error:
        if err:
            raise
        raise CrumpleError(f"it cannot be written: {error.strerror}", where="standard output") from None


def width() -> int:
    """How wide output may be: the terminal's width, at most 120; 100 where it is piped."""
    if not sys.stdout.isatty():
        return _PIPED
    return min(_WIDEST, shutil.get_terminal_size((80, 24)).columns)


def color() -> bool:
    """Whether output may be coloured: on a terminal, unless NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
