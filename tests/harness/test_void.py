"""What is no fault of the system is void, in no rate, and said with what to do; a document that kills a service has."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crumple.config.loading import load
from crumple.errors import VoidRunError
from crumple.systems import system_of
from traces import Place

PLAN = '[corpus]\npath = "corpus"\n[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 6\nworkers = 1\n'
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path, monkeypatch)
    (made.project / "corpus").mkdir()
    for name in ("a", "b", "c"):
        for ending in (".json", ".json.truth.json"):
            (made.project / "corpus" / f"{name}{ending}").write_text(json.dumps({"name": name}))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return made


class Refusing(BaseHTTPRequestHandler):
    """Wants other credentials than those that it is sent."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing on the screen."""


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


def measured(place: Place, toml: str) -> tuple[int, str, dict[str, Any]]:
    """The exit code, the report and the figures of a run."""
    (place.project / "crumple.toml").write_text(toml)
    done = place.crumple("run", "--json", "result.json")
    assert (place.project / "result.json").exists(), done.err
    return done.code, " ".join(done.out.split()), json.loads((place.project / "result.json").read_text())


@pytest.mark.parametrize(
    ("url", "proxy", "said", "to_do"),
    [
        ("http://127.0.0.1:1/read", "", "nothing listens at 127.0.0.1:1 (connection refused)", "Start the service"),
        ("http://nowhere.invalid/read", "", "the name 'nowhere.invalid' is not known", "Check [system] url"),
        ("https://{host}/read", "", "no TLS connection to", "Does it speak http:// at this port?"),
        ("http://example.invalid/read", "http://127.0.0.1:1", "nothing listens at the proxy", "HTTP_PROXY"),
    ],
)
def test_a_service_that_cannot_be_reached_ends_the_run_before_it_begins(
    place: Place, monkeypatch: pytest.MonkeyPatch, refusing: str, url: str, proxy: str, said: str, to_do: str
) -> None:
    if proxy:
        monkeypatch.setenv("http_proxy", proxy)
    (place.project / "crumple.toml").write_text(f'[system]\nurl = "{url.format(host=refusing)}"\nretries = 0\n{PLAN}')
    adapter = system_of(load(place.project / "crumple.toml")).adapter(place.root / "tmp")
    with pytest.raises(VoidRunError) as error:
        adapter.start()
    adapter.close()
    assert error.value.exit_code == 4
    assert said in str(error.value)
    assert to_do in str(error.value)


def test_refused_credentials_are_void_with_what_to_do(place: Place, refusing: str) -> None:
    code, report, document = measured(place, f'[system]\nurl = "http://{refusing}/read"\nretries = 0\n{PLAN}')
    assert code == 4
    assert "This run is void." in report
    assert "401" in report
    assert "check the key" in report.lower()
    assert document["clean"]["failed"] == []
    assert document["buckets"] == []
    assert "interrupted" in place.crumple("runs").out, "with the key put right the same command goes on"


def test_a_set_up_that_fails_is_void_and_not_the_commands_fault(place: Place) -> None:
    command = f'command = ["{sys.executable}", "-c", "1"]\nbefore = [["{sys.executable}", "-c", "raise SystemExit(3)"]]'
    code, report, document = measured(place, f"[system]\n{command}\n{PLAN}")
    assert code == 4
    assert "before" in report
    assert "exit code 3" in report
    assert document["clean"]["failed"] == []


SERVICE = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body[:3] == b"\\xef\\xbb\\xbf":
            os._exit(1)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
"""


@pytest.fixture
def restarted() -> Iterator[str]:
    """A service that a document kills, and that is started again each time, as under systemd or Kubernetes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ended, running = threading.Event(), []

    def supervise() -> None:
        while not ended.is_set():
            process = subprocess.Popen([sys.executable, "-S", "-c", SERVICE, str(port)], stdin=subprocess.DEVNULL)
            running.append(process)
            process.wait()

    thread = threading.Thread(target=supervise)
    thread.start()
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        ended.wait(0.02)
    yield f"http://127.0.0.1:{port}/read"
    ended.set()
    running[-1].kill()
    thread.join()


def test_a_document_that_kills_the_service_has_crashed_it_and_no_other_call_suffers(
    place: Place, restarted: str
) -> None:
    plan = PLAN.replace('"encoding.json_bom"', '"encoding.json_bom", "encoding.line_endings"').replace(
        "calls = 6", "calls = 8"
    )
    code, report, document = measured(place, f'[system]\nurl = "{restarted}"\nretries = 4\n{plan}')
    assert code == 0
    assert document["void"]["calls"] == 0
    assert document["clean"]["right"] == document["clean"]["cases"]
    killing = document["mutators"]["encoding.json_bom"]
    assert killing["outcomes"] == {"crashed": killing["runs"]}
    assert killing["runs"] > 1
    assert document["mutators"]["encoding.line_endings"]["failures"] == 0
    (bucket,) = document["buckets"]
    assert "kills the service" in bucket["fingerprint"]
    assert "kills the service" in report
