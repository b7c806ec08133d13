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
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Commonest first, as somebody tries them.
_CODEPAGES = {
    "windows": "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874".split(),
    "iso": "latin-1 iso8859-15 iso8859-2 koi8-r koi8-u iso8859-5 iso8859-7 iso8859-9 iso8859-8 iso8859-13".split(),
    "dos": "cp850 cp437 cp858 cp852 cp866 cp737 cp857 cp862 cp775 cp855".split(),
    "mac": "mac_roman mac_latin2 mac_cyrillic mac_greek mac_turkish mac_iceland mac_romanian mac_croatian".split(),
    "ebcdic": "cp037 cp273 cp500 cp1140 cp1026 cp875 cp424".split(),
}
_FOREIGN = re.compile(
    r"[^\W\d_a-z](?<=[a-z].)(?=[a-z])"  # a capital within a word
    r"|[a-z][^\w\s.,;:'\"()&<>/|=+#@?!-]|[^\w\s.,;:'\"()&<>/|=+#@?!-][a-z]"  # a sign within a word
    r"| ! |\w[\[\]{}|^~]\w",  # punctuation where none stands
    re.ASCII,
)
_LIGATURES = {"\ufb03": "ffi", "\ufb04": "ffl", "\ufb01": "fi", "\ufb02": "fl", "\ufb00": "ff", "\u2026": "..."}
_TYPOGRAPHY = {"\u2019": "'", "\u2018": "'", "\u2011": "-", "\u2212": "-", "\u2013": "-"}
_INVISIBLE = dict.fromkeys(map(chr, (0xAD, 0x61C, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF)), "")
_SPACES = {"\u00a0": " ", "\u202f": " ", "\u2007": " "}
_ALL_CONTROLS = {chr(code): "" for code in range(0x20) if chr(code) not in "\t\n\r"}
_ENTITY = re.compile(r"&(?:amp;)*((?!amp;|lt;|gt;|quot;)(?:#\w+|\w+));")


def _parameter(step: Step) -> str:
    return str(step.parameters[0][1])


def _with(document: Document, data: bytes) -> Document:
    return Document(data, document.media_type, document.name)


def _characters(change: Callable[[str, Step], str]) -> Undo:
    """An undo of what was done to characters, in text and in the paragraphs of a Word document."""

    def undo(document: Document, step: Step) -> Document:
        if document.media_type != _WORD:
            value = change(document.data.decode("utf-8", "surrogateescape"), step)
            return _with(document, value.encode("utf-8", "surrogateescape"))
        import docx

        word = docx.Document(io.BytesIO(document.data))
        for paragraph in word.paragraphs:
            paragraph.text = change(paragraph.text, step)
        buffer = io.BytesIO()
        word.save(buffer)
        return _with(document, buffer.getvalue())

    return undo


def _translated(table: Mapping[str, str]) -> Undo:
    characters = str.maketrans(dict(table))
    return _characters(lambda value, step: value.translate(characters))


def _unchanged(document: Document, step: Step) -> Document:
    return document


def _decoded(decode: Callable[[bytes, Step], str]) -> Undo:
    """An undo of what was done to the encoding of all of a document."""

    def undo(document: Document, step: Step) -> Document:
        value = decode(document.data, step).removeprefix("\ufeff")
        return _with(document, re.sub(r'(<\?xml[^>]*?)\s+encoding="[^"]*"', r"\1", value, count=1).encode())

    return undo


# Which codepage it is


def _implausible(value: str) -> int:
    """How much of a text is not what people write: signs within words, scripts mixed in one, control characters."""
    found = len(_FOREIGN.findall(_in_latin(value)))
    for word in set(re.findall(r"[^\W\d_]+", value)):
        scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in word}
        capitals = sum(one.islower() and other.isupper() for one, other in zip(word, word[1:], strict=False))
        found += len(scripts) - 1 + capitals
    return found + sum(unicodedata.category(each) in ("Cc", "Cn", "Co") and each not in "\t\r\n" for each in value)


def _in_latin(value: str) -> str:
    """Every letter of every script as "a", or "A" for capitals, so that ASCII patterns see words."""
    return "".join("A" if each.isupper() else "a" if each.isalpha() else each for each in value)


def _likeliest(readings: Iterable[str]) -> str:
    return min(readings, key=_implausible)


def _read_in(data: bytes, family: str) -> Iterator[str]:
    for codec in _CODEPAGES[family]:
        try:
            yield data.decode(codec)
        except UnicodeDecodeError:
            continue


def _of_family(data: bytes, step: Step) -> str:
    return _likeliest(_read_in(data, _parameter(step)))


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
    pairs = [(own, read_as) for own in _CODEPAGES["windows"] if own != read_as]
    if read_as == "windows":
        pairs = [("cp1252", "cp1250"), *((own, "cp1252") for own in _CODEPAGES["windows"][1:])]
    readings = [reading for own, other in pairs for reading in [_reread(value, own, other)] if reading is not None]
    return _likeliest(readings)


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
    for codec in _CODEPAGES["windows"]:
        try:
            readings.append("".join(_in_two(line, codec) for line in lines))
        except UnicodeDecodeError:
            continue
    return _with(document, _likeliest(readings).encode())


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

    return _characters(change)


# Bytes that UTF-8 does not have


def _overlong(document: Document, step: Step) -> Document:
    def short(found: re.Match[bytes]) -> bytes:
        first, second = found.group()
        return bytes([(first & 0x1F) << 6 | second & 0x3F])

    return _with(document, re.sub(rb"[\xc0\xc1][\x80-\xbf]", short, document.data))


def _surrogates(document: Document, step: Step) -> Document:
    value = document.data.decode("utf-8", "surrogatepass")
    return _with(document, value.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode())


def _marked(document: Document, step: Step) -> Document:
    return _with(document, document.data.decode("utf-8", "replace").encode())


# Declarations and tables


def _declared_utf8(document: Document, step: Step) -> Document:
    declared = _parameter(step).encode()
    return _with(document, re.sub(rb"(encoding=|charset=)([\"']?)" + declared, rb"\1\2utf-8", document.data))


def _as_declared(document: Document, step: Step) -> Document:
    if document.media_type != "text/html":
        return document  # parsers of XML and mail heed it
    declared = re.search(rb"charset=\"?([\w.-]+)", document.data)
    assert declared is not None
    return _with(document, document.data.decode(declared.group(1).decode()).encode())


def _spreadsheet(document: Document, step: Step) -> Document:
    rows = csv.reader(io.StringIO(document.data.decode("utf-16"), newline=""), delimiter="\t")
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return _with(document, buffer.getvalue().encode())


UNDO: Mapping[str, Undo] = {
    "encoding.bad_bytes": _marked,
    "encoding.bad_bytes_in_data": _marked,
    "encoding.bidi_controls": _translated(_INVISIBLE),
    "encoding.bom": _translated(_INVISIBLE),
    "encoding.c1_controls": _characters(
        lambda value, step: re.sub(
            "[\x80-\x9f]", lambda found: found.group().encode("latin-1").decode("cp1252", "replace"), value
        )
    ),
    "encoding.cesu8": _surrogates,
    "encoding.charset_lie": _declared_utf8,
    "encoding.codepage": _decoded(_of_family),
    "encoding.control_characters": _translated(_ALL_CONTROLS),
    "encoding.ctrl_z": _translated(_ALL_CONTROLS),
    "encoding.declared_codepage": _as_declared,
    "encoding.declared_utf16": _unchanged,
    "encoding.diacritics": _unchanged,
    "encoding.dotless_i": _translated({"ı": "i", "İ": "I"}),
    "encoding.dropped": _unchanged,
    "encoding.full_width": _translated({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}),
    "encoding.header_words": _unchanged,
    "encoding.html_entities": _characters(_entities),
    "encoding.json_bom": _translated(_INVISIBLE),
    "encoding.ligatures": _translated(_LIGATURES),
    "encoding.line_endings": _characters(lambda value, step: re.sub("\r?\r\n|\r|\u2028", "\n", value)),
    "encoding.long_s": _translated({"ſ": "s"}),
    "encoding.mail_transfer": _unchanged,
    "encoding.misread": _characters(_misread),
    "encoding.misread_marks": _unchanged,
    "encoding.mixed": _by_lines,
    "encoding.mixed_mid_line": _by_lines,
    "encoding.mojibake": _characters(_mojibake),
    "encoding.nbsp_litter": _characters(lambda value, step: re.sub("&(?:nbsp|#160);", " ", value)),
    "encoding.nfd": _characters(lambda value, step: unicodedata.normalize("NFC", value)),
    "encoding.nfkc": _unchanged,
    "encoding.no_break_spaces": _translated(_SPACES),
    "encoding.no_final_newline": _unchanged,
    "encoding.not_utf8": _decoded(_not_utf8),
    "encoding.nul": _translated(_ALL_CONTROLS),
    "encoding.overlong": _overlong,
    "encoding.percent": _unescaped("%"),
    "encoding.question_marks": _unchanged,
    "encoding.quoted_printable": _unescaped("="),
    "encoding.replaced": _unchanged,
    "encoding.soft_hyphens": _translated(_INVISIBLE),
    "encoding.stray_boms": _translated(_INVISIBLE),
    "encoding.transliterated": _unchanged,
    "encoding.typography": _translated(_TYPOGRAPHY),
    "encoding.unicode_escapes": _characters(_unicode_escapes),
    "encoding.unicode_text": _spreadsheet,
    "encoding.utf16": _decoded(partial(_wide, codec="utf-16", unit=2)),
    "encoding.utf32": _decoded(partial(_wide, codec="utf-32", unit=4)),
    "encoding.utf7": _decoded(lambda data, step: data.decode("utf-7")),
    "encoding.worn_mojibake": _characters(lambda value, step: _unread(value, "cp1252")),
    "encoding.zero_width": _translated(_INVISIBLE),
}
