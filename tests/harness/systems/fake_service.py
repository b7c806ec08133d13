"""A service that never leaves the process: many calls out, and documents that kill it or find it gone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from crumple.adapters import Prepared, Request
from crumple.outcome import Ending, Reply


@dataclass(frozen=True)
class FakeService:
    """What a document's text makes of it, in the order in which calls were sent.

    "kill~..." (degraded) ends it for all that is out; "gone..." finds it gone, and so does every call after that;
    "gateway~..." is a 502 for itself alone, "slow~..." a 504; "broken~..." is a 500.
    """

    concurrency: int = 4
    longest: float = 5.0

    def sees(self, view: type) -> bool:
        return True

    def version(self) -> str:
        return "fake"

    def divided(self, lanes: int) -> FakeService:
        return self

    def adapter(self, scratch: Path) -> FakeCalls:
        return FakeCalls(self.concurrency)


def _suspect(cause: str) -> Reply:
    return Reply(Ending.VOID, cause=cause, kind=cause, suspect=True, cost=1.0)


class FakeCalls:
    def __init__(self, most: int) -> None:
        self.most = most
        self.out: deque[Prepared] = deque()
        self.gone = False

    @property
    def room(self) -> int:
        return self.most - len(self.out)

    def start(self) -> None:
        pass

    def prepare(self, request: Request) -> Prepared:
        return Prepared(request.document.data.decode())

    def send(self, prepared: Prepared) -> None:
        assert self.room > 0
        self.out.append(prepared)

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        # Nothing is answered before as much is out as may be, so that calls are out together.
        if self.room and not timeout:
            return []
        out = list(self.out)
        self.out.clear()
        if any(each.message.startswith("kill~") for each in out):
            return [(each, _suspect("connection reset")) for each in out]
        return [(each, self._reply(each.message)) for each in out]

    def _reply(self, text: str) -> Reply:
        self.gone = self.gone or text.startswith("gone~")
        if self.gone:
            return _suspect("connection refused")
        if text.startswith("gateway~"):
            return _suspect("HTTP 502")
        if text.startswith("slow~"):
            return replace(_suspect("HTTP 504"), blame="gateway timeout (504)")
        if text.startswith("broken~"):
            return Reply(Ending.CRASHED, cause="HTTP 500", kind="HTTP 500", cost=1.0)
        return Reply(Ending.ANSWERED, "fine", cost=1.0)

    def close(self) -> None:
        pass
