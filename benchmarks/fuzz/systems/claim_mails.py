"""Claim and policy of a mail to an insurer: the claim from its subject, the policy from its text.

The bug: the subject is taken as it stands in the header, so that an encoded one has no claim number.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from benchmarks.fuzz.reading import decoded, tidy

KIND, FORMAT, TRIGGER = "wrong refusal", "mail", "one position"
CATEGORIES = ("encoding",)
FIELDS = ("/claim", "/policy")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is no mail about a claim."""


def _mail(sender: str, claim: str, number: str, what: str, lines: list[str]) -> tuple[bytes, dict[str, Any]]:
    text = "\r\n".join(
        [
            f"From: {sender} <{sender.split(maxsplit=1)[0].lower()}@post.example>",
            "To: Claims <claims@insurer.example>",
            f"Subject: Claim {claim}: {what}",
            "Date: Mon, 02 Mar 2026 09:14:05 +0000",
            f"Message-ID: <{claim.lower()}.1@post.example>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            "",
            "Dear Sir or Madam,",
            "",
            *lines,
            "",
            f"My policy number is {number}.",
            "",
            "Kind regards",
            sender,
            "",
        ]
    )
    return text.encode(), {"claim": claim, "policy": number}


DOCUMENTS = {
    "claim-1.eml": _mail("Ruth Hamilton", "KF-204407", "P7731-68", "burst pipe", ["the kitchen is under water."]),
    "claim-2.eml": _mail("Owen Price", "KF-205114", "P1800-54", "broken window", ["a ball came through it."]),
    "claim-3.eml": _mail("Grace Walker", "KF-206225", "P6399-94", "hail on the roof", ["forty tiles are gone."]),
    "claim-4.eml": _mail("Adam Fletcher", "KF-207336", "P2044-07", "stolen bicycle", ["it was locked.", "In a yard."]),
    "claim-5.eml": _mail("Nora Sinclair", "KF-208548", "P9122-04", "fallen tree", ["it lies across the shed."]),
    "claim-6.eml": _mail("Peter Holloway", "KF-209154", "P0588-06", "smoke in the attic", ["the chimney caught fire."]),
}
TRIGGERED_BY = {
    "claim-1.eml": DOCUMENTS["claim-1.eml"][0].replace(
        b"Claim KF-204407: burst pipe", b"=?utf-8?q?Claim_KF=2D204407=3A_burst_pipe?="
    )
}
_CLAIM, _POLICY = re.compile(r"\bKF-(\d{4})(\d\d)\b"), re.compile(r"\bP(\d{4})-(\d\d)\b")


def _body(message: EmailMessage) -> str:
    """The texts of a mail, those of mails in it as well."""
    texts = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            data = part.get_payload(decode=True)
            texts.append(decoded(data) if isinstance(data, bytes) else "")
    return re.sub(r"<[^<>]*>", "", tidy("\n".join(texts)))


def _only(pattern: re.Pattern[str], text: str) -> str | None:
    """The number that is there and checks itself; None where there is none, or several."""
    found = {each.group() for each in pattern.finditer(text) if int(each[1]) % 97 == int(each[2])}
    return found.pop() if len(found) == 1 else None


def _answer(claim: str | None, policy_number: str | None) -> dict[str, Any]:
    if not claim and not policy_number:
        raise Unreadable
    return {"claim": claim, "policy": policy_number}


def _message(data: bytes) -> EmailMessage:
    message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    raw: Message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=policy.compat32)
    subject = tidy(str(raw.get("Subject", "")))
    return _answer(_only(_CLAIM, subject), _only(_POLICY, _body(_message(data))))


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    message = _message(data)
    subject = tidy(" ".join(map(str, message.get_all("Subject", []))))
    return _answer(_only(_CLAIM, subject), _only(_POLICY, _body(message)))
