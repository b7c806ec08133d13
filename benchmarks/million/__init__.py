"""A run of a million calls as its client carries it out: what it costs, what it holds in memory, what it leaves.

run        a whole run in a process of its own: engine, store, tally and ledger, over calls that no system was made for
__main__   runs of it beside each other, and what the commands that read them take: the tables
"""
