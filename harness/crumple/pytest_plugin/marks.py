"""What `@pytest.mark.crumple` says, read and checked; no document is opened, no mutator imported that need not be."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from crumple.errors import CrumpleError

ALLOWED: Final = (
    "corpus",
    "generate",
    "count",
    "use",
    "levels",
    "limit",
    "calls",
    "seed",
    "refuses",
    "modules",
    "confidence",
    "timeout",
    "memory",
)
_EVERYTHING: Final = (BaseException, Exception, AssertionError)
_WILD: Final = "*?["


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark.

    Attributes:
        where: the mark and the test that it is for: "tests/test_reader.py:8: @pytest.mark.crumple".
        corpus: a folder or pattern, absolute; cases; None: generated, or as crumple.toml has it.
        generate: the name of a corpus to generate.
        count: how many cases of it; None: as many as it makes by default.
        use: categories and mutators; () is all that apply, or what crumple.toml says.
        levels: what is drawn from; None: 1, 3 and 5, or what crumple.toml says.
        limit: the share of degraded documents that may fail; 0: every failure is one too many.
        calls: how many degraded documents at most; None: until the limit is decided.
        seed: of every draw; None: 0, or what crumple.toml says.
        refuses: exceptions by which the body says clearly that it cannot.
        modules: with mutators of one's own.
        confidence: how sure one wants to be.
        timeout: seconds that a call of `degraded.call` may take.
        memory: bytes that it may take.
    """

    where: str
    corpus: Path | Sequence[Any] | None = None
    generate: str | None = None
    count: int | None = None
    use: tuple[str, ...] = ()
    levels: tuple[float, ...] | None = None
    limit: float = 0.0
    calls: int | None = None
    seed: int | None = None
    refuses: tuple[type[BaseException], ...] = ()
    modules: tuple[str, ...] = ()
    confidence: float = 0.95
    timeout: float = 30.0
    memory: int = 2 << 30


def place_of(function: Callable[..., Any], path: Path, root: Path) -> str:
    """Where a test stands: "tests/test_reader.py:8".

    Args:
        function: the test's.
        path: the file that it was collected from.
        root: the folder that paths are shown from.
    """
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    code = getattr(inspect.unwrap(function), "__code__", None)
    return f"{shown.as_posix()}:{code.co_firstlineno}" if code is not None else shown.as_posix()


def read(given: pytest.Mark, place: str, folders: Sequence[Path]) -> Mark:
    """A mark's arguments.

    Args:
        given: the mark.
        place: of the test, for errors.
        folders: what a corpus is looked for in, the first first.

    Raises:
        CrumpleError: one of them is unknown, or is not what it should be.
    """
    where = f"{place}: @pytest.mark.crumple"
    if given.args:
        raise CrumpleError("its arguments are named", where=where, hint='Like corpus="corpus", limit="5%".')
    for name in given.kwargs:
        if name not in ALLOWED:
            raise CrumpleError(f"there is no argument {name!r}", where=where, got=name, allowed=ALLOWED)
    arguments = {name: value for name, value in given.kwargs.items() if value is not None}
    read: dict[str, Any] = {}
    for name, value in arguments.items():
        try:
            read[name] = _corpus(value, folders) if name == "corpus" else _READERS[name](value)
        except ValueError as error:
            raise CrumpleError(f"{name} {error}; got {_shown(value)}", where=where) from None
    mark = Mark(where=where, **read)
    _check_together(mark)
    return mark


def _check_together(mark: Mark) -> None:
    """Reject what does not go together, and words that name no mutator."""
    if mark.corpus is not None and mark.generate is not None:
        raise CrumpleError("corpus and generate are two corpora", where=mark.where, hint="Name one of them.")
    if mark.count is not None and mark.generate is None:
        raise CrumpleError("count is of a corpus that is generated", where=mark.where, hint='Say generate="invoices".')
    if mark.generate is not None:
        from crumple import corpora  # heavy where there is nothing to generate

        try:
            corpora.generated(mark.generate, {} if mark.count is None else {"count": mark.count})
        except CrumpleError as error:
            raise CrumpleError(str(error).rstrip("."), where=f"{mark.where}: generate") from None
    if not mark.modules and all(map(_is_category, mark.use)):
        return  # known without an import of all mutators, which takes a second
    from crumple.degraded import registry_of

    try:
        registry_of(mark.use, mark.modules)
    except CrumpleError as error:
        raise CrumpleError(str(error).rstrip("."), where=mark.where) from None


def _is_category(word: str) -> bool:
    from crumple.loading import entry_points

    return word in entry_points("crumple.mutators").names


def _corpus(value: object, folders: Sequence[Path]) -> Path | Sequence[Any]:
    if isinstance(value, (str, os.PathLike)):
        return _found(Path(value), folders)
    from crumple.case import Case

    cases = (value,) if isinstance(value, Case) else value
    if not isinstance(cases, (list, tuple)) or not all(isinstance(each, Case) for each in cases):
        raise ValueError("must be a folder, a pattern of files, or a list of cases as crumple.degraded.case_of makes")
    if not cases:
        raise ValueError("must hold a case")
    ids = [each.id for each in cases]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise ValueError(f"must hold each id once, and has two cases {twice!r}: give them names of their own")
    return tuple(cases)


def _found(given: Path, folders: Sequence[Path]) -> Path:
    """The folder, or folder and pattern, in the first of the folders that has it."""
    places = [Path(os.path.normpath(folder / given)) for folder in folders]
    for place in places:
        wild = next((at for at, part in enumerate(place.parts) if any(sign in part for sign in _WILD)), None)
        folder = place if wild is None or place.exists() else Path(*place.parts[:wild])
        if folder.is_dir():
            return place
        if folder.exists():
            raise ValueError(f"must be a folder, or a pattern of files in one, and {folder} is a file")
    looked = " nor ".join(dict.fromkeys(map(str, places)))
    raise ValueError(f"names no folder: there is neither {looked}" if " nor " in looked else f"is no folder: {looked}")


def _shown(value: object) -> str:
    from crumple.plain_text import excerpt

    try:
        return excerpt(repr(value), 120)
    except Exception:  # noqa: BLE001 - its own repr() may be what is broken
        return f"a {type(value).__name__}"


def _words(value: object) -> tuple[str, ...]:
    words = (value,) if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(each, str) and each for each in words):
        raise ValueError('must be a name or a list of names, such as ["encoding", "scan.skew"]')
    return tuple(words)


def _levels(value: object) -> tuple[float, ...]:
    levels = value if isinstance(value, (list, tuple)) else (value,)
    sound = all(isinstance(each, (int, float)) and not isinstance(each, bool) and 0 < each <= 5 for each in levels)
    if not levels or not sound:
        raise ValueError("must be levels, numbers above 0 and at most 5, such as [1, 3, 5]")
    return tuple(dict.fromkeys(map(float, levels)))


def _whole(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"must be a whole number, {least} or more")
        return value

    return read


def _name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError('must be the name of a corpus to generate, such as "invoices"')
    return value


def _refuses(value: object) -> tuple[type[BaseException], ...]:
    found: list[type[BaseException]] = []
    for each in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(each, (list, tuple)):
            found += _refuses(each)
        elif not isinstance(each, type) or not issubclass(each, BaseException):
            raise ValueError("must be classes of exceptions, such as [Unreadable]")
        elif each in _EVERYTHING:
            raise ValueError(
                f"must be what the system raises on purpose; {each.__name__} would make it of every failure"
            )
        else:
            found.append(each)
    return tuple(found)


def _as_configured(kind: str) -> Callable[[object], Any]:
    """As crumple.toml reads a value, with the same words where it cannot."""

    def read(value: object) -> Any:
        from pydantic import TypeAdapter, ValidationError  # not before a mark says one

        from crumple.config import contract

        try:
            return TypeAdapter(getattr(contract, kind)).validate_python(value)
        except ValidationError as error:
            said = error.errors(include_url=False)[0]
            raise ValueError(str(said.get("ctx", {}).get("error", said["msg"]))) from None

    return read


def _seconds(value: object) -> float:
    from crumple.config.quantities import duration

    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf"):
        return float(value)
    try:
        return duration(value)
    except ValueError:
        raise ValueError('must be seconds above 0, or a duration such as "30s" or "5m"') from None


def _bytes(value: object) -> int:
    from crumple.config.quantities import size

    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    try:
        return size(value)
    except ValueError:
        raise ValueError('must be bytes above 0, or a size such as "2GiB" or "500MB"') from None


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "generate": _name,
    "count": _whole(1),
    "use": _words,
    "levels": _levels,
    "limit": _as_configured("AtMost"),
    "calls": _whole(1),
    "seed": _whole(0),
    "refuses": _refuses,
    "modules": _words,
    "confidence": _as_configured("Confidence"),
    "timeout": _seconds,
    "memory": _bytes,
}
