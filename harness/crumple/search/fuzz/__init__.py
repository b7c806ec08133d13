"""The course of `crumple fuzz`: recipes that nobody listed, where new kinds of failure keep turning up. Pure.

course          rounds: known findings first, then what is made smaller and what explores; what is told of them
replaying       findings that are known are called again
errands         discoveries are made smaller, many abreast
exploring       what is tried next: `arms` (mutators, and how they have fared) in `pools` (kinds of documents), drawn by
                `chances`
discoveries     failures by their cause: `causes` says which have one, `messages` what differs from call to call
minimising      one failure, call by call (`asking`, `trials`): `reproducing`, then the fewest `steps`, the simplest of
                `cases`, the lowest `levels`, the fewest `changes`, while it is the same (`likeness`); `minimised` is
                what that comes to
"""

from crumple.search.fuzz.course import Fuzzing as Fuzzing
from crumple.search.fuzz.course import Search as Search
