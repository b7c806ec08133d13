"""Account and amount of a payment order in JSON: the account checks itself (IBAN), the amount is the positions' sum."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from benchmarks.fuzz.reading import decoded

KIND, FORMAT = "robust", "record"
FIELDS = ("/account", "/amount")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is no such order, or it does not hold."""


def _is_sound(account: str) -> bool:
    """Whether an account's check digits are those of the rest."""
    moved = account[4:] + account[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def _order(number: str, amounts: list[str], purpose: str) -> tuple[bytes, dict[str, Any]]:
    account = next(f"GB{at:02}{number}" for at in range(2, 99) if _is_sound(f"GB{at:02}{number}"))
    total = str(sum(map(Decimal, amounts)))
    order = {
        "account": account,
        "purpose": purpose,
        "positions": [{"position": at, "amount": each} for at, each in enumerate(amounts, 1)],
        "amount": total,
    }
    return json.dumps(order, indent=1).encode(), {"account": account, "amount": total}


DOCUMENTS = {
    "order-1.json": _order("WEST12345698765432", ["120.50", "80.25"], "office rent"),
    "order-2.json": _order("NORT20004433128890", ["19.99", "5.01", "310.40"], "printing"),
    "order-3.json": _order("EAST60161331926819", ["1450.75"], "server"),
    "order-4.json": _order("HARB40051512345674", ["64.10", "64.10", "12.35", "9.95"], "repairs"),
    "order-5.json": _order("MILL20301812348421", ["730.15", "18.60"], "freight"),
    "order-6.json": _order("CAST55779911024677", ["88.88", "41.07", "260.30"], "insurance"),
}


def _cents(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"\d+\.\d\d", value, re.ASCII) else None


def sound(data: bytes) -> dict[str, Any]:
    """Both, where they hold."""
    try:
        order = json.loads(decoded(data))
        account, total = order["account"], _cents(order["amount"])
        amounts = [_cents(each["amount"]) for each in order["positions"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unreadable from None
    whole = isinstance(account, str) and re.fullmatch(r"GB\d\d[A-Z]{4}\d{14}", account, re.ASCII)
    known = [each for each in amounts if each is not None]
    if not whole or not _is_sound(account) or total is None or len(known) < len(amounts) or sum(known) != total:
        raise Unreadable
    return {"account": account, "amount": str(total)}
