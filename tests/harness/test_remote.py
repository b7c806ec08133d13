"""Places by URL: what is said of one, and what goes wrong with one, in words that show no password."""

from __future__ import annotations

import logging

import pytest

from crumple.errors import CrumpleError, DeniedError
from crumple.remote import Location


@pytest.mark.parametrize(
    ("url", "shown", "title"),
    [
        ("ftp://user:hush@host/in", "ftp://user:***@host/in", "in"),
        ("ftp://user:hush@host", "ftp://user:***@host", "user:***@host"),
        ("zip://::https://u:hush@host/a.zip?sig=hush", "zip://::https://u:***@host/a.zip", "a.zip"),
        ("zip://a::https://host/a.zip?sig=hush::file://b", "zip://a::https://host/a.zip::file://b", "a"),
        ("s3://bucket/what?/x", "s3://bucket/what?/x", "x"),
        ("abfs://container@account.example/in", "abfs://container@account.example/in", "in"),
    ],
)
def test_no_password_and_no_signature_is_shown(url: str, shown: str, title: str) -> None:
    place = Location(url)
    assert (place.of(""), place.title) == (shown, title)
    assert "hush" not in str(place.failed(OSError(f"no answer from {url}"), "a.pdf"))
    assert "hush" not in str(place.failed(OSError("403, url='https://host/a.zip?sig=hush'")))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no answer from http://127.0.0.1:50312/", "it cannot be reached"),
        ("certificate verify failed: certificate has expired", "it cannot be reached"),
        ("Token has expired", "access is denied"),
        (f"{'x' * 300} ExpiredToken", "access is denied"),
        (f"{'x' * 300} SlowDown", "the store is too busy"),
        ("status 503", "the store is too busy"),
        ("HttpResponseError: Server failed to authenticate the request.", "access is denied"),
        ("403, message='Forbidden'", "access is denied"),
        ("The specified container does not exist. ErrorCode:ContainerNotFound", "there is no such place"),
    ],
)
def test_what_went_wrong_is_told_by_all_that_was_said_and_by_whole_words(said: str, words: str) -> None:
    error = Location("s3://bucket/x").failed(OSError(said))
    assert f"s3://bucket/x: {words}" in str(error)
    assert isinstance(error, DeniedError) == (words == "access is denied")
    assert len(str(error)) < 450


def test_an_option_that_a_file_system_does_not_take_is_said_as_one() -> None:
    error = TypeError("AioSession.__init__() got an unexpected keyword argument 'kee'")
    said = str(Location("s3://bucket/x").failed(error))
    assert said.startswith("[storage], s3://bucket/x: its file system has no such option (TypeError: ")
    assert "'kee'" in said


def test_stores_say_nothing_beside_the_error(capfd: pytest.CaptureFixture[str]) -> None:
    """As where nobody has set logging up: then Python prints what is logged on standard error."""
    Location("memory://in").opened(caches=False)
    for name in ("gcsfs", "adlfs", "azure"):
        logger = logging.getLogger(name)
        before, logger.propagate = logger.propagate, False
        try:
            logger.error("out of retries")
        finally:
            logger.propagate = before
    assert capfd.readouterr().err == ""


def test_schemes_may_be_written_in_capitals() -> None:
    system, path = Location("FILE:///tmp").opened(caches=False)
    assert (system.protocol[0], path) == ("file", "/tmp")


def test_options_of_a_scheme_that_is_none_are_not_passed_over() -> None:
    with pytest.raises(CrumpleError, match=r"\[storage\.S3\]: there is no scheme 'S3'\. Did you mean 's3'"):
        Location("file:///tmp", {"S3": {"key": "x"}}).opened(caches=False)


@pytest.mark.parametrize("url", ["s3://bucket/in", "s3://bucket/in/kept"])
@pytest.mark.parametrize("folder", ["s3://bucket/in", "s3://bucket/in/", "s3://bucket/in/*.pdf", "s3://bucket/in/**/x"])
def test_a_place_is_in_a_folder(url: str, folder: str) -> None:
    assert Location(url).is_in(folder)


@pytest.mark.parametrize("url", ["s3://bucket/in-kept", "s3://bucket/kept", "s3://other/in"])
@pytest.mark.parametrize("folder", ["", "in", "s3://bucket/in/*.pdf", "s3://bucket/in"])
def test_a_place_is_beside_a_folder(url: str, folder: str) -> None:
    assert not Location(url).is_in(folder)
