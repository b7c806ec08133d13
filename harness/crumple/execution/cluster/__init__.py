"""Calls carried out by a Dask cluster: the scheduling is Dask's, the isolation stays crumple's own.

A Dask task is a batch of calls. The Dask worker that gets it passes it to a lane of its own, a process beside it, and
the lane has the worker that holds the system; whatever the system does to its process never reaches Dask's, so that
Dask does not carry a killer from one of its workers to the next.

    connection      to a scheduler, or to a small cluster that is started for the run; what it lacks is said
    lanes           the executor: batches go out, results come back as they end
    batches         how many calls make a batch (pure)
    host            on a Dask worker: its lanes, kept from batch to batch
    tasks           what Dask carries out, on the worker's side
"""
