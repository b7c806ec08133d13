"""Values that a configuration took from the environment, made unreadable in any text that may quote them. Pure.

A text seldom quotes a value as it is: a URL has it percent-encoded, a header in base64 behind a user's name, JSON and
tracebacks with backslashes, an excerpt only its beginning. All of these are found, and `${NAME}` stands in their place.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

MASKED_FROM = 4
"""Shorter values stand in too many innocent words to be masked."""
_BASE64_FROM = 5
_LINE_FROM = 8
_PART_FROM = 8
_ENDS = re.compile(r"…|\.\.\.|\Z")
_BEGINS = re.compile(r"(?:\A|\n|…|\.\.\.)\Z")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;|&#34;", "'": "&#39;|&#x27;"}
_BLANK = r"(?:\s|\\[nrt]|%(?:20|0[adAD])|\+)+"
_PLAIN = re.compile(r"[A-Za-z0-9]+")
_PASSWORD = re.compile(r"(?<=://)([^\s/?#:@]*):[^\s/?#]*@")


class Mask:
    """Puts names in the place of secrets."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """Look out for these, names -> values; values of fewer than four characters are let through."""
        found = {name: value.strip() for name, value in secrets.items() if len(value.strip()) >= MASKED_FROM}
        # A secret that holds another one goes first, and of a secret in several lines each is one.
        pieces = sorted(
            ((piece, name) for name, value in found.items() for piece in _pieces(value)),
            key=lambda pair: (-len(pair[0]), pair[1]),
        )
        self._names = [name for _, name in pieces]
        self._pattern = _pattern(pieces, found) if pieces else None
        self._literals = [(text, name) for piece, name in pieces for text in _literals(piece)]
        self._anchors = {_anchor(text) for piece, _ in pieces for text in (piece, *_cores(piece))}

    def __call__(self, text: str) -> str:
        """The text without them."""
        if self._pattern is None or not text:
            return text
        if any(anchor in text for anchor in self._anchors):  # far quicker than the pattern, and most texts have none
            text = self._pattern.sub(self._name, text)
        for literal, name in self._literals:
            if literal[:MASKED_FROM] in text or literal[-MASKED_FROM:] in text:
                text = _without_parts(text, literal, f"${{{name}}}")
        return text

    def _name(self, found: re.Match[str]) -> str:
        return found[0] if not found.lastindex else f"${{{self._names[found.lastindex - 1]}}}"

    def deep(self, value: Any) -> Any:
        """Texts at any depth of lists and mappings without them; keys, and anything else, as they are."""
        if self._pattern is None:
            return value
        if isinstance(value, Mapping):
            return {name: self.deep(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.deep(item) for item in value]
        return self(value) if isinstance(value, str) else value


@functools.lru_cache(maxsize=16)
def _mask(secrets: tuple[tuple[str, str], ...]) -> Mask:
    return Mask(dict(secrets))


def mask_of(secrets: Mapping[str, str]) -> Mask:
    """The mask for these secrets; of the last few, each is made once."""
    return _mask(tuple(sorted(secrets.items())))


def without_passwords(text: str) -> str:
    """The text, in which URLs that name a user and a password name the user alone."""
    return _PASSWORD.sub(r"\1:***@", text)


def _pieces(value: str) -> Iterator[str]:
    yield value
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= _LINE_FROM)


def _pattern(pieces: Iterable[tuple[str, str]], names: Iterable[str]) -> re.Pattern[str]:
    """A name that stands there already, which stays; or one of the pieces, each a group, in any of its spellings."""
    done = "|".join(re.escape(name) for name in names)
    groups = ["|".join((spelled(piece), *_in_base64(piece))) for piece, _ in pieces]
    return re.compile("|".join((rf"\$\{{(?:{done})\}}", *(f"({group})" for group in groups))))


def spelled(value: str) -> str:
    """A pattern for a value, each of whose characters may be escaped in one of the usual ways."""
    return "".join(
        _BLANK if run.isspace() else "".join(map(_character, run)) for run in re.split(r"(\s+)", value) if run
    )


def _character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    code = ord(character)
    percent = "".join(f"%{_either_case(byte)}" for byte in character.encode("utf-8", "surrogatepass"))
    spellings = [rf"\\{{0,3}}{re.escape(character)}", percent]
    if code > 0xFFFF:
        pair = character.encode("utf-16-be", "surrogatepass").hex()
        spellings += [rf"\\{{1,2}}u{_any_case(pair[:4])}\\{{1,2}}u{_any_case(pair[4:])}"]
    else:
        spellings += [rf"\\{{1,2}}u{_any_case(f'{code:04x}')}"]
        spellings += [rf"\\{{1,2}}x{_any_case(f'{code:02x}')}"] if code < 0x100 else []
    spellings += [_HTML[character]] if character in _HTML else []
    return f"(?:{'|'.join(spellings)})"


def _either_case(byte: int) -> str:
    return _any_case(f"{byte:02x}")


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _cores(value: str) -> Iterator[str]:
    """What base64 makes of a value, wherever it begins in what is encoded: the characters that are its alone."""
    data = value.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        first, last = (0, 2, 3)[before], len(encoded) - ((before + len(data)) % 3 > 0)
        if last - first >= _BASE64_FROM:
            yield encoded[first:last]


def _anchor(text: str) -> str:
    """The longest run of letters and digits, which stands in every spelling as it is; "" where there is none."""
    return max(_PLAIN.findall(text), key=len, default="")


def _in_base64(value: str) -> Iterator[str]:
    for core in _cores(value):
        yield core.replace("+", "[+-]").replace("/", "[/_]") + r"[\w+/-]?={0,2}"


def _literals(value: str) -> Iterator[str]:
    """The spellings of which a piece is known as such: where a text was cut, only one end of a value is left."""
    yield from dict.fromkeys((value, " ".join(value.split()), quote(value, safe=""), *_cores(value)))


def _without_parts(text: str, literal: str, name: str) -> str:
    """The text without the greater part of a literal, and without any beginning or end of it where the text is cut."""
    least = max(_PART_FROM, (len(literal) + 1) // 2)
    at = text.find(literal[:MASKED_FROM])
    while at >= 0:
        end = at + _common(text[at : at + len(literal)], literal)
        if end - at >= least or _ENDS.match(text, end):
            text = text[:at] + name + text[end:]
            end = at + len(name)
        at = text.find(literal[:MASKED_FROM], end)
    end = text.rfind(literal[-MASKED_FROM:]) + MASKED_FROM
    while end >= MASKED_FROM:
        at = end - _common(text[max(0, end - len(literal)) : end][::-1], literal[::-1])
        if end - at >= least or _BEGINS.search(text[:at]):
            text = text[:at] + name + text[end:]
        end = text.rfind(literal[-MASKED_FROM:], 0, at) + MASKED_FROM
    return text


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


# Errors surface far from the configuration that they may quote, so that what was taken from the environment is
# known to the process: whoever shows an error asks for it here.
_taken: dict[str, str] = {}


def remember(secrets: Mapping[str, str]) -> None:
    """Note what a configuration has taken from the environment of this process."""
    _taken.update(secrets)


def forget() -> None:
    """Begin anew: another command is carried out in this process."""
    _taken.clear()


def presentable(text: str) -> str:
    """A text for people without what any configuration of this process took from the environment, nor passwords."""
    return without_passwords(mask_of(_taken)(text))
