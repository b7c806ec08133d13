"""Text noise beside other libraries: 1 MB as paragraphs, 1 MB on one line, and 10,000 documents of 1 KB.

    python -m benchmarks.text_noise [--rounds 5] [--only PATTERN] [--peers PYTHON] [--write]

Prints, for 5 % of the characters, CPU medians on one thread: megabytes a second of the long texts, and documents a
second of the short ones; of crumple's the whole `Mutator.apply`, with what is lost. Ends with 1 where noise takes one
line for slower than 0.7 times the paragraphs, byte for byte.

Peers do the same kind of noise at the same share. They are measured where they can be imported, in an environment of
their own, since they bring half of the machine-learning world along; none of them needs crumple:

    python -m venv .venv-noise && .venv-noise/bin/pip install nlpaug textnoisr badgers
    python -m benchmarks.text_noise --peers .venv-noise/bin/python --write

A peer that does not finish a text within 60 seconds is said to have taken longer. With --write the table replaces the
one in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from statistics import median

RATE, LONG, SHORT, DOCUMENTS = 0.05, 1_000_000, 1_000, 10_000
SAMPLE, LONGEST, EVEN = 300, 60, 0.7
HERE = Path(__file__)
LIBRARIES = ("nlpaug", "textnoisr", "badgers")
_WORDS = """
    the goods left our works on time but haulier had to unload lorry twice two of five pallets were damaged way
    replacement is being made you will have it by October at latest and we bear cost second journey if anything
    unclear please call us between nine thank for letter which reached beginning week contract maintenance heating
    system ends this year conditions remain same only hourly rate rises slightly invoice number customer total
"""
WORDS = _WORDS.split()

Noise = Callable[[str], object]
# What crumple's mutators are compared with: mutator -> library -> what it calls it.
COMPARED = {
    "text.keyboard": {"nlpaug": "KeyboardAug", "textnoisr": "substitute"},
    "text.ocr": {"nlpaug": "OcrAug"},
    "text.insert": {"nlpaug": "RandomCharAug insert", "textnoisr": "insert"},
    "text.delete": {"nlpaug": "RandomCharAug delete", "textnoisr": "delete"},
    "text.swap": {"nlpaug": "RandomCharAug swap", "textnoisr": "swap", "badgers": "SwapLettersGenerator"},
    "text.leet": {"badgers": "LeetSpeakGenerator"},
    "text.double": {},
    "text.typos": {},
    "text.phonetic": {},
}


def prose(length: int, *, seed: int = 1) -> str:
    """Paragraphs of sentences of business words."""
    state, pieces, size = seed, [], 0
    while size < length:
        state = (state * 1103515245 + 12345) % 2**31
        word = WORDS[(state >> 8) % len(WORDS)]
        end = ".\n\n" if state % 97 == 0 else ". " if state % 11 == 0 else " "
        pieces.append(f"{state % 1000}{end}" if state % 23 == 0 else word + end)
        size += len(pieces[-1])
    return "".join(pieces)[:length]


def texts() -> dict[str, list[str]]:
    """What is measured, and what is degraded for it."""
    paragraphs = prose(LONG)
    short = [prose(SHORT, seed=seed) for seed in range(SAMPLE)]
    return {"paragraphs": [paragraphs], "one line": [paragraphs.replace("\n", " ")], "1 KB": short}


class TooLongError(Exception):
    """A call did not end in time."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Break off what takes longer, where the platform can."""

    def late(number: int, frame: object) -> None:
        raise TooLongError

    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, late)
        signal.alarm(seconds)
    try:
        yield
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)


def measured(noise: Noise, rounds: int) -> dict[str, float | str]:
    """Characters a second of each kind of text, or why there is no figure; the kinds take turns."""
    kinds = texts()
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    failed: dict[str, float | str] = {}
    for _ in range(rounds + 1):  # what is made on first use is not measured
        for kind, values in kinds.items():
            if kind in failed or sum(taken[kind]) > LONGEST:
                continue
            try:
                with limited(LONGEST):
                    start = time.process_time()
                    for value in values:
                        noise(value)
                    taken[kind].append(time.process_time() - start)
            except TooLongError:
                failed[kind] = f"over {LONGEST} s"
            except Exception as error:  # noqa: BLE001 - whatever a peer raises is its result
                failed[kind] = f"fails: {type(error).__name__}"
    return {
        kind: failed.get(kind) or sum(map(len, kinds[kind])) / median(spent[1:] or spent)
        for kind, spent in taken.items()
    }


# ------------------------------------------------------------------------------------------------ crumple


def ours(pattern: str, rounds: int) -> dict[str, dict[str, float | str]]:
    """Crumple's figures, by mutator."""
    from crumple import Text
    from crumple.mutation.registry import discover
    from crumple.recipe import Step

    found = {}
    for name in COMPARED:
        if not fnmatch(name, pattern):
            continue
        mutator = discover().get(name)
        seeds = iter(range(10**9))

        def noise(value: str, name: str = name, seeds: Iterator[int] = seeds) -> object:
            step = Step(name, ((mutator.parameter, RATE),), next(seeds))  # noqa: B023 - called within this turn
            return mutator.apply(Text(value), step)  # noqa: B023

        found[name] = measured(noise, rounds)
    return found


# -------------------------------------------------------------------------------------------------- peers


def peer(library: str, operation: str) -> Noise:
    """An operation of another library at the same share of characters."""
    if library == "textnoisr":
        from textnoisr.noise import CharNoiseAugmenter

        return CharNoiseAugmenter(noise_level=RATE, actions=(operation,), seed=1).add_noise
    if library == "nlpaug":
        import nlpaug.augmenter.char as chars

        name, _, action = operation.partition(" ")
        how = {"aug_char_p": RATE, "aug_char_min": 0, "aug_char_max": None, "aug_word_p": 1, "aug_word_max": None}
        return getattr(chars, name)(**how, **({"action": action} if action else {})).augment
    return _badgers(operation)


def _badgers(operation: str) -> Noise:
    """Its generators take words, so cutting the text and joining it again is part of the work.

    A word is hit once or not at all, so that six times the share of words is the share of characters.
    """
    from badgers.generators.text import typos

    generator = getattr(typos, operation)()
    how = {"SwapLettersGenerator": "swap_proba", "LeetSpeakGenerator": "replacement_proba"}[operation]

    def noise(value: str) -> object:
        words, _ = generator.generate(
            value.split(" "), None, **{how: 6 * RATE if operation.startswith("Swap") else RATE}
        )
        return " ".join(words)

    return noise


def of_peers(rounds: int) -> dict[str, dict[str, dict[str, float | str]]]:
    """The peers' figures, by mutator and library, and their versions under ""."""
    found: dict[str, dict[str, dict[str, float | str]]] = {"": {"": {}}}
    for library in LIBRARIES:
        try:
            found[""][""][library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
        for name, peers in COMPARED.items():
            if library in peers:
                try:
                    noise = peer(library, peers[library])
                except Exception as error:  # noqa: BLE001 - whatever a peer raises is its result
                    found.setdefault(name, {})[library] = {"paragraphs": f"fails: {type(error).__name__}"}
                    continue
                found.setdefault(name, {})[library] = measured(noise, rounds)
    return found


# -------------------------------------------------------------------------------------------------- table


def rows(
    mine: dict[str, dict[str, float | str]], theirs: dict[str, dict[str, dict[str, float | str]]]
) -> tuple[list[list[str]], list[str]]:
    """The table, and the mutators that are slower on one line."""
    table, slower = [], []
    for name, figures in mine.items():
        line, paragraphs = figures["one line"], figures["paragraphs"]
        if isinstance(line, float) and isinstance(paragraphs, float) and line < EVEN * paragraphs:
            slower.append(name)
        table.append([name, "crumple", *_shown(figures)])
        for library, found in theirs.get(name, {}).items():
            table.append(["", f"{library} {COMPARED[name][library]}", *_shown(found)])
    return table, slower


def _shown(figures: dict[str, float | str]) -> list[str]:
    def cell(kind: str) -> str:
        each = figures.get(kind, "")
        if isinstance(each, str):
            return each
        return (
            f"{each / SHORT:,.0f}" if kind == "1 KB" else f"{each / 1e6:,.2g}" if each < 1e7 else f"{each / 1e6:,.0f}"
        )

    return [cell(kind) for kind in ("paragraphs", "one line", "1 KB")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutators whose name matches")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="the interpreter that has the peers")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--as-peers", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.as_peers:
        print(json.dumps(of_peers(given.rounds)))
        return 0
    from benchmarks.output import Output  # not in the peers' environment

    mine = ours(given.only, given.rounds)
    command = [given.peers, str(HERE), "--as-peers", "--rounds", str(given.rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    versions = theirs.pop("", {}).get("", {})
    heads = ["5 % of characters", "", "1 MB paragraphs, MB/s", "1 MB on one line, MB/s", "1 KB documents a second"]
    table, slower = rows(mine, theirs)
    output = Output()
    output.table(heads, table)
    named = ", ".join(
        f"{library} {versions[library]}" if library in versions else f"no {library}" for library in LIBRARIES
    )
    output.say(f"Peers: {named}. Slower on one line (below {EVEN} times): {', '.join(slower) or 'none'}.")
    if given.write:
        output.write("text_noise")
    return int(bool(slower))


if __name__ == "__main__":
    sys.exit(main())
