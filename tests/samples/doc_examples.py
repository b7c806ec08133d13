"""What pages of docs/ show: files, commands and what these print; and the folder that they are about."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

FILES: Final = re.compile(r"^```\w+\n# (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""Finds each file that is shown: its name, and what is in it."""
PRINTED: Final = re.compile(r"^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELL: Final = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def write_files(page: str, folder: Path) -> None:
    """Write the files that a page shows."""
    for name, content in FILES.findall(page):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


def write_orders(folder: Path, count: int) -> None:
    """So many exports of orders with their totals, in a new folder."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.csv").write_text(f"amount,article\n{number}2.50,nails\n1.00,tape\n", "utf-8")
        truth = json.dumps({"total": 10.0 * number + 3.5})
        (folder / f"{number}.csv.truth.json").write_text(truth, "utf-8")
