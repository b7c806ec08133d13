"""How often `crumple compare` is right, and what it takes for two runs of a million calls each.

    python -m benchmarks.compare [--quick] [--seed N] [--calls N] [--postgresql URL] [--write]

First two systems are simulated on the same documents: with so many pairs, a share of which only one of the two fails.
Prints how often Tango's 95 % interval holds the true difference, beside the plain (Wald) one, and how often a
comparison of six categories without any difference says "better" or "worse" anywhere, also where the runs were stopped
by what they had shown. Then two large runs are compared from a store, in a process of its own. Ends with 1 where
something is wrong more often than promised, beyond what the number of repetitions can tell, or where the figures take
60 CPU s or 500 MB.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from benchmarks.compare.large import CALLS, large
from benchmarks.compare.simulated import coverage, winners
from benchmarks.output import Output


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the repetitions, and of the calls a tenth")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--calls", type=int, default=CALLS, metavar="N", help="of each of the large runs")
    parser.add_argument("--postgresql", default="", metavar="URL", help="an empty database, beside SQLite")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("--write takes all of it, in full")
    output, rng = Output(), np.random.default_rng(options.seed)
    missed = [*coverage(output, rng, 1_000 if options.quick else 5_000)]
    missed += winners(output, rng, 100 if options.quick else 500)
    missed += large(output, options.calls // (10 if options.quick else 1), options.postgresql)
    if options.write:
        output.write("compare")
    for each in missed:
        print(each, file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
