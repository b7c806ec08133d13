"""People: of every locale the same in every process, whatever the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

DRAWN = """
from crumple_corpora.people import locales, party
for locale in locales():
    print(locale, [party(locale, seed) for seed in range(100)])
"""


def drawn(hash_seed: str) -> list[str]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", DRAWN], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_same_seed_gives_the_same_people_under_any_hash_seed() -> None:
    one, other = drawn("1"), drawn("2")
    assert [line.split()[0] for line, twin in zip(one, other, strict=True) if line != twin] == []
