"""Documents that are kept at a URL, where writing may be cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.kept import Elsewhere, keep, read
from crumple.remote import Location

LETTER = Document(b"good day to you, sir", "text/plain", "letter.txt")


def test_what_a_killed_lane_has_half_written_is_no_document_and_is_written_anew(tmp_path: Path) -> None:
    folder = Elsewhere(Location(f"file://{tmp_path}/kept"))
    where = keep(folder, LETTER)
    assert where is not None
    file = Path(str(where).removeprefix("file://"))
    assert read(folder, LETTER.digest) == LETTER.data
    file.write_bytes(LETTER.data[:7])
    assert read(folder, LETTER.digest) is None
    assert keep(folder, LETTER) == where
    assert read(folder, LETTER.digest) == LETTER.data
    written = file.stat().st_mtime_ns
    assert keep(folder, LETTER) == where
    assert file.stat().st_mtime_ns == written


def test_it_is_not_in_the_corpus(tmp_path: Path) -> None:
    folder = Elsewhere(Location(f"file://{tmp_path}/in/kept"))
    with pytest.raises(CrumpleError, match=r"here: file://.*/in/kept is in the corpus, .* Name a place beside it"):
        folder.check(f"file://{tmp_path}/in/**/*.txt", "here")
    folder.check(f"file://{tmp_path}/other", "here")
    folder.check("samples", "here")
