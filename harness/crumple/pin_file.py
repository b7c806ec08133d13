"""The file `crumple.lock`: mutators, versions and levels that a contract was written for. Its only reader and writer.

`crumple check --pin` writes it beside the configuration, and it goes into version control with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import crumple
from crumple.config.toml_source import Key, Source, parse
from crumple.contract.limits import Pin
from crumple.errors import CrumpleError
from crumple.files import replace_file
from crumple.mutation.mutator import Mutator

FILE: Final = "crumple.lock"
_HEAD: Final = """\
# The population that the contract in {name} is about: these mutators, in these versions, at these levels.
# Written by `crumple check --pin`, which replaces it; not meant to be edited. Keep it in version control.
# What is newer than this is reported beside the contract, and never decides a limit.
"""
_KEYS: Final = ("crumple", "levels", "mutators")
_AGAIN: Final = "`crumple check --pin` writes it anew."
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_VERSION = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Differences:
    """How what is run differs from what a contract was pinned to; names in order.

    Attributes:
        newer: mutators that the pin does not know.
        changed: mutators that are in another version than the pin's.
        gone: mutators of the pin that are not run, or are there no more.
        levels: levels that are run and that the pin does not know.
        unrun: levels of the pin that are not run.
    """

    newer: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    unrun: tuple[float, ...] = ()

    def __bool__(self) -> bool:
        return any((self.newer, self.changed, self.gone, self.levels, self.unrun))


def differences(pin: Pin, mutators: Iterable[Mutator], levels: Sequence[float]) -> Differences:
    """Hold what is run against a pin."""
    there = {each.name: each for each in mutators}
    return Differences(
        newer=tuple(sorted(set(there) - set(pin.mutators))),
        changed=tuple(name for name in sorted(there) if name in pin.mutators and not pin.has(there[name])),
        gone=tuple(sorted(set(pin.mutators) - set(there))),
        levels=tuple(each for each in sorted(levels) if each not in pin.levels),
        unrun=tuple(each for each in sorted(pin.levels) if each not in levels),
    )


def pin_of(mutators: Iterable[Mutator], levels: Sequence[float]) -> Pin:
    """What a contract is pinned to where it is written now."""
    return Pin({each.name: each.version for each in mutators}, tuple(sorted(levels)))


def text_of(pin: Pin, name: str = "crumple.toml") -> str:
    """The file's content; the same for the same pin and version of crumple.

    Args:
        pin: what is to be in it.
        name: the configuration's.
    """
    levels = ", ".join(f"{each:g}" for each in pin.levels)
    lines = [f'crumple = "{crumple.__version__}"', f"levels = [{levels}]", "", "[mutators]"]
    lines += [f'"{mutator}" = "{pin.mutators[mutator]}"' for mutator in sorted(pin.mutators)]
    return _HEAD.format(name=name) + "\n".join(lines) + "\n"


def write(folder: Path, pin: Pin, name: str = "crumple.toml") -> Path:
    """Write the file into the configuration's folder, in place of one that is there.

    Raises:
        CrumpleError: it cannot be written.
    """
    path = folder / FILE
    try:
        replace_file(path, text_of(pin, name).encode())
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(path)) from None
    return path


def read(folder: Path, *, shown: str = FILE) -> Pin | None:
    """The pin of a configuration's folder; None where there is no file.

    Args:
        folder: the configuration's.
        shown: how messages call the file.

    Raises:
        CrumpleError: it is there and is no pin; with the line.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=shown) from None
    except UnicodeDecodeError:
        raise CrumpleError("it is not UTF-8", where=shown, hint=_AGAIN) from None
    return _pin(parse(text, shown))


def _pin(source: Source) -> Pin:
    for key in source.data:
        if key not in _KEYS:
            raise CrumpleError(f"unknown key {key!r}", where=source.place((key,)), got=key, allowed=_KEYS, hint=_AGAIN)
    for key in _KEYS:
        if key not in source.data:
            raise CrumpleError(f"{key} is missing", where=source.name, hint=_AGAIN)
    levels, mutators = source.data["levels"], source.data["mutators"]
    if not isinstance(levels, list) or not levels:
        raise _wrong(source, ("levels",), "levels must be a list of levels")
    for each in levels:
        if isinstance(each, bool) or not isinstance(each, (int, float)) or not 0 < each <= 5:
            raise _wrong(source, ("levels",), f"{each!r} is no level; one is above 0 and at most 5")
    if not isinstance(mutators, Mapping) or not mutators:
        raise _wrong(source, ("mutators",), "mutators must be a table of versions by name")
    for name, version in mutators.items():
        _check(source, name, version)
    return Pin(dict(mutators), tuple(float(each) for each in levels))


def _check(source: Source, name: str, version: Any) -> None:
    if not _NAME.fullmatch(name):
        raise _wrong(source, ("mutators", name), f'{name!r} is no name of a mutator, "category.name"')
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise _wrong(source, ("mutators", name), f"{version!r} is no version of {name}: eight hexadecimal digits are")


def _wrong(source: Source, key: Key, what: str) -> CrumpleError:
    line = source.line(key)
    return CrumpleError(what, where=f"{source.name}, line {line}" if line else source.name, hint=_AGAIN)
