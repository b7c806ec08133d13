"""Very many keys of calls, each with a yes or no, in nine bytes each. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class Keys:
    """Keys that are added, sorted once, and then looked up, by a hash of eight bytes.

    Of a million keys two have the same hash once in ten million runs. Then a result is looked for that is not there,
    and the call is made.
    """

    __slots__ = ("_hashes", "_marked", "_noes")

    def __init__(self) -> None:
        """Begin with none."""
        self._hashes, self._noes = array("q"), array("q")
        self._marked = bytearray()

    def add(self, key: str, *, marked: bool = True) -> None:
        """Add a key."""
        self._hashes.append(hash(key))
        if not marked:
            self._noes.append(hash(key))

    def sort(self) -> None:
        """Make ready to be looked up."""
        self._hashes = array("q", sorted(set(self._hashes)))
        noes = set(self._noes)
        self._marked = bytearray(each not in noes for each in self._hashes)

    def __contains__(self, key: object) -> bool:
        return self.get(str(key)) is not None

    def __len__(self) -> int:
        return len(self._hashes)

    def get(self, key: str) -> bool | None:
        """Whether it is marked; None of one that was not added."""
        at = self._at(key)
        return None if at is None else bool(self._marked[at])

    def unmark(self, key: str) -> bool:
        """Mark a key no more; whether it was."""
        at = self._at(key)
        if at is None or not self._marked[at]:
            return False
        self._marked[at] = False
        return True

    @property
    def marked(self) -> int:
        """How many are."""
        return self._marked.count(1)

    def _at(self, key: str) -> int | None:
        sought, hashes = hash(key), self._hashes
        at = bisect_left(hashes, sought)
        return at if at < len(hashes) and hashes[at] == sought else None
