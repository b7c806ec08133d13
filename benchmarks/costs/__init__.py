"""What a call costs crumple itself: processor time, bytes on the wire and in the store; docs/scale.md reckons with it.

python -m benchmarks.costs [--quick] [--postgresql URL] [--write]

samples     documents of each kind, each met once, and systems that answer at once
adapters    what calling costs, by the kind of system
kinds       what degrading and judging cost, by the kind of document
wire        what a call costs on Dask, in a network namespace of its own
stored      what the client and the store take
"""
