"""Detectors of encodings: the text is what the encoding that they find makes of the bytes."""

from __future__ import annotations

import dummies


def chardet_detect(document: bytes) -> str:
    """chardet.detect."""
    import chardet

    return document.decode(str(chardet.detect(document)["encoding"]))


def charset_normalizer_best(document: bytes) -> str:
    """charset_normalizer.from_bytes(...).best()."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(document).best()
    if best is None:
        raise dummies.Refused("no encoding fits")
    return str(best)


def cchardet_detect(document: bytes) -> str:
    """faust-cchardet's detect."""
    import cchardet

    return document.decode(str(cchardet.detect(document)["encoding"]))


def utf8(document: bytes) -> str:
    """No detector at all: UTF-8 or nothing."""
    return document.decode("utf-8-sig")


READERS = ("chardet_detect", "charset_normalizer_best", "cchardet_detect", "utf8")
constant = dummies.constant("Dear Sir or Madam, thank you for your letter. Kind regards")
echo, refuses = dummies.echo, dummies.refuses
loses_half, shuffles = dummies.loses_half(utf8), dummies.shuffles(utf8)
