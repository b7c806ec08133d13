"""Measures and shows what a call costs; see the package's docstring."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.costs import adapters, figures, kinds, stored, wire
from benchmarks.costs.figures import Costs
from benchmarks.costs.samples import KINDS, LOOKED_UP
from benchmarks.output import Output

CALLS, RECORDS, STORED = 2_000, 1_500, 100_000
SMALL, OF_KIND = 600, {"pdf": 120, "png": 120, LOOKED_UP: 30}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--port", type=int, default=8972)
    parser.add_argument("--postgresql", default="", metavar="URL", help="an empty database, to measure its growth")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/")
    asked = parser.parse_args()
    share = 10 if asked.quick else 1
    here = str(Path(__file__).resolve().parents[2])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "calls").mkdir()
        costs = Costs(
            adapters=adapters.measured(root / "calls", asked.port, CALLS // share),
            kinds=[
                kinds.measured(root / ending, kind, OF_KIND.get(ending, SMALL) // share)
                for kind, (_, ending) in KINDS.items()
            ],
            wire=wire.measured(RECORDS // share),
            client=stored.measured(STORED // share, asked.postgresql),
        ).with_missing(figures.known())
    output = Output()
    figures.show(costs, output)
    if asked.write:
        output.write("costs")
        figures.keep(costs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
