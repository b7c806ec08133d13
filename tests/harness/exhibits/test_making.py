"""Calls made again to be shown: only what may be shown, only the very document, and never an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crumple import kept
from crumple.config.loading import Config, load
from crumple.document import Document
from crumple.exhibits.again import Again, Given
from crumple.exhibits.bounds import FULL
from crumple.exhibits.making import Patience, exhibits_of, shown
from crumple.mutation.registry import discover

CSV = b"id,name\n1,a\n2,b\n"
SYSTEM = '[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n[mutate]\nmodules = ["odd"]\n'
ODD = """
import os, signal
from crumple import mutator, Text

@mutator("text.louder")
def louder(text: Text, rng) -> Text:
    "Louder."
    return text.with_value(text.value.upper())

@mutator("text.raises")
def raises(text: Text, rng) -> Text:
    "Raises."
    raise ValueError("no such thing")

@mutator("text.kills")
def kills(text: Text, rng) -> Text:
    "Kills."
    print("a word on the terminal")
    os.kill(os.getpid(), signal.SIGKILL)
"""
LOUDER, RAISES, KILLS = (f"a.csv > text.{name}(seed=1)" for name in ("louder", "raises", "kills"))


def configured(folder: Path, more: str = "", environment: dict[str, str] | None = None) -> Config:
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "a.csv").write_bytes(CSV)
    (folder / "odd.py").write_text(ODD)
    (folder / "crumple.toml").write_text(SYSTEM + more)
    return load(folder / "crumple.toml", environment or {})


def again(config: Config, digests: dict[str, str] | None = None) -> Again:
    from crumple.configured_corpus import corpus_of

    documents = config.root / ".crumple" / "documents"
    given = Given(config=config, bounds=FULL, digests=digests or {}, documents=documents)
    return Again(given, corpus_of(config), discover(("odd",), config.root))


def test_a_process_that_dies_is_a_note_and_the_others_are_drawn(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = configured(tmp_path)
    found = exhibits_of(config, [KILLS, LOUDER], {}, Patience(each=60, all=120))
    assert list(found) == [KILLS, LOUDER]
    assert found[KILLS].note == "no document is shown: it killed the process that drew it (SIGKILL)"
    assert found[LOUDER].kind
    assert capfd.readouterr() == ("", "")


def test_what_is_not_drawn_in_time_is_a_note(tmp_path: Path) -> None:
    (found,) = exhibits_of(configured(tmp_path), [LOUDER], {}, Patience(all=0.0)).values()
    assert found.note == "no document is shown: there was no time left to draw it"


def test_a_call_that_cannot_be_made_again_is_a_note(tmp_path: Path) -> None:
    draw = again(configured(tmp_path))
    assert draw(RAISES).note.startswith("the degraded document could not be made again")
    assert "no such thing" in draw(RAISES).note
    assert draw("b.csv > text.louder(seed=1)").note.startswith("the clean document could not be read")
    assert draw("a.csv > text.nothing(seed=1)").note.startswith("the degraded document could not be made again")
    assert draw("a.csv > (((").note.startswith("the clean document could not be read")


def test_a_document_that_is_another_one_now_is_not_shown(tmp_path: Path) -> None:
    found = again(configured(tmp_path), {LOUDER: "0" * 32})(LOUDER)
    assert found.note == "the recipe makes another document here than it made in the run"
    assert not found.kind


def test_a_document_that_was_kept_is_shown_as_the_system_was_given_it(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / ".crumple").mkdir()
    given = Document(CSV.replace(b"2,b", b"2,kept"), "text/csv", "a.csv")
    kept.keep(tmp_path / ".crumple" / "documents", given)
    found = again(config, {RAISES: given.digest})(RAISES)
    assert [each.text for each in found.rows[-1].degraded] == ["2", "kept"]


def test_a_document_that_holds_a_secret_is_not_shown(tmp_path: Path) -> None:
    more = '[system.env]\nKEY = "${KEY}"\n'
    config = load_with_secret(tmp_path, more)
    found = again(config)(LOUDER)
    assert found.note == "no document is shown: it holds a value that came from the environment"
    assert not found.kind


def test_a_note_quotes_no_secret_and_no_password(tmp_path: Path) -> None:
    config = load_with_secret(tmp_path, "")
    odd = ODD.replace("no such thing", "no id,name at https://me:pass-word@host/a")
    (tmp_path / "odd.py").write_text(odd)
    (found,) = exhibits_of(config, [RAISES], {}, Patience(each=60, all=120)).values()
    assert "no ${KEY} at https://me:***@host/a" in found.note


def load_with_secret(folder: Path, more: str) -> Config:
    configured(folder)
    text = SYSTEM.replace('call = "reader:read"', 'command = ["read", "{document}"]\nenv = { KEY = "${KEY}" }')
    (folder / "crumple.toml").write_text(text)
    return load(folder / "crumple.toml", {"KEY": "id,name"})


@pytest.mark.parametrize(
    ("privacy", "allowed"),
    [
        ("", "full"),
        ('[privacy]\nstore = "recipe"\n', "figures"),
        ('[privacy]\nstore = "recipe"\nreports = "excerpts"\n', "excerpts"),
        ('[privacy]\nreports = "figures"\n', "figures"),
    ],
)
def test_what_may_be_shown_is_what_privacy_says(tmp_path: Path, privacy: str, allowed: str) -> None:
    assert shown(configured(tmp_path, privacy)) == allowed


def test_where_only_figures_may_be_shown_nothing_is_made(tmp_path: Path) -> None:
    config = configured(tmp_path, '[privacy]\nreports = "figures"\n')
    assert not exhibits_of(config, [LOUDER], {})


def test_where_fields_are_redacted_no_document_is_shown(tmp_path: Path) -> None:
    config = configured(tmp_path, '[privacy]\nredact = ["/name"]\n')
    (found,) = exhibits_of(config, [LOUDER], {}).values()
    assert found.note.startswith("no document is shown: [privacy] redact")


def test_a_corpus_that_is_gone_is_a_note_on_every_exhibit(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / "corpus" / "a.csv").unlink()
    (tmp_path / "corpus").rmdir()
    found: Any = exhibits_of(config, [LOUDER], {}, Patience(each=60, all=120))
    assert found[LOUDER].note
    assert not found[LOUDER].kind


def test_what_no_single_call_shows_has_no_document(tmp_path: Path) -> None:
    assert list(exhibits_of(configured(tmp_path), ["", LOUDER], {})) == [LOUDER]
