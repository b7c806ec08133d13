"""A service that systems call for prices, and the plainest client of it."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PRICES = {"A1": 12.5, "B2": 3.0}


class Prices(BaseHTTPRequestHandler):
    """Says prices, and a few other things."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        """Nothing is to be printed."""

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status, "Just So" if status == 200 else None)
        for name, value in {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        at, _, name = self.path.strip("/").partition("/")
        match at:
            case "prices":
                said = {"item": name, "price": PRICES.get(name, 1.0), "unitName": "piece", "in_stock": True}
                self._say(200, json.dumps(said).encode())
            case "status":
                self._say(int(name), b"" if name == "204" else b"{}")
            case "text":
                self._say(200, b"a plain text, and nothing else", Content_Type="text/plain")
            case "packed":
                self._say(200, gzip.compress(b'{"price": 1}'), Content_Encoding="gzip")
            case "moved":
                self._say(308, b"", Location=f"http://127.0.0.1:{self.server.server_port}/prices/A1")
            case "broken":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"short")
                self.close_connection = True
            case "pieces":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in (b"one ", b"two ", b"three"):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")
            case _:
                self._say(200, json.dumps({"path": self.path, "headers": dict(self.headers)}).encode())

    do_HEAD = do_GET  # noqa: N815 - the library's names

    def do_POST(self) -> None:
        self._say(201, self._body(), Content_Type="application/octet-stream")

    do_PUT = do_POST  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """The URL of the service, as long as it is there."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Prices)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Said:
    """What a client got: an answer, or the name of the error that it met."""

    status: int = 0
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str = ""

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


def call(
    port: int, path: str = "/prices/A1", method: str = "GET", body: Any = None, *, timeout: float = 5, **headers: str
) -> Said:
    """One request, as a plain client makes it."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        client.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = client.getresponse()
        return Said(response.status, response.reason, tuple(response.getheaders()), response.read())
    except (OSError, http.client.HTTPException) as error:
        return Said(error=type(error).__name__)
    finally:
        client.close()
