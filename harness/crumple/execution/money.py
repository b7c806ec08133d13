"""What a call costs: as the adapter has counted it, or as [system] cost says."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crumple.errors import CrumpleError
from crumple.loading import function
from crumple.outcome import Ending, Reply

_WHERE = "[system] cost"


class Money:
    """Tells the cost of calls; made once in every lane."""

    def __init__(self, cost: float | str | None, root: Path) -> None:
        """Load the function that tells it, where one is named.

        Args:
            cost: money a call, or "module:function" of an answer; None: nothing is known.
            root: the configuration file's folder.

        Raises:
            CrumpleError: there is no such function.
        """
        self._each = cost if isinstance(cost, float) else 0.0
        self._function: Callable[..., Any] | None = function(cost, root, _WHERE) if isinstance(cost, str) else None

    def of(self, reply: Reply) -> float:
        """What a call has cost, all its attempts together.

        Raises:
            CrumpleError: the user's function raises, or does not say an amount.
        """
        if reply.cost is not None:
            return reply.cost
        if self._function is None:
            return self._each * reply.attempts
        if reply.ending is not Ending.ANSWERED:
            return 0.0
        try:
            amount = float(self._function(reply.answer))
        except Exception as error:
            words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
            raise CrumpleError(f"it raised {words}", where=_WHERE, hint="It is given every answer.") from error
        if not amount >= 0 or not math.isfinite(amount):
            raise CrumpleError(f"it said {amount:g}, which is no amount of money", where=_WHERE)
        return amount

    def told(self, reply: Reply) -> float:
        """What a call has cost as far as that can be told: 0.0 where the user's function says no amount."""
        try:
            return self.of(reply)
        except BaseException:  # noqa: BLE001 - it may raise anything
            return reply.cost or 0.0
