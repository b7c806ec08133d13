"""What undoes mutators of encodings: the right codec, found by how plausible its reading is, and plain normalising.

The sample orders are read as they stand: nothing in here knows what is written in them.
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from crumple import Document, Step
from oracles.healing import Undo, behind, characters, fewer, healed, replaced, transliterated, without_marks
from oracles.readings import CODEPAGES, likeliest, read_in

_TYPOGRAPHY = {"\u2019": "'", "\u2018": "'", "\u2011": "-", "\u2212": "-", "\u2013": "-"}
_INVISIBLE = dict.fromkeys(map(chr, (0xAD, 0x61C, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF)), "")
_SPACES = {"\u00a0": " ", "\u202f": " ", "\u2007": " "}
_ALL_CONTROLS = {chr(code): "" for code in range(0x20) if chr(code) not in "\t\n\r"}
_ENTITY = re.compile(r"&(?:amp;)*((?!amp;|lt;|gt;|quot;)(?:#\w+|\w+));")


def _parameter(step: Step) -> str:
    return str(step.parameters[0][1])


def _translated(table: Mapping[str, str]) -> Undo:
    written = str.maketrans(dict(table))
    return characters(lambda value, step: value.translate(written))


def _unchanged(document: Document, step: Step) -> Document:
    return document


def _decoded(decode: Callable[[bytes, Step], str]) -> Undo:
    """An undo of what was done to the encoding of all of a document."""

    def undo(document: Document, step: Step) -> Document:
        value = decode(document.data, step).removeprefix("\ufeff")
        return replaced(document, re.sub(r'(<\?xml[^>]*?)\s+encoding="[^"]*"', r"\1", value, count=1).encode())

    return undo


def _of_family(data: bytes, step: Step) -> str:
    return likeliest(read_in(data, _parameter(step)))


def _not_utf8(data: bytes, step: Step) -> str:
    form = _parameter(step)
    codec = {"utf16_bom": "utf-16", "utf16_le": "utf-16-le", "utf32_be": "utf-32-be"}.get(form)
    return data.decode(codec) if codec else _of_family(data, step)


# UTF-16 and UTF-32


def _wide(data: bytes, step: Step, *, codec: str, unit: int) -> str:
    form = _parameter(step)
    if form in ("bom", "le", "be"):
        return data.decode(codec if form == "bom" else f"{codec}-{form}")
    if form == "mixed":
        ends = [at for at in range(unit, len(data), unit) if data[at - unit : at] == "\n".encode(f"{codec}-le")]
        return _plainest(_try(data[:at], f"{codec}-le") + _try(data[at:], f"{codec}-be") for at in ends)
    return _plainest(
        _try(data[:at], f"{codec}-le") + "\ufffd" + _try(data[at + unit - 1 :], f"{codec}-le")
        for at in range(0, len(data), unit)
    )


def _try(data: bytes, codec: str) -> str:
    return data.decode(codec, "replace")


def _plainest(readings: Iterable[str]) -> str:
    return max(readings, key=lambda value: sum(0 < ord(each) < 0x180 for each in value) - value.count("\0"))


# Mojibake


@cache
def _bytes_of(codec: str) -> Mapping[str, int]:
    """Which byte reads as a character; what a codepage leaves open reads as a control character."""
    return {bytes([byte]).decode(codec, "ignore") or chr(byte): byte for byte in range(128, 256)}


def _unread(value: str, codec: str) -> str:
    """One round of mojibake undone, where the bytes are valid UTF-8."""
    table = _bytes_of(codec)
    back = {byte: each for each, byte in table.items()}

    def run(found: re.Match[str]) -> str:
        read = bytes(table[each] for each in found.group()).decode("utf-8", "surrogateescape")
        return "".join(back[ord(each) - 0xDC00] if "\udc80" <= each <= "\udcff" else each for each in read)

    return re.sub(f"[{re.escape(''.join(table))}]+", run, value)


def _mojibake(value: str, step: Step) -> str:
    for _ in range({"twice": 2, "thrice": 3}.get(_parameter(step), 1)):
        value = _unread(value, "cp1252")
    return value


def _misread(value: str, step: Step) -> str:
    read_as = _parameter(step)
    pairs = [(own, read_as) for own in CODEPAGES["windows"] if own != read_as]
    if read_as == "windows":
        pairs = [("cp1252", "cp1250"), *((own, "cp1252") for own in CODEPAGES["windows"][1:])]
    readings = [reading for own, other in pairs for reading in [_reread(value, own, other)] if reading is not None]
    return likeliest(readings)


def _reread(value: str, own: str, other: str) -> str | None:
    table = _bytes_of(other)
    try:
        return "".join(bytes([table[each]]).decode(own) if each in table else each for each in value)
    except UnicodeDecodeError:
        return None


def _by_lines(document: Document, step: Step) -> Document:
    """Each line as UTF-8 as far as that goes, and what follows in the codepage that reads best over all of them."""
    lines = document.data.splitlines(keepends=True)
    readings = []
    for codec in CODEPAGES["windows"]:
        try:
            readings.append("".join(_in_two(line, codec) for line in lines))
        except UnicodeDecodeError:
            continue
    return replaced(document, likeliest(readings).encode())


def _in_two(line: bytes, codec: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        return line[: error.start].decode() + line[error.start :].decode(codec)


# Escapes


def _layers(step: Step) -> int:
    return math.ceil(float(_parameter(step)))


def _entities(value: str, step: Step) -> str:
    if value.lstrip().startswith("<"):
        # What the format itself escapes is left to its reader.
        return _ENTITY.sub(lambda found: html.unescape(f"&{found.group(1)};"), value)
    for _ in range(_layers(step)):
        value = html.unescape(value)
    return value


def _unicode_escapes(value: str, step: Step) -> str:
    units = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), value)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _unescaped(sign: str) -> Undo:
    pattern = re.compile(f"(?:{sign}[0-9A-F]{{2}})+")

    def change(value: str, step: Step) -> str:
        for _ in range(_layers(step)):
            value = pattern.sub(lambda found: bytes.fromhex(found.group().replace(sign, "")).decode(), value)
        return value

    return characters(change)


# Bytes that UTF-8 does not have


def _overlong(document: Document, step: Step) -> Document:
    def short(found: re.Match[bytes]) -> bytes:
        first, second = found.group()
        return bytes([(first & 0x1F) << 6 | second & 0x3F])

    return replaced(document, re.sub(rb"[\xc0\xc1][\x80-\xbf]", short, document.data))


def _marked(document: Document, step: Step) -> Document:
    readable = replaced(document, document.data.decode("utf-8", "replace").encode())
    return healed(behind("\ufffd"))(readable, step)


# Declarations and tables


def _declared_utf8(document: Document, step: Step) -> Document:
    declared = _parameter(step).encode()
    return replaced(document, re.sub(rb"(encoding=|charset=)([\"']?)" + declared, rb"\1\2utf-8", document.data))


def _as_declared(document: Document, step: Step) -> Document:
    if document.media_type != "text/html":
        return document  # parsers of XML and mail heed it
    declared = re.search(rb"charset=\"?([\w.-]+)", document.data)
    assert declared is not None
    return replaced(document, document.data.decode(declared.group(1).decode()).encode())


def _spreadsheet(document: Document, step: Step) -> Document:
    rows = csv.reader(io.StringIO(document.data.decode("utf-16"), newline=""), delimiter="\t")
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return replaced(document, buffer.getvalue().encode())


UNDO: Mapping[str, Undo] = {
    "encoding.bad_bytes": _marked,
    "encoding.bad_bytes_in_data": _marked,
    "encoding.bidi_controls": _translated(_INVISIBLE),
    "encoding.bom": _translated(_INVISIBLE),
    "encoding.charset_lie": _declared_utf8,
    "encoding.codepage": _decoded(_of_family),
    "encoding.control_characters": _translated(_ALL_CONTROLS),
    "encoding.ctrl_z": _translated(_ALL_CONTROLS),
    "encoding.declared_codepage": _as_declared,
    "encoding.declared_utf16": _unchanged,
    "encoding.diacritics": healed(without_marks),
    "encoding.dotless_i": _translated({"ı": "i", "İ": "I"}),
    "encoding.dropped": healed(fewer),
    "encoding.full_width": _translated({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}),
    "encoding.header_words": _unchanged,
    "encoding.html_entities": characters(_entities),
    "encoding.json_bom": _translated(_INVISIBLE),
    "encoding.line_endings": characters(lambda value, step: re.sub("\r?\r\n|\r|\u2028", "\n", value)),
    "encoding.long_s": _translated({"ſ": "s"}),
    "encoding.mail_transfer": _unchanged,
    "encoding.misread": characters(_misread),
    "encoding.misread_marks": healed(behind("\u00ef\u00bf\u00bd")),
    "encoding.mixed": _by_lines,
    "encoding.mixed_mid_line": _by_lines,
    "encoding.mojibake": characters(_mojibake),
    "encoding.nbsp_litter": characters(lambda value, step: re.sub("&(?:nbsp|#160);", " ", value)),
    "encoding.nfd": characters(lambda value, step: unicodedata.normalize("NFC", value)),
    "encoding.no_break_spaces": _translated(_SPACES),
    "encoding.no_final_newline": _unchanged,
    "encoding.not_utf8": _decoded(_not_utf8),
    "encoding.nul": _translated(_ALL_CONTROLS),
    "encoding.overlong": _overlong,
    "encoding.percent": _unescaped("%"),
    "encoding.question_marks": healed(behind("?")),
    "encoding.quoted_printable": _unescaped("="),
    "encoding.replaced": healed(behind("\ufffd")),
    "encoding.soft_hyphens": _translated(_INVISIBLE),
    "encoding.stray_boms": _translated(_INVISIBLE),
    "encoding.transliterated": healed(transliterated),
    "encoding.typography": _translated(_TYPOGRAPHY),
    "encoding.unicode_escapes": characters(_unicode_escapes),
    "encoding.unicode_text": _spreadsheet,
    "encoding.utf16": _decoded(partial(_wide, codec="utf-16", unit=2)),
    "encoding.utf32": _decoded(partial(_wide, codec="utf-32", unit=4)),
    "encoding.utf7": _decoded(lambda data, step: data.decode("utf-7")),
    "encoding.worn_mojibake": characters(lambda value, step: _unread(value, "cp1252")),
    "encoding.zero_width": _translated(_INVISIBLE),
}
