"""What a degraded document costs in a marked test beside making it, in CPU seconds for 10,000.

    python -m benchmarks.pytest_overhead [--write]

A test that does nothing is called for 10,000 degraded CSV files. The same documents are then made once more by
`degraded_case` alone, in the same process, and that, and what a session of ten documents takes, is subtracted. Beside
it 10,000 parametrised tests that do nothing, less a session of ten: 6.2 CPU seconds on a quiet machine, where the limit
for documents is 4. Ends with 1 where documents take a larger part than that of what parametrised tests take in one run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.output import Output

COUNT = 10_000
LIMIT = 4.0 / 6.2
TEST = """import pytest

@pytest.mark.crumple(corpus="corpus", use=["encoding", "table", "text"], calls={count})
def test_nothing(degraded):
    pass
"""
PARAMETRISED = """import pytest

@pytest.mark.parametrize("number", range({count}))
def test_nothing(number):
    pass
"""
# Loaded as a plugin: notes what was made, and makes it again when the session is over.
NOTING = """import json, os, time

made = []

def pytest_configure(config):
    if os.environ.get("ALONE"):
        from crumple.pytest_plugin import in_process
        before = in_process.degraded_case

        def noted(case, recipe, registry, **more):
            made.append((case, recipe, registry, more["level"]))
            return before(case, recipe, registry, **more)

        in_process.degraded_case = noted

def pytest_unconfigure(config):
    if not made:
        return
    from crumple.degraded import degraded_case
    from crumple.errors import NotApplicable
    from crumple.mutation.cache import ViewCache

    cache, began = ViewCache(), time.process_time()
    for case, recipe, registry, level in made:
        try:
            degraded_case(case, recipe, registry, level=level, cache=cache)
        except NotApplicable:
            pass
    with open(os.environ["ALONE"], "w") as file:
        json.dump([len(made), time.process_time() - began], file)
"""


def session(folder: Path, test: str, *options: str, alone: str = "") -> float:
    """The CPU seconds of one session of pytest, its workers included, without what it made again."""
    (folder / "test_it.py").write_text(test, "utf-8")
    path = folder / "alone.json"
    path.unlink(missing_ok=True)
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    env |= {"ALONE": str(path)} if alone else {}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "noting", *options, "test_it.py"]
    before = os.times()
    done = subprocess.run(command, check=False, cwd=folder, env=env, capture_output=True, text=True)
    after = os.times()
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds - (again(folder)[1] if alone else 0.0)


def again(folder: Path) -> tuple[int, float]:
    """How many documents were made, skips included, and the CPU seconds of making them once more."""
    count, seconds = json.loads((folder / "alone.json").read_text("utf-8"))
    return int(count), float(seconds)


def corpus(folder: Path) -> None:
    """Twenty small CSV files."""
    folder.mkdir()
    for number in range(20):
        rows = [f"Müller {number} {at},2024-0{at + 1}-17,{number * 7 + at}.50" for at in range(8)]
        (folder / f"{number:02}.csv").write_text("name,date,amount\n" + "\n".join(rows) + "\n", "utf-8")


def main() -> int:
    output, rows = Output(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus(folder / "corpus")
        (folder / "noting.py").write_text(NOTING, "utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        session(folder, TEST.format(count=10))  # whatever is to be compiled is now
        few = session(folder, TEST.format(count=10))
        whole = session(folder, TEST.format(count=COUNT), alone="noted")
        tried, seconds = again(folder)
        overhead = whole - few - seconds
        rows.append([f"{COUNT:,} degraded documents in a test", f"{whole:.2f}", f"{overhead:.2f}"])
        rows.append([f"of that, `degraded_case` alone ({tried:,} tries)", f"{seconds:.2f}", ""])
        spread = session(folder, TEST.format(count=COUNT), "-n", "2")
        idle = session(folder, TEST.format(count=10), "-n", "2")
        rows.append(["the same with pytest-xdist, -n 2", f"{spread:.2f}", f"{spread - idle - seconds:.2f}"])
        some, many = (session(folder, PARAMETRISED.format(count=count)) for count in (10, COUNT))
        rows.append([f"{COUNT:,} parametrised tests", f"{many:.2f}", f"{many - some:.2f}"])
    output.say(
        f"A test that does nothing ({os.cpu_count()} cores): documents take {overhead / (many - some):.2f} of what "
        f"parametrised tests take in the same run; the limit is {LIMIT:.2f}."
    )
    output.table(["session", "CPU s", "over degradation and start"], rows)
    if "--write" in sys.argv:
        output.write("pytest_overhead")
    return int(overhead > LIMIT * (many - some))


if __name__ == "__main__":
    sys.exit(main())
