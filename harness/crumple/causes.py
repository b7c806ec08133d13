"""Why calls were void: each cause with its calls, however many causes there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SHOWN: Final = 10
"""How many causes a run's document holds, the commonest."""
_MOST = 10_000


@dataclass(slots=True)
class Causes:
    """Void calls by their cause.

    Attributes:
        calls: cause -> how many.
        others: calls whose cause was let go of again, being rare.
    """

    calls: dict[str, int] = field(default_factory=dict)
    others: int = 0

    def add(self, cause: str) -> None:
        """Count one more call."""
        self.calls[cause] = self.calls.get(cause, 0) + 1
        if len(self.calls) > _MOST:  # each has a cause of its own, such as a file's name
            self._let_go()

    def _let_go(self) -> None:
        before = sum(self.calls.values())
        self.calls = _commonest(self.calls, _MOST // 2)
        self.others += before - sum(self.calls.values())

    def document(self, came: Causes) -> dict[str, Any]:
        """The figures, beside those of all calls that came back, of which some may be in no round."""
        both = {cause: max(self.calls.get(cause, 0), came.calls.get(cause, 0)) for cause in self.calls | came.calls}
        return {"calls": sum(both.values()) + max(self.others, came.others), "causes": _commonest(both, SHOWN)}


def _commonest(calls: Mapping[str, int], most: int) -> dict[str, int]:
    return dict(sorted(calls.items(), key=lambda item: -item[1])[:most])
