"""Nights of one series: which are unfinished, closing them, and one at a time; with both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from crumple.store import Store

Opened = Callable[[], Store]
MINE = {"baseline": "b1", "config": "crumple.toml"}


def begin(store: Store, name: str, *, kind: str = "night", **known: str) -> Any:
    info = {"id": name, "kind": kind, "known": {"baseline": "", "config": "crumple.toml"} | known}
    return store.resume_or_begin({"x": name}, info)


def names(store: Store, mine: dict[str, str] = MINE) -> list[str]:
    return [each.id for each in store.unfinished(mine)]


def test_unfinished_nights_are_told_by_their_baseline_or_by_the_folder_and_configuration(opened: Opened) -> None:
    store = opened()
    for name, kind, known in (
        ("same baseline", "night", {"baseline": "b1", "config": "elsewhere.toml"}),
        ("here", "night", {}),
        ("other configuration", "night", {"config": "other.toml"}),
        ("a run", "run", {"baseline": "b1"}),
    ):
        begin(store, name, kind=kind, **known).close()
    with begin(store, "ended") as record:
        record.end({})
    assert names(opened()) == ["here", "same baseline"]
    assert names(opened(), {"baseline": "", "config": "crumple.toml"}) == ["here"]


def test_an_unfinished_night_that_is_given_up_does_not_go_on(opened: Opened) -> None:
    store = opened()
    begin(store, "n").close()
    (line,) = store.unfinished(MINE)
    assert store.give_up(line)
    assert not store.give_up(line)
    assert opened().find("n").state == "abandoned"
    with store.resume_or_begin({"x": "n"}, {"id": "new"}) as record:
        assert not record.resumed


def test_a_night_that_somebody_is_at_is_not_closed(opened: Opened) -> None:
    store = opened()
    with begin(store, "n"):
        (line,) = opened().unfinished(MINE)
        assert line.state == "running"
        assert not opened().give_up(line)


def test_one_night_of_a_series_at_a_time(opened: Opened) -> None:
    with ExitStack() as stack:
        first = opened().hold(MINE)
        assert first is not None
        stack.callback(first.release)
        assert opened().hold(MINE | {"config": "elsewhere.toml"}) is None  # it is the baseline's
        other = opened().hold(MINE | {"baseline": "b2"})
        assert other is not None
        stack.callback(other.release)
    again = opened().hold(MINE)
    assert again is not None
    again.release()


def test_what_a_run_depended_on_can_be_asked_for(opened: Opened) -> None:
    store = opened()
    begin(store, "n").close()
    assert store.identities(store.find("n")) == {"x": "n"}
