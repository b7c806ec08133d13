import sys
import unittest

import pytest

sys.path.insert(0, ".")
from shop import price

HEAVY = {"cv2", "numpy", "pydantic", "PIL", "crumple_mutators", "crumple_reports", "crumple.config", "crumple.engine"}


@pytest.fixture
def crumple():
    """A name of its own, which is nobody else's business."""
    return "crumpled paper"


@pytest.mark.parametrize("amount", [1, 2])
def test_prices(amount, crumple):
    assert price(amount, 1.25) == amount * 1.25


class TestUnits(unittest.TestCase):
    def test_free(self):
        with self.subTest("nothing"):
            assert price(0, 2) == 0


@pytest.mark.skip(reason="not yet")
def test_skipped():
    raise AssertionError


@pytest.mark.xfail(reason="known")
def test_known():
    assert price(1, 2) == 3


def test_that_fails():
    assert price(1, 2) == 3


def test_nothing_heavy_is_imported():
    assert not HEAVY & set(sys.modules)
    plugin = {name.rpartition(".")[2] for name in sys.modules if name.startswith("crumple.pytest_plugin.")}
    assert plugin <= {"gathered", "reported"}
