"""What starting costs: `crumple --help` in CPU seconds, and what `import crumple` brings in.

    python -m benchmarks.startup

Prints medians of 11 starts beside a bare interpreter, and ends with 1 where help takes 0.2 CPU seconds or more or
importing crumple loads cv2 or scipy.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

RUNS = 11
LIMIT = 0.2
HEAVY = ("cv2", "scipy", "numpy", "PIL", "pydantic", "rich")


def cpu(command: list[str]) -> float:
    """The median CPU seconds, user and system, of one process."""
    times = []
    for _ in range(RUNS):
        before = os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(times)


def loaded(statement: str) -> list[str]:
    code = f"{statement}; import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def main() -> int:
    help_seconds = cpu([sys.executable, "-m", "crumple", "--help"])
    print(f"crumple --help                    {help_seconds:.3f} CPU s (limit {LIMIT})")
    print(f"a bare interpreter                {cpu([sys.executable, '-c', 'pass']):.3f} CPU s")
    print(f"import crumple                    {cpu([sys.executable, '-c', 'import crumple']):.3f} CPU s")
    heavy = loaded("import crumple")
    print(f"import crumple loads of {', '.join(HEAVY)}: {', '.join(heavy) or 'none'}")
    return int(help_seconds >= LIMIT or bool({"cv2", "scipy"} & set(heavy)))


if __name__ == "__main__":
    sys.exit(main())
