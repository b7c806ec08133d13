"""Values from the environment, in whatever spelling a text quotes them."""

from __future__ import annotations

import base64
import html
import json
import shlex
import urllib.parse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import masking
from crumple.masking import Mask, forget, presentable, remember, without_passwords

SECRET = 'p@ss/w"ö rd+9'
MASK = Mask({"PASS": SECRET})

SPELLINGS = {
    "as it is": SECRET,
    "in a URL": urllib.parse.quote(SECRET),
    "in a URL, all of it": urllib.parse.quote(SECRET, safe=""),
    "in a form": urllib.parse.quote_plus(SECRET),
    "in small hexadecimals": urllib.parse.quote(SECRET, safe="").lower(),
    "in JSON": json.dumps(SECRET),
    "in JSON in JSON": json.dumps(json.dumps(SECRET)),
    "as Python shows it": repr(SECRET),
    "as Python shows its bytes": repr(SECRET.encode("latin-1")),
    "in HTML": html.escape(SECRET),
    "in a shell": shlex.quote(SECRET),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
    "behind a name in base64": base64.b64encode(f"me:{SECRET}".encode()).decode(),
    "between others in base64": base64.b64encode(f"user:{SECRET}:x".encode()).decode(),
    "in base64 of URLs": base64.urlsafe_b64encode(f"u:{SECRET}".encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_every_spelling(spelling: str) -> None:
    text = f"ValueError: <{SPELLINGS[spelling]}> was refused"
    masked = MASK(text)
    assert "${PASS}" in masked
    assert masked.startswith("ValueError: <")
    assert masked.endswith("> was refused")
    core = SPELLINGS[spelling].strip("\"'\\")[4:-4]
    assert core not in masked


@pytest.mark.parametrize("length", range(4, len(SECRET) + 1))
def test_where_a_text_is_cut_off_its_beginning_is_found(length: int) -> None:
    """Causes and excerpts are cut before they are masked, so that only a part of a secret may be left."""
    for text in (f"key {SECRET[:length]}", f"key {SECRET[:length]}… and more", f"key {SECRET[:length]}... and more"):
        assert SECRET[:length] not in MASK(text)
        assert MASK(text).startswith("key ${PASS}")


@pytest.mark.parametrize("length", range(4, len(SECRET) + 1))
def test_where_an_output_sets_in_its_end_is_found(length: int) -> None:
    for text in (f"{SECRET[-length:]} was sent", f"Last output:\n{SECRET[-length:]} was sent"):
        assert SECRET[-length:] not in MASK(text)
        assert MASK(text).endswith("${PASS} was sent")


def test_the_greater_part_of_a_secret_is_found_wherever_it_stands() -> None:
    """A URL is taken apart at a slash or an at sign in its password, and errors quote the parts."""
    mask = Mask({"TOKEN": "tok-5d1e+Qz/81=="})
    assert mask("port 'tok-5d1e+Qz' is none, nor '1e+Qz/81=='") == "port '${TOKEN}' is none, nor '${TOKEN}'"


def test_a_part_of_a_secret_amid_a_text_is_a_word_like_any_other() -> None:
    text = "the pass and the word1 are"
    assert Mask({"K": "password1"})(text) == text


def test_a_key_in_several_lines_is_found_line_by_line_and_on_one() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n"
    mask = Mask({"KEY": key})
    for text in (
        key,
        " ".join(key.split()),
        key.replace("\n", "\\n"),
        "at kqhkiG9w0BAQEF in",
        json.dumps({"key": key}),
    ):
        assert "kqhkiG9w0" not in mask(text)
        assert "MIIEvQIBAD" not in mask(text)


def test_the_longer_secret_goes_first_and_names_stay() -> None:
    mask = Mask({"SHORT": "secret", "LONG": "secret-and-more", "NAME": "SHORT"})
    once = mask("secret-and-more, secret, ${SHORT}")
    assert once == "${LONG}, ${SHORT}, ${SHORT}"
    assert mask(once) == once


def test_values_of_fewer_than_four_characters_are_let_through() -> None:
    assert Mask({"N": "abc"})("abcd abc") == "abcd abc"


def test_lists_and_mappings_are_masked_at_any_depth_and_keys_are_not() -> None:
    assert Mask({"K": "secret"}).deep({"secret": ["secret", {"a": ("secret", 1)}]}) == {
        "secret": ["${K}", {"a": ["${K}", 1]}]
    }


@settings(max_examples=50)
@given(st.text(min_size=6, max_size=30).filter(lambda each: len(each.strip()) >= 6), st.text(max_size=20))
def test_no_secret_survives_in_any_text(secret: str, around: str) -> None:
    mask = Mask({"K": secret})
    if secret.strip() not in "${K}":
        for text in (
            around + secret,
            secret + around,
            json.dumps(around + secret),
            urllib.parse.quote(secret, safe=""),
        ):
            assert secret.strip() not in mask(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://me:secret@host:5432/db is gone", "postgresql+psycopg://me:***@host:5432/db is gone"),
        ("https://:s@cret@host", "https://:***@host"),
        ("https://host:8000/a@b and me:you@x", "https://host:8000/a@b and me:you@x"),
    ],
)
def test_passwords_in_urls_are_never_shown(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


def test_what_a_configuration_took_is_known_until_the_next_command() -> None:
    remember({"K": "topsecret"})
    try:
        assert presentable("topsecret at http://me:you@x") == "${K} at http://me:***@x"
    finally:
        forget()
    assert presentable("topsecret") == "topsecret"
    assert not masking._taken
