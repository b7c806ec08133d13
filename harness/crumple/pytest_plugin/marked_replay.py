"""`--crumple-replay`: a marked test for one document alone, which fails as an ordinary test does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crumple.degraded import controls_of, registry_of
from crumple.errors import CrumpleError, NotApplicable, nearest
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.pytest_plugin import exceptions, isolation
from crumple.pytest_plugin.given import discard
from crumple.pytest_plugin.in_process import Body, InProcess
from crumple.pytest_plugin.marked import body_of, read
from crumple.pytest_plugin.marks import Mark
from crumple.pytest_plugin.source import Source
from crumple.recipe import Recipe
from crumple.replay import parse
from crumple.result import Work


def why_not(item: pytest.Function, given: pytest.Mark, line: str) -> str:
    """Why a line is nothing for a test; "" where it can be replayed.

    Raises:
        CrumpleError: the recipe cannot be read.
    """
    try:
        _parsed(item, given, line)
    except _Elsewhere as why:
        return str(why)
    return ""


class _Elsewhere(Exception):  # noqa: N818 - a signal with a reason, not an error
    """A line is of another test."""


def _parsed(item: pytest.Function, given: pytest.Mark, line: str) -> tuple[Mark, Source, str, Recipe]:
    """What the test says, and what the line does.

    Raises:
        CrumpleError: the recipe cannot be read.
    """
    try:
        mark, source = read(item, given)
        source.corpus.entries()
    except CrumpleError as error:
        raise _Elsewhere(str(error)) from None
    try:
        case, recipe = parse(line, source.corpus)
    except CrumpleError as error:
        if str(error).startswith("replay: "):  # no such case, rather than a recipe that cannot be read
            raise _Elsewhere(str(error)) from None
        raise
    modules = mark.modules
    known = {**registry_of((), modules).mutators, **controls_of(modules).mutators, **source.every.mutators}
    for step in recipe.steps:
        if step.mutator not in known:
            near = nearest(step.mutator, known)
            meant = f". Did you mean {near!r}?" if near else ""
            raise _Elsewhere(f"there is no mutator {step.mutator!r} among those of {item.nodeid}{meant}")
        known[step.mutator].level_of(step)
    return mark, replace(source, visited=Registry(known)), case, recipe


def carry_out(item: pytest.Function, given: pytest.Mark, line: str) -> None:
    """Call the body for the clean document, and for the degraded one."""
    __tracebackhide__ = True
    try:
        isolation.check(item)
        mark, source, case, recipe = _parsed(item, given, line)
    except (CrumpleError, _Elsewhere) as error:
        reason = str(error)
    else:
        with body_of(item, mark) as body:
            executor = InProcess(body, source)
            for each in (Recipe(), recipe) if recipe.steps else (recipe,):
                _call(executor, body, source, Work(0, case, each))
        return
    pytest.fail(reason, pytrace=False)


def _call(executor: InProcess, body: Body, source: Source, work: Work) -> None:
    """One call, which raises what the body does, but for a refusal that is acceptable."""
    __tracebackhide__ = True
    level = max((source.every.get(step.mutator).level_of(step) for step in work.recipe.steps), default=0.0)
    try:
        made, given = executor.made(replace(work, level=level))
    except (NotApplicable, CrumpleError) as why:
        pytest.fail(f"{work.replay} cannot be made: {why}", pytrace=False)
    try:
        body.call(given)
    except NotApplicable as why:
        pytest.skip(str(why))
    except Exception as error:
        if exceptions.outcome_of(error, body.refuses) is Outcome.REFUSED and made.may_refuse:
            return
        if source.discretion.redact or source.discretion.secrets:
            shown = executor.discreet_lines(error, made)
            pytest.fail(f"{work.replay}\n{shown}", pytrace=False)
        words = "the clean document, before any damage is done" if not work.recipe.steps else work.replay
        error.add_note(f"(crumple: {words})")
        raise
    finally:
        discard(given)


def select(config: pytest.Config, items: list[pytest.Item], mark: str, line: str) -> None:
    """Keep only the tests that a line can be replayed with.

    Raises:
        UsageError: there is none, or the recipe cannot be read.
    """
    kept: list[pytest.Item] = []
    marked: list[pytest.Item] = []
    unreadable = False
    reasons: dict[str, None] = {}
    for item in items:
        given = item.get_closest_marker(mark)
        if getattr(item, "replays", False):
            kept.append(item)
        elif given is not None and isinstance(item, pytest.Function) and "degraded" in item.fixturenames:
            marked.append(item)
            try:
                why = why_not(item, given, line)
            except CrumpleError as error:
                why, unreadable = str(error), True
            if why:
                reasons[why] = None
            else:
                kept.append(item)
    if not kept and hasattr(config, "workerinput"):
        kept = marked  # xdist takes an error for a crash; these say themselves why they cannot
    elif not kept and unreadable:
        raise pytest.UsageError("--crumple-replay: " + "\n".join(reasons))
    elif not kept:
        from crumple.pytest_plugin.replay_items import ELSEWHERE

        nowhere: list[str] = []
        others = config.stash.get(ELSEWHERE, nowhere)
        reasons |= dict.fromkeys(others)
        told = "\n".join(reasons) or "no test that was collected is marked with @pytest.mark.crumple"
        raise pytest.UsageError(f"--crumple-replay: nothing to replay {line!r} with\n{told}")
    chosen = set(map(id, kept))
    config.hook.pytest_deselected(items=[each for each in items if id(each) not in chosen])
    items[:] = kept
