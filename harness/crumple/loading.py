"""What is found by its name: installed plugins, and modules and functions of the user's beside crumple.toml.

What stands in the configuration file's folder comes first, whatever else goes by its name.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from crumple.errors import CrumpleError

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MOST_NAMES = 20


def entry_points(group: str) -> metadata.EntryPoints:
    """The entry points of a group, of all installed distributions."""
    return _installed().select(group=group)


@functools.cache
def _installed() -> metadata.EntryPoints:
    """Those of all groups, looked up once: that takes reading a file of every distribution there is."""
    # Python 3.11 has a class of its own for all of them, with the same `select`.
    return cast("metadata.EntryPoints", metadata.entry_points())


def module(name: str, root: Path | None, where: str) -> ModuleType:
    """A module by its name: the file or package in `root`, or else an installed one.

    Args:
        name: like "judges" or "invoices.mutators".
        root: the configuration file's folder, which is put first on the path for the module's own imports;
            None: installed modules alone.
        where: the place that names the module, for errors.

    Raises:
        CrumpleError: there is none, or importing it failed; what it raised as a CrumpleError stays as it is.
    """
    if not _DOTTED.fullmatch(name):
        raise CrumpleError(f"{name!r} is not the name of a module", where=where, hint='Like "invoices.mutators".')
    path = None
    if root is not None:
        root = Path(os.path.abspath(root))
        _put_first(str(root))
        path = _file_of(name, root)
    try:
        if name not in sys.modules:
            importlib.invalidate_caches()  # the file may have been written a moment ago
        found = importlib.import_module(name)
        return found if path is None or _is_of(found, path) else _apart(name, path)
    except CrumpleError:
        raise
    except (Exception, SystemExit) as error:
        raise _failed(name, root, where, error) from error


def beside(name: str, root: Path) -> bool:
    """Whether a module of this name is in a folder."""
    return _file_of(name, root) is not None


def function(name: str, root: Path | None, where: str) -> Callable[..., Any]:
    """The function that "module:function" names.

    Args:
        name: the module as in `module`, a colon, and what it has at its top level, or deeper with dots.
        root: the configuration file's folder.
        where: the place that names the function, for errors.

    Raises:
        CrumpleError: there is none, or importing its module failed.
    """
    of, colon, path = name.partition(":")
    if not colon or not _DOTTED.fullmatch(of) or not _DOTTED.fullmatch(path):
        raise CrumpleError(f"{name!r} does not read module:function", where=where, hint='Like "invoices:extract".')
    found: Any = module(of, root, where)
    for part in path.split("."):
        try:
            inner = getattr(found, part)
        except AttributeError:
            raise CrumpleError(
                f"{of!r} has no function {path!r}", where=where, got=part, allowed=_functions(found)
            ) from None
        found = inner
    if not callable(found):
        kind = type(found).__name__
        raise CrumpleError(f"{of!r} has no function {path!r}: what has that name is of type {kind}", where=where)
    return found  # type: ignore[no-any-return]  # callable() makes of Any something that returns object


def _put_first(folder: str) -> None:
    if sys.path[:1] != [folder]:
        sys.path[:] = [folder, *(each for each in sys.path if each != folder)]


def _file_of(name: str, root: Path) -> Path | None:
    stem = root.joinpath(*name.split("."))
    return next((each for each in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")) if each.is_file()), None)


def _is_of(found: ModuleType, path: Path) -> bool:
    return bool(found.__dict__.get("__file__")) and os.path.realpath(str(found.__file__)) == os.path.realpath(path)


@functools.cache
def _apart(name: str, path: Path) -> ModuleType:
    """The file's module where another of its name is imported already, which keeps its place."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} cannot be imported")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _failed(name: str, root: Path | None, where: str, error: BaseException) -> CrumpleError:
    """The error for a module that is not there, or whose import raised."""
    looked = f"It is looked for in {root} first, then among installed modules." if root else ""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and (name == missing or name.startswith(f"{missing}.")):
        return CrumpleError(
            f"the module {name!r} cannot be imported: there is none of this name",
            where=where,
            got=name,
            allowed=_neighbours(root),
            hint=looked,
        )
    words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": .")
    at = _line(error, root)
    return CrumpleError(f"the module {name!r} cannot be imported: {words}{at}", where=where, hint=looked)


def _line(error: BaseException, root: Path | None) -> str:
    """Where in the user's own files it was raised: " (judge.py, line 3)"; a syntax error says so itself."""
    if root is None or isinstance(error, SyntaxError):
        return ""
    inside = f"{os.path.abspath(root)}{os.sep}"
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.startswith(inside)]
    return f" ({os.path.relpath(frames[-1].filename, root)}, line {frames[-1].lineno})" if frames else ""


def _neighbours(root: Path | None) -> list[str]:
    """The modules in a folder."""
    if root is None or not root.is_dir():
        return []
    packages = (each.parent.name for each in root.glob("*/__init__.py"))
    return _few({*packages, *(each.stem for each in root.glob("*.py") if each.stem.isidentifier())})


def _functions(found: Any) -> list[str]:
    """The public functions of a module or class: its own, or where it has none whatever can be called."""
    there = getattr(found, "__dict__", {})
    public = {name: each for name, each in there.items() if not name.startswith("_") and callable(each)}
    own = [name for name, each in public.items() if inspect.isfunction(each)]
    return _few(own or public)


def _few(names: Iterable[str]) -> list[str]:
    return sorted(names)[:_MOST_NAMES]
