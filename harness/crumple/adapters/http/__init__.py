"""Systems that are HTTP services of any kind: a request for each document, or a job that is followed to its end.

`system` describes one and is its adapter, `templates` makes the requests, `polling` follows jobs.
"""
