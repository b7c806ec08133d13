"""crumple over readers that others wrote: tables, encodings, PDF text, amounts and dates.

    python -m benchmarks.readers [--kinds tables,pdfs] [--calls 1500] [--write]

Each reader is run through the crumple.toml of its kind, with `[system] call` naming it, and so are dummies: one that
always says the same, one that gives the document back, one that refuses everything, one that loses half of what a real
reader finds, one that shuffles it. Prints a table a kind: the share of calls that failed, by category, silent failures
in brackets, and how many documents were right clean. Ends with 1 where a reader ranks below a dummy: then the judge is
wrong. With --write the tables replace those in docs/readers.md. What is needed beside crumple: `pip install -e
'.[readers]'`, and poppler's pdftotext, which is left out where it is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.readers import corpora

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "readers.md"
KINDS = ("tables", "encodings", "pdfs", "amounts", "dates")
DUMMIES = ("constant", "echo", "refuses", "loses_half", "shuffles")
CALLS = 1500
BEGIN, END = "<!-- Made by `python -m benchmarks.readers --write`. -->", "<!-- Until here. -->"


@dataclass(frozen=True, slots=True)
class Figures:
    """One system's run.

    Attributes:
        system: its name.
        right, cases: clean documents.
        rates: category -> (share of failures, share of silent ones); conditional on clean success.
        void: why the run says nothing more; "" where it does.
    """

    system: str
    right: int
    cases: int
    rates: Mapping[str, tuple[float, float]]
    void: str = ""

    @property
    def rank(self) -> float:
        """The share of degraded documents that come out acceptably, those that fail clean counted as failing."""
        if not self.rates:
            return 0.0
        held = 1 - sum(failures for failures, _ in self.rates.values()) / len(self.rates)
        return held * self.right / max(1, self.cases)


def main() -> int:
    """Run what was asked for, print it, and say whether every reader ranks above every dummy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    tables: dict[str, str] = {}
    sound = True
    for kind in asked.kinds.split(","):
        readers = [run(kind, name, asked.calls) for name in available(kind)]
        dummies = [run(kind, name, asked.calls) for name in DUMMIES]
        tables[kind] = table(kind, readers, dummies)
        print(tables[kind], flush=True)
        best = max(each.rank for each in dummies)
        for reader in readers:
            if reader.rank < best:
                sound = False
                print(f"{reader.system} ranks below a dummy ({reader.rank:.2f} after {best:.2f}): the judge is wrong")
    if asked.write:
        _write(tables)
    return 0 if sound else 1


def available(kind: str) -> list[str]:
    """The readers of a kind that can be run here."""
    module = load(kind)
    needs: Mapping[str, str] = getattr(module, "NEEDS", {})
    return [name for name in module.READERS if name not in needs or shutil.which(needs[name])]


def load(kind: str) -> ModuleType:
    """The module of a kind's readers."""
    sys.path.insert(0, str(HERE))
    try:
        spec = importlib.util.spec_from_file_location(f"readers_of_{kind}", HERE / kind / "readers.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(HERE))
    return module


def run(kind: str, system: str, calls: int) -> Figures:
    """One reader through its kind's crumple.toml."""
    with tempfile.TemporaryDirectory(prefix="crumple-readers-") as folder:
        root = Path(folder)
        prepare(kind, system, root)
        report = root / "run.json"
        command = [sys.executable, "-m", "crumple", "run", "--config", str(root), "--calls", str(calls)]
        done = subprocess.run([*command, "--json", str(report)], capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(f"{kind}, {system}: {done.stderr.strip() or done.stdout.strip()}")
        return figures(system, json.loads(report.read_text("utf-8")))


def prepare(kind: str, system: str, root: Path) -> None:
    """The folder of one run: the kind's crumple.toml with its system, the readers, the corpus."""
    settings = (HERE / kind / "crumple.toml").read_text("utf-8")
    settings = re.sub(r'call = "readers:\w+"', f'call = "readers:{system}"', settings)
    (root / "crumple.toml").write_text(settings, "utf-8")
    shutil.copy(HERE / kind / "readers.py", root)
    shutil.copy(HERE / "dummies.py", root)
    if 'path = "corpus"' in settings:
        (root / "corpus").mkdir()
        getattr(corpora, kind)(root / "corpus")


def figures(system: str, report: Mapping[str, Any]) -> Figures:
    """What a run's document says."""
    clean = report["clean"]
    rates = {
        name: (each["failures"] / each["runs"], each["silent"] / each["runs"])
        for name, each in report["categories"].items()
        if each["runs"]
    }
    return Figures(system, clean["right"], clean["cases"], rates)


def table(kind: str, readers: Sequence[Figures], dummies: Sequence[Figures]) -> str:
    """A kind's table as Markdown, which reads as well in a terminal."""
    categories = sorted({name for each in readers for name in each.rates})
    heads = ["system", "right clean", *categories, "holds"]
    rows = [heads, ["---"] * len(heads)]
    for each in sorted(readers, key=lambda each: -each.rank) + sorted(dummies, key=lambda each: -each.rank):
        name = f"`{each.system}`" if each in readers else f"*{each.system}* (dummy)"
        cells = [_cell(each.rates.get(category)) for category in categories]
        rows.append([name, f"{each.right} of {each.cases}", *cells, f"{each.rank:.0%}"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    return f"\n## {kind.capitalize()}\n\n" + "\n".join(lines) + "\n"


def _cell(rate: tuple[float, float] | None) -> str:
    return "-" if rate is None else f"{rate[0]:.0%} ({rate[1]:.0%})"


def _write(tables: Mapping[str, str]) -> None:
    """Put tables into the page; those of kinds that were not run stay."""
    head, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
    before, _, tail = rest.partition(END)
    kept = {kind: _section(before, kind) for kind in KINDS} | tables
    DOCS.write_text(f"{head}{BEGIN}\n{''.join(kept.values())}\n{END}{tail}", "utf-8")


def _section(page: str, kind: str) -> str:
    found = re.search(rf"\n## {kind.capitalize()}\n.*?(?=\n## |\Z)", page, re.DOTALL)
    return found.group().rstrip() + "\n" if found else ""


if __name__ == "__main__":
    sys.exit(main())
