"""Two runs side by side, paired: the same document degraded alike, given to two systems, or to two versions of one.

sides        a run as one side of a comparison: what it called, and why it made no call of the other's
comparable   whether two runs can be held against each other, and what differs between them
pairing      the same call in both, read case by case; what has no partner, and why
ends         how the same call ended in both
sums         all cases, added up as they are read
standing     which of the two fails less, by category, and what it would take to tell
telling      the documents that say most, out of however many, and what fails in both
document     all of it as one document, `"kind": "comparison"`
other_run    what another run has called
calls_of     the recipes of another run, as the course of a new one
"""
