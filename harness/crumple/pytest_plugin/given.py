"""What a marked test is given: a degraded document in the forms that systems take."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from crumple.case import Case
from crumple.degraded import DegradedCase
from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.truth import Expectation, Truth
from crumple.views.format import read
from crumple.views.pages import Pages
from crumple.views.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image


class Calling(Protocol):
    """Calls functions in workers."""

    def call(self, document: Document, function: Callable[..., Any], *, form: str) -> Any:
        """What the function answers for a document."""


class Degraded:
    """One degraded document, or the clean one that comes first; nothing of it can be set."""

    __slots__ = ("_calling", "_degraded", "_folder", "_judged", "_path")

    _degraded: DegradedCase
    _folder: Path
    _calling: Calling
    _path: Path | None
    _judged: tuple[Verdict, Expectation, Any] | None

    def __init__(self, degraded: DegradedCase, folder: Path, calling: Calling) -> None:
        """Give this document.

        Args:
            degraded: the case after its recipe.
            folder: for its file; made when the file is asked for.
            calling: calls functions in workers.
        """
        keep = object.__setattr__
        keep(self, "_degraded", degraded)
        keep(self, "_folder", folder)
        keep(self, "_calling", calling)
        keep(self, "_path", None)
        keep(self, "_judged", None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        __tracebackhide__ = True
        raise AttributeError(f"degraded.{name} cannot be set: take what you change out of it first")

    def __delattr__(self, name: str) -> NoReturn:
        __tracebackhide__ = True
        raise AttributeError(f"degraded.{name} cannot be deleted")

    def __repr__(self) -> str:
        return f"<{self.replay}>"

    @property
    def replay(self) -> str:
        """The line that replays it: "case > recipe"."""
        return self._degraded.replay if self.recipe.steps else self._degraded.case.id

    @property
    def case(self) -> Case:
        """The clean case that it comes from; a copy."""
        return copy.deepcopy(self._degraded.case)

    @property
    def document(self) -> Document:
        """Its bytes, media type and name."""
        return self._degraded.document

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self._degraded.data

    @property
    def parts(self) -> tuple[Document, ...]:
        """Further documents that go with it."""
        return self._degraded.degradation.parts

    @property
    def inputs(self) -> Any:
        """What goes with it as JSON: a question, options; a copy."""
        return copy.deepcopy(self._degraded.degradation.inputs)

    @property
    def truth(self) -> Truth:
        """The right answer now; a copy. Fields in `lost` may have their old value, none, or what stands there now."""
        return copy.deepcopy(self._degraded.truth)

    @property
    def lost(self) -> frozenset[str]:
        """JSON pointers of fields that cannot be read any more; "" is the whole answer."""
        return self._degraded.lost

    @property
    def may_refuse(self) -> bool:
        """Whether a clear "I cannot read this" is acceptable."""
        return self._degraded.may_refuse

    @property
    def recipe(self) -> Recipe:
        """How it came about; without steps it is the clean document."""
        return self._degraded.recipe

    @property
    def level(self) -> float:
        """How bad it is, in (0, 5]; 0 is the clean document."""
        return self._degraded.level

    @property
    def path(self) -> Path:
        """A file with its bytes, under its own name, in a folder of its own; gone when the test has had it."""
        path = self._path
        if path is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / (Path(self.document.name).name or "document")
            path.write_bytes(self.data)
            object.__setattr__(self, "_path", path)
        return path

    @property
    def text(self) -> str:
        """Its characters, as `input = "text"` gives them to a system.

        Decoded by its byte order mark, by the encoding that it declares, as UTF-8, or as the code page that suits best.

        Raises:
            NotApplicable: it is no text, or holds bytes that no decoding shows; uncaught the document is left out.
        """
        value = read(self.document, Text).value
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise NotApplicable("it holds bytes that no decoding shows") from None
        return value

    @property
    def image(self) -> Image:
        """Its first page, or the picture that it is, in grey or RGB.

        Raises:
            NotApplicable: it has no pages, or cannot be opened; uncaught the document is left out.
        """
        from PIL import Image

        pages = read(self.document, Pages).pages
        if not pages:
            raise NotApplicable("it has no pages")
        image = Image.fromarray(pages[0].pixels)
        image.info["dpi"] = pages[0].dpi
        return image

    def accepts(self, answer: Any, judge: str = "fields", **options: Any) -> bool:
        """Whether an answer is right, or leaves out what cannot be read any more; see `DegradedCase.accepts`."""
        __tracebackhide__ = True
        found, expectation = self._degraded.judged(answer, judge, **options)
        object.__setattr__(self, "_judged", (found, expectation, answer) if found.failure else None)
        return not found.failure

    def call(self, function: Callable[..., Any], *, input: str = "bytes") -> Any:  # noqa: A002 - as in crumple.toml
        """What a function answers, called in a worker of crumple's under the mark's `timeout` and `memory`.

        Args:
            function: one at the top level of a module; its answer is JSON-able, text or bytes.
            input: what it is given: "bytes", "path", "text", "image" or "record".

        Raises:
            Crashed: it raised something, or its process died.
            Hung: it did not end in time.
            Exhausted: it took more memory than it may.
            Refused: it raised what the mark declares as a refusal.
            NotApplicable: the document cannot be given so; uncaught it is left out.
        """
        __tracebackhide__ = True
        return self._calling.call(self.document, function, form=input)


def wrong_answer(given: Degraded) -> tuple[Verdict, Expectation, Any] | None:
    """What was said of the answer that `accepts` has found wrong last, what it was held against, and the answer."""
    judged = given._judged
    return judged if judged is not None and judged[0].outcome is Outcome.WRONG else None


def discard(given: Degraded) -> None:
    """Remove its file, where there is one."""
    if given._path is not None:
        shutil.rmtree(given._folder, ignore_errors=True)
