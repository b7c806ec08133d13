"""[mix]: what may stand in it, what is said of what may not, and what of it a run leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from numpy.random import Generator

from crumple import CrumpleError, Text, mutator
from crumple.config.loading import load
from crumple.mix import Missing, Mix
from crumple.mixes import mix_of
from crumple.mutation.registry import Registry
from crumple.plan import Plan
from engine_scripts import A, B, C, registry, scripted_mutator, texts

SOUND = '[system]\ncall = "a:b"\n[corpus]\npath = "c"\n[mix]\n'


@mutator("text.once", level=3)
def once(view: Text, rng: Generator) -> Text:
    """Do nothing: it has one level."""
    return view


@mutator("text.trip", control=True)
def trip(view: Text, rng: Generator) -> Text:
    """Do nothing: it is a control."""
    return view


KNOWN = registry(A, B, C, once, trip)


def mix(
    tmp_path: Path, text: str, *, run: Registry | None = None, levels: tuple[float, ...] = (1.0, 3.0, 5.0)
) -> Mix | None:
    path = tmp_path / "crumple.toml"
    path.write_text(SOUND + text, encoding="utf-8")
    plan = Plan(texts(2), run or registry(A, B, C, once), levels=levels)
    return mix_of(load(path, {}), KNOWN, plan)


def error(tmp_path: Path, text: str) -> str:
    with pytest.raises(CrumpleError) as caught:
        mix(tmp_path, text)
    return str(caught.value).replace(f"{tmp_path}{os.sep}", "")


def test_a_configuration_without_a_mix_has_none(tmp_path: Path) -> None:
    (tmp_path / "crumple.toml").write_text(SOUND.removesuffix("[mix]\n"))
    assert mix_of(load(tmp_path / "crumple.toml", {}), KNOWN, Plan(texts(1), registry(A))) is None


def test_shares_are_numbers_or_per_cent_and_spread_as_written(tmp_path: Path) -> None:
    found = mix(
        tmp_path,
        'clean = "80%"\nper_day = 12000\n"text.a" = { share = 0.1, levels = [0.7, 0, 0.2, 0, 0.1] }\n"text.b" = 0.06\n',
    )
    assert found is not None
    assert (found.clean, found.per_day, found.left_out) == (0.8, 12000, ())
    assert found.damaged == pytest.approx(
        {
            ("text.a", 1): 0.07,
            ("text.a", 3): 0.02,
            ("text.a", 5): 0.01,
            ("text.b", 1): 0.02,
            ("text.b", 3): 0.02,
            ("text.b", 5): 0.02,
        }
    )
    assert found.named == pytest.approx(0.96)


def test_a_category_is_spread_evenly_over_its_mutators_that_are_run_and_not_named(tmp_path: Path) -> None:
    found = mix(tmp_path, 'clean = 0.5\ntext = 0.2\n"text.a" = 0.3\n', levels=(1.0, 3.0))
    assert found is not None
    assert found.damaged == pytest.approx(
        {("text.a", 1): 0.15, ("text.a", 3): 0.15, ("text.b", 1): 0.05, ("text.b", 3): 0.05, ("text.once", 3): 0.1}
    )


def test_what_is_not_run_is_left_out_and_said_with_what_to_change(tmp_path: Path) -> None:
    found = mix(
        tmp_path,
        'clean = 0.5\ntable = 0.2\n"text.a" = { share = 0.2, levels = ["50%", "40%", "10%", 0, 0] }\n"text.once" = 0.1',
        run=registry(A, once),
        levels=(1.0, 5.0),
    )
    assert found is not None
    what = "[mutate] levels = [1, 2, 3, 5] would"
    assert found.left_out == (
        Missing("table", None, 0.2, "it is not run; [mutate] use, or --use, leaves it out"),
        Missing("text.a", 2, pytest.approx(0.08), f"level 2 is not run; {what}"),
        Missing("text.a", 3, pytest.approx(0.02), f"level 3 is not run; {what}"),
        Missing("text.once", 3, 0.1, f"level 3 is not run; {what}"),
    )
    assert found.run == pytest.approx({("text.a", 1): 0.1})
    assert found.named == pytest.approx(1.0)


def test_a_part_of_a_mix_is_what_is_damaged_no_worse(tmp_path: Path) -> None:
    found = mix(tmp_path, 'clean = 0.5\n"text.a" = 0.3\n')
    assert found is not None
    assert found.up_to(3).damaged == pytest.approx({("text.a", 1): 0.1, ("text.a", 3): 0.1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"text.aa" = 0.1', "line 6, [mix]: 'text.aa' is neither a category nor a mutator. Did you mean 'text.a'?"),
        ("tabel = 0.1", "Did you mean 'table'?"),
        ('"text.trip" = 0.1', "text.trip is a control, which damages nothing"),
        ('"text.a" = 12', 'text.a must be a share such as 0.12 or "12%", or { share = 0.12, levels = ['),
        ("text.a = 0.1", 'a name with a point in it stands in quotes: "category.a" = 0.12'),
        ('"text.a" = { share = 0.1, levels = [1, 0, 0] }', "must have in levels five shares, for the levels 1 to 5"),
        ('"text.a" = { share = 0.1, levels = [0.5, 0.3, 0, 0, 0] }', "has levels that come to 0.8"),
        ('"text.a" = { share = 0.1, levels = [70, 30, 0, 0, 0] }', 'or in per cent: ["70%", "30%", 0, 0, 0]'),
        ('"text.a" = { share = 0.1, level = [1, 0, 0, 0, 0] }', "has an unknown key 'level'; allowed are share and"),
        ('"text.a" = { levels = [1, 0, 0, 0, 0] }', "has no share"),
        ('clean = 0.9\n"text.a" = 0.2', "[mix]: the shares come to 1.1, and all of the volume is 1: clean 0.9, text.a"),
        ("per_day = 100", "[mix]: it names nothing that production sends"),
        ("clean = 0.5\nper_day = 0", "line 7, [mix]: per_day must be above 0, got 0"),
        ('"text.once" = { share = 0.1, levels = [1, 0, 0, 0, 0] }', "text.once has one level, 3, and cannot be spread"),
        ('table = 0.1\n"table.c" = 0.1', "every mutator of table that is run stands in the mix itself"),
    ],
)
def test_what_means_nothing_is_an_error_that_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    found = error(tmp_path, text)
    assert message in found
    assert found.startswith("crumple.toml, line ")


def test_all_wrong_names_are_said_at_once(tmp_path: Path) -> None:
    assert len(error(tmp_path, '"text.aa" = 0.1\n"text.bb" = 0.1').splitlines()) == 2


def test_a_share_of_another_mutator_is_not_guessed_for_a_new_one(tmp_path: Path) -> None:
    """A mutator that the mix does not name has no part in it, however many of its category there are."""
    extra = scripted_mutator("text.z", Text)
    found = mix(tmp_path, '"text.a" = 0.3\n', run=registry(A, extra))
    assert found is not None
    assert {name for name, _ in found.damaged} == {"text.a"}
