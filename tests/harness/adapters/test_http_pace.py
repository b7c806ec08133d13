"""How services are paced: concurrency that adapts, a rate, pauses, what is tried again and when. Times are made up."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from crumple.adapters.service.errors import sentence, shared
from crumple.adapters.service.exchange import Exchange, Fate, Heard
from crumple.adapters.service.redirections import redirected, same_host
from crumple.adapters.service.retries import back_off, mended, retry_after
from crumple.adapters.service.throttle import Throttle

POST = Exchange("POST", "https://host/x", (("X-Key", "secret"), ("Content-Type", "a/b")), b"document")
GET = Exchange("GET", "https://host/x", (("X-Key", "secret"),), repeatable=True)


class Simulated:
    """A service in simulated time: works on `at_once` requests at a time, each for `seconds`."""

    def __init__(self, throttle: Throttle, *, at_once: int, seconds: float) -> None:
        self.throttle = throttle
        self._free = [0.0] * at_once
        self._seconds = seconds
        self._out: list[tuple[float, float]] = []
        self.now = 0.0
        self.most = 0
        self.slowest = 0.0

    def run(self, count: int) -> None:
        while count or self._out:
            while count and self.throttle.room(self.now):
                self.throttle.sent(self.now)
                count -= 1
                self._free.sort()
                ends = max(self.now, self._free[0]) + self._seconds
                self._free[0] = ends
                self._out.append((ends, self.now))
            self.most = max(self.most, len(self._out))
            if not self._out:
                self.now = self.throttle.opens(self.now)
                continue
            self._out.sort()
            self.now, sent = self._out.pop(0)
            self.slowest = max(self.slowest, self.now - sent)
            self.throttle.borne(self.now, sent, self.now - sent)


def test_a_service_that_bears_it_soon_has_all_that_it_may_have() -> None:
    service = Simulated(Throttle(50, timeout=30), at_once=1000, seconds=0.2)
    service.run(500)
    assert service.most == 50
    assert service.now < 500 * 0.2 / 50 + 2  # a few rounds to get there


def test_a_slow_service_that_works_on_many_at_once_has_them_too() -> None:
    service = Simulated(Throttle(16, timeout=30), at_once=1000, seconds=20)
    service.run(300)
    assert service.most == 16


@pytest.mark.parametrize("seconds", [0.5, 2, 5, 9, 14])
def test_one_document_after_the_other_never_makes_the_others_hang(seconds: float) -> None:
    service = Simulated(Throttle(16, timeout=30), at_once=1, seconds=seconds)
    service.run(100)
    assert service.slowest < 30


def test_too_much_halves_once_and_growth_is_slow_from_then_on() -> None:
    throttle = Throttle(64, timeout=30)
    service = Simulated(throttle, at_once=1000, seconds=0.2)
    service.run(300)
    for _ in range(10):  # all of them sent before the first was refused
        throttle.sent(service.now)
    for _ in range(10):
        throttle.too_much(service.now + 0.1, service.now)
    assert throttle.limit == 32
    assert throttle.room(service.now + 0.1) == 32  # one 429 is no reason to stop
    service.now += 1
    service.run(33)
    assert throttle.limit == 33


def test_a_second_trouble_without_an_answer_in_between_pauses_for_twice_as_long_each_time() -> None:
    throttle = Throttle(4, timeout=30, pause=1.0)
    now, pauses = 0.0, []
    for _ in range(8):
        throttle.sent(now)
        throttle.too_much(now, now)
        pauses.append(throttle.opens(now) - now)
        now = throttle.opens(now)
    assert pauses == [0, 1, 2, 4, 8, 16, 30, 30]
    throttle.sent(now)
    throttle.too_much(now, now, down=True)
    assert throttle.opens(now) > now
    assert throttle.limit == 1


def test_a_rate_is_kept_over_any_time() -> None:
    throttle = Throttle(100, timeout=30, rate=2.0)
    now, sent = 1000.0, 0
    while now < 1060:
        if throttle.room(now):
            throttle.sent(now)
            throttle.borne(now, now, 0.0)
            sent += 1
        else:
            assert throttle.opens(now) > now
            now = throttle.opens(now)
    assert 120 <= sent <= 122


def test_nothing_goes_before_a_pause_is_over() -> None:
    throttle = Throttle(4, timeout=30)
    throttle.pause(5.0)
    throttle.pause(3.0)
    assert (throttle.room(4.9), throttle.room(5.0), throttle.opens(1.0)) == (0, 1, 5.0)


@pytest.mark.parametrize(
    ("heard", "of_post", "of_get"),
    [
        (Heard(Fate.UNREACHABLE), True, True),
        (Heard(Fate.UNREACHABLE, lasting=True), False, False),
        (Heard(Fate.ANSWERED, 429), True, True),
        (Heard(Fate.ANSWERED, 503), True, True),
        (Heard(Fate.ANSWERED, 500), False, True),
        (Heard(Fate.ANSWERED, 502), False, True),
        (Heard(Fate.ANSWERED, 404), False, False),
        (Heard(Fate.ANSWERED, 401), False, False),
        (Heard(Fate.ANSWERED, 200), False, False),
        (Heard(Fate.RESET), False, True),
        (Heard(Fate.CUT, 200), False, True),
        (Heard(Fate.HUNG), False, False),
        (Heard(Fate.TOO_LARGE, 200), False, False),
    ],
)
def test_a_post_is_sent_again_only_where_it_cannot_have_been_taken(heard: Heard, of_post: bool, of_get: bool) -> None:
    assert (mended(POST, heard), mended(GET, heard)) == (of_post, of_get)


def test_back_off_doubles_with_a_jitter_that_the_content_decides() -> None:
    waits = [back_off(POST, tries, 1.0) for tries in range(8)]
    assert waits == [back_off(POST, tries, 1.0) for tries in range(8)]
    assert all(low / 2 <= wait <= low for wait, low in zip(waits, [1, 2, 4, 8, 16, 30, 30, 30], strict=True))
    others = {back_off(Exchange("POST", "https://host/x", (), bytes([each])), 0, 1.0) for each in range(50)}
    assert len(others) == 50


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("1.5", 1.5),
        (format_datetime(datetime.fromtimestamp(1_000_090, UTC), usegmt=True), 90),
        ("Mon, 12 Jan 1970 13:48:10 -0000", 90),
        ("Sun Nov  6 08:49:37 1994", 0),
        ("Mon, 12 Jan 1900 00:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("9" * 400, None),
        ("Mon, 99 Jan 1970 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    found = retry_after({"retry-after": text}, 1_000_000)
    assert found == seconds or (seconds == 0 and text.startswith("Sun") and found is not None and math.isfinite(found))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://host/a", "https://host/b?c", True),
        ("https://host/a", "https://host:443/b", True),
        ("http://host/a", "https://host/a", True),
        ("https://host/a", "http://host/a", False),
        ("https://host/a", "https://host.evil.com/a", False),
        ("https://host/a", "https://host:8443/a", False),
        ("https://host/a", "https://host@evil.com/a", False),
    ],
)
def test_what_is_one_host(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same


def _moved(status: int, to: str) -> Heard:
    return Heard(Fate.ANSWERED, status, {"location": to}, url="https://host/x")


def test_headers_do_not_go_to_another_host() -> None:
    there = redirected(GET, _moved(302, "https://files.example/x"))
    assert there == Exchange("GET", "https://files.example/x", (), repeatable=True)
    here = redirected(GET, _moved(302, "/y"))
    assert here == Exchange("GET", "https://host/y", GET.headers, repeatable=True)


def test_a_document_goes_to_no_other_host_and_is_not_dropped_on_the_way() -> None:
    for status, to in ((307, "https://files.example/x"), (302, "/y"), (301, "/y"), (307, "file:///etc/passwd")):
        away = redirected(POST, _moved(status, to))
        assert isinstance(away, Heard)
        assert away.lasting
    asked = redirected(POST, _moved(303, "/y"))
    assert asked == Exchange("GET", "https://host/y", (("X-Key", "secret"),))
    assert redirected(POST, _moved(200, "/y")) is None


@pytest.mark.parametrize(
    ("body", "said", "general"),
    [
        (b'{"detail": "no page 7"}', "no page 7", "no page N"),
        (b'{"error": {"code": 4, "message": "Job 18 of \\"a\\""}}', 'Job 18 of "a"', "Job N of '…'"),
        (b'{"detail": [{"loc": ["body"], "msg": "Field required"}]}', "Field required", "Field required"),
        (b'{"code": 12}', '{"code": 12}', "{'…': N}"),
        (b"<html><title>502 Bad Gateway</title><body>x</body>", "502 Bad Gateway", "N Bad Gateway"),
        (b"<p>no title &amp; no sense</p>", "no title & no sense", "no title & no sense"),
        (b"request req_9f8s7d6f5g4h failed", "request req_9f8s7d6f5g4h failed", "request ID failed"),
        (b"\xff\xfe", "��", "…"),
        (b"", "", ""),
        (b'{"message": ' * 5000, '{"message": ' * 5000, ""),
    ],
)  # fmt: skip
def test_errors_of_one_kind_are_one_bucket(body: bytes, said: str, general: str) -> None:
    assert said.startswith(sentence(body)[:100])
    if general:
        assert sentence(body) == said
        assert shared(sentence(body)) == general


def test_one_error_about_many_documents_is_one_bucket() -> None:
    messages: list[Any] = [
        f"cannot read '{name}' at offset {len(name) * 77}" for name in ("a.pdf", "übel.pdf", "x/y z.tif")
    ]
    assert len({shared(each) for each in messages}) == 1
