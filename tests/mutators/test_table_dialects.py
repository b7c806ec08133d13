"""Dialects of delimited files, and what stands around their rows: read back by a reader that knows the dialect."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.table as family
from crumple import Cell, Degraded, NotApplicable, Table, Text

QUOTES = 'id,note,city\n1,"say ""hi""","Oslo, Norway"\n2,"a ""b"", c",Rome\n3,C:\\temp,Lyon\n'
PLAIN = "id,name,city\n1,Ann Lee,Oslo\n2,Bo Berg,Rome\n3,Cy Ito,Bonn\n"


def apply(mutator, content: str, *, seed: int = 0, **parameters) -> Degraded:
    result = mutator(Table.parsed(Text(content)), **parameters, rng=np.random.default_rng(seed))
    return result if isinstance(result, Degraded) else Degraded(result)


def written(degraded: Degraded) -> str:
    return degraded.view.text.value


def read(content: str, **dialect) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), **dialect))


@pytest.mark.parametrize(
    ("style", "dialect"),
    [
        ("backslash", {"escapechar": "\\", "doublequote": False}),
        ("unquoted", {"escapechar": "\\", "quoting": csv.QUOTE_NONE}),
    ],
)
@given(rows=st.lists(st.lists(st.text("ab ,\"\\'\n", min_size=1, max_size=6), min_size=2, max_size=2), max_size=4))
def test_escapes_with_a_backslash_are_read_back_by_a_reader_that_knows_them(style, dialect, rows):
    source = io.StringIO()
    csv.writer(source, lineterminator="\n").writerows([["a", 'b"'], *rows])
    clean = Table.parsed(Text(source.getvalue()))
    degraded = family.escape(clean, style=style, rng=np.random.default_rng(0))
    assert read(degraded.view.text.value, **dialect) == [["a", 'b"'], *rows]
    assert not degraded.lost


def test_some_quotes_with_a_backslash_and_some_doubled():
    degraded = apply(family.escape, 'a,b\n"x""","y""z"\n"p""q","r"""\n' * 2, style="mixed")
    assert '\\"' in written(degraded)
    assert not degraded.lost


def test_a_backslash_of_its_own_before_a_quote_is_lost_where_both_escapes_stand():
    degraded = apply(family.escape, 'a,b,c\n1,"x\\""y",2\n3,"z""",4\n', style="mixed")
    assert degraded.lost == [Cell(1, 1), Cell(1, 2)]


def test_quotes_that_are_not_escaped_lose_what_follows_only_where_a_delimiter_stands_behind_one():
    degraded = apply(family.escape, QUOTES, style="none")
    assert written(degraded).splitlines()[1:3] == ['1,"say "hi"","Oslo, Norway"', '2,"a "b", c",Rome']
    assert degraded.lost == [Cell(2, 1), Cell(2, 2)]


def test_a_quote_that_is_never_closed_is_one_and_loses_the_rest_of_its_row():
    for seed in range(9):
        degraded = apply(family.escape, PLAIN, seed=seed, style="unbalanced")
        (line,) = set(written(degraded).splitlines()) - set(PLAIN.splitlines())
        assert line.count('"') == 1
        row = PLAIN.splitlines().index(line.replace('"', ""))
        first = line[: line.index('"')].count(",")
        assert degraded.lost == [Cell(row, column) for column in range(first, 3)]


def test_without_quotes_inside_there_is_nothing_to_escape():
    with pytest.raises(NotApplicable, match="no cell holds a quote"):
        apply(family.escape, PLAIN, style="backslash")


def test_a_broken_line_gives_two_rows_and_loses_the_cell_and_what_follows():
    degraded = apply(family.unquoted_line_break, PLAIN, share=0.2)
    assert written(degraded).count("\n") == PLAIN.count("\n") + 1
    assert written(degraded).replace("\n", " ").split() == PLAIN.replace("\n", " ").split()
    (row,) = {cell.row for cell in degraded.lost}
    assert degraded.lost == [Cell(row, 1), Cell(row, 2)]


@pytest.mark.parametrize("lines", [1, 3, 100])
def test_comments_are_undone_by_skipping_lines_with_a_hash(lines):
    kept = [line for line in written(apply(family.comments, PLAIN, lines=lines)).splitlines() if line[:1] != "#"]
    assert kept == PLAIN.splitlines()


def test_a_table_with_rows_that_begin_with_a_hash_gets_no_comments():
    with pytest.raises(NotApplicable, match="begins with #"):
        apply(family.comments, "a,b\n#1,x\n", lines=1)


@pytest.mark.parametrize("lines", [1, 100])
def test_a_second_table_stands_below_a_blank_line_and_leaves_the_first(lines):
    first, _, second = written(apply(family.second_table, PLAIN, lines=lines)).partition("\n\n")
    assert first + "\n" == PLAIN
    assert len(second.splitlines()) == lines + 1
    assert not set(read(second)[0]) & set(read(PLAIN)[0])


def test_the_end_of_a_file_without_and_with_line_breaks():
    assert written(apply(family.no_final_newline, PLAIN)) == PLAIN.rstrip("\n")
    assert written(apply(family.blank_end, PLAIN.rstrip("\n"), lines=2)) == PLAIN + "\n\n"
    with pytest.raises(NotApplicable, match="does not end with"):
        apply(family.no_final_newline, PLAIN.rstrip("\n"))


@pytest.mark.parametrize("mutator", [each for each in vars(family).values() if hasattr(each, "ladder")])
@pytest.mark.parametrize(
    "content", ["a", ",", "a\n", "a,b\n", "\udcff,x\n1,2\n", '"', 'a,b\n"1,2\n', "a,b\n1\n\n,\n3,4,5\n", "a\r1\r2"]
)
def test_odd_tables_are_degraded_or_skipped_with_a_reason(mutator, content):
    table = Table.parsed(Text(content))
    for level in mutator.levels((1, 3)) or (mutator.level,):
        try:
            degraded = mutator.apply(table, mutator.step(level, 1))
        except NotApplicable:
            continue
        assert isinstance(degraded.view.text.value, str)
        assert table.text.value == content
