"""The columns of a table of results: what each holds, in which unit, and of which type. Pure.

`crumple.Material.results` gives rows of exactly these; a file has them in this order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from crumple import CrumpleError, Material

Type: TypeAlias = Literal["text", "name", "number", "whole", "yes", "list"]
"""A text; one of few names; a number; a whole number; yes or no; a list of texts."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: its head.
        type: of its cells, each of which may be empty.
        says: what stands in it.
        unit: of a number.
    """

    name: str
    type: Type
    says: str
    unit: str = ""


COLUMNS: Final = (
    Column("run", "name", "the run's id"),
    Column("key", "text", "the call's, unique in its run, and the same wherever the run is made again"),
    Column("kind", "name", "clean, control (a round trip alone), degraded, trial (of a search), or again"),
    Column("round", "whole", "from 0; empty of what is in none"),
    Column("case", "text", "the case's id"),
    Column("group", "text", "cases of one origin share it; empty where the corpus is not at hand"),
    Column("category", "name", "of the mutator"),
    Column("mutator", "name", "whose rate it counts in; empty of clean calls and trials"),
    Column("level", "number", "severity, above 0 and at most 5"),
    Column("parameter", "name", "the mutator's main parameter"),
    Column("value", "number", "its value, where that is a number", "as `unit` says"),
    Column("choice", "text", "its value, where that is a name"),
    Column("unit", "name", "of `value`"),
    Column("recipe", "text", "how the document was degraded: `crumple replay 'CASE > RECIPE'`"),
    Column("outcome", "name", "right, refused, wrong, crashed, hung, exhausted or void; empty where no call was made"),
    Column("counted", "yes", "whether it is in the rate of its mutator, and with that in its category's"),
    Column("failure", "yes", "whether it is one; empty of what is void or was not called"),
    Column("silent", "yes", "whether it is a failure without a complaint"),
    Column("score", "number", "the judge's; empty where there was no answer to judge", "0 to 1"),
    Column("wrong", "list", "JSON pointers of the fields that are wrong"),
    Column("abstained", "list", "JSON pointers of the fields that were left empty"),
    Column("fingerprint", "text", "what failures with one cause have in common"),
    Column("cause", "text", "of anything but a judged answer, in one line"),
    Column("expected", "text", "what was right, of failures, shortened"),
    Column("answer", "text", "what was answered, of failures, shortened"),
    Column("seconds", "number", "how long the call took, loading the system excluded", "s"),
    Column("cost", "number", "money, all attempts together", "the currency of [system] cost"),
    Column("attempts", "whole", "how often the system was asked, retries included; 0 where no call was made"),
    Column("digest", "text", "hash of the degraded document"),
    Column("skipped", "text", "why no call was made"),
)

_SIDES: Final = tuple(
    column
    for side in ("a", "b")
    for column in (
        Column(f"{side}_outcome", "name", f"how the call of {side.upper()} ended"),
        Column(f"{side}_failure", "yes", "whether it is a failure"),
        Column(f"{side}_silent", "yes", "whether it is one without a complaint"),
        Column(f"{side}_fingerprint", "text", "what failures with one cause have in common"),
        Column(f"{side}_seconds", "number", "how long the call took", "s"),
        Column(f"{side}_cost", "number", "money, all attempts together", "the currency of [system] cost"),
    )
)
_CALLED: Final = frozenset({"kind", "case", "category", "mutator", "level", "recipe", "digest"})
PAIRS: Final = (
    *(each for each in COLUMNS if each.name in _CALLED),
    *_SIDES,
)
"""Those of a comparison, which has a row for each pair."""


def columns_of(document: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns of what a document's results are."""
    return PAIRS if document.get("kind") == "comparison" else COLUMNS


def results_of(document: Mapping[str, Any], material: Material) -> Iterator[Mapping[str, Any]]:
    """Every result, with texts that any encoding takes and numbers that are some.

    Raises:
        CrumpleError: no store holds them.
    """
    if material.results is None:
        raise CrumpleError(
            f"there is no table of results: {_WITHOUT.get(str(document.get('kind')), _NO_STORE)}",
            hint="Figures are in .html, .md, .xml and .json.",
        )
    columns = columns_of(document)
    return (_sound(each, columns) for each in material.results())


_NO_STORE: Final = "no store holds the results of this run"
_WITHOUT: Final = {
    "pytest": "a pytest session does not store its calls",
    "comparison": "the runs are not at hand; `crumple compare A B --report FILE` writes their pairs",
}


def _sound(row: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    return {each.name: _cell(row.get(each.name), each.type) for each in columns}


def _cell(value: Any, kind: Type) -> Any:
    if value is None:
        return None
    if kind == "list":
        return [_encodable(str(each)) for each in value]
    if kind == "number":
        return _finite(value)
    return _encodable(value) if isinstance(value, str) else value


def _finite(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _encodable(text: str) -> str:
    """Without lone surrogates, which names of files may hold and neither UTF-8 nor strict readers of JSON take."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
