"""What tells one version of a system from another where nobody says: a digest of the files that it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_CHUNK = 1 << 20
UNKNOWN = "unknown"


def of_files(paths: Iterable[Path]) -> str:
    """A digest of files' names and contents, in the order of their names; "unknown" without a readable one."""
    digest = hashlib.blake2b(digest_size=16)
    found = False
    for path in sorted(paths):
        try:
            with path.open("rb") as file:
                digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except OSError:
            continue
        found = True
    return digest.hexdigest() if found else UNKNOWN


def of_module(name: str, root: Path) -> str:
    """A digest of a module's file, or of all modules of the package that it is in; nothing is imported.

    Args:
        name: with dots, as it is imported.
        root: the folder that it is looked for in; an installed module is its distribution's affair: "unknown".
    """
    top = name.partition(".")[0]
    package = root / top
    if (package / "__init__.py").is_file() or (package.is_dir() and "." in name):
        return of_files(package.rglob("*.py"))
    return of_files([root / f"{top}.py"])
