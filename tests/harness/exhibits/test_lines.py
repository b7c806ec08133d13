"""Texts side by side: the lines that differ, what differs in them marked, and nothing that cannot be seen."""

from __future__ import annotations

import pytest

from crumple.document import Document
from crumple.exhibits.bounds import EXCERPTS, FULL
from crumple.exhibits.drawing import drawn
from crumple.exhibits.lines import lines_of
from crumple.exhibits.marking import pieces


def said(parts) -> str:
    return "".join(f"[{each.text}]" if each.changed else each.text for each in parts)


@pytest.mark.parametrize(
    ("clean", "degraded", "left", "right"),
    [
        ("a,b\n", "a;b\n", "a[,]b", "a[;]b"),
        ("number", "\ufeffnumber", "number", "[\\ufeff]number"),
        ("é\n", "e\u0301\n", "[é]", "[e\\u0301]"),
        ("wit\u00adh", "with", "wit[\\xad]h", "with"),
        ("a b", "a\u00a0b", "a[ ]b", "a[\\u00a0]b"),
        ("x\r\n", "x\n", "x[\\r]", "x"),
        ("a\tb", "a b", "a[\\t]b", "a[ ]b"),
        ("ab", "a\0b", "ab", "a[\\x00]b"),
        ("last\n", "last", "last[\\n]", "last"),
        ("ü", "\udcfc", "[ü]", "[\\xfc]"),
        ('"customer": "Eda Strohmayer"', '"customer": "to be confirmed"', "", ""),
    ],
)
def test_what_differs_is_marked_and_what_cannot_be_seen_is_written_out(
    clean: str, degraded: str, left: str, right: str
) -> None:
    one, other = pieces(clean, degraded, 240)
    if left:
        assert (said(one), said(other)) == (left, right)
    else:  # a word that was replaced is one difference, whatever letters the two share
        assert said(other) == '"customer": "[to be confirmed]"'


def test_a_long_line_is_cut_around_its_difference() -> None:
    one, other = pieces("x" * 9_000 + "A" + "y" * 9_000, "x" * 9_000 + "B" + "y" * 9_000, 240)
    assert "[A]" in said(one)
    assert "[B]" in said(other)
    assert max(len(said(one)), len(said(other))) < 300


def test_only_lines_that_differ_are_shown_with_what_stands_around_them() -> None:
    lines = [f"line {at}\n" for at in range(1, 40)]
    found, left_out = lines_of("".join(lines), "".join([*lines[:9], "other\n", *lines[10:]]), FULL)
    assert [(each.clean_number, each.degraded_number) for each in found] == [(9, 9), (10, 10), (11, 11)]
    assert not left_out


def test_a_line_that_is_missing_or_new_has_no_number_on_that_side() -> None:
    found, _ = lines_of("a\nb\nc\n", "a\nc\nd\n", FULL)
    assert (2, None) in [(each.clean_number, each.degraded_number) for each in found]
    assert (None, 3) in [(each.clean_number, each.degraded_number) for each in found]


def test_of_many_lines_that_differ_the_first_are_shown_and_the_others_counted() -> None:
    text = "".join(f"{at},x\n" for at in range(30))
    found, left_out = lines_of(text, text.replace(",", ";"), FULL)
    assert len(found) == FULL.lines
    assert left_out == 30 - FULL.lines


def test_megabytes_that_all_differ_are_bounded() -> None:
    clean, degraded = "abc,def\n" * 200_000, "abc;def\n" * 200_000
    found, left_out = lines_of(clean, degraded, FULL)
    assert len(found) == FULL.lines
    assert left_out == 200_000 - FULL.lines


def csv(data: bytes) -> Document:
    return Document(data, "text/csv", "a.csv")


def test_another_encoding_is_shown_as_who_expects_the_clean_one_reads_it() -> None:
    clean = "name,city\nä,Köln\n"
    found = drawn("", csv(clean.encode()), csv(clean.encode("cp1252")), FULL)
    assert found.kind == "lines"
    assert "K[\\xf6]ln" in said(found.lines[-1].degraded)


def test_utf_16_says_that_the_characters_are_the_same() -> None:
    clean = "name,city\na,b\n"
    found = drawn("", csv(clean.encode()), csv(clean.encode("utf-16")), FULL)
    assert found.note.startswith("the same characters in utf-16")
    assert "\\xff\\xfe" in said(found.lines[0].degraded)


def test_what_is_no_text_is_a_dump_of_the_bytes_that_differ() -> None:
    clean = bytes(range(256)) * 4
    degraded = clean[:100] + b"\xff" + clean[101:]
    found = drawn("", Document(clean, "application/x-odd", "a"), Document(degraded, "application/x-odd", "a"), FULL)
    assert found.kind == "bytes"
    assert found.note == "1 byte differs"
    assert len(found.lines) == 1
    assert said(found.lines[0].degraded).startswith("00000060  60 61 62 63 [ff]")


def test_excerpts_are_lines_cut_to_what_differs_and_none_around_them() -> None:
    text = "".join(f"{'secret ' * 30}{at}\n" for at in range(9))
    found, _ = lines_of(text, text.replace("4\n", "four\n"), EXCERPTS)
    assert [each.clean_number for each in found] == [5]
    assert len(said(found[0].clean)) <= EXCERPTS.line + 10
