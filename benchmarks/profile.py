"""What `crumple profile` measures, beside what is known: documents degraded by crumple, and files of other people's.

    python -m benchmarks.profile [--only PATTERN] [--real] [--write]

Every measure that is not of pages (those are in `benchmarks.profile_pages`) is held against its mutator: at each level,
over several documents and seeds, the level is measured back. *Found* is the share of degraded documents that are told
to be damaged, *level* the share of those whose level is told within half of one, *false* how many clean documents, and
documents with other damage of the same kind, are said to have it. With --real the files that chardet, frictionless,
pypdf and pikepdf come with are profiled too; they are downloaded. With --write the table goes into docs/profile.md.
"""

from __future__ import annotations

import argparse
import fnmatch
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.output import Output
from crumple import Document, NotApplicable, Page, corpora
from crumple.measuring import Measure
from crumple.mutation.apply import apply
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover as mutators
from crumple.profile.measures import discover as measures
from crumple.profile.one_file import measured
from crumple.profile.severity import UNKNOWN, level_of
from crumple.recipe import Recipe

DOCS = Path(__file__).parents[1] / "docs" / "profile.md"
LEVELS = (1, 2, 3, 4, 5)
SEEDS = (1, 2)
_TOLD = 0.5
