"""Rows, columns and headers that are missing, doubled, too short, too long or elsewhere."""

from __future__ import annotations

from typing import Final

from numpy.random import Generator

from crumple import ALL, SAME, AnyOf, Cell, Degraded, Edit, Ladder, NotApplicable, Row, Table, Text, mutator
from crumple_mutators.selection import chosen, portion
from crumple_mutators.table.grid import NUMBER, body, columns, written

_ORDERS: Final = (
    "orders.csv",
    (
        "order_no,customer name,city,net amount\n"
        '1001,Acme Ltd,"Oslo, Norway",12.50\n'
        "1002,Bolt,Berlin,1234.00\n"
        "1003,Carrot & Co,Paris,7.25\n"
    ),
)


@mutator(
    "table.ragged_row",
    truth=("same", "lost"),
    refusable_from=4,
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[_ORDERS],
)
def ragged_row(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Make rows too short or too long, as exports without quoting and hand-edited files do.

    A short row loses its last cells; in a long one a delimiter inside a cell was not quoted, and the cell and all
    after it are lost; a trailing delimiter loses nothing. Ladder: the catalogue's 1 row, 1, 5, 20, 50 %.
    """
    rows = [row for row in body(table) if len(table.rows[row].cells) > 1]
    if not rows:
        raise NotApplicable("it has a single column, no row can be ragged")
    picked = chosen(rng, len(rows), share)
    kinds, where = rng.integers(3, size=len(rows)).tolist(), rng.random(len(rows)).tolist()
    files, new, lost = written(table), list(table.rows), list[Cell]()
    for each in picked:
        r = rows[each]
        cells = files[r]
        if kinds[each] == 0:
            first = 1 + int(where[each] * (len(cells) - 1))
            cells = cells[:first]
        elif kinds[each] == 1:
            cells, first = _split(table.rows[r].cells, cells, table.dialect.delimiter, where[each])
        else:
            cells, first = [*cells, ""], len(cells)
        raw = table.dialect.delimiter.join(cells) + table.rows[r].ending
        new[r] = Table.parsed(Text(raw), table.dialect).rows[0]
        lost.extend(Cell(r, column) for column in range(first, len(table.rows[r].cells)))
    return Degraded(table.with_rows(new), lost=lost, touched=[Cell(rows[each], 0) for each in picked])


def _split(values: tuple[str, ...], cells: list[str], delimiter: str, where: float) -> tuple[list[str], int]:
    """A row with one delimiter too many, and the first column that is not what it was."""
    flat = [column for column, value in enumerate(values) if "\n" not in value and "\r" not in value]
    held = [column for column in flat if delimiter in values[column]]
    spaced = [column for column in flat if " " in values[column].strip() and '"' not in values[column]]
    if held or spaced:
        among = held or spaced
        column = among[int(where * len(among))]
        bare = values[column] if held else values[column].strip().replace(" ", f"{delimiter} ", 1)
        return [*cells[:column], bare, *cells[column + 1 :]], column
    column = int(where * (len(cells) - 1))
    return [*cells[: column + 1], "", *cells[column + 1 :]], column + 1


@mutator(
    "table.row_dropped",
    truth="new",
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[_ORDERS],
)
def row_dropped(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Leave rows out, as a page of results lost in transfer or a filter left on does.

    The file is whole in itself, so the right answer is that of the rows which are left. Ladder: as of ragged rows
    in the catalogue, 1 row, 1, 5, 20, 50 %.
    """
    rows = body(table)
    if len(rows) < 2:
        raise NotApplicable("it has one row, without it nothing is left")
    gone = {rows[each] for each in chosen(rng, len(rows), share)}
    kept = tuple(row for row in range(len(table.rows)) if row not in gone)
    return Degraded(
        table.with_rows([table.rows[row] for row in kept]),
        Edit(rows=kept),
        touched=[Cell(row, 0) for row in sorted(gone)],
    )


@mutator(
    "table.row_duplicated",
    truth=("same", "new"),
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[_ORDERS],
)
def row_duplicated(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write rows twice, as a retried export or a join that matches twice does.

    Nobody can tell a doubled record from two equal ones: doubled and not are both right. Ladder: as of ragged rows
    in the catalogue.
    """
    rows = body(table)
    twice = {rows[each] for each in chosen(rng, len(rows), share)}
    order = tuple(row for row in range(len(table.rows)) for _ in range(2 if row in twice else 1))
    new = [table.rows[row] for row in order]
    for at, row in enumerate(new[:-1]):
        if not row.ending:
            new[at] = Row(row.cells, row.raw + table.dialect.terminator)
    doubled = Edit(rows=order)
    return Degraded(table.with_rows(new), AnyOf(SAME, doubled), touched=[Cell(row, 0) for row in sorted(twice)])


@mutator(
    "table.columns_reordered",
    share=Ladder(0.1, 0.25, 0.5, 0.75, 1.0, unit="share of columns", zero=0),
    examples=[_ORDERS],
)
def columns_reordered(table: Table, share: float, rng: Generator) -> Table:
    """Change the places of columns, as a new version of an export does.

    The header goes with its column, so the answer is the same. At least two columns move; which more move at a
    higher level is added to them. Ladder: a first guess, uncalibrated.
    """
    width = len(table.header)
    if width < 2:
        raise NotApplicable("it has a single column")
    if len(set(table.header)) < width or not all(table.header):
        raise NotApplicable("its columns are told by their place: names are missing or the same")
    if any(len(row.cells) not in (0, width) for row in table.rows):
        raise NotApplicable("its rows are not all as long as the header")
    order = rng.permutation(width).tolist()
    moved = order[: max(2, portion(share, width))] if share > 0 else []
    places = list(range(width))
    for at, column in enumerate(moved):
        places[moved[at - 1]] = column
    rows: list[Row] = []
    for row, cells in zip(table.rows, written(table), strict=True):
        raw = table.dialect.delimiter.join(cells[each] for each in places) if cells else row.raw.rstrip("\r\n")
        rows.append(Row(tuple(row.cells[each] for each in places) if cells else (), raw + row.ending))
    return table.with_rows(rows)


@mutator(
    "table.header",
    truth=("same", "lost"),
    refusable_from=2,
    style=Ladder("case", "duplicate", "blank", "two rows", "missing"),
    examples=[_ORDERS],
)
def header(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Spoil the header, as renamed exports, pivot tables and files without one do.

    Other case and spaces, or a second line below it: the same. Two columns of one name: both are lost, nobody can
    tell which is which. A blank name: that column is lost. No header: all is lost. From two equal names on a
    refusal is right too, for there the file breaks its own layout. Ladder: the catalogue's names.
    """
    names = list(table.header)
    if not any(names) or (style == "duplicate" and len(set(names)) < 2):
        raise NotApplicable("its header does not tell two columns apart")
    if style == "missing":
        body(table)
        return Degraded(table.with_rows(table.rows[1:]), lost=ALL)
    if style == "two rows":
        upper, lower = _two_rows(table)
        return Degraded(table.with_rows([table.dialect.row(upper), table.dialect.row(lower), *table.rows[1:]]))
    named = [column for column in rng.permutation(len(names)).tolist() if names[column]]
    spoilt: list[int] = []
    if style == "case":
        forms = rng.integers(3, size=len(names)).tolist()
        names = [_recased(name, form) for name, form in zip(names, forms, strict=True)]
    elif style == "blank":
        spoilt = named[:1]
        names[spoilt[0]] = ""
    else:
        other = next(column for column in named if names[column] != names[named[0]])
        spoilt = [named[0], other]
        names[other] = names[named[0]]
    lost = [Cell(row, column) for column in spoilt for row in range(len(table.rows))]
    first = table.dialect.row(names, ending=table.rows[0].ending)
    return Degraded(table.with_rows([first, *table.rows[1:]]), lost=lost)


def _recased(name: str, form: int) -> str:
    words = name.replace("_", " ")
    return f" {(words.upper(), words.lower(), words.title())[form]} "


def _two_rows(table: Table) -> tuple[list[str], list[str]]:
    upper, lower = list[str](), list[str]()
    for name, cells in zip(table.header, columns(table), strict=False):
        first, _, rest = name.replace("_", " ").partition(" ")
        numbers = bool(cells) and all(map(NUMBER.fullmatch, cells.values()))
        upper.append(first)
        lower.append(rest or ("(number)" if numbers else "(text)"))
    return upper, lower
