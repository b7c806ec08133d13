"""What puts figures into a form, found by its entry point: a plugin's as the built-in ones; and files of reports.

A *report* is a file; its entry point in the group `crumple.reports` is named by the file's ending. What is printed or
sent elsewhere is a *rendering*, by its name in the group `crumple.renderings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from crumple.destinations import Destination, check_destination, writing
from crumple.errors import CrumpleError, in_words
from crumple.loading import entry_points
from crumple.material import FIGURES, Material

REPORTS: Final = "crumple.reports"
RENDERINGS: Final = "crumple.renderings"
_OWN: Final = "crumple"
_WHAT: Final = "the report"


class Report(Protocol):
    """Makes a file's content of a document.

    It may have a method `check`, which raises a CrumpleError where it could make nothing: what it needs is not
    installed. That is asked before anything is measured.
    """

    def __call__(self, document: Mapping[str, Any], material: Material) -> str | bytes | Iterable[str | bytes]:
        """The content, whole or in pieces.

        Args:
            document: of a run, a night, a pytest session or a comparison.
            material: what it can be made of beside.

        Raises:
            CrumpleError: it cannot be made of this document.
        """


@dataclass(frozen=True, slots=True)
class _Found:
    """What an entry point names.

    Attributes:
        made: what it is.
        whose: the distribution that it came with; "" where that is not known.
    """

    made: Any
    whose: str


def rendering(name: str) -> Callable[..., str]:
    """What turns a document into a text that is printed or sent.

    Args:
        name: its entry point's name: "terminal", "metrics", "webhook".

    Raises:
        CrumpleError: there is none of this name.
    """
    found: Callable[..., str] = _found(RENDERINGS, name, f"there is no rendering {name!r}").made
    return found


def report(place: Destination) -> Report:
    """What makes a file's content, by the file's ending.

    Raises:
        CrumpleError: nothing makes files of this ending, or what does cannot be loaded.
    """
    found: Report = _report(place).made
    return found


def _report(place: Destination) -> _Found:
    ending = place.suffix[1:].lower()
    if not ending:
        names = sorted(f".{point.name}" for point in entry_points(REPORTS))
        raise CrumpleError("a report's ending says what it is", where=str(place), got=place.name, allowed=names)
    return _found(REPORTS, ending, "a report's ending says what it is", str(place))


def _found(group: str, name: str, wrong: str, where: str = "") -> _Found:
    points = {point.name: point for point in sorted(entry_points(group), key=lambda point: point.value)}
    if name not in points:
        dot = "." * (group == REPORTS)
        raise CrumpleError(wrong, where=where, got=f"{dot}{name}", allowed=sorted(f"{dot}{each}" for each in points))
    point = points[name]
    whose = point.dist.name if point.dist is not None else ""
    with _blamed(whose, where or name, f"cannot be loaded ({point.value})"):
        made = point.load()
        if not callable(made):
            raise TypeError(f"it is of type {type(made).__name__}, and cannot be called")
    return _Found(made, whose)


@contextmanager
def _blamed(whose: str, where: str, cannot: str) -> Iterator[None]:
    """Whatever a plugin raises, as an error that says whose it is; what it says itself to its user stays as it is.

    Raises:
        CrumpleError: it raised something.
    """
    try:
        yield
    except CrumpleError as error:
        said = str(error)
        raise (error if where in said else CrumpleError(said.rstrip("."), where=where)) from None
    except (Exception, SystemExit) as error:
        own = whose == _OWN
        what = "its renderer" if own or not whose else f"the renderer of the distribution {whose}"
        hint = "This is a fault of crumple's own; please report it." if own else "Its authors would like to know."
        raise CrumpleError(f"{what} {cannot}: {in_words(error)}", where=where, hint=hint) from error


def check_report(place: Destination) -> None:
    """Find out, before any call is made, whether a report can be written.

    Raises:
        CrumpleError: its ending does not say what it is, what makes it cannot be loaded or lacks something, or the
            file cannot be written.
    """
    found = _report(place)
    check = getattr(found.made, "check", None)
    if callable(check):
        with _blamed(found.whose, str(place), "cannot be used"):
            check()
    check_destination(place, what=_WHAT)


def write_report(place: Destination, document: Mapping[str, Any], material: Material = FIGURES) -> None:
    """Write a document as the report that the file's ending says; the file is whole or not there.

    Args:
        place: where to.
        document: of a run, a night, a pytest session or a comparison, as `Discretion.stored_document` lets it out.
        material: what the report can be made of beside.

    Raises:
        CrumpleError: its ending does not say what it is, it cannot be made, or the file cannot be written. Whatever
            a plugin raises is said as one.
    """
    found = _report(place)
    with writing(place, what=_WHAT) as file:
        for piece in _pieces(found, str(place), document, material):
            file.write(piece)


def _pieces(found: _Found, where: str, document: Mapping[str, Any], material: Material) -> Iterator[bytes]:
    """What a renderer makes, piece by piece, as bytes."""
    with _blamed(found.whose, where, "failed"):
        content = found.made(document, material)
        if isinstance(content, (str, bytes)):
            content = (content,)
        if isinstance(content, Mapping) or not isinstance(content, Iterable):
            raise TypeError(f"it returned {type(content).__name__}; a report is text, bytes, or pieces of them")
        pieces = iter(content)
    while True:
        with _blamed(found.whose, where, "failed"):
            try:
                piece = next(pieces)
            except StopIteration:
                return
            if not isinstance(piece, (str, bytes)):
                raise TypeError(f"it returned pieces of type {type(piece).__name__}; each is text or bytes")
        yield piece if isinstance(piece, bytes) else piece.encode("utf-8", "backslashreplace")
