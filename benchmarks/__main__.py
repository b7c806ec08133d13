"""Every benchmark, each a table: `python -m benchmarks`. Ends with 1 where one of them misses its limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    missed = []
    for script in sorted(HERE.glob("[a-z]*.py")):
        print(f"\n== {script.stem}", flush=True)
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            missed.append(script.stem)
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall within their limits")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
