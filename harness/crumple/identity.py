"""What must agree for an unfinished run to be gone on with: a digest for each thing that its calls depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crumple import corpora
from crumple.adapters import versions
from crumple.case import Corpus, Versioned
from crumple.config.loading import Config
from crumple.execution.ingredients import libraries, own_functions, sources
from crumple.plan import Plan, population

# What [run] says changes which calls are made in two points alone; where and how fast they are made is another matter.
# A contract and a mix change them only where they choose them, and then they are in what a course says of itself.
_LEFT_OUT = ("run", "storage", "privacy", "contract", "mix", "nightly")


def identity_of(config: Config, plan: Plan, system: str, asked: str = "") -> Mapping[str, str]:
    """What a run is, in a few digests by name; two runs that agree in all of them make the same calls.

    Args:
        config: as it was written, so that nothing from the environment is in a digest.
        plan: what the command line changed is in it.
        system: its version.
        asked: what else the rounds depend on, as `Course.asked` says.
    """
    written = {name: each for name, each in config.source.data.items() if name not in _LEFT_OUT}
    modules = [each.module for each in (*plan.registry, *plan.controls)]
    drawn = [plan.levels, plan.seed, plan.calls, plan.repeat, sorted(plan.registry.mutators), asked]
    return {
        "configuration": _digest(written, drawn),
        "corpus": _digest_of(corpora.version(plan.corpus), _described(plan.corpus)),
        "the cases drawn": _digest_of("", map(repr, population(plan))),
        "the judge": _digest(*_judging(config)),
        "mutators": _digest(*(f"{top} {digest}" for top, digest in sources(modules, config.root))),
        "crumple and its libraries": _digest(dict(libraries())),
        "the system's version": _digest(system),
    }


def _described(corpus: Corpus) -> Iterator[str]:
    """What its cases say of themselves, where it says nothing of its own state."""
    if not isinstance(corpus, Versioned) and not corpora.streamed(corpus):
        yield from map(repr, corpus.entries())


def _judging(config: Config) -> Iterator[str]:
    """A digest of each file of the user's own that says what an answer is: its score, a refusal, its cost."""
    system = config.source.data.get("system", {})
    own = [system.get(name) for name in ("refuses", "cost")] if isinstance(system, Mapping) else []
    for word, digest in own_functions([config.source.data.get("judge"), *own], config.root):
        yield f"{word} {digest}"
    if config.settings.judge.json_schema is not None:
        yield f"schema {versions.of_files([config.root / config.settings.judge.json_schema])}"


def _digest(*values: Any) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _digest_of(first: str, others: Iterable[str]) -> str:
    """The digest of a text and a list of others, of which there may be a million: they are never a list."""
    found = hashlib.blake2b(f"[{json.dumps(first)}, [".encode(), digest_size=16)
    for number, each in enumerate(others):
        found.update(f"{', ' * bool(number)}{json.dumps(each)}".encode())
    found.update(b"]]")
    return found.hexdigest()
