"""HTTP services that do as they are told: one on FastAPI under uvicorn, and one that breaks the protocol itself."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import ssl
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse


class Told:
    """What the service has been asked, for tests to look at."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}
        self.cancelled: list[str] = []
        self.jobs: dict[str, int] = {}


def application(told: Told) -> FastAPI:  # noqa: C901 - a list of paths
    """The service; every path behaves in one way."""
    app = FastAPI()
    numbers = itertools.count(1)

    @app.middleware("http")
    async def note(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        told.asked[request.url.path] += 1
        told.headers[request.url.path] = dict(request.headers)
        return await go_on(request)

    @app.api_route("/echo", methods=["POST", "PUT", "GET"])
    async def echo(request: Request) -> Any:
        body = (await request.body()).decode("utf-8", "replace")
        headers = dict(request.headers)
        return {"result": {"body": body, "type": headers.get("content-type"), "query": dict(request.query_params)}}

    @app.post("/form")
    async def form(file: UploadFile, lang: Annotated[str, Form()] = "", parts: list[UploadFile] | None = None) -> Any:
        content = await file.read()
        return {
            "name": file.filename,
            "type": file.content_type,
            "content": content.decode("latin-1"),
            "lang": lang,
            "parts": [each.filename for each in parts or []],
        }

    @app.post("/status/{status}")
    async def status(status: int, request: Request) -> Any:
        return Response(await request.body(), status, media_type=request.headers.get("content-type"))

    @app.post("/flaky/{name}")
    async def flaky(name: str, times: int = 2, status: int = 503, after: str = "") -> Any:
        if told.asked[f"/flaky/{name}"] <= times:
            return JSONResponse({"detail": "busy"}, status, {"Retry-After": after} if after else {})
        return {"result": "at last"}

    @app.post("/slow")
    async def slow(seconds: float = 5.0) -> Any:
        await asyncio.sleep(seconds)
        return {"result": "late"}

    @app.post("/moved/{status}")
    async def moved(status: int, to: str) -> Any:
        return RedirectResponse(to, status)

    @app.get("/answer")
    async def answer() -> Any:
        return {"result": "from elsewhere"}

    @app.post("/gzip")
    async def zipped(times: int = 1, encoding: str = "gzip") -> Any:
        body = gzip.compress(json.dumps({"result": "a" * times}).encode())
        return Response(body, headers={"Content-Encoding": encoding}, media_type="application/json")

    @app.post("/jobs")
    async def take(request: Request, response: Response, polls: int = 1) -> Any:
        job = f"j/{next(numbers)}"
        told.jobs[job] = polls
        response.headers["Location"] = f"/jobs/state?job={job}"
        response.status_code = 202
        return {"job": job, "status": "queued", "said": (await request.body()).decode()}

    @app.get("/jobs/state")
    async def state(job: str, response: Response) -> Any:
        response.headers["Retry-After"] = "0"
        told.jobs[job] -= 1
        if told.jobs[job] > 0:
            return {"status": "running"}
        return {"status": "done", "result": "by poll", "answer_url": "/answer"}

    @app.get("/jobs/ends/{how}/{job:path}")
    async def ends(how: str, job: str) -> Any:
        return {"status": how, "error": {"message": f"job {job} could not read 'page 7'"}}

    @app.delete("/jobs/{job:path}")
    async def cancel(job: str) -> Any:
        told.cancelled.append(job)
        return {}

    return app


class Service:
    """A FastAPI application under uvicorn, in a thread of this process; by default the one above."""

    def __init__(self, app: FastAPI | None = None) -> None:
        self.told = Told()
        config = uvicorn.Config(app or application(self.told), port=0, log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> Service:
        """Start it and wait until it listens."""
        started = threading.Event()
        startup = self._server.startup

        async def noted(*arguments: Any, **more: Any) -> None:
            await startup(*arguments, **more)
            started.set()

        self._server.startup = noted  # type: ignore[method-assign]
        self._thread.start()
        assert started.wait(20)
        return self

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)


def _head(status: str = "200 OK", **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


class Faults:
    """A service that breaks the protocol, each path in its way; on "/killed" it goes away with every connection."""

    def __init__(self, tls: tuple[Path, Path] | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._port = 0
        self._dead = False

    def start(self) -> Faults:
        """Start it, and wait until it listens."""
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self._tls else 'http'}://localhost:{self._port}"

    def stop(self) -> None:
        """End it."""
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _ended(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self) -> None:
        context = None
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._tls)
        server = await asyncio.start_server(self._serve, "127.0.0.1", ssl=context)
        self._port = server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while not self._dead:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ")[1]
                length = next(
                    (int(line[15:]) for line in head.lower().split("\r\n") if line[:15] == "content-length:"), 0
                )
                body = await reader.readexactly(length)
                self.asked[path] += 1
                if not await self._answer(path, body, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            if self._dead:
                writer.transport.abort()
            writer.close()

    async def _answer(self, path: str, body: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer, and say whether the connection goes on."""
        if path == "/reset" or (path == "/reset_once" and self.asked[path] == 1):
            writer.transport.abort()
            return False
        if path == "/cut":
            writer.write(_head(Content_Length=1000) + b'{"result": 1')
            return False
        if path == "/unended":
            writer.write(_head(Transfer_Encoding="chunked") + b"5\r\n12345\r\n")
            return False
        if path == "/no_http":
            writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            return False
        if path in {"/endless", "/drip"}:
            writer.write(_head())
            while not writer.is_closing():
                writer.write(b"x" * (65536 if path == "/endless" else 1))
                await writer.drain()
                await asyncio.sleep(0.0 if path == "/endless" else 0.02)
            return False
        if path == "/claims_gigabyte":
            writer.write(_head(Content_Length=10**9))
            await asyncio.sleep(5)
            return False
        if path == "/closes_after":  # says that it keeps the connection, and closes it
            writer.write(_head(Content_Length=14) + b'{"result": 11}')
            await writer.drain()
            return False
        if path == "/killed" and b"KILL" in body:
            await self._die()
            return False
        said = b'{"result": "' + body.replace(b'"', b"'").replace(b"\n", b" ") + b'"}'
        writer.write(_head(Content_Length=len(said)) + said)
        await writer.drain()
        return True

    async def _die(self) -> None:
        """Go away with every connection, as a process does, and come back a little later."""
        self._dead = True
        for each in list(self._open):
            each.transport.abort()
        await asyncio.sleep(0.05)
        self._dead = False
