"""A service has as many calls at a time as it bears, from all Dask workers together, and no innocent is blamed."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crumple.adapters.http.system import HttpSystem
from crumple.adapters.http.templates import Template
from crumple.adapters.service.terms import Terms
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.spec import LaneSpec
from crumple.outcome import ALONE, Outcome
from crumple.recipe import Recipe
from crumple.result import Result, Work

MARK = Recipe.parse("faults.mark(seed=1)")


class Service(ThreadingHTTPServer):
    """Answers "fine" after a moment; what begins with "kill~" ends every connection that is open.

    Attributes:
        most: how many calls were out at once at the most.
    """

    daemon_threads = True

    def __init__(self) -> None:
        self.most = 0
        self.lock = threading.Lock()
        self.under_way: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that are gone are what this is about."""


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        with self.server.lock:
            self.server.under_way.add(self.connection)
            self.server.most = max(self.server.most, len(self.server.under_way))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(0.02)  # a moment, so that several are out
        with self.server.lock:
            doomed = set(self.server.under_way) if body.startswith(b"kill~") else set()
            self.server.under_way.discard(self.connection)
        for each in doomed:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        answer = b'{"result": "fine"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def _spec(make_spec: Callable[..., LaneSpec], service: Service, concurrency: int) -> LaneSpec:
    terms = Terms(timeout=10, concurrency=concurrency, retries=1, pause=0.01)
    system = HttpSystem(root=Path(__file__).parent, template=Template(url=service.url), terms=terms, answer="/result")
    return replace(make_spec(), system=system)


def _made(lanes: ClusterLanes, cases: list[str], ask: Any) -> dict[int, Result]:
    lanes.put([Work(number, case, MARK, 1.0, "faults.mark") for number, case in enumerate(cases)])
    return {each.work.id: each for each in ask.all(lanes)}


@pytest.mark.parametrize("concurrency", [1, 6])
def test_no_more_calls_are_out_than_the_whole_service_bears(
    make_spec: Any, service: Service, dask_address: str, ask: Any, concurrency: int
) -> None:
    with ClusterLanes(_spec(make_spec, service, concurrency), dask_address, 2) as lanes:
        results = _made(lanes, ["fine"] * (40 * min(concurrency, 2)), ask)
    assert {each.verdict.outcome for each in results.values() if each.verdict} == {Outcome.RIGHT}
    assert service.most <= concurrency
    assert service.most >= concurrency // 2


@pytest.mark.skipif(sys.platform != "linux", reason="connections end in other ways elsewhere")
def test_a_document_that_kills_the_service_is_told_from_those_that_were_out_with_it_anywhere(
    make_spec: Any, service: Service, dask_address: str, ask: Any
) -> None:
    cases = ["fine"] * 80
    cases[30] = cases[31] = "kill"
    with ClusterLanes(_spec(make_spec, service, 8), dask_address, 2) as lanes:
        results = _made(lanes, cases, ask)
    outcomes = {number: each.verdict.outcome for number, each in results.items() if each.verdict}
    assert {number for number, each in outcomes.items() if each is not Outcome.RIGHT} == {30, 31}
    for number in (30, 31):
        assert results[number].verdict.fingerprint == "crashed kills the service"
    with_it = [each for number, each in results.items() if ALONE in each.verdict.figures and number not in (30, 31)]
    assert all(each.attempts >= 2 for each in with_it)
