"""The same reader, and degraded exports."""

import pytest
from orders import UnreadableError, read, read_strictly

crumple = pytest.mark.crumple
EASY = ["encoding.bom", "encoding.line_endings"]


@crumple(corpus="../corpus", use=EASY, limit="10%", refuses=[UnreadableError])
@pytest.mark.parametrize("judge", ["fields", "exact"])
def test_everyday_exports(degraded, reader, judge):
    assert degraded.accepts(reader(degraded.data), judge)


class TestStrictly:
    """A reader that knows nothing of byte order marks."""

    @crumple(corpus="../corpus", use=EASY, limit="10%")
    def test_of_bytes(self, degraded):
        answer = read_strictly(degraded.data)
        assert degraded.accepts(answer)

    @crumple(corpus="../corpus", use=EASY, limit=0, calls=12)
    def test_of_a_file(self, degraded, accepted):
        assert degraded.accepts(read(degraded.path.read_bytes()))
        accepted["calls"].append(degraded.replay)


@crumple(corpus="../corpus", use="encoding.bom", limit="1%", calls=20)
def test_one_in_a_hundred(degraded):
    assert degraded.accepts(read(degraded.data))
