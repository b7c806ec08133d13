"""The course of a run that decides a contract: calls go to the limits that are still open. Pure.

Each round takes a block of calls for every open limit: a random part of its mutators, each at a random level on a
random document. What is drawn for one limit counts for every other that it is fairly drawn for too. Which observations
a limit gets never depends on what the same observations show, so that its evidence may be looked at after every round.
"""
