"""A report as Markdown, for a comment on a pull request. Figures only, and never too long for one.

Whatever comes from documents and configurations is put in code, with every character that Markdown, HTML or a forge
would act on written as a number: no pipe ends a cell, no tag is one, and nobody is called by an @.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from crumple import FIGURES, Material, excerpt, figures_of, void_reason
from crumple_reports.content import content_of
from crumple_reports.figures import count
from crumple_reports.forecast import words_of
from crumple_reports.parts import (
    BAD,
    CATEGORY_HEADS,
    GOOD,
    LIMIT_HEADS,
    NIGHT_HEADS,
    OPEN,
    TOLD,
    Content,
    Example,
    Limit,
    category_cells,
    night_cells,
)
from crumple_reports.problems import LEADING
from crumple_reports.worst import Worst, worst_of

_Row = TypeVar("_Row")
LONGEST: Final = 60_000
"""Characters; GitHub takes 65,536."""
_ROWS: Final = (60, 30, 12, 5, 2, 0)
_LONG: Final = 300
_SENTENCE: Final = 2_000
_COMMAND: Final = 4_000
_SIGNS: Final = {BAD: "❌", OPEN: "❔", GOOD: "✅", TOLD: ""}
_STATES: Final = {"broken": "❌ broken", "undecided": "❔ undecided", "met": "✅ met"}
# What Markdown or a forge may act on: all but letters, figures and marks that mean nothing where they stand here.
_ACTS: Final = re.compile(r"""[^\w ,.:%/;()='"+-]|_(?![^\W_])|(?<![^\W_])_|:(?!\s|$)|(?<=www)\.|--+""")

# With what follows it a forge makes a link to a person, an issue, a merge request, a snippet, a label or an epic of it.
_REFERS: Final = re.compile(r"&#64;|&#(?:33|35|36|38|94|126);(?=\w)|\bGH-(?=\d)", re.IGNORECASE)


def render(document: Mapping[str, Any], material: Material = FIGURES) -> str:
    """The report as Markdown, of at most `LONGEST` characters.

    Args:
        document: of a run, a night or a pytest session.
        material: not needed.
    """
    content = content_of(document)
    worst = worst_of(figures_of(document)) if content.state == BAD else []
    for most in _ROWS:
        text = "\n".join(_lines(content, document, worst[:most], most)).rstrip() + "\n"
        if len(text) <= LONGEST:
            break
    return text


def escaped(text: str, most: int = _LONG) -> str:
    """A text that means nothing to Markdown, HTML or a forge, wherever it stands.

    Forges look for names behind an @, and for issues behind a #, when all else is done, but not in code.
    """
    return _REFERS.sub(r"<code>\g<0></code>", _numbered(excerpt(text, most)))


def _numbered(text: str) -> str:
    return _ACTS.sub(lambda found: "".join(f"&#{ord(each)};" for each in found[0]), text)


def code(text: str) -> str:
    """A text as code, within a line or a cell."""
    return f"<code>{_numbered(excerpt(text, _LONG))}</code>"


def _lines(content: Content, document: Mapping[str, Any], worst: Sequence[Worst], most: int) -> Iterator[str]:
    title = {"night": "crumple nightly", "pytest": "crumple"}.get(content.kind, f"crumple {content.kind}")
    yield " ".join(["###", *([_SIGNS[content.state]] if _SIGNS[content.state] else []), title])
    yield ""
    yield escaped(content.verdict, _SENTENCE)
    yield ""
    yield from _some(content.lines, most, lambda line: escaped(line, _SENTENCE))
    yield from _forecast(document)
    yield from _night(content, most)
    yield from _grids(content, most)
    yield from _limits(content, most)
    yield from _findings(content, most)
    told = {each.command for each in worst}
    others = [each for each in content.examples if each.command not in told]
    first = [] if worst or content.state != BAD else others[: min(most, LEADING)]
    others = others[len(first) :]
    yield from _worst(worst)
    if first:
        yield from ("**To look at first**", "", *_examples(first))
    yield from _categories(content, most)
    yield from _breaking(document, most)
    rest = others[:most]
    if rest:
        yield from _folded(count(len(rest), "more example" if worst or first else "example"), _examples(rest))
    if content.steps and most:
        yield from _folded("What to do", _steps(content))
    left = len(others) - len(rest)
    if left:
        yield f"<sub>{count(left, 'more example')} left out here.</sub>"
        yield ""
    if content.subject:
        yield f"<sub>{escaped(content.subject)}</sub>"


def _worst(worst: Sequence[Worst]) -> Iterator[str]:
    """The worst problems, each with the line that shows one of its calls."""
    if not worst:
        return
    yield from ("**The worst problem**" if len(worst) == 1 else "**The worst problems**", "")
    for each in worst:
        yield from (f"{each.number}. **{escaped(each.title)}**: {escaped(each.said)}", "")
        if each.command:
            yield from _pasted([each.command])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], names: int) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join([' --- '] * names + [' ---: '] * (len(heads) - names))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _some(rows: Sequence[_Row], most: int, say: Callable[[_Row], str]) -> Iterator[str]:
    """The first of some rows as a list."""
    for each in rows[:most]:
        yield f"- {say(each)}"
    if len(rows) > most:
        yield f"- and {len(rows) - most:,} more"
    if rows:
        yield ""


def _more(number: int, most: int) -> Iterator[str]:
    if number > most:
        yield from (f"and {number - most:,} more", "")


def _forecast(document: Mapping[str, Any]) -> Iterator[str]:
    """What production has to expect, where a mix says what it sends."""
    words = words_of(document) if document.get("forecast") and not void_reason(document) else None
    if words is not None and words.headline:
        yield from (f"**In production**: {escaped(words.headline)}", "")


def _breaking(document: Mapping[str, Any], most: int) -> Iterator[str]:
    """From where on the system fails, the mildest damage first."""
    points = sorted(document.get("breaking_points") or (), key=lambda each: (each["state"] != "always", each["low"]))
    if not points or not most:
        return
    rows = [
        (
            code(", ".join(filter(None, (str(each["mutator"]), str(each["kind"]))))),
            escaped(str(each["sentence"])),
            f"{each['calls']:,}",
        )
        for each in points[:most]
    ]
    table = _table(("mutator", "the system", "calls"), rows, 2)
    yield from _folded("Breaking points", [*table, *_more(len(points), most)])


def _night(content: Content, most: int) -> Iterator[str]:
    if not content.night or not most:
        return
    yield from ("**Compared with the baseline, the same documents**", "")
    rows = [
        (
            code(str(each["category"])),
            ("❌ " if each["state"] == "worse" else "") + escaped(str(each["state"])),
            *night_cells(each),
        )
        for each in content.night[:most]
    ]
    yield from _table(NIGHT_HEADS, rows, 2)
    yield from _more(len(content.night), most)


def _grids(content: Content, most: int) -> Iterator[str]:
    """Further tables: the main ones as they are, the others folded."""
    for each in content.grids if most else ():
        rows = [[code(row[0]), *map(escaped, row[1:])] for row in each.rows[:most]]
        table = [*_table([escaped(head) for head in each.heads], rows, each.names), *_more(len(each.rows), most)]
        note = [escaped(each.note, _SENTENCE), ""] if each.note else []
        if each.main:
            yield from (f"**{escaped(each.title)}**", "", *table, *note)
        else:
            yield from _folded(escaped(each.title), [*table, *note])


def _limits(content: Content, most: int) -> Iterator[str]:
    if not content.limits or not most:
        return
    of_items = any(each.item for each in content.limits)
    heads = [*(["test"] if of_items else []), *LIMIT_HEADS]
    rows = []
    for each in content.limits[:most]:
        row = each.row
        cells = [escaped(row["shown"][name]) for name in ("figure", "bound", "limit")]
        first = [code(each.item)] if of_items else []
        rows.append([*first, code(row["name"]), _STATES[row["state"]], *cells, f"{row['calls']:,}"])
    yield from ("**Limits**", "")
    yield from _table(heads, rows, 3 if of_items else 2)
    yield from _more(len(content.limits), most)
    others = [each for each in content.limits if each.row["state"] != "met"]
    yield from _some(others, most, lambda each: f"{code(each.item)} " * bool(each.item) + _said(each))


def _said(limit: Limit) -> str:
    return escaped(limit.row["sentence"], _SENTENCE)


def _findings(content: Content, most: int) -> Iterator[str]:
    bad = [each for each in content.findings if each.bad]
    if not bad or not most:
        return
    yield from ("**Findings that fail**", "")
    yield from _some(bad, most, lambda each: f"{code(each.item or each.id)}: {escaped(each.status)}")


def _categories(content: Content, most: int) -> Iterator[str]:
    if not content.categories or not most:
        return
    ranked = sorted(content.categories.items(), key=lambda named: (-(named[1]["rate"] or 0), named[0]))
    rows = [
        (
            code(name),
            *category_cells(each),
        )
        for name, each in ranked[:most]
    ]
    table = [*_table(CATEGORY_HEADS, rows, 1)]
    yield from _folded(
        "Failures by category", [*table, *_more(len(ranked), most), *([content.note, ""] if content.note else [])]
    )


def _examples(examples: Sequence[Example]) -> Iterator[str]:
    for each in examples:
        yield f"{code(each.item)} " * bool(each.item) + escaped(each.title)
        yield ""
        yield from _pasted([each.command])


def _pasted(commands: Sequence[str]) -> Iterator[str]:
    """Lines to copy, in a fence that nothing in them closes."""
    text = [
        line if len(line) <= _COMMAND else f"(of {len(line):,} characters; the JSON report has it)" for line in commands
    ]
    text = [" ".join(line.splitlines()) for line in text]
    fence = "`" * max(3, *(len(run) + 1 for line in text for run in re.findall(r"`+", line)), 3)
    yield from (f"{fence}sh", *text, fence, "")


def _steps(content: Content) -> Iterator[str]:
    for said, commands in content.steps:
        yield from (escaped(said, _SENTENCE), "")
        if commands:
            yield from _pasted(commands)


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"<details><summary>{summary}</summary>", "")
    yield from lines
    yield from ("</details>", "")
