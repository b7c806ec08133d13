"""Recipes are exact both ways, as text and as JSON, and bad ones say where and what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import CrumpleError, Recipe, Step

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}\.[a-z][a-z0-9_]{0,8}", fullmatch=True)
keys = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda key: key not in ("seed", "part"))
values = st.one_of(
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
steps = st.builds(
    Step,
    mutator=names,
    parameters=st.dictionaries(keys, values, max_size=3).map(lambda pairs: tuple(pairs.items())),
    seed=st.integers(0, 2**63),
    part=st.text(max_size=10),
)
recipes = st.lists(steps, max_size=4).map(lambda each: Recipe(tuple(each)))


@given(recipes)
def test_text_gives_the_same_recipe_back(recipe: Recipe) -> None:
    assert Recipe.parse(str(recipe)) == recipe


@given(recipes)
def test_json_gives_the_same_recipe_back(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_short_text_reads_as_in_the_specification() -> None:
    text = "scan.skew(angle=3.2,seed=41) > scan.jpeg(quality=20,seed=7)"
    recipe = Recipe.parse(text)
    assert recipe.steps == (Step("scan.skew", (("angle", 3.2),), 41), Step("scan.jpeg", (("quality", 20),), 7))
    assert str(recipe) == text


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("skew(angle=1)", "character 1", "a mutator's name"),
        ("scan.skew(angle=1) scan.jpeg()", "character 20", "'>'"),
        ("scan.skew(angle=1", "character 18", "')'"),
        ("scan.skew(angle=ten)", "character 17", "a number"),
        ("scan.skew(angle=1,angle=2)", "character 26", "only once"),
        ("scan.skew(seed=1.5)", "character 20", "a whole number as seed"),
        ("scan.skew(angle=[1])", "character 17", "a number"),
        ("scan.skew() >", "character 14", "a mutator's name"),
    ],
)
def test_a_bad_recipe_says_where_and_what(text: str, where: str, what: str) -> None:
    with pytest.raises(CrumpleError) as error:
        Recipe.parse(text)
    assert where in str(error.value)
    assert what in str(error.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_parameter_is_finite(value: float) -> None:
    with pytest.raises(CrumpleError, match="finite"):
        Step("scan.skew", (("angle", value),))


@pytest.mark.parametrize("steps", [{}, [1], [{"mutator": "a.b", "level": 1}], [{"mutator": "a.b", "seed": True}]])
def test_bad_json_is_refused(steps: object) -> None:
    with pytest.raises(CrumpleError):
        Recipe.from_json(steps)


@given(st.text(max_size=60))
def test_any_text_is_a_recipe_or_a_clear_error(text: str) -> None:
    try:
        recipe = Recipe.parse(text)
    except CrumpleError:
        return
    assert Recipe.parse(str(recipe)) == recipe
