"""One tool on one system, in a process of its own.

    python -m benchmarks.fuzz.peers.trial TOOL MODULE SEED FOLDER SECONDS

The last line that it prints is what it has come to, as JSON; so it is where the process is killed.
"""

from __future__ import annotations

import importlib
import json
import logging
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fuzz.in_process import Direct
from benchmarks.fuzz.peers.tools import TOOLS, MissingError
from benchmarks.fuzz.planted import REFUSAL, Planted
from crumple import judges
from crumple.judges.verdict import Policy, verdict
from crumple.outcome import Verdict
from crumple.truth import Expectation
from crumple.workers.limits import GIB

_MEMORY = 2 * GIB
_PATIENCE = 0.5  # seconds of processor time that a call may take
_MOST_ALARMS = 300


class Trial:
    """Judges what a tool makes: by the clean truth, and with the sound twin."""

    def __init__(self, system: Planted, seconds: float) -> None:
        spec = system.spec()
        self._planted, self._sound = (Direct(each, spec, _PATIENCE) for each in (system.function, system.code.sound))
        self._judge = judges.load(spec.judge, spec.root, spec.judge_options)
        self._truths = {name: truth for name, (_, truth) in system.code.DOCUMENTS.items()}
        self._may_refuse = system.kind != REFUSAL
        self._until = time.monotonic() + seconds
        self._made, self._after = 0, 0
        self._alarms: dict[str, bool] = {}

    def call(self, name: str, data: bytes) -> bool:
        """Whether a further document is wanted."""
        self._made += 1
        found = self._verdict(self._planted, name, data)
        if found.failure and (found.fingerprint not in self._alarms or not self._after):
            is_true = not self._verdict(self._sound, name, data).failure
            if len(self._alarms) < _MOST_ALARMS:
                self._alarms.setdefault(found.fingerprint, is_true)
            if is_true and not self._after:
                self._after = self._made
                self._say()
        wanted = time.monotonic() < self._until
        if self._made % 100 == 0 or not wanted:
            self._say()
        return wanted

    def _verdict(self, system: Direct, name: str, data: bytes) -> Verdict:
        expectation = Expectation(self._truths[name], refusable=self._may_refuse)
        return verdict(system.reply(data), expectation, self._judge, Policy())

    def _say(self) -> None:
        true = sum(self._alarms.values())
        words = {"made": self._made, "after": self._after, "alarms": len(self._alarms), "true": true}
        print(json.dumps(words), flush=True)


def main() -> None:
    """Let the tool make documents until the time is up."""
    tool, module, seed, folder, seconds = sys.argv[1:6]
    sys.path.insert(0, folder)
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY)) if tool != "atheris" else None
    system = Planted(module)
    if tool == "atheris":
        try:
            atheris = importlib.import_module("atheris")
        except ImportError:
            print(json.dumps({"missing": "atheris is not installed"}))
            return
        with atheris.instrument_imports(include=[module]):
            importlib.import_module(module)
    trial = Trial(system, float(seconds))
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) if tool == "atheris" else Path(folder)
        try:
            TOOLS[tool](system.documents, int(seed), trial.call, place)
        except MissingError as error:
            print(json.dumps({"missing": str(error)}), flush=True)


if __name__ == "__main__":
    main()
