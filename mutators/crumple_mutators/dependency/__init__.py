"""Dependency: what the system itself calls is slow, gone, or says something else than was agreed. No document shows it.

- `connections`: answers that come late, in drips, cut short, or never.
- `statuses`: answers that say that something is the matter: limits, errors, maintenance, credentials, redirects.
- `contents`: answers that say that all is well, and are not what was agreed.

Which calls a share hits is drawn by their order within one call of the system, and one is hit for certain: a table
reads "of the calls in which this happened, so many failed", not "so many fail on a day on which it happens".
"""

from crumple_mutators.dependency.connections import cut_short, down, never_answers, reset, slow, slow_drip
from crumple_mutators.dependency.contents import (
    error_in_200,
    extra_fields,
    nonsense,
    null_fields,
    renamed_fields,
    retyped_fields,
)
from crumple_mutators.dependency.statuses import (
    expired_credentials,
    maintenance,
    rate_limited,
    redirect,
    server_error,
)

__all__ = [
    "cut_short",
    "down",
    "error_in_200",
    "expired_credentials",
    "extra_fields",
    "maintenance",
    "never_answers",
    "nonsense",
    "null_fields",
    "rate_limited",
    "redirect",
    "renamed_fields",
    "reset",
    "retyped_fields",
    "server_error",
    "slow",
    "slow_drip",
]
