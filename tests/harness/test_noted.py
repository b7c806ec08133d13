"""Names are counted alike, whether there are few of them or a million; and in bounded space where there are few."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from crumple import noted
from crumple.noted import Noted
from crumple.statistics.sums import GroupSums


def filled(names: list[str]) -> Noted:
    made = Noted()
    for each in names:
        made.note(each)
    return made


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.lists(st.sampled_from("ghijk"), max_size=20))
def test_it_counts_as_a_table_does(names: list[str], more: list[str]) -> None:
    few, noted._FEW = noted._FEW, 4  # small enough for lists of this length to be counted
    try:
        made = filled(names)
        expected = {each: names.count(each) for each in names}
        assert dict(made) == expected
        assert (len(made), made.times, bool(made)) == (len(expected), len(names), bool(names))
        made.join(filled(more))
        both = [*names, *more]
        assert dict(made) == {each: both.count(each) for each in both}
        assert made.times == len(both)
    finally:
        noted._FEW = few


def test_what_comes_again_and_again_takes_no_space() -> None:
    made = filled([f"case {at % 50}" for at in range(100_000)])
    assert dict(made) == {f"case {at}": 2000 for at in range(50)}
    assert len(made._list) < 2000


def test_what_comes_once_takes_the_space_of_a_reference() -> None:
    many = [f"case {at}" for at in range(100_000)]
    assert sys.getsizeof(filled(many)._list) < 10 * len(many)


def test_sums_do_not_depend_on_the_order_of_groups_or_on_how_their_parts_are_put() -> None:
    names, numbers = [f"{at % 7}" for at in range(50)], [at % 3 for at in range(50)]
    order = sorted(range(50), key=lambda at: (names[at], -at))
    one, other = GroupSums(), GroupSums()
    for add in (one.add, one.see):
        add(0.3, names, numbers)
        add(0.1, names[:9], numbers[:9])
    together = {each: sum(own for name, own in zip(names, numbers, strict=True) if name == each) for each in names}
    for add in (other.see, other.add):
        add(0.3, list(together)[::-1], list(together.values())[::-1])
        add(0.1, [names[at] for at in order if at < 9], [numbers[at] for at in order if at < 9])
    assert one.pairs().tolist() == other.pairs().tolist()
    only = GroupSums()
    only.add(1.0, names, numbers)
    assert only.pairs()[:, 1].tolist() == [0.0] * 7
    assert GroupSums().pairs().shape == (0, 2)
