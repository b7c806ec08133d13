"""Figures, each by a command that anybody can run: `python -m benchmarks.NAME`."""
