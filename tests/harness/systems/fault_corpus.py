"""Cases that are made of their ids, and mutators that misbehave: what lanes of the tests import."""

import os
import signal
from dataclasses import dataclass

from crumple.case import Case, Entry
from crumple.document import Document
from crumple.errors import DeniedError, NotApplicable
from crumple.mutation.mutator import mutator
from crumple.views.text import Text


@dataclass(frozen=True)
class Words:
    """A case for any id: its document is the id, its truth "fine"."""

    name: str = "words"

    def entries(self):
        return [Entry(word, "text/plain", word, has_truth=True) for word in ("fine",)]

    def load(self, case_id):
        if case_id == "unreadable":
            raise OSError("disk full")
        if case_id == "denied":
            raise DeniedError("credentials have expired")
        return Case(case_id, Document(case_id.encode(), "text/plain", "word.txt"), truth="fine")


class Untold(Words):
    """The same without truth."""

    def load(self, case_id):
        return Case(case_id, Document(case_id.encode(), "text/plain", "word.txt"))


@mutator("faults.mark", level=1)
def mark(text: Text, rng) -> Text:
    """Add a random number."""
    return text.with_value(f"{text.value}~{rng.integers(10**6)}")


@mutator("faults.raw", level=1)
def raw(data: bytes, rng) -> bytes:
    """Add a byte that is no text."""
    return data + b"\xff"


@mutator("faults.broken", level=1)
def broken(text: Text, rng) -> Text:
    """Raise what no mutator should."""
    raise ZeroDivisionError("a bug in a mutator")


@mutator("faults.deadly", level=1)
def deadly(text: Text, rng) -> Text:
    """Take the lane down."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@mutator("faults.endless", level=1)
def endless(text: Text, rng) -> Text:
    """Never come to an end."""
    while True:
        pass


@mutator("faults.leaving", level=1)
def leaving(text: Text, rng) -> Text:
    """Leave as a script would."""
    raise SystemExit(3)


@mutator("faults.choosy", level=1)
def choosy(text: Text, rng) -> Text:
    """Never apply."""
    raise NotApplicable("there is nothing to choose")


@mutator("faults.trailing", level=1)
def trailing(document: Document, rng) -> Document:
    """Add a byte order mark, which a reader of text never sees."""
    return Document(b"\xef\xbb\xbf" + document.data, document.media_type, document.name)


def endless_judge(answer, truth):
    while answer != truth:
        pass
    return 1.0


def bad_judge(answer, truth):
    raise KeyError("a bug in a judge")
