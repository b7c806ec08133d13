# ruff: noqa: ICN001, N818, UP031 - systems are written as anybody writes them, for any Python
"""Well-behaved systems."""

import asyncio
import datetime
import decimal
import enum
import os
import time
from pathlib import Path


def length(text):
    return len(text)


def everything_but(document):
    return {"text": document.decode(), "length": len(document)}


def slow(document):
    time.sleep(0.1)
    return os.getpid()


def path_content(path, name):
    with open(path, "rb") as file:
        return [os.path.basename(path), name, file.read().decode(), os.path.isabs(path)]


def beside(path, parts):
    return [[part["name"], part["data"].decode(), Path(part["path"]).read_text()] for part in parts]


def everything(document, inputs, *, name, media_type="?", parts):
    return [document.decode(), inputs, name, media_type, [[part["name"], part["data"].decode()] for part in parts]]


def image(pixels):
    pixels[0] = 7
    return [list(pixels.shape), str(pixels.dtype), int(pixels.sum())]


def record(value):
    return value


async def later(document):
    await asyncio.sleep(0)
    return "later"


class Reader:
    def __init__(self):
        self.calls = 0

    def __call__(self, document):
        self.calls += 1
        return self.calls


def build():
    return Reader()


async def build_later():
    return Reader().__call__


class Colour(enum.Enum):
    RED = "red"


class Model:
    def model_dump(self):
        return {"total": decimal.Decimal("12.50")}


class Broken:
    def model_dump(self):
        raise ValueError("no")


ANSWERS = {
    "decimal": decimal.Decimal("1234.50"),
    "long decimal": decimal.Decimal("0.12345678901234567890123"),
    "date": {datetime.date(2024, 2, 29): datetime.datetime(2024, 2, 29, 12, 30)},
    "enum": [Colour.RED],
    "set": {3, 1, 2},
    "tuple": (1, ("a", None)),
    "path": Path("a") / "b",
    "model": Model(),
    "nan": [float("nan"), float("inf")],
    "text": "ä\ud800",
    "bytes": b"\x00\xff",
    "none": None,
    "broken": Broken(),
    "key": {(1, 2): 3},
    "function": [build],
}


def answers(document):
    return ANSWERS[document.decode()]


def fails(document):
    import json

    json.loads("{")


def no_argument():
    return None


def needs_more(document, tenant):
    return None


NOT_A_FUNCTION = 3


class Unreadable(ValueError):
    pass


def refuses(document):
    word = document.decode()
    if word == "raise":
        raise Unreadable("too dark")
    if word == "other":
        raise ValueError("something else")
    return {"needs_review": word == "flag", "count": 1, "text": word}


def is_short(answer):
    return len(answer["text"]) < 3


def broken_predicate(answer):
    if answer["text"] == "flag":
        raise KeyError("a bug in a predicate")
    return False


def leaving_predicate(answer):
    raise SystemExit(3)


def now(document):
    return {"text": document.decode()[:3], "run": {"at": time.perf_counter()}}


def announce_and_hang(path):
    """Start a grandchild that leaves the session, tell its number, and wait for ever."""
    child = os.fork()
    if child == 0:
        os.setsid()
        while True:
            time.sleep(60)
    with open(os.environ["ANNOUNCE"], "w") as announced:
        announced.write("%d\n" % child)
    while True:
        time.sleep(60)
