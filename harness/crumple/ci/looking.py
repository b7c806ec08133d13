"""A project as it is found: where its configuration is, what it installs, which secrets it names. Reads files only.

Nothing is imported or carried out, and no variable of the environment need be set.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from crumple import __version__
from crumple.ci.project import STORE, Project
from crumple.config.environment import Expansion
from crumple.config.finding import source
from crumple.config.toml_source import Source
from crumple.errors import CrumpleError

_OLDEST, _NEWEST = (3, 11), (3, 14)
_SOME_BRANCHES: Final = frozenset({"main", "master", "trunk", "develop"})
_TEST_EXTRAS: Final = ("test", "tests", "testing", "dev")
_FILES_LOOKED_AT: Final = 2_000
_LARGEST: Final = 1 << 20
_PASSED_BY: Final = frozenset({"node_modules", "build", "dist", "__pycache__", "site-packages"})
_SPREAD: Final = re.compile(r"""(?:^|[\s"'=\[,])(?:-n[\s"',=]*\w|--numprocesses|--dist)""")
_NIGHTS_ONLY: Final = (("nightly", "webhook"), ("run", "store"))


def look(config: Path) -> Project:
    """The project that a configuration file speaks for.

    Args:
        config: the file, absolute, as `crumple.config.finding.find` returns it.

    Raises:
        CrumpleError: it cannot be read, is no TOML, or is about a batch.
    """
    written = source(config)
    if written.value(("system", "batch")) is not None:
        raise CrumpleError(
            "neither pytest nor a night can wait for a batch, of which all answers come at once",
            where=written.place(("system", "batch")),
            hint="Say how one document is called; or let a job of your own call `crumple run --json crumple-run.json`.",
        )
    folder = config.parent
    root = repository_of(folder)
    packaging = _toml(folder / "pyproject.toml")
    always, at_night = _secrets(written)
    return Project(
        folder=folder.relative_to(root).as_posix() if folder != root else "",
        config=config.name,
        branch=_default_branch(root),
        python=_python(folder, packaging),
        crumple=_requirement(written),
        own=_own(folder, packaging),
        marked=any("mark.crumple" in text for text in _python_files(folder)),
        contract=bool(written.value(("contract", "limit"))),
        distributed=_is_distributed(folder),
        secrets=always,
        at_night=at_night,
        store="" if _is_database(written) else str(written.value(("run", "store")) or STORE),
    )


def repository_of(folder: Path) -> Path:
    """The root of the repository that a folder is in; the folder itself where it is in none."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _default_branch(root: Path) -> str:
    """As the remote says; else the one that is checked out, if that is likely the default one."""
    for name, sure in ((".git/refs/remotes/origin/HEAD", True), (".git/HEAD", False)):
        branch = (
            _text(root / name).strip().rpartition("refs/")[2].removeprefix("remotes/origin/").removeprefix("heads/")
        )
        if re.fullmatch(r"[\w./-]+", branch) and (sure or branch in _SOME_BRANCHES):
            return branch
    return "main"


def _python(folder: Path, packaging: Mapping[str, Any]) -> str:
    """The version that the project names, if crumple runs on it; else the one that runs now."""
    asked = str(_table(packaging, "project").get("requires-python", ""))
    for text in (_text(folder / ".python-version"), asked.rpartition(">=")[2] if ">=" in asked else ""):
        found = re.match(r"\s*(3)\.(\d+)", text)
        if found and _OLDEST <= (3, int(found[2])) <= _NEWEST:
            return f"3.{found[2]}"
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _requirement(written: Source) -> str:
    """Crumple with the extras that the configuration asks for, of the version that writes this."""
    value = written.value
    needed = {
        "dependency": value(("dependency",)),
        "http": value(("system", "url")) or value(("system", "chat")),
        "postgres": _is_database(written),
        "schema": value(("judge", "schema")) or value(("judge", "kind")) == "schema",
    }
    extras = ",".join(name for name, asked in needed.items() if asked)
    return f"crumple{f'[{extras}]' if extras else ''}=={__version__}"


def _is_database(written: Source) -> bool:
    """A URL of a database, or a variable that holds one: a file's path has no reason to be secret."""
    store = str(written.value(("run", "store")) or "")
    return store.startswith("postgres") or "${" in store


def _own(folder: Path, packaging: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    if (folder / "requirements.txt").is_file():
        found.append("-r requirements.txt")
    if "project" in packaging or "build-system" in packaging:
        extras = _table(_table(packaging, "project"), "optional-dependencies")
        extra = next((each for each in _TEST_EXTRAS if each in extras), "")
        found.append(f'-e ".[{extra}]"' if extra else "-e .")
    return tuple(found)


def _is_distributed(folder: Path) -> bool:
    """Whether pytest's `addopts` spread tests over processes."""
    texts = [_text(folder / name) for name in ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")]
    options = [each for text in texts for each in re.findall(r"^addopts\s*=(.*(?:\n[ \t\]].*)*)", text, re.MULTILINE)]
    return any(_SPREAD.search(each) for each in options)


def _secrets(written: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variables that every job needs, and those of nights alone."""
    at_night: list[str] = []
    for key in _NIGHTS_ONLY:
        at_night += _referred(written.value(key))
    data = {
        name: {key: each for key, each in value.items() if (name, key) not in _NIGHTS_ONLY}
        if isinstance(value, Mapping)
        else value
        for name, value in written.data.items()
    }
    always = _referred(data)
    return tuple(always), tuple(name for name in dict.fromkeys(at_night) if name not in always)


def _referred(value: Any) -> list[str]:
    """The variables that a value refers to."""
    expansion = Expansion(_Anything())
    expansion.expand(value)
    return list(expansion.used)


class _Anything(dict[str, str]):
    """An environment in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""


def _python_files(folder: Path) -> Iterator[str]:
    """The texts of the folder's modules; environments and what is hidden are passed by."""
    seen = 0
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".") and each not in _PASSED_BY and not (Path(path) / each / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith(".py"):
                seen += 1
                if seen > _FILES_LOOKED_AT:
                    return
                yield _text(Path(path) / name)


def _text(path: Path) -> str:
    """A file's text; "" where there is none that can be read."""
    try:
        if path.stat().st_size > _LARGEST:
            return ""
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError:
        return {}


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}
