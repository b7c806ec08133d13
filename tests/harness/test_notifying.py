"""The webhook: told once or three times, never longer than it may take, and its address is in no message."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import nights
from crumple.errors import CrumpleError
from crumple.masking import forget, presentable
from crumple.notifying import WAITS, check, is_news, links_of, send
from crumple_reports.slack import BLOCKS, HEADER, SECTION
from crumple_reports.slack import render as slack
from crumple_reports.webhook import render as webhook

SECRET = "T0P/s3cr3t-path"
Answer = tuple[int, dict[str, str]]


class Server:
    """A webhook on this machine that answers as it is told to, one answer after the other."""

    def __init__(self, *answers: Answer) -> None:
        self.bodies: list[bytes] = []
        self.types: list[str] = []
        self._answers = list(answers)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                outer.types.append(self.headers["Content-Type"])
                status, headers = outer._answers.pop(0) if len(outer._answers) > 1 else outer._answers[0]
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def do_GET(self) -> None:
                outer.bodies.append(b"GET")
                self.send_error(404)

            def log_message(self, *words: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/{SECRET}"
        threading.Thread(target=lambda: self._server.serve_forever(0.01), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def start(*answers: Answer | int) -> Server:
        made.append(Server(*[each if isinstance(each, tuple) else (each, {}) for each in answers]))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def raw() -> Iterator[Callable[[bytes | None], str]]:
    """A listener that says these bytes and closes, or with None says nothing at all."""
    listeners, done = [], threading.Event()

    def start(says: bytes | None) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.recv(65536)
                    if says is None:
                        done.wait(20)
                    else:
                        client.sendall(says)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/{SECRET}"

    yield start
    done.set()
    for each in listeners:
        each.close()


def worse() -> dict[str, Any]:
    return nights.document(nights.night(nights.row("encoding", 12), nights.row("table")))


def quiet() -> dict[str, Any]:
    return nights.document(nights.night(), contract=[])


def told(url: str, document: Any = None, **more: Any) -> tuple[str | None, list[float]]:
    waits: list[float] = []
    given = {"form": "json", "when": "worse", "environment": {}, "sleep": waits.append} | more
    said = send(worse() if document is None else document, url, **given)
    assert said is None or not re.search(r"s3cr3t|127\.0\.0\.1", said)
    assert said is None or "\n" not in said
    return said, waits


def test_a_night_that_is_worse_is_told_once(server: Callable[..., Server]) -> None:
    there = server(200)
    assert told(there.url) == (None, [])
    (body,) = there.bodies
    assert json.loads(body)["headline"].startswith("Worse than the baseline: encoding (12 newly failing")
    assert there.types == ["application/json"]


def test_two_failures_of_its_own_are_forgiven(server: Callable[..., Server]) -> None:
    there = server(500, 503, 204)
    assert told(there.url) == (None, list(WAITS))
    assert len(set(there.bodies)) == 1
    assert len(there.bodies) == 3


def test_one_that_goes_on_failing_is_said_in_a_line(server: Callable[..., Server]) -> None:
    there = server(500)
    assert told(there.url) == ("the webhook was not told: it answers 500, 3 times", list(WAITS))
    assert len(there.bodies) == 3


def test_it_waits_as_long_as_it_is_asked_to_but_not_all_night(server: Callable[..., Server]) -> None:
    there = server((429, {"Retry-After": "7"}), (429, {"Retry-After": "86400"}), (200, {}))
    assert told(there.url) == (None, [7.0, 30.0])


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_what_the_other_side_refuses_is_not_tried_again(server: Callable[..., Server], status: int) -> None:
    there = server(status)
    assert told(there.url) == (f"the webhook was not told: it answers {status}", [])


def test_a_redirection_is_not_followed_and_its_target_not_said(server: Callable[..., Server]) -> None:
    """Followed, a POST becomes a GET that tells nothing; and it would carry figures to somewhere else."""
    target = server(200)
    there = server((302, {"Location": target.url}))
    said, waits = told(there.url)
    assert said == "the webhook was not told: it answers 302, that it has moved; give the address that it has moved to"
    assert waits == []
    assert target.bodies == []


def test_one_that_says_nothing_costs_no_more_than_its_time(raw: Callable[[bytes | None], str]) -> None:
    said, waits = told(raw(None), timeout=0.05)
    assert said is not None
    assert re.search(r"no answer (in time|within 0\.05 s), 3 times", said)
    assert waits == list(WAITS)


@pytest.mark.parametrize("garbage", [b"\x00\xff\xfe garbage \r\n\r\n", b"", b"HTTP/1.1 200\r\nnonsense"])
def test_garbage_is_no_answer(raw: Callable[[bytes | None], str], garbage: bytes) -> None:
    said, waits = told(raw(garbage))
    if garbage.startswith(b"HTTP/1.1 200"):
        assert said is None, "the status was there"
    else:
        assert said is not None
        assert len(waits) == len(WAITS)


def test_nothing_listening_is_said(raw: Callable[[bytes | None], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert told(f"http://127.0.0.1:{port}/{SECRET}")[0] == "the webhook was not told: nothing listens there, 3 times"


def test_a_night_without_news_is_told_only_where_every_one_is(server: Callable[..., Server]) -> None:
    there = server(200)
    assert told(there.url, quiet()) == (None, [])
    assert there.bodies == []
    assert told(there.url, quiet(), when="always") == (None, [])
    assert json.loads(there.bodies[0])["state"] == "same"


@pytest.mark.parametrize(
    ("document", "news"),
    [
        (worse(), True),
        (quiet(), False),
        (nights.document(nights.night(state="void"), contract=[]), True),
        (nights.document(nights.night(), contract=[nights.limit("broken")]), True),
        (nights.document(nights.night(state="better"), contract=[nights.limit("undecided")]), False),
    ],
)
def test_news_is_what_is_worse_void_or_broken(document: Any, news: bool) -> None:
    assert is_news(document, "worse") is news


@pytest.mark.parametrize("url", ["hooks.example.com/s3cr3t", "ftp://h/s3cr3t", "http:///s3cr3t", "http://h:0/s3cr3t"])
def test_what_is_no_address_is_said_before_any_call_without_being_shown(url: str) -> None:
    try:
        with pytest.raises(CrumpleError, match="it is not the address of a web service") as caught:
            check(url, "crumple.toml, line 9, [nightly]")
    finally:
        forget()
    assert "s3cr3t" not in str(caught.value)
    said = send(worse(), url, "json", "worse", environment={}, sleep=lambda _: None)
    assert said is not None
    assert "s3cr3t" not in said


def test_once_checked_the_address_is_in_no_message_of_the_process() -> None:
    url = f"https://hooks.example.com/{SECRET}"
    try:
        check(url, "--webhook")
        assert SECRET not in presentable(f"Traceback: urlopen({url!r})")
    finally:
        forget()


def test_ci_is_linked_by_the_job_that_it_names() -> None:
    hub = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}
    assert links_of(hub) == {"ci": "https://github.com/a/b/actions/runs/7"}
    assert links_of({"CI_JOB_URL": "https://me:token@gitlab.com/a/-/jobs/7"}) == {"ci": "https://gitlab.com/a/-/jobs/7"}
    assert links_of({"BUILD_URL": "http://jenkins:8080/job/a/7/"}) == {"ci": "http://jenkins:8080/job/a/7/"}
    assert links_of({"BUILD_URL": "javascript:alert(1)"}) == {}
    assert links_of({}) == {}


def test_the_message_holds_figures_and_no_text_of_documents_or_answers() -> None:
    part = nights.night(
        nights.row("encoding", 12),
        nights.row("table"),
        findings=[nights.finding("encoding-1", what="answers 'ACCOUNT 123'")],
        drift=[nights.drift("scan")],
        changes=[{"what": "system", "before": "2.3.0", "now": "2.4.0"}],
    )
    made = json.loads(webhook(nights.document(part, contract=[nights.limit("broken")]), links={"ci": "https://x"}))
    assert (made["schema"], made["kind"], made["state"], made["run"]["id"]) == (1, "night", "worse", nights.RUN)
    assert made["worse"][0] | {"p": 0} == {
        "category": "encoding",
        "state": "worse",
        "pairs": 120,
        "before": 8,
        "now": 20,
        "worse": 12,
        "better": 0,
        "p": 0,
    }
    assert [each["category"] for each in made["drift"]] == ["scan"]
    assert made["findings"] == [{"id": "encoding-1", "status": "FAILS"}]
    assert made["contract"]["state"] == "broken"
    assert made["changes"] == [{"what": "system", "before": "2.3.0", "now": "2.4.0"}]
    assert made["links"] == {"ci": "https://x"}
    assert len(made["documents"]) == 3
    for text in ("could not convert", "ACCOUNT"):
        assert text not in json.dumps(made)
        assert text not in slack(nights.document(part))


def texts(message: str) -> Sequence[str]:
    return [each["text"]["text"] for each in json.loads(message)["blocks"]]


def test_slack_is_told_the_same_in_its_own_form(server: Callable[..., Server]) -> None:
    there = server(200)
    assert told(there.url, form="slack", environment={"BUILD_URL": "https://ci/7"}) == (None, [])
    made = json.loads(there.bodies[0])
    assert made["text"].startswith("Worse than the baseline: encoding")
    shown = "\n".join(texts(there.bodies[0].decode()))
    assert "right before, wrong now: `order 0.csv &gt; encoding.mojibake(share=0.1,seed=577138)`" in shown
    assert "<https://ci/7|ci>" in shown


def test_slack_finds_no_link_name_or_code_in_names_of_others() -> None:
    hostile = "<!channel> <@U1> *x* `y` & z" + "<" * 50
    row = nights.row("encoding", 12) | {"category": hostile}
    row["documents"] = [nights.looked_at("encoding", replay=f"a`b {hostile}")]
    for text in texts(slack(nights.document(nights.night(row)), links={"ci": "https://x|y>"})):
        assert "<" not in text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        assert text.count("`") % 2 == 0
        assert "*x*" not in re.sub("`[^`]*`", "", text), "as code it is shown as it is"


def test_slack_takes_the_longest_night() -> None:
    long = "category " * 2_000 + "<>&" * 500
    rows = [nights.row("encoding", 12) | {"category": f"{number} {long}"} for number in range(60)]
    changed = [{"what": f"{long} {number}", "before": long, "now": "1"} for number in range(60)]
    limits = [nights.limit("broken", f"{long} {number}") for number in range(60)]
    made = json.loads(slack(nights.document(nights.night(*rows, changes=changed), contract=limits)))
    assert len(made["blocks"]) <= BLOCKS
    for block in made["blocks"]:
        text = block["text"]["text"]
        assert 0 < len(text) <= (HEADER if block["type"] == "header" else SECTION)
        assert not re.search(r"&(?!amp;|lt;|gt;)", text), "an entity was cut in two"
    assert len(made["text"]) <= SECTION
