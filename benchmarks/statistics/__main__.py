"""Coverage, false alarms and calls, by simulation.

    python -m benchmarks.statistics [--quick] [--seed N] [--only streams|groups|amounts|species] [--write]

Prints how many calls a limit of "at most 5 %" takes at true rates from 0.5 to 20 %, watched after every round of 8, and
how often that is wrong; what bounds of documents like these cover where versions of one document fail together; what
bounds of production's rate, of quantiles, of means and of scores cover; and how far the chance of a new kind of failure
can be trusted. Ends with 1 where something is wrong more often
than promised, beyond what the number of repetitions can tell, or takes more calls than the limits below.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from benchmarks.output import Output
from benchmarks.statistics import amounts, groups, species, streams

PARTS = {"streams": streams.measure, "groups": groups.measure, "amounts": amounts.measure, "species": species.measure}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=sorted(PARTS))
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and (options.only or options.quick):
        parser.error("--write takes all of it, in full")
    output, missed = Output(), []
    for name, measure in PARTS.items():
        if options.only in (None, name):
            generator = np.random.default_rng([options.seed, len(name)])
            missed += measure(output, generator, 10 if options.quick else 1)
    if options.write:
        output.write("statistics")
    print("\n".join(["", *missed]) if missed else "\nall within their limits")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
