"""Noise by an error rate: as much as was asked for, never in structure, and lost exactly where it struck."""

from __future__ import annotations

import csv
import html.parser
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from rapidfuzz.distance import OSA

from crumple import (
    ALL,
    AnyOf,
    CrumpleError,
    Degraded,
    Document,
    NotApplicable,
    Replaced,
    Span,
    Spans,
    Step,
    Text,
    Unreadable,
    identify,
    read,
)
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.places import touching
from crumple_mutators import text as noise
from crumple_mutators.text.layouts import neighbours

SLIPS = (noise.keyboard, noise.insert, noise.delete, noise.double, noise.swap, noise.typos, noise.ocr, noise.phonetic)
CHANGED_IN_PLACE = (noise.keyboard, noise.delete, noise.double, noise.swap, noise.ocr, noise.phonetic)
EVERY = [each for each in discover() if each.category == "text"]
CYRILLIC = "Счёт номер 17 от 5 марта. Поставка задержана, просим оплатить в течение десяти дней. " * 12


def letter() -> str:
    """Two thousand characters of English prose."""
    return (
        "Graham Miles\n45 Station Road\nExeter\n\nOur ref: B-820/2025\nRe: Delay of your delivery\n\nGood morning,\n\n"
        "As agreed on the telephone, here is a short summary of where things stand. The goods left our works on time, "
        "but the haulier had to unload the lorry twice. Two of the five pallets were damaged on the way; a "
        "replacement is being made. You will have it by 27 October 2025 at the latest, and we will bear the cost of "
        "the second journey. If anything is unclear, please call us between nine and five.\n\nYours faithfully\n" * 5
    )[:2000]


def noisy(mutator: Mutator, value: str, rate: float, seed: int, **more: Any) -> Degraded[Text]:
    step = Step(mutator.name, (("rate", rate), *more.items()), seed)
    degraded: Degraded[Text] = mutator.apply(Text(value), step)
    return degraded


def rate_got(mutator: Mutator, value: str, rate: float, seeds: int) -> float:
    made = (OSA.distance(value, noisy(mutator, value, rate, seed).view.value) for seed in range(seeds))
    return sum(made) / seeds / len(value)


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("mutator", SLIPS, ids=lambda each: each.name)
def test_the_rate_asked_for_is_the_rate_got(mutator: Mutator, rate: float) -> None:
    """By optimal string alignment; errors that come close together can look like fewer, hence the 3 % at 20 %."""
    got = rate_got(mutator, letter(), rate, 12 if rate > 0.02 else 60)
    assert rate * (0.97 if rate > 0.1 else 0.98) <= got <= rate * (1.0051 if rate > 0.02 else 1.02)


@pytest.mark.parametrize("mutator", [noise.keyboard, noise.ocr], ids=lambda each: each.name)
def test_a_fraction_of_an_error_is_made_as_often_as_it_says(mutator: Mutator) -> None:
    """150 characters at 1.5 %: two errors and a quarter, on average over many seeds."""
    value = letter()[:150]
    assert rate_got(mutator, value, 0.015, 800) == pytest.approx(0.015, rel=0.03)


@pytest.mark.parametrize("mutator", SLIPS, ids=lambda each: each.name)
def test_a_higher_rate_damages_a_superset(mutator: Mutator) -> None:
    for seed in range(5):
        before: set[Span] = set()
        for rate in (0.002, 0.01, 0.05, 0.1, 0.2):
            now = set(noisy(mutator, letter(), rate, seed).lost)
            assert before <= now
            before = now


@pytest.mark.parametrize("mutator", CHANGED_IN_PLACE, ids=lambda each: each.name)
def test_what_is_lost_is_what_was_hit(mutator: Mutator) -> None:
    """With the lost characters replaced by anything, the rest is still found, in order; without one more it is not."""
    degraded = noisy(mutator, letter(), 0.05, 3)
    lost = list(degraded.lost)
    pieces, at = [], 0
    for span in lost:
        pieces.append(letter()[at : span.start])
        at = span.end
    pieces.append(letter()[at:])
    assert re.fullmatch(".{0,3}?".join(map(re.escape, pieces)), degraded.view.value, re.DOTALL)
    assert len(lost) == pytest.approx(0.05 * len(letter()), rel=0.35)


def test_what_a_character_was_put_between_is_lost_on_both_sides() -> None:
    degraded = noisy(noise.insert, "GBP100 and 200", 0.05, 1)
    (span,) = degraded.lost
    value = degraded.view.value
    assert value[: span.start + 1] + value[span.end :] == "GBP100 and 200"
    assert span.end - span.start == 2 or span.start == 0


@pytest.mark.parametrize("mutator", SLIPS, ids=lambda each: each.name)
def test_errors_stand_apart(mutator: Mutator) -> None:
    """At rates where there is room: two neighbouring errors can look like one."""
    hit = [span.end - 1 if mutator is noise.insert else span.start for span in noisy(mutator, letter(), 0.1, 2).lost]
    assert all(other - one > 1 for one, other in itertools.pairwise(hit)) or mutator is noise.typos


@pytest.mark.parametrize("mutator", SLIPS, ids=lambda each: each.name)
def test_digits_are_left_alone_where_that_was_asked_for(mutator: Mutator) -> None:
    more = {"digits": False} if "digits" in mutator.accepts else {}
    value = "Invoice RE-2024-0117 of 25 March, total 1371.75 EUR, 12 pieces at 3.50 each. " * 10
    now = noisy(mutator, value, 0.1, 4, **more).view.value
    tokens = re.findall(r"\d+(?:[-.]\d+)*", value)
    if mutator in (noise.ocr, noise.keyboard, noise.typos):  # letters become digits too
        at = 0
        for token in tokens:
            at = now.index(token, at) + len(token)
    else:
        assert re.findall(r"\d+(?:[-.]\d+)*", now) == tokens


def test_a_slip_hits_a_key_beside_the_right_one() -> None:
    degraded = noisy(noise.keyboard, letter(), 0.2, 5)
    count, near = neighbours("qwerty")
    for span in degraded.lost:
        old, new = ord(letter()[span.start]), ord(degraded.view.value[span.start])
        assert new in near[old, : count[old]]
    assert {chr(each) for each in near[ord("g"), : count[ord("g")]]} == set("fhtyvb")
    assert {chr(each) for each in near[ord("A"), : count[ord("A")]]} == set("QWSZ")


@pytest.mark.parametrize(
    ("value", "board", "key", "beside"),
    [("Grüße aus Köln", "auto", "z", "tu"), ("Été à Paris, élève", "auto", "a", "qz"), ("plain", "qwertz", "z", "tu")],
)
def test_the_keyboard_goes_by_the_letters(value: str, board: str, key: str, beside: str) -> None:
    now = {noisy(noise.keyboard, f"{value} {key}", 1, seed, layout=board).view.value[-1] for seed in range(60)}
    assert set(beside) <= now
    assert "x" not in now


def test_cyrillic_letters_slip_on_a_cyrillic_board() -> None:
    now = noisy(noise.keyboard, CYRILLIC, 0.1, 1).view.value
    assert now != CYRILLIC
    assert not re.search("[A-Za-z]", now)


def test_an_unknown_keyboard_is_rejected() -> None:
    with pytest.raises(CrumpleError, match="Did you mean 'qwertz'"):
        noisy(noise.keyboard, "text", 0.1, 1, layout="qwertzu")


def test_recognition_takes_several_characters_for_one_and_one_for_several() -> None:
    now = noisy(noise.ocr, "modern corner clad " * 200, 0.2, 1).view.value
    assert {"modem", "comer", "dad"} <= set(now.split())
    assert "rn" in noisy(noise.ocr, "mmm mum mimi " * 50, 0.2, 1).view.value


def test_spelling_by_sound_leaves_digits_alone_and_has_f_for_ph() -> None:
    now = noisy(noise.phonetic, "telephone 12345 phase " * 100, 0.2, 1).view.value
    assert now.count("12345") == 100
    assert re.search("telef|fas", now)


def test_where_the_answer_is_the_whole_text_it_may_be_given_as_it_reads_now() -> None:
    step = noise.typos.step(3, 1)
    degraded = noise.typos.apply(Text(letter()), step, " ".join(letter().split()))
    assert degraded.truth == Replaced(AnyOf(" ".join(letter().split()), degraded.view.value))
    assert not degraded.lost


JSON_DOC = json.dumps({"name\\key": 'Anna "Ann" Berg', "lines": [{"goods": "Oak table", "price": 12.5}], "ok": True})
XML_DOC = (
    '<?xml version="1.0"?>\n<order id="A1"><name>Anna &amp; Berg</name><!-- a comment -->'
    "<note>please call</note></order>"
)
CSV_DOC = 'number,customer,goods\nRE-7,"Berg, Anna","the 27"" one"\nRE-8,Meyer GmbH,Oak table\n'
HTML_DOC = (
    '<!doctype html><html><head><style>p {color: red}</style></head><body class="wide"><p>Dear Anna</p></body></html>'
)
MAIL_DOC = (
    "From: a@example.org\r\nTo: b@example.org\r\nSubject: Your order\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="frontier"\r\n\r\n--frontier\r\nContent-Type: text/plain\r\n\r\n'
    "Dear Anna, thank you for your order of last week.\r\n--frontier\r\nContent-Type: application/pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--frontier--\r\n"
)
ANY_RATE = [each for each in EVERY if each.ladder and each.parameter in ("rate", "share")]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "text" if isinstance(value, str) else value


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)


def tags(value: str) -> list[object]:
    parser = Tags()
    parser.feed(value)
    return parser.found


def worst(mutator: Mutator, value: str, seed: int) -> str | None:
    try:
        now: str = mutator.apply(Text(value), mutator.step(5, seed), {"name": "please call"}).view.value
    except NotApplicable:
        return None
    return now


@pytest.mark.parametrize("mutator", ANY_RATE, ids=lambda each: each.name)
def test_structure_is_left_alone(mutator: Mutator) -> None:
    acted = 0
    for seed in range(4):
        if now := worst(mutator, JSON_DOC, seed):
            assert shape(json.loads(now)) == shape(json.loads(JSON_DOC))
            acted += 1
        if now := worst(mutator, XML_DOC, seed):
            assert [(each.tag, each.attrib) for each in ET.fromstring(now).iter()] == [
                (each.tag, each.attrib) for each in ET.fromstring(XML_DOC).iter()
            ]
            assert "<!-- a comment -->" in now
        if now := worst(mutator, CSV_DOC, seed):
            rows = list(csv.reader(io.StringIO(now)))
            assert rows[0] == ["number", "customer", "goods"]
            assert [len(row) for row in rows] == [3, 3, 3]
        if now := worst(mutator, HTML_DOC, seed):
            assert tags(now) == tags(HTML_DOC)
            assert "p {color: red}" in now
        if now := worst(mutator, MAIL_DOC, seed):
            head, _, tail = MAIL_DOC.partition("Dear Anna, thank you for your order of last week.\r\n")
            assert now.startswith(head)
            assert now.endswith(tail)
            acted += 1
    of_running_text = (noise.pages_shuffled, noise.trailing_spaces)
    assert acted or mutator in of_running_text or mutator.name.endswith("_shuffled")


@cache
def bad_inputs() -> Mapping[str, bytes]:
    return {
        "empty.txt": b"",
        "one.txt": b"x",
        "blank.txt": b" \n\t ",
        "nul.csv": b"a,b\n\0,1\n",
        "binary.csv": bytes(range(256)) * 20,
        "surrogates.txt": b"Dear \xff\xfe customer, \x80\x81 total 12.50\n" * 3,
        "deep.json": b"[" * 100_000,
        "deeper.json": b'{"a":' * 20_000 + b'"please call us"' + b"}" * 20_000,
        "entities.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c; text</a>',
        "open.xml": b"<a" * 50_000,
        "quotes.csv": b'a,b\n"' + b'"x,' * 20_000,
        "nested.eml": b"From: a@b.c\nTo: a@b.c\nSubject: x\nContent-Type: message/rfc822\n\n" * 300 + b"hello there\n",
        "line.txt": b"word " * 20_000,
        "letters.txt": b"A" * 100_000,
        "stops.txt": b"A.b! " * 15_000,
        "feeds.txt": b"a\f" + b" " * 200_000 + b"\fb",
        "emoji.txt": "naïve 🙂 👍🏽 e\u0301 שלום 漢字 text\n".encode() * 3,
        "latin.txt": "Grüße aus Köln, Straße 5\nübermorgen\n".encode("latin-1") * 8,
    }


@pytest.mark.parametrize("mutator", EVERY, ids=lambda each: each.name)
def test_bad_input_is_degraded_or_refused(mutator: Mutator) -> None:
    for name, data in bad_inputs().items():
        try:
            view = read(Document(data, identify(data, name), name), mutator.view)
        except Unreadable:
            continue
        for level in (1, 5) if mutator.ladder else (mutator.level,):
            try:
                degraded = mutator.apply(view, mutator.step(level, 1), {"a": "please call us"})
            except (NotApplicable, Unreadable):
                continue
            assert isinstance(degraded.view, Text)
            assert degraded.lost is ALL or all(0 <= each.start < each.end for each in list(degraded.lost)[:100])


def test_spans_are_a_sequence_made_when_asked_for() -> None:
    spans = noisy(noise.keyboard, letter(), 0.02, 1).lost
    assert isinstance(spans, Spans)
    assert spans == list(spans)
    assert spans[0] == next(iter(spans)) == spans[:2][0]
    assert touching(spans)(spans[-1])
    assert spans != [Span(0, 1)]
