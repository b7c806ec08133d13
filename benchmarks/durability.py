"""kill -9 and a full disk: has the run that goes on exactly the results of one that was never disturbed?

    python -m benchmarks.durability [--kills N] [--seed N] [--write]

A real `crumple run` of a small system that takes 30 ms and writes every call down. It is killed with SIGKILL at random
moments and started again until it ends; then the same with lanes and workers killed while it runs; then on a disk that
is full (a tmpfs of 16 MiB, which only root can mount; elsewhere that part is left out). Compared are the keys, verdicts
and digests of all results with those of an undisturbed run, and the system's own count of its calls. Ends with 1 where
one result differs, or where more calls were made twice than were out when something was killed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.output import Output

LANES = 2
CALLS = 700
CASES = 12
MAIN = [sys.executable, "-m", "crumple", "run"]
SYSTEM = """
import hashlib, os, time

def total(document: bytes) -> dict:
    with open(os.environ["CALLS"], "ab") as file:
        file.write(hashlib.sha256(document).hexdigest().encode() + b"\\n")
    time.sleep(0.03)
    return {"total": document.decode().split("total ")[1].split()[0]}
"""
CONFIGURATION = f"""
[system]
call = "mine:total"
cost = 0.01
version = "1"
[corpus]
path = "corpus"
[mutate]
use = ["text.typos", "encoding.line_endings", "encoding.bom", "encoding.codepage", "truncation.at_boundary",
       "text.case"]
[run]
workers = {LANES}
calls = {CALLS}
"""
FULL_BYTES = 16 << 20


@dataclass
class Project:
    """A folder with a system, its corpus, and what `crumple run` leaves there."""

    root: Path
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.root / "corpus").mkdir(parents=True)
        for number in range(CASES):
            text = (
                f"Invoice {number} of the third of May\nfor seven crates of pears\ntotal {100 + number}.50 to be paid\n"
            )
            (self.root / "corpus" / f"{number:02}.txt").write_text(text)
            (self.root / "corpus" / f"{number:02}.txt.truth.json").write_text(
                json.dumps({"total": f"{100 + number}.50"})
            )
        (self.root / "mine.py").write_text(SYSTEM)
        (self.root / "crumple.toml").write_text(CONFIGURATION)
        (self.root / "calls").touch()

    def start(self) -> subprocess.Popen[str]:
        """Begin or go on."""
        environment = {**os.environ, "CALLS": str(self.root / "calls")}
        return subprocess.Popen(
            MAIN, cwd=self.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def finish(self) -> int:
        """Run to the end; what it said is kept."""
        process = self.start()
        self.said.append(process.communicate()[1])
        return process.returncode

    @property
    def results(self) -> dict[str, tuple[object, ...]]:
        """Key -> all that the store has of it but times, and where the folder is."""
        with contextlib.closing(sqlite3.connect(self.root / ".crumple" / "store.db")) as connection:
            rows = connection.execute(
                "SELECT key, run, case_id, mutator, level, outcome, failure, cost, digest, rest FROM crumple_results"
            ).fetchall()
        assert len({row[0] for row in rows}) == len(rows), "a result is there twice"
        return {row[0]: (*row[1:-1], row[-1].replace(str(self.root), "")) for row in rows}

    @property
    def calls(self) -> Counter[str]:
        """How often the system was given each document, by its own account."""
        return Counter((self.root / "calls").read_text().split())


def until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> bool:
    """Whether it came true before the process ended."""
    while process.poll() is None:
        if condition():
            return True
        time.sleep(0.002)
    return False


def kill_crumple(project: Project, kills: int, draw: random.Random) -> int:
    """Kill it and start it again until it ends by itself, so many times at most; how often it was."""
    done = 0
    while True:
        process = project.start()
        if done >= kills:
            project.said.append(process.communicate()[1])
            return done if process.returncode == 0 else -1
        if draw.random() < 0.2:
            time.sleep(draw.uniform(0, 2))  # while it starts
        else:
            made = (project.root / "calls").stat().st_size
            until(lambda: (project.root / "calls").stat().st_size > made, process)  # noqa: B023 - used at once
            time.sleep(draw.uniform(0, 0.4))
        ended = process.poll() is not None
        process.kill()
        project.said.append(process.communicate()[1])
        if ended:
            return done
        done += 1


def kill_inside(project: Project, kills: int, draw: random.Random, depth: int) -> int:
    """Kill lanes (depth 1) or workers (depth 2) while it runs; how often that was done."""
    process = project.start()
    parent = psutil.Process(process.pid)
    done = 0
    # A clean call whose worker is killed reads as a failure too, and its case is then left out of all that follows.
    until(lambda: len((project.root / "calls").read_bytes().split()) > 2 * CASES, process)
    while done < kills:
        made = (project.root / "calls").stat().st_size
        more = draw.randrange(200, 1200)  # bytes: 3 to 18 calls
        if not until(lambda: (project.root / "calls").stat().st_size > made + more, process):  # noqa: B023
            break
        with contextlib.suppress(psutil.Error):
            lanes = parent.children()
            victims = lanes if depth == 1 else [worker for lane in lanes for worker in lane.children()]
            if victims:
                draw.choice(victims).send_signal(signal.SIGKILL)
                done += 1
    project.said.append(process.communicate()[1])
    return done if process.returncode == 0 else -1


@contextlib.contextmanager
def small_disk(project: Project) -> Iterator[bool]:
    """A file system of its own under `.crumple`; False where it cannot be mounted."""
    folder = project.root / ".crumple"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={FULL_BYTES},mode=700", "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def fill(project: Project, left: int) -> Path:
    """Take all of the small disk but so many bytes."""
    filler = project.root / ".crumple" / "filler"
    space = os.statvfs(filler.parent)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize - left)
    return filler


@dataclass(frozen=True, slots=True)
class Difference:
    """How a disturbed run differs from the undisturbed one: numbers of results, and of calls.

    Attributes:
        missing, more, different: results.
        killed: results, not among those, that say that their worker was killed, as it was.
        again: calls that were made once more.
    """

    missing: int
    more: int
    different: int
    killed: int
    again: int


def compared(whole: Project, other: Project) -> Difference:
    """What became of the run."""
    expected, found = whole.results, other.results

    def said_so(key: str) -> bool:
        return "signal SIGKILL" in str(found.get(key.removeprefix("again/"), ("",))[-1])

    missing, more = expected.keys() - found.keys(), found.keys() - expected.keys()
    different = {key for key in expected.keys() & found.keys() if expected[key][1:] != found[key][1:]}
    killed = {key for key in different if said_so(key)}
    # What failed is called a second time: one failure of another kind, one such call more.
    return Difference(
        len(missing),
        len({key for key in more if not (key.startswith("again/") and said_so(key))}),
        len(different - killed),
        len(killed),
        (other.calls - whole.calls).total(),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="Put the figures into docs/benchmarks.md.")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    output = Output()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="crumple-durability-") as folder:
        whole = Project(Path(folder) / "whole")
        assert whole.finish() == 0, whole.said
        output.say(
            f"An undisturbed run has {len(whole.results):,} results of {whole.calls.total():,} calls, 30 ms each in "
            f"{LANES} lanes. Disturbed ones beside it:"
        )
        heads = ("killed with SIGKILL", "times", "missing", "double or more", "different", "say killed", "called again")
        output.heads(heads, (48, -5, -7, -14, -9, -10, -12))

        def row(name: str, times: int, project: Project, *, again: int, killed: int = 0) -> None:
            nonlocal wrong
            found = compared(whole, project)
            figures = times, found.missing, found.more, found.different, found.killed, found.again
            output.row((name, *map(str, figures)))
            lost = found.missing or found.more or found.different
            if times < 0 or lost or found.again > again or found.killed > killed:
                wrong += 1
                print("\n".join(project.said[-2:]))

        killed = Project(Path(folder) / "killed")
        times = kill_crumple(killed, options.kills, draw)
        # Of each lane one call may be out, and one may have come back and not be on disk.
        row("crumple itself, started again each time", times, killed, again=2 * LANES * times)
        for depth, name in ((1, "a lane"), (2, "a worker")):
            inside = Project(Path(folder) / f"inside{depth}")
            times = kill_inside(inside, max(1, options.kills // 4), draw, depth)
            # A system that is killed from outside cannot be told from one that the kernel kills for its memory.
            row(f"{name}, while crumple goes on", times, inside, again=2 * times, killed=times * (depth == 2))
        full = Project(Path(folder) / "full")
        with small_disk(full) as mounted:
            if mounted:
                filler = fill(full, (4 << 20) + (400 << 10))
                stopped = full.finish()
                filler.unlink()
                ended = full.finish()
                row(
                    "(nothing: a full disk, space freed, run again)",
                    1 if (stopped, ended) == (2, 0) else -1,
                    full,
                    again=0,
                )
                said = full.said[0].strip().splitlines()[-1].replace(folder, "").replace("`", "")
                output.say(f"On the full disk, a tmpfs of 16 MiB: `{said}`")
            else:
                output.say("A full disk was not tried: mounting one is not allowed here.")
    if options.write:
        output.write("durability")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
