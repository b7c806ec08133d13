"""The proxy before a real service: without faults nobody notices it, with them each does what it says."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from typing import Any

import pytest

from crumple.dependency.faults import (
    Answer,
    Answered,
    Cut,
    Dripped,
    Dropped,
    Hits,
    Late,
    Observed,
    Redirected,
    Reshaped,
    Silent,
)
from crumple.dependency.front import Front
from crumple.dependency.proxy import Proxy
from crumple.errors import CrumpleError
from prices_service import Said, call, serving

ONE = Observed(calls=1, hit=1, touched=1)


def test_without_faults_method_path_query_headers_and_answer_pass_as_they_are(proxy: Proxy, prices: str) -> None:
    direct = call(int(prices.rpartition(":")[2]), "/any/x%2Fy%20z?q=%C3%A9&q=2&r", X_One="1", Accept="*/*")
    through = call(proxy.port, "/any/x%2Fy%20z?q=%C3%A9&q=2&r", X_One="1", Accept="*/*")
    assert (through.status, through.reason, through.json) == (200, "Just So", direct.json)
    assert [value for name, value in through.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert {name for name, _ in through.headers} == {name for name, _ in direct.headers}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("body", [b"", b"some bytes", b"x" * 3_000_000])
def test_bodies_go_both_ways(proxy: Proxy, method: str, body: bytes) -> None:
    said = call(proxy.port, "/store", method, body)
    assert (said.status, said.body) == (201, body)


def test_a_body_of_unknown_length_goes_both_ways(proxy: Proxy) -> None:
    assert call(proxy.port, "/store", "POST", iter([b"one ", b"two"])).body == b"one two"
    pieces = call(proxy.port, "/pieces")
    assert (pieces.body, dict(pieces.headers)["Transfer-Encoding"]) == (b"one two three", "chunked")


def test_what_has_no_body_has_none(proxy: Proxy) -> None:
    head = call(proxy.port, "/prices/A1", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(dict(head.headers)["Content-Length"]) > 0
    assert call(proxy.port, "/status/204").status == 204


def test_a_redirect_to_the_dependency_itself_leads_to_the_proxy(proxy: Proxy) -> None:
    assert dict(call(proxy.port, "/moved/").headers)["Location"] == f"http://127.0.0.1:{proxy.port}/prices/A1"


def test_compressed_answers_stay_compressed(proxy: Proxy) -> None:
    said = call(proxy.port, "/packed/")
    assert (said.body[:2], dict(said.headers)["Content-Encoding"]) == (b"\x1f\x8b", "gzip")


def test_many_requests_at_a_time_are_answered(proxy: Proxy) -> None:
    from concurrent.futures import ThreadPoolExecutor

    proxy.begin()
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda number: call(proxy.port, f"/prices/n{number}").json["item"], range(40)))
    assert said == [f"n{number}" for number in range(40)]
    assert proxy.end() == Observed(calls=40)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_of_the_dependency_itself_is_handed_on_and_seen(under: Any, status: int) -> None:
    said, seen = under(path=f"/status/{status}")
    assert said.status == status
    assert seen.failed == f"the dependency itself failed: {status}"


@pytest.mark.parametrize("status", [400, 404, 429])
def test_an_answer_that_says_no_is_no_failure_of_the_dependency(under: Any, status: int) -> None:
    said, seen = under(path=f"/status/{status}")
    assert (said.status, seen.failed) == (status, "")


def test_an_answer_that_breaks_off_breaks_off_here_too_and_is_seen(under: Any) -> None:
    said, seen = under(path="/broken/")
    assert said.error in {"IncompleteRead", "ConnectionResetError"}
    assert seen.failed == "the dependency itself failed: its answer broke off"


def test_a_dependency_that_is_not_there_is_not_there_and_seen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        proxy = Proxy(Front(url=f"http://127.0.0.1:{taken.getsockname()[1]}", env="A"))
        proxy.start()
        proxy.begin()
        assert call(proxy.port).error == "ConnectionResetError"
        assert "cannot be reached" in proxy.end().failed
        proxy.close()


def test_what_happens_between_calls_is_in_none_of_them(proxy: Proxy, under: Any) -> None:
    call(proxy.port, "/status/500")
    assert under()[1] == Observed(calls=1)


def test_a_late_answer_is_the_same(under: Any) -> None:
    said, seen = under(Late(0.05))
    assert (said.json["price"], seen) == (12.5, ONE)


def test_drips_come_to_the_same(under: Any) -> None:
    said, seen = under(Dripped(0.25))
    assert (said.json["price"], seen) == (12.5, ONE)


def test_a_call_that_is_dropped_meets_a_reset(under: Any) -> None:
    said, seen = under(Dropped())
    assert (said.error, seen) == ("ConnectionResetError", ONE)


def test_a_call_that_is_never_answered_is_let_go_when_the_call_of_ours_has_ended(proxy: Proxy, under: Any) -> None:
    said, seen = under(Silent(), timeout=0.05)
    assert (said.error, seen) == ("TimeoutError", ONE)
    proxy.begin([Silent()])
    found: list[str] = []
    waiting = threading.Thread(target=lambda: found.append(call(proxy.port, timeout=10).error))
    waiting.start()
    while not proxy.seen().calls:
        waiting.join(0.005)
    proxy.end()
    waiting.join(5)
    assert found == ["ConnectionResetError"]


def test_json_that_is_cut_short_comes_as_if_it_were_whole_and_cannot_be_parsed(under: Any) -> None:
    said, seen = under(Cut(0.5))
    assert (said.status, said.error, seen) == (200, "", ONE)
    with pytest.raises(json.JSONDecodeError):
        said.json  # noqa: B018 - it is parsed


def test_any_other_body_that_is_cut_short_can_be_told(under: Any) -> None:
    assert under(Cut(0.5), path="/text/") == (Said(error="IncompleteRead"), ONE)


def test_an_answer_is_reset_in_its_middle(under: Any) -> None:
    said, seen = under(Cut(0.5, reset=True))
    assert (said.error, seen) == ("ConnectionResetError", ONE)


def test_what_is_answered_instead_never_reaches_the_dependency(under: Any) -> None:
    fault = Answered((Answer(503, (("Retry-After", "1"),), b"later"),))
    said, seen = under(fault, path="/status/500")
    assert (said.status, said.body, dict(said.headers)["Retry-After"], seen) == (503, b"later", "1", ONE)


def test_a_client_that_follows_redirects_arrives_and_has_made_one_call(proxy: Proxy) -> None:
    proxy.begin([Redirected(3)])
    url = f"http://127.0.0.1:{proxy.port}/prices/A1"
    with urllib.request.urlopen(url, timeout=5) as response:
        assert json.load(response)["price"] == 12.5
        assert response.url != url
    assert proxy.end() == ONE


def test_the_method_and_the_body_survive_a_redirect(under: Any, proxy: Proxy) -> None:
    proxy.begin([Redirected(1)])
    first = call(proxy.port, "/store", "POST", b"one")
    assert first.status == 307
    path = dict(first.headers)["Location"].removeprefix(f"http://127.0.0.1:{proxy.port}")
    assert call(proxy.port, path, "POST", b"one").body == b"one"
    assert proxy.end() == ONE


def test_fields_are_renamed_also_where_the_answer_was_asked_for_compressed(under: Any) -> None:
    said, seen = under(Reshaped("renamed", 1), Accept_Encoding="gzip")
    assert (set(said.json), seen) == ({"item_value", "price_value", "unit_name", "inStock"}, ONE)
    assert under(Reshaped("renamed", 1), path="/packed/")[0].json == {"price_value": 1}


def test_what_is_no_json_with_fields_is_left_alone_and_not_counted_as_damaged(under: Any) -> None:
    said, seen = under(Reshaped("null", 1), path="/text/")
    assert (said.body, seen) == (b"a plain text, and nothing else", Observed(calls=1, hit=1))


def test_several_faults_act_together(under: Any) -> None:
    said, seen = under(Late(0.02), Redirected(1), Reshaped("null", 1))
    assert (said.status, seen) == (302, ONE)


def test_calls_are_hit_by_their_order(proxy: Proxy) -> None:
    hits = Hits(0.5, 11)
    for _ in range(2):
        proxy.begin([Answered((Answer(500),), hits)])
        said = [call(proxy.port).status for _ in range(12)]
        assert said == [500 if number in hits else 200 for number in range(12)]
        assert proxy.end().touched == said.count(500)


@pytest.mark.parametrize(("status", "failed"), [(500, ""), (503, "the dependency itself failed: 503")])
def test_an_error_that_may_come_of_a_fault_before_excuses_nobody(proxy: Proxy, status: int, failed: str) -> None:
    """A system that goes on with nonsense asks for nonsense, and 500 is what it is told."""
    seed = next(seed for seed in range(100) if 0 in Hits(0.05, seed) and 1 not in Hits(0.05, seed))
    proxy.begin([Answered((Answer(200, body=b"{}"),), Hits(0.05, seed))])
    assert [call(proxy.port).status, call(proxy.port, f"/status/{status}").status] == [200, status]
    assert proxy.end().failed == failed


def test_nothing_of_what_passes_is_logged(proxy: Proxy, under: Any, caplog: Any, capfd: Any) -> None:
    under(Dropped(), path="/prices/A1?token=very-secret")
    under(path="/broken/very-secret")
    with socket.create_connection(("127.0.0.1", proxy.port)) as rude:
        rude.sendall(b"very-secret\r\n\r\n")
        assert rude.recv(100).startswith(b"HTTP/1.")
    assert "very-secret" not in caplog.text + "".join(capfd.readouterr())


def test_an_upgrade_is_refused_and_said(under: Any) -> None:
    said, seen = under(Upgrade="websocket", Connection="Upgrade")
    assert said.status == 501
    assert "websockets and other upgrades are not forwarded" in seen.failed


def test_an_address_that_is_taken_is_said(proxy: Proxy, prices: str) -> None:
    with pytest.raises(CrumpleError, match=f"cannot listen on 127.0.0.1:{proxy.port}.*Choose a port that is free"):
        Proxy(Front(url=prices, listen=f"127.0.0.1:{proxy.port}")).start()


def test_it_listens_where_a_service_is_configured_to_look(prices: str) -> None:
    with serving() as free:
        port = int(free.rpartition(":")[2])
    proxy = Proxy(Front(url=prices, listen=f"localhost:{port}"))
    proxy.start()
    assert (proxy.port, call(port).status) == (port, 200)
    proxy.close()


def test_a_proxy_that_is_closed_leaves_no_thread_and_no_port(prices: str) -> None:
    before = own_threads()
    proxy = Proxy(Front(url=prices, env="A"))
    proxy.start()
    call(proxy.port)
    proxy.close()
    assert call(proxy.port).error == "ConnectionRefusedError"
    assert own_threads() == before


def own_threads() -> int:
    return sum(each.name.startswith("crumple dependency") for each in threading.enumerate())
