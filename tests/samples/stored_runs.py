"""A run in a store of its own, put there as a run puts it there, without a system being called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crumple.events import RoundEnded
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.store import open_store
from documents_of_runs import run as document_of_run

ID = "20260101-000000-abcd"
TEXTS = {
    "fingerprint": "crashed ValueError at reader.py:total: float(text)",
    "cause": "ValueError: could not convert string to float: 'IBAN 4711'",
    "expected": '{"/total": 119.0}',
    "answer": '{"/total": "=1+1"}',
}


def clean(case: str = "a.csv", **more: Any) -> Result:
    return result(f"clean/{case}/0", case, round=-1, **more)


def degraded(key: str, case: str = "a.csv", *, mutator: str = "encoding.bad_bytes", **more: Any) -> Result:
    """A call of a round, by its key "ROUND/MUTATOR/0/0"."""
    step = Step(mutator, (("share", 0.01),), 7)
    work = {"round": int(key.partition("/")[0]), "mutator": mutator, "level": 3.0, "recipe": Recipe((step,))}
    return result(key, case, **{**work, **more})


def result(
    key: str,
    case: str = "a.csv",
    *,
    outcome: Outcome | None = Outcome.RIGHT,
    failure: bool = False,
    score: float = 1.0,
    wrong: tuple[str, ...] = (),
    fingerprint: str = "",
    **more: Any,
) -> Result:
    asked = {name: more.pop(name) for name in ("round", "mutator", "level", "recipe") if name in more}
    verdict = Verdict(outcome, failure, score, wrong, (), fingerprint) if outcome is not None else None
    told = {"seconds": 0.5, "attempts": 1, "digest": "ab" * 16} if verdict else {}
    return Result(Work(0, case, key=key, **asked), verdict, **{**told, **more})


def failing(key: str, case: str = "a.csv", **more: Any) -> Result:
    """A call of a round that failed with texts of a document."""
    return degraded(key, case, outcome=Outcome.CRASHED, failure=True, score=0.0, **{**TEXTS, **more})


def stored(
    root: Path,
    results: Sequence[Result],
    rounds: Mapping[int, Sequence[str]],
    document: Mapping[str, Any] | None = None,
    *,
    ended: bool = True,
    location: str | None = None,
    run: str = ID,
) -> None:
    """Store a run.

    Args:
        root: of the project.
        results: all of them.
        rounds: those that are whole -> the keys that count in them.
        document: the run's; {}: none is written.
        ended: whether it ended, or was interrupted.
        location: of the store.
        run: its id.
    """
    store = open_store(location, root)
    try:
        with store.resume_or_begin({"configuration": run}, {"id": run}, fresh=True) as record:
            record.save(results)
            by_key = {each.work.key: each for each in results}
            for number, keys in rounds.items():
                record.add(RoundEnded(number, [by_key[key] for key in keys], len(keys)))
            made = document_of_run() if document is None else dict(document)
            if made:
                made["run"] = {**made.get("run", {}), "id": run}
                (record.end if ended else record.interrupt)(made)
    finally:
        store.close()
