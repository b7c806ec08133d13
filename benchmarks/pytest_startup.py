"""What the pytest plugin costs a project that does not use it: CPU seconds of a session with and without it.

    python -m benchmarks.pytest_startup

Prints medians of 21 sessions each, one after the other in turn, and their ratio; ends with 1 where the plugin costs
more than 5 % of a session that hardly does anything.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

RUNS = 21
LIMIT = 1.05
_WITHOUT = ("-p", "no:crumple")
_SUITE = (
    "import pytest\n\n@pytest.mark.parametrize('number', range(200))\ndef test_own(number):\n    assert number >= 0\n"
)


def cpu(folder: Path, arguments: Sequence[str]) -> float:
    """CPU seconds, user and system, of one session."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> int:
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_own.py").write_text(_SUITE, encoding="utf-8")
        print(f"{'':24}{'with':>8}{'without':>9}{'ratio':>8}   CPU s, medians of {RUNS}")
        for said, arguments in (("pytest --version", ["--version"]), ("pytest, 200 tests", [])):
            pairs = [(cpu(folder, arguments), cpu(folder, [*_WITHOUT, *arguments])) for _ in range(RUNS)]
            ours, others = (statistics.median(each) for each in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            worst = max(worst, ratio)
            print(f"{said:24}{ours:8.3f}{others:9.3f}{ratio:8.3f}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
