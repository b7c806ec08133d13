"""The screen of a search, drawn: lines for a terminal of any size. Pure; who shows them is `screen`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from crumple.cli.searching import Board, by_what, listed_under, what
from crumple.estimates import spoken
from crumple.plain_text import excerpt
from crumple.search.left import EARLY, bound, sentence

HEAD, BAD, FAINT, GOOD, PLAIN = "bold", "bold red", "dim", "green", ""
_COLUMN = 10
_LOW = 19
"""On a screen of fewer lines nothing is spaced out."""
_HEADS = {"categories": 3, "open": 2, "replayed": 2}
"""Of parts that may be cut short how many lines there must be, a blank one among them."""
_STEADY = 2.0
"""From so many seconds on a rate is worth saying."""
_STRIP, _ROOMY = 60, 80
_BARS = " ▁▂▃▄▅▆▇█"
_STATUS = {"FIXED": GOOD, "FAILS": BAD, "CHANGED": BAD}


@dataclass(frozen=True, slots=True)
class Frame:
    """How the screen is to be drawn.

    Attributes:
        width, height: cells and lines; at least 40 and 6 are taken.
        unicode: whether characters beyond ASCII can be shown.
        keys: whether keys are read.
        paused, ending: what the person beside it has asked for.
    """

    width: int
    height: int
    unicode: bool = True
    keys: bool = True
    paused: bool = False
    ending: bool = False


def draw(board: Board, frame: Frame) -> list[Text]:
    """The screen, at most `frame.height` lines of at most `frame.width` cells; what matters least gives way first."""
    room = max(6, frame.height)
    # In the order in which they give way, what is kept longest first: how many lines each needs at least.
    low = room < _LOW
    parts = {
        "top": _top(board, frame),
        "foot": [_foot(frame)],
        "spent": _spent(board),
        "left": _left(board, frame.width, short=low),
        "money": _money(board),
        "newest": _newest(board),
        "categories": _categories(board),
        "when": _when(board, frame),
        "open": _open(board),
        "replayed": _replayed(board),
    }
    shown: dict[str, list[Text]] = {}
    for name, whole in parts.items():
        lines = [line for line in whole if line.plain or not low]
        shown[name] = _fitted(lines, room, heads=_HEADS[name] - low if name in _HEADS else len(lines))
        room -= len(shown[name])
    order = ("top", "spent", "money", "left", "categories", "when", "newest", "open", "replayed", "foot")
    lines = [line for name in order for line in shown[name]]
    for line in lines:
        line.truncate(max(10, frame.width), overflow="ellipsis" if frame.unicode else "crop")
    return lines


def _fitted(lines: Sequence[Text], room: int, *, heads: int) -> list[Text]:
    """As many of them as there is room for, none without its heads; the last one says how many there would be."""
    if len(lines) <= room:
        return list(lines)
    if heads > room:
        return []
    if heads > room - 2:
        return list(lines[:heads])
    return [*lines[: room - 1], _line("", f"and {len(lines) - room + 1} more", FAINT)]


def _line(label: str, text: str, style: str = PLAIN) -> Text:
    return Text.assemble((f"{label:<{_COLUMN}}", FAINT), (text, style))


def _top(board: Board, frame: Frame) -> list[Text]:
    kinds = board.kinds
    new = sum(not each.known for each in kinds)
    known = len(kinds) - new
    state = (
        ("ending: waiting for calls that are out; q again does not wait", BAD)
        if frame.ending
        else ("paused: the clock stands still; p goes on", BAD)
        if frame.paused
        else (_doing(board), PLAIN)
    )
    count = f"{len(kinds)} kind{'s' * (len(kinds) != 1)}{' of failure' if frame.width >= _ROOMY else ''}"
    parts = [f"{new} new", *([f"{known} known"] if known else [])]
    parts += [f"{len(board.open)} being minimised"] if board.open else []
    return [
        Text.assemble(("crumple fuzz  ", HEAD), state),
        Text.assemble((f"{'found':<{_COLUMN}}", FAINT), (count, HEAD), f": {', '.join(parts)}" if kinds else ""),
    ]


def _doing(board: Board) -> str:
    if not board.pace.phase:
        return "making the system ready"
    if board.pace.phase == "clean":
        return "clean documents first"
    if board.pace.phase != "degraded":
        return board.pace.phase
    if len(board.replayed) < board.replays and not (board.explored and board.explored.calls):
        return "known findings first"
    return "looking for what else breaks it"


def _spent(board: Board) -> list[Text]:
    pace, budget = board.pace, board.budget
    calls = f"{board.calls:,}{f' of {budget.calls:,}' if budget.calls is not None else ''} calls"
    parts = [calls]
    if pace.clock() - pace.phase_began >= _STEADY:
        parts.append(f"{pace.rate:,.1f} a second")
    if pace.skipped:
        parts.append(f"{pace.skipped:,} did not apply")
    if pace.void:
        parts.append(f"{pace.void:,} void")
    gone = pace.clock() - pace.began
    time = spoken(max(0.0, gone)) + (f" of {spoken(budget.seconds)}" if budget.seconds is not None else "")
    left = pace.left if pace.phase == "degraded" else None
    lines = [
        _line("calls", ", ".join(parts)),
        _line("time", time + (f", about {spoken(left)} left" if left is not None else "")),
    ]
    if pace.trouble:
        lines.append(_line("void", excerpt(pace.trouble, 200), BAD))
    return lines


def _money(board: Board) -> list[Text]:
    if not board.cost and board.budget.cost is None:
        return []
    of = f" of {board.budget.cost:,.2f}" if board.budget.cost is not None else ""
    return [_line("money", f"{board.cost:,.2f}{of}")]


def _left(board: Board, width: int, *, short: bool) -> list[Text]:
    """How much is left, in a sentence of as many lines as it needs."""
    if board.explored is None:
        return []
    if short and board.explored.calls:
        early = board.explored.high > EARLY
        return [_line("left", "too early to say" if early else f"{bound(board.explored)} calls to show a new kind")]
    return _wrapped("left", sentence(board.explored), max(40, width))


def _wrapped(label: str, text: str, width: int) -> list[Text]:
    import textwrap

    lines = textwrap.wrap(text, width - _COLUMN)
    return [_line(label if not at else "", line) for at, line in enumerate(lines)]


def _categories(board: Board) -> list[Text]:
    rows = board.rows()
    if not rows:
        return []
    wide = max(len(row.category or _UNTOLD) for row in rows)
    head = f"{'category':<{wide}}  kinds    new  known  failures"
    lines = [Text(), Text(head, FAINT)]
    for row in rows:
        figures = f"{row.kinds:>5}  {row.new:>5}  {row.known:>5}  {row.failures:>8,}"
        style = FAINT if not row.category else PLAIN
        lines.append(Text(f"{row.category or _UNTOLD:<{wide}}  {figures}", style))
    return lines


_UNTOLD = "not told yet"


def _when(board: Board, frame: Frame) -> list[Text]:
    """New kinds over the calls: where it is flat towards the end, little is left."""
    if not board.kinds or board.explored is None:
        return []
    counts = board.found_when(max(10, min(_STRIP, frame.width - _COLUMN - 24)))
    if frame.unicode:
        most = max(*counts, 1)
        strip = "".join(_BARS[0 if not each else max(1, each * (len(_BARS) - 1) // most)] for each in counts)
        strip = strip.replace(" ", "·")
    else:
        strip = "".join("." if not each else str(min(each, 9)) for each in counts)
    return [
        Text(),
        Text.assemble((f"{'new at':<{_COLUMN}}", FAINT), strip, (f"  call {board.explored.calls:,}", FAINT)),
    ]


def _newest(board: Board) -> list[Text]:
    found = board.newest
    if found is None:
        return []
    name = board.ids.get(found.number, "")
    return [
        Text(),
        Text.assemble((f"{'newest':<{_COLUMN}}", FAINT), (what(found), BAD)),
        _line("", f"{f'{name}: ' if name else ''}{by_what(found)}"),
    ]


def _open(board: Board) -> list[Text]:
    """How making them smaller goes."""
    lines = [
        _line(
            "",
            f"{_calls(each.calls)} so far; {listed_under(each) or _UNTOLD}: {what(each)}",
        )
        for each in board.open
    ]
    if not lines:
        return []
    first = Text.assemble((f"{'minimised':<{_COLUMN}}", FAINT), lines[0].plain[_COLUMN:])
    return [Text(), first, *lines[1:]]


def _replayed(board: Board) -> list[Text]:
    """Known findings that were called again: those that fail last, for they are kept where there is no room."""
    if not board.replayed:
        return []
    counts: dict[str, int] = {}
    for each in board.replayed:
        counts[each.status] = counts.get(each.status, 0) + 1
    of = f" of {board.replays}" if board.replays > len(board.replayed) else ""
    head = f"{len(board.replayed)}{of} called again: " + ", ".join(
        f"{number} {name}" for name, number in counts.items()
    )
    lines = [Text(), _line("known", head)]
    wide = max(len(each.finding) for each in board.replayed)
    for each in reversed(board.replayed):
        said = each.why or board.named(each.finding)
        lines.append(
            Text.assemble(
                " " * _COLUMN,
                (f"{each.status:<12}", _STATUS.get(each.status, PLAIN)),
                f"{excerpt(each.finding, 60):<{min(wide, 60)}}  ",
                (excerpt(said, 200), FAINT),
            )
        )
    return lines


def _foot(frame: Frame) -> Text:
    if not frame.keys:
        return Text("Ctrl-C stops (the same command goes on)", FAINT)
    pause = "p goes on" if frame.paused else "p pauses"
    return Text(f"{pause}, q ends, Ctrl-C stops (the same command goes on)", FAINT)


def _calls(number: int) -> str:
    return f"{number:,} call{'s' * (number != 1)}"
