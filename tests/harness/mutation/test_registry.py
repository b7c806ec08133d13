"""The registry: choosing mutators by category and name, and what a wrong word is told."""

import pytest

from crumple import CrumpleError
from crumple.mutation.registry import discover

REGISTRY = discover()


def test_a_category_and_a_name_choose_what_they_name() -> None:
    chosen = REGISTRY.select(["scan", "encoding.bom"])
    assert set(chosen.categories) == {"scan", "encoding"}
    assert [each.name for each in chosen if each.category == "encoding"] == ["encoding.bom"]


def test_every_wrong_word_is_named_with_what_was_meant() -> None:
    with pytest.raises(CrumpleError) as error:
        REGISTRY.select(["scna", "skew", "encoding.mojibak"], where="[mutate] use")
    message = str(error.value)
    assert message.startswith("[mutate] use: 'scna', 'skew', 'encoding.mojibak': neither a category nor a mutator.")
    for meant in ("'scan'", "'scan.skew'", "'encoding.mojibake'"):
        assert f"Did you mean {meant}?" in message
    assert len(message) < 1200


def test_an_unknown_mutator_is_told_the_nearest_or_else_its_neighbours() -> None:
    with pytest.raises(CrumpleError, match=r"Did you mean 'scan.skew'\? `crumple list`"):
        REGISTRY.get("scan.skwe")
    with pytest.raises(CrumpleError, match=r"There are .*scan.stamp") as error:
        REGISTRY.get("scan.zzzzzzzzzz")
    assert "encoding." not in str(error.value)
    with pytest.raises(CrumpleError, match=r"there is no mutator 'zzz'\. `crumple list` shows them all"):
        REGISTRY.get("zzz")


def test_refusals_are_overruled_by_name_category_and_all_the_last_word_winning() -> None:
    changed = REGISTRY.overruled({"*": 5, "scan.*": None, "scan.skew": 2})
    assert [changed.get(name).refusable_from for name in ("encoding.bom", "scan.stamp", "scan.skew")] == [5, None, 2]
    assert REGISTRY.get("scan.skew").refusable_from == 5
    with pytest.raises(CrumpleError, match=r"Did you mean 'scan\.skew'"):
        REGISTRY.overruled({"scan.skw": 1})
