"""Calls that are owed to rounds that are not whole."""

from __future__ import annotations

from crumple.deciding.blocks import Blocks


def test_a_mutator_that_is_given_up_at_its_last_level_is_owed_at_no_level() -> None:
    blocks = Blocks()
    blocks.promise(0)
    blocks.owe(0, ("text.m0", 1.0), (1.0, 3.0))
    blocks.give_up(("text.m0", 1.0), (3.0,))  # now owed at any level that is left
    blocks.give_up(("text.m0", 3.0), ())
    assert blocks.next_owed(8) == []
    assert blocks.whole() == []
    assert not blocks.owed
