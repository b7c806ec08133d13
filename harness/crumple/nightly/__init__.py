"""A night: findings again, the baseline's recipes again, some new ones; and what got worse, as sure as was asked for.

baseline        the run that nights are compared with: its calls, and what they were made with; `baseline_file` alone
                reads and writes it; `from_run` makes one of a run
course          which calls a night makes; `fixed` says which of the baseline's can be made again
pairs           the same recipe in the baseline and tonight; what cannot be compared, and why
comparison      which categories got worse, at the rate of false alarms that was asked for
drift           what no single night shows: a test against the last 30; `past` is what it knows of a night, `history`
                reads those from the store
amounts         how long calls take, and what they cost
kinds           kinds of failure that are new or gone
changes         what is different from when the baseline was run; `cases` tells one state of a case from another
beside          all of these put together
night           what a night came to, as the part "night" of its run's document
timeline        runs and nights, for `crumple history`
"""
