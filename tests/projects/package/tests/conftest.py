import pytest
from orders import read


@pytest.fixture(scope="session")
def reader():
    return read


@pytest.fixture
def accepted(reader):
    """What the reader makes of an empty export, as a guard of its own."""
    return {"reader": reader, "calls": []}
