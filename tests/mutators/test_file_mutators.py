"""Mutators of whole files on whatever comes: a result or a reason, never anything else; and always the same one."""

from __future__ import annotations

import contextlib

import pytest

from crumple import Document, NotApplicable, Unreadable, read
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from crumple.views.format import views_of
from crumple_mutators import corruption, truncation
from crumple_mutators.format import images, pdf
from damaged_files import hostile

MUTATORS = {
    each.name: each
    for module in (truncation, corruption, images, pdf)
    for each in vars(module).values()
    if isinstance(each, Mutator)
}
MEDIA_TYPES = (
    "text/plain",
    "text/csv",
    "application/json",
    "application/x-ndjson",
    "application/xml",
    "message/rfc822",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/tiff",
    "application/zip",
    "application/octet-stream",
)


@pytest.mark.parametrize("name", MUTATORS)
def test_hostile_files_give_a_result_or_a_reason(name: str) -> None:
    mutator = MUTATORS[name]
    fitting = [each for each in MEDIA_TYPES if mutator.fits(each) and seen_as(mutator) in views_of(each)]
    assert fitting
    # What acts on anything does the same to all texts.
    for media_type in fitting if mutator.only else [each for each in fitting if each in ("text/plain", *fitting[-5:])]:
        for data in hostile():
            try:
                view = read(Document(data, media_type, "a"), seen_as(mutator))
            except Unreadable:
                continue
            for level in (1, 5) if mutator.ladder else (mutator.level,):
                with contextlib.suppress(NotApplicable, Unreadable):
                    act(mutator, view, mutator.step(level, 1))
