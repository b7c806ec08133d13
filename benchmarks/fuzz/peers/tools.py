"""How each tool makes documents out of clean ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Call: TypeAlias = Callable[[str, bytes], bool]
"""Told a clean document's name and what was made of it; false where no further one is wanted."""

_RATIOS = (0.0001, 0.0004, 0.001, 0.004, 0.02)


class MissingError(Exception):
    """The tool is not there; the reason."""


def radamsa(documents: Mapping[str, bytes], seed: int, call: Call, _: Path) -> None:
    """Radamsa 0.6 as a library, in turns over the documents."""
    try:
        from pyradamsa import Radamsa  # type: ignore[import-not-found]  # in a folder of its own
    except ImportError as error:
        raise MissingError("pyradamsa is not installed") from error
    made = Radamsa()
    names = list(documents)
    at = 0
    while call(name := names[at % len(names)], made.fuzz(documents[name], seed=seed * 1_000_000 + at)):
        at += 1


def zzuf(documents: Mapping[str, bytes], seed: int, call: Call, folder: Path) -> None:
    """Zzuf: flips bits, at one of five ratios."""
    program = shutil.which("zzuf") or shutil.which(folder / "zzuf" / "usr" / "bin" / "zzuf")
    if program is None:
        raise MissingError("zzuf is not installed")
    names = list(documents)
    at, wanted = 0, True
    while wanted:
        name = names[at % len(names)]
        words = [program, f"-s{seed * 1_000_000 + at}", f"-r{_RATIOS[at % len(_RATIOS)]}"]
        made = subprocess.run(words, input=documents[name], stdout=subprocess.PIPE, check=True).stdout
        wanted = call(name, made)
        at += 1


def hypothesis(documents: Mapping[str, bytes], seed: int, call: Call, _: Path) -> None:
    """Hypothesis: up to four edits of a clean document, each at a place, of a length, by bytes or a text."""
    from hypothesis import HealthCheck, Phase, given, settings, strategies
    from hypothesis import seed as seeded

    longest = max(map(len, documents.values()))
    texts = strategies.text(max_size=12).map(lambda text: text.encode("utf-8", "replace"))
    put = strategies.one_of(strategies.binary(max_size=12), texts)
    edit = strategies.tuples(strategies.integers(0, longest), strategies.integers(0, 12), put)
    wanted = True

    def one(name: str, edits: list[tuple[int, int, bytes]]) -> None:
        nonlocal wanted
        data = documents[name]
        for at, gone, instead in edits:
            data = data[:at] + instead + data[at + gone :]
        wanted = wanted and call(name, data)

    drawn = given(strategies.sampled_from(sorted(documents)), strategies.lists(edit, min_size=1, max_size=4))
    while wanted:
        test: Callable[[], None] = settings(
            max_examples=500,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(drawn(one))
        seeded(seed)(test)()
        seed += 1_000


def atheris(documents: Mapping[str, bytes], seed: int, call: Call, folder: Path) -> None:
    """Atheris (libFuzzer), led by the coverage of the system; its first document alone, for truths do not mix."""
    try:
        import atheris as tool  # type: ignore[import-untyped]  # in a folder of its own
    except ImportError as error:
        raise MissingError("atheris is not installed") from error
    name = sorted(documents)[seed % len(documents)]
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / name).write_bytes(documents[name])

    def one(data: bytes) -> None:
        if not call(name, bytes(data)):
            sys.stdout.flush()
            raise SystemExit(0)

    limits = ("-max_len=65536", "-rss_limit_mb=0", "-timeout=0", f"-artifact_prefix={folder}/")
    tool.Setup(["fuzz", f"-seed={seed + 1}", *limits, str(corpus)], one)
    tool.Fuzz()


TOOLS: Mapping[str, Callable[[Mapping[str, bytes], int, Call, Path], Any]] = {
    "radamsa": radamsa,
    "zzuf": zzuf,
    "hypothesis": hypothesis,
    "atheris": atheris,
}
