"""What `crumple compare` promises, and what it takes.

simulated  two systems of which everything is known: how often intervals hold, and a winner is named where there is none
large      two runs of a million calls each in a store: seconds and memory of the command
"""
