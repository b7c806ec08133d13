"""Headers and columns: spoilt, moved, renamed, missing, further ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Final

from numpy.random import Generator

from crumple import ALL, AnyOf, Cell, Degraded, Edit, Json, Ladder, NotApplicable, Place, Row, Table, mutator
from crumple_mutators.selection import chosen, portion
from crumple_mutators.table.grid import Column, body, columns, first_cells, whole_columns, written
from crumple_mutators.table.structure import ORDERS

_FURTHER: Final = (
    "row_id",
    "source_system",
    "created_at",
    "batch",
    "is_deleted",
    "version",
    "updated_by",
    "checksum",
    "comment",
    "region_code",
)


@mutator(
    "table.header",
    truth=("same", "lost"),
    refusable_from=2,
    style=Ladder("case", "duplicate", "blank", "two rows", "missing"),
    examples=[ORDERS],
)
def header(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Spoil the header, as renamed exports, pivot tables and files without one do.

    Other case and spaces, or a second line below it: the same. Two columns of one name: both are lost, nobody can
    tell which is which. A blank name: that column is lost. No header: all is lost. From two equal names on a
    refusal is right too, for there the file breaks its own layout. Ladder: the catalogue's names.
    """
    names = list(table.header)
    if not any(names) or (style == "duplicate" and len(set(filter(None, names))) < 2):
        raise NotApplicable("its header does not tell two columns apart")
    if style == "missing":
        body(table)
        return Degraded(table.with_rows(table.rows[1:]), lost=ALL)
    if style == "two rows":
        upper, lower = _two_rows(table)
        degraded = table.replaced({0: table.dialect.row(upper)}).inserted({1: [table.dialect.row(lower)]})
        return Degraded(degraded)
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
    first = table.dialect.row(names, ending=table.rows[0].ending)
    return Degraded(table.replaced({0: first}), lost=whole_columns(table, spoilt))


def _recased(name: str, form: int) -> str:
    words = name.replace("_", " ")
    return f" {(words.upper(), words.lower(), words.title())[form]} "


def _two_rows(table: Table) -> tuple[list[str], list[str]]:
    upper, lower = list[str](), list[str]()
    kinds = columns(table)
    for number, name in enumerate(table.header):
        first, _, rest = name.replace("_", " ").partition(" ")
        numbers = number < len(kinds) and kinds[number].numeric
        upper.append(first)
        lower.append(rest or ("(number)" if numbers else "(text)"))
    return upper, lower


@mutator(
    "table.columns_reordered",
    share=Ladder(0.1, 0.25, 0.5, 0.75, 1.0, unit="share of columns", zero=0),
    examples=[ORDERS],
)
def columns_reordered(table: Table, share: float, rng: Generator) -> Table:
    """Change the places of columns, as a new version of an export does.

    The header goes with its column, so the answer is the same. At least two columns move; which more move at a
    higher level is added to them. Ladder: a first guess, uncalibrated.
    """
    width = _sound_width(table)
    order = rng.permutation(width).tolist()
    moved = order[: max(2, portion(share, width))] if share > 0 else []
    places = list(range(width))
    for at, column in enumerate(moved):
        places[moved[at - 1]] = column

    def again(_: int, row: Row) -> Row:
        if not row.cells:
            return row
        cells = written(table, row)
        raw = table.dialect.delimiter.join([cells[each] for each in places])
        return Row(tuple([row.cells[each] for each in places]), raw + row.ending)

    return table.mapped(again)


def _sound_width(table: Table) -> int:
    """How many columns there are, each with a name of its own and a cell in every row.

    Raises:
        NotApplicable: it is not so, or there is one.
    """
    width = len(table.header)
    if width < 2:
        raise NotApplicable("it has a single column")
    if len(set(table.header)) < width or not all(table.header):
        raise NotApplicable("its columns are told by their place: names are missing or the same")
    if any(len(row.cells) not in (0, width) for row in table.rows):
        raise NotApplicable("its rows are not all as long as the header")
    return width


@mutator(
    "table.columns_renamed",
    truth="lost",
    refusable_from=1,
    share=Ladder(0.1, 0.25, 0.5, 0.75, 1.0, unit="share of columns", zero=0),
    examples=[ORDERS],
)
def columns_renamed(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Give columns names that say nothing ("Column4"), as tools do that export what a query left without a name.

    What they hold is lost by name; who goes by their place may still have it. Refusing is right too. Ladder: a first
    guess, uncalibrated.
    """
    width = _sound_width(table)
    picked = sorted(chosen(rng, width, share))
    stem = ("Column", "Field_", "F")[int(rng.integers(3))]
    names = [f"{stem}{at + 1}" if at in picked else name for at, name in enumerate(table.header)]
    first = table.dialect.row(names, ending=table.rows[0].ending)
    return Degraded(table.replaced({0: first}), lost=whole_columns(table, picked))


@mutator(
    "table.columns_dropped",
    truth="lost",
    refusable_from=1,
    share=Ladder(0.1, 0.25, 0.5, 0.75, 0.9, unit="share of columns", zero=0),
    examples=[ORDERS],
)
def columns_dropped(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Leave columns out, name and values, as an export does whose layout somebody has changed.

    What they held is lost, unless it can be worked out from the others; then the old value is right as well. Refusing
    is right too. At least one column stays. Ladder: a first guess, uncalibrated.
    """
    width = _sound_width(table)
    picked = set(chosen(rng, width, share)[: width - 1])
    kept = [column for column in range(width) if column not in picked]

    def again(_: int, row: Row) -> Row:
        if not row.cells:
            return row
        cells = written(table, row)
        raw = table.dialect.delimiter.join([cells[each] for each in kept])
        return Row(tuple([row.cells[each] for each in kept]), raw + row.ending)

    return Degraded(table.mapped(again) if picked else table, lost=whole_columns(table, sorted(picked)))


@mutator("table.columns_added", number=Ladder(1, 2, 3, 5, 10, unit="columns", zero=0), examples=[ORDERS])
def columns_added(table: Table, number: int, rng: Generator) -> Table:
    """Put columns in that nobody has asked for, at any place, as a new version of an export does.

    All other columns keep their names and values, and the answer is the same. Ladder: a first guess, uncalibrated.
    """
    width = _sound_width(table)
    order = rng.permutation(len(_FURTHER)).tolist()
    places = rng.integers(width + 1, size=len(_FURTHER)).tolist()
    new = [(places[each], _FURTHER[each]) for each in order[: int(number)]]
    taken = {name.strip().casefold() for name in table.header}
    new = sorted((place, f"x_{name}" if name in taken else name) for place, name in new)

    def again(at: int, row: Row) -> Row:
        if not row.cells:
            return row
        cells, values = written(table, row), list(row.cells)
        for place, name in reversed(new):
            value = table.dialect.cell(_further(name, at) if at else name)
            cells.insert(place, value)
            values.insert(place, value)
        return Row(tuple(values), table.dialect.delimiter.join(cells) + row.ending)

    return table.mapped(again) if new else table


def _further(name: str, row: int) -> str:
    """What stands in a column that was put in."""
    name = name.removeprefix("x_")
    if name == "checksum":
        return hashlib.blake2b(str(row).encode(), digest_size=6).hexdigest()
    fixed = {"source_system": "LEGACY", "batch": "B-07", "is_deleted": "false", "updated_by": "batch", "version": "v2"}
    fixed |= {"row_id": f"r{row:06}", "created_at": f"T{row % 24:02}:00", "region_code": "EU-W"}
    return fixed.get(name, "")


@mutator(
    "table.long_cell",
    refusable_from=4,
    size=Ladder(1 << 10, 1 << 16, 131_073, 1 << 20, 1 << 24, unit="bytes", zero=0),
    examples=[ORDERS],
)
def long_cell(table: Table, size: int, rng: Generator) -> Degraded[Table]:
    """Put a column in at the end that holds one very long cell, as an attachment or a log that was exported along.

    All other columns are as they were: the answer is the same. 131,073 bytes are one more than Python's csv takes
    unless told otherwise; from 1 MB on refusing is right too. Ladder: the catalogue's.
    """
    width, rows = _sound_width(table), body(table)
    at = int(rows[int(rng.integers(len(rows)))])
    piece = rng.integers(0, 256, size=768, dtype="u1").tobytes().hex()
    held = (piece * (int(size) // len(piece) + 1))[: int(size)]
    name = "payload" if "payload" not in table.header else "payload_raw"
    if not size:
        return Degraded(table)

    def again(number: int, row: Row) -> Row:
        if len(row.cells) != width:
            return row
        value = held if number == at else "" if number else name
        raw = f"{row.raw.rstrip(_ENDS)}{table.dialect.delimiter}{value}{row.ending}"
        return Row((*row.cells, value), raw)

    return Degraded(table.mapped(again), touched=[Cell(at, width)])


_ENDS: Final = "\r\n"


@mutator(
    "table.columns_swapped",
    truth="new",
    refusable_from=1,
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[ORDERS],
)
def columns_swapped(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Exchange the values of two columns in some rows, as a record does that was keyed in with the fields mixed up.

    The columns are of one kind where two are, so that nothing shows it: what stands there is right, and what was meant
    to, for who finds out; refusing is right too. Ladder: as of ragged rows in the catalogue.
    """
    one, other = _alike(columns(table), rng)
    able = [row for row, held in enumerate(table.rows) if row and _differ(held.cells, one, other)]
    if not able:
        raise NotApplicable("the two columns hold the same in every row")
    picked = sorted(able[each] for each in chosen(rng, len(able), share))
    new: dict[Cell, str] = {}
    truth: dict[Place, Json] = {}
    for row in picked:
        for here, there in ((Cell(row, one), Cell(row, other)), (Cell(row, other), Cell(row, one))):
            new[here] = table.value(there)
            truth[here] = AnyOf(table.value(there), table.value(here))
    return Degraded(table.with_cells(new), Edit(values=truth), touched=first_cells(picked))


def _alike(found: list[Column], rng: Generator) -> tuple[int, int]:
    """Two columns that could be mixed up: of one kind, or any two where no kind has two.

    Raises:
        NotApplicable: fewer than two columns hold anything.
    """
    full = [each for each in found if each.filled.any()]
    kinds = Counter((each.numeric, each.decimals) for each in full)
    alike = [each for each in full if kinds[each.numeric, each.decimals] > 1] or full
    if len(alike) < 2:
        raise NotApplicable("it has no two columns that could be mixed up")
    one = alike[int(rng.integers(len(alike)))]
    same = [each for each in alike if each is not one and (each.numeric, each.decimals) == (one.numeric, one.decimals)]
    others = same or [each for each in alike if each is not one]
    other = others[int(rng.integers(len(others)))]
    return min(one.number, other.number), max(one.number, other.number)


def _differ(cells: tuple[str, ...], one: int, other: int) -> bool:
    return len(cells) > max(one, other) and bool(cells[one] and cells[other]) and cells[one] != cells[other]
