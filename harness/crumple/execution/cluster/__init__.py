"""Calls carried out by a Dask cluster: the scheduling is Dask's, the isolation stays crumple's own.

A Dask task is a batch of calls. The Dask worker that gets it passes it to a lane of its own, a process beside it, and
the lane has the worker that holds the system; whatever the system does to its process never reaches Dask's, so that
Dask does not carry a killer from one of its workers to the next.

    address         whether a scheduler answers there
    connection      to a scheduler, or to a small cluster that is started for the run; what it lacks is said
    apart           what keeps Ctrl-C from the processes of that small cluster
    silence         Dask's own log lines, left out
    workers         the Dask workers that can make calls: told what the run is, and tried, before they get any
    unfit           one that cannot, and why
    lanes           the executor: batches go out, results come back as they end
    batches         how many calls make a batch (pure)
    shares          what lanes of several machines share, and what they cannot (pure)
    doubts          calls to a service that must be made once more, alone
    shipping        how a task reaches a worker that may have no crumple
    packing         what travels, as bytes
    tasks           what Dask carries out, on the worker's side
    host            there: its lanes, kept from batch to batch
"""
