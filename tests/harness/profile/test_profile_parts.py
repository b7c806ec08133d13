"""The pure parts of a profile: levels of values, shares that come to 1, the document; and the mix's file."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import CrumpleError, Document, Ladder, Text, measure, mutator
from crumple.mutation.registry import discover
from crumple.profile import mix_file
from crumple.profile.findings import Finding, Measured
from crumple.profile.folder import sampled
from crumple.profile.one_file import _worst, measured
from crumple.profile.severity import UNKNOWN, level_of, rung
from crumple.profile.shares import as_toml, mix_of
from crumple.profile.tally import profile_of


@mutator("scan.tilt", angle=Ladder(1, 2, 4, 8, 16, unit="deg", zero=0))
def tilt(text: Text, angle: float, rng: object) -> Text:
    """Tilt."""
    return text


@mutator("scan.coarse", dpi=Ladder(200, 100, 75, 60, 45, unit="dpi"))
def coarse(text: Text, dpi: float, rng: object) -> Text:
    """Coarsen."""
    return text


@mutator("encoding.page", kind=Ladder("a", "b", "c", "d", "e"))
def page(text: Text, kind: str, rng: object) -> Text:
    """Rewrite."""
    return text


@mutator("corruption.lock", level=4)
def lock(text: Text, rng: object) -> Text:
    """Lock."""
    return text


MUTATORS = {each.name: each for each in (tilt, coarse, page, lock)}


@measure("scan.tilt", stands_for=("scan.gone",))
def measured_tilt(text: Text) -> float:
    return 0.0


@measure("encoding.page")
def measured_page(text: Text) -> str | None:
    return None


@measure("corruption.lock")
def measured_lock(text: Text) -> bool:
    return False


@measure("folder.oddity")
def measured_oddity(text: Text) -> bool:
    return False


MEASURES = (measured_tilt, measured_page, measured_lock, measured_oddity)


@pytest.mark.parametrize(
    ("of", "value", "level"),
    [
        ("scan.tilt", 4.0, 3.0),
        ("scan.tilt", 0.4, None),  # below half of level 1
        ("scan.tilt", 0.6, 0.6),
        ("scan.tilt", 90.0, 5.0),
        ("scan.tilt", True, UNKNOWN),
        ("scan.tilt", False, None),
        ("scan.tilt", None, None),
        ("scan.coarse", 300.0, None),  # better than level 1, on a ladder that has no zero
        ("scan.coarse", 210.0, 0.93),
        ("scan.coarse", 75, 3.0),
        ("encoding.page", "d", 4.0),
        ("corruption.lock", True, 4.0),
    ],
)
def test_a_value_is_a_level_or_clean(of: str, value: object, level: float | None) -> None:
    told = level_of(MUTATORS[of], value, of)  # type: ignore[arg-type]
    assert told == (level if level is None else pytest.approx(level, abs=0.01))


def test_a_value_that_the_parameter_cannot_have_is_the_measures_error() -> None:
    with pytest.raises(CrumpleError, match=r"the measure of encoding\.page: its value 'z' is none of"):
        level_of(page, "z", "encoding.page")


def test_no_clean_value_of_any_installed_ladder_is_damage() -> None:
    for each in discover():
        if each.ladder is not None and each.ladder.zero is not None:
            assert level_of(each, each.ladder.zero, each.name) is None, each.name


def test_levels_round_to_rungs() -> None:
    assert [rung(each) for each in (0.5, 1.4, 2.5, 4.9, 5)] == [1, 1, 3, 5, 5]


def test_a_file_with_several_damages_counts_a_part_for_each() -> None:
    names = {"scan.tilt": ("scan.tilt",), "corruption.lock": ("corruption.lock",)}
    mix = mix_of([{}, {}, {"scan.tilt": 2.0}, {"scan.tilt": 4.0, "corruption.lock": 4.0}], names)
    assert mix["clean"] == 0.5
    assert mix["scan.tilt"] == {"share": 0.375, "levels": [0, pytest.approx(0.667), 0, pytest.approx(0.333), 0]}
    assert mix["corruption.lock"]["share"] == 0.125


def test_a_trace_of_two_mutators_is_shared_between_them() -> None:
    mix = mix_of([{"cut": UNKNOWN}], {"cut": ("truncation.cut", "truncation.at_boundary")})
    assert mix["truncation.cut"] == {"share": 0.5, "levels": None} == mix["truncation.at_boundary"]


@settings(max_examples=25)
@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.5, 5)), min_size=1, max_size=50))
def test_shares_come_to_one_as_they_are_written(damages: list[dict[str, float]]) -> None:
    mix = mix_of(damages, {each: (f"x.{each}",) for each in "abcdefgh"})
    written = tomllib.loads(as_toml(mix, frozenset()))["mix"]
    shares = [each["share"] if isinstance(each, dict) else each for each in written.values()]
    assert sum(shares) == pytest.approx(1, abs=1e-9)
    assert all(sum(each["levels"]) == pytest.approx(1) for each in written.values() if isinstance(each, dict))


FILES = [
    Measured("a.txt", 3, "text/plain", "1", (Finding("scan.tilt", 4.0), Finding("corruption.lock", True))),
    Measured("b.txt", 3, "text/plain", "2", (Finding("scan.tilt", 9.0), Finding("encoding.page", None))),
    Measured("c.txt", 3, "text/plain", "1", (Finding("scan.tilt", 0.0),)),
    Measured("d.bin", 3, "application/x", "4", (), closed="it is nested too deeply"),
    Measured("e.pdf", 3, "application/pdf", "5", (Finding("corruption.lock", True),), closed="it is encrypted"),
    Measured("f.txt", 3, "text/plain", "6", (Finding("folder.oddity", True),), failed=(("scan.tilt", "ValueError"),)),
]
ABOUT = {"folder": "in", "there": 6, "drawn": 6, "hidden": 0, "seed": 0}


def test_the_document_counts_what_was_measured() -> None:
    document = profile_of(FILES, MEASURES, MUTATORS, ABOUT)
    assert (document["files"], document["opened"]) == (6, 5), "what a finding explains was opened"
    rows = {each["name"]: each for each in document["damages"]}
    assert rows["scan.tilt"]["files"] == 2
    assert rows["scan.tilt"]["share"] == pytest.approx(0.4)
    assert rows["scan.tilt"]["low"] < 0.4 < rows["scan.tilt"]["high"]
    assert rows["scan.tilt"]["levels"] == [0, 0, 0.5, 0.5, 0]
    assert [each["path"] for each in rows["scan.tilt"]["strangest"]] == ["b.txt", "a.txt"], "the worst first"
    assert not rows["folder.oddity"]["mutator"]
    assert document["clean"]["files"] == 2, "what no mutator does is no part of the mix"
    assert document["not_opened"] == [
        {"path": "d.bin", "media_type": "application/x", "why": "it is nested too deeply"}
    ]
    assert document["duplicates"]["files"] == 1
    assert document["failed"][0]["measure"] == "scan.tilt"
    assert "scan.gone" not in document["mix"], "only mutators that exist"


def test_the_order_of_the_files_changes_nothing() -> None:
    assert profile_of(FILES, MEASURES, MUTATORS, ABOUT) == profile_of(FILES[::-1], MEASURES, MUTATORS, ABOUT)


def test_a_file_of_no_kind_that_is_known_is_not_called_clean() -> None:
    junk = Document(b"\x93\x00\xff\x01" * 9, "application/octet-stream", "scan.pdf")
    assert "what kind of file" in measured(junk, "scan.pdf", (), {}).closed


def test_a_sample_is_the_same_for_a_seed_and_keeps_the_order() -> None:
    files = tuple(f"{number:03}" for number in range(100))
    drawn = sampled(files, 10, 7)
    assert drawn == sampled(files, 10, 7) == tuple(sorted(drawn))
    assert len(set(drawn)) == 10
    assert drawn != sampled(files, 10, 8)
    assert sampled(files, 1000, 7) == files


MIX = '# said so\n[mix]\nclean = 0.8\n"scan.skew" = 0.2\n'


def test_a_mix_is_put_at_the_end_of_a_configuration_once(tmp_path: Path) -> None:
    path = tmp_path / "crumple.toml"
    path.write_text('[system]\ncall = "a:b"\n', "utf-8")
    mix_file.append(path, MIX)
    assert path.read_text("utf-8") == f'[system]\ncall = "a:b"\n\n{MIX}'
    mix_file.append(path, MIX)  # the same again is no conflict
    assert path.read_text("utf-8").count("[mix]") == 1


def test_another_mix_is_an_error_that_shows_the_difference(tmp_path: Path) -> None:
    path = tmp_path / "crumple.toml"
    path.write_text('[mix]\nclean = 0.9\n"scan.skew" = 0.1\n\n[run]\ncalls = 5\n', "utf-8")
    with pytest.raises(CrumpleError, match=r"(?s)line 1, \[mix\]: it has a \[mix\].*-clean = 0.9.*\+clean = 0.8"):
        mix_file.append(path, MIX)
    assert "0.9" in path.read_text("utf-8")


def test_a_file_of_the_mix_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mix.toml"
    mix_file.write_new(path, MIX)
    mix_file.write_new(path, MIX)
    with pytest.raises(CrumpleError, match="says something else"):
        mix_file.write_new(path, MIX.replace("0.8", "0.7"))


def test_nothing_is_added_to_a_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.crumple.run]\ncalls = 5\n", "utf-8")
    with pytest.raises(CrumpleError, match="nothing is added"):
        mix_file.append(path, MIX)


def test_the_worst_of_the_pages_counts() -> None:
    """A page that shows nothing is better than any other, where the parameter falls as the damage grows too."""
    assert _worst([True, False, False], None) is True
    assert _worst([False, 150.0, 100.0], coarse.ladder) == 100.0
    assert _worst([0.0, 4.0, False], tilt.ladder) == 4.0
    assert _worst([], None) is None
