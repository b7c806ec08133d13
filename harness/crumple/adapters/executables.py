"""Programs by the names that a configuration gives them: found on PATH or beside the file; reads folders."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from crumple.adapters import versions
from crumple.errors import CrumpleError, nearest


def environment(added: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program: this process' own, and what is added."""
    return {**os.environ, **added}


def found(name: str, root: Path, where: str, env: Mapping[str, str]) -> str:
    """The absolute path of a program, links not resolved: what some programs do depends on the name they go by.

    Args:
        name: with a "/" a path from `root`, otherwise looked for on PATH.
        root: the configuration file's folder.
        where: the place that names it, for errors.
        env: the variables that it will have, PATH among them.

    Raises:
        CrumpleError: there is none, or it is not executable.
    """
    if os.sep in name:
        path = os.path.abspath(root / os.path.expanduser(name))
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
        raise CrumpleError(*_why_not(name, path), where=where, hint=_mending(name, path))
    on_path = shutil.which(name, path=env.get("PATH"))
    if on_path is not None:
        return os.path.abspath(on_path)
    hint = f"It stands in {root}: write './{name}'." if (root / name).is_file() else ""
    near = nearest(name, _programs(env.get("PATH", "")))
    meant = f"Did you mean {near!r}?" if near else ""
    raise CrumpleError(
        f"there is no command {name!r} on PATH",
        where=where,
        hint=hint or meant or "Install it, or write its path.",
    )


def _why_not(name: str, path: str) -> tuple[str]:
    if os.path.isdir(path):
        return (f"{name!r} is a folder",)
    if os.path.exists(path):
        return (f"{name!r} is not executable",)
    return (f"there is no file {path!r}",)


def _mending(name: str, path: str) -> str:
    if os.path.isdir(path):
        return "Name the program in it."
    if os.path.exists(path):
        return f'Make it so with `chmod +x {name}`, or put its interpreter first: ["python3", "{name}"].'
    near = nearest(os.path.basename(path), _names(os.path.dirname(path)))
    return f"Did you mean {near!r}?" if near else "A path is taken from the configuration file's folder."


def _programs(path: str) -> list[str]:
    """The names of everything on PATH."""
    return [name for folder in path.split(os.pathsep) if folder for name in _names(folder)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def version_of(
    commands: Sequence[Sequence[str]], root: Path, env: Mapping[str, str], where: str = "[system] command"
) -> str:
    """A digest of commands' programs, and of the files and Python modules that their words name."""
    paths: set[Path] = set()
    for command in commands:
        paths.add(Path(found(command[0], root, where, env)))
        for before, word in itertools.pairwise(command):
            path = root / word
            if before == "-m" and word.replace(".", "").isidentifier():
                top = word.partition(".")[0]
                paths.update([root / f"{top}.py", *(root / top).rglob("*.py")])
            elif "{" not in word and path.is_file():
                paths.add(path)
    return versions.of_files(paths)
