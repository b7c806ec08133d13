"""HTTP services: what is sent, what comes back, and whose doing it is where nothing does."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crumple.adapters import OpenAdapter, Request
from crumple.adapters.http.polling import Polling, State
from crumple.adapters.http.system import HttpAdapter, HttpSystem
from crumple.adapters.http.templates import Template
from crumple.adapters.service.terms import Terms
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, VoidRunError
from crumple.outcome import Ending, Reply
from crumple.views.pages import Pages
from crumple.views.text import Text

HERE = Path(__file__).parent
TERMS = Terms(timeout=5, concurrency=4, retries=3, pause=0.01)
LETTER = Document("Total: 12,50 €\n".encode(), "text/plain", "a letter.txt")
SCAN = Document(b"\x89PNG\x00\xff", "image/png", "scan.png")


def system(url: str, *, terms: Terms = TERMS, **changes: Any) -> HttpSystem:
    """A service as it is called here; of `changes` what belongs to the template goes there."""
    fields = {
        name: changes.pop(name) for name in ("method", "body", "form_field", "template", "headers") & changes.keys()
    }
    return HttpSystem(root=HERE, template=Template(url=url, **fields), terms=terms, **changes)


@contextmanager
def opened(described: HttpSystem) -> Iterator[HttpAdapter]:
    adapter = pickle.loads(pickle.dumps(described)).adapter(HERE)
    adapter.start()
    try:
        yield adapter
    finally:
        adapter.close()


def replies(adapter: HttpAdapter, *requests: Request) -> list[Reply]:
    """The replies to requests that are sent as there is room, in the requests' order."""
    waiting = [adapter.prepare(each) for each in requests]
    order = {id(each): number for number, each in enumerate(waiting)}
    found: dict[int, Reply] = {}
    while len(found) < len(requests):
        while waiting and adapter.room:
            adapter.send(waiting.pop(0))
        for prepared, reply in adapter.arrived(5):
            found[order[id(prepared)]] = reply
    return [found[number] for number in sorted(found)]


def called(described: HttpSystem, document: Document = LETTER, **beside: Any) -> Reply:
    with opened(described) as adapter:
        (reply,) = replies(adapter, Request(document, **beside))
    return reply


def test_the_document_itself_is_sent_and_the_answer_stands_where_the_pointer_says(service: Any) -> None:
    reply = called(system(f"{service.url}/echo", answer="/result"))
    assert reply.ending is Ending.ANSWERED
    assert reply.answer == {"body": "Total: 12,50 €\n", "type": "text/plain", "query": {}}
    assert (reply.attempts, reply.cost, reply.suspect) == (1, None, False)
    assert reply.seconds > 0
    assert isinstance(system(service.url).adapter(HERE), OpenAdapter)


def test_a_form_holds_the_document_further_fields_and_further_documents(service: Any) -> None:
    described = system(f"{service.url}/form", body="multipart", template={"lang": "{inputs/lang}"})
    part = Document(b"more", "text/plain", "part.txt")
    reply = called(described, SCAN, inputs={"lang": "de"}, parts=(part, replace(part, name="other.txt")))
    assert reply.answer == {
        "name": "scan.png",
        "type": "image/png",
        "content": SCAN.data.decode("latin-1"),
        "lang": "de",
        "parts": ["part.txt", "other.txt"],
    }
    adapter = described.adapter(HERE)
    again = [adapter.prepare(Request(SCAN)).message.content for _ in range(2)]
    assert again[0] == again[1]  # nothing in it is random


def test_json_is_made_from_a_template_of_any_depth(service: Any) -> None:
    template = {"docs": [{"data": "{base64}", "as": "{media_type}:{name}"}], "n": 1, "in": "{inputs}", "{q}": "{{q}}"}
    reply = called(
        system(f"{service.url}/echo", body="json", template=template, answer="/result/body"),
        SCAN,
        inputs={"q": [1, None]},
    )
    assert json.loads(str(reply.answer)) == {
        "docs": [{"data": "iVBORwD/", "as": "image/png:scan.png"}],
        "n": 1,
        "in": {"q": [1, None]},
        "{q}": "{q}",
    }


def test_a_get_has_the_document_in_its_url_and_inputs_are_quoted(service: Any) -> None:
    url = f"{service.url}/echo?text={{text}}&lang={{inputs/lang}}&none={{inputs/none}}"
    reply = called(system(url, method="GET", body="", answer="/result/query"), inputs={"lang": "d&e"})
    assert reply.answer == {"text": "Total: 12,50 €\n", "lang": "d&e", "none": ""}


def test_where_text_alone_is_sent_only_damage_to_text_is_seen() -> None:
    described = system("http://host/", body="json", template={"text": "{text}"})
    assert described.sees(Text)
    assert not described.sees(bytes)
    assert not described.sees(Pages)
    adapter = described.adapter(HERE)
    with_mark = replace(LETTER, data=b"\xef\xbb\xbf" + LETTER.data)
    assert adapter.prepare(Request(with_mark)).form == adapter.prepare(Request(LETTER)).form is not None
    with pytest.raises(NotApplicable):
        adapter.prepare(Request(SCAN))
    assert system("http://host/").sees(bytes)
    assert system("http://host/").adapter(HERE).prepare(Request(SCAN)).form is None


def test_headers_go_along_and_ours_are_few(service: Any) -> None:
    headers = {"Authorization": "Bearer {brace}", "content-type": "text/x-letter", "X-Name": "{name}"}
    called(system(f"{service.url}/echo", headers=headers))
    sent = service.told.headers["/echo"]
    assert sent["authorization"] == "Bearer {brace}"
    assert sent["content-type"] == "text/x-letter"
    assert sent["x-name"] == "a letter.txt"
    assert sent["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("body", "changes", "ending", "kind"),
    [
        ('{"result": null}', {"answer": "/result"}, Ending.ANSWERED, ""),
        ('{"other": 1}', {"answer": "/result"}, Ending.CRASHED, "the answer has nothing at /result"),
        ("<html>", {}, Ending.CRASHED, "answer is not JSON"),
        ("", {}, Ending.CRASHED, "answer is not JSON"),
        ("[" * 100_000, {}, Ending.CRASHED, "answer is not JSON"),
        ('{"a": ' * 100_000, {}, Ending.CRASHED, "answer is not JSON"),
        ("plain", {"reads": "text"}, Ending.ANSWERED, ""),
        ('{"no": true}', {"refuses": ({"answer": "/no", "equals": True},)}, Ending.REFUSED, "answer: /no is true"),
        ("sorry, no", {"refuses": ({"matches": "sorry"},)}, Ending.REFUSED, "answer: matches 'sorry'"),
    ],
)  # fmt: skip
def test_answers_are_read_or_said_to_be_what_they_are(
    service: Any, body: str, changes: dict[str, Any], ending: Ending, kind: str
) -> None:
    reply = called(system(f"{service.url}/status/200", **changes), replace(LETTER, data=body.encode()))
    assert (reply.ending, reply.kind) == (ending, kind)
    assert len(reply.cause) <= 300


@pytest.mark.parametrize(
    ("status", "changes", "ending", "suspect"),
    [
        (500, {}, Ending.CRASHED, False),
        (422, {}, Ending.CRASHED, False),
        (404, {}, Ending.CRASHED, False),
        (422, {"refuses": (422,)}, Ending.REFUSED, False),
        (503, {"refuses": (503,)}, Ending.REFUSED, False),
        (400, {"refuses": ({"answer": "/code", "equals": "UNREADABLE"},)}, Ending.REFUSED, False),
        (401, {}, Ending.VOID, False),
        (407, {}, Ending.VOID, False),
        (429, {}, Ending.VOID, False),
        (403, {}, Ending.VOID, True),
        (502, {}, Ending.VOID, True),
        (503, {}, Ending.VOID, True),
        (504, {}, Ending.VOID, True),
    ],
)
def test_a_status_is_the_systems_doing_or_not(
    service: Any, status: int, changes: dict[str, Any], ending: Ending, suspect: bool
) -> None:
    body = b'{"code": "UNREADABLE", "detail": "page 7 of \'a.pdf\' has no text"}'
    document = Document(body, "application/json", "a.json")
    reply = called(system(f"{service.url}/status/{status}", terms=replace(TERMS, retries=0), **changes), document)
    assert (reply.ending, reply.suspect) == (ending, suspect)
    if ending is Ending.CRASHED:
        assert reply.cause == f"status {status}: UNREADABLE: page 7 of 'a.pdf' has no text"
        assert reply.kind == f"status {status}: UNREADABLE: page N of '…' has no text"


def test_what_is_void_says_what_to_do(service: Any) -> None:
    reply = called(system(f"{service.url}/status/401"))
    assert reply.kind == "credentials refused (401)"
    assert "check the key" in reply.detail


@pytest.mark.parametrize(
    ("query", "retry", "attempts", "answered"),
    [
        ("status=503", "safe", 3, True),
        ("status=429&after=0", "safe", 3, True),
        ("status=500", "safe", 1, False),
        ("status=502", "safe", 1, False),
        ("status=502", "any", 3, True),
        ("status=503&times=9", "safe", 4, False),
    ],
)
def test_what_cannot_have_been_taken_is_sent_again_and_counted(
    service: Any, query: str, retry: str, attempts: int, answered: bool
) -> None:
    name = f"{query}-{retry}".replace("=", "").replace("&", "")
    reply = called(system(f"{service.url}/flaky/{name}?{query}", retry=retry, answer="/result"))
    assert (reply.attempts, reply.ending is Ending.ANSWERED) == (attempts, answered)
    assert service.told.asked[f"/flaky/{name}"] == attempts


def test_a_service_that_wants_hours_is_not_waited_for(service: Any) -> None:
    reply = called(system(f"{service.url}/flaky/patience?status=429&after=7200"))
    assert (reply.ending, reply.attempts) == (Ending.VOID, 1)


def test_past_the_time_limit_a_call_is_hung(service: Any, faults: Any) -> None:
    terms = replace(TERMS, timeout=0.2)
    reply = called(system(f"{service.url}/slow", terms=terms))
    assert (reply.ending, reply.kind, reply.cause) == (Ending.HUNG, "time limit", "no answer within 0.2 s")
    assert called(system(f"{faults.url}/drip", terms=terms)).ending is Ending.HUNG  # though it never stops sending


@pytest.mark.parametrize(
    ("path", "ending", "kind"),
    [
        ("/cut", Ending.CRASHED, "answer cut short"),
        ("/unended", Ending.CRASHED, "answer cut short"),
        ("/no_http", Ending.CRASHED, "not HTTP"),
        ("/endless", Ending.EXHAUSTED, "output limit"),
        ("/claims_gigabyte", Ending.EXHAUSTED, "output limit"),
        ("/reset", Ending.VOID, "connection closed"),
    ],
)
def test_broken_answers_are_told_apart(faults: Any, path: str, ending: Ending, kind: str) -> None:
    reply = called(system(f"{faults.url}{path}", terms=replace(TERMS, largest_answer=100_000)))
    assert (reply.ending, reply.kind) == (ending, kind)
    assert reply.suspect == (path == "/reset")
    assert reply.attempts == 1


def test_an_answer_that_unpacks_to_more_than_it_may_is_stopped(service: Any) -> None:
    limited = replace(TERMS, largest_answer=1_000_000)
    bomb = called(system(f"{service.url}/gzip?times=5000000", terms=limited))
    assert (bomb.ending, bomb.cause) == (Ending.EXHAUSTED, "an answer over 977 KiB")
    assert called(system(f"{service.url}/gzip?times=3", answer="/result")).answer == "aaa"
    other = called(system(f"{service.url}/gzip?encoding=br"))
    assert (other.ending, other.kind) == (Ending.CRASHED, "unknown encoding")
    assert called(system(f"{service.url}/gzip?encoding=deflate")).ending in {Ending.CRASHED, Ending.ANSWERED}


def test_a_connection_that_had_been_kept_and_was_closed_costs_no_call(faults: Any) -> None:
    """Otherwise the service would seem to be killed by whichever document came next."""
    with opened(system(f"{faults.url}/closes_after", terms=replace(TERMS, concurrency=1))) as adapter:
        found = replies(adapter, *[Request(LETTER)] * 5)
    assert [each.ending for each in found] == [Ending.ANSWERED] * 5


def test_a_reset_on_a_connection_in_use_is_tried_once_on_a_new_one(faults: Any) -> None:
    described = system(f"{faults.url}/{{name}}", reads="text", terms=replace(TERMS, concurrency=1))
    first, second = replace(LETTER, name="fine"), replace(LETTER, name="reset_once")
    with opened(described) as adapter:
        found = replies(adapter, Request(first), Request(second))
    assert [(each.ending, each.attempts) for each in found] == [(Ending.ANSWERED, 1), (Ending.ANSWERED, 2)]


def test_a_document_that_kills_the_service_is_a_suspect_and_others_are_answered(faults: Any) -> None:
    described = system(f"{faults.url}/killed", answer="/result", terms=replace(TERMS, concurrency=1, pause=0.05))
    killer = Document(b"KILL", "text/plain", "k.txt")
    with opened(described) as adapter:
        found = replies(adapter, Request(LETTER), Request(killer), Request(LETTER))
    assert [each.ending for each in found] == [Ending.ANSWERED, Ending.VOID, Ending.ANSWERED]
    assert found[1].suspect


def test_redirections_stay_with_the_host_unless_they_only_ask(service: Any, faults: Any) -> None:
    secret = {"X-Key": "secret"}

    def moved(status: int, to: str) -> Reply:
        return called(system(f"{service.url}/moved/{status}?to={to}", headers=secret, reads="text"))

    kept = moved(307, "/echo")
    assert kept.ending is Ending.ANSWERED
    assert "Total" in str(kept.answer)
    assert "from elsewhere" in str(moved(303, "/answer").answer)
    for status, to in ((302, "/answer"), (307, f"{faults.url}/fine"), (308, "ftp://host/")):
        away = moved(status, to)
        assert (away.ending, away.kind) == (Ending.VOID, "unreachable: redirected")
    assert faults.asked["/fine"] <= 1  # by another test; the document went nowhere else


def poll(**changes: Any) -> Polling:
    return Polling(
        **({"url": "{location}", "id": "/job", "every": 0.01, "done": State("/status", ("done",))} | changes)
    )


def test_a_job_is_followed_and_its_answer_read(service: Any) -> None:
    described = system(f"{service.url}/jobs?polls=3", answer="/result", headers={"X-Key": "secret"})
    reply = called(replace(described, polling=poll()))
    assert (reply.ending, reply.answer, reply.attempts) == (Ending.ANSWERED, "by poll", 1)
    assert service.told.headers["/jobs/state"]["x-key"] == "secret"
    by_id = replace(described, polling=poll(url="/jobs/state?job={id}", fetch="/answer"))
    assert called(by_id).answer == "from elsewhere"


@pytest.mark.parametrize(
    ("how", "ending", "kind"),
    [
        ("failed", Ending.CRASHED, "the job has failed: job j/N could not read '…'"),
        ("refused", Ending.REFUSED, "the job was refused"),
    ],
)
def test_a_job_may_fail_or_be_refused(service: Any, how: str, ending: Ending, kind: str) -> None:
    polling = poll(
        url=f"{service.url}/jobs/ends/{how}/{{id}}",
        failed=State("/status", ("failed",)),
        refused=State("/status", ("refused",)),
    )
    reply = called(replace(system(f"{service.url}/jobs"), polling=polling))
    assert (reply.ending, reply.kind) == (ending, kind)


def test_the_time_limit_runs_over_the_whole_job_which_is_then_cancelled(service: Any) -> None:
    described = system(f"{service.url}/jobs?polls=1000", terms=replace(TERMS, timeout=0.3))
    reply = called(replace(described, polling=poll(cancel="/jobs/{id}")))
    assert (reply.ending, reply.cause) == (
        Ending.HUNG,
        'no answer within 0.3 s; the job was still not done, it had "running" at /status',
    )
    assert reply.seconds > 0.25
    assert len(service.told.cancelled) == 1
    assert service.told.cancelled[0].startswith("j/")


def test_a_job_without_a_name_and_one_that_cannot_be_asked_for_are_the_services_fault(service: Any) -> None:
    unnamed = called(replace(system(f"{service.url}/jobs"), polling=poll(url="/jobs/{id}", id="/number")))
    assert (unnamed.ending, unnamed.kind) == (Ending.CRASHED, "the answer has no job id at /number")
    lost = called(replace(system(f"{service.url}/jobs"), polling=poll(url="/nowhere/{id}")))
    assert (lost.ending, lost.kind) == (Ending.CRASHED, "status 404: Not Found")


def test_concurrency_grows_as_the_service_bears_it_and_never_beyond(service: Any) -> None:
    with opened(system(f"{service.url}/echo", terms=replace(TERMS, concurrency=3))) as adapter:
        assert adapter.room == 1
        replies(adapter, *[Request(LETTER)] * 8)
        assert adapter.room == 3


def test_a_lane_has_its_share_of_concurrency_and_rate() -> None:
    half = system("http://host/x", terms=replace(TERMS, concurrency=9, rate=4.0)).divided(2)
    assert (half.concurrency, half.terms.rate) == (4, 2.0)
    assert system("http://host/x").divided(100).concurrency == 1


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://127.0.0.1:1/x", "nothing listens at 127.0.0.1:1 (connection refused). Start the service"),
        ("http://no-such-host.invalid/x", "the name 'no-such-host.invalid' is not known"),
    ],
)
def test_a_service_that_is_not_there_is_said_before_anything_is_sent(url: str, cause: str) -> None:
    with pytest.raises(VoidRunError) as error:
        system(url).adapter(HERE).start()
    assert cause in str(error.value)


def test_a_service_that_goes_away_is_void_and_nobody_is_suspected(service: Any) -> None:
    described = system("http://127.0.0.1:1/x", terms=replace(TERMS, retries=2))
    adapter = described.adapter(HERE)
    adapter._transport.start(service.url)
    (reply,) = replies(adapter, Request(LETTER))
    adapter.close()
    assert (reply.ending, reply.kind, reply.suspect) == (Ending.VOID, "unreachable: connection refused", False)
    assert reply.attempts == 0
    assert "Start the service" in reply.detail


@pytest.mark.parametrize(
    ("url", "changes", "said"),
    [
        ("localhost:8000/x", {}, """'localhost:8000/x' has no scheme. Did you mean "http://localhost:8000/x"?"""),
        ("ftp://host/x", {}, "'ftp' is no scheme of a web service"),
        ("http://", {}, "names no host"),
        ("http://host/{nmae}", {}, "Did you mean '{name}'?"),
        ("http://host/?key=hunter2 x", {}, "names no host that can be called"),
        ("http://host/", {"body": "json"}, "a JSON body needs a template"),
        ("http://host/", {"body": "json", "template": {"name": "{name}"}}, "the document is nowhere in it"),
        ("http://host/", {"body": "json", "template": {"a": "{bas64}"}}, "Did you mean '{base64}'?"),
        ("http://host/", {"template": {"a": "{base64}"}}, 'it goes with body = "json" or "multipart"'),
        ("http://host/", {"body": "multipart", "template": ["x"]}, "of a form it is a table of fields"),
        ("http://host/", {"method": "GET", "body": ""}, "the document is nowhere in it"),
        ("http://host/", {"headers": {"X-Key": "hunter2\r\nX: y"}}, "line ends or characters beyond ASCII"),
        ("http://host/", {"headers": {"X Key": "1"}}, "no name of a header"),
        ("http://host/", {"headers": {"Host": "x"}}, "cannot be set"),
        ("http://host/", {"refuses": ("ValueError",)}, "only a function raises"),
        ("http://host/", {"refuses": (99,)}, "no HTTP status"),
        ("http://host/", {"answer": "/a", "reads": "text"}, "points into JSON"),
        ("http://host/", {"polling": poll(url="/jobs")}, "every job would be asked for at one URL"),
        ("http://host/", {"polling": poll(url="/jobs/{ide}")}, "Did you mean '{id}'?"),
        ("http://host/", {"terms": Terms(ca="none.pem")}, "there is no file 'none.pem'"),
    ],
)
def test_what_cannot_be_is_said_at_once_and_no_secret_with_it(url: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CrumpleError) as error:
        system(url, **changes)
    assert said in str(error.value)
    assert "hunter2" not in str(error.value)


def test_the_version_is_the_url_without_what_may_be_secret() -> None:
    assert system("https://me:word@host:8/v1/x?key=1").version() == "https://host:8/v1/x"


def test_a_service_that_is_away_for_long_is_not_waited_for_call_by_call(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crumple.adapters.service.transport._LONGEST_AWAY", -1.0)
    described = system("http://127.0.0.1:1/x", terms=replace(TERMS, retries=9, pause=100.0))
    adapter = described.adapter(HERE)
    adapter._transport.start(service.url)
    found = replies(adapter, *[Request(LETTER)] * 20)
    adapter.close()
    assert {each.ending for each in found} == {Ending.VOID}
