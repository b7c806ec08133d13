"""`--json FILE`: looked at before anything is measured, written when it has been."""

from __future__ import annotations

from pathlib import Path

from crumple.cli.output import emit
from crumple.errors import CrumpleError

SCREEN = "-"


def check_json(name: str | None) -> None:
    """Find out whether the file can be written.

    Args:
        name: of the file; "-" is standard output, None nothing.

    Raises:
        CrumpleError: it cannot.
    """
    from crumple.files import check_writable

    if name in {None, SCREEN}:
        return
    try:
        check_writable(Path(str(name)))
    except OSError as error:
        raise _unwritable(str(name), error) from None


def write_json(name: str | None, text: str) -> None:
    """Write a document where it was asked for.

    Args:
        name: as for `check_json`.
        text: the document.

    Raises:
        CrumpleError: it cannot be written.
    """
    if name == SCREEN:
        emit(text)
    elif name is not None:
        from crumple.files import replace_file

        try:
            replace_file(Path(name), f"{text}\n".encode())
        except OSError as error:
            raise _unwritable(name, error) from None


def _unwritable(name: str, error: OSError) -> CrumpleError:
    return CrumpleError(f"it cannot be written: {error.strerror}", where=name, hint="Choose another --json FILE.")
