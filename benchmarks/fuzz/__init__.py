"""`crumple fuzz` on systems with one planted bug each, beside fuzzers of bytes.

    python -m benchmarks.fuzz [SYSTEM ...] [--quick] [--calls N] [--seeds N] [--peers] [--json FILE] [--write]

Names choose systems; `--quick` is one seed. `--json` writes every finding with both twins' answers, so that each alarm
can be looked at by eye. For one system alone, while the search is worked on:

    python -m benchmarks.fuzz order_lines --seeds 2 --calls 200 --alarms

`--alarms` prints each finding: whether it is the planted bug, the recipe, and what either twin answered.
"""
