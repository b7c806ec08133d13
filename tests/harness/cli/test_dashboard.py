"""The screen of a search: what it shows of the events, in which room, and the keys that it reads."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from rich.console import Console

from crumple.cli.attended import Attended, Hand
from crumple.cli.dashboard import Frame, draw
from crumple.cli.progress import Lines, Pace
from crumple.cli.searching import Board, Budget, News
from crumple.errors import Enough
from crumple.events import CallEnded, Discovered, Discovery, Event, Explored, PhaseStarted, Replayed
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def failure(mark: str, *mutators: str, case: str = "a.txt") -> Result:
    steps = tuple(Step(name, (("share", 0.5),), 3) for name in mutators)
    return Result(Work(1, case, Recipe(steps)), Verdict(Outcome.CRASHED, True, fingerprint=mark), cause=mark)


def found(number: int, mark: str, *mutators: str, state: str = "minimised", **more: object) -> Discovered:
    example = failure(mark, *mutators)
    kept: dict[str, object] = {"met_after": 10 * number + 1, "tries": 2, "failed": 2, **more}
    return Discovered(
        Discovery(number=number, state=state, fingerprints=(mark,), first=example, example=example, **kept)  # type: ignore[arg-type]
    )


EVENTS: Sequence[Event] = (
    PhaseStarted("clean", 4),
    PhaseStarted("degraded", 400),
    *[CallEnded(failure("crashed KeyError", "text.case"))] * 30,
    Replayed("text-00aa", "FAILS", [failure("crashed KeyError", "text.case")] * 2),
    Replayed("text-00ab", "FIXED", []),
    found(0, "crashed KeyError at a.py:f", "text.case", known="text-00aa", count=12),
    found(1, "crashed ValueError at a.py:g", "text.case", "encoding.bom", state="minimising", calls=7),
    found(2, "wrong /total (sign)", "encoding.bom", count=3),
    found(3, "crashed both", "encoding.bom", "text.case", state="explained", parts=(0, 2)),
    Explored(300, 3, 1, 0.003, 0.0, 0.0074, open=1),
)


def board(*more: Event) -> Board:
    made = Board(
        Pace(seconds=600.0, clock=Clock()), Budget(400, 600.0, 5.0), ids={2: "encoding-00ac"}, replays=2, cost=1.25
    )
    for event in (*EVENTS, *more):
        made.add(event)
    return made


def picture(frame: Frame, *more: Event) -> list[str]:
    """The lines as a terminal of that size shows them."""
    console = Console(width=frame.width, height=frame.height, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    with console.capture() as capture:
        for line in draw(board(*more), frame):
            console.print(line, soft_wrap=False)
    return capture.get().splitlines()


@pytest.mark.parametrize("height", [15, 24, 40])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_fits_any_terminal_and_says_the_most_important_in_all_of_them(width: int, height: int) -> None:
    lines = picture(Frame(width, height - 1))
    assert len(lines) <= height - 1
    assert all(len(line) <= width for line in lines)
    text = "\n".join(lines)
    kinds = "3 kinds" if width < 80 else "3 kinds of failure"
    assert f"found     {kinds}: 2 new, 1 known, 1 being minimised" in text
    assert "calls     30 of 400 calls" in text
    assert "fewer than 1 in 130" in text
    assert "money     1.25 of 5.00" in text
    assert "wrong /total (sign)" in text
    assert "p pauses, q ends" in lines[-1]


def test_with_room_there_is_everything() -> None:
    text = "\n".join(picture(Frame(100, 40)))
    assert "encoding          1      1      0         3" in text
    assert "text              1      0      1        12" in text
    assert "not told yet" in text  # only minimising tells whether it is text or encoding
    assert "minimised 7 calls so far; not told yet: crashed ValueError at a.py:g" in text
    assert "known     2 called again: 1 FAILS, 1 FIXED" in text
    assert "newest    wrong /total (sign)" in text
    assert "          encoding-00ac: a.txt > encoding.bom" in text
    assert "new at    █" in text
    assert "call 300" in text


def test_what_cannot_be_shown_is_shown_otherwise() -> None:
    assert all(line.isascii() for line in picture(Frame(100, 40, unicode=False)))
    evil = found(4, "crashed \x1b[2J\u202eX", "text.case")
    assert not any("\x1b[2J" in line or "\u202e" in line for line in picture(Frame(100, 40), evil))


def test_without_keys_none_are_offered_and_what_was_pressed_is_told() -> None:
    assert "q ends" not in picture(Frame(80, 23, keys=False))[-1]
    paused = picture(Frame(80, 23, paused=True))
    assert "paused" in paused[0]
    assert "p goes on" in paused[-1]
    assert "waiting for calls that are out" in picture(Frame(80, 23, ending=True))[0]


def test_before_anything_is_known_it_can_be_drawn() -> None:
    empty = Board(Pace(clock=Clock()))
    assert "making the system ready" in draw(empty, Frame(80, 23))[0].plain
    empty.add(PhaseStarted("degraded", None))
    empty.add(Explored(0, 0, 0, 1.0, 0.0, 1.0))
    assert "nothing can be said" in "\n".join(line.plain for line in draw(empty, Frame(80, 23)))


def test_new_kinds_are_placed_by_the_call_that_met_them() -> None:
    made = board(Explored(40, 3, 1, 0.0, 0.0, 0.1))
    assert made.found_when(4) == [1, 1, 1, 0]


def test_plain_lines_tell_each_kind_once_and_again_when_more_is_known() -> None:
    written: list[str] = []
    lines = Lines(Pace(clock=Clock()), written.append, News().line)
    met = found(0, "crashed KeyError at a.py:f", "text.case", state="met")
    for event in (
        met,
        met,
        found(0, "crashed KeyError at a.py:f", "text.case"),
        found(1, "crashed", "text.case", known="text-00aa"),
        found(2, "x", "text.case", state="flaky", tries=4, failed=1),
        Replayed("text-00ab", "CHANGED", [], "another failure: crashed"),
    ):
        lines.add(event)
    assert written == [
        "found kind 1: crashed KeyError at a.py:f, by a.txt > text.case",
        "kind 1, as small as it gets: a.txt > text.case(share=0.5,seed=3) (2 of 2 calls failed so)",
        "met again: text-00aa",
        "kind 3 fails now and then: 1 of 4 calls failed so",
        "text-00ab: CHANGED; another failure: crashed",
    ]


def test_a_line_of_code_that_ends_in_a_comma_is_told_without_it() -> None:
    met = found(0, 'crashed KeyError at a.py:f: "total": row["total"],', "text.case", state="met")
    assert News().line(met) == 'found kind 1: crashed KeyError at a.py:f: "total": row["total"], by a.txt > text.case'


def test_the_clock_stands_still_while_the_run_is_paused() -> None:
    clock = Clock()
    hand = Hand(clock)
    clock.now += 5
    hand.pause()
    clock.now += 60
    assert hand.clock() == 105
    hand.pause()
    clock.now += 2
    assert hand.clock() == 107


class Lanes:
    """An executor of which a call is out, or none."""

    def __init__(self, pending: int) -> None:
        self.pending, self.room = pending, 3

    def put(self, works: Sequence[Work]) -> None:
        self.pending += len(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        self.pending -= 1
        return [failure("x", "text.case")]


def test_a_run_that_is_paused_takes_nothing_new_and_what_is_out_comes_back() -> None:
    hand, lanes = Hand(), Lanes(pending=1)
    attended = Attended(lanes, hand)
    assert attended.room == 3
    hand.pause()
    assert attended.room == 0
    assert len(attended.results(0.0)) == 1
    assert attended.results(0.0) == []  # waits, rather than going round and round
    hand.pause()
    assert attended.room == 3


def test_a_run_that_is_ended_waits_for_what_is_out_and_no_longer_when_asked_twice() -> None:
    hand = Hand()
    hand.end()
    attended = Attended(Lanes(pending=1), hand)
    assert attended.room == 0
    assert len(attended.results(0.0)) == 1
    with pytest.raises(Enough):
        attended.results(0.0)
    again = Attended(Lanes(pending=1), hand)
    hand.end()
    with pytest.raises(Enough):
        again.results(0.0)


def test_a_pause_that_is_over_is_noticed_at_once() -> None:
    hand = Hand()
    hand.pause()
    waiting = threading.Thread(target=lambda: hand.wait(60))
    waiting.start()
    while waiting.is_alive():
        hand.end()
        waiting.join(0.01)
    assert hand.at_once or hand.ending


@contextmanager
def terminal(script: str) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """A script in a terminal of its own: its process, and both ends."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no other threads here
    )
    try:
        yield process, ours, theirs
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def read_until(file: int, word: bytes) -> bytes:
    text = b""
    while word not in text:
        ready, _, _ = select.select([file], [], [], 60)
        assert ready, text.decode("utf-8", "replace")
        text += os.read(file, 1024)
    return text


def is_cooked(file: int) -> bool:
    flags = termios.tcgetattr(file)[3]
    return bool(flags & termios.ICANON) and bool(flags & termios.ECHO)


def test_a_key_is_read_without_enter_and_the_terminal_is_given_back_whatever_happens() -> None:
    script = (
        "from crumple.cli.keys import Keys\n"
        "with Keys() as keys:\n"
        "    print('ready')\n"
        "    print('got', keys.read(30))\n"
        "    print('held', keys.read(30))\n"
        "    1 / 0\n"
    )
    with terminal(script) as (process, ours, theirs):
        read_until(ours, b"ready")
        assert not is_cooked(theirs)
        os.write(ours, b"p")
        assert b"got p" in read_until(ours, b"got p")
        os.write(ours, b"q")
        read_until(ours, b"ZeroDivisionError")
        process.wait(30)
        assert is_cooked(theirs)


def test_without_a_terminal_there_are_no_keys() -> None:
    script = "from crumple.cli.keys import Keys\nwith Keys() as keys: print(keys.there, repr(keys.read(0)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        check=True,
    )
    assert done.stdout.split() == [b"False", b"''"]
