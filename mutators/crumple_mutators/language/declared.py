"""A wrong declaration of the language that a text is in."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import NotApplicable, Text, mutator
from crumple_mutators.language.prose import check_length

_LANG: Final = re.compile(
    r"(?P<before><\w[^<>]{0,2000}?\s(?:xml:)?lang\s{0,9}=\s{0,9}[\"'])(?P<code>[A-Za-z-]{2,35})(?=[\"'])"
)
_ROOT: Final = re.compile(r"<html\b(?=[^<>]{0,2000}>)", re.IGNORECASE)
_FIELD: Final = re.compile(r"^Content-Language:[ \t]*(?P<code>[A-Za-z-]{2,35})", re.IGNORECASE | re.MULTILINE)
_FIRST_FIELD: Final = re.compile(r"[A-Za-z-]+:")
_HEADERS_END: Final = re.compile(r"(?P<ending>\r?\n)(?=\r?\n)")
_CODES: Final = ("de", "fr", "ja", "ar", "tr", "pl", "zh-Hant", "pt-BR", "he")


@mutator(
    "language.declared_language",
    level=1,
    only=["text/html", "application/xml", "message/rfc822"],
    examples=[("page.html", '<!DOCTYPE html>\n<html lang="en"><body><p>Total: 1,234.50</p></body></html>\n')],
)
def declared_language(text: Text, rng: Generator) -> Text:
    """Declare another language than the text is in, as pages and mails made from a foreign template do.

    Every lang attribute of HTML and xml:lang of XML, the Content-Language of a mail; where an HTML page or a mail
    has none, one is put in. Nothing else changes: the answer is the same. Level: a first guess.
    """
    check_length(text)
    value = text.value
    declared = {match["code"].lower().partition("-")[0] for match in (*_LANG.finditer(value), *_fields(value))}
    codes = [code for code in _CODES if code.partition("-")[0] not in declared]
    code = codes[int(rng.integers(2**32)) % len(codes)] if codes else ""
    if not codes:
        raise NotApplicable("it declares every language already")
    if _FIRST_FIELD.match(value):
        return text.with_value(_in_mail(value, code))
    if declared:
        return text.with_value(_LANG.sub(lambda match: match["before"] + code, value))
    if not _ROOT.search(value):
        raise NotApplicable("it declares no language")
    return text.with_value(_ROOT.sub(lambda match: f'{match.group()} lang="{code}"', value, count=1))


def _headers(value: str) -> str:
    end = _HEADERS_END.search(value)
    return value[: end.end()] if end else ""


def _fields(value: str) -> list[re.Match[str]]:
    return list(_FIELD.finditer(_headers(value))) if _FIRST_FIELD.match(value) else []


def _in_mail(value: str, code: str) -> str:
    """A mail with this language in its headers: only there, for its body may hold whole mails."""
    headers = _headers(value)
    if not headers:
        raise NotApplicable("the mail has no end of its headers")
    if _FIELD.search(headers):
        changed = _FIELD.sub(f"Content-Language: {code}", headers)
    else:
        ending = "\r\n" if headers.endswith("\r\n") else "\n"
        changed = f"{headers}Content-Language: {code}{ending}"
    return changed + value[len(headers) :]
