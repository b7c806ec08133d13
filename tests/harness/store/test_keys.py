"""A run that goes on knows of each stored call, in a few bytes each."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from crumple.store.keys import Keys


def of(keys: dict[str, bool]) -> Keys:
    made = Keys()
    for key, marked in keys.items():
        made.add(key, marked=marked)
    made.sort()
    return made


@given(st.dictionaries(st.text(), st.booleans()), st.text())
def test_they_say_what_a_table_would(table: dict[str, bool], other: str) -> None:
    keys = of(table)
    assert (len(keys), keys.marked) == (len(table), sum(table.values()))
    assert {each: keys.get(each) for each in table} == table
    assert all(each in keys for each in table)
    assert keys.get(other) == table.get(other)
    assert (other in keys) == (other in table)


def test_a_key_is_handed_out_once() -> None:
    keys = of({"clean/a/0": True, "clean/b/0": False})
    assert [keys.unmark(each) for each in ("clean/a/0", "clean/a/0", "clean/b/0", "clean/c/0")] == [
        True,
        False,
        False,
        False,
    ]
    assert keys.marked == 0
    assert "clean/a/0" in keys, "it was made all the same"


def test_each_takes_nine_bytes() -> None:
    keys = of({f"clean/2026/letter-{at:07}.txt/0": True for at in range(10_000)})
    assert sys.getsizeof(keys._hashes) + sys.getsizeof(keys._marked) < 10 * 10_000
