"""Combinations for tables: what is not lost is read by somebody who knows how such files are made."""

import numpy as np
import pytest

from crumple import (
    Cell,
    Degraded,
    Document,
    Ladder,
    NotApplicable,
    Recipe,
    Row,
    Step,
    Table,
    Text,
    mutator,
    table_chain,
)
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade
from crumple_mutators.combination import edited_by_hand, erp_report, old_host, spreadsheet_export
from crumple_mutators.table import blank_lines, preamble, ragged_row, row_dropped
from oracles.orders import case, read_plainly
from oracles.table import cells, table

DELIMITERS = {spreadsheet_export: ";", erp_report: "|", old_host: "\t", edited_by_hand: ""}


@pytest.mark.parametrize("file", ["order.csv", "order.tsv"])
@pytest.mark.parametrize("combined", DELIMITERS, ids=lambda each: each.name)
def test_what_is_not_lost_is_read_again(combined, file):
    for seed in range(12):
        clean = case(file)
        degraded = degrade(clean, Recipe((combined.step(combined.level, seed),)), {combined.name: combined})
        document = degraded.document
        document = Document(_decoded(document.data).encode(), document.media_type, document.name)
        own = "\t" if file.endswith("tsv") else ","
        rows = [row for row in cells(document, DELIMITERS[combined] or own) if not row or row[0][:4] != "sep="]
        answer = read_plainly(table(document, Step("table.footer_total", (), 0), rows=rows))
        lost = degraded.expectation.lost
        judged = fields().judge(answer, degraded.expectation.truth, lost)
        wrong = {path for path in (*judged.wrong, *judged.abstained) if path not in lost}
        assert not wrong, (seed, wrong, answer)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def test_a_spreadsheet_saves_in_cp1252_where_that_has_every_character_and_with_a_mark_where_not():
    rng = np.random.default_rng(0)
    rows = "name,amount\nMüller,1234.50\nSøn,7.25\n"
    assert spreadsheet_export(Table.parsed(Text(rows)), rng=rng).view.encoding == "cp1252"
    polish = spreadsheet_export(Table.parsed(Text(rows.replace("Søn", "Łódź"))), rng=rng).view
    assert (polish.encoding, polish.bom) == ("utf-8", True)


@mutator("test.never", steps=Ladder(1, 2, 3, 4, 5, unit="steps", zero=0))
def never(table: Table, steps: float, rng: np.random.Generator) -> Table:
    """Apply to nothing, ever, whatever the table, so that a chain has a step that it must leave out."""
    raise NotApplicable("not today")


@mutator("test.blotted", level=3, truth="lost")
def blotted(table: Table, rng: np.random.Generator) -> Degraded[Table]:
    """Blot the last cell of the last row, so that a chain has something that it has lost, which it must say."""
    return Degraded(table.replaced({len(table.rows) - 1: Row(("?",), "?\n")}), lost=[Cell(len(table.rows) - 1, 1)])


def chained(*steps):
    return table_chain(Table.parsed(Text("a,b\n1,2\n3,4\n")), np.random.default_rng(0), *steps)


def test_a_chain_says_what_all_steps_have_lost_and_leaves_out_what_cannot_act():
    said = chained((blotted, None), (never, 3), (preamble, 1))
    assert said.lost == [Cell(2, 1)]
    assert len(said.view.rows) == 4
    with pytest.raises(NotApplicable, match="not today"):
        chained((never, 3))


def test_a_chain_refuses_what_it_could_not_say_in_places_of_the_clean_table():
    with pytest.raises(TypeError, match="sooner"):
        chained((blank_lines, 0.5), (blotted, None))
    with pytest.raises(TypeError, match="changes the right answer"):
        chained((row_dropped, 0.5))


def test_rows_that_were_made_ragged_are_lost_in_places_of_the_clean_table():
    said = chained((ragged_row, 1.0), (preamble, 3))
    assert {cell.row for cell in said.lost} <= {1, 2}
