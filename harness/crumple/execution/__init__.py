"""Execution: lanes, crumple's own processes, that degrade and judge; how work gets to them and results back."""
