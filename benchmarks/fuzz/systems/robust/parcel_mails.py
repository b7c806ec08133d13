"""The parcel of a carrier's notice by mail: a number with a check digit (UPU S10), in its subject and its text."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

from benchmarks.fuzz.reading import decoded, tidy

KIND, FORMAT = "robust", "mail"
FIELDS = ("/parcel",)
_NUMBER = re.compile(r"\b[A-Z]{2}(\d{8})(\d)GB\b", re.ASCII)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """There is no number that holds, or there are several."""


def _check(eight: str) -> int:
    left = 11 - sum(int(each) * weight for each, weight in zip(eight, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: 0, 11: 5}.get(left, left)


def _mail(kind: str, eight: str, name: str, day: int) -> tuple[bytes, dict[str, Any]]:
    number = f"{kind}{eight}{_check(eight)}GB"
    lines = [
        "From: Carrier <notice@carrier.example>",
        f"To: {name} <{name.split(maxsplit=1)[0].lower()}@post.example>",
        f"Subject: Your parcel {number} is on its way",
        f"Date: Tue, {day:02} Mar 2026 07:31:00 +0000",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        f"Dear {name},",
        "",
        f"we have your parcel {number}, and will bring it tomorrow.",
        "",
        "Your carrier",
        "",
    ]
    return "\r\n".join(lines).encode(), {"parcel": number}


DOCUMENTS = {
    "notice-1.eml": _mail("RA", "47312482", "Ruth Hamilton", 3),
    "notice-2.eml": _mail("CP", "10559301", "Owen Price", 10),
    "notice-3.eml": _mail("EE", "73891024", "Grace Walker", 17),
    "notice-4.eml": _mail("RR", "66004417", "Adam Fletcher", 24),
    "notice-5.eml": _mail("LX", "20817755", "Nora Sinclair", 31),
    "notice-6.eml": _mail("CV", "91230048", "Peter Holloway", 10),
}


def sound(data: bytes) -> dict[str, Any]:
    """The number, where subject and text have the same, and no other."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        subject = " ".join(map(str, message.get_all("Subject", [])))
        parts = [part.get_payload(decode=True) for part in message.walk() if part.get_content_maintype() == "text"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Unreadable from None
    body = "\n".join(decoded(each) for each in parts if isinstance(each, bytes))
    found = [{each.group() for each in _NUMBER.finditer(tidy(text))} for text in (subject, body)]
    if found[0] != found[1] or len(found[0]) != 1:
        raise Unreadable
    number = found[0].pop()
    if _check(number[2:10]) != int(number[10]):
        raise Unreadable
    return {"parcel": number}
