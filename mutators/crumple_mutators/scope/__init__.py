"""Scope: documents and questions that the system was not made for, and what tries to talk it into something.

- `strangers`: another document under the expected name: of another kind, in another language, blank, one word.
- `bundles`: a document among others: two in one file, hundreds of pages.
- `instructions`: words to the reader inside the document, in the open and hidden; they are data.
- `photographs`: a picture of something else.
- `questions`: what is asked beside the document (a case's `inputs`): unanswerable, empty, about the system.
- `currencies`: money that nobody reckoned with.
"""

from crumple_mutators.scope.bundles import oversized, two_documents
from crumple_mutators.scope.currencies import unserved_currency
from crumple_mutators.scope.instructions import hidden_instructions, instructions, printed_instructions
from crumple_mutators.scope.photographs import photograph
from crumple_mutators.scope.questions import about_the_system, empty_question, foreign_question, unanswerable_question
from crumple_mutators.scope.strangers import blank, one_word, other_kind, unserved_language

__all__ = [
    "about_the_system",
    "blank",
    "empty_question",
    "foreign_question",
    "hidden_instructions",
    "instructions",
    "one_word",
    "other_kind",
    "oversized",
    "photograph",
    "printed_instructions",
    "two_documents",
    "unanswerable_question",
    "unserved_currency",
    "unserved_language",
]
