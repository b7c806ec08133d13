"""The encoding mutators beside the bare codecs that they amount to: a text of 1 MB, and 10,000 of 1 KB.

    python -m benchmarks.encodings [--rounds 9] [--only PATTERN] [--write]

Prints CPU medians of interleaved rounds on one thread: of the long text milliseconds and how many times the bare
codec's they are, of the short ones how many documents a second go through `Mutator.apply`. The bare codec is what
somebody writes who only wants the characters in other bytes: `str.encode`, `.encode().decode()`, `normalize`; it draws
nothing, spares no structure and says nothing of what it touched. Ends with 1 where codepages or mojibake take
more than 5 times their codec; EBCDIC, which is looked for after all other families, is not held to that. With --write
the tables replace those in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from statistics import median

from benchmarks.output import Output
from crumple import NotApplicable, Text
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.recipe import Step

LONG, SHORT, DOCUMENTS = 1_000_000, 1_000, 10_000
LIMIT = 5.0
SEED = 1
LINE = "Zeile {n}: Müller, Straße {n}, 1.{n:03},50 für Büromöbel aus Köln an Herrn René Lefèvre, it's a first office\n"
Codec = Callable[[str], object]


def thrice(value: str) -> str:
    """Mojibake three times over."""
    for _ in range(3):
        value = value.encode().decode("cp1252", "replace")
    return value


# (mutator, level): the bare codec, and whether its ratio is held to the limit.
BARE: dict[tuple[str, float], tuple[str, Codec, bool]] = {
    ("encoding.codepage", 1): ("encode cp1252", lambda value: value.encode("cp1252"), True),
    ("encoding.codepage", 3): ("encode cp850", lambda value: value.encode("cp850", "replace"), True),
    ("encoding.codepage", 5): ("encode cp273", lambda value: value.encode("cp273", "replace"), False),
    ("encoding.utf16", 1): ("encode utf-16", lambda value: value.encode("utf-16"), False),
    ("encoding.mojibake", 3): ("encode, decode cp1252", lambda value: value.encode().decode("cp1252", "replace"), True),
    ("encoding.mojibake", 5): ("the same three times", thrice, True),
    ("encoding.nfd", 5): ("normalize NFD", lambda value: unicodedata.normalize("NFD", value), False),
    ("encoding.replaced", 5): ("encode ascii, replace", lambda value: value.encode("ascii", "replace"), False),
    ("encoding.dropped", 5): ("encode ascii, ignore", lambda value: value.encode("ascii", "ignore"), False),
    ("encoding.unicode_escapes", 3): (
        "encode ascii, backslashreplace",
        lambda value: value.encode("ascii", "backslashreplace"),
        False,
    ),
    ("encoding.html_entities", 3): (
        "encode ascii, xmlcharrefreplace",
        lambda value: value.encode("ascii", "xmlcharrefreplace"),
        False,
    ),
    ("encoding.line_endings", 1): ("str.replace", lambda value: value.replace("\n", "\r\n"), False),
}


def text(length: int) -> str:
    """German business prose of about this many characters."""
    return "".join(LINE.format(n=n) for n in range(length // 80))[:length]


def seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def interleaved(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median CPU seconds of each call."""
    taken = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [median(each) for each in zip(*taken, strict=True)]


def applied(mutator: Mutator, value: str, step: Step, times: int) -> Callable[[], None]:
    """A mutator applied to a text so often, and its bytes written."""
    view = Text(value)

    def call() -> None:
        for _ in range(times):
            said = mutator.apply(view, step)
            if isinstance(said.view, Text):
                said.view.encoded()

    return call


def rows(pattern: str, rounds: int) -> tuple[list[list[str]], bool]:
    """One row for each mutator and level that is compared, then one for each other mutator, and whether all keep in."""
    long, short = text(LONG), text(SHORT)
    found, kept = [], True
    chosen = [each for each in discover() if each.category == "encoding" and each.view is Text]
    asked = [(each, level) for each in chosen for level in ([at for name, at in BARE if name == each.name] or [3.0])]
    for mutator, level in asked:
        step = mutator.step(level if mutator.ladder else mutator.level, SEED)
        if not fnmatch(mutator.name, pattern):
            continue
        try:
            ours = applied(mutator, long, step, 1)
            ours()
        except NotApplicable:
            continue
        name, codec, held = BARE.get((mutator.name, level), ("", None, False))
        bare = [lambda codec=codec: codec(long)] if codec else []  # type: ignore[misc]
        taken = interleaved([ours, *bare], rounds)
        ratio = taken[0] / taken[1] if codec else 0.0
        kept = kept and not (held and ratio > LIMIT)
        few = DOCUMENTS // 100
        rate = few / interleaved([applied(mutator, short, step, few)], max(3, rounds // 2))[0]
        found.append(
            [
                f"{mutator.name} {level:g}",
                f"{taken[0] * 1e3:.1f}",
                name,
                f"{taken[1] * 1e3:.1f}" if codec else "",
                f"{ratio:.1f}{'!' if held and ratio > LIMIT else ''}" if codec else "",
                f"{rate:,.0f}",
            ]
        )
    return found, kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutators whose name matches")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    heads = ["mutator, level", "1 MB, ms", "bare codec", "ms", "ratio", "1 KB documents a second"]
    table, kept = rows(given.only, given.rounds)
    output = Output()
    output.table(heads, table)
    if given.write:
        output.write("encodings")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
