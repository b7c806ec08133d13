"""What a package's own tests are without crumple."""

import pytest
from orders import UnreadableError, read


@pytest.mark.parametrize(("rows", "total"), [(1, 1.5), (3, 4.5)])
def test_orders_are_summed(rows, total):
    assert read(b"article,amount\n" + b"nails,1.50\n" * rows) == {"count": rows, "total": total}


class TestNothing:
    def test_an_empty_export_is_refused(self):
        with pytest.raises(UnreadableError):
            read(b"")
