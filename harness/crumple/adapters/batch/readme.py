"""README.txt of an exported folder: what to do with it, and in which form answers are expected. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

_TEXT = """\
What this is
============
Documents for the system under test, written by `crumple export`. Some are as they should be and some are damaged;
neither names nor order say which. Please have the system process every one of them, as it would in production.

What to do
==========
1. Process every file in documents/.{goes_with}
2. Write the answers into answers/, in one of these ways.
3. Run `crumple judge` with this folder's name, in the folder of crumple.toml.
{command}
How answers are written
=======================
A file for each document, named like it, with an ending of its own:

    documents/0001-invoice.pdf      the document
    answers/0001-invoice.pdf.json   its answer, as JSON; or
    answers/0001-invoice.pdf.txt    as text; or
    answers/0001-invoice.pdf.csv    as a table, its header first
    answers/0001-invoice.pdf.refused   in place of an answer: the system says that it cannot; the file may say why
    answers/0001-invoice.pdf.error     in place of an answer: it failed; the file may hold the message

The document's own ending may be left out: 0001-invoice.json.

Or one table for all, answers/answers.jsonl, a line for each document:

    {{"file": "0001-invoice.pdf", "answer": {{"total": "12.50"}}}}
    {{"file": "0002-invoice.pdf", "refused": "unreadable"}}
    {{"file": "0003-invoice.pdf", "error": "KeyError: 'total'"}}

Or answers/answers.csv, with the columns file and answer; or with file and a column for each field of the answer:

    file,total,date
    0001-invoice.pdf,12.50,2026-01-31

A document without an answer counts as a crash. Leave documents/ and manifest.json as they are.
"""
_GOES_WITH = """
   What belongs to a document NAME, where there is anything: inputs/NAME.json is what it is asked, parts/NAME/ holds
   further documents."""


def readme(command: Sequence[str], *, beside: bool) -> str:
    """The text.

    Args:
        command: what processes the folder, as configured; () where a person does.
        beside: whether anything goes with the documents.
    """
    shown = f"\nThe configuration names a command for steps 1 and 2: {shlex.join(command)}\n" if command else ""
    return _TEXT.format(goes_with=_GOES_WITH if beside else "", command=shown)
