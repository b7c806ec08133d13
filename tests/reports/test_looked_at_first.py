"""What stands first and last in what somebody looks at who wants to know what to do."""

from __future__ import annotations

import nights
from crumple_reports.terminal import render
from documents_of_runs import item, session


def looked_at(text: str) -> list[str]:
    return text.partition("To look at first\n")[2].splitlines()


def test_what_limits_of_one_configuration_call_alike_is_shown_once() -> None:
    """Limits of one crumple.toml call the same documents; tests of one's own have bodies of their own."""
    for sources, first in ((("it", "it", "it"), ["a", "c", "b"]), (("a", "b", "c"), ["a", "b", "c"])):
        items = [item(name, source=source) for name, source in zip("abc", sources, strict=True)]
        mutators = items[2]["document"]["mutators"]
        mutators["table.footer"] = mutators.pop("encoding.bom")
        lines = looked_at(render(session(*items), width=100))[1::2]
        assert [each.split()[1] for each in lines] == first


def test_a_finding_that_is_back_is_looked_at_before_anything_else() -> None:
    finding = {"id": "table-1a2b", "was": "fixed", "status": "FAILS", "what": "crashes", "replay": "pytest it"}
    back = {"id": "crumple.toml::findings/table-1a2b", "outcome": "failed", "source": "it", "finding": finding}
    assert looked_at(render(session(item(), back)))[:2] == ["table-1a2b: crashes", "  pytest it"]


def test_a_night_that_is_worse_ends_with_what_it_begins_with() -> None:
    """A screen shows the end of a long report; where nothing is to be done, nothing is said twice."""
    first, *_, last = render(nights.bad_night(), width=400).splitlines()
    assert last == f"{first} What to do stands at the beginning of this report."
    assert "at the beginning" not in render(nights.better_night(), width=400)


def test_of_what_was_cut_short_nothing_is_said_but_that() -> None:
    bare = {"id": "crumple.toml::encoding", "source": "it"}
    cut, failed = (render(session(bare | {"outcome": each}), width=200) for each in ("", "failed"))
    assert "crumple.toml::encoding: not finished: the session ended before it did." in cut
    assert "encoding: failed" not in cut
    assert "crumple.toml::encoding: failed, and was not measured" in failed
