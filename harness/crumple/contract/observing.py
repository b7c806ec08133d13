"""What one result says about a limit: a number, or nothing."""

from __future__ import annotations

from crumple.contract.limits import Limit, Metric
from crumple.outcome import VALID, Outcome
from crumple.result import Result


def observed(limit: Limit, result: Result) -> float | None:
    """The value of one result for a limit; None where it has none: a skip, a void call, no answer to hold to a schema.

    Shares are counted as what must not be: 1 for a failure, a silent failure, a refusal, an answer that does not keep
    to the schema, a call slower than the limit. Accuracy is the score in [0, 1], cost is money.
    """
    verdict = result.verdict
    if verdict is None or verdict.outcome is Outcome.VOID:
        return None
    match limit.metric:
        case Metric.FAILURES:
            return float(verdict.failure)
        case Metric.SILENT:
            return float(verdict.failure and verdict.silent)
        case Metric.REFUSALS:
            return float(verdict.outcome is Outcome.REFUSED)
        case Metric.ACCURACY:
            return verdict.score
        case Metric.VALID:
            valid = verdict.figures.get(VALID)
            return None if valid is None else 1.0 - valid
        case Metric.LATENCY:
            return float(verdict.outcome is Outcome.HUNG or result.seconds > limit.bound)
        case Metric.COST:
            return result.cost


def allowed(limit: Limit) -> float | None:
    """The largest share of `observed` ones that keeps the limit; None where it is on a mean, not on a share."""
    match limit.metric:
        case Metric.VALID:
            return 1.0 - limit.bound
        case Metric.LATENCY:
            return 0.05
        case Metric.ACCURACY | Metric.COST:
            return None
        case _:
            return limit.bound
