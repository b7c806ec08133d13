"""Findings as they are now: held in memory, and written to their folder. Does I/O; but for `read` it raises nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crumple.findings.finding import Finding
from crumple.findings.folder import Folder

_MOST_HELD = 64 << 20  # bytes


class Held:
    """The findings of a folder while they change.

    Attributes:
        findings: by their ids.
        lost: ids of those that could not be written as they are now.
        troubles: what could not be read or written, each a sentence for the user; said once, as it comes.
    """

    def __init__(self, folder: Folder, *, writes: bool, say: Callable[[str], None]) -> None:
        """Nothing is read or written yet.

        Args:
            folder: where they are.
            writes: whether files are written at all.
            say: told of troubles, one line each.
        """
        self.findings: dict[str, Finding] = {}
        self.lost: set[str] = set()
        self.troubles: list[str] = []
        self._folder, self._writes, self._say = folder, writes, say
        self._read = False
        self._unwritten: set[str] = set()
        self._owed: dict[str, Mapping[str, bytes]] = {}  # documents of findings that could not be written

    def read(self) -> None:
        """Read the folder, the first time.

        Raises:
            CrumpleError: `findings` is there and is no folder.
        """
        if self._read:
            return
        shelf = self._folder.shelf()
        self._read = True
        self.findings = dict(shelf.findings)
        for flaw in shelf.flaws:
            self.trouble(f"not read: {flaw}")

    def put(self, finding: Finding, files: Mapping[str, bytes] | None = None) -> None:
        """Hold a finding, and write it; without `files` its documents stay as they are."""
        self.findings[finding.id] = finding
        self._unwritten.discard(finding.id)
        owed = self._owed.pop(finding.id, None)
        if not self._writes:
            return
        files = owed if files is None else files
        try:
            self._folder.write(finding, files)
            self.lost.discard(finding.id)
        except OSError as error:
            self.lost.add(finding.id)
            self._owe(finding.id, files)
            self.trouble(
                f"findings cannot be written: {error.strerror or error}. What is found is in the run's report alone."
            )

    def put_later(self, finding: Finding) -> None:
        """Hold a finding that `flush` writes: nothing but counts has changed."""
        self.findings[finding.id] = finding
        self._unwritten.add(finding.id)

    def flush(self) -> None:
        """Write what is not written yet, and what could not be: a disk that was full may have room again."""
        for name in sorted(self._unwritten):
            self.put(self.findings[name])

    def _owe(self, name: str, files: Mapping[str, bytes] | None) -> None:
        """Have `flush` write it once more, unless too many documents would have to be held for that."""
        files = files or {}
        held = [*self._owed.values(), files]
        if sum(len(content) for each in held for content in each.values()) <= _MOST_HELD:
            self._unwritten.add(name)
            self._owed |= {name: files} if files else {}

    def remove(self, name: str) -> None:
        """Hold a finding no more, and remove its files."""
        self.findings.pop(name, None)
        self._unwritten.discard(name)
        self._owed.pop(name, None)
        if not self._writes:
            return
        try:
            self._folder.remove(name)
        except FileNotFoundError:
            return  # it could not be written before
        except OSError as error:
            self.trouble(f"findings/{name} cannot be removed: {error.strerror or error}")

    def free(self, name: str, config: str) -> str:
        """The id itself; where a finding of another configuration stands there, or what cannot be read, the next."""
        found, number = name, 1
        while self._folder.has(found) and not (found in self.findings and self.findings[found].config == config):
            number += 1
            found = f"{name}-{number}"
        return found

    def trouble(self, line: str) -> None:
        """Say what went wrong, once."""
        if line not in self.troubles:
            self.troubles.append(line)
            self._say(line)
