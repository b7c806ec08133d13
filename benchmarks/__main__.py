"""Every benchmark, each a table: `python -m benchmarks`. Ends with 1 where one of them misses its limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = (
    "breaking_points",
    "calls",
    "cluster",
    "cluster_memory",
    "compare",
    "costs",
    "deciding",
    "encodings",
    "forecast",
    "fuzz",
    "fuzz_minimising",
    "fuzz_overhead",
    "history",
    "http_calls",
    "isolation",
    "million",
    "nightly",
    "pages",
    "profile",
    "pytest_overhead",
    "pytest_startup",
    "readers",
    "reports",
    "startup",
    "statistics",
    "tables",
    "text_noise",
)


def main() -> int:
    missed = []
    for name in NAMES:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False).returncode:
            missed.append(name)
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall within their limits")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
