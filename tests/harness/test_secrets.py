"""No value from the environment reaches a file, the screen or an error, in whatever way a run fails."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from traces import Place

SECRET = 'sk-9f3c/Zü"q7 x+1'
TOKEN = "tok-5d1e+Qz-81=="  # as a header can hold it
ENV = {"KEY": SECRET, "TOKEN": TOKEN}
SYSTEM = """
import base64, json, os, sys, urllib.parse

SECRET = os.environ["GIVEN"]

class Refusal(Exception):
    pass

def read(document: bytes) -> dict:
    answer = json.loads(document.decode("utf-8-sig"))
    if not document.startswith(b"\\xef\\xbb\\xbf"):
        return answer
    kind = answer["kind"]
    print("key:", SECRET)
    if kind == "raises":
        raise ValueError(f"401 for key {SECRET}")
    if kind == "dies":
        print(json.dumps({"Authorization": "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()}), flush=True)
        os._exit(3)
    if kind == "quotes":
        raise ConnectionError("http://host/?key=" + urllib.parse.quote(SECRET, safe=""))
    if kind == "cut":
        raise LookupError("x" * (300 - len("LookupError: ") - 8) + SECRET)
    if kind == "strange":
        return {"kind": {SECRET}}
    if kind == "refuses":
        raise Refusal(repr(SECRET))
    if kind == "fills":
        sys.stdout.write("." * (2000 - 10) + SECRET + "." * 1990)
        raise KeyError("no")
    return {"kind": kind if kind == "unjudged" else [SECRET, json.dumps(SECRET)], "more": SECRET}
"""
KINDS = ("raises", "dies", "quotes", "cut", "strange", "refuses", "fills", "unjudged", "lies")
MUTATORS = """
import os
from crumple import mutator

@mutator("mine.raises")
def raises(data: bytes, rng) -> bytes:
    \"\"\"Raise.\"\"\"
    raise RuntimeError("with " + os.environ["KEY"])

@mutator("mine.dies")
def dies(data: bytes, rng) -> bytes:
    \"\"\"End the lane.\"\"\"
    os.write(2, ("it ends with " + os.environ["KEY"]).encode())
    os._exit(7)
"""
JUDGE = """
import os

def judge(answer, truth):
    if answer["kind"] == "unjudged" and "more" in answer:
        raise RuntimeError("cannot compare with " + os.environ["KEY"])
    return float(answer == truth)
"""


def project(root: Path, patch: pytest.MonkeyPatch, kinds: tuple[str, ...], toml: str) -> Place:
    made = Place(root, patch)
    for name, value in ENV.items():
        patch.setenv(name, value)
    (made.project / "corpus").mkdir()
    for number, kind in enumerate(kinds):
        for name in (f"{number}.json", f"{number}.json.truth.json"):
            (made.project / "corpus" / name).write_text(json.dumps({"kind": kind}))
    (made.project / "mine.py").write_text(SYSTEM)
    (made.project / "crumple.toml").write_text(toml)
    return made


def nowhere(made: Place, *texts: str) -> None:
    """Neither secret is in a file or one of these texts, as a whole or its greater part."""
    for secret in (SECRET, TOKEN):
        assert made.holding(secret) == []
        assert made.holding(secret[:9]) == []
        for text in texts:
            for form in (secret, secret[:9], json.dumps(secret)[1:-1], repr(secret)[1:-1]):
                assert form not in text


def test_a_system_that_says_it_in_every_way_and_a_judge_that_raises_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(
        tmp_path,
        monkeypatch,
        KINDS,
        '[system]\ncall = "mine:read"\nspare = 0\nrefuses = ["mine.Refusal"]\nenv = { GIVEN = "${KEY}" }\n'
        '[corpus]\npath = "corpus"\n[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 45\nworkers = 1\n'
        '[judge]\nkind = "mine_judge:judge"\n[privacy]\nstore = "all"\n',
    )
    (made.project / "mine_judge.py").write_text(JUDGE)
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 0, done.err
    nowhere(made, done.out, done.err)
    document = json.loads((made.project / "result.json").read_text())
    assert len(document["buckets"]) >= 6, "not every way was taken"
    assert json.dumps(document).count("${KEY}") > 3, "it was quoted, and is named instead"
    assert any("cannot compare with ${KEY}" in cause for cause in document["void"]["causes"])


def test_a_mutator_that_raises_it_and_a_lane_that_dies_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(
        tmp_path,
        monkeypatch,
        ("lies",),
        '[system]\ncall = "mine:read"\nspare = 0\nenv = { GIVEN = "${KEY}" }\n[corpus]\npath = "corpus"\n'
        '[mutate]\nmodules = ["mine_mutators"]\nuse = ["mine"]\n[run]\ncalls = 3\nworkers = 1\n',
    )
    (made.project / "mine_mutators.py").write_text(MUTATORS)
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 4, done.out + done.err
    nowhere(made, done.out, done.err)
    assert "with ${KEY}" in done.out


def test_a_command_whose_arguments_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(
        tmp_path,
        monkeypatch,
        ("a",),
        f'[system]\ncommand = ["{sys.executable}", "tell.py", "${{KEY}}", "{{input}}"]\nreads = "json"\n'
        '[corpus]\npath = "corpus"\n[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 4\nworkers = 1\n',
    )
    (made.project / "tell.py").write_text(
        "import sys\nprint(sys.argv, file=sys.stderr)\ndata = open(sys.argv[2], 'rb').read()\n"
        "sys.exit('no: ' + sys.argv[1]) if data[:1] != b'{' else print(data.decode())\n"
    )
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 0, done.out + done.err
    assert "crashed" in done.out
    assert "${KEY}" in (made.project / "result.json").read_text()
    nowhere(made, done.out, done.err)


# ------------------------------------------------------------------------------------------------ services


class Echo(BaseHTTPRequestHandler):
    """Says what it was sent, as bad services do: in answers and in error pages."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        clean = body[:1] == b"{"
        status = int(self.path.strip("/").partition("?")[0] or 200) if not clean or self.path[1:2] == "4" else 200
        told = json.dumps({"you sent": dict(self.headers), "path": self.path, "error": f"at {dict(self.headers)}"})
        answer = body if status == 200 and clean else told.encode()
        self.send_response(status, f"no {self.headers.get('X-Key', '')}")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Say nothing on the screen."""


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_service_that_says_what_it_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, echo: str) -> None:
    made = project(
        tmp_path,
        monkeypatch,
        ("a",),
        f'[system]\nurl = "http://me:${{TOKEN}}@{echo}/500?key=${{TOKEN}}"\nretries = 0\n'
        'headers = { Authorization = "Bearer ${TOKEN}", X-Key = "${TOKEN}" }\n'
        '[corpus]\npath = "corpus"\n[mutate]\nuse = ["encoding.json_bom"]\n[run]\ncalls = 3\nworkers = 1\n',
    )
    done = made.crumple("run", "--json", "result.json")
    assert done.code == 0, done.out + done.err
    nowhere(made, done.out, done.err)


# ------------------------------------------------------------------------------------------------ mistakes

SOUND = {
    "system": 'call = "mine:read"\nspare = 0\nenv = { GIVEN = "${KEY}" }',
    "corpus": 'path = "corpus"',
    "mutate": 'use = ["encoding.json_bom"]',
    "run": "calls = 2\nworkers = 1",
}


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("system", 'call = "${KEY}"'),
        ("system", 'call = "mine:${KEY}"'),
        ("system", 'call = "broken:read"\nenv = { GIVEN = "${KEY}" }'),
        ("system", 'call = "mine:read"\nenv = { GIVEN = "${KEY}" }\ntimeout = "${KEY}"'),
        ("system", 'call = "mine:read"\nenv = { GIVEN = "${KEY}" }\npython = "bin/${KEY}"'),
        ("system", 'call = "mine:read"\nenv = { GIVEN = "${KEY}" }\nrefuses = [{ matches = "(${KEY}" }]'),
        ("system", 'call = "mine:read"\nenv = { GIVEN = "${KEY}" }\nversion_command = ["false", "${KEY}"]'),
        ("system", 'command = ["${KEY}", "{input}"]'),
        ("system", 'command = ["cat", "{inptu}", "${KEY}"]'),
        ("system", 'url = "${KEY}"'),
        ("system", 'chat = "http://127.0.0.1:1/v1"\nmodel = "m"\nkey = "${KEY}"\nschema = "${KEY}"'),
        ("corpus", 'path = "${KEY}"'),
        ("corpus", 'generate = "${KEY}"'),
        ("mutate", 'use = ["${KEY}"]'),
        ("mutate", 'modules = ["${KEY}"]'),
        ("judge", 'kind = "${KEY}"'),
        ("judge", 'kind = "fields"\nfields = ["${KEY}"]'),
        ("run", 'store = "postgresql://me:${TOKEN}@127.0.0.1:1/runs"'),
        ("run", 'store = "${KEY}/store.db"'),
        ("dependency", 'url = "${KEY}"\nenv = "API"'),
    ],
)
def test_a_mistake_in_the_configuration_quotes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str, text: str
) -> None:
    sections = SOUND | {section: text}
    made = project(
        tmp_path, monkeypatch, ("a",), "\n".join(f"[{name}]\n{content}" for name, content in sections.items())
    )
    (made.project / "broken.py").write_text("import os\nraise OSError('no license for ' + os.environ['GIVEN'])\n")
    done = made.crumple("run")
    assert done.code in {2, 4}, done.out + done.err
    assert not done.err.startswith("Traceback")
    nowhere(made, done.out, done.err)


def test_a_fault_of_crumples_own_quotes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(tmp_path, monkeypatch, ("a",), "\n".join(f"[{name}]\n{content}" for name, content in SOUND.items()))

    def broken(*_: object) -> None:
        raise RuntimeError(f"with {SECRET}")

    monkeypatch.setattr("crumple.assembly.assemble", broken)
    done = made.crumple("run")
    assert done.code == 70
    assert "RuntimeError: with ${KEY}" in done.err
    nowhere(made, done.out, done.err)
