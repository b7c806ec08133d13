"""The judge `table`: rows and columns against rows and columns, whichever way they are written."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from crumple import normalise
from crumple.errors import CrumpleError
from crumple.judges.comparison import Comparison, structured
from crumple.judges.options import Tolerances, check_flag
from crumple.judges.values import is_list, same
from crumple.normalise import holds_values
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json, pointer, tokens

_DELIMITERS = ",;\t|"
_RATIO, _SPARE = 10, 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by their row's position and their column's name; the score is the share of right cells.

    Truth and answer are each a list of lists with the header first, a list of objects, or the text of a
    delimited file.

    - Rows count in order. Where some are missing or added the table is wrong as a whole (""), and the score is
      that of the rows that can be paired.
    - Columns go by their names, as all readers of tables do: a column that has moved together with its name is
      the same data; names that have moved without their columns make the cells wrong. Case and white space of
      names do not count, nor do columns that the truth does not have.
    - Cells are compared as fields are (`values.same`): 3 is "3" and 3.0, but 7 is not "007". An empty cell
      where the truth has a value is abstained; a value where the truth has none is wrong.
    - Of an answer with more than ten times the truth's rows and 10,000 the rest is not read: the score is below
      a tenth already.
    - A table without a single value, or with its header alone, abstains. One with values and none of the
      truth's columns is wrong.

    Wrong cells are pointers "/row/column": rows count as in the truth (the header, where it has one, is row 0),
    columns go by name.

    Attributes:
        tolerances: by how much numbers may differ.
        ignore_case: take letters that differ by case only for the same.
    """

    tolerances: Tolerances = field(default_factory=Tolerances)
    ignore_case: bool = False
    _comparison: Comparison = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_comparison", Comparison(self._same))

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare an answer with the truth.

        Raises:
            CrumpleError: the truth is not a table.
        """
        if isinstance(truth, AnyOf):
            judged = [self.judge(answer, option, lost) for option in truth.options]  # type: ignore[arg-type]
            return max(judged, key=lambda each: each.score)
        expected = _Records.of(truth)
        if expected is None:
            raise CrumpleError(
                f"the truth is not a table but {type(truth).__name__}",
                where='[judge] kind = "table"',
                hint="A table is a list of lists with the header first, a list of objects, or CSV text.",
            )
        got = _Records.of(structured(answer, []), len(expected.rows) * _RATIO + _SPARE)
        lost = frozenset(expected.inward(path) for path in lost)
        if got is None or not holds_values(answer):
            # Nothing at all, or something that is no table: wrong, unless there is no value in it.
            return self._comparison.compare(expected.rows, got.rows if got else answer, lost).judgement()
        got = got.under(expected.names)
        if expected.names and not got.names:
            return Judgement(0.0, wrong=("",))
        tally = self._comparison.compare(expected.rows, got.rows, lost)
        tally.wrong = [expected.outward(path) for path in tally.wrong]
        tally.abstained = [expected.outward(path) for path in tally.abstained]
        return tally.judgement()

    def _same(self, path: str, truth: Json, answer: Json) -> bool:
        return same(truth, answer, ignore_case=self.ignore_case, tolerance=self.tolerances.at(path))


def table(*, tolerance: float | Mapping[str, float] = 0, ignore_case: bool = False) -> Table:
    """Make the judge.

    Args:
        tolerance: by how much numbers may differ; for all, or by column: {"/*/amount": 0.01}.
        ignore_case: take letters that differ by case only for the same.

    Raises:
        CrumpleError: an option is not as it must be.
    """
    check_flag("ignore_case", ignore_case)
    return Table(Tolerances.of(tolerance), ignore_case)


@dataclass(frozen=True, slots=True)
class _Records:
    """A table in the one form that is compared.

    Attributes:
        names: the columns' names, all different.
        rows: each by name; a cell that a short row lacks is missing.
        headed: the rows that come before the data: 1, or 0 in a list of objects.
    """

    names: tuple[str, ...]
    rows: list[Json]
    headed: int

    @classmethod
    def of(cls, value: Json, most: int | None = None) -> _Records | None:
        """A value as a table of at most so many lines, or None where it is none."""
        if isinstance(value, str):
            return cls._headed(_delimited(value, most))
        if not is_list(value):
            return None
        value = value if most is None else value[:most]
        if all(isinstance(row, Mapping) for row in value):
            names = dict.fromkeys(_name(key) for row in value if isinstance(row, Mapping) for key in row)
            rows = [{_name(key): cell for key, cell in row.items()} for row in value if isinstance(row, Mapping)]
            return cls(tuple(names), list(rows), 0)
        if all(is_list(row) for row in value):
            return cls._headed([list(row) for row in value if is_list(row)])
        return None

    @classmethod
    def _headed(cls, lines: list[list[Json]]) -> _Records:
        lines = [line for line in lines if line]
        names: dict[str, None] = {}
        for position, cell in enumerate(lines[0] if lines else [], 1):
            name = _name(cell)
            names[name if name not in names else f"{name} ({position})"] = None
        return cls(tuple(names), [dict(zip(names, line, strict=False)) for line in lines[1:]], 1)

    def under(self, names: tuple[str, ...]) -> _Records:
        """The columns of these names, in their order and spelling."""
        here = {name.casefold(): name for name in reversed(self.names)}
        found = {name: name if name in self.names else here.get(name.casefold()) for name in names}
        columns = [(name, source) for name, source in found.items() if source is not None]
        rows: list[Json] = [
            {name: row[source] for name, source in columns if source in row}
            for row in self.rows
            if isinstance(row, Mapping)
        ]
        return _Records(tuple(name for name, _ in columns), rows, self.headed)

    def inward(self, path: str) -> str:
        """A pointer into the truth as it was given, as one into `rows`."""
        row, *column = tokens(path) or ("",)
        if not row.isdecimal():
            return path
        name = [_name(each) for each in column]
        if self.headed and column and column[0].isdecimal() and int(column[0]) < len(self.names):
            name = [self.names[int(column[0])]]
        return pointer(int(row) - self.headed, *name)

    def outward(self, path: str) -> str:
        """A pointer into `rows` with the truth's count of rows."""
        row, *column = tokens(path) or ("",)
        return pointer(int(row) + self.headed, *column) if row else path


def _name(cell: Json) -> str:
    return normalise.text(cell)


def _delimited(text: str, most: int | None) -> list[list[Json]]:
    """The rows of a delimited file's text, its delimiter told by the first line; [] where it cannot be read."""
    text = text.removeprefix("\ufeff")
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    limit = csv.field_size_limit(max(len(text), 1))  # the default refuses cells over 128 KiB
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [list(row) for row in itertools.islice(reader, most)]
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)
