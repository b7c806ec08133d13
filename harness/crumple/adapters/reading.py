"""`reads`: an answer's bytes as text, JSON, CSV or bytes. Pure."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

_SEPARATORS = ",;\t"


class Misread(Exception):  # noqa: N818 - a fact about an answer, not an error of ours
    """An answer is not in the form that was said.

    Attributes:
        kind: what such answers have in common: "answer is not JSON".
        why: the same with this one's particulars, in one line.
    """

    def __init__(self, kind: str, why: str) -> None:
        self.kind = kind
        self.why = f"{kind}: {why}"
        super().__init__(self.why)

    @classmethod
    def missing(cls, why: str) -> Misread:
        """There is no answer to read."""
        return cls("no answer", why)


def _text(data: bytes) -> str:
    """As UTF-8 without byte order mark and last line end; what is not UTF-8 shows as U+FFFD, and is no value's."""
    return data.decode("utf-8-sig", "replace").removesuffix("\n").removesuffix("\r")


def read_json(data: bytes, kind: str = "answer is not JSON") -> Any:
    """UTF-8 with JSON in it.

    Raises:
        Misread: it is not that; `kind` is what to call it.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Misread(kind, f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise Misread(kind, "it is nested too deep") from None
    except ValueError as error:
        raise Misread(kind, str(error) if data.strip() else "it is empty") from None


def _csv(data: bytes) -> list[list[str]]:
    """The rows, header first, blank lines left out; separated by whichever sign the first line has most of."""
    text = data.decode("utf-8-sig", "replace")
    separator = max(_SEPARATORS, key=text.lstrip("\r\n").partition("\n")[0].count)
    before = csv.field_size_limit(sys.maxsize)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except csv.Error as error:
        raise Misread("answer is not CSV", str(error)) from None
    finally:
        csv.field_size_limit(before)


def _bytes(data: bytes) -> bytes:
    return data


READERS: Final[Mapping[str, Callable[[bytes], Any]]] = {"text": _text, "json": read_json, "csv": _csv, "bytes": _bytes}


def read(data: bytes, reads: str) -> Any:
    """An answer in the form that `reads` names.

    Raises:
        Misread: it is not in that form.
    """
    return READERS[reads](data)
