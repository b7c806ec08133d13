"""The prompt of a chat model: what fills it, what is text, and what does not go together."""

from __future__ import annotations

import pytest

from crumple.adapters.chat.prompt import Prompt
from crumple.errors import CrumpleError
from crumple.truth import Json


def filled(
    template: str | None, inputs: Json = None, *, texts: bool = True, parts: dict[str, str] | None = None
) -> str:
    return Prompt(template, texts).filled(
        inputs, name="a.txt", media_type="text/plain", document="DOC {question}", parts=parts
    )


@pytest.mark.parametrize(
    ("template", "inputs", "prompt"),
    [
        ("{document}", None, "DOC {question}"),
        ("{question}?\n{document}", {"question": "Why", "language": "en"}, "Why?\nDOC {question}"),
        ("{q} {document}", "Why", "Why DOC {question}"),
        ("{inputs} {document}", {"a": [1, "é"]}, '{"a": [1, "é"]} DOC {question}'),
        ("{inputs/a/1} {document}", {"a": [1, "é"]}, "é DOC {question}"),
        ("{inputs/b}{document}", {"a": 1}, "DOC {question}"),
        ("{name} {media_type} {document}", None, "a.txt text/plain DOC {question}"),
        ('{"total": 1} {} {{x}} { y } {document}', None, '{"total": 1} {} {x} { y } DOC {question}'),
        ('{"a": {"b": 1}} {document}', None, '{"a": {"b": 1}} DOC {question}'),
        ("{n} {document}", {"n": None}, " DOC {question}"),
        (None, None, "DOC {question}"),
        (None, "Why", "Why\n\nDOC {question}"),
        (None, {"question": "Why"}, "Why\n\nDOC {question}"),
        (None, {"a": 1}, '{"a": 1}\n\nDOC {question}'),
    ],
)
def test_places_are_filled_once_and_other_braces_are_text(template: str | None, inputs: Json, prompt: str) -> None:
    assert filled(template, inputs) == prompt


def test_further_documents_have_a_place() -> None:
    parts = {"b.txt": "B", "c.txt": "C"}
    assert filled("{document}\n{parts}", parts=parts) == "DOC {question}\nb.txt:\nB\n\nc.txt:\nC"
    assert filled(None, parts=parts).endswith("c.txt:\nC")
    with pytest.raises(CrumpleError, match="further documents"):
        filled("{document}", parts=parts)


def test_images_and_files_need_no_place() -> None:
    assert filled(None, texts=False) == ""
    assert filled(None, {"question": "Why"}, texts=False) == "Why"
    assert filled("Read it.", texts=False, parts={"b.png": ""}) == "Read it."
    with pytest.raises(CrumpleError, match='goes with input = "text"'):
        Prompt("{document}", texts=False)


def test_a_prompt_that_does_not_show_the_document_is_an_error() -> None:
    with pytest.raises(CrumpleError, match="does not show the document"):
        Prompt("What is it?")


def test_inputs_that_are_not_shown_are_an_error() -> None:
    with pytest.raises(CrumpleError, match=r"passes inputs on \(question\)"):
        filled("{document}", {"question": "Why"})


@pytest.mark.parametrize("inputs", [None, {"question": "Why"}, [1]])
def test_a_place_that_nothing_fills_is_an_error(inputs: Json) -> None:
    with pytest.raises(CrumpleError, match=r"has \{quesion\}") as caught:
        filled("{quesion} {document}", inputs)
    assert "{{quesion}}" in str(caught.value)
    assert ("Did you mean 'question'" in str(caught.value)) == isinstance(inputs, dict)
