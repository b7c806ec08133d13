"""Another crumple: takes a run, stores one result, says so, and holds the run until it is killed or told to end."""

import sys
from pathlib import Path

from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.store import open_store

location, root, name, key = sys.argv[1:]
store = open_store(location or None, Path(root))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


with store.resume_or_begin({"configuration": "c"}, {"id": name}, say=say) as record:
    record.save([Result(Work(1, "a", key=key), Verdict(Outcome.RIGHT, failure=False), attempts=1)])
    say(f"holds {record.id}")
    sys.stdin.readline()
    record.end({})
