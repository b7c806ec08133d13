"""Projects of others, in folders of their own, and their users' commands in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).parents[1] / "projects"
ARTICLES = ("Nägel", "Schrauben", "Leim", "Öl")
QUIET = ("no:cacheprovider", "no:hypothesispytest", "no:faker", "no:anyio", "no:llmock")
"""Plugins of pytest's that a user of crumple need not have, and that take their time to start."""


def made(name: str, where: Path, documents: int = 0) -> Path:
    """A copy of a project, with a corpus of exports of orders where it has any."""
    folder = shutil.copytree(HERE / name, where / name)
    for number in range(documents):
        amounts = [f"{(number * 7 + at * 3) % 50 + 1}.{25 * (at % 4):02}" for at in range(2 + number % 3)]
        rows = "".join(f"{amount},{article}\n" for amount, article in zip(amounts, ARTICLES, strict=False))
        truth = {"count": len(amounts), "total": round(sum(map(float, amounts)), 2)}
        path = folder / "corpus" / f"{number:02}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"amount,article\n{rows}", encoding="utf-8")
        path.with_name(f"{path.name}.truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def environment() -> dict[str, str]:
    """Of somebody who has crumple's folder of commands in PATH, and a screen of 100 columns."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    plugins = "".join(f"-p {each} " for each in QUIET)
    commands = f"{Path(sys.executable).parent}{os.pathsep}{known.get('PATH', '')}"
    return known | {"PATH": commands, "COLUMNS": "100", "PYTEST_ADDOPTS": plugins}


def started(folder: Path, line: str) -> subprocess.Popen[str]:
    """A user's command, as it stands in a shell."""
    return subprocess.Popen(
        line,
        shell=True,
        cwd=folder,
        env=environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code, and what it has said."""
    said, _ = process.communicate()
    return process.returncode, said


def called(folder: Path, line: str) -> tuple[int, str]:
    """The same, of a command that is waited for."""
    return ended(started(folder, line))


def section(said: str, title: str = "crumple") -> list[str]:
    """The lines of a part of what pytest has said."""
    lines = said.splitlines()
    heads = [at for at, line in enumerate(lines) if line.startswith("==") and line.strip("=").strip() == title]
    after = lines[heads[0] + 1 :] if heads else []
    end = next((at for at, line in enumerate(after) if line.startswith("==")), len(after))
    return after[:end]


def properties(path: Path) -> dict[str, dict[str, str]]:
    """Of each test of a JUnit file what stands in its properties, without "crumple." before their names."""
    return {
        str(case.get("name")): {
            str(each.get("name")).removeprefix("crumple."): str(each.get("value")) for each in case.iter("property")
        }
        for case in ET.parse(path).iter("testcase")
    }
