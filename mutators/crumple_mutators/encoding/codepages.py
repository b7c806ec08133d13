"""Text in another encoding than its reader expects: legacy codepages, UTF-16, byte order marks."""

from __future__ import annotations

import re
from dataclasses import replace

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Record, Span, Text, Unreadable, mutator, raw
from crumple_mutators.positions import drawn, some, spans_of, spliced

_LETTER = "Rechnung 4711\nKunde: Müller & Söhne, Köln\nBetrag: 1.234,50 für Büromöbel\nGrüße aus Düsseldorf\n"
_TABLE = "name,city,amount\nJosé Núñez,Córdoba,12.50\nZoë Brontë,Málaga,8.00\nRené Lefèvre,Besançon,99.90\n"
EXAMPLES = (("letter.txt", _LETTER), ("people.csv", _TABLE))

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNDECODABLE = re.compile(r"[\udc80-\udcff]")
_BEYOND = re.compile(r"[^\x00-\x7f\ud800-\udfff]+")
_FAMILIES = {
    "windows": (
        "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874",
        "cp932 gbk cp949 cp950",
    ),
    "iso": (
        "latin-1 iso8859-15 iso8859-2 iso8859-5 iso8859-7 iso8859-9 iso8859-8 iso8859-6 iso8859-13 iso8859-16 tis-620",
        "euc_jp gb2312 euc_kr big5",
    ),
    "dos": ("cp850 cp437 cp858 cp852 cp866 cp737 cp857 cp862 cp720 cp775 cp855", "shift_jis gbk johab big5hkscs"),
    "mac": (
        "mac_roman mac_latin2 mac_cyrillic mac_greek mac_turkish mac_iceland mac_romanian mac_croatian",
        "iso2022_jp hz iso2022_kr",
    ),
    "ebcdic": ("cp037 cp1140 cp1026 cp875 cp424", ""),
}


@mutator(
    "encoding.codepage",
    truth=("same", "lost"),
    refusable_from=5,
    family=Ladder("windows", "iso", "dos", "mac", "ebcdic", unit="codepages"),
    examples=EXAMPLES,
)
def codepage(text: Text, family: str, rng: Generator) -> Degraded[Text]:
    """Write the text in a legacy codepage that nothing declares, as exports of older programs and hosts do.

    Of the family (Windows, ISO 8859 and EUC, DOS, Macintosh, EBCDIC) the codepage is taken that has most of the
    text's characters. The answer stays the same; what the codepage, or that of a lower level, lacks becomes "?" and
    is lost. Ladder: the catalogue's row, ordered by how rarely a reader guesses right.
    """
    _check_decodable(text)
    families = list(_FAMILIES)
    fitting = [_fitting(text.value, each) for each in families[: families.index(family) + 1]]
    codec = fitting[-1][0]
    lacking = frozenset[str]().union(*(lacks for _, lacks in fitting))
    missing = [at for at, each in enumerate(text.value) if each in lacking] if lacking else []
    written = Text(text.value.translate({ord(each): "?" for each in lacking}), codec)
    if written.encoded() == text.encoded():
        raise NotApplicable(f"its bytes are the same in {codec}")
    return Degraded(written, lost=spans_of(missing))


def _fitting(value: str, family: str) -> tuple[str, frozenset[str]]:
    """The codepage of a family that has most of a text's characters, and those that it lacks."""
    narrow, wide = (codecs.split() for codecs in _FAMILIES[family])
    codecs = [*wide, *narrow] if wide and _EAST_ASIAN.search(value) else narrow
    counts = {each: value.count(each) for each in dict.fromkeys(value)}
    distinct = "".join(counts)
    best, most, lacks = codecs[0], -1, frozenset[str]()
    for codec in codecs:
        if _writes(codec, distinct):
            return codec, frozenset()
        has = frozenset(each for each in distinct if _writes(codec, each))
        if (covered := sum(counts[each] for each in has)) > most:
            best, most, lacks = codec, covered, frozenset(distinct) - has
    return best, lacks


def _check_decodable(text: Text) -> None:
    if _UNDECODABLE.search(text.value):
        raise NotApplicable("it holds bytes that its encoding cannot explain")


def _writes(codec: str, characters: str) -> bool:
    try:
        characters.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@mutator(
    "encoding.mixed",
    truth="lost",
    refusable_from=4,
    lines=Ladder(0.01, 0.05, 0.2, 0.5, 0.9, unit="share of lines", zero=0),
    examples=EXAMPLES,
)
def mixed(text: Text, lines: float, rng: Generator) -> Degraded[Text]:
    """Write some lines in the Windows codepage of their language within a UTF-8 file, as appending programs do.

    The share is of the lines that hold a character beyond ASCII, one line at least; those characters are lost.
    Ladder: the catalogue's row (one line, 5, 20, 50 %), its end a first guess.
    """
    if text.encoding != "utf-8":
        raise NotApplicable(f"it is in {text.encoding}, not in UTF-8")
    codec, lacks = _fitting(text.value, "windows")
    # A run of several characters could, by chance, read as other characters in UTF-8.
    fit = {run for run in set(_BEYOND.findall(text.value)) if lacks.isdisjoint(run) and _undecodable(run, codec)}
    held = [Span(*found.span()) for found in _BEYOND.finditer(text.value) if found.group() in fit]
    some(held, "it has no characters beyond ASCII that a Windows codepage could hold")
    rows = _rows(text.value, held)
    order = list(dict.fromkeys(rows))
    hit = {order[index] for index in drawn(rng, len(order), lines)}
    spans = [span for span, row in zip(held, rows, strict=True) if row in hit]
    value = spliced(text.value, spans, (raw(text.value[each.start : each.end].encode(codec)) for each in spans))
    return Degraded(text.with_value(value), lost=spans)


def _undecodable(characters: str, codec: str) -> bool:
    try:
        characters.encode(codec).decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _rows(value: str, spans: list[Span]) -> list[int]:
    rows, row, at = list[int](), 0, 0
    for span in spans:
        row += value.count("\n", at, span.start)
        at = span.start
        rows.append(row)
    return rows


@mutator(
    "encoding.utf16",
    truth=("same", "lost"),
    refusable_from=4,
    form=Ladder("bom", "le", "be", "cut", "mixed", unit="form"),
    examples=EXAMPLES,
)
def utf16(text: Text, form: str, rng: Generator) -> Degraded[Text] | Degraded[bytes]:
    """Write the text in UTF-16, as "Unicode text" of office programs and Windows scripts is.

    With a byte order mark, without one in either byte order: same. With one byte missing somewhere, or in the other
    byte order from there on (two programs wrote one log): what follows that place is lost. Ladder: the catalogue's.
    """
    _check_decodable(text)
    at = int(rng.uniform(0.1, 0.9) * len(text.value.rstrip()))
    if form in ("bom", "le", "be"):
        written = Text(text.value, "utf-16-be" if form == "be" else "utf-16-le", bom=form == "bom")
        if written == text:
            raise NotApplicable("it is in that form of UTF-16 already")
        return Degraded(written)
    before, after = text.value[:at].encode("utf-16-le"), text.value[at:]
    some(after.split(), "it holds no characters")
    rest = after.encode("utf-16-be") if form == "mixed" else after.encode("utf-16-le")[1:]
    return Degraded(before + rest, lost=[Span(at, len(text.value))])


@mutator("encoding.bom", level=1, examples=EXAMPLES)
def bom(text: Text, rng: Generator) -> Text:
    """Put a byte order mark before the first character, as Windows editors and spreadsheets do.

    The answer stays the same. JSON, whose standard forbids the mark, has `encoding.json_bom`.
    """
    try:
        Record.parsed(text)
    except Unreadable:
        return _marked(text)
    raise NotApplicable("it is JSON, for which there is encoding.json_bom")


@mutator("encoding.json_bom", level=1, refusable_from=1, examples=[("order.json", '{"name": "Zoë", "total": 12.5}\n')])
def json_bom(record: Record, rng: Generator) -> Record:
    """Put a byte order mark before a JSON document, as Windows editors do.

    The answer stays the same; RFC 8259 lets a parser ignore the mark or call it an error, so refusing is acceptable.
    """
    return replace(record, bom=_marked(record.text).bom)


def _marked(text: Text) -> Text:
    if text.bom:
        raise NotApplicable("it has a byte order mark already")
    if not text.encoding.startswith("utf-"):
        raise NotApplicable(f"{text.encoding} has no byte order mark")
    return replace(text, bom=True)
