"""Chat models, called for real: an independent server with the interface of OpenAI's, told to fail in every way."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from llmock import simulation
from llmock.ratelimit import LimitSettings
from llmock.scenarios import Delay, Fail, Match, StreamFault
from llmock.scenarios import Reply as Says
from llmock.testing import LLMockServer
from PIL import Image

from crumple.adapters import OpenAdapter, Prepared, Request
from crumple.adapters.chat.prices import Prices
from crumple.adapters.chat.system import ChatSystem
from crumple.adapters.service.transport import Terms
from crumple.config.loading import load
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, VoidRunError
from crumple.outcome import Ending, Reply
from crumple.systems import system_of
from crumple.truth import Json
from crumple.views.pages import Pages
from crumple.views.text import Text

PAGE = Path(__file__).parents[3] / "docs" / "systems" / "chat.md"
COMPLETION = Match(path="*/chat/completions")  # starting asks for the models as well
QUICK = Terms(timeout=5.0, concurrency=4, retries=6, pause=0.002)
LETTER = Document(b"Please pay 12.50 EUR.", "text/plain", "letter.txt")


@pytest.fixture(scope="module")
def started() -> Iterator[LLMockServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "DEFAULT_RETRY_AFTER_SECONDS", 0.0)
        with LLMockServer(responses=simulation.MockResponseSettings(response_style="echo")) as server:
            yield server


@pytest.fixture
def server(started: LLMockServer) -> Iterator[LLMockServer]:
    started.state.reset()
    started.state.chaos.error_rates = {}
    yield started
    started.state.reset()
    started.state.chaos.error_rates = {}


def system(server: LLMockServer, **how: Any) -> ChatSystem:
    return ChatSystem(**{"root": Path(), "url": server.base_url(), "model": "m", "terms": QUICK, **how})


def answers(described: ChatSystem, *requests: Request) -> list[Reply]:
    adapter: OpenAdapter = described.adapter(Path())
    adapter.start()
    try:
        waiting = [adapter.prepare(each) for each in requests]
        order, replies = list(waiting), dict[int, Reply]()
        while len(replies) < len(requests):
            while waiting and adapter.room:
                adapter.send(waiting.pop(0))
            replies |= {id(prepared): reply for prepared, reply in adapter.arrived(5)}
        return [replies[id(each)] for each in order]
    finally:
        adapter.close()


def asked(described: ChatSystem, inputs: Json = None) -> Reply:
    return answers(described, Request(LETTER, inputs))[0]


def sent(server: LLMockServer) -> list[dict[str, Any]]:
    found = server.state.journal.records(wait=2)
    return [each.body for each in found if each.path.endswith("/chat/completions")]


def prepared(described: ChatSystem, document: Document, parts: tuple[Document, ...] = ()) -> tuple[Prepared, Any]:
    made = described.adapter(Path()).prepare(Request(document, None, parts))
    return made, json.loads(made.message.content)["messages"][-1]["content"]


def test_a_question_is_asked_of_a_document(server: LLMockServer) -> None:
    described = system(
        server, instructions="Be brief.", options={"temperature": 0}, prices=Prices(input=1e6, output=1e6)
    )
    reply = asked(described, {"question": "How much?"})
    assert (reply.ending, reply.answer) == (
        Ending.ANSWERED,
        "Hello! You said: Be brief. How much? Please pay 12.50 EUR.",
    )
    (body,) = sent(server)
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How much?\n\nPlease pay 12.50 EUR."},
    ]
    assert (body["model"], body["temperature"]) == ("m", 0)
    assert reply.cost == reply.figures["tokens in"] + reply.figures["tokens out"] > 0


def test_refused_attempts_are_made_again_and_counted(server: LLMockServer) -> None:
    server.state.scenarios.add(
        Fail(429, retry_after=0, times=2, match=COMPLETION), Fail(503, retry_after=0, match=COMPLETION)
    )
    reply = asked(system(server))
    assert (reply.ending, reply.attempts) == (Ending.ANSWERED, 4)


def test_under_chance_429s_every_call_is_answered_and_every_attempt_and_all_money_add_up(server: LLMockServer) -> None:
    server.state.chaos.error_rates = {429: 0.2}
    described = system(server, terms=replace(QUICK, retries=20), prices=Prices(input=0.15, output=0.6))
    requests = [Request(replace(LETTER, data=b"Please pay %d EUR." % number)) for number in range(40)]
    replies = answers(described, *requests)
    assert {reply.ending for reply in replies} == {Ending.ANSWERED}
    assert sum(reply.attempts for reply in replies) == len(sent(server))
    tokens = [simulation.estimate_tokens(each.data.decode()) for each in (request.document for request in requests)]
    out = [simulation.estimate_tokens(f"Hello! You said: {request.document.data.decode()}") for request in requests]
    assert sum(reply.cost or 0 for reply in replies) == pytest.approx((sum(tokens) * 0.15 + sum(out) * 0.6) / 1e6)


def test_limits_that_stay_are_nobodys_failure(server: LLMockServer) -> None:
    server.state.scenarios.add(Fail(429, retry_after=0, times=3, match=COMPLETION))
    reply = asked(system(server, terms=replace(QUICK, retries=2)))
    assert (reply.ending, reply.attempts, reply.suspect) == (Ending.VOID, 3, False)


@pytest.mark.parametrize(
    ("status", "ending"), [(500, Ending.CRASHED), (400, Ending.CRASHED), (403, Ending.VOID), (404, Ending.VOID)]
)
def test_other_statuses_are_not_asked_again(server: LLMockServer, status: int, ending: Ending) -> None:
    server.state.scenarios.add(Fail(status, match=COMPLETION))
    reply = asked(system(server))
    assert (reply.ending, reply.attempts) == (ending, 1)


def test_retry_any_asks_again_after_a_5xx(server: LLMockServer) -> None:
    server.state.scenarios.add(Fail(500, match=COMPLETION))
    assert asked(system(server, retry="any")).attempts == 2


def test_a_slow_answer_is_hung(server: LLMockServer) -> None:
    server.state.scenarios.add(Delay(1, match=COMPLETION))
    reply = asked(system(server, terms=replace(QUICK, timeout=0.2)))
    assert (reply.ending, reply.cause) == (Ending.HUNG, "no answer within 0.2 s")


def test_a_document_longer_than_the_context_has_a_bucket_of_its_own(server: LLMockServer) -> None:
    server.state.limiter.configure(LimitSettings(context_window=3))
    try:
        reply = asked(system(server))
    finally:
        server.state.limiter.configure(LimitSettings())
    assert (reply.ending, reply.kind) == (Ending.CRASHED, "context length exceeded")


def test_a_stream_is_read_with_its_tokens(server: LLMockServer) -> None:
    reply = asked(system(server, stream=True))
    assert reply.answer == "Hello! You said: Please pay 12.50 EUR."
    assert reply.figures["tokens out"] > 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (StreamFault("truncate", after_chunks=3), "answer cut short"),
        (StreamFault("disconnect", after_chunks=3), "answer cut short"),
        (StreamFault("malformed", after_chunks=2), "an event of the stream is not JSON"),
    ],
)
def test_a_stream_that_breaks_is_a_crash(server: LLMockServer, fault: StreamFault, kind: str) -> None:
    server.state.scenarios.add(fault)
    reply = asked(system(server, stream=True))
    assert (reply.ending, reply.kind) == (Ending.CRASHED, kind)


def test_a_stream_that_stalls_is_hung(server: LLMockServer) -> None:
    server.state.scenarios.add(StreamFault("stall", after_chunks=2, stall_seconds=1))
    assert asked(system(server, stream=True, terms=replace(QUICK, timeout=0.3))).ending is Ending.HUNG


def test_a_schema_is_sent_and_its_answer_read_as_json(server: LLMockServer, tmp_path: Path) -> None:
    loose: dict[str, Any] = {"type": "object", "properties": {"total": {"type": "number"}}}
    strict = loose | {"required": ["total"], "additionalProperties": False}
    for schema in (strict, loose):
        (tmp_path / "invoice.schema.json").write_text(json.dumps(schema))
        reply = asked(system(server, root=tmp_path, schema="invoice.schema.json", answer="/total"))
        assert isinstance(reply.answer, (int, float))
    forms = [body["response_format"]["json_schema"] for body in sent(server)]
    assert [(form["name"], form["strict"], form["schema"]) for form in forms] == [
        ("invoice", True, strict),
        ("invoice", False, loose),
    ]
    server.state.scenarios.add(Says(text="Sure: {}", match=COMPLETION))
    assert asked(system(server, root=tmp_path, schema="invoice.schema.json")).kind == "answer is not JSON"


def test_a_picture_goes_along_as_it_is_and_a_tiff_page_by_page(server: LLMockServer) -> None:
    page = Image.new("L", (30, 20), 200)
    png, tiff = io.BytesIO(), io.BytesIO()
    page.save(png, "PNG")
    page.save(tiff, "TIFF", save_all=True, append_images=[page])
    described = system(server, input="image", prompt="Read it.")
    made, content = prepared(described, Document(png.getvalue(), "image/png", "a.png"))
    assert content[0] == {"type": "text", "text": "Read it."}
    assert decoded(content[1]["image_url"]["url"]) == ("image/png", png.getvalue())
    assert made.form is None
    made, content = prepared(described, Document(tiff.getvalue(), "image/tiff", "a.tif"))
    assert [each["type"] for each in content] == ["text", "image_url", "image_url"]
    kind, data = decoded(content[1]["image_url"]["url"])
    assert (kind, Image.open(io.BytesIO(data)).tobytes()) == ("image/png", page.tobytes())
    assert made.form
    assert answers(described, Request(Document(png.getvalue(), "image/png", "a.png")))[0].ending is Ending.ANSWERED
    with pytest.raises(NotApplicable):
        prepared(described, LETTER)


def test_a_file_goes_along_with_its_name(server: LLMockServer) -> None:
    pdf = Document(b"%PDF-1.4 broken", "application/pdf", "box/a.pdf")
    picture = Document(b"\x89PNG broken", "image/png", "b.png")
    made, content = prepared(system(server, input="file"), pdf, (picture,))
    assert content[0]["type"] == "file"
    assert content[0]["file"]["filename"] == "a.pdf"
    assert decoded(content[0]["file"]["file_data"]) == ("application/pdf", pdf.data)
    assert decoded(content[1]["image_url"]["url"]) == ("image/png", picture.data)
    assert made.form is None


def decoded(url: str) -> tuple[str, bytes]:
    found = re.fullmatch(r"data:([\w/]+);base64,(.*)", url)
    assert found
    return found[1], base64.b64decode(found[2])


def test_only_damage_that_the_model_sees_reaches_it(server: LLMockServer) -> None:
    seen = {form: [view for view in (bytes, Text, Pages) if system(server, input=form).sees(view)] for form in FORMS}
    assert seen == {"text": [Text], "image": [Pages], "file": [bytes, Text, Pages]}
    with pytest.raises(NotApplicable, match="never sees bytes"):
        prepared(system(server), replace(LETTER, data=b"\xff\xfe\xff"))


FORMS = ("text", "image", "file")


def test_a_refused_key_ends_the_run_before_it_begins(server: LLMockServer) -> None:
    server.state.scenarios.add(Fail(401))
    with pytest.raises(VoidRunError, match="refuses the key") as caught:
        asked(system(server, key="sk-marker"))
    assert "sk-marker" not in str(caught.value)
    assert sent(server) == []


def test_a_service_that_is_not_there_ends_the_run_before_it_begins(server: LLMockServer) -> None:
    with pytest.raises(VoidRunError, match="nothing listens"):
        asked(system(server, url="http://127.0.0.1:9/v1"))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"url": "127.0.0.1/v1"}, r"\[system\] chat.* has no scheme"),
        ({"model": ""}, "model is missing"),
        ({"options": {"messages": []}}, "instructions and prompt"),
        ({"schema": "none.json"}, "there is no file 'none.json'"),
        ({"answer": "/total"}, "A pointer leads into JSON"),
        ({"prompt": "What?"}, "does not show the document"),
        ({"refuses": ("ValueError",)}, "only a function raises"),
        ({"terms": Terms(ca="none.pem")}, "there is no file 'none.pem'"),
    ],
)
def test_what_does_not_fit_together_is_said_at_once(server: LLMockServer, how: dict[str, Any], said: str) -> None:
    with pytest.raises(CrumpleError, match=said):
        system(server, **how)


@pytest.mark.parametrize("written", ["{", "[]", '{"a": "\\ud8'])
def test_a_schema_that_is_none_is_an_error(server: LLMockServer, tmp_path: Path, written: str) -> None:
    (tmp_path / "s.json").write_text(written)
    with pytest.raises(CrumpleError, match=r"s\.json"):
        system(server, root=tmp_path, schema="s.json").adapter(tmp_path)


def test_the_base_url_may_be_written_in_several_ways(server: LLMockServer) -> None:
    for url in ("https://x/v1", "https://x/v1/", "https://x/v1/chat/completions"):
        assert system(server, url=url).place("chat/completions") == "https://x/v1/chat/completions"
    azure = system(server, url="https://u:p@x/a?api-version=1", headers={"API-Key": "k"}, key="")
    assert azure.place("chat/completions") == "https://u:p@x/a/chat/completions?api-version=1"
    assert azure.version() == "https://x/a m"
    assert dict(azure.identified())["api-key"] == "k"


def test_the_key_is_not_shown(server: LLMockServer) -> None:
    described = system(server, key="sk-marker", headers={"x": "sk-marker"})
    assert "sk-marker" not in repr(described)
    assert dict(described.identified())["authorization"] == "Bearer sk-marker"


def test_the_page_works_as_it_is_shown(server: LLMockServer, tmp_path: Path) -> None:
    blocks = re.findall(r"^```\w+\n# (\S+)\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    for name, text in blocks:
        if "/" in name or name.endswith(".toml"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("http://127.0.0.1:8000/v1", server.base_url()))
    server.state.chaos.error_rates = {429: 0.2}
    use = "--use text.lower_case,text.tabs,scope.unanswerable_question,scope.empty_question"
    command = [sys.executable, "-m", "crumple", "run", "--calls", "30", "--json", "run.json", *use.split()]
    environment = {"LLM_KEY": "sk-marker", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["clean"]["right"] == 1
    assert document["void"]["calls"] == 0
    assert all(not each["failures"] for each in document["categories"].values())
    statuses = Counter(
        each.status for each in server.state.journal.records(wait=2) if each.path.endswith("completions")
    )
    assert document["run"]["attempts"] == statuses.total() > document["run"]["calls"]
    assert b"sk-marker" not in b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())


def test_every_key_of_the_page_is_one(server: LLMockServer, tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n# further lines[^\n]*\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    (system_lines, run_lines) = blocks[0].removeprefix("[system]\n").split("[run]\n")
    first = 'chat = "http://127.0.0.1:8000/v1"\nmodel = "m"\n'
    text = f'[system]\n{first}{system_lines}[corpus]\npath = "c"\n[run]\n{run_lines}'
    (tmp_path / "crumple.toml").write_text(text)
    described = system_of(load(tmp_path / "crumple.toml"))
    assert isinstance(described, ChatSystem)
    assert described.prices == Prices(input=0.15, output=0.6, cached=0.075)
    assert (described.concurrency, described.divided(2).concurrency) == (16, 8)
