"""From a configuration to the contract that a run is held to, with every check that needs more than the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crumple import pin_file
from crumple.case import Entry
from crumple.config.complaints import ConfigurationError
from crumple.config.finding import shown
from crumple.config.loading import Config
from crumple.config.model import Settings
from crumple.config.toml_source import Key
from crumple.contract.consistency import Clash, clashes
from crumple.contract.limits import ALL, CLEAN, PRODUCTION, THESE, Contract, Limit, Metric, Pin
from crumple.errors import CrumpleError, nearest
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.plan import Plan, offered
from crumple.statistics.rates import calls_to_certify

_WORDS = (ALL, CLEAN, PRODUCTION)


def contract_of(config: Config, registry: Registry, plan: Plan) -> Contract:
    """The contract that a configuration writes down; one without limits where it writes none.

    What the command line chooses (--use, --levels) makes a run smaller and is no fault of the contract's: limits are
    checked against what is configured.

    Args:
        config: as it was loaded.
        registry: every mutator that is known.
        plan: what the run will do.

    Raises:
        CrumpleError: all limits that mean nothing, cannot be observed, or do not fit together, a line each.
    """
    settings = config.settings.contract
    if settings is None:
        return Contract()
    limits = limits_of(config.settings)
    population = _Population(config, registry, plan)
    errors = [each for number, limit in enumerate(limits) for each in population.complaints(number, limit)]
    first = {each.limit: each for each in reversed(list(clashes(limits)))}
    errors += [(config.source.line(_key(number)), _clash(config, each)) for number, each in first.items()]
    if errors:
        raise ConfigurationError(error for _, error in sorted(errors, key=lambda pair: pair[0]))
    pin = pin_file.read(config.root, shown=shown(config.root / pin_file.FILE))
    left_out = ((number, _left_out(config, registry, plan, limit, pin)) for number, limit in enumerate(limits))
    return Contract(limits, pin, {number: why for number, why in left_out if why})


def _left_out(config: Config, registry: Registry, plan: Plan, limit: Limit, pin: Pin | None) -> str:
    """What of a limit's population the command line leaves out, in a clause; "" where it leaves out nothing."""
    if limit.of in (CLEAN, PRODUCTION):
        return ""  # of production that is told by the mix
    covered = [each for each in configured(config, registry) if limit.covers(each)]
    gone = [each.name for each in covered if each.name not in plan.registry.mutators]
    if gone:
        return f"this run leaves out {_first(gone)}, which it is about"
    pinned = pin.mutators if pin is not None else ()
    lost = sorted(
        name
        for name in pinned
        if limit.of in (ALL, name, name.partition(".")[0]) and name not in plan.registry.mutators
    )
    if lost:
        return f"the contract was pinned with {_first(lost)}, which is not run any more"
    asked = pin.levels if pin is not None else config.settings.mutate.levels
    levels = {level for each in covered for level in each.levels(asked) if level <= limit.up_to_level}
    lacking = sorted(levels - set(plan.levels))
    return (
        f"this run leaves out level {', '.join(f'{each:g}' for each in lacking)}, which it is about" if lacking else ""
    )


def _first(names: Sequence[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def limits_of(settings: Settings) -> tuple[Limit, ...]:
    """The limits of the file, what they leave out taken from [contract]."""
    contract = settings.contract
    if contract is None:
        return ()
    return tuple(
        Limit(
            of=each.of,
            metric=Metric(each.metric),
            bound=each.bound,
            up_to_level=5.0 if each.up_to_level is None else each.up_to_level,
            confidence=contract.confidence if each.confidence is None else each.confidence,
            about=contract.about if each.about is None else each.about,
        )
        for each in contract.limit
    )


def _key(number: int, *more: str) -> Key:
    return ("contract", "limit", number, *more)


def _clash(config: Config, clash: Clash) -> CrumpleError:
    line = config.source.line(_key(clash.other))
    return CrumpleError(
        f"limit {clash.limit + 1}: {clash.why} limit {clash.other + 1} (line {line})",
        where=config.source.place(_key(clash.limit)),
        hint=clash.hint,
    )


def configured(config: Config, registry: Registry) -> tuple[Mutator, ...]:
    """The mutators that the configuration runs, whatever the command line chooses of them."""
    use = config.settings.mutate.use
    chosen = registry.select(use, where=config.source.place(("mutate", "use"))) if use else registry
    return tuple(each for each in chosen if not each.control)


@dataclass(frozen=True, slots=True)
class _Flaw:
    """What is wrong with a limit, and what to do; `got` and `allowed` where a word may have been mistyped."""

    what: str
    hint: str
    got: str = ""
    allowed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Population:
    """What limits can be about: the configuration, every mutator, and the plan."""

    config: Config
    registry: Registry
    plan: Plan

    def complaints(self, number: int, limit: Limit) -> Iterator[tuple[int, CrumpleError]]:
        """What is wrong with one limit: the line that it is about, and the message."""
        found = {"of": self._subject(limit), limit.metric.value: self._observed(limit)}
        if not found["of"]:
            found["up_to_level"] = self._levels(limit, said=self._said(number, "up_to_level"))
        source = self.config.source
        for name, flaw in found.items():
            if flaw is not None:
                key = _key(number, name) if self._said(number, name) else _key(number)
                yield (
                    source.line(key),
                    CrumpleError(
                        f"limit {number + 1}: {flaw.what}",
                        where=source.place(key),
                        got=flaw.got,
                        allowed=flaw.allowed,
                        hint=flaw.hint,
                    ),
                )

    def _said(self, number: int, key: str) -> bool:
        return self.config.source.value(_key(number, key)) is not None

    def _subject(self, limit: Limit) -> _Flaw | None:
        """What is wrong with what a limit is of."""
        of, known = limit.of, self.registry
        if of == PRODUCTION and self.config.settings.mix is None:
            return _Flaw(
                "production is weighted by the mix, and there is no section [mix]",
                "Write one, by hand or with `crumple profile FOLDER`, or put the limit on a category.",
            )
        if of in _WORDS:
            return None
        if of not in known.categories and of not in known.mutators:
            what = f"{of!r} is neither a category nor a mutator"
            near = nearest(of, [*_WORDS, *known.categories, *known.mutators])
            if near in known.mutators:
                return _Flaw(what, f"Did you mean {near!r}? `crumple list` shows every mutator.")
            return _Flaw(what, "`crumple list` shows every mutator.", of, (*_WORDS, *known.categories))
        if of in known.mutators and known.get(of).control:
            return _Flaw(f"{of} only writes documents anew, and is in no rate", "Name a mutator or a category.")
        if not any(limit.covers(each) for each in configured(self.config, known)):
            line = self.config.source.line(("mutate", "use"))
            return _Flaw(
                f"{of} is never run, for [mutate] use (line {line}) leaves it out",
                f'Add "{of}" there, or remove the limit.',
            )
        return None

    def _levels(self, limit: Limit, *, said: bool) -> _Flaw | None:
        """What is wrong with the levels that a limit is about."""
        if limit.of == CLEAN:
            return _Flaw("clean documents have no level", "Leave up_to_level out.") if said else None
        run = self.config.settings.mutate.levels
        covered = [each for each in configured(self.config, self.registry) if limit.covers(each)]
        if limit.of == PRODUCTION or any(level <= limit.up_to_level for each in covered for level in each.levels(run)):
            return None
        levels = ", ".join(f"{level:g}" for level in run)
        if any(each.ladder for each in covered):
            return _Flaw(
                f"no level up to {limit.up_to_level:g} is run of {limit.of}",
                f"[mutate] levels are {levels}: add one there, or raise up_to_level.",
            )
        own = sorted({each.level for each in covered})
        what = f"{limit.of} has no level but {', '.join(f'{level:g}' for level in own)}"
        if own[0] <= limit.up_to_level:
            return _Flaw(f"{what}, which is not run", f"Add it to [mutate] levels, which are {levels}.")
        return _Flaw(f"{what}, and none is at most {limit.up_to_level:g}", "Raise up_to_level, or leave it out.")

    def _observed(self, limit: Limit) -> _Flaw | None:
        """Why the metric of a limit can never be observed here, or never decided."""
        settings = self.config.settings
        match limit.metric:
            case Metric.COST if settings.system.cost is None and settings.system.prices is None:
                return _Flaw("nothing says what a call costs", "Say it with [system] cost, or prices of a chat model.")
            case Metric.LATENCY if settings.system.batch is not None:
                return _Flaw("a batch does not say how long one document takes", "Remove the limit.")
            case Metric.VALID if settings.judge.json_schema is None:
                return _Flaw(
                    "nothing says which schema answers must keep to",
                    'Name its file: [judge] schema = "answer.schema.json".',
                )
            case Metric.ACCURACY:
                return _untrue(offered(self.plan)) or _certain(limit)
            case _:
                return _certain(limit)


def _untrue(entries: Sequence[Entry]) -> _Flaw | None:
    """Why nothing can be said of accuracy: the right answer is not known, but what the system itself says."""
    without = sum(not each.has_truth for each in entries)
    stand_ins = sum(each.stand_in for each in entries)
    if without:
        have = "no case has one" if without == len(entries) else f"{without} of {len(entries)} cases have none"
        return _Flaw(
            f"accuracy is held against the truth, and {have}",
            "Put the right answer beside each document (`crumple truth` drafts them), or limit failures instead.",
        )
    if stand_ins:
        return _Flaw(
            f"accuracy is held against the truth, and of {stand_ins} of {len(entries)} cases that is what the system "
            "itself has said, and nobody has confirmed",
            'Read each and remove its "$stand_in", or limit failures instead.',
        )
    return None


def _certain(limit: Limit) -> _Flaw | None:
    """A bound that only a count to the last can show, for any number of calls leaves it open."""
    never = limit.bound == (1.0 if limit.metric.at_least else 0.0)
    counted = limit.of == CLEAN and limit.about == THESE and limit.metric is not Metric.ACCURACY
    if not never or counted or limit.metric in (Metric.LATENCY, Metric.COST):
        return None
    share, usual = ("at least 100 %", "99%") if limit.metric.at_least else ("at most 0 %", "1%")
    enough = calls_to_certify(0.01, limit.confidence)
    return _Flaw(
        f"no number of calls shows that {share} holds, for the next one may be the first",
        f'"{usual}" takes {enough} calls of which none fails. Only the clean documents of the corpus can be counted to '
        'the last: of = "clean", failures = "0%", about = "these documents".',
    )
