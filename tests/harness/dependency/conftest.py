"""A service that systems call, and what stands in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crumple.dependency.faults import Fault, Observed
from crumple.dependency.front import Front
from crumple.dependency.proxy import Proxy
from prices_service import Said, call, serving


@pytest.fixture(scope="session")
def prices() -> Iterator[str]:
    """The URL of a service."""
    with serving() as url:
        yield url


@pytest.fixture(scope="session")
def proxy(prices: str) -> Iterator[Proxy]:
    """A proxy in front of that service."""
    proxy = Proxy(Front(url=prices, env="PRICES_URL"))
    proxy.start()
    yield proxy
    proxy.close()


@pytest.fixture
def under(proxy: Proxy) -> Any:
    """Make one request while the dependency has these faults: what was answered, and what was seen."""

    def ask(*faults: Fault, **request: Any) -> tuple[Said, Observed]:
        proxy.begin(faults)
        said = call(proxy.port, **request)
        return said, proxy.end()

    return ask
