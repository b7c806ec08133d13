"""A project with findings, and what a search would tell of it, without a search."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from pathlib import Path

from crumple.case import Corpus
from crumple.config.loading import Config, load
from crumple.corpora import folder
from crumple.discretion import Discretion
from crumple.events import Discovered, Discovery
from crumple.findings.finding import Change, Finding, Minimising, Seen
from crumple.findings.keeping import Keeping
from crumple.mutation.apply import degrade
from crumple.mutation.registry import Registry, discover
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result, Work

TODAY = dt.date(2026, 3, 1)
INFO = {"id": "20260301-1", "versions": {"crumple": "0.1.0", "python": "3.11", "numpy": "2"}, "system": "v7"}
BOM, ENDINGS = "encoding.json_bom(seed=1)", 'encoding.line_endings(ending="cr",seed=1)'

SYSTEM = """
import json

class Unreadable(Exception): pass

def read(document: bytes) -> dict:
    return json.loads(document.decode())
"""


def project(where: Path, *, system: str = SYSTEM, more: str = "") -> Path:
    """A system that reads JSON, and two documents of it."""
    (where / "corpus").mkdir()
    for name, total in (("a", 10.5), ("b", 20.25)):
        content = f'{{\n "total": {total},\n "customer": "Mrs Secretive"\n}}\n'
        (where / "corpus" / f"{name}.json").write_text(content, encoding="utf-8")
        (where / "corpus" / f"{name}.json.truth.json").write_text(content, encoding="utf-8")
    (where / "mine.py").write_text(system, encoding="utf-8")
    (where / "crumple.toml").write_text(
        f'[system]\ncall = "mine:read"\nrefuses = ["mine.Unreadable"]\nspare = 0\n[corpus]\npath = "corpus"\n'
        f'[mutate]\nuse = ["encoding"]\n[run]\nworkers = 1\n{more}',
        encoding="utf-8",
    )
    return where


@functools.cache
def registry() -> Registry:
    return discover()


def corpus(where: Path) -> Corpus:
    return folder(where / "corpus")


def keeping(
    where: Path, *, secrets: dict[str, str] | None = None, today: dt.date = TODAY, config: str = "crumple.toml"
) -> Keeping:
    loaded: Config = load(where / config, secrets)
    discretion = Discretion(secrets=loaded.secrets, redact=loaded.settings.privacy.redact)
    kept = Keeping(loaded, corpus(where), registry(), discretion, today=lambda: today)
    kept.known()
    kept.begin(INFO)
    return kept


def failure(where: Path, recipe: str = BOM, case: str = "a.json", *, mark: str = "", cause: str = "") -> Result:
    """What came of a call that crashed, as a lane would tell it."""
    steps = Recipe.parse(recipe)
    document = degrade(corpus(where).load(case), steps, registry().mutators).document
    return Result(
        Work(1, case, steps),
        Verdict(Outcome.CRASHED, failure=True, fingerprint=mark or "crashed ValueError at mine.py:read"),
        cause=cause or "ValueError: Mrs Secretive has no total",
        detail=f'Traceback (most recent call last):\n  File "{where}/mine.py", line 7, in read\n    return 1\n'
        "ValueError: Mrs Secretive has no total",
        digest=document.digest,
    )


def discovery(first: Result, *, state: str = "minimised", example: Result | None = None, **more: object) -> Discovered:
    assert first.verdict is not None
    mark = (first.verdict.fingerprint,)
    found = Discovery(number=0, state=state, fingerprints=mark, first=first, example=example or first)
    return Discovered(replace(replace(found, tries=2, failed=2, calls=5), **more))  # type: ignore[arg-type]  # of several kinds


def finding(name: str, recipe: str, mark: str, case: str = "a.json", **more: object) -> Finding:
    """A finding of a wrong answer, as it would be read."""
    made = Finding(
        id=name,
        case=case,
        recipe=Recipe.parse(recipe),
        fingerprints=(mark,),
        outcome="wrong",
        wrong=("/total",),
        first_seen=Seen(date=TODAY, run="one"),
        last_seen=Seen(date=TODAY, run="one", count=1),
        minimised=Minimising(state="minimised", calls=5, tries=2, failed=2),
        history=(Change(state="open", when=TODAY, why="found"),),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # attributes of several kinds
