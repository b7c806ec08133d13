"""The same JSON in other characters: white space, escapes, the order of members, how keys and numbers are spelled."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Pointer, Record, Spans, Text, mutator
from crumple_mutators.format.edits import rewritten, shares
from crumple_mutators.format.json_tokens import JSON, JSONS, ORDER, places, tokens
from crumple_mutators.positions import code_points, number_of, some
from crumple_mutators.selection import chosen
from crumple_mutators.substitution import substituted

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_STYLES: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "camelCase": lambda words: words[0].lower() + "".join(word.capitalize() for word in words[1:]),
    "PascalCase": lambda words: "".join(word.capitalize() for word in words),
    "kebab-case": lambda words: "-".join(word.lower() for word in words),
    "UPPER_CASE": lambda words: "_".join(word.upper() for word in words),
    "Title Case": lambda words: " ".join(word.capitalize() for word in words),
}
_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_NUMBER: Final = re.compile(r"(-?)(\d+)(?:\.(\d+))?")


@mutator(
    "format.json_layout",
    only=JSON,
    style=Ladder("minified", "tabs", "windows", "spread", "ragged", unit="style"),
    examples=[ORDER],
)
def layout(text: Text, style: str, rng: Generator) -> Text:
    """Lay a JSON document out otherwise: on one line, with tabs, Windows line ends, a token a line, at random.

    White space between tokens says nothing, so the answer is the same. Ladder: a first guess, by how rarely writers
    do it.
    """
    found = [(token.group(), token.lastgroup or "") for token in tokens(text.value)]
    some(found, "it holds no JSON")
    if style == "ragged":
        gaps = rng.choice(("", " ", "\n", "\t", "  \n  "), size=len(found)).tolist()
        value = "".join(gap + word for gap, (word, _) in zip(gaps, found, strict=True))
    elif style in ("minified", "spread"):
        value = ("" if style == "minified" else "\n").join(word for word, _ in found)
    else:
        value = _indented(found, "\t" if style == "tabs" else "    ", "\n" if style == "tabs" else "\r\n")
    if value == text.value:
        raise NotApplicable("it is laid out like that already")
    return text.with_value(value)


def _indented(found: Sequence[tuple[str, str]], step: str, end: str) -> str:
    pieces: list[str] = []
    depth, before = 0, ""
    for word, _ in found:
        if word in ("}", "]"):
            depth -= 1
        if (before in ("{", "[", ",") and word not in ("}", "]")) or (word in ("}", "]") and before not in ("{", "[")):
            pieces.append(end + step * min(depth, 100))
        pieces.append(word + " " if word == ":" else word)
        if word in ("{", "["):
            depth += 1
        before = word
    return "".join(pieces) + end


@mutator("format.json_escapes", only=JSONS, share=shares("characters of strings"), examples=[ORDER])
def escapes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    r"""Write characters of strings as escapes: \u0041 for letters and digits, "\/" for a slash, as careful writers do.

    An escape is the character that it names, so the answer is the same. Characters beyond ASCII come first, those
    beyond U+FFFF as two escapes. Ladder: the shares of `form`, of characters.
    """
    value = text.value
    points = code_points(value)
    # Neither escapes nor quotes are characters; lone surrogates are bytes that nobody can name.
    plain = np.zeros(len(value), np.bool_)
    for string in places(value, "string"):
        plain[string.start + 1 : string.end - 1] = True
        for escape in _ESCAPE.finditer(value, string.start, string.end):
            plain[escape.start() : escape.end()] = False
    at = np.flatnonzero(plain & ~((points >= 0xD800) & (points <= 0xDFFF)) & (points >= 0x20))
    some(at, "no string holds a character that could be escaped")
    order = at[np.lexsort((rng.permutation(len(at)), points[at] < 0x80))]
    hit = np.sort(order[: number_of(share, len(at))])
    kinds = points[hit]
    forms = {point: _escaped(chr(point)) for point in np.unique(kinds).tolist()}
    return Degraded(text.with_value(substituted(points, hit, kinds, forms)), touched=Spans(hit, 0, 1))


def _escaped(character: str) -> str:
    if character == "/":
        return r"\/"
    return f"\\u{ord(character):04x}" if character.isascii() else json.dumps(character)[1:-1]


@mutator("format.json_member_order", only=JSONS, share=shares("objects"), examples=[ORDER])
def member_order(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write the members of objects in another order, as another version of a library that keeps none does.

    By RFC 8259 objects have no order, so the answer is the same. Ladder: the shares of `form`, of objects with two
    members or more.
    """
    members = record.members()
    below: dict[str, list[str]] = {}
    for path in sorted(members, key=lambda path: (members[path].begin, -members[path].end)):
        if path:
            below.setdefault(path.rpartition("/")[0], []).append(path)
    objects = [path for path, inner in below.items() if len(inner) > 1 and isinstance(record.get(path), dict)]
    some(objects, "it has no object with two members")
    # The members of one object, turned by a drawn number of places: never the order that they had.
    turns = {
        path: 1 + draw for path, draw in zip(objects, rng.integers(1 << 20, size=len(objects)).tolist(), strict=True)
    }
    hit = {objects[index] for index in chosen(rng, len(objects), share)}

    def written(path: str) -> str:
        inner = below.get(path, [])
        order = list(inner)
        if path in hit:
            turn = 1 + (turns[path] - 1) % (len(inner) - 1)
            order = inner[turn:] + inner[:turn]
        pieces, at = list[str](), members[path].start
        for slot, source in zip(inner, order, strict=True):
            stands = members[source]
            pieces += (
                record.source[at : members[slot].begin],
                record.source[stands.begin : stands.start],
                written(source),
            )
            at = members[slot].end
        return "".join((*pieces, record.source[at : members[path].end]))

    root = members[""]
    source = record.source[: root.start] + written("") + record.source[root.end :]
    parsed = Record.of_lines if record.lines else Record.parsed
    return Degraded(parsed(Text(source, record.encoding, record.bom)), touched=[Pointer(path) for path in sorted(hit)])


@mutator(
    "format.json_key_style",
    refusable_from=1,
    only=JSONS,
    style=Ladder(*_STYLES, unit="style"),
    examples=[ORDER],
)
def key_style(text: Text, style: str, rng: Generator) -> Degraded[Text]:
    """Spell keys in another style (unit_price as unitPrice, UnitPrice, unit-price, UNIT_PRICE, "Unit Price").

    As the next version of an interface does, or one behind another gateway. The words are the same, so the answer is;
    who was promised other keys may refuse. Ladder: a first guess, by how rarely interfaces do it.
    """
    found = [(each, text.value[each.start + 1 : each.end - 1]) for each in places(text.value, "key")]
    new = {key: _STYLES[style](words) for _, key in found if (words := _WORDS.findall(key)) and key.isascii()}
    spans = [each for each, key in found if new.get(key, key) != key]
    return rewritten(
        text,
        spans,
        1,
        rng,
        lambda at: f'"{new[text.value[spans[at].start + 1 : spans[at].end - 1]]}"',
        f"its keys are in {style} already",
    )


@mutator("format.json_number_notation", only=JSONS, share=shares("numbers"), examples=[ORDER])
def number_notation(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write numbers in another notation that JSON has: 12.5 as 12.50, 1.25e1, 125e-1 or 12.500000000000000.

    They are the same numbers, so the answer is the same. Whole numbers get an exponent only. Ladder: the shares of
    `form`, of numbers.
    """
    found = [each for each in places(text.value, "word") if _NUMBER.fullmatch(text.value, each.start, each.end)]
    kinds = rng.integers(4, size=len(found)).tolist()
    return rewritten(
        text,
        found,
        share,
        rng,
        lambda at: _notation(text.value[found[at].start : found[at].end], kinds[at]),
        "it holds no numbers in plain notation",
    )


def _notation(number: str, kind: int) -> str:
    sign, digits, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int)  # neither an infinity nor no number
    written = ("-" if sign else "") + "".join(map(str, digits))
    if exponent < 0 and kind in (0, 3):
        return number + "0" * (1 if kind == 0 else max(1, 15 + exponent))
    if kind == 1:
        return f"{written}E{exponent:+d}"
    head, tail = ("-" if sign else "") + str(digits[0]), "".join(map(str, digits[1:])) or "0"
    return f"{head}.{tail}e{exponent + len(digits) - 1}"


@mutator("format.json_float_noise", only=JSONS, share=shares("decimal numbers"), examples=[ORDER])
def float_noise(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write decimal numbers with all the digits of their binary form (99.95 as 99.950000000000003).

    As programs do that print a double with 17 digits. It is the same double, so the answer is the same. Ladder: the
    shares of `form`, of numbers that have such digits.
    """
    found = places(text.value, "word")
    noisy = [(each, _seventeen(text.value[each.start : each.end])) for each in found]
    hit = [(each, digits) for each, digits in noisy if digits]
    return rewritten(text, [each for each, _ in hit], share, rng, lambda at: hit[at][1], "no number has further digits")


def _seventeen(word: str) -> str:
    match = _NUMBER.fullmatch(word)
    if match is None or not match[3] or len(word) > 15:
        return ""
    digits = f"{float(word):.17g}"
    return digits if Decimal(digits) != Decimal(word) and "e" not in digits else ""
