"""Characters written as escapes that one program made and the next one did not undo."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.encoding.rewriting import spaces, touched
from crumple_mutators.positions import beyond_ascii, code_points, drawn, number_of, prefix, some
from crumple_mutators.substitution import substituted

_LAYERS = (0.1, 0.5, 1, 2, 3)
_UNIT = "layers of escaping"
_ONCE_MORE = 1 << 21  # beyond all characters: the same character, escaped once more
_NAMED = {0x26: "amp", 0x3C: "lt", 0x3E: "gt"}
_ENTITY = re.compile(r"&#?\w{1,31};")
_HTML = re.compile(r"<(?:!doctype\s+html|html|body|p|div|table)\b", re.IGNORECASE)


@mutator(
    "encoding.html_entities",
    layers=Ladder(*_LAYERS, unit=_UNIT, zero=0),
    examples=[
        ("letter.txt", "Kunde: Müller & Söhne, Köln\nGrüße aus Düsseldorf\n"),
        ("people.csv", EXAMPLES[1][1]),
    ],
)
def html_entities(text: Text, layers: float, rng: Generator) -> Degraded[Text]:
    """Escape &, <, > and characters beyond ASCII for HTML, once or several times over, as web forms and feeds do.

    Unescaping as often gives the same. Below 1 the share of these characters that is escaped once; from 1 on all
    are, and the share beyond a whole number once more. Ladder: a tenth and half of them, then the catalogue's layers.
    """
    if not _is_markup(text.value):
        _check_free(text.value, _ENTITY, "entities")
    _check_semicolons(text.value)
    names = {} if _is_xml(text.value) else html.entities.codepoint2name

    def escape(point: int, times: int) -> str:
        # From the second time on it is the ampersand that is escaped.
        return "&" + "amp;" * (times - 1) + (names.get(point) or _NAMED.get(point) or f"#{point}") + ";"

    return _escaped(text, layers, rng, "&<>", escape)


def _is_markup(value: str) -> bool:
    return value.lstrip()[:1] == "<"


def _is_xml(value: str) -> bool:
    """Whether it is markup that knows no names for characters."""
    return _is_markup(value) and not _HTML.search(value[:1024])


def _check_semicolons(value: str) -> None:
    first = value.partition("\n")[0]
    if ";" in first and not _is_markup(value) and not first.lstrip().startswith(("{", "[")):
        raise NotApplicable("its cells seem to end at ';', which every entity holds")


@mutator(
    "encoding.unicode_escapes",
    layers=Ladder(*_LAYERS, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def unicode_escapes(text: Text, layers: float, rng: Generator) -> Degraded[Text]:
    r"""Write characters beyond ASCII as JSON and Java escape them ("M\u00fcller"), as logs and double encoding leave.

    In JSON one layer is what every reader undoes; each more doubles the backslashes. Undoing as often gives the same.
    Below 1 it is the share of these characters. Ladder: that of `encoding.html_entities`.
    """

    def escape(point: int, times: int) -> str:
        data = chr(point).encode("utf-16-be")
        units = (data[at : at + 2].hex() for at in range(0, len(data), 2))
        return "".join("\\" * 2 ** (times - 1) + "u" + unit for unit in units)

    _check_free(text.value, re.compile(r"\\u[0-9a-fA-F]{4}"), "escapes of that kind")
    return _escaped(text, layers, rng, "", escape)


@mutator(
    "encoding.percent",
    layers=Ladder(*_LAYERS, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def percent(text: Text, layers: float, rng: Generator) -> Degraded[Text]:
    """Write characters beyond ASCII, and "%", as addresses on the web do ("M%C3%BCller"), as web forms leave in values.

    Each further layer escapes the percent signs. Undoing as often gives the same. Below 1 it is the share of these
    characters. Ladder: that of `encoding.html_entities`.
    """

    def escape(point: int, times: int) -> str:
        return "".join(f"%{'25' * (times - 1)}{byte:02X}" for byte in chr(point).encode())

    _check_free(text.value, re.compile("%[0-9a-fA-F]{2}"), "percent escapes")
    return _escaped(text, layers, rng, "%", escape)


@mutator(
    "encoding.quoted_printable",
    layers=Ladder(*_LAYERS, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def quoted_printable(text: Text, layers: float, rng: Generator) -> Degraded[Text]:
    """Write characters beyond ASCII, and "=", as mail transfers them ("M=C3=BCller"), as text cut out of raw mail has.

    Lines are not wrapped. Each further layer escapes the equals signs. Undoing as often gives the same. Below 1 it is
    the share of these characters. Ladder: that of `encoding.html_entities`.
    """

    def escape(point: int, times: int) -> str:
        return "".join(f"={'3D' * (times - 1)}{byte:02X}" for byte in chr(point).encode())

    _check_free(text.value, re.compile("=[0-9A-F]{2}"), "quoted-printable escapes")
    return _escaped(text, layers, rng, "=", escape)


def _check_free(value: str, escape: re.Pattern[str], what: str) -> None:
    if escape.search(value):
        raise NotApplicable(f"it holds {what} already, which would be undone with these")


def _escaped(
    text: Text, layers: float, rng: Generator, specials: str, escape: Callable[[int, int], str]
) -> Degraded[Text]:
    points = code_points(text.value)
    candidates = beyond_ascii(points)
    for special in specials:
        candidates |= points == ord(special)
    at = np.flatnonzero(content(text.value) & candidates)
    some(at, "it has no characters that are ever escaped so")
    whole = int(layers)
    times = np.full(len(at), whole)
    times[prefix(rng, len(at), number_of(layers - whole, len(at), least=0 if whole else 1))] += 1
    hit, more = at[times > 0], times[times > 0] - max(1, whole)
    kinds = points[hit] + (more * _ONCE_MORE).astype(np.uint32)
    found = set(kinds.tolist())
    forms = {kind: escape(kind % _ONCE_MORE, max(1, whole) + kind // _ONCE_MORE) for kind in found}
    return Degraded(text.with_value(substituted(points, hit, kinds, forms)), touched=touched(hit))


@mutator(
    "encoding.nbsp_litter",
    share=Ladder(*SHARES, unit="share of spaces", zero=0),
    examples=EXAMPLES,
)
def nbsp_litter(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write "&nbsp;" for spaces, as values that were copied out of web pages hold.

    In XML, which does not know that name, it is "&#160;". Unescaped, it is a space: same. Ladder: the catalogue's
    shares for spaces.
    """
    _check_semicolons(text.value)
    points = code_points(text.value)
    places = spaces(text.value, points)
    some(places, "it has no spaces between words")
    hit = places[drawn(rng, len(places), share)]
    form = "&#160;" if _is_xml(text.value) else "&nbsp;"
    value = substituted(points, hit, np.zeros(len(hit), np.uint32), {0: form})
    return Degraded(text.with_value(value), touched=touched(hit))
