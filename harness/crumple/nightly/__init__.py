"""A night: findings again, the baseline's recipes again, some new ones; and what got worse, as sure as was asked for.

baseline        the run that nights are compared with: its calls, and what they were made with; `baseline_file` alone
                reads and writes it
course          which calls a night makes
pairs           the same recipe in the baseline and tonight; what cannot be compared, and why
comparison      which categories got worse, at the rate of false alarms that was asked for
drift           what no single night shows: a test against the last 30
night           what a night came to, as the part "night" of its run's document
"""
