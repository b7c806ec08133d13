"""[contract] in crumple.toml: what the system must keep, limit by limit."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from crumple.config.fields import Duration, Level, Money, Section, Text, listed
from crumple.config.quantities import share

About: TypeAlias = Literal["documents like these", "these documents"]

METRICS: Final = ("failures", "silent", "refusals", "accuracy", "valid", "latency_p95", "cost_mean")
"""What a limit may be on; each limit names one of them."""


def _share(value: object, *, low: str, ceiling: bool) -> float:
    """A share that says its unit: 5 is no share, and 1 might be 1 % or all of them."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _lacks_unit(value):
        raise ValueError(f'needs a unit: {value:g} is no share; write "{value:g}%" or {value / 100:g}')
    if isinstance(value, str) and _is_number(value):
        raise ValueError('needs a unit: "5%", or the number without quotes, 0.05')
    found = share(value)
    if found == (1.0 if ceiling else 0.0):
        raise ValueError(f"can never be broken: {low}")
    return found


def _lacks_unit(number: float) -> bool:
    """Whether per cent are meant: 5, or 1; but 1.0 is all of them."""
    return 1 < number <= 100 or (number == 1 and isinstance(number, int))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _at_most(value: object) -> float:
    return _share(value, low='a share of 100 % holds for every system; write a smaller one, such as "5%"', ceiling=True)


def _at_least(value: object) -> float:
    return _share(value, low='0 % holds for every system; write a larger one, such as "95%"', ceiling=False)


def _confidence(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 < value < 100:
        raise ValueError(f'needs a unit: write "{value:g}%" or {value / 100:g}')
    try:
        found = share(value)
    except ValueError:
        raise ValueError('must be above 50 % and below 100 %, such as "95%" or 0.95') from None
    if found == 1:
        raise ValueError(
            'cannot be 100 %: however many calls go well, the next one may fail, so no number of them gives it; "95%" '
            'and "99%" are usual'
        )
    if found <= 0.5:
        raise ValueError('must be above 50 %, which a coin gives, and below 100 %: "95%" and "99%" are usual')
    return found


def _limits(value: object) -> tuple[object, ...]:
    if isinstance(value, dict):
        raise ValueError("is a list of tables: write [[contract.limit]], in two pairs of brackets")
    return listed(value)


AtMost = Annotated[float, BeforeValidator(_at_most)]
AtLeast = Annotated[float, BeforeValidator(_at_least)]
Confidence = Annotated[float, BeforeValidator(_confidence)]
_MoneyAbove = Annotated[Money, Field(gt=0)]


class Limit(Section):
    """[[contract.limit]]: one line of the contract: of what, exactly one metric, and its bound."""

    of: Text
    """A category, a mutator, "all" (every mutator weighs the same), "clean", or "production" (weighted by [mix])."""
    failures: AtMost | None = None
    """At most this share fails: "5%" or 0.05."""
    silent: AtMost | None = None
    """At most this share fails silently: an answer, no complaint, and wrong."""
    refusals: AtMost | None = None
    """At most this share is refused, whether refusing is acceptable or not."""
    accuracy: AtLeast | None = None
    """The mean score is at least this: "90%"."""
    valid: AtLeast | None = None
    """At least this share of answers keeps to the JSON schema that `[judge] schema` names."""
    latency_p95: Duration | None = None
    """Of 100 calls, 95 take at most this long: "2s"."""
    cost_mean: _MoneyAbove | None = None
    """A call takes at most this much money in the mean."""
    up_to_level: Level | None = None
    """Only what is damaged up to this level counts; by default every level that is run."""
    confidence: Confidence | None = None
    """How sure one wants to be; by default as [contract] says."""
    about: About | None = None
    """What the rate is about; by default as [contract] says."""

    @model_validator(mode="after")
    def _one_measure(self) -> Limit:
        named = [name for name in METRICS if name in self.model_fields_set]
        if len(named) != 1:
            found = f"has {' and '.join(named)}" if named else "has none"
            raise PydanticCustomError(
                "value_error",
                "{found}, and must have exactly one of {metrics}",
                {"found": found, "metrics": ", ".join(METRICS)},
            )
        return self

    @property
    def metric(self) -> str:
        """The key of what is limited."""
        return next(name for name in METRICS if name in self.model_fields_set)

    @property
    def bound(self) -> float:
        """The limit: a share, seconds, or money."""
        return float(getattr(self, self.metric))


class Contract(Section):
    """[contract]: what the system must keep; each limit comes out met, broken or undecided."""

    confidence: Confidence = 0.95
    """How sure one wants to be before a limit is said to be met, or broken: "95%" or 0.95."""
    about: About = "documents like these"
    """What rates are about: "documents like these" (new ones; each group of the corpus counts once) or "these
    documents" (the corpus as given)."""
    limit: Annotated[tuple[Limit, ...], BeforeValidator(_limits)] = ()
    """The limits, each in a table [[contract.limit]] of its own."""

    @model_validator(mode="after")
    def _some_limit(self) -> Contract:
        if not self.limit:
            raise PydanticCustomError(
                "value_error",
                'it names no limit; write one below it: [[contract.limit]] with of = "all" and failures = "5%"',
            )
        return self
