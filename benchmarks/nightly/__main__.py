"""How often a night wakes somebody for nothing, and how soon it sees what got worse, by simulation.

    python -m benchmarks.nightly [--quick] [--seed N] [--only quiet|power] [--write]

Ends with 1 where quiet nights wake somebody more often than was asked for, beyond what their number can tell.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from benchmarks.nightly import power, quiet
from benchmarks.output import Output

PARTS = {"quiet": quiet.measure, "power": power.measure}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=sorted(PARTS))
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("--write takes all repetitions")
    missed: list[str] = []
    for name, measure in PARTS.items():
        if options.only in (None, name):
            output = Output()
            missed += measure(output, np.random.default_rng([options.seed, len(name)]), 10 if options.quick else 1)
            if options.write:
                output.write(f"nightly --only {name}")
    print("\n".join(["", *missed]) if missed else "\nall within their limits")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
