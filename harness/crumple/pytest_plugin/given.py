"""What a marked test is given: a degraded document in the forms that systems take."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.degraded import DegradedCase
from crumple.document import Document
from crumple.recipe import Recipe
from crumple.truth import Truth

if TYPE_CHECKING:
    from PIL.Image import Image


class Degraded:
    """One degraded document, or the clean one that comes first; nothing of it can be set.

    Attributes:
        path: a file with its bytes and its name, made when it is asked for; another one for every document.
    """

    _degraded: DegradedCase
    _folder: Path
    _call: Callable[..., Any]
    _path: Path | None

    def __init__(self, degraded: DegradedCase, folder: Path, call: Callable[..., Any]) -> None:
        object.__setattr__(self, "_degraded", degraded)
        object.__setattr__(self, "_folder", folder)
        object.__setattr__(self, "_call", call)
        object.__setattr__(self, "_path", None)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"degraded.{name} cannot be set: other tests are given the same document")

    def __repr__(self) -> str:
        return f"<{self.replay}>"

    @property
    def replay(self) -> str:
        """The line that replays it: "case > recipe"."""
        return self._degraded.replay if self.recipe.steps else self._degraded.case.id

    @property
    def document(self) -> Document:
        """Its bytes, media type and name."""
        return self._degraded.document

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self._degraded.data

    @property
    def truth(self) -> Truth:
        """The right answer now."""
        return self._degraded.truth

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
        """A file with its bytes, under its own name."""
        path = self._path
        if path is None:
            self._folder.mkdir(exist_ok=True)
            path = self._folder / (Path(self.document.name).name or "document")
            path.write_bytes(self.data)
            object.__setattr__(self, "_path", path)
        return path

    @property
    def text(self) -> str:
        """Its bytes as UTF-8; what is none is U+FFFD."""
        return self.data.decode("utf-8", "replace")

    @property
    def image(self) -> Image:
        """Its first page, or the picture that it is."""
        from PIL import Image

        return Image.open(io.BytesIO(self.data))

    def accepts(self, answer: Any, judge: str = "fields", **options: Any) -> bool:
        """Whether an answer is right, or leaves out what cannot be read any more; see `DegradedCase.accepts`."""
        return self._degraded.accepts(answer, judge, **options)

    def call(self, function: Callable[..., Any], **options: Any) -> Any:
        """What a function answers, called in a worker of its own under its limits."""
        return self._call(self, function, **options)
