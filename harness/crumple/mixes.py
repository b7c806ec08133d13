"""From a configuration to the mix that a run is held against, with every check that needs more than the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crumple.config.complaints import ConfigurationError
from crumple.config.loading import Config
from crumple.config.mix import Portion
from crumple.errors import CrumpleError, nearest
from crumple.mix import Missing, Mix, Stratum
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.plan import Plan

_NOT_USED = "it is not run; [mutate] use, or --use, leaves it out"


def mix_of(config: Config, registry: Registry, plan: Plan) -> Mix | None:
    """What production sends, as the configuration says; None where it does not.

    Names that do not exist are errors; what exists and is not run is left out, and said.

    Args:
        config: as it was loaded.
        registry: every mutator that is known.
        plan: what the run will do.

    Raises:
        CrumpleError: everything that the mix names wrongly, a line each.
    """
    settings = config.settings.mix
    if settings is None:
        return None
    known = {each.name: each for each in registry}
    members = {word: _members(word, known, plan.registry, settings.damaged) for word in settings.damaged}
    flaws = [
        (config.source.line(("mix", word)), flaw)
        for word, portion in settings.damaged.items()
        if (flaw := _flaw(word, settings.damaged, registry, members[word], config.source.place(("mix", word))))
    ]
    if flaws:
        raise ConfigurationError(flaw for _, flaw in sorted(flaws, key=lambda pair: pair[0]))
    damaged: dict[Stratum, float] = {}
    left_out: list[Missing] = []
    for word, portion in settings.damaged.items():
        run = members[word]
        if not run and portion.share:
            left_out.append(Missing(word, None, portion.share, _NOT_USED))
        for mutator in run:
            for level, share in _spread(mutator, portion, plan.levels):
                if share:
                    damaged[mutator.name, level] = share / len(run)
    left_out += _unasked(damaged, plan)
    return Mix(settings.clean, damaged, settings.per_day, tuple(left_out))


def _members(word: str, known: Mapping[str, Mutator], run: Registry, named: Mapping[str, Portion]) -> Sequence[Mutator]:
    """What a word of the mix is spread over: mutators that are run, of a category those not named themselves."""
    if word in known:
        return [each for each in run if each.name == word]
    return [each for each in run if each.category == word and each.name not in named]


def _flaw(
    word: str, named: Mapping[str, Portion], registry: Registry, run: Sequence[Mutator], where: str
) -> CrumpleError | None:
    """What is wrong with one word of the mix."""
    portion = named[word]
    mutator = registry.mutators.get(word)
    if mutator is None and word not in registry.categories:
        near = nearest(word, [*registry.categories, *registry.mutators])
        meant = f"Did you mean {near!r}? " if near else ""
        return CrumpleError(
            f"{word!r} is neither a category nor a mutator",
            where=where,
            hint=f"{meant}Beside them the mix has clean and per_day. `crumple list` shows every mutator.",
        )
    if mutator is not None and mutator.control:
        return CrumpleError(f"{word} is a control, which damages nothing and is in no rate", where=where)
    if mutator is not None and mutator.ladder is None and portion.levels is not None:
        at = portion.levels[int(mutator.level) - 1] if mutator.level in range(1, 6) else 0.0
        if at < 1:
            return CrumpleError(
                f"{word} has one level, {mutator.level:g}, and cannot be spread over others",
                where=where,
                hint=f'Write its share alone: "{word}" = {portion.share:g}.',
            )
    if mutator is None and not run and set(named) & {each.name for each in registry if each.category == word}:
        return CrumpleError(
            f"every mutator of {word} that is run stands in the mix itself; nothing is left for the others' share",
            where=where,
            hint=f"Leave {word} out, or give its share to them.",
        )
    return None


def _spread(mutator: Mutator, portion: Portion, asked: Sequence[float]) -> Iterator[tuple[float, float]]:
    """(level, share) of a mutator's part, as written, or evenly over the levels that are run."""
    if mutator.ladder is None:
        yield mutator.level, portion.share
    elif portion.levels is not None:
        yield from ((float(level), portion.share * part) for level, part in enumerate(portion.levels, 1))
    else:
        yield from ((level, portion.share / len(asked)) for level in asked)


def _unasked(damaged: dict[Stratum, float], plan: Plan) -> Iterator[Missing]:
    """What is at levels that are not run, with the line that would run them."""
    gone = {stratum for stratum in damaged if stratum[1] not in plan.levels}
    wanted = ", ".join(f"{level:g}" for level in sorted({*plan.levels, *(level for _, level in gone)}))
    why = f"level {{}} is not run; [mutate] levels = [{wanted}] would"
    for name, level in sorted(gone):
        yield Missing(name, level, damaged[name, level], why.format(f"{level:g}"))
