"""Steps of a CI job, carried out in a scratch folder; what would need the service notes what it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_NOTES = """#!/usr/bin/env bash
printf '%s\\n' "$(basename "$0") $*" >> "$NOTED"
"""
_PYTHON = _NOTES.replace(
    "printf", 'if [ "${2:-}" != pip ] && [ "${2:-}" != venv ]; then exec "$REAL_PYTHON" "$@"; fi\nprintf'
)
# As `gh api`, `gh issue list` and `curl` answer: with what the test has written to a file.
_ANSWERS = _NOTES + 'case "$*" in *--paginate*|*"issue list"*|*sort=asc*|*search=*) cat "$ANSWER" ;; esac\n'
_CRUMPLE = (
    _NOTES
    + """case "$1" in
  nightly) [ -n "${SILENT:-}" ] || printf 'the report\\n' > crumple-night.md; exit "${NIGHT:-0}" ;;
  run) printf '{"run": {"id": "20260101-000000-abcd"}}' > crumple-run.json; exit "${RUN:-0}" ;;
  fuzz) exit "${FUZZ:-0}" ;;
esac
"""
)


class Runner:
    """A machine of CI with a project in it."""

    def __init__(self, folder: Path) -> None:
        """Make it in an empty folder; the project goes to `work` in it. `crumple` ends as NIGHT, RUN and FUZZ say."""
        self.work, self._bin = folder / "work", folder / "bin"
        for each in (self.work, self._bin):
            each.mkdir()
        self.answer, self.noted = folder / "answer", folder / "noted"
        for each in (self.answer, self.noted):
            each.touch()
        scripts = {"gh": _ANSWERS, "curl": _ANSWERS, "python": _PYTHON, "crumple": _CRUMPLE}
        scripts |= {f"python3.{minor}": _PYTHON for minor in range(11, 15)}
        for name, text in scripts.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)

    def sh(self, script: str, **variables: str) -> tuple[int, str]:
        """Carry a script out; its exit code and all that it printed."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.work,
            env=self._environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    def told(self) -> list[str]:
        """What the stand-ins were told since this was last asked, a line each."""
        lines = self.noted.read_text().splitlines()
        self.noted.write_text("")
        return lines

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join([str(self._bin), str(Path(sys.executable).parent), os.environ["PATH"]])
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST", "CI", "GITHUB"))
        }
        own = {"PATH": path, "REAL_PYTHON": sys.executable, "NOTED": str(self.noted), "ANSWER": str(self.answer)}
        own["PYTEST_ADDOPTS"] = "-p no:hypothesispytest -p no:xdist"  # slow to load, and not needed here
        return kept | own | dict(variables)
