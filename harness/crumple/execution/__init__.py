"""Execution: lanes that degrade and judge, and the workers that hold the system.

Two layers share this room. Below the adapters stand `worker`, `frames`, `limits`, `descendants`, `memory`, `process`
and `workers`: one system's process, started, spoken to, watched and ended. Above them stand `spec`, `wire`, `bench`,
`lane` and `local`: crumple's own processes, and how work gets to them.
"""
