"""[nightly] in crumple.toml: what a night may spend, and how seldom it may wake somebody for nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from crumple.config.fields import Section, Share, Text
from crumple.config.quantities import alarms

TWO_A_YEAR = 2 / 365
FRESH, VOID_ABOVE = 0.2, 0.05


def _fresh(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 < value <= 100:
        raise ValueError(f'needs a unit: write "{value:g}%" or {value / 100:g}')
    return value


class Nightly(Section):
    """[nightly]: what `crumple nightly` does beside what a run does."""

    calls: Annotated[int, Field(ge=1)] | None = None
    """How many calls a night may make, clean ones and findings included; by default what calling the whole baseline
    again and the new recipes take, and where there is none yet, as [run] says."""
    fresh: Annotated[Share, BeforeValidator(_fresh), Field(lt=1)] = FRESH
    """Which share of them goes to recipes that are new each night; the others are the same every night."""
    false_alarms: Annotated[float, BeforeValidator(alarms)] = TWO_A_YEAR
    """How often it may wake somebody for nothing: "2 a year", "1 a month"."""
    void_above: Annotated[Share, BeforeValidator(_fresh)] = VOID_ABOVE
    """With a larger share of void calls the night says nothing of the system, and ends with 4."""
    webhook: Text | None = None
    """Where to say how the night ended: "${SLACK_WEBHOOK}"."""
    webhook_form: Literal["json", "slack"] = "json"
    """What is sent there: figures as JSON, or a message as Slack takes it."""
    webhook_when: Literal["worse", "always"] = "worse"
    """Whether every night is told there, or only one that is worse, broken or void."""
