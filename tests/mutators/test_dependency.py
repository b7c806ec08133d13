"""What the system itself calls: each mutator as a client of the dependency meets it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest

from crumple import Case, Dependency, Document, NotApplicable, Recipe
from crumple.dependency.front import Front
from crumple.dependency.proxy import Proxy
from crumple.mutation.apply import degrade
from crumple.mutation.bench import Degradation
from crumple.mutation.registry import discover
from crumple.truth import Expectation
from prices_service import Said, call, serving

MUTATORS = discover().mutators
OWN = {name: each for name, each in MUTATORS.items() if each.category == "dependency"}
WAITS = {"dependency.slow", "dependency.slow_drip", "dependency.never_answers"}
CASE = Case("a", Document(b"A1 2\n", "text/plain", "a.txt"), {"total": 25})
CLEAN = {"item": "A1", "price": 12.5, "unitName": "piece", "in_stock": True}
ASKED = 6


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """A proxy in front of a service that says prices."""
    with serving() as url:
        proxy = Proxy(Front(url=url, env="PRICES_URL"))
        proxy.start()
        yield proxy
        proxy.close()


def made(name: str, level: float, seed: int = 1) -> Degradation:
    return degrade(CASE, Recipe((MUTATORS[name].step(level, seed),)), MUTATORS)


def asked(proxy: Proxy, degradation: Degradation) -> list[Said]:
    """What a client is told that asks the same several times."""
    proxy.begin(degradation.faults)
    said = [call(proxy.port, timeout=3) for _ in range(ASKED)]
    seen = proxy.end()
    assert seen.failed == seen.untouched == ""
    assert seen.touched == sum(each.status != 200 or each.body != json.dumps(CLEAN).encode() for each in said)
    return said


def levels(name: str) -> list[float]:
    return [1, 3, 5] if OWN[name].ladder else [OWN[name].level]


@pytest.mark.parametrize("name", sorted(set(OWN) - WAITS))
def test_who_asks_meets_something_else_at_every_level(proxy: Proxy, name: str) -> None:
    """And what is not hit is the dependency's own answer; as many calls as were touched are different."""
    for level in levels(name):
        assert any(
            each.status != 200 or each.body != json.dumps(CLEAN).encode() for each in asked(proxy, made(name, level))
        )


@pytest.mark.parametrize("name", sorted(OWN))
def test_the_document_and_the_right_answer_stay_what_they_were(name: str) -> None:
    for level in levels(name):
        degradation = made(name, level)
        refusable = OWN[name].refusable_from is not None and level >= OWN[name].refusable_from
        assert degradation.expectation == Expectation(CASE.truth, refusable=refusable)
        assert (degradation.document, degradation.inputs) == (CASE.document, CASE.inputs)
        assert degradation.faults


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("rate_limited", {429}),
        ("server_error", {500, 502, 503, 504}),
        ("maintenance", {503}),
        ("expired_credentials", {401}),
        ("redirect", {302}),
        ("nonsense", {200}),
        ("error_in_200", {200}),
    ],
)
def test_what_the_dependency_says_of_itself(proxy: Proxy, name: str, statuses: set[int]) -> None:
    found = [
        each
        for seed in range(4)
        for each in asked(proxy, made(f"dependency.{name}", 5 if name != "maintenance" else 3, seed))
    ]
    assert {each.status for each in found} == statuses


def test_how_long_to_wait_is_said_with_a_limit_and_with_maintenance(proxy: Proxy) -> None:
    limited, maintained = (asked(proxy, made(f"dependency.{name}", 3))[0] for name in ("rate_limited", "maintenance"))
    assert dict(maintained.headers)["Retry-After"] == "3600"
    assert dict(limited.headers).get("Retry-After", "1") == "1"


def test_nonsense_is_no_json_and_an_error_in_200_is(proxy: Proxy) -> None:
    for said in asked(proxy, made("dependency.nonsense", 5)):
        with pytest.raises(ValueError, match="Expecting value"):
            said.json  # noqa: B018 - it is parsed
    assert all("price" not in said.json for said in asked(proxy, made("dependency.error_in_200", 5)))


def test_new_fields_leave_the_others_alone(proxy: Proxy) -> None:
    for said in asked(proxy, made("dependency.extra_fields", 5)):
        assert said.json.items() >= CLEAN.items()
        assert len(said.json) == len(CLEAN) + 25


def test_a_higher_level_hits_a_superset_of_the_calls_and_fields() -> None:
    for name in ("down", "server_error", "null_fields"):
        for seed in range(20):
            hit: list[set[int]] = []
            for level in (1, 2, 3, 4, 5):
                (fault,) = made(f"dependency.{name}", level, seed).faults
                hit.append({number for number in range(40) if number in fault.hits})
            assert all(low <= high for low, high in itertools.pairwise(hit))


def test_several_dependency_steps_and_a_document_step_make_one_recipe() -> None:
    recipe = Recipe.parse(
        "dependency.slow(delay=1,seed=1) > encoding.bom(seed=2) > dependency.server_error(share=0.3,seed=3)"
    )
    degradation = degrade(CASE, recipe, MUTATORS)
    assert len(degradation.faults) == 2
    assert degradation.document != CASE.document


@pytest.mark.parametrize(
    "recipe",
    [
        "dependency.down(share=1,seed=1) > dependency.cut_short(left=0.5,seed=1)",
        "dependency.cut_short(left=0.5,seed=1) > dependency.maintenance(seed=1)",
        "dependency.slow(delay=2,seed=1) > dependency.never_answers(share=1,seed=1)",
    ],
)
def test_a_step_that_nobody_sees_behind_another_makes_the_recipe_no_test(recipe: str) -> None:
    with pytest.raises(NotApplicable, match="is hidden"):
        degrade(CASE, Recipe.parse(recipe), MUTATORS)


def test_a_delay_of_nothing_is_no_test() -> None:
    with pytest.raises(NotApplicable, match="changed nothing"):
        degrade(CASE, Recipe.parse("dependency.slow(delay=0.0,seed=1)"), MUTATORS)


def test_anybody_can_write_one() -> None:
    from numpy.random import Generator

    from crumple import Ladder, mutator
    from crumple.mutation.conformance import flaws

    @mutator("dependency.teapot", share=Ladder(0.1, 0.2, 0.3, 0.5, 1, unit="share"), refusable_from=1)
    def teapot(dependency: Dependency, share: float, rng: Generator) -> Dependency:
        """Answer 418, as a teapot does that was asked for coffee. Ladder: the share of the calls, a first guess."""
        return dependency.answered(share, rng, (418, {}, b"short and stout"))

    assert flaws(teapot) == []


def test_one_whose_level_falls_is_told() -> None:
    from numpy.random import Generator

    from crumple import Ladder, mutator
    from crumple.mutation.conformance import flaws

    @mutator("dependency.hasty", pace=Ladder(1, 2, 3, 4, 5, unit="share"), refusable_from=1)
    def hasty(dependency: Dependency, pace: float, rng: Generator) -> Dependency:
        """Have answers come the sooner the higher the level is, which is the wrong way round. A first guess."""
        return dependency.late(1 / pace)

    assert any("level 2 does less damage than level 1 (0.5 after 1)" in each for each in flaws(hasty))
