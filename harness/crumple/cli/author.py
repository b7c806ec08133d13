"""Who sits at the keyboard, for what is written down with a name."""

from __future__ import annotations

from pathlib import Path

from crumple.errors import CrumpleError


def myself(root: Path) -> str:
    """Who somebody is: as git knows them here, or by their login.

    Raises:
        CrumpleError: nobody can tell.
    """
    import getpass
    import subprocess

    try:
        said = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - whichever git they use
            cwd=root,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        said = ""
    if said:
        return said
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise CrumpleError("nobody can tell who you are", where="--by", hint="--by NAME.") from None
