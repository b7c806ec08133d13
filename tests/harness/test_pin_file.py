"""crumple.lock: what is written is read back, and what was edited into nonsense is placed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crumple import pin_file
from crumple.contract.limits import Pin
from crumple.errors import CrumpleError
from crumple.mutation.registry import discover

PIN = Pin({"scan.skew": "0a1b2c3d", "encoding.bom": "12345678"}, (1.0, 2.5))


def test_what_is_written_is_read_back_and_is_sorted(tmp_path: Path) -> None:
    path = pin_file.write(tmp_path, PIN)
    assert path.name == "crumple.lock"
    assert pin_file.read(tmp_path) == PIN
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# The population that the contract in crumple.toml is about")
    assert lines[-4:] == ["", "[mutators]", '"encoding.bom" = "12345678"', '"scan.skew" = "0a1b2c3d"']
    assert "levels = [1, 2.5]" in lines
    assert list(tmp_path.iterdir()) == [path]


def test_writing_again_replaces_it(tmp_path: Path) -> None:
    pin_file.write(tmp_path, PIN)
    other = Pin({"scan.skew": "ffffffff"}, (3.0,))
    pin_file.write(tmp_path, other)
    assert pin_file.read(tmp_path) == other


def test_where_there_is_none_nothing_is_pinned(tmp_path: Path) -> None:
    assert pin_file.read(tmp_path) is None


def test_mutators_of_every_family_can_be_pinned(tmp_path: Path) -> None:
    mutators = list(discover())[::10]
    pin = pin_file.pin_of(mutators, (3, 1))
    pin_file.write(tmp_path, pin)
    read = pin_file.read(tmp_path)
    assert read is not None
    assert read == pin
    assert all(read.has(each) for each in mutators)
    assert not pin_file.differences(read, mutators, (1, 3))


def test_differences_are_named() -> None:
    skew, bom, nfd = (discover().get(name) for name in ("scan.skew", "encoding.bom", "encoding.nfd"))
    pin = Pin({**pin_file.pin_of([skew, bom], ()).mutators, "scan.gone": "0a1b2c3d"}, (1.0, 5.0))
    found = pin_file.differences(pin, [replace(skew, refusable_from=1.5), bom, nfd], (1, 3))
    assert found == pin_file.Differences(("encoding.nfd",), ("scan.skew",), ("scan.gone",), (3,), (5.0,))
    assert found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0a1b2c3d"', '"0a1b2c3"', "line 9: '0a1b2c3' is no version of scan.skew: eight hexadecimal digits are"),
        ('"0a1b2c3d"', "3", "line 9: 3 is no version of scan.skew"),
        ('"scan.skew"', '"skew"', "line 9: 'skew' is no name of a mutator"),
        ("2.5", "7", "line 5: 7 is no level; one is above 0 and at most 5"),
        ("2.5", "true", "line 5: True is no level"),
        ("[1, 2.5]", "3", "line 5: levels must be a list of levels"),
        ("levels =", "level =", "unknown key 'level'. Did you mean 'levels'?"),
        ("levels = [1, 2.5]", "", "crumple.lock: levels is missing."),
        ("[mutators]", "[mutators", "crumple.lock, line 7, column 10:"),
    ],
)
def test_nonsense_is_placed_and_what_to_do_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = pin_file.write(tmp_path, PIN)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CrumpleError) as caught:
        pin_file.read(tmp_path)
    assert said in str(caught.value)
    if "column" not in said:
        assert "`crumple check --pin` writes it anew." in str(caught.value)


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "crumple.lock").write_bytes(b"levels = [1]\xff\n")
    with pytest.raises(CrumpleError, match="it is not UTF-8"):
        pin_file.read(tmp_path)
