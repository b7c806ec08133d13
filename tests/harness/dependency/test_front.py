"""The [dependency] section: where the dependency is, and how the system is led to the proxy."""

from __future__ import annotations

import pytest

from crumple.dependency.front import Front
from crumple.errors import CrumpleError


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"url": "api.example.com", "env": "API"}, "it is no URL of a service: it lacks http:// or https://"),
        ({"url": "wss://api.example.com", "env": "API"}, "Websockets and gRPC are not spoken"),
        ({"url": "http://", "env": "API"}, "it lacks a host and a port"),
        ({"url": "http://a:99999", "env": "API"}, "it is no URL: its host or its port is wrong"),
        ({"url": "https://u:p@example.com", "env": "API"}, "a scheme, a host and at most a path"),
        ({"url": "https://example.com?key=1", "env": "API"}, "a scheme, a host and at most a path"),
        ({"url": "https://example.com"}, "exactly one of env and listen"),
        ({"url": "https://example.com", "env": "A", "listen": "127.0.0.1:1"}, "exactly one of env and listen"),
        ({"url": "https://example.com", "env": "MY URL"}, "'MY URL' is no name of a variable"),
        ({"url": "https://example.com", "listen": "8089"}, "'8089' is no host and port"),
        ({"url": "https://example.com", "listen": "localhost:0"}, "is no host and port"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_do(section: dict[str, str], words: str) -> None:
    with pytest.raises(CrumpleError, match=r"\[dependency\]") as found:
        Front(**section)
    assert words in str(found.value)


def test_the_path_of_the_url_is_kept_for_the_system_and_the_proxy_forwards_to_the_origin() -> None:
    front = Front(url="https://api.example.com:8443/v2/", env="API_URL")
    assert front.environment(4711, {}) == {"API_URL": "http://127.0.0.1:4711/v2"}
    assert (front.origin, front.address) == ("https://api.example.com:8443", ("127.0.0.1", 0))


def test_a_proxy_of_the_surroundings_is_not_asked_for_the_one_of_the_lane() -> None:
    front = Front(url="https://api.example.com", env="API_URL")
    led = front.environment(1, {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.org"})
    assert led["NO_PROXY"] == led["no_proxy"] == "example.org,127.0.0.1,localhost"


def test_a_service_that_is_configured_by_hand_is_told_nothing() -> None:
    front = Front(url="https://api.example.com", listen="[::1]:8089")
    assert front.environment(8089, {}) == {}
    assert front.address == ("::1", 8089)
