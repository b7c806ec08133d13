"""`--json FILE`: looked at before anything is measured, written when it has been."""

from __future__ import annotations

from pathlib import Path

from crumple.cli.output import emit

SCREEN = "-"


def check_json(name: str | None, config: str | Path | None) -> None:
    """Find out whether the file can be written.

    Args:
        name: of the file; "-" is standard output, None nothing.
        config: see `known_destination`.

    Raises:
        CrumpleError: it cannot.
    """
    if name is None or name == SCREEN:
        return
    from crumple.config.storage import known_destination
    from crumple.destinations import check_destination

    check_destination(known_destination(name, config))


def write_json(name: str | None, text: str, config: str | Path | None) -> None:
    """Write a document where it was asked for.

    Args:
        name: as for `check_json`.
        text: the document.
        config: as for `check_json`.

    Raises:
        CrumpleError: it cannot be written.
    """
    if name == SCREEN:
        emit(text)
    elif name is not None:
        from crumple.config.storage import known_destination
        from crumple.destinations import write_whole

        write_whole(known_destination(name, config), f"{text}\n".encode())
