"""A service that many calls may be out to is called one at a time where a proxy stands in front of what it calls."""

from __future__ import annotations

from typing import Any

from crumple import Document
from crumple.adapters import OpenAdapter, Prepared, Request
from crumple.adapters.fronted import FrontedOpenAdapter
from crumple.dependency.faults import Dropped
from crumple.dependency.front import CALLS
from crumple.dependency.proxy import Proxy
from crumple.outcome import Ending, Reply
from prices_service import Said, call

CLEAN = Request(Document(b"a", "text/plain", "a.txt"))
FAULTY = Request(CLEAN.document, faults=(Dropped(),))


class Service:
    """Asks for a price when it is called, and answers by and by; a document `b` it answers without asking."""

    room = 8

    def __init__(self, port: int) -> None:
        self.port = port
        self.out: list[tuple[Prepared, Said]] = []
        self.slow = False

    def start(self) -> None: ...

    def close(self) -> None: ...

    def prepare(self, request: Request) -> Prepared:
        return Prepared(request.document.data)

    def send(self, prepared: Prepared) -> None:
        self.out.append((prepared, call(self.port) if prepared.message == b"a" else Said(200)))

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        if self.slow:
            self.slow = False
            return []
        out, self.out = self.out, []
        return [(sent, Reply(Ending.ANSWERED, said.status or said.error)) for sent, said in out]


def answered(adapter: FrontedOpenAdapter, request: Request) -> Any:
    prepared = adapter.prepare(request)
    assert adapter.room == 1
    adapter.send(prepared)
    assert adapter.room == 0
    ((sent, reply),) = adapter.arrived(1)
    assert sent is prepared
    return reply


def test_faults_are_set_for_one_call_and_gone_with_it(proxy: Proxy) -> None:
    adapter = FrontedOpenAdapter(Service(proxy.port), proxy)
    assert isinstance(adapter, OpenAdapter)
    assert answered(adapter, CLEAN) == Reply(Ending.ANSWERED, 200, figures={CALLS: 1})
    assert answered(adapter, FAULTY).answer == "ConnectionResetError"
    assert answered(adapter, CLEAN).answer == 200


def test_a_call_that_asked_for_nothing_is_no_test(proxy: Proxy) -> None:
    adapter = FrontedOpenAdapter(Service(proxy.port), proxy)
    reply = answered(adapter, Request(Document(b"b", "text/plain", "b.txt"), faults=FAULTY.faults))
    assert reply.no_test == "the system did not call its dependency"


def test_while_nothing_has_arrived_the_faults_stay(proxy: Proxy) -> None:
    service = Service(proxy.port)
    adapter = FrontedOpenAdapter(service, proxy)
    adapter.send(adapter.prepare(FAULTY))
    service.slow = True
    assert adapter.arrived(0) == []
    assert adapter.room == 0
    assert call(proxy.port).error == "ConnectionResetError"
    ((_, reply),) = adapter.arrived(1)
    assert reply.figures == {CALLS: 2}


def test_where_the_service_asks_to_wait_nothing_is_sent(proxy: Proxy) -> None:
    service = Service(proxy.port)
    service.room = 0
    assert FrontedOpenAdapter(service, proxy).room == 0
