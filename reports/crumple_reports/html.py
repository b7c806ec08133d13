"""A report as one HTML page: nothing is loaded, nothing runs, everything is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.content import content_of
from crumple_reports.examples import told
from crumple_reports.figures import count
from crumple_reports.night_words import day
from crumple_reports.parts import (
    CATEGORY_HEADS,
    LIMIT_HEADS,
    NIGHT_HEADS,
    Content,
    Example,
    category_cells,
    night_cells,
)

_MOST = 500
_EXAMPLES = 100
_LONG: Final = 240
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.verdict { font-size: 1.15rem; border-left: .4rem solid; padding-left: .8rem; }
.bad { border-color: #c0392b; } .open { border-color: #b7791f; } .good { border-color: #2e7d32; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } caption { text-align: left; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #8884; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.broken, .worse { font-weight: bold; color: #c0392b; }
pre { overflow-x: auto; padding: .5rem; border: 1px solid #8884; white-space: pre; }
.faint { opacity: .75; font-size: .9rem; }
@media (prefers-color-scheme: dark) { .broken, .worse { color: #ff8a80; } }
"""
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)


def render(document: Mapping[str, Any], *, privacy: str = "figures") -> str:
    """The report as a page of its own.

    Args:
        document: of a run, a night or a pytest session.
        privacy: what may be shown of single calls: "figures"; "excerpts" of what was expected and answered; or
            "full": whole, as far as the document has it.
    """
    content = content_of(document)
    title = {"night": "crumple nightly", "pytest": "crumple in pytest"}.get(content.kind, f"crumple {content.kind}")
    body = "\n".join(_body(content, document, privacy))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}: {_text(content.verdict)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _text(text: str, most: int = 2_000) -> str:
    return escape(excerpt(text, most))


def _body(content: Content, document: Mapping[str, Any], privacy: str) -> Iterator[str]:
    yield f'<p class="verdict {content.state}">{_text(content.verdict)}</p>'
    for line in content.lines[:_MOST]:
        yield f"<p>{_text(line)}</p>"
    yield from _night(content)
    yield from _limits(content)
    yield from _findings(content)
    yield from _categories(content)
    yield from _examples(content, privacy)
    if content.steps:
        yield "<h2>What to do</h2><ol>"
        for said, commands in content.steps:
            lines = "\n".join(map(visible, commands))
            yield f"<li>{_text(said)}{f'<pre>{escape(lines)}</pre>' if commands else ''}</li>"
        yield "</ol>"
    run = document.get("run") or {}
    started = f"started {day(run['started'])}" if run.get("started") else ""
    made = [each for each in (content.subject, started, f"seed {run['seed']}" if "seed" in run else "") if each]
    yield f'<p class="faint">{_text("; ".join(made))}</p>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], names: int) -> Iterator[str]:
    """Cells are HTML already."""
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f"<th{_figure(at, names)}>{escape(head)}</th>" for at, head in enumerate(heads))
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td{_figure(at, names)}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
    yield "</tbody></table></div>"


def _figure(at: int, names: int) -> str:
    return ' class="figure"' if at >= names else ""


def _state(state: str) -> str:
    return f'<span class="{escape(state)}">{escape(state)}</span>'


def _more(number: int, most: int) -> Iterator[str]:
    if number > most:
        yield f"<p>and {number - most:,} more</p>"


def _night(content: Content) -> Iterator[str]:
    if not content.night:
        return
    yield "<h2>Compared with the baseline, the same documents</h2>"
    rows = [
        (
            _text(str(each["category"]), 80),
            _state(str(each["state"])),
            *night_cells(each),
        )
        for each in content.night[:_MOST]
    ]
    yield from _table(NIGHT_HEADS, rows, 2)


def _limits(content: Content) -> Iterator[str]:
    if not content.limits:
        return
    of_items = any(each.item for each in content.limits)
    yield "<h2>Limits</h2>"
    rows = []
    for each in content.limits[:_MOST]:
        row = each.row
        said = "" if row["state"] == "met" else f'<br><span class="faint">{_text(row["sentence"])}</span>'
        figures = [_text(row["shown"][name], 80) for name in ("figure", "bound", "limit")]
        first = [_text(each.item, 200)] if of_items else []
        rows.append([*first, _text(row["name"], 200) + said, _state(row["state"]), *figures, f"{row['calls']:,}"])
    heads = [*(["test"] if of_items else []), *LIMIT_HEADS]
    yield from _table(heads, rows, 3 if of_items else 2)
    yield from _more(len(content.limits), _MOST)


def _findings(content: Content) -> Iterator[str]:
    if not content.findings:
        return
    yield "<h2>Findings that were called again</h2>"
    rows = [
        (
            _text(each.item or each.id, 200),
            f'<span class="{"broken" if each.bad else "kept"}">{_text(each.status)}</span>',
        )
        for each in content.findings[:_MOST]
    ]
    yield from _table(["finding", "status"], rows, 2)
    yield from _more(len(content.findings), _MOST)


def _categories(content: Content) -> Iterator[str]:
    if not content.categories:
        return
    yield "<h2>Failures by category</h2>"
    rows = [
        (
            _text(name, 80),
            *category_cells(each),
        )
        for name, each in list(content.categories.items())[:_MOST]
    ]
    yield from _table(CATEGORY_HEADS, rows, 1)
    if content.note:
        yield f'<p class="faint">{content.note}</p>'


def _examples(content: Content, privacy: str) -> Iterator[str]:
    if not content.examples:
        return
    yield "<h2>Examples, worst first</h2>"
    for each in content.examples[:_EXAMPLES]:
        test = f"{_text(each.item, 200)}: " if each.item else ""
        yield f"<h3>{test}{_text(each.title, 200)}</h3>"
        yield from _call(each, each.privacy or privacy)
        yield f"<pre>{escape(visible(each.command))}</pre>"
    if len(content.examples) > _EXAMPLES:
        yield f"<p>and {count(len(content.examples) - _EXAMPLES, 'more failing mutator')}</p>"


def _call(each: Example, privacy: str) -> Iterator[str]:
    """What was said of a call, as far as it may be shown."""
    call = each.call
    if privacy == "figures" or not call:
        return
    if privacy != "full":
        said = excerpt(call["cause"], _LONG) if call.get("cause") else told(call)
        yield f"<p>{escape(said)}</p>"
        return
    for name in ("cause", "expected", "answer"):
        if call.get(name):
            yield f"<p>{'answered' if name == 'answer' else name}</p><pre>{escape(visible(str(call[name])))}</pre>"
