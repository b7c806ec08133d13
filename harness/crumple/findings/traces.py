"""Where in the code it happened: the frames of Python's tracebacks, with no path of a machine in them. Pure."""

from __future__ import annotations

import re
from pathlib import PurePath

_FRAME = re.compile(r'^(\s*File )"([^"\n]+)", line (\d+)(?:, in ([\w<>.]+))?', re.MULTILINE)
_PACKAGES = re.compile(r".*/(?:site|dist)-packages/")
_LIBRARY = re.compile(r".*/python\d[\d.]*/")
_ANYWHERE = re.compile(r"(?<![\w/.-])/[^\s'\":,]*?/(?:site|dist)-packages/")
_MOST = 20


def frames(detail: str, root: PurePath) -> tuple[str, ...]:
    """The frames that a text shows, the outermost first: "reader.py:86 in from_csv".

    Args:
        detail: a traceback, or whatever a program has printed.
        root: the project's folder; files below it are named from there.
    """
    found = [
        f"{named(file, root)}:{line} in {function or '<module>'}" for _, file, line, function in _FRAME.findall(detail)
    ]
    return tuple(found[-_MOST:])


def without_paths(text: str, root: PurePath) -> str:
    """The text with files of tracebacks as `named` has them, and without folders of this machine anywhere else."""
    text = _FRAME.sub(lambda found: found[0].replace(found[2], named(found[2], root)), text)
    return _ANYWHERE.sub("", text.replace(f"{root}/", ""))


def named(file: str, root: PurePath) -> str:
    """A file's path from the project's folder, or from its package's; of others the name alone."""
    path = PurePath(file)
    if path.is_relative_to(root):
        return str(path.relative_to(root))
    for place in (_PACKAGES, _LIBRARY):
        if found := place.match(file):
            return file[found.end() :]
    return file if not path.is_absolute() else path.name
