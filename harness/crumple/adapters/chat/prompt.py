"""The prompt that a chat model is given: a template, and what fills it. Pure.

Braces around a name are a place to fill: {document}, {inputs}, {question}. All others are text, so that a prompt may
show JSON; a name in braces that is meant as text has them doubled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crumple.errors import CrumpleError
from crumple.truth import ABSENT, Json, Truth, lookup

_PLACE: Final = re.compile(r"\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)((?:/[^{}/\s]*)*)\}")
_OF_TEXT: Final = ("document", "parts")
_OF_DOCUMENT: Final = ("name", "media_type")
_WHERE: Final = "[system] prompt"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template, checked.

    Attributes:
        template: the text; None: the question, or whatever the inputs are, and below it the document.
        texts: whether documents are shown as text in it; else they go along as images or files.
    """

    template: str | None = None
    texts: bool = True

    def __post_init__(self) -> None:
        if self.template is None:
            return
        names = self._names(self.template)
        if self.texts and "document" not in names:
            raise CrumpleError(
                "the prompt does not show the document",
                where=_WHERE,
                hint='Say where it stands, {document}; or send it as input = "image" or "file".',
            )
        for name in _OF_TEXT:
            if not self.texts and name in names:
                raise CrumpleError(
                    f'the prompt has {{{name}}}, which goes with input = "text"',
                    where=_WHERE,
                    hint="An image or a file goes along with the prompt by itself.",
                )

    def filled(
        self, inputs: Json, *, name: str, media_type: str, document: str = "", parts: Mapping[str, str] | None = None
    ) -> str:
        """The prompt for one call.

        Args:
            inputs: what the case passes on: a mapping whose keys have places of their own, a text, or anything.
            name: of the document.
            media_type: of the document.
            document: its text, where documents are shown as text.
            parts: the texts of further documents by name, likewise.

        Raises:
            CrumpleError: the template has a place that nothing fills, or the case has what it has no place for.
        """
        template = self._usual(inputs, bool(parts)) if self.template is None else self.template
        self._check_shown(template, inputs, bool(parts))
        values: dict[str, Truth] = {"inputs": inputs, "name": name, "media_type": media_type}
        if self.texts:
            values["document"] = document
            values["parts"] = "\n\n".join(f"{each}:\n{text}" for each, text in (parts or {}).items())

        def value(place: re.Match[str]) -> str:
            if place[1]:
                return f"{{{place[1]}}}"
            word, path = place[2], place[3]
            held = values[word] if word in values else _of_inputs(inputs, word)
            return _text(lookup(held, path) if path else held)

        return _PLACE.sub(value, template)

    def _usual(self, inputs: Json, parts: bool) -> str:
        asked = "{question}" if isinstance(inputs, str) or _question(inputs) else "{inputs}"
        pieces = [] if inputs is None else [asked]
        if self.texts:
            pieces += ["{document}", *(["{parts}"] if parts else [])]
        return "\n\n".join(pieces)

    def _check_shown(self, template: str, inputs: Json, parts: bool) -> None:
        names = self._names(template)
        if inputs is not None and names <= {*_OF_TEXT, *_OF_DOCUMENT}:
            keys = ", ".join(inputs) if isinstance(inputs, Mapping) else "a value"
            raise CrumpleError(
                f"the case passes inputs on ({keys}), and the prompt does not show them",
                where=_WHERE,
                hint="Say where: {question} stands for the input of that name, {inputs} for all of them.",
            )
        if parts and self.texts and "parts" not in names:
            raise CrumpleError(
                "the case has further documents, and the prompt does not show them",
                where=_WHERE,
                hint="Say where: {parts}.",
            )

    @staticmethod
    def _names(template: str) -> frozenset[str]:
        return frozenset(place[2] for place in _PLACE.finditer(template) if place[2])


def _question(inputs: Json) -> bool:
    return isinstance(inputs, Mapping) and "question" in inputs


def _of_inputs(inputs: Json, word: str) -> Json:
    if isinstance(inputs, str):
        return inputs  # a text alone is the question, whatever the prompt calls it
    if isinstance(inputs, Mapping) and word in inputs:
        return inputs[word]
    known = list(inputs) if isinstance(inputs, Mapping) else []
    raise CrumpleError(
        f"the prompt has {{{word}}}, and the case passes nothing of that name",
        where=_WHERE,
        got=word,
        allowed=[*known, *_OF_TEXT, *_OF_DOCUMENT, "inputs"],
        hint=f"Add it to the case's inputs; if it is text, double its braces: {{{{{word}}}}}.",
    )


def _text(value: Truth) -> str:
    if value is ABSENT or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
